import type { Readable } from 'node:stream'
import { sql } from 'kysely'
import type { AccountId, RecordId, RunId } from '../../kernel/ids.ts'
import { copyCsvInto, type Tx } from '../../platform/db/index.ts'
import { PAIR_COLUMNS } from './review-pairs.server.ts'
import type { Answer, PairState, Verdict, WeightStep } from './review-rules.ts'

export interface PairRow {
  readonly pairId: number
  readonly runId: RunId
  readonly kind: 'review' | 'sample'
  readonly left: RecordId
  readonly right: RecordId
  readonly score: number
  readonly steps: readonly WeightStep[]
  readonly needsSecond: boolean
  readonly state: PairState
  readonly decisionId: number | null
  readonly claimedBy: AccountId | null
  readonly claimedUntil: Date | null
  readonly units: readonly number[]
}

const COLUMNS =
  sql.raw(`p.pair_id as "pairId", p.run_id as "runId", p.kind, p.left_record as "left", p.right_record as "right", p.score, p.steps,
  p.needs_second as "needsSecond", p.state, p.decision_id as "decisionId", p.claimed_by as "claimedBy", p.claimed_until as "claimedUntil", p.units`)

export interface SecondLook {
  /** Scores within need two. */
  readonly from: number
  readonly until: number
  /** And of all others this share, in percent. */
  readonly share: number
}

/**
 * [REVIEW-6] The pairs that a run leaves to people, by records. A run that begins again after a stop finds its own; which of
 * them two people look at hangs on the records alone, so nobody can choose. As the system.
 */
export async function insertPairs(
  tx: Tx,
  run: { readonly runId: RunId; readonly units: readonly number[] },
  csv: Readable,
  { from, until, share }: SecondLook,
): Promise<void> {
  await sql`create temp table pair_given (left_batch bigint, left_row int, right_batch bigint, right_row int, score double precision,
    pattern int, kind text, steps jsonb) on commit drop`.execute(tx)
  await copyCsvInto(tx, { table: 'pair_given', columns: PAIR_COLUMNS, csv })
  await sql`insert into review_pair (run_id, kind, left_record, right_record, score, pattern, steps, needs_second, units)
    select ${run.runId}, g.kind, l.record_id, r.record_id, g.score, g.pattern, g.steps,
      g.kind = 'sample' or g.score between ${from} and ${until}
        or (hashtextextended(concat_ws('-', coalesce(l.same_as, l.record_id), coalesce(r.same_as, r.record_id)), 0) & 65535) % 100 < ${share},
      ${[...run.units]}::int[]
    from pair_given g join source_record l on l.batch_id = g.left_batch and l.row = g.left_row
      join source_record r on r.batch_id = g.right_batch and r.row = g.right_row
    order by g.kind, g.score desc, l.record_id
    on conflict (run_id, left_record, right_record) do nothing`.execute(tx)
}

export interface Claim {
  readonly runId: RunId
  readonly accountId: AccountId
  readonly states: readonly PairState[]
  readonly most: number
  readonly now: Date
  readonly until: Date
}

/** [REVIEW-7] Takes pairs for a few minutes; what another holds, or the same person answered before, is left alone. Own claims come back first. */
export async function claimPairs(tx: Tx, claim: Claim): Promise<readonly PairRow[]> {
  const { rows } = await sql<PairRow>`
    with pick as materialized (
      select p.pair_id from review_pair p
      where p.run_id = ${claim.runId} and p.state = any (${[...claim.states]}::text[])
        and (p.claimed_until is null or p.claimed_until <= ${claim.now} or p.claimed_by = ${claim.accountId})
        and not exists (select from review_answer a where a.pair_id = p.pair_id and a.account_id = ${claim.accountId} and a.withdrawn_at is null)
      order by p.claimed_by is not distinct from ${claim.accountId} and p.claimed_until > ${claim.now} desc, p.state = 'open', p.kind, p.score desc, p.pair_id
      limit ${claim.most} for update skip locked
    ), held as (
      update review_pair p set claimed_by = ${claim.accountId}, claimed_until = ${claim.until} from pick where p.pair_id = pick.pair_id
      returning p.*
    )
    select ${COLUMNS} from held p order by p.state = 'open', p.kind, p.score desc, p.pair_id`.execute(tx)
  return rows
}

/** How many pairs one person may take up now. */
export async function countForMe(tx: Tx, claim: Omit<Claim, 'most' | 'until'>): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from review_pair p
    where p.run_id = ${claim.runId} and p.state = any (${[...claim.states]}::text[])
      and (p.claimed_until is null or p.claimed_until <= ${claim.now} or p.claimed_by = ${claim.accountId})
      and not exists (select from review_answer a where a.pair_id = p.pair_id and a.account_id = ${claim.accountId} and a.withdrawn_at is null)`.execute(
    tx,
  )
  return rows[0]?.n ?? 0
}

export async function findPair(tx: Tx, pairId: number): Promise<PairRow | undefined> {
  const { rows } = await sql<PairRow>`select ${COLUMNS} from review_pair p where p.pair_id = ${pairId}`.execute(tx)
  return rows[0]
}

/** The pair, and nobody else's answer until this transaction ends. */
export async function lockPair(tx: Tx, pairId: number): Promise<PairRow | undefined> {
  const { rows } =
    await sql<PairRow>`select ${COLUMNS} from review_pair p where p.pair_id = ${pairId} for update`.execute(tx)
  return rows[0]
}

export async function findPairOfDecision(tx: Tx, decisionId: number): Promise<PairRow | undefined> {
  const { rows } = await sql<PairRow>`
    select ${COLUMNS} from review_pair p join pair_decision d on d.decision_id = ${decisionId}
    where p.decision_id = d.decision_id
      or p.run_id = d.run_id and p.left_record = d.one_record and p.right_record = d.other_record
    limit 1`.execute(tx)
  return rows[0]
}

export async function setPairState(
  tx: Tx,
  pairId: number,
  to: { readonly state: PairState; readonly decisionId: number | null },
): Promise<void> {
  await sql`update review_pair set state = ${to.state}, decision_id = ${to.decisionId}, claimed_by = null, claimed_until = null
    where pair_id = ${pairId}`.execute(tx)
}

export async function holdPair(tx: Tx, pairId: number, accountId: AccountId, until: Date): Promise<void> {
  await sql`update review_pair set claimed_by = ${accountId}, claimed_until = ${until} where pair_id = ${pairId}`.execute(
    tx,
  )
}

export interface AnswerRow extends Answer {
  readonly answerId: number
  readonly noteSealed: Buffer | null
  readonly answeredAt: Date
}

/** Those that stand, in the order of their turns. */
export async function listAnswers(tx: Tx, pairId: number): Promise<readonly AnswerRow[]> {
  const { rows } = await sql<AnswerRow>`
    select answer_id as "answerId", account_id as "accountId", turn, verdict, note_sealed as "noteSealed", answered_at as "answeredAt"
    from review_answer where pair_id = ${pairId} and withdrawn_at is null order by turn`.execute(tx)
  return rows
}

export async function insertAnswer(
  tx: Tx,
  answer: {
    readonly pairId: number
    readonly accountId: AccountId
    readonly turn: number
    readonly verdict: Verdict
    readonly noteSealed: Buffer | null
    readonly now: Date
    readonly units: readonly number[]
  },
): Promise<void> {
  await sql`insert into review_answer (pair_id, account_id, turn, verdict, note_sealed, answered_at, units)
    values (${answer.pairId}, ${answer.accountId}, ${answer.turn}, ${answer.verdict}, ${answer.noteSealed}, ${answer.now}, ${[...answer.units]}::int[])`.execute(
    tx,
  )
}

export async function withdrawAnswers(tx: Tx, answerIds: readonly number[], now: Date): Promise<void> {
  await sql`update review_answer set withdrawn_at = ${now} where answer_id = any (${[...answerIds]}::bigint[]) and withdrawn_at is null`.execute(
    tx,
  )
}

export async function countByState(
  tx: Tx,
  runId: RunId,
): Promise<readonly { readonly state: PairState; readonly count: number }[]> {
  const { rows } = await sql<{ state: PairState; count: number }>`
    select state, count(*)::int as count from review_pair where run_id = ${runId} group by state`.execute(tx)
  return rows
}

/** Pairs of the run that two looked at, with who. */
export async function listDoubles(
  tx: Tx,
  runId: RunId,
): Promise<
  readonly { readonly first: Verdict; readonly second: Verdict; readonly firstBy: number; readonly secondBy: number }[]
> {
  const { rows } = await sql<{ first: Verdict; second: Verdict; firstBy: number; secondBy: number }>`
    select a.verdict as first, b.verdict as second, a.account_id as "firstBy", b.account_id as "secondBy"
    from review_pair p join review_answer a on a.pair_id = p.pair_id and a.turn = 1 and a.withdrawn_at is null
      join review_answer b on b.pair_id = p.pair_id and b.turn = 2 and b.withdrawn_at is null
    where p.run_id = ${runId}`.execute(tx)
  return rows
}

/** One person's answers in a run, the newest first. */
export async function listOwnAnswers(
  tx: Tx,
  runId: RunId,
  accountId: AccountId,
): Promise<readonly { readonly pairId: number; readonly verdict: Verdict; readonly at: Date }[]> {
  const { rows } = await sql<{ pairId: number; verdict: Verdict; at: Date }>`
    select a.pair_id as "pairId", a.verdict, a.answered_at as at
    from review_answer a join review_pair p on p.pair_id = a.pair_id
    where p.run_id = ${runId} and a.account_id = ${accountId} and a.withdrawn_at is null
    order by a.answered_at desc, a.answer_id desc`.execute(tx)
  return rows
}

export interface ListedPair extends PairRow {
  readonly decidedBy: number | null
  readonly decidedAt: Date | null
}

export async function listPairRows(
  tx: Tx,
  runId: RunId,
  query: { readonly state: PairState | undefined; readonly page: number; readonly size: number },
): Promise<{ readonly total: number; readonly rows: readonly ListedPair[] }> {
  const held = sql`p.run_id = ${runId} and (${query.state ?? null}::text is null or p.state = ${query.state ?? null})`
  const { rows } = await sql<ListedPair>`
    select ${COLUMNS}, d.decided_by as "decidedBy", d.decided_at as "decidedAt"
    from review_pair p left join pair_decision d on d.decision_id = p.decision_id
    where ${held} order by p.kind, p.score desc, p.pair_id limit ${query.size} offset ${(query.page - 1) * query.size}`.execute(
    tx,
  )
  const { rows: counted } = await sql<{
    n: number
  }>`select count(*)::int as n from review_pair p where ${held}`.execute(tx)
  return { total: counted[0]?.n ?? 0, rows }
}

/** Decisions made, or taken back, since the run's own were read. */
export async function countDecisionsSince(tx: Tx, since: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from pair_decision
    where (decided_at > ${since} and withdrawn_at is null) or (withdrawn_at > ${since} and decided_at <= ${since})`.execute(
    tx,
  )
  return rows[0]?.n ?? 0
}

/** After one was taken back: who looked after it looked first. */
export async function renumberAnswers(tx: Tx, pairId: number): Promise<void> {
  await sql`update review_answer a set turn = o.turn
    from (select answer_id, row_number() over (order by turn)::smallint as turn from review_answer where pair_id = ${pairId} and withdrawn_at is null) o
    where a.answer_id = o.answer_id and a.turn <> o.turn`.execute(tx)
}
