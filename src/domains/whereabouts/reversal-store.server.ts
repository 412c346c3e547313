import { sql } from 'kysely'
import { type ChildId, childId, type PostingId, postingId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/index.ts'
import { byIndex } from './by-index.store.server.ts'
import { lockBooks, type PostingGround } from './posting-store.server.ts'
import { stageEntries } from './staging-store.server.ts'

export interface Reversal {
  /** The posting that was taken up: the next call asks below it. Null: there is none left. */
  readonly postingId: PostingId | null
  readonly staged: number
  /** Children of whom later postings speak: nothing is staged for them. */
  readonly contested: readonly ChildId[]
}

/**
 * [BOOK-9] Stages what stood before the postings of a source, for the children of one of its postings, the newest first.
 * A child stands again as it stood before the first of these postings; who did not stand anywhere leaves the books. Where
 * what stands now is not what these postings left, somebody knew better later: contested. Done twice, it stages nothing.
 */
export async function stageReversal(
  tx: Tx,
  ground: Pick<PostingGround, 'source' | 'sourceKey'>,
  below?: PostingId,
): Promise<Reversal> {
  await stageEntries(tx)
  await lockBooks(tx)
  const { rows: postings } = await sql<{ posting_id: number }>`select posting_id from posting
    where source = ${ground.source} and source_key = ${ground.sourceKey} order by posting_id desc`.execute(tx)
  const mine = postings.map((row) => row.posting_id)
  const at = mine.find((id) => below === undefined || id < below)
  if (at === undefined) return { postingId: null, staged: 0, contested: [] }
  await byIndex(tx, async () => {
    await collectChildren(tx, mine, at)
    await stageBefore(tx)
  })
  const { rows } = await sql<{ count: number }>`select count(*) as count from entry_staging`.execute(tx)
  const contested = await sql<{ child_id: number }>`
    select child_id from reversal_child where contested order by child_id`.execute(tx)
  return {
    postingId: postingId(at),
    staged: rows[0]?.count ?? 0,
    contested: contested.rows.map((row) => childId(row.child_id)),
  }
}

/** Children whose last posting among `mine` is `at`. */
async function collectChildren(tx: Tx, mine: readonly number[], at: number): Promise<void> {
  await sql`create temporary table if not exists reversal_child (
    child_id bigint, first_posting bigint, last_posting bigint, contested boolean) on commit drop`.execute(tx)
  await sql`truncate reversal_child`.execute(tx)
  await sql`insert into reversal_child
    select s.child_id, min(by.posting_id), max(by.posting_id), false
    from (
      select child_id from whereabouts_span where posted_by = ${at} union
      select child_id from whereabouts_span where superseded_by = ${at}) touched
      join whereabouts_span s using (child_id)
      cross join lateral (values (s.posted_by), (s.superseded_by)) as by (posting_id)
    where by.posting_id = any (${[...mine]}::bigint[])
    group by s.child_id having max(by.posting_id) = ${at}`.execute(tx)
  await sql`analyze reversal_child`.execute(tx)
  // What these postings left and was superseded since, against what was posted since and stands.
  await sql`update reversal_child r set contested = true where exists (
    select from whereabouts_span s
    where s.child_id = r.child_id and case when s.posted_by <= r.last_posting
      then s.superseded_by > r.last_posting else s.superseded_by is null end
    group by s.valid, s.account_id, s.r_unit_id, s.p_unit_id, s.s_school_id, s.evidence_id, s.pause_until
    having sum(case when s.posted_by <= r.last_posting then -1 else 1 end) <> 0)`.execute(tx)
}

async function stageBefore(tx: Tx): Promise<void> {
  await sql`insert into entry_staging (child_id, from_day, until_day, account_id, r_unit_id, p_unit_id, s_school_id,
      evidence_id, pause_until, record_id, case_id)
    select s.child_id, lower(s.valid), upper(s.valid), s.account_id, s.r_unit_id, s.p_unit_id, s.s_school_id, s.evidence_id,
      s.pause_until, s.record_id, case when not upper_inf(s.valid) then s.case_id end
    from reversal_child r join whereabouts_span s using (child_id)
    where not r.contested and s.posted_by < r.first_posting and s.superseded_by between r.first_posting and r.last_posting
    union all
    select gone.child_id, lower(d.days), upper(d.days), null, null, null, null, null, null, null, null
    from (
      select s.child_id, range_agg(s.valid) filter (where s.superseded_by is null)
        - coalesce(range_agg(s.valid) filter (where s.posted_by < r.first_posting
            and (s.superseded_by is null or s.superseded_by >= r.first_posting)), '{}') as days
      from reversal_child r join whereabouts_span s using (child_id)
      where not r.contested group by s.child_id) gone cross join unnest(gone.days) as d (days)`.execute(tx)
}
