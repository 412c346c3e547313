import { sql } from 'kysely'
import type { AccountId, BatchId, ChildId, RecordId, RunId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/index.ts'

/** What decisions were in force: how many, and a digest that another set would not have. */
export interface DecisionState {
  readonly count: number
  readonly digest: string
}

/** Of the unit whose scope it is: decisions made there or below. */
export async function readDecisionState(tx: Tx): Promise<DecisionState> {
  const { rows } = await sql<{ count: number; digest: string }>`
    select count(*)::int as count, coalesce(encode(sha256(convert_to(string_agg(concat_ws(' ', decision_id, verdict, one_record, other_record), E'\n' order by decision_id), 'UTF8')), 'hex'), '') as digest
    from pair_decision where withdrawn_at is null`.execute(tx)
  return rows[0] ?? { count: 0, digest: '' }
}

/** [DECIDE-4] A pair of rows of the run's batches that somebody decided, as `batch_id, row` twice. */
export interface DecidedRows {
  readonly oneBatch: BatchId
  readonly oneRow: number
  readonly otherBatch: BatchId
  readonly otherRow: number
  readonly isSame: boolean
}

/**
 * [DECIDE-4] Decisions speak of children; a run reads rows. Every row of the run's batches that reached a decided child takes
 * the decision along: new rows of the same person stand under the old decision. As the system.
 */
export async function listDecidedRows(tx: Tx, batchIds: readonly BatchId[]): Promise<readonly DecidedRows[]> {
  const { rows } = await sql<DecidedRows>`
    with recursive way as (
      select d.decision_id, d.one_child as at from pair_decision d where d.verdict = 'same' and d.withdrawn_at is null
      union all
      select w.decision_id, c.merged_into from way w join child c on c.child_id = w.at where c.merged_into is not null
    ), joined as (
      select distinct w.at as child_id from way w join child c on c.child_id = w.at where c.merged_into is null
    ), told as (
      select child_id as one, child_id as other, true as is_same from joined
      union all select distinct least(one, other), greatest(one, other), false from children_apart()
    )
    select a.batch_id as "oneBatch", a.row as "oneRow", b.batch_id as "otherBatch", b.row as "otherRow", t.is_same as "isSame"
    from told t
      join source_record a on a.child_id = t.one and a.batch_id = any (${[...batchIds]}::bigint[])
      join source_record b on b.child_id = t.other and b.batch_id = any (${[...batchIds]}::bigint[])
    where not t.is_same or a.record_id < b.record_id
    order by 1, 2, 3, 4`.execute(tx)
  return rows
}

export interface NewDecision {
  readonly verdict: 'same' | 'different'
  readonly oneChild: ChildId
  readonly otherChild: ChildId
  readonly oneRecord: RecordId
  readonly otherRecord: RecordId
  readonly runId: RunId
  readonly units: readonly number[]
  readonly accountId: AccountId
  readonly now: Date
}

export async function insertDecision(tx: Tx, row: NewDecision): Promise<number> {
  const { rows } = await sql<{ decision_id: number }>`
    insert into pair_decision (verdict, one_child, other_child, one_record, other_record, run_id, units, decided_by, decided_at)
    values (${row.verdict}, ${row.oneChild}, ${row.otherChild}, ${row.oneRecord}, ${row.otherRecord}, ${row.runId},
      ${[...row.units]}::int[], ${row.accountId}, ${row.now}) returning decision_id`.execute(tx)
  return rows[0]!.decision_id
}

export async function setDecisionMerge(tx: Tx, decisionId: number, mergeId: number): Promise<void> {
  await sql`update pair_decision set merge_id = ${mergeId} where decision_id = ${decisionId}`.execute(tx)
}

/** Undefined: it had been withdrawn. Answers the merge that fell with it. */
export async function withdrawDecision(
  tx: Tx,
  decisionId: number,
  by: { readonly accountId: AccountId; readonly now: Date },
): Promise<{ readonly verdict: 'same' | 'different'; readonly mergeId: number | null } | undefined> {
  const { rows } = await sql<{ verdict: 'same' | 'different'; merge_id: number | null }>`
    update pair_decision set withdrawn_at = ${by.now}, withdrawn_by = ${by.accountId}, withdrawn_how = 'undone'
    where decision_id = ${decisionId} and withdrawn_at is null returning verdict, merge_id`.execute(tx)
  const row = rows[0]
  return row === undefined ? undefined : { verdict: row.verdict, mergeId: row.merge_id }
}

export interface DecisionFound {
  readonly decisionId: number
  readonly verdict: 'same' | 'different'
  readonly decidedBy: number
  readonly decidedAt: Date
}

/** A decision, or the un-merging of an officer, that holds two children to be two. */
export type Apart = { readonly decision: DecisionFound } | { readonly by: number; readonly at: Date }

export async function findApart(tx: Tx, one: ChildId, other: ChildId): Promise<Apart | undefined> {
  const { rows } = await sql<{ decision_id: number | null; by: number; at: Date }>`
    select a.decision_id, coalesce(d.decided_by, k.undone_by) as by, coalesce(d.decided_at, k.undone_at) as at
    from children_apart() a left join pair_decision d on d.decision_id = a.decision_id
      left join child_merge k on k.merge_id = a.merge_id
    where (a.one, a.other) in ((${one}::bigint, ${other}::bigint), (${other}::bigint, ${one}::bigint))
    order by a.decision_id nulls last limit 1`.execute(tx)
  const row = rows[0]
  if (row === undefined) return undefined
  if (row.decision_id === null) return { by: row.by, at: row.at }
  return {
    decision: { decisionId: row.decision_id, verdict: 'different', decidedBy: row.by, decidedAt: row.at },
  }
}

/**
 * The merge that brought exactly one of two records to their common child: one that a run made before one that a decision
 * made, then the newest.
 */
export async function findPartingMerge(tx: Tx, one: RecordId, other: RecordId): Promise<number | undefined> {
  const { rows } = await sql<{ merge_id: number }>`
    select k.merge_id
    from child_merge k left join pair_decision d on d.merge_id = k.merge_id and d.verdict = 'same' and d.withdrawn_at is null
    where k.undone_at is null and k.merge_id in (select m.merge_id from record_move m where m.record_id in (${one}, ${other}))
      and (exists (select from record_move m where m.merge_id = k.merge_id and m.record_id = ${one}))
        <> (exists (select from record_move m where m.merge_id = k.merge_id and m.record_id = ${other}))
    order by d.decision_id is not null, k.merge_id desc limit 1`.execute(tx)
  return rows[0]?.merge_id
}

/** A decision that would no longer hold if the merge was undone: it made the merge, or its records would part. */
export async function findDecisionOver(tx: Tx, mergeId: number): Promise<DecisionFound | undefined> {
  const { rows } = await sql<DecisionFound>`
    select d.decision_id as "decisionId", d.verdict, d.decided_by as "decidedBy", d.decided_at as "decidedAt"
    from pair_decision d where d.verdict = 'same' and d.withdrawn_at is null and (d.merge_id = ${mergeId}
      or (exists (select from record_move m where m.merge_id = ${mergeId} and m.record_id = d.one_record))
        <> (exists (select from record_move m where m.merge_id = ${mergeId} and m.record_id = d.other_record)))
    order by d.decision_id limit 1`.execute(tx)
  return rows[0]
}

/** "Same" in force over exactly these two records. */
export async function findSameOf(tx: Tx, one: RecordId, other: RecordId): Promise<DecisionFound | undefined> {
  const { rows } = await sql<DecisionFound>`
    select decision_id as "decisionId", verdict, decided_by as "decidedBy", decided_at as "decidedAt"
    from pair_decision where verdict = 'same' and withdrawn_at is null
      and (one_record, other_record) in ((${one}::bigint, ${other}::bigint), (${other}::bigint, ${one}::bigint)) limit 1`.execute(
    tx,
  )
  return rows[0]
}

/** Whose the records are now, and whether the books hold the child. */
export async function readPairChildren(
  tx: Tx,
  one: RecordId,
  other: RecordId,
): Promise<{
  readonly one: ChildId
  readonly other: ChildId
  readonly oneInBooks: boolean
  readonly otherInBooks: boolean
}> {
  const { rows } = await sql<{ record_id: number; child_id: ChildId; in_books: boolean }>`
    select r.record_id, r.child_id, c.obliged is not null as in_books
    from source_record r join child c on c.child_id = r.child_id where r.record_id in (${one}, ${other})`.execute(tx)
  const of = (id: RecordId) => rows.find((row) => row.record_id === id)!
  return {
    one: of(one).child_id,
    other: of(other).child_id,
    oneInBooks: of(one).in_books,
    otherInBooks: of(other).in_books,
  }
}

/** The live merge of one child. */
export async function findLiveMerge(tx: Tx, from: ChildId): Promise<number | undefined> {
  const { rows } = await sql<{ merge_id: number }>`
    select merge_id from child_merge where from_child = ${from} and undone_at is null order by merge_id desc limit 1`.execute(
    tx,
  )
  return rows[0]?.merge_id
}

export async function findDecision(
  tx: Tx,
  decisionId: number,
): Promise<(DecisionFound & { readonly withdrawnAt: Date | null }) | undefined> {
  const { rows } = await sql<DecisionFound & { withdrawnAt: Date | null }>`
    select decision_id as "decisionId", verdict, decided_by as "decidedBy", decided_at as "decidedAt", withdrawn_at as "withdrawnAt"
    from pair_decision where decision_id = ${decisionId}`.execute(tx)
  return rows[0]
}
