import { valueOn } from '../../engines/policy/index.ts'
import { maskCitizenId } from '../../kernel/mask.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { findOpenEntry } from '../cases/server.ts'
import { readContact } from '../persons/server.ts'
import { accountCodeOf } from '../whereabouts/index.ts'
import type { Direction, OutsideDetail, OutsideLine, OutsideList } from './contract.ts'
import { listDistricts, type NamedUnit } from './ledger-store.server.ts'
import { readPersons } from './lines.server.ts'
import * as lists from './list-store.server.ts'
import { expiringDays } from './policy.ts'
import { PROVINCES } from './provinces.ts'
import { findHome, findLine, type LineFound, listEvents } from './store.ts'

type Reading = Pick<Services, 'keys' | 'clock'>

export async function lineList(tx: Tx, services: Reading, actor: Actor, query: lists.LineQuery): Promise<OutsideList> {
  const today = services.clock.today()
  const at = { today, expiringDays: valueOn(expiringDays, today) }
  const { total, rows } = await lists.listLinesOf(tx, actor, query, at)
  const nameOf = await placeNames(tx, today)
  const places = await lists.listPlacesOf(tx, actor, query.direction)
  return {
    total,
    page: query.page,
    size: query.size,
    rows: await linesOf(tx, services, rows, { direction: query.direction, nameOf }),
    today,
    counts: await lists.countLines(tx, actor, query.direction, at),
    places: places.map(({ place, count }) => ({ place, name: nameOf(place), count })),
    expiringDays: at.expiringDays,
  }
}

/** [OUT-9] Who the child is, its number masked; what the own unit may open of it is told by `childId`. */
export async function linesOf(
  tx: Tx,
  { keys }: Reading,
  rows: readonly LineFound[],
  { direction, nameOf }: { readonly direction: Direction; readonly nameOf: (place: string) => string },
): Promise<OutsideLine[]> {
  const persons = await readPersons(
    tx,
    keys,
    rows.map(({ lineId }) => lineId),
  )
  const units = await lists.listUnitNames(
    tx,
    rows.flatMap(({ homeUnitId, hostUnitId, schoolId }) =>
      [homeUnitId, hostUnitId, schoolId].filter((id) => id !== null),
    ),
  )
  const seen = await lists.listSeenChildren(
    tx,
    rows.map(({ childId }) => childId),
  )
  const named = (unit: number | null, place: string) =>
    unit === null ? nameOf(place) : (units.get(unit) ?? nameOf(place))
  return rows.map((row) => {
    const person = persons.get(row.lineId)
    return {
      lineId: row.lineId,
      childId: seen.has(row.childId) ? row.childId : null,
      direction,
      name: person?.name ?? '',
      birth: person?.birth ?? null,
      citizenId: person?.citizenId == null ? null : maskCitizenId(person.citizenId),
      home: named(row.homeUnitId, row.homePlace),
      host: named(row.hostUnitId, row.hostPlace),
      school: row.schoolId === null ? (person?.school ?? '') : (units.get(row.schoolId) ?? person?.school ?? ''),
      grade: row.grade,
      state: row.state,
      answer: row.answer,
      proof: row.proof,
      checkedDay: row.checkedDay,
      validUntil: row.validUntil,
      dueDay: row.dueDay,
    }
  })
}

/** Districts of the city by their codes, provinces by their first two digits. */
export async function placeNames(tx: Tx, on: PlainDate): Promise<(place: string) => string> {
  const units = await listDistricts(tx, on)
  const names = new Map(units.map(({ code, name }) => [code, name]))
  return (place) => names.get(place) ?? PROVINCES[place.slice(0, 2)] ?? place
}

/** Which sides the actor's unit stands on. A child of elsewhere has no side here but the school's. */
export function sidesOf(actor: Pick<Actor, 'unitId' | 'unitPath'>, line: LineFound) {
  const isWithin = (unit: number | null) => unit !== null && actor.unitPath.includes(unit)
  const isSchool = line.schoolId !== null && actor.unitId === line.schoolId
  const isHost = isWithin(line.hostUnitId) || isSchool
  return {
    isHost,
    isHome: line.homeUnitId === null ? isHost : isWithin(line.homeUnitId),
    hostIsOurs: line.hostUnitId !== null,
  }
}

export async function lineDetail(tx: Tx, services: Reading, actor: Actor, lineId: number): Promise<OutsideDetail> {
  const line = await findLine(tx, lineId)
  if (line === undefined) throw new Problem('REQUEST.NOT_FOUND')
  const today = services.clock.today()
  const nameOf = await placeNames(tx, today)
  const sides = sidesOf(actor, line)
  const direction =
    sides.isHost && line.homeUnitId !== null && !sides.isHome ? 'in' : line.homeUnitId === null ? 'in' : 'out'
  const [shown] = await linesOf(tx, services, [line], { direction, nameOf })
  const entry = shown!.childId === null ? undefined : await findOpenEntry(tx, line.childId)
  return {
    ...shown!,
    ...sides,
    account: entry === undefined ? null : accountCodeOf(entry.accountId),
    sinceDay: line.sinceDay,
    askedDay: line.askedDay,
    ending: line.ending,
    endedDay: line.endedDay,
    family: await familyOf(tx, services, line),
    mayWrite: sides.isHome && actor.permissions.has('outside.write'),
    mayConfirm: sides.isHost && actor.permissions.has('outside.confirm'),
    events: [...(await listEvents(tx, lineId))],
    today,
  }
}

/** [OUT-9] Nothing of the family for a side that has no duty for it. */
async function familyOf(tx: Tx, { keys }: Reading, line: LineFound): Promise<OutsideDetail['family']> {
  const home = await findHome(tx, line.lineId)
  if (home === undefined) return null
  const contact = (await readContact(tx, keys, [line.childId])).get(line.childId)
  return { reason: home.reason, aid: home.aid, phones: [...(contact?.phones ?? [])] }
}

export function unitOfPlace(units: readonly NamedUnit[], place: string): NamedUnit | undefined {
  return units.find(({ code, kind }) => code === place && kind !== 'city')
}
