import { sql } from 'kysely'
import type { PostingId, RunId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type AccountCode, accountCodeOf, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import type { PostedChange } from './contract.ts'
import { ROW_CLASSES, SIDES } from './posting-facts.server.ts'

const account = (code: AccountCode) => BOOK_ACCOUNTS[code].id

/**
 * [POST-17] What every source says of a child whose sources contradict one another, beside its entry. Earlier claims of
 * runs about the children of this posting are withdrawn.
 */
export async function writeClaims(tx: Tx, posting: PostingId): Promise<void> {
  await sql`update claim k set withdrawn_by = ${posting} from whereabouts_span s, posting g
    where s.posted_by = ${posting} and s.child_id = k.child_id and k.withdrawn_by is null and g.posting_id = k.posting_id and g.source = 'run'`.execute(
    tx,
  )
  await sql`insert into claim (child_id, account_id, unit_id, record_id, evidence_id, from_day, posting_id)
    select distinct on (s.child_id, r.school_id) s.child_id,
      case when p.district_id = r.district_id then ${account('here')}::int else ${account('elsewhere-in-city')}::int end,
      r.school_id, r.record_id, e.evidence_id, r.as_of_day, ${posting}::bigint
    from whereabouts_span s join run_roll r on r.child_id = s.child_id and r.status_group = 'in-school'
      join evidence e on e.kind = 'roll' and e.unit_id = coalesce(r.school_id, r.unit_id)
      left join run_place p on p.unit_id = coalesce(s.r_unit_id, s.p_unit_id)
    where s.posted_by = ${posting} and s.account_id = ${account('conflict')} and upper_inf(s.valid)
    order by s.child_id, r.school_id, r.as_of_day desc, r.record_id`.execute(tx)
  await sql`insert into claim (child_id, account_id, unit_id, record_id, evidence_id, from_day, posting_id)
    select s.child_id, o.account_id, coalesce(o.s_school_id, o.p_unit_id, o.r_unit_id), o.record_id, o.evidence_id, lower(o.valid), ${posting}::bigint
    from whereabouts_span s join whereabouts_span o on o.child_id = s.child_id and o.superseded_by = ${posting} and upper_inf(o.valid)
      and o.account_id between 301 and 399
    where s.posted_by = ${posting} and s.account_id = ${account('conflict')} and upper_inf(s.valid)`.execute(tx)
}

/** The evidence of the run's batches, and of the rolls of others that its entries rest on, where it is not confirmed for its day yet. */
export async function listUnconfirmed(
  tx: Tx,
): Promise<
  readonly { readonly kind: 'population' | 'floating' | 'roll'; readonly unitId: number; readonly asOf: PlainDate }[]
> {
  const { rows } = await sql<{ kind: 'population' | 'floating' | 'roll'; unitId: number; asOf: PlainDate }>`
    select g.kind, g.unit_id as "unitId", max(g.as_of_day) as "asOf" from (
      select kind, unit_id, as_of_day from run_ground where kind <> 'roll'
      union select 'population', unit_id, as_of_day from run_cover where kind = 'population' and in_run
      -- A sheet that only adds to a school's roll does not confirm the rest of it.
      union select 'roll', coalesce(r.school_id, r.unit_id), coalesce(v.as_of_day, r.as_of_day)
        from run_rolled r left join run_cover v on v.kind = 'roll' and v.unit_id = r.school_id) g
    where not exists (select from evidence e join evidence_confirmation c on c.evidence_id = e.evidence_id and c.withdrawn_by is null
      where e.kind = g.kind and e.unit_id = g.unit_id and c.confirmed_day >= g.as_of_day)
    group by g.kind, g.unit_id order by 1, 2`.execute(tx)
  return rows
}

export async function findLastPosting(tx: Tx, id: RunId): Promise<PostingId | null> {
  const { rows } = await sql<{ last: PostingId | null }>`
    select max(posting_id) as last from posting where source = 'run' and source_key = ${id}`.execute(tx)
  return rows[0]?.last ?? null
}

/**
 * [POST-18] How the rows of the registered became the persons to account for, by the unit that gave them, those of a city by
 * district. A person is who stands in the books as registered there after the run; the second row of one is a repeat. Who
 * stands there and is on no line was carried over: gone from the extract, on a line that could not be read, or an officer's.
 */
export async function writeBridge(
  tx: Tx,
  bridge: { readonly runId: RunId; readonly asOf: PlainDate; readonly posting: PostingId },
): Promise<void> {
  const from = (name: (typeof ROW_CLASSES)[number]) => ROW_CLASSES.indexOf(name)
  const stands = sql`s.superseded_by is null and s.valid @> ${bridge.asOf}::date and s.r_unit_id is not null and s.account_id < 500`
  // The city's own are those in no district.
  const isAt = (unit: string) =>
    sql.raw(`case when ${unit}.kind = 'city' then sp.district_id is null else sp.path @> array[${unit}.unit_id] end`)
  await sql`insert into book_bridge (source_key, unit_id, posting_id, as_of_day, received, errors, duplicates, cancelled, not_begun, closed, persons, carried, units)
    with place as materialized (
      select p.unit_id, p.district_id, u.path from run_place p join unit u on u.unit_id = p.unit_id
    ), line as (
      select t.unit_id, w.class, w.class >= ${from('open')}::int and row_number() over (partition by w.child_id, w.class >= ${from('open')}::int order by w.class, w.record_id) > 1 as is_again,
        s.span_id is not null and ${isAt('t')} as stands
      from run_row w join run_ground g on g.batch_id = w.batch_id join unit u on u.unit_id = g.unit_id
        left join run_place p on p.unit_id = w.unit_id
        join unit t on t.unit_id = case when u.kind = 'city' then coalesce(p.district_id, u.unit_id) else u.unit_id end
        left join whereabouts_span s on s.child_id = w.child_id and ${stands}
        left join place sp on sp.unit_id = s.r_unit_id
      where w.side = ${SIDES.indexOf('registered')}
    ), told as (
      select unit_id, case when class = ${from('error')} then 'errors'
        when class = ${from('duplicate')} or is_again then 'duplicates'
        when stands then 'persons'
        when class between ${from('died')} and ${from('cancelled')} then 'cancelled'
        when class = ${from('not-begun')} then 'not_begun'
        else 'closed' end as what
      from line
    ), counted as (
      select unit_id, count(*) as received, count(*) filter (where what = 'errors') as errors, count(*) filter (where what = 'duplicates') as duplicates,
        count(*) filter (where what = 'cancelled') as cancelled, count(*) filter (where what = 'not_begun') as not_begun,
        count(*) filter (where what = 'closed') as closed, count(*) filter (where what = 'persons') as persons
      from told group by unit_id
    ), standing as (
      select t.unit_id, count(*) as n
      from counted c join unit t using (unit_id) join place sp on ${isAt('t')}
        join whereabouts_span s on s.r_unit_id = sp.unit_id and ${stands}
      group by t.unit_id
    )
    select ${bridge.runId}::text, c.unit_id, ${bridge.posting}::bigint, ${bridge.asOf}::date, c.received, c.errors, c.duplicates, c.cancelled,
      c.not_begun, c.closed, c.persons, coalesce(n.n, 0) - c.persons, u.path
    from counted c join unit u using (unit_id) left join standing n using (unit_id)
    on conflict (source_key, unit_id) do nothing`.execute(tx)
}

/** From account to account, over all postings of the run; from null: came into the books. */
export async function listChanges(tx: Tx, id: RunId): Promise<readonly PostedChange[]> {
  const { rows } = await sql<{ from_id: number | null; to_id: number; count: number }>`
    select o.account_id as from_id, n.account_id as to_id, count(*)::int as count
    from posting g join whereabouts_span n on n.posted_by = g.posting_id and upper_inf(n.valid)
      left join whereabouts_span o on o.superseded_by = g.posting_id and o.child_id = n.child_id and upper_inf(o.valid)
    where g.source = 'run' and g.source_key = ${id}
    group by 1, 2 order by 3 desc, 2, 1`.execute(tx)
  return rows.map((row) => ({
    from: row.from_id === null ? null : accountCodeOf(row.from_id),
    to: accountCodeOf(row.to_id),
    count: row.count,
  }))
}

/** By any of its tries. */
export async function countMerges(tx: Tx, id: RunId): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from child_merge where source = 'run' and source_key = ${id} and undone_at is null`.execute(
    tx,
  )
  return rows[0]?.count ?? 0
}
