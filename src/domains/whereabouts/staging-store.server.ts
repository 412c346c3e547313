import { sql } from 'kysely'
import type { CaseId, ChildId, EvidenceId, RecordId, UnitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type AccountCode, BOOK_ACCOUNTS } from './accounts.ts'
import { byIndex } from './by-index.store.server.ts'
import { lockBooks } from './posting-store.server.ts'

/** An entry to be posted. */
export interface Entry {
  readonly childId: ChildId
  readonly from: PlainDate
  /** First day it speaks of no more; left out: until further notice. */
  readonly until?: PlainDate | undefined
  /** Null: stands nowhere on these days; leaves the balance. */
  readonly account: AccountCode | null
  readonly registered?: UnitId | null | undefined
  readonly living?: UnitId | null | undefined
  readonly school?: UnitId | null | undefined
  /** Needed with an account. */
  readonly evidenceId?: EvidenceId | undefined
  readonly pauseUntil?: PlainDate | undefined
  readonly recordId?: RecordId | undefined
  /** Needed by an unexplained entry until further notice. */
  readonly caseId?: CaseId | undefined
  /** Given once, with the child's first entry: the day from which it has to be accounted for. */
  readonly obligedFrom?: PlainDate | undefined
}

/**
 * Makes (or empties) the temporary table that callers fill by SQL or COPY. `until_day` null: until further notice;
 * `account_id` null: stands nowhere. Rows of one child must not overlap. Fill it in the order of `r_unit_id`: a chunk of one
 * district writes a hundredth of the sums of a chunk from everywhere.
 */
export async function stageEntries(tx: Tx): Promise<void> {
  await sql`create temporary table if not exists entry_staging (
    child_id bigint not null, from_day date not null, account_id smallint, r_unit_id int, p_unit_id int, s_school_id int,
    evidence_id bigint, pause_until date, record_id bigint, case_id bigint, obliged daterange, until_day date) on commit drop`.execute(
    tx,
  )
  await sql`truncate entry_staging`.execute(tx)
}

export async function stage(tx: Tx, entries: readonly Entry[]): Promise<void> {
  await stageEntries(tx)
  if (entries.length === 0) return
  const rows = entries.map((entry) => ({
    child_id: entry.childId,
    from_day: entry.from,
    until_day: entry.until ?? null,
    account_id: entry.account === null ? null : BOOK_ACCOUNTS[entry.account].id,
    r_unit_id: entry.registered ?? null,
    p_unit_id: entry.living ?? null,
    s_school_id: entry.school ?? null,
    evidence_id: entry.evidenceId ?? null,
    pause_until: entry.pauseUntil ?? null,
    record_id: entry.recordId ?? null,
    case_id: entry.caseId ?? null,
    obliged: entry.obligedFrom === undefined ? null : `[${entry.obligedFrom},)`,
  }))
  await sql`insert into entry_staging (child_id, from_day, until_day, account_id, r_unit_id, p_unit_id, s_school_id,
      evidence_id, pause_until, record_id, case_id, obliged)
    select child_id, from_day, until_day, account_id, r_unit_id, p_unit_id, s_school_id, evidence_id, pause_until, record_id,
      case_id, obliged
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e (child_id bigint, from_day date, until_day date,
      account_id smallint, r_unit_id int, p_unit_id int, s_school_id int, evidence_id bigint, pause_until date,
      record_id bigint, case_id bigint, obliged daterange)`.execute(tx)
}

/**
 * [BOOK-5] Leaves out what already stands so: same account, units, evidence and end of pause on all its days. The row of the
 * sheet may be another, and the file where none is given. Answers how many are left. Holds the books' lock from here on.
 */
export async function dropUnchanged(tx: Tx): Promise<number> {
  await lockBooks(tx)
  await sql`analyze entry_staging`.execute(tx)
  await byIndex(tx, async () => {
    await sql`delete from entry_staging e using whereabouts_span s
      where s.child_id = e.child_id and s.superseded_by is null and s.valid @> daterange(e.from_day, e.until_day)
        and s.account_id = e.account_id
        and (s.r_unit_id, s.p_unit_id, s.s_school_id, s.evidence_id, s.pause_until)
          is not distinct from (e.r_unit_id, e.p_unit_id, e.s_school_id, e.evidence_id, e.pause_until)
        and (e.case_id is null or e.case_id = s.case_id)`.execute(tx)
    await sql`delete from entry_staging e where e.account_id is null and not exists (
      select from whereabouts_span s where s.child_id = e.child_id and s.superseded_by is null
        and s.valid && daterange(e.from_day, e.until_day))`.execute(tx)
  })
  return await countStaged(tx)
}

export async function countStaged(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from entry_staging`.execute(tx)
  return rows[0]?.count ?? 0
}

/** Staged entries that the books would not take: a fault of the program that staged them. */
export async function countUnfiled(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from entry_staging e join book_account a on a.account_id = e.account_id and a.unexplained
    where e.until_day is null and e.case_id is null`.execute(tx)
  return rows[0]?.count ?? 0
}

/** Stages "stands nowhere" for all days of which entries of these children speak. Empties the staging first. */
export async function stageEverything(tx: Tx, childIds: readonly ChildId[]): Promise<void> {
  await stageEntries(tx)
  await sql`insert into entry_staging (child_id, from_day) select child_id, min(lower(valid)) from whereabouts_span
    where child_id = any (${[...childIds]}::bigint[]) and superseded_by is null group by child_id`.execute(tx)
}
