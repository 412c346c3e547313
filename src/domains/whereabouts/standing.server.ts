import type { ChildId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/actor.ts'
import { findUnit, type Unit } from '../registry/server.ts'
import {
  ACCOUNT_CODES,
  type AccountCode,
  accountCodeOf,
  accountsOfGroup,
  type Base,
  type BookGroup,
} from './accounts.ts'
import { isCounted, type Standing } from './balance-store.server.ts'
import { type ChildRow, listChildren, listLatest } from './children-store.server.ts'
import type { Age, BookChild, UnitName } from './contract.ts'
import { namesOf, unitName } from './figures.server.ts'
import { findClosedDays } from './standing-store.server.ts'

/** What a figure is asked of; what is left out is the own unit, the last closed day, the latest posting. */
export interface Asked {
  readonly unitId?: number | undefined
  readonly asOf?: PlainDate | undefined
  readonly knownAt?: number | undefined
}

export interface ChildQuery extends Asked {
  readonly base: Base
  readonly account?: AccountCode | undefined
  readonly group?: number | undefined
  readonly age?: Age | undefined
  readonly page: number
  readonly size: number
}

export interface ChildPage {
  readonly unit: UnitName
  readonly asOf: PlainDate
  readonly knownAt: number
  readonly total: number
  readonly page: number
  readonly size: number
  readonly rows: BookChild[]
}

/** The children behind a figure, in the scope of who asks. */
export async function listStanding(tx: Tx, actor: Actor, query: ChildQuery): Promise<ChildPage> {
  const unit = await getUnitWithin(tx, actor, query.unitId)
  const standing = await getStanding(tx, query)
  const { base, age, page, size } = query
  const search = { base, accounts: accountsOf(query), age, standing, page, size }
  const { total, rows } = await listChildren(tx, unit, search)
  const { asOf, knownAt } = standing
  return { unit: unitName(unit), asOf, knownAt, total, page, size, rows: await shownOf(tx, rows) }
}

/** Where children stand as known now, of those in scope and in the books. */
export async function standingOf(tx: Tx, childIds: readonly ChildId[]): Promise<readonly BookChild[]> {
  return shownOf(tx, await listLatest(tx, childIds))
}

/** [BOOK-21] The unit asked for, or one's own; at or below the own unit, or it is not found. */
export async function getUnitWithin(tx: Tx, actor: Actor, id: number | undefined): Promise<Unit> {
  const unit = await findUnit(tx, id ?? actor.unitId)
  if (unit === undefined || !unit.path.includes(actor.unitId)) throw new Problem('REQUEST.NOT_FOUND')
  return unit
}

/** [BOOK-10] Balances exist for closed days. */
export async function getStanding(tx: Tx, { asOf, knownAt }: Omit<Asked, 'unitId'>): Promise<Standing> {
  const days = await findClosedDays(tx, asOf)
  if (days === undefined) throw new Problem('BOOK.NOT_OPEN')
  if (days.asked === null) throw new Problem('BOOK.DAY_NOT_CLOSED', { day: asOf ?? days.last, last: days.last })
  const at = knownAt === undefined || knownAt > days.latest ? days.latest : knownAt
  return { asOf: days.asked, before: days.before, knownAt: at, isPast: at < days.latest }
}

function accountsOf({ base, account, group }: ChildQuery): readonly AccountCode[] {
  if (account !== undefined) return [account]
  if (group !== undefined) return accountsOfGroup(group as BookGroup)
  return ACCOUNT_CODES.filter((code) => isCounted(base, code))
}

async function shownOf(tx: Tx, rows: readonly ChildRow[]): Promise<BookChild[]> {
  const names = await namesOf(
    tx,
    rows.flatMap((row) => [row.r_unit_id, row.p_unit_id, row.s_school_id]),
  )
  const nameOf = (id: number | null) => (id === null ? null : (names.get(id) ?? null))
  return rows.map((row) => ({
    childId: row.child_id,
    account: accountCodeOf(row.account_id),
    since: row.since,
    registered: nameOf(row.r_unit_id),
    living: nameOf(row.p_unit_id),
    school: nameOf(row.s_school_id),
    evidence: row.evidence,
    confirmed: row.confirmed,
    expires: row.expires,
    pauseUntil: row.pause_until,
    caseId: row.case_id,
  }))
}
