import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'

interface Asking {
  readonly children: readonly number[]
  readonly evidenceId: number
  /** Source key of the undo. */
  readonly undoing: string
  readonly today: PlainDate
}

/** The children stand where they stood, nobody knows whether rightly: to be verified from `today`, resting on nothing. */
export async function stageToVerify(tx: Tx, { children, evidenceId, undoing, today }: Asking): Promise<number> {
  const done = await sql`
    insert into entry_staging (child_id, from_day, account_id, r_unit_id, p_unit_id, s_school_id, evidence_id, record_id)
    select s.child_id, greatest(${today}::date, lower(s.valid)), a.account_id, s.r_unit_id, s.p_unit_id, s.s_school_id,
      ${evidenceId}::bigint, s.record_id
    from whereabouts_span s join book_account a on a.code = 'to-verify'
    where s.child_id = any (${[...children]}::bigint[]) and s.superseded_by is null and upper_inf(s.valid) and not s.unexplained
      and not exists (select 1 from whereabouts_span u join posting p on p.posting_id = u.posted_by
        where u.child_id = s.child_id and p.source = 'undo' and p.source_key = ${undoing})
    order by s.r_unit_id`.execute(tx)
  return Number(done.numAffectedRows ?? 0)
}

/** All that stands for children whose other self stands nowhere goes over to it; of two that do, the older child's. */
export async function stageTakeover(
  tx: Tx,
  pairs: readonly { readonly from: number; readonly into: number }[],
): Promise<void> {
  await sql`
    insert into entry_staging (child_id, from_day, until_day, account_id, r_unit_id, p_unit_id, s_school_id, evidence_id,
      pause_until, record_id, obliged)
    select g."into", lower(s.valid), upper(s.valid), s.account_id, s.r_unit_id, s.p_unit_id, s.s_school_id, s.evidence_id,
      s.pause_until, s.record_id, case when row_number() over (partition by g."into" order by s.valid) = 1 then g.obliged end
    from (
      select distinct on (w."into") w."into", f.child_id, f.obliged
      from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as w ("from" bigint, "into" bigint)
        join child f on f.child_id = w."from" and f.obliged is not null
        join child i on i.child_id = w."into" and i.obliged is null
      order by w."into", f.child_id) g
      join whereabouts_span s on s.child_id = g.child_id and s.superseded_by is null`.execute(tx)
}

/** The posting by which a child last left the books for another. */
export async function findMergePosting(tx: Tx, childId: number): Promise<number | undefined> {
  const { rows } = await sql<{ posting_id: number }>`
    select p.posting_id from whereabouts_span s join posting p on p.posting_id = s.superseded_by and p.source = 'merge'
    where s.child_id = ${childId} order by p.posting_id desc limit 1`.execute(tx)
  return rows[0]?.posting_id
}

/** The days before `today` as they stood when the child left, and to be verified from then on. */
export async function stageComeback(
  tx: Tx,
  {
    childId,
    leftBy,
    evidenceId,
    today,
  }: {
    readonly childId: number
    readonly leftBy: number
    readonly evidenceId: number
    readonly today: PlainDate
  },
): Promise<void> {
  await sql`
    insert into entry_staging (child_id, from_day, until_day, account_id, r_unit_id, p_unit_id, s_school_id, evidence_id,
      pause_until, record_id)
    select s.child_id, lower(s.valid), least(upper(s.valid), ${today}::date), s.account_id, s.r_unit_id, s.p_unit_id,
      s.s_school_id, s.evidence_id, s.pause_until, s.record_id
    from whereabouts_span s
    where s.child_id = ${childId} and s.superseded_by = ${leftBy} and lower(s.valid) < ${today}`.execute(tx)
  await sql`
    insert into entry_staging (child_id, from_day, account_id, r_unit_id, p_unit_id, s_school_id, evidence_id, record_id, obliged)
    select s.child_id, greatest(${today}::date, lower(s.valid)), a.account_id, s.r_unit_id, s.p_unit_id, s.s_school_id,
      ${evidenceId}::bigint, s.record_id,
      daterange((select min(lower(f.valid)) from whereabouts_span f where f.child_id = s.child_id and f.superseded_by = ${leftBy}), null)
    from whereabouts_span s join book_account a on a.code = 'to-verify'
    where s.child_id = ${childId} and s.superseded_by = ${leftBy} and upper_inf(s.valid)`.execute(tx)
}

/** Those of the children that became another one before. */
export async function listMerged(tx: Tx, children: readonly number[]): Promise<readonly number[]> {
  const { rows } = await sql<{ child_id: number }>`
    select child_id from child where child_id = any (${[...children]}::bigint[]) and merged_into is not null`.execute(
    tx,
  )
  return rows.map(({ child_id }) => child_id)
}
