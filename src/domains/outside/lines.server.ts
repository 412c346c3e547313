import { sql } from 'kysely'
import type { AccountId, ChildId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Services } from '../../platform/services.ts'
import { listPlaced } from './home-store.server.ts'
import type { Aid, LineState, Proof, Reason } from './rules.ts'
import { type OutsidePerson, openPerson, sealHome, sealPerson } from './seal.server.ts'
import { insertEvent, insertHome, insertLineRow, insertPerson } from './store.ts'
import { outsideWords } from './words.ts'

export interface LineDraft {
  readonly childId: ChildId
  /** The unit of registration or residence; null: the child is of elsewhere. */
  readonly homeUnitId: number | null
  /** Six digits, needed without a unit of ours. */
  readonly homePlace: string | null
  /** The district or zone outside; null: out of the city. */
  readonly hostUnitId: number | null
  readonly hostPlace: string
  readonly schoolId: number | null
  readonly grade: number | null
  readonly state: LineState
  readonly proof: Proof | null
  readonly sinceDay: PlainDate | null
  readonly checkedDay: PlainDate | null
  readonly validUntil: PlainDate | null
  readonly dueDay: PlainDate | null
  readonly postingId: number | null
  readonly sheetId: string | null
  readonly createdBy: AccountId
  readonly person: OutsidePerson
  readonly home: { readonly reason: Reason | null; readonly aid: Aid | null; readonly contact: string | null }
  /** The business day. */
  readonly day: PlainDate
  readonly actorUnitId: number
}

/** [OUT-1] [OUT-9] A line with its sealed parts: who the child is for both sides, the rest for the side of its home. As the system. */
export async function insertLine(
  tx: Tx,
  { keys, clock }: Pick<Services, 'keys' | 'clock'>,
  draft: LineDraft,
): Promise<number> {
  const named = [draft.homeUnitId, draft.hostUnitId, draft.schoolId].filter((id) => id !== null)
  const placed = await listPlaced(tx, named)
  const home = draft.homeUnitId === null ? undefined : placed.get(draft.homeUnitId)
  const homePath = home?.path ?? []
  const units = sorted(named.flatMap((id) => [...(placed.get(id)?.path ?? [])]))
  const { person, home: known, day, actorUnitId, homePlace, ...line } = draft
  const homeDistrict = home === undefined ? null : (home.districtId ?? home.unitId)
  if (homeDistrict !== null && homeDistrict === draft.hostUnitId) {
    throw new Problem('REQUEST.MALFORMED', {
      where: outsideWords.where.hostPlace,
      advice: outsideWords.advice.ownPlace,
    })
  }
  const lineId = await insertLineRow(tx, {
    ...line,
    homeUnitId: homeDistrict,
    homePlace: homePlace ?? placeOf(home?.districtCode),
    askedDay: line.state === 'asked' ? day : null,
    createdAt: clock.now(),
    units,
  })
  await insertPerson(tx, lineId, sealPerson(keys, person), units)
  const homeUnits = draft.homeUnitId === null ? units : sorted([...homePath])
  await insertHome(tx, lineId, { ...known, sealed: sealHome(keys, known.contact), units: homeUnits })
  const event = { lineId, day, unitId: actorUnitId, accountId: draft.createdBy, at: clock.now(), answer: null }
  await insertEvent(tx, { ...event, kind: 'made' })
  if (line.state === 'asked' || line.state === 'confirmed') await insertEvent(tx, { ...event, kind: line.state })
  return lineId
}

/** A zone has no code of a division: its places are the city's. */
export function placeOf(code: string | null | undefined): string {
  return code !== null && code !== undefined && /^\d{6}$/.test(code) ? code : '500000'
}

function sorted(units: readonly number[]): number[] {
  return [...new Set(units)].toSorted((a, b) => a - b)
}

/** Whom lines speak of, as far as the scope sees them. */
export async function readPersons(
  tx: Tx,
  keys: Pick<Services['keys'], 'open'>,
  lines: readonly number[],
): Promise<ReadonlyMap<number, OutsidePerson>> {
  if (lines.length === 0) return new Map()
  const { rows } = await sql<{ line_id: number; sealed: Buffer }>`
    select line_id, sealed from person_outside where line_id = any (${[...lines]}::bigint[])`.execute(tx)
  return new Map(rows.map((row) => [row.line_id, openPerson(keys, row.sealed)]))
}
