import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import { BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import type { FlowGroup, FlowWay } from './contract.ts'

type Side = Pick<Actor, 'unitId' | 'unitPath'>

export interface FlowSum {
  readonly schoolYear: number
  readonly group: FlowGroup
  readonly way: FlowWay
  readonly count: number
}

export interface FlowChild {
  readonly childId: number
  readonly lineId: number | null
  /** Six digits or null: a district without a code. */
  readonly place: string | null
  readonly unitId: number | null
  readonly day: PlainDate
}

/**
 * [OUT-11] One event a child, school year and direction: what a line says goes before what the books moved. From 在本地 to outside,
 * or back; a child that stood nowhere or was being looked for has not moved.
 */
function events({ unitId, unitPath }: Side, core: readonly string[]) {
  const here = BOOK_ACCOUNTS.here.id
  const out = [BOOK_ACCOUNTS['elsewhere-in-city'].id, BOOK_ACCOUNTS['other-province'].id]
  return sql`
    branch as materialized (
      select unit_id from unit where path @> array[${unitId}::int] or unit_id = any (${[...unitPath]}::int[]) and kind in ('district', 'zone')
    ), told as (
      select child_id, line_id, since_day as day, 'left' as way, host_unit_id as unit_id, host_place as place from outside_line
      where since_day is not null and ending is distinct from 'mistaken' and home_unit_id in (select unit_id from branch)
      union all
      select child_id, line_id, ended_day, 'returned', host_unit_id, host_place from outside_line
      where ending = 'returned' and home_unit_id in (select unit_id from branch)
      union all
      select child_id, line_id, since_day, 'came', home_unit_id, home_place from outside_line
      where since_day is not null and ending is distinct from 'mistaken' and host_unit_id in (select unit_id from branch)
    ), moved as (
      select n.child_id, null::bigint as line_id, lower(n.valid) as day,
        case when n.account_id = ${here} then 'returned' else 'left' end as way,
        (select d.unit_id from unit s join unit d on d.unit_id = any (s.path) and d.kind in ('district', 'zone')
          where s.unit_id = case when n.account_id = ${here} then o.s_school_id else n.s_school_id end
          order by cardinality(d.path) desc limit 1) as unit_id, null::text as place
      from whereabouts_span n join whereabouts_span o on o.child_id = n.child_id and o.superseded_by is null and upper(o.valid) = lower(n.valid)
        join unit u on u.unit_id = n.r_unit_id and u.path @> array[${unitId}::int]
      where n.superseded_by is null and (n.account_id = any (${out}::int[]) and o.account_id = ${here}
        or n.account_id = ${here} and o.account_id = any (${out}::int[]))
    ), event as (
      select distinct on (child_id, way, school_year) *, case
          when unit_id is null then 'province'
          when exists (select from unit u where u.unit_id = e.unit_id and u.name = any (${[...core]}::text[])) then 'core'
          else 'district' end as flow_group
      from (select *, extract(year from day)::int - (extract(month from day) < 9)::int as school_year
        from (select * from told union all select * from moved) t) e
      order by child_id, way, school_year, line_id nulls last, day
    )`
}

export async function sumFlows(tx: Tx, actor: Side, core: readonly string[]): Promise<readonly FlowSum[]> {
  const { rows } = await sql<FlowSum>`with ${events(actor, core)}
    select school_year as "schoolYear", flow_group as "group", way, count(*)::int as count
    from event group by 1, 2, 3 order by 1 desc, 2, 3`.execute(tx)
  return rows
}

/** A page shows so many; the sum beside it is of all. */
const MOST_CHILDREN = 500

export async function listFlow(
  tx: Tx,
  actor: Side,
  core: readonly string[],
  of: { readonly schoolYear: number; readonly group: FlowGroup; readonly way: FlowWay },
): Promise<readonly FlowChild[]> {
  const { rows } = await sql<FlowChild>`with ${events(actor, core)}
    select child_id as "childId", line_id as "lineId", place, unit_id as "unitId", day from event
    where school_year = ${of.schoolYear} and flow_group = ${of.group} and way = ${of.way}
    order by day desc, child_id limit ${MOST_CHILDREN}`.execute(tx)
  return rows
}
