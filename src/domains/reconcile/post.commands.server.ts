import { createReadStream } from 'node:fs'
import { valueOn } from '../../engines/policy/index.ts'
import { type AccountId, type BatchId, type ChildId, type RunId, unitId } from '../../kernel/ids.ts'
import { addDays, type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { schoolYear } from '../../kernel/school-year.ts'
import { createClock } from '../../platform/clock.ts'
import { type Database, openDatabase, type Tx } from '../../platform/db/index.ts'
import { keysOf } from '../../platform/keys.ts'
import { createLog, errorFields } from '../../platform/log.ts'
import type { ChildAccess } from '../../platform/services.ts'
import { mergeAndPost, openAndPost } from '../cases/server.ts'
import { mergeChildren } from '../persons/server.ts'
import { evidenceExpiryOn } from '../whereabouts/index.ts'
import { confirmEvidence, drawPosting, openBooks, stageEntries } from '../whereabouts/server.ts'
import type { PostedChange, RunProgress } from './contract.ts'
import { applyDecisions, listApart } from './decision-post.store.server.ts'
import { pauseDays, schoolingRuleOn, watchedUntilAge } from './policy.ts'
import {
  countMerges,
  findLastPosting,
  listChanges,
  listUnconfirmed,
  writeBridge,
  writeClaims,
} from './posting-end.store.server.ts'
import { joinPairs } from './posting-pairs.ts'
import { recordRunRepairs } from './posting-repairs.server.ts'
import {
  collectChildren,
  followMerges,
  hasTables,
  insertGround,
  listSamePairs,
  loadFacts,
  lockGround,
  lockPostings,
  openTables,
} from './posting-rows.store.server.ts'
import {
  collectRolls,
  collectSaid,
  collectTargets,
  createDecisions,
  makeGroundEvidence,
  stageTargets,
  type Terms,
} from './posting-target.store.server.ts'
import { reasonWords } from './reason-words.ts'
import { obligationBand } from './rules.ts'

export interface PostTask {
  readonly kind: 'post'
  readonly access: ChildAccess
  readonly runId: RunId
  readonly authorId: AccountId
  readonly batchIds: readonly BatchId[]
  readonly schoolYear: number
  readonly asOf: PlainDate
  readonly today: PlainDate
  readonly now: Date
  /** Of `writeFacts`. */
  readonly factsCsv: string
  /** Entries posted in one transaction. */
  readonly chunk?: number
}

export interface PostAnswer {
  readonly changes: readonly PostedChange[]
  readonly posted: number
  readonly merged: number
}

interface Saying {
  readonly signal: AbortSignal
  progress(progress: RunProgress): void
}

/** A posting of 50,000 with its files takes seconds; joining millions of rows, minutes. */
const STATEMENT = { statementSeconds: 900 }
const CHUNK = 50_000
const PAIRS_A_PART = 10_000
/** A twentieth of it with entries on both sides: each side's entry is superseded one by one. */
const BOOKED_PAIRS_A_PART = 500

/**
 * [POST-19] Brings the books to what the newest sheets say, in transactions of at most 50,000 entries. What is wanted is
 * worked out from the sheets and from what stands, and only the difference is posted: a posting that was killed begins
 * again, finds its own entries standing, and ends the same. Posting the same batches twice posts nothing.
 */
export async function postRun(task: PostTask, saying: Saying): Promise<PostAnswer> {
  // One connection: the tables of the session live as long as it.
  const log = createLog(process.stderr, createClock(task.today).now)
  const db = await openDatabase({ url: task.access.databaseUrl, log, connections: 1 })
  try {
    return await post(db, task, saying)
  } catch (error) {
    if (!(error instanceof Problem)) log.error('reconcile.post-failed', { runId: task.runId, ...errorFields(error) })
    throw error
  } finally {
    await db.close()
  }
}

async function post(db: Database, task: PostTask, { signal, progress }: Saying): Promise<PostAnswer> {
  const { runId, authorId, today, now } = task
  const say = (percent: number, stage: keyof typeof reasonWords.posting) => {
    signal.throwIfAborted()
    progress({ percent, stage: reasonWords.posting[stage], rowsPerSecond: null, remainingSeconds: null })
  }
  const guarded = <T>(work: (tx: Tx) => Promise<T>) =>
    db.asSystem(
      'reconcile.post',
      async (tx) => {
        await getGround(tx, task)
        return work(tx)
      },
      STATEMENT,
    )
  say(0, 'rows')
  await db.asSystem('reconcile.post', lockPostings, STATEMENT)
  const band = bandOfTask(task)
  const opening = await guarded(async (tx) => {
    await openTables(tx)
    const ground = await getGround(tx, task)
    await insertGround(tx, runId, task.batchIds)
    await loadFacts(tx, createReadStream(task.factsCsv), ground)
    return openBooks(tx, task.asOf, now)
  })
  say(15, 'merges')
  await mergePairs(guarded, task)
  say(25, 'wanted')
  const terms: Terms = {
    band,
    rule: ruleOfTask(task),
    asOf: task.asOf,
    opening,
    watchedAge: valueOn(watchedUntilAge, task.asOf),
    pauseUntil: addDays(task.asOf, valueOn(pauseDays, task.asOf)),
  }
  const wanted = await guarded(async (tx) => {
    await followMerges(tx, band)
    await applyDecisions(tx, band)
    await collectChildren(tx)
    await collectRolls(tx)
    await makeGroundEvidence(tx)
    await collectSaid(tx, terms)
    await createDecisions(tx)
    return collectTargets(tx, terms)
  })
  const draft = { source: 'run', sourceKey: runId, authorId } as const
  const chunk = task.chunk ?? CHUNK
  for (let from = 0; from < wanted; from += chunk) {
    say(40 + (50 * from) / wanted, 'entries')
    await guarded(async (tx) => {
      // The server closed the session in between: this try is over, the next one finds what was posted.
      if (!(await hasTables(tx))) throw new Problem('SYSTEM.DATABASE_AWAY')
      await stageEntries(tx)
      await stageTargets(tx, { from, until: from + chunk })
      const { postingId } = await openAndPost(tx, draft, today)
      if (postingId !== null) await writeClaims(tx, postingId)
    })
  }
  await guarded((tx) => recordRunRepairs(tx, keysOf(task.access.keys), { runId, today }))
  say(92, 'bridge')
  return guarded(async (tx) => {
    const unconfirmed = await listUnconfirmed(tx)
    // A confirmation is of the transaction that draws its posting. A run that found nothing to change has looked all the same.
    const found = unconfirmed.length > 0 ? null : await findLastPosting(tx, runId)
    const last = found ?? (await drawPosting(tx, draft))
    for (const { kind, unitId: giver, asOf } of unconfirmed) {
      const expiresDay = evidenceExpiryOn(kind, asOf)
      await confirmEvidence(tx, { kind, unitId: unitId(giver), confirmedDay: asOf, expiresDay, postingId: last })
    }
    await writeBridge(tx, { runId, asOf: task.asOf > opening ? task.asOf : opening, posting: last })
    const changes = await listChanges(tx, runId)
    return { changes, posted: changes.reduce((sum, { count }) => sum + count, 0), merged: await countMerges(tx, runId) }
  })
}

/** [POST-11] A batch that was undone meanwhile carries nothing: its undoing waits for this transaction, or is seen by it. */
async function getGround(tx: Tx, { batchIds }: PostTask) {
  const ground = await lockGround(tx, batchIds)
  if (ground.length < batchIds.length) throw new Problem('RUN.BATCH_UNDONE')
  return ground
}

/** [POST-12] Who is in the books already stays the child; both are: the entries of one go. */
async function mergePairs(guarded: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>, task: PostTask): Promise<void> {
  const pairs = await guarded(async (tx) => joinPairs(await listSamePairs(tx), await listApart(tx)))
  const act = {
    source: 'run',
    sourceKey: task.runId,
    authorId: task.authorId,
    now: task.now,
    today: task.today,
  } as const
  const plain = pairs.filter((pair) => !pair.isFromInBooks)
  const booked = pairs.filter((pair) => pair.isFromInBooks)
  for (let at = 0; at < plain.length; at += PAIRS_A_PART) {
    await guarded((tx) => mergeChildren(tx, plain.slice(at, at + PAIRS_A_PART).map(groundless), act))
  }
  for (let at = 0; at < booked.length; at += BOOKED_PAIRS_A_PART) {
    await guarded((tx) => mergeAndPost(tx, booked.slice(at, at + BOOKED_PAIRS_A_PART).map(groundless), act))
  }
}

function groundless({ from, into }: { readonly from: ChildId; readonly into: ChildId }) {
  return { from, into, grounds: reasonWords.posting.linkage }
}

function ruleOfTask(task: PostTask) {
  return schoolingRuleOn(plainDate(`${task.schoolYear}-08-31`))
}

function bandOfTask(task: PostTask) {
  return obligationBand(schoolYear(task.schoolYear), ruleOfTask(task))
}
