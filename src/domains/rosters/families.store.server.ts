import { sql } from 'kysely'
import { type ChildId, childId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'

export interface HouseholdQuery {
  readonly unitId: number
  readonly ofAge: { readonly from: PlainDate; readonly until: PlainDate }
  readonly only: 'open' | 'all'
  readonly page: number
  readonly size: number
}

/**
 * [ROST-17] Households in sight with a child of the unit: by the number that the register tells, else a roll or a list; else each child
 * its own. Each is known by its first child. Who is not accounted for is found by the index of open files.
 */
export async function listHouseholds(
  tx: Tx,
  { unitId, ofAge, only, page, size }: HouseholdQuery,
): Promise<{ readonly total: number; readonly children: number; readonly rows: readonly ChildId[] }> {
  const asked =
    only === 'open'
      ? sql`join whereabouts_span s on s.child_id = c.child_id and s.needs_file where true`
      : sql`where c.birth_day between ${ofAge.from} and ${ofAge.until}`
  const { rows } = await sql<{ first: number; total: number; children: number }>`
    with asked as materialized (
      select c.child_id from child c ${asked} and c.units @> array[${unitId}::int] and c.merged_into is null
    ), placed as (
      select a.child_id, coalesce(household_of(a.child_id)::text, 'child ' || a.child_id) as household from asked a
    ), homes as (
      select household, min(child_id) as first, count(*) as children from placed group by household
    )
    select first, count(*) over ()::int as total, sum(children) over ()::int as children from homes
    order by first limit ${size} offset ${(page - 1) * size}`.execute(tx)
  return {
    total: rows[0]?.total ?? 0,
    children: rows[0]?.children ?? 0,
    rows: rows.map(({ first }) => childId(first)),
  }
}

export async function listDistricts(tx: Tx, cityId: number): Promise<readonly number[]> {
  const { rows } = await sql<{ unit_id: number }>`select unit_id from unit
    where path @> array[${cityId}::int] and kind in ('district', 'zone') order by unit_id`.execute(tx)
  return rows.map(({ unit_id }) => unit_id)
}

export interface RollFound {
  readonly childId: number
  readonly school: string | null
  readonly grade: number | null
  readonly status: string | null
}

/** The newest roll entry in sight of each child. */
export async function listRolls(tx: Tx, children: readonly number[]): Promise<ReadonlyMap<number, RollFound>> {
  const { rows } = await sql<RollFound>`
    select distinct on (e.child_id) e.child_id as "childId", u.name as "school", e.grade, coalesce(e.status, e.status_group) as "status"
    from roll_entry e join source_record r on r.record_id = e.record_id left join unit u on u.unit_id = e.school_id
    where e.child_id = any (${`{${children.join(',')}}`}::bigint[]) and (batch_counts(r.batch_id) or exists (
      select from source_record o where o.same_as = r.record_id and batch_counts(o.batch_id)))
    order by e.child_id, e.record_id desc`.execute(tx)
  return new Map(rows.map((row) => [row.childId, row]))
}
