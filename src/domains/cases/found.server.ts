import type { ChildId, PostingId, RecordId, UnitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { AccountCode, EvidenceKind } from '../whereabouts/index.ts'
import { confirmEvidence, makeEvidence, stage } from '../whereabouts/server.ts'
import { openAndPost, type PostingDraft } from './posting.server.ts'

/** Where a child was found to be, on a paper of its own with its own day. */
export interface FoundEntry {
  readonly childId: ChildId
  readonly account: AccountCode
  readonly from: PlainDate
  readonly registered: number | null
  readonly living: number | null
  readonly school: number | null
  readonly pauseUntil: PlainDate | null
  readonly evidence: EvidenceKind
  /** The day the paper speaks of, which may be long before the posting. */
  readonly confirmedDay: PlainDate
  /** First day on which it proves nothing any more. */
  readonly expiresDay: PlainDate
  readonly recordId?: RecordId | undefined
  /** Given for a child that is not in the books yet. */
  readonly obligedFrom?: PlainDate | undefined
}

/**
 * [CASE-16] Posts what papers say of several children, each as old as its paper and not as old as the posting, with the files
 * that it opens and closes. One entry a child; at most as many as a posting takes.
 */
export async function postFound(
  tx: Tx,
  draft: PostingDraft,
  entries: readonly FoundEntry[],
  today: PlainDate,
): Promise<PostingId | null> {
  const papers = []
  for (const entry of entries) papers.push({ entry, evidenceId: await makeEvidence(tx, entry.evidence) })
  await stage(
    tx,
    papers
      .toSorted((a, b) => (a.entry.registered ?? 0) - (b.entry.registered ?? 0))
      .map(({ entry, evidenceId }) => ({
        childId: entry.childId,
        from: entry.from,
        account: entry.account,
        registered: entry.registered as UnitId | null,
        living: entry.living as UnitId | null,
        school: entry.school as UnitId | null,
        evidenceId,
        pauseUntil: entry.pauseUntil ?? undefined,
        recordId: entry.recordId,
        obligedFrom: entry.obligedFrom,
      })),
  )
  const { postingId } = await openAndPost(tx, draft, today)
  if (postingId === null) return null
  for (const { entry, evidenceId } of papers) {
    const { confirmedDay, expiresDay } = entry
    await confirmEvidence(tx, { evidenceId, confirmedDay, expiresDay, postingId })
  }
  return postingId
}
