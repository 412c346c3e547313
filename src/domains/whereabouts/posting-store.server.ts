import { sql } from 'kysely'
import { type AccountId, type PostingId, postingId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { PostingSource } from './contract.ts'

/** Who posts, and on what ground. */
export interface PostingGround {
  readonly source: PostingSource
  /** Run id, closed day, case id ... */
  readonly sourceKey: string
  /** Null: the day's close. */
  readonly authorId: AccountId | null
}

/** Nothing is posted by others until the transaction ends, and what they posted before is seen. */
export async function lockBooks(tx: Tx): Promise<void> {
  await sql`select lock_books()`.execute(tx)
}

/** Takes the books' lock, then the next number: the order of the numbers is the order of the commits. */
export async function drawPosting(tx: Tx, { source, sourceKey, authorId }: PostingGround): Promise<PostingId> {
  const { rows } = await sql<{ posting_id: number }>`
    insert into posting (source, source_key, author_id) values (${source}, ${sourceKey}, ${authorId}) returning posting_id`.execute(
    tx,
  )
  return postingId(rows[0]?.posting_id ?? 0)
}

/** The entries that stand on days of which staged ones speak. Answers how many there are. */
export async function collectCut(tx: Tx): Promise<number> {
  await sql`create temporary table if not exists entry_cut (span_id bigint, days datemultirange) on commit drop`.execute(
    tx,
  )
  await sql`truncate entry_cut`.execute(tx)
  const { numAffectedRows } = await sql`insert into entry_cut
    select s.span_id, w.days from (
      select child_id, range_agg(daterange(from_day, until_day)) as days from entry_staging group by child_id) w
    join whereabouts_span s on s.child_id = w.child_id and s.superseded_by is null and s.valid && w.days`.execute(tx)
  const count = Number(numAffectedRows ?? 0)
  if (count > 0) await sql`analyze entry_cut`.execute(tx)
  return count
}

/** Two statements, not one: in one, the new entries would meet the old ones that are superseded in the same statement. */
export async function supersedeCut(tx: Tx, posting: PostingId): Promise<void> {
  await sql`update whereabouts_span s set superseded_by = ${posting} from entry_cut c where s.span_id = c.span_id`.execute(
    tx,
  )
  await sql`insert into whereabouts_span (child_id, valid, account_id, unexplained, r_unit_id, p_unit_id, s_school_id,
      evidence_id, pause_until, record_id, posted_by, case_id)
    select s.child_id, kept.days, s.account_id, s.unexplained, s.r_unit_id, s.p_unit_id, s.s_school_id,
      s.evidence_id, s.pause_until, s.record_id, ${posting}, s.case_id
    from entry_cut c join whereabouts_span s on s.span_id = c.span_id
      cross join unnest(datemultirange(s.valid) - c.days) as kept (days)`.execute(tx)
}

export async function insertStaged(tx: Tx, posting: PostingId): Promise<number> {
  const { numAffectedRows } =
    await sql`insert into whereabouts_span (child_id, valid, account_id, unexplained, r_unit_id,
      p_unit_id, s_school_id, evidence_id, pause_until, record_id, posted_by, case_id)
    select e.child_id, daterange(e.from_day, e.until_day), e.account_id, a.unexplained, e.r_unit_id, e.p_unit_id, e.s_school_id,
      e.evidence_id, e.pause_until, e.record_id, ${posting}, e.case_id
    from entry_staging e join book_account a on a.account_id = e.account_id`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/**
 * [BOOK-6] The obligation follows the entries: it ends where the last entry that closes by evidence begins, is open again
 * when that one no longer holds, and is gone when nothing stands any more.
 */
export async function followObligation(tx: Tx): Promise<void> {
  await sql`with staged as (
      select child_id, (array_agg(obliged) filter (where obliged is not null))[1] as given from entry_staging group by child_id
    ), standing as (
      select t.child_id, t.given, bool_or(upper_inf(s.valid)) as is_open,
        bool_or(upper_inf(s.valid) and s.account_id between 300 and 399) as is_closed,
        coalesce(max(upper(s.valid)) filter (where s.account_id not between 300 and 399), min(lower(s.valid))) as closed_on
      from staged t left join whereabouts_span s on s.child_id = t.child_id and s.superseded_by is null
      group by t.child_id, t.given
    ), wanted as (
      select c.child_id, case
          when w.is_open is null then null
          when not w.is_open then coalesce(w.given, c.obliged)
          when w.is_closed then daterange(lower(owed), greatest(w.closed_on, lower(owed) + 1))
          else daterange(lower(owed), null)
        end as obliged
      from standing w join child c on c.child_id = w.child_id cross join lateral (select coalesce(w.given, c.obliged)) o (owed)
      where w.is_open is null or owed is not null
    )
    update child c set obliged = w.obliged from wanted w
    where c.child_id = w.child_id and c.obliged is distinct from w.obliged`.execute(tx)
}

/** [BOOK-8] What the posting moved, summed by base, level, unit, account, evidence and day: out of what it superseded, into what it wrote. */
export async function writeMovements(tx: Tx, posting: PostingId): Promise<void> {
  await sql`with touched as (
      select r_unit_id, p_unit_id, s_school_id, account_id, evidence_id, valid, 1 as n from whereabouts_span where posted_by = ${posting}
      union all
      select r_unit_id, p_unit_id, s_school_id, account_id, evidence_id, valid, -1 from whereabouts_span where superseded_by = ${posting}
    ), moved as materialized (
      select r_unit_id, p_unit_id, s_school_id, account_id, evidence_id, day, sum(n) as n from (
        select r_unit_id, p_unit_id, s_school_id, account_id, evidence_id, lower(valid) as day, n from touched
        union all
        select r_unit_id, p_unit_id, s_school_id, account_id, evidence_id, upper(valid), -n from touched where not upper_inf(valid)) t
      group by r_unit_id, p_unit_id, s_school_id, account_id, evidence_id, day having sum(n) <> 0
    ), place as materialized (
      select u.unit_id, case when d.kind in ('district', 'zone') then d.unit_id else u.path[1] end as district_id
      from unit u left join unit d on d.unit_id = u.path[2]
      where u.unit_id in (select r_unit_id from moved union select p_unit_id from moved union select s_school_id from moved)
    ), placed as materialized (
      select m.*, r.district_id as r_district, p.district_id as p_district, s.district_id as s_district
      from moved m left join place r on r.unit_id = m.r_unit_id left join place p on p.unit_id = m.p_unit_id
        left join place s on s.unit_id = m.s_school_id
    ), sums (base, level, unit_id, other_id, account_id, evidence_id, day, n) as (
      select 'R', 'leaf', r_unit_id, s_district, account_id, evidence_id, day, n from placed union all
      select 'R', 'district', r_district, s_district, account_id, evidence_id, day, n from placed union all
      select 'P', 'leaf', p_unit_id, null, account_id, evidence_id, day, n from placed union all
      select 'P', 'district', p_district, null, account_id, evidence_id, day, n from placed union all
      select 'S', 'leaf', s_school_id, r_district, account_id, evidence_id, day, n from placed union all
      select 'S', 'district', s_district, r_district, account_id, evidence_id, day, n from placed
    )
    insert into balance_movement (base, level, unit_id, other_id, account_id, evidence_id, day, posting_id, n)
    select base, level, unit_id, other_id, account_id, evidence_id, day, ${posting}, sum(n)
    from sums where unit_id is not null
    group by base, level, unit_id, other_id, account_id, evidence_id, day having sum(n) <> 0`.execute(tx)
}
