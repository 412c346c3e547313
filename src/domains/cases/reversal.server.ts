import type { AccountId, ChildId, PostingId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import {
  drawPosting,
  holdsOfRun,
  makeEvidence,
  stageEntries,
  stageReversal,
  withdrawConfirmed,
  withdrawRun,
} from '../whereabouts/server.ts'
import { openAndPost } from './posting.server.ts'
import { stageToVerify } from './reversal.store.server.ts'

export interface Undoing {
  readonly runId: string
  readonly authorId: AccountId
  readonly today: PlainDate
  /** The answer's `next` of the step before; left out at the first step. */
  readonly below?: PostingId | undefined
}

export interface Undone {
  readonly reversed: number
  /** Somebody posted later for them: the ground is gone, so what stands is asked about. */
  readonly contested: number
  /** Null: nothing is left. */
  readonly next: PostingId | null
}

/**
 * [CASE-9] Takes one posting of a run back, the newest first: what stood before stands again with a file where it needs one,
 * files that only the run opened close as reversed, who was not in the books leaves them, and who was posted for later is
 * to be verified. Call it until `next` is null, in one transaction or one a step: a step done twice changes nothing.
 */
export async function reverseRun(tx: Tx, { runId, authorId, today, below }: Undoing): Promise<Undone> {
  const draft = { source: 'undo', sourceKey: runId, authorId } as const
  const { postingId: next, staged, contested } = await stageReversal(tx, { source: 'run', sourceKey: runId }, below)
  if (staged > 0) await openAndPost(tx, draft, today, 'reversed')
  if (contested.length > 0) await askAbout(tx, contested, draft, today)
  // At the last step, whether it moved anybody or not: a run may have confirmed and bridged without an entry.
  if (next === null && (await holdsOfRun(tx, runId))) await withdrawRun(tx, runId, await drawPosting(tx, draft))
  return { reversed: staged, contested: contested.length, next }
}

/**
 * [CASE-18] Takes back what a ledger posted, in one transaction: who was only in the books by it leaves them, and who was posted
 * for later is to be verified. Its papers prove nothing any more.
 */
export async function reverseLedger(
  tx: Tx,
  { sheetId, authorId, today }: { readonly sheetId: string; readonly authorId: AccountId; readonly today: PlainDate },
): Promise<{ readonly reversed: number; readonly contested: number }> {
  const draft = { source: 'undo', sourceKey: sheetId, authorId } as const
  let reversed = 0
  let contested = 0
  for (let below: PostingId | undefined; ; ) {
    const step = await stageReversal(tx, { source: 'ledger', sourceKey: sheetId }, below)
    if (step.postingId === null) break
    if (step.staged > 0) await openAndPost(tx, draft, today, 'reversed')
    if (step.contested.length > 0) await askAbout(tx, step.contested, draft, today)
    reversed += step.staged
    contested += step.contested.length
    below = step.postingId
  }
  await withdrawConfirmed(tx, { source: 'ledger', sourceKey: sheetId }, await drawPosting(tx, draft))
  return { reversed, contested }
}

/** Who is unexplained is asked about already; who was asked about for this undo once is not asked again. */
async function askAbout(
  tx: Tx,
  children: readonly ChildId[],
  draft: { readonly source: 'undo'; readonly sourceKey: string; readonly authorId: AccountId },
  today: PlainDate,
): Promise<void> {
  await stageEntries(tx)
  const evidenceId = await makeEvidence(tx, 'none')
  if ((await stageToVerify(tx, { children, evidenceId, undoing: draft.sourceKey, today })) > 0) {
    await openAndPost(tx, draft, today)
  }
}
