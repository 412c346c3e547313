import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Unit } from '../registry/server.ts'
import { ACCOUNTED_GROUPS, type AccountCode, accountCodeOf, type Base, BOOK_ACCOUNTS } from './accounts.ts'
import type { Age } from './contract.ts'
import { ageBoundsOn } from './policy.ts'

/** What figures stand on. */
export interface Standing {
  readonly asOf: PlainDate
  readonly before: PlainDate | null
  readonly knownAt: number
  readonly isPast: boolean
}

/** Sums of one account of one lower unit. */
export interface Sum {
  readonly lowerId: number
  readonly account: AccountCode
  readonly age: Age
  readonly count: number
  readonly change: number
}

/** Units whose own sums at the district level make up their whole branch. */
export function hasDistrictSums(unit: Pick<Unit, 'kind'>): boolean {
  return unit.kind === 'city' || unit.kind === 'district' || unit.kind === 'zone'
}

/** Whether a base accounts for the group: nobody of group 5 is registered here, but all live or are on a roll here. */
export function isCounted(base: Base, account: AccountCode): boolean {
  return base !== 'R' || ACCOUNTED_GROUPS.some((group) => group === BOOK_ACCOUNTS[account].group)
}

/** Rows of `reach (unit_id, lower_id)`: the units of the branch on a level, and under which lower unit they are shown. */
function reachOf(unit: Unit, level: 'district' | 'leaf') {
  const depth = unit.path.length
  return sql`select unit_id, case when cardinality(path) > ${depth} then path[${depth + 1}] else unit_id end as lower_id
    from unit where path @> array[${unit.unitId}::int] ${level === 'leaf' ? sql`` : sql`and kind in ('city', 'district', 'zone')`}`
}

/**
 * [BOOK-8] [BOOK-11] The balance from the movements: by lower unit, account and age of the evidence. `byLower` false asks
 * for the sums of the unit alone, which a district has ready.
 */
export async function sumBalance(
  tx: Tx,
  unit: Unit,
  base: Base,
  standing: Standing,
  byLower: boolean,
): Promise<readonly Sum[]> {
  const level = unit.kind === 'city' || (hasDistrictSums(unit) && !byLower) ? 'district' : 'leaf'
  const { recent, term } = ageBoundsOn(standing.asOf)
  const { rows } = await sql<{ lower_id: number; account_id: number; age: Age; n: number; change: number }>`
    with reach as materialized (${reachOf(unit, level)}), moved as materialized (
      select r.lower_id, m.account_id, m.evidence_id, sum(m.n) as n,
        coalesce(sum(m.n) filter (where m.day > ${standing.before}::date), 0) as change
      from reach r join balance_movement m on m.level = ${level} and m.unit_id = r.unit_id and m.base = ${base}
      where m.day <= ${standing.asOf} and m.posting_id <= ${standing.knownAt}
      group by r.lower_id, m.account_id, m.evidence_id
    ), confirmed as materialized (${confirmedAmong(sql`select evidence_id from moved`, standing)})
    select m.lower_id, m.account_id, case
        when c.day is null or c.expires <= ${standing.asOf} then 'none'
        when c.day >= ${recent} then 'recent' when c.day >= ${term} then 'term' else 'older' end as age,
      sum(m.n)::int as n, sum(m.change)::int as change
    from moved m left join confirmed c using (evidence_id)
    where m.n <> 0 or m.change <> 0
    group by 1, 2, 3`.execute(tx)
  return rows.map((row) => ({
    lowerId: row.lower_id,
    account: accountCodeOf(row.account_id),
    age: row.age,
    count: row.n,
    change: row.change,
  }))
}

/** [BOOK-11] When each evidence was last confirmed, and the last day any confirmation of it reaches, as known then. */
export function confirmedAmong(evidence: ReturnType<typeof sql>, { asOf, knownAt }: Standing) {
  return sql`select evidence_id, max(confirmed_day) as day, max(expires_day) as expires from evidence_confirmation
    where confirmed_day <= ${asOf} and posting_id <= ${knownAt} and (withdrawn_by is null or withdrawn_by > ${knownAt})
      and evidence_id in (${evidence}) group by evidence_id`
}

export interface Total {
  readonly total: number
  readonly unexplained: number
}

/** Persons of a base, and how many of them are unexplained. */
export async function sumTotal(tx: Tx, unit: Unit, base: Base, standing: Standing): Promise<Total> {
  const level = hasDistrictSums(unit) ? 'district' : 'leaf'
  const { rows } = await sql<{ account_id: number; n: number }>`
    select m.account_id, sum(m.n)::int as n from balance_movement m
    where m.level = ${level} and m.base = ${base} and m.unit_id = any (array(select r.unit_id from (${reachOf(unit, level)}) r))
      and m.day <= ${standing.asOf} and m.posting_id <= ${standing.knownAt}
    group by m.account_id`.execute(tx)
  const counted = rows
    .map((row) => ({ account: accountCodeOf(row.account_id), n: row.n }))
    .filter(({ account }) => isCounted(base, account))
  const sum = (some: typeof counted) => some.reduce((all, { n }) => all + n, 0)
  return {
    total: sum(counted),
    unexplained: sum(counted.filter(({ account }) => BOOK_ACCOUNTS[account].isUnexplained)),
  }
}

/** Registered at the unit itself and in no district of it. */
export async function sumOwnRegistered(tx: Tx, unitId: number, standing: Standing): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(m.n), 0)::int as n from balance_movement m join book_account a using (account_id)
    where m.level = 'district' and m.base = 'R' and m.unit_id = ${unitId} and a.book_group < 5
      and m.day <= ${standing.asOf} and m.posting_id <= ${standing.knownAt}`.execute(tx)
  return rows[0]?.n ?? 0
}

/** R and S of the branch against the other district: where at school, where registered. */
export async function sumPlaces(
  tx: Tx,
  unit: Unit,
  standing: Standing,
): Promise<
  readonly { base: 'R' | 'S'; districtId: number; otherId: number | null; account: AccountCode; count: number }[]
> {
  const level = hasDistrictSums(unit) ? 'district' : 'leaf'
  const { rows } = await sql<{
    base: 'R' | 'S'
    district_id: number
    other_id: number | null
    account_id: number
    n: number
  }>`
    with reach as materialized (${reachOf(unit, level)}), place as materialized (
      select r.unit_id, case when d.kind in ('district', 'zone') then d.unit_id else u.path[1] end as district_id
      from reach r join unit u using (unit_id) left join unit d on d.unit_id = u.path[2])
    select m.base, p.district_id, m.other_id, m.account_id, sum(m.n)::int as n
    from place p join balance_movement m on m.level = ${level} and m.unit_id = p.unit_id and m.base in ('R', 'S')
    where m.day <= ${standing.asOf} and m.posting_id <= ${standing.knownAt}
    group by m.base, p.district_id, m.other_id, m.account_id having sum(m.n) <> 0`.execute(tx)
  return rows.map((row) => ({
    base: row.base,
    districtId: row.district_id,
    otherId: row.other_id,
    account: accountCodeOf(row.account_id),
    count: row.n,
  }))
}

/** Per district or zone: persons, unexplained, and those whose evidence was confirmed since `fresh`. */
export async function sumMap(
  tx: Tx,
  base: Base,
  standing: Standing,
): Promise<readonly { unitId: number; persons: number; unexplained: number; fresh: number }[]> {
  const { fresh } = ageBoundsOn(standing.asOf)
  const { rows } = await sql<{ unit_id: number; persons: number; unexplained: number; fresh: number }>`
    with moved as materialized (
      select m.unit_id, m.account_id, m.evidence_id, sum(m.n) as n
      from unit u join balance_movement m on m.level = 'district' and m.unit_id = u.unit_id and m.base = ${base}
      where u.kind in ('city', 'district', 'zone') and m.day <= ${standing.asOf} and m.posting_id <= ${standing.knownAt}
        and (${base} <> 'R' or m.account_id < 500)
      group by m.unit_id, m.account_id, m.evidence_id
    ), confirmed as materialized (${confirmedAmong(sql`select evidence_id from moved`, standing)})
    select m.unit_id, sum(m.n)::int as persons, coalesce(sum(m.n) filter (where m.account_id between 400 and 499), 0)::int as unexplained,
      coalesce(sum(m.n) filter (where c.day >= ${fresh} and c.expires > ${standing.asOf}), 0)::int as fresh
    from moved m left join confirmed c using (evidence_id) group by m.unit_id having sum(m.n) <> 0`.execute(tx)
  return rows.map((row) => ({
    unitId: row.unit_id,
    persons: row.persons,
    unexplained: row.unexplained,
    fresh: row.fresh,
  }))
}
