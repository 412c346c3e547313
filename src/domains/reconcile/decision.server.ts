import type { AccountId, RecordId, RunId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import { mergeAndPost, unmergeAndPost } from '../cases/server.ts'
import { findPersons } from '../registry/server.ts'
import { lockBooks } from '../whereabouts/server.ts'
import {
  type DecisionFound,
  findApart,
  findDecisionOver,
  findLiveMerge,
  findPartingMerge,
  findSameOf,
  insertDecision,
  readPairChildren,
  setDecisionMerge,
  withdrawDecision,
} from './decision.store.server.ts'
import { joinPairs } from './posting-pairs.ts'
import { reviewWords as words } from './review-words.ts'

export interface DecisionAct {
  readonly accountId: AccountId
  readonly now: Date
  readonly today: PlainDate
}

export interface PairToDecide {
  readonly runId: RunId
  readonly left: RecordId
  readonly right: RecordId
  readonly units: readonly number[]
}

/**
 * [DECIDE-1] Two records are one child, or are not, from now on and whatever a score says: "same" merges the children at
 * once, "different" undoes the merge of a run. [DECIDE-2] What contradicts an earlier decision, directly or over other
 * children, is refused and names it; nothing is saved.
 */
export async function decidePair(
  tx: Tx,
  pair: PairToDecide,
  verdict: 'same' | 'different',
  act: DecisionAct,
): Promise<number> {
  // Two officers at once: the second sees what the first has made of the children.
  await lockBooks(tx)
  return verdict === 'same' ? joinTwo(tx, pair, act) : partTwo(tx, pair, act)
}

async function joinTwo(tx: Tx, pair: PairToDecide, act: DecisionAct): Promise<number> {
  const children = await readPairChildren(tx, pair.left, pair.right)
  if (children.one !== children.other) {
    const apart = await findApart(tx, children.one, children.other)
    if (apart !== undefined) throw await contradictionOf(tx, apart)
  }
  const decisionId = await insertDecision(tx, {
    ...rowOf(pair, act),
    verdict: 'same',
    oneChild: children.one,
    otherChild: children.other,
  })
  for (const { from, into } of joinPairs([children])) {
    await mergeAndPost(tx, [{ from, into, grounds: words.grounds }], {
      source: 'officer',
      sourceKey: `decision:${decisionId}`,
      authorId: act.accountId,
      now: act.now,
      today: act.today,
    })
    const mergeId = await findLiveMerge(tx, from)
    if (mergeId !== undefined) await setDecisionMerge(tx, decisionId, mergeId)
  }
  return decisionId
}

async function partTwo(tx: Tx, pair: PairToDecide, act: DecisionAct): Promise<number> {
  const before = await readPairChildren(tx, pair.left, pair.right)
  const undone = before.one === before.other ? await undoMergeOf(tx, pair, act) : undefined
  const { one, other } = undone === undefined ? before : await readPairChildren(tx, pair.left, pair.right)
  // Records that came with the same ID number stay with it, whatever merge is undone.
  if (one === other) throw new Problem('REVIEW.ONE_CHILD')
  const decisionId = await insertDecision(tx, {
    ...rowOf(pair, act),
    verdict: 'different',
    oneChild: one,
    otherChild: other,
  })
  if (undone !== undefined) await setDecisionMerge(tx, decisionId, undone)
  return decisionId
}

async function undoMergeOf(tx: Tx, { left, right }: PairToDecide, act: DecisionAct): Promise<number> {
  const same = await findSameOf(tx, left, right)
  if (same !== undefined) throw await contradictionOf(tx, { decision: same })
  const mergeId = await findPartingMerge(tx, left, right)
  if (mergeId === undefined) throw new Problem('REVIEW.ONE_CHILD')
  const over = await findDecisionOver(tx, mergeId)
  if (over !== undefined) throw await contradictionOf(tx, { decision: over })
  await unmergeAndPost(tx, mergeId, { authorId: act.accountId, now: act.now, today: act.today })
  return mergeId
}

/** [DECIDE-3] Taken back: a merge that came of it is undone, and nothing of it holds the children apart. */
export async function undoDecision(tx: Tx, decisionId: number, act: DecisionAct): Promise<boolean> {
  await lockBooks(tx)
  const withdrawn = await withdrawDecision(tx, decisionId, act)
  if (withdrawn === undefined) return false
  if (withdrawn.verdict === 'same' && withdrawn.mergeId !== null) {
    await unmergeAndPost(tx, withdrawn.mergeId, { authorId: act.accountId, now: act.now, today: act.today })
  }
  return true
}

async function contradictionOf(
  tx: Tx,
  found: { readonly decision: DecisionFound } | { readonly by: number; readonly at: Date },
): Promise<Problem> {
  const [by, at] = 'decision' in found ? [found.decision.decidedBy, found.decision.decidedAt] : [found.by, found.at]
  const who = (await findPersons(tx, [by])).get(by) ?? words.unknownPerson
  const day = words.day(at)
  if (!('decision' in found)) return new Problem('REVIEW.TAKEN_APART', { who, day })
  const { decisionId: number, verdict } = found.decision
  return new Problem('REVIEW.CONTRADICTS', { who, day, number, verdict: words.verdict[verdict] })
}

function rowOf({ runId, left, right, units }: PairToDecide, { accountId, now }: DecisionAct) {
  return { oneRecord: left, otherRecord: right, runId, units, accountId, now }
}
