import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { caseRoutes } from '../domains/cases/contract.ts'
import { mountCases } from '../domains/cases/mount.server.ts'
import { casesParameters } from '../domains/cases/policy.ts'
import { childrenRoutes } from '../domains/children/index.ts'
import { mountChildren } from '../domains/children/mount.server.ts'
import { importRoutes } from '../domains/imports/contract.ts'
import { mountImports } from '../domains/imports/mount.server.ts'
import { importParameters } from '../domains/imports/policy.ts'
import { personsRoutes } from '../domains/persons/contract.ts'
import { mountPersons } from '../domains/persons/mount.server.ts'
import { personsParameters } from '../domains/persons/policy.ts'
import { reconcileRoutes } from '../domains/reconcile/contract.ts'
import type { DemoSheets } from '../domains/reconcile/demo-sheets.server.ts'
import { mountReconcile } from '../domains/reconcile/mount.server.ts'
import { reconcileParameters } from '../domains/reconcile/policy.ts'
import { registryRoutes } from '../domains/registry/contract.ts'
import { mountRegistry } from '../domains/registry/mount.server.ts'
import { registryParameters } from '../domains/registry/policy.ts'
import { listUnitsById } from '../domains/registry/server.ts'
import { rosterRoutes } from '../domains/rosters/contract.ts'
import { mountRosters } from '../domains/rosters/mount.server.ts'
import { rostersParameters } from '../domains/rosters/policy.ts'
import { bookRoutes, whereaboutsParameters } from '../domains/whereabouts/index.ts'
import { mountWhereabouts } from '../domains/whereabouts/mount.server.ts'
import type { MapOutlines } from '../domains/whereabouts/routes.ts'
import { standingOf } from '../domains/whereabouts/server.ts'
import { policyRoutes } from '../engines/policy/contract.ts'
import { type PolicyPack, readPolicyPacks } from '../engines/policy/index.ts'
import { mountPolicy } from '../engines/policy/server/routes.ts'
import type { Http } from '../platform/http/index.ts'
import type { Services } from '../platform/services.ts'

export const parameters = [
  ...registryParameters,
  ...personsParameters,
  ...whereaboutsParameters,
  ...importParameters,
  ...reconcileParameters,
  ...casesParameters,
  ...rostersParameters,
]

/** Every route by its id, for the audit list. */
const actionLabels = new Map(
  [
    ...registryRoutes,
    ...policyRoutes,
    ...personsRoutes,
    ...bookRoutes,
    ...importRoutes,
    ...reconcileRoutes,
    ...caseRoutes,
    ...childrenRoutes,
    ...rosterRoutes,
  ].map(({ id, summary }) => [id, summary]),
)

export interface SliceOptions {
  readonly packs: readonly PolicyPack[]
  readonly isDemo: () => Promise<boolean>
  readonly demoSheets: DemoSheets
  readonly outlines: MapOutlines
}

export function mountSlices(http: Http, services: Services, options: SliceOptions): void {
  mountRegistry(http, services, { isDemo: options.isDemo, actionLabels })
  mountPolicy(http, services, {
    parameters,
    packs: options.packs,
    unitCodesOf: (actor) =>
      services.db.inScope(actor.scope, async (tx) => {
        const units = await listUnitsById(tx, actor.unitPath)
        return actor.unitPath.flatMap((id) => units.find((unit) => unit.unitId === id)?.code ?? [])
      }),
  })
  mountPersons(http, services, {
    isCallable: async (tx, child) =>
      !(await standingOf(tx, [child])).some(({ account }) => account === 'died' || account === 'missing'),
  })
  mountWhereabouts(http, services, options.outlines)
  mountImports(http, services)
  mountReconcile(http, services, options.demoSheets)
  mountCases(http, services)
  mountChildren(http, services)
  mountRosters(http, services)
}

/** Own values of the city and its districts; none when the pack has no such file. */
export async function readOverlays(packFolder: string): Promise<readonly PolicyPack[]> {
  const text = await readFile(join(packFolder, 'policy.json'), 'utf8').catch(() => undefined)
  return text === undefined ? [] : readPolicyPacks(JSON.parse(text), parameters, 'policy.json')
}

/** Schematic outlines of the city's districts; an empty map when the pack has none. */
export function outlinesOf(packFolder: string): MapOutlines {
  return async () => {
    const text = await readFile(join(packFolder, 'map', 'districts.json'), 'utf8').catch(() => undefined)
    return text === undefined ? {} : JSON.parse(text)
  }
}
