import { valueOn } from '../../engines/policy/index.ts'
import type { RunId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { decideLoggedReason } from '../../kernel/reason.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { openRecords } from '../persons/server.ts'
import { findPersons } from '../registry/server.ts'
import type { Asked } from './commands.ts'
import { decidePair, undoDecision } from './decision.server.ts'
import { findDecision } from './decision.store.server.ts'
import { claimMinutes } from './policy.ts'
import * as store from './review.store.server.ts'
import type { ReviewLine, ReviewOverview, ReviewPair, ReviewPairLine } from './review-contract.ts'
import { linesOf } from './review-lines.ts'
import { agreementOf, foldAnswers, mayAnswer, type PairState, paceOf, turnOf, type Verdict } from './review-rules.ts'
import { NOTE_SEAL, recordOf, viewPairs } from './review-view.server.ts'
import { reviewWords as words } from './review-words.ts'
import { findPreviousRun, findRun, type RunFound } from './store.ts'

const OPEN = ['open', 'second'] as const
const RECENT = 20

function readerOf(actor: Actor) {
  return {
    accountId: actor.accountId,
    mayReview: actor.permissions.has('run.review'),
    maySettle: actor.permissions.has('run.review-settle'),
  }
}

function statesFor(actor: Actor): readonly PairState[] {
  const { mayReview, maySettle } = readerOf(actor)
  return [...(mayReview ? OPEN : []), ...(maySettle ? (['dispute'] as const) : [])]
}

async function getRun(tx: Tx, id: RunId): Promise<RunFound> {
  const run = await findRun(tx, id)
  if (run === undefined) throw new Problem('REQUEST.NOT_FOUND')
  return run
}

/** In the scope of who asks: a pair of a run out of sight is not there. */
async function seePair({ db }: Services, actor: Actor, pairId: number): Promise<store.PairRow> {
  const pair = await db.inScope(actor.scope, (tx) => store.findPair(tx, pairId))
  if (pair === undefined) throw new Problem('REQUEST.NOT_FOUND')
  return pair
}

/** [REVIEW-3] How far the run is, how fast the reader is, and how far two agree. */
export async function readReview({ db, clock }: Services, actor: Actor, id: RunId): Promise<ReviewOverview> {
  return db.inScope(actor.scope, async (tx) => {
    const run = await getRun(tx, id)
    const byState = await store.countByState(tx, id)
    const sum = (states: readonly PairState[]) =>
      byState.reduce((total, { state, count }) => (states.includes(state) ? total + count : total), 0)
    const own = await store.listOwnAnswers(tx, id, actor.accountId)
    const doubles = await store.listDoubles(tx, id)
    const mine = doubles.filter(({ firstBy, secondBy }) => firstBy === actor.accountId || secondBy === actor.accountId)
    const verdicts = (pairs: typeof doubles) => pairs.map(({ first, second }) => [first, second] as const)
    const forMe = { runId: id, accountId: actor.accountId, states: statesFor(actor), now: clock.now() }
    return {
      total: byState.reduce((total, { count }) => total + count, 0),
      done: sum(['same', 'different', 'unsure']),
      byState: [...byState],
      forMe: await store.countForMe(tx, forMe),
      mine: {
        answered: own.length,
        pace: paceOf(own.map(({ at }) => at.getTime()).reverse()),
        agreement: agreementOf(verdicts(mine)),
        recent: own.slice(0, RECENT).map(({ pairId, verdict }) => ({ pairId, verdict })),
      },
      agreement: agreementOf(verdicts(doubles)),
      unread: await store.countDecisionsSince(tx, await lastReadingOf(tx, run)),
    }
  })
}

/** When the newest finished run of the unit read the decisions: as it began. */
async function lastReadingOf(tx: Tx, run: RunFound): Promise<Date> {
  const newest = await findPreviousRun(tx, { ...run, number: 2_147_483_647 })
  return newest?.started_at ?? run.started_at ?? run.created_at
}

/** [REVIEW-7] The next pairs of one person, held for some minutes so that nobody else gets them. */
export async function claimPairs(
  services: Services,
  actor: Actor,
  id: RunId,
  { most, states }: { readonly most: number; readonly states: 'looks' | 'disputes' },
): Promise<{ pairs: ReviewPair[] }> {
  const { db, clock, keys } = services
  await db.inScope(actor.scope, (tx) => getRun(tx, id))
  const now = clock.now()
  return db.asSystem('reconcile.review-claim', async (tx) => {
    const pairs = await store.claimPairs(tx, {
      runId: id,
      accountId: actor.accountId,
      states: states === 'looks' ? OPEN : ['dispute'],
      most,
      now,
      until: claimUntil(services),
    })
    return { pairs: [...(await viewPairs(tx, keys, pairs, readerOf(actor)))] }
  })
}

function claimUntil({ clock }: Services): Date {
  return new Date(clock.now().getTime() + valueOn(claimMinutes, clock.today()) * 60_000)
}

export interface AnswerOrder {
  readonly pairId: number
  readonly verdict: Verdict
  readonly note?: string | undefined
}

/**
 * [REVIEW-1] One answer, saved at once with what comes of it: the pair's state, the decision, and the merge or its undoing.
 * [REVIEW-7] Who took the pair up too late, or answered it before, is told so and nothing is saved.
 */
export async function answerPair(
  services: Services,
  { actor, audit }: Asked,
  order: AnswerOrder,
): Promise<{ state: PairState; decisionId: number | null }> {
  const { db, clock, keys } = services
  await seePair(services, actor, order.pairId)
  const now = clock.now()
  return db.asSystem('reconcile.review-answer', async (tx) => {
    const pair = await store.lockPair(tx, order.pairId)
    if (pair === undefined) throw new Problem('REQUEST.NOT_FOUND')
    const before = await store.listAnswers(tx, order.pairId)
    const isHeldByOther =
      pair.claimedBy !== null && pair.claimedBy !== actor.accountId && (pair.claimedUntil ?? now) > now
    if (isHeldByOther || !mayAnswer(readerOf(actor), pair.state, before)) throw new Problem('REVIEW.NOT_YOURS')
    const answer = { accountId: actor.accountId, turn: turnOf(pair.state) ?? 1, verdict: order.verdict }
    const note = order.note?.trim() ?? ''
    await store.insertAnswer(tx, {
      ...answer,
      pairId: order.pairId,
      noteSealed: note === '' ? null : keys.seal(note, NOTE_SEAL),
      now,
      units: pair.units,
    })
    const state = foldAnswers([...before, answer], pair.needsSecond)
    const decisionId = isDecided(state) ? await decidePair(tx, pair, state, actOf(services, actor)) : null
    await store.setPairState(tx, order.pairId, { state, decisionId })
    await audit.record(tx, { target: `pair:${order.pairId}` })
    return { state, decisionId }
  })
}

function isDecided(state: PairState): state is 'same' | 'different' {
  return state === 'same' || state === 'different'
}

function actOf({ clock }: Services, actor: Actor) {
  return { accountId: actor.accountId, now: clock.now(), today: clock.today() }
}

/** [DECIDE-3] The own answer comes back with what came of it, and the pair with it, held by who took it back. */
export async function undoAnswer(services: Services, { actor, audit }: Asked, pairId: number): Promise<ReviewPair> {
  const { db, clock, keys } = services
  await seePair(services, actor, pairId)
  return db.asSystem('reconcile.review-undo', async (tx) => {
    const pair = await store.lockPair(tx, pairId)
    const answers = await store.listAnswers(tx, pairId)
    const own = answers.find(({ accountId }) => accountId === actor.accountId)
    if (pair === undefined || own === undefined) throw new Problem('REVIEW.NOTHING_TO_UNDO')
    // What others said after it rested on it: a second look stays the look of another person and moves up.
    const rest = answers.filter(({ answerId }) => answerId !== own.answerId)
    await store.withdrawAnswers(tx, [own.answerId], clock.now())
    await store.renumberAnswers(tx, pairId)
    if (pair.decisionId !== null) await undoDecision(tx, pair.decisionId, actOf(services, actor))
    const kept = rest.map((answer, at) => ({ ...answer, turn: at + 1 }))
    const state = foldAnswers(kept, pair.needsSecond)
    const decisionId = isDecided(state) ? await decidePair(tx, pair, state, actOf(services, actor)) : null
    await store.setPairState(tx, pairId, { state, decisionId })
    if (turnOf(state) !== null) await store.holdPair(tx, pairId, actor.accountId, claimUntil(services))
    await audit.record(tx, { target: `pair:${pairId}` })
    const [shown] = await viewPairs(tx, keys, [{ ...pair, state, decisionId }], readerOf(actor))
    return shown!
  })
}

export async function readPair(services: Services, actor: Actor, pairId: number): Promise<ReviewPair> {
  const pair = await seePair(services, actor, pairId)
  return viewOne(services, actor, pair)
}

async function viewOne({ db, keys }: Services, actor: Actor, pair: store.PairRow): Promise<ReviewPair> {
  const [shown] = await db.asSystem('reconcile.review-read', (tx) => viewPairs(tx, keys, [pair], readerOf(actor)))
  return shown!
}

/** [REVIEW-5] The numbers of one pair, for a reason that is kept with the pair. */
export async function revealPair(
  services: Services,
  { actor, audit }: Asked,
  order: { readonly pairId: number; readonly reason: string },
): Promise<{ lines: ReviewLine[] }> {
  const reason = decideLoggedReason(order.reason, 'REVIEW.REASON_NEEDED')
  const pair = await seePair(services, actor, order.pairId)
  return services.db.asSystem('reconcile.review-reveal', async (tx) => {
    await audit.record(tx, { kind: 'reveal', target: `pair:${order.pairId}`, reason })
    const records = await openRecords(tx, services.keys, [pair.left, pair.right])
    return { lines: [...linesOf(recordOf(records, pair.left), recordOf(records, pair.right), 'plain')] }
  })
}

export async function listPairs(
  services: Services,
  actor: Actor,
  id: RunId,
  query: { readonly state: PairState | undefined; readonly page: number; readonly size: number },
): Promise<{ total: number; page: number; size: number; rows: ReviewPairLine[] }> {
  const { total, rows } = await services.db.inScope(actor.scope, async (tx) => {
    await getRun(tx, id)
    return store.listPairRows(tx, id, query)
  })
  return services.db.asSystem('reconcile.review-list', async (tx) => {
    const records = await openRecords(
      tx,
      services.keys,
      rows.flatMap(({ left, right }) => [left, right]),
    )
    const persons = await findPersons(tx, [...new Set(rows.flatMap(({ decidedBy }) => decidedBy ?? []))])
    return {
      total,
      page: query.page,
      size: query.size,
      rows: rows.map((row) => {
        const [left, right] = [recordOf(records, row.left), recordOf(records, row.right)]
        return {
          pairId: row.pairId,
          kind: row.kind,
          state: row.state,
          name: left.identity.name,
          rollName: right.identity.name,
          birth: left.identity.birth ?? right.identity.birth,
          school: right.roll?.school ?? null,
          score: row.score,
          decisionId: row.decisionId,
          decidedBy: row.decidedBy === null ? null : (persons.get(row.decidedBy) ?? words.unknownPerson),
          decidedAt: row.decidedAt?.toISOString() ?? null,
        }
      }),
    }
  })
}

/** [DECIDE-2] What a refusal named, opened: by whom, when, and the pair it was about. */
export async function readDecision(services: Services, actor: Actor, decisionId: number) {
  const found = await services.db.inScope(actor.scope, async (tx) => {
    const decision = await findDecision(tx, decisionId)
    if (decision === undefined) throw new Problem('REQUEST.NOT_FOUND')
    const persons = await findPersons(tx, [decision.decidedBy])
    return { decision, persons, pair: await store.findPairOfDecision(tx, decisionId) }
  })
  const { decision, persons, pair } = found
  return {
    decisionId,
    verdict: decision.verdict,
    who: persons.get(decision.decidedBy) ?? words.unknownPerson,
    at: decision.decidedAt.toISOString(),
    withdrawnAt: decision.withdrawnAt?.toISOString() ?? null,
    pair: pair === undefined ? null : await viewOne(services, actor, pair),
  }
}

/** [DECIDE-3] Anybody who reviews may take a decision back, for a reason; the pair is open again for everybody. */
export async function withdrawDecision(
  services: Services,
  { actor, audit }: Asked,
  order: { readonly decisionId: number; readonly reason: string },
): Promise<{ state: PairState }> {
  const pair = await services.db.inScope(actor.scope, async (tx) => {
    if ((await findDecision(tx, order.decisionId)) === undefined) throw new Problem('REQUEST.NOT_FOUND')
    return store.findPairOfDecision(tx, order.decisionId)
  })
  const reason = decideLoggedReason(order.reason, 'REVIEW.REASON_NEEDED')
  return services.db.asSystem('reconcile.decision-withdraw', async (tx) => {
    if (pair !== undefined) await store.lockPair(tx, pair.pairId)
    const isUndone = await undoDecision(tx, order.decisionId, actOf(services, actor))
    if (isUndone && pair !== undefined) {
      const answers = await store.listAnswers(tx, pair.pairId)
      await store.withdrawAnswers(
        tx,
        answers.map(({ answerId }) => answerId),
        services.clock.now(),
      )
      await store.setPairState(tx, pair.pairId, { state: 'open', decisionId: null })
    }
    await audit.record(tx, { target: `decision:${order.decisionId}`, reason })
    return { state: isUndone ? 'open' : (pair?.state ?? 'open') }
  })
}
