import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Unit } from '../registry/server.ts'
import { type AccountCode, accountCodeOf, type Base } from './accounts.ts'

const UNIT_COLUMN = {
  R: sql.raw('r_unit_id'),
  P: sql.raw('p_unit_id'),
  S: sql.raw('s_school_id'),
} as const

export interface Flow {
  /** Null: came from outside the unit's books, or went out of them. */
  readonly from: AccountCode | null
  readonly to: AccountCode | null
  readonly count: number
}

/**
 * [BOOK-18] Children that stood in another account on `until` than on `from`, as known at a posting. Runs as the system,
 * because who left the unit is no longer seen by it; it answers counts alone, of a unit that the asker may see.
 */
export async function sumFlows(
  tx: Tx,
  unit: Unit,
  base: Base,
  days: { readonly from: PlainDate; readonly until: PlainDate; readonly knownAt: number },
): Promise<readonly Flow[]> {
  const known = sql`posted_by <= ${days.knownAt} and (superseded_by is null or superseded_by > ${days.knownAt})`
  const unitId = UNIT_COLUMN[base]
  const standing = (day: PlainDate) => sql`select s.account_id from whereabouts_span s
    where s.child_id = c.child_id and s.valid @> ${day}::date and ${known}
      and exists (select from reach r where r.unit_id = s.${unitId})`
  const { rows } = await sql<{ from_account: number | null; to_account: number | null; n: number }>`
    with reach as materialized (select unit_id from unit where path @> array[${unit.unitId}::int]), changed as materialized (
      select child_id from whereabouts_span where lower(valid) > ${days.from} and lower(valid) <= ${days.until} and ${known}
      union
      select child_id from whereabouts_span where not upper_inf(valid) and upper(valid) > ${days.from} and upper(valid) <= ${days.until} and ${known}
    ), moved as (
      select (${standing(days.from)}) as from_account, (${standing(days.until)}) as to_account from changed c
    )
    select from_account, to_account, count(*)::int as n from moved
    where from_account is distinct from to_account group by 1, 2 order by n desc`.execute(tx)
  return rows.map((row) => ({
    from: row.from_account === null ? null : accountCodeOf(row.from_account),
    to: row.to_account === null ? null : accountCodeOf(row.to_account),
    count: row.n,
  }))
}
