import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { shownChildren } from '../persons/server.ts'
import { findUnit } from '../registry/server.ts'
import { FLOW_GROUPS, type FlowGroup, type FlowWay } from './contract.ts'
import { listFlow, sumFlows } from './flow-store.server.ts'
import { placeNames } from './line-view.server.ts'
import { readPersons } from './lines.server.ts'
import { listUnitNames } from './list-store.server.ts'
import { outsideWords } from './words.ts'

/** The districts that a city calls its core (主城区): its own data, with the source. */
export interface CoreDistricts {
  readonly names: readonly string[]
  readonly source: string
  readonly confidence: string
}

/** [OUT-11] By school year and direction; a line of zeros stands where nobody moved. */
export async function readFlows({ db, clock }: Services, actor: Actor, core: CoreDistricts) {
  return db.inScope(actor.scope, async (tx) => {
    const sums = await sumFlows(tx, actor, core.names)
    const years = [...new Set(sums.map(({ schoolYear }) => schoolYear))]
    const of = (schoolYear: number, group: FlowGroup, way: FlowWay) =>
      sums.find((sum) => sum.schoolYear === schoolYear && sum.group === group && sum.way === way)?.count ?? 0
    return {
      day: clock.today(),
      unit: (await findUnit(tx, actor.unitId))?.name ?? '',
      rows: years.flatMap((schoolYear) =>
        FLOW_GROUPS.map((group) => ({
          schoolYear,
          group,
          left: of(schoolYear, group, 'left'),
          returned: of(schoolYear, group, 'returned'),
          came: of(schoolYear, group, 'came'),
        })),
      ),
      core: { names: [...core.names], source: core.source, isToVerify: core.confidence === 'to-verify' },
    }
  })
}

/** The children behind a figure. */
export async function listFlowChildren(
  { db, keys, clock }: Services,
  actor: Actor,
  core: CoreDistricts,
  of: { readonly schoolYear: number; readonly group: FlowGroup; readonly way: FlowWay },
) {
  return db.inScope(actor.scope, async (tx) => {
    const found = await listFlow(tx, actor, core.names, of)
    const persons = await readPersons(
      tx,
      keys,
      found.flatMap(({ lineId }) => lineId ?? []),
    )
    const shown = await shownChildren(
      tx,
      keys,
      found.map(({ childId }) => childId),
    )
    const units = await listUnitNames(
      tx,
      found.flatMap(({ unitId }) => unitId ?? []),
    )
    const nameOf = await placeNames(tx, clock.today())
    const shownOf = new Map([...shown].map(([id, child]) => [id as number, child]))
    return {
      rows: found.map(({ childId, lineId, place, unitId, day }) => {
        const person = lineId === null ? undefined : persons.get(lineId)
        const child = shownOf.get(childId)
        return {
          childId: child === undefined ? null : childId,
          lineId,
          name: person?.name ?? child?.name ?? '',
          birth: person?.birth ?? child?.birth ?? null,
          place:
            unitId === null
              ? place === null
                ? outsideWords.groups.province
                : nameOf(place)
              : (units.get(unitId) ?? ''),
          day,
        }
      }),
    }
  })
}
