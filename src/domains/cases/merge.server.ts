import type { AccountId, ChildId, PostingId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import { findSurvivor, type MergePair, mergeChildren, unmerge } from '../persons/server.ts'
import { leaveBooks, makeEvidence, stageEntries } from '../whereabouts/server.ts'
import { openAndPost } from './posting.server.ts'
import { findMergePosting, listMerged, stageComeback, stageTakeover } from './reversal.store.server.ts'
import { closeFilesOf } from './staging.store.server.ts'

export interface MergeAct {
  readonly source: 'run' | 'officer'
  /** Run id, or the id of an officer's act. */
  readonly sourceKey: string
  readonly authorId: AccountId | null
  readonly now: Date
  readonly today: PlainDate
}

/**
 * [CASE-10] A child that stood in the books twice stands there once: the entries of the one are superseded and its file
 * closes as merged; where only that one stood in the books, all its entries go over to the other.
 */
export async function mergeAndPost(tx: Tx, pairs: readonly MergePair[], act: MergeAct): Promise<number> {
  const ground = { source: 'merge', sourceKey: act.sourceKey, authorId: act.authorId } as const
  const ended = await survivorsOf(tx, endsOf(pairs))
  const from = ended.map((pair) => pair.from)
  await stageEntries(tx)
  await stageTakeover(tx, ended)
  await openAndPost(tx, ground, act.today)
  const { postingId } = await leaveBooks(tx, from, ground)
  if (postingId !== null) await closeFilesOf(tx, from, { postingId, today: act.today, outcome: 'merged' })
  return mergeChildren(tx, ended, act)
}

/** Who was merged before stands for whom it became. */
async function survivorsOf(tx: Tx, pairs: readonly MergePair[]): Promise<readonly MergePair[]> {
  const merged = await listMerged(
    tx,
    pairs.map((pair) => pair.into),
  )
  const survivors = new Map<number, ChildId>()
  for (const child of merged) survivors.set(child, await findSurvivor(tx, child))
  return pairs.map((pair) => ({ ...pair, into: survivors.get(pair.into) ?? pair.into }))
}

/** Each pair with the last child of its chain; pairs that run in a circle say nothing and are left out. */
export function endsOf(pairs: readonly MergePair[]): readonly MergePair[] {
  const next = new Map(pairs.map((pair) => [pair.from, pair.into]))
  return pairs.flatMap((pair) => {
    let into = pair.into
    for (let steps = 0; steps <= pairs.length; steps += 1) {
      const further = next.get(into)
      if (further === undefined) return [{ ...pair, into }]
      into = further
    }
    return []
  })
}

/**
 * [CASE-10] The merged child comes back: its days until today as they stood, from today on to be verified, with a file of its
 * own. What was posted for the other one meanwhile stays with the other.
 */
export async function unmergeAndPost(
  tx: Tx,
  mergeId: number,
  act: { readonly authorId: AccountId; readonly now: Date; readonly today: PlainDate },
): Promise<{ readonly fromChild: ChildId; readonly intoChild: ChildId; readonly postingId: PostingId | null }> {
  const found = await unmerge(tx, mergeId, { accountId: act.authorId, now: act.now, today: act.today })
  if (found === undefined) throw new Problem('REQUEST.NOT_FOUND')
  const { fromChild, intoChild } = found
  const leftBy = await findMergePosting(tx, fromChild)
  if (leftBy === undefined) return { fromChild, intoChild, postingId: null }
  await stageEntries(tx)
  const evidenceId = await makeEvidence(tx, 'none')
  await stageComeback(tx, { childId: fromChild, leftBy, evidenceId, today: act.today })
  const ground = { source: 'merge', sourceKey: `undo:${mergeId}`, authorId: act.authorId } as const
  const { postingId } = await openAndPost(tx, ground, act.today)
  return { fromChild, intoChild, postingId }
}
