import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'

export interface TermQuery {
  readonly unitId: number
  /** Birthdays of those who are to start. */
  readonly cohort: { readonly from: PlainDate; readonly until: PlainDate }
}

export interface TermFilter {
  readonly base?: 'registered' | 'migrant' | undefined
  readonly state?: 'none' | 'kindergarten' | 'enrolled' | undefined
}

/**
 * [ROST-18] Children of the cohort whose registration or residence lies in the unit: registered here, or only living here
 * (随迁、流动). On a roll already, in a kindergarten's, or on none. Asked as the system for a unit in scope: who has the unit
 * among its units is who the unit sees, and the same asked of every row by the policies costs the square.
 */
const cohort = ({ unitId, cohort: { from, until } }: TermQuery) => sql`
  with branch as materialized (select unit_id from unit where path @> array[${unitId}::int]
  ), born as materialized (
    select c.child_id, c.birth_day from child c
    where c.units @> array[${unitId}::int] and c.merged_into is null and c.birth_day between ${from} and ${until}
  ), placed as (
    select m.child_id, m.birth_day, r.unit_id as registered_id, l.unit_id as living_id, e.school_id, e.grade,
      r.unit_id in (select unit_id from branch) as is_registered, l.unit_id in (select unit_id from branch) as is_living,
      case when e.child_id is null then 'none' when e.grade = 0 then 'kindergarten' else 'enrolled' end as state
    from born m
      left join tie r on r.child_id = m.child_id and r.kind = 'registered' and upper_inf(r.valid)
      left join tie l on l.child_id = m.child_id and l.kind = 'living' and upper_inf(l.valid)
      left join lateral (
        select o.child_id, o.school_id, o.grade from roll_entry o join source_record s on s.record_id = o.record_id
        where o.child_id = m.child_id and o.status_group in ('in-school', 'paused') and batch_counts(s.batch_id)
        order by coalesce(o.grade, 1) desc, o.record_id desc limit 1) e on true
  ), told as materialized (
    select p.*, case when is_registered then 'registered' else 'migrant' end as base,
      case when is_registered then registered_id else living_id end as place_id
    from placed p where is_registered or is_living
  )`

export interface TermRow {
  readonly childId: number
  readonly base: 'registered' | 'migrant'
  readonly state: 'none' | 'kindergarten' | 'enrolled'
  readonly registeredId: number | null
  readonly livingId: number | null
  readonly placeId: number
  readonly schoolId: number | null
}

export async function listTermRows(
  tx: Tx,
  query: TermQuery,
  { base, state, limit, offset }: TermFilter & { readonly limit: number; readonly offset: number },
): Promise<readonly TermRow[]> {
  const { rows } = await sql<TermRow>`${cohort(query)}
    select t.child_id as "childId", t.base, t.state, t.registered_id as "registeredId", t.living_id as "livingId", t.place_id as "placeId",
      t.school_id as "schoolId"
    from told t join unit u on u.unit_id = t.place_id
    where (${base ?? null}::text is null or t.base = ${base ?? null}) and (${state ?? null}::text is null or t.state = ${state ?? null})
    order by u.path, t.birth_day, t.child_id limit ${limit} offset ${offset}`.execute(tx)
  return rows
}

export interface TermCount {
  readonly base: 'registered' | 'migrant'
  readonly state: 'none' | 'kindergarten' | 'enrolled'
  /** The township, else the place itself. */
  readonly placeId: number
  readonly count: number
}

export async function countTerm(tx: Tx, query: TermQuery): Promise<readonly TermCount[]> {
  const { rows } = await sql<TermCount>`${cohort(query)}
    select t.base, t.state, coalesce(w.unit_id, t.place_id) as "placeId", count(*)::int as "count"
    from told t join unit u on u.unit_id = t.place_id left join unit w on w.unit_id = any (u.path) and w.kind = 'township'
    group by 1, 2, 3 order by 3, 1, 2`.execute(tx)
  return rows
}
