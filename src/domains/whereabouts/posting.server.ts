import type { ChildId, PostingId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/index.ts'
import { byIndex } from './by-index.store.server.ts'
import {
  collectCut,
  drawPosting,
  followObligation,
  insertStaged,
  type PostingGround,
  supersedeCut,
  writeMovements,
} from './posting-store.server.ts'
import { countStaged, countUnfiled, dropUnchanged, type Entry, stage, stageEverything } from './staging-store.server.ts'

export interface Posted {
  /** Null: everything stood so already, nothing was posted. */
  readonly postingId: PostingId | null
  readonly posted: number
}

/** What callers stage at most: a few seconds under the books' lock. */
export const MOST_STAGED = 50_000
/** A reversal may bring back more entries than the posting wrote. */
const MOST_POSTED = 2 * MOST_STAGED

/**
 * [BOOK-2] [BOOK-3] [BOOK-4] Posts what is staged, in the caller's transaction: takes the books' lock, leaves out what stands so
 * already, supersedes what stood on the same days, writes the entries, what is left of the old ones, and the sums. An
 * open-ended entry holds from its day on, whatever stood later. `drawn`: after the caller's own dropUnchanged and drawPosting.
 */
export async function postStaged(tx: Tx, ground: PostingGround, drawn?: PostingId): Promise<Posted> {
  const count = drawn === undefined ? await dropUnchanged(tx) : await countStaged(tx)
  if (count === 0) return { postingId: drawn ?? null, posted: 0 }
  if (count > MOST_POSTED) throw new Error(`${count} entries staged, ${MOST_STAGED} at most`)
  if ((await countUnfiled(tx)) > 0) throw new Error('an unexplained entry is staged without its file')
  const cut = await byIndex(tx, () => collectCut(tx))
  const postingId = drawn ?? (await drawPosting(tx, ground))
  if (cut > 0) await byIndex(tx, () => supersedeCut(tx, postingId))
  const posted = await insertStaged(tx, postingId)
  await byIndex(tx, () => followObligation(tx))
  await writeMovements(tx, postingId)
  return { postingId, posted }
}

/** Posts a few entries. Empties the staging first. */
export async function post(tx: Tx, ground: PostingGround, entries: readonly Entry[]): Promise<Posted> {
  await stage(tx, entries)
  return await postStaged(tx, ground)
}

/** [BOOK-7] The children leave the books: nothing stands for them any more. Empties the staging first. */
export async function leaveBooks(tx: Tx, childIds: readonly ChildId[], ground: PostingGround): Promise<Posted> {
  await stageEverything(tx, childIds)
  return await postStaged(tx, ground)
}
