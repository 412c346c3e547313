import { valueOn } from '../../engines/policy/index.ts'
import {
  type AccountId,
  type ChildId,
  type EvidenceId,
  type PostingId,
  recordId as toRecordId,
  type UnitId,
} from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type AccountCode, type EvidenceKind, evidenceExpiryOn } from '../whereabouts/index.ts'
import { confirmEvidence, type Entry, makeEvidence, stage } from '../whereabouts/server.ts'
import { findDistrictOf, findOpenEntry, isSchool } from './entry.store.server.ts'
import { decideEntry, type SchoolPlace } from './entry-rules.ts'
import { longestPauseDays } from './policy.ts'
import { openAndPost } from './posting.server.ts'
import { casesWords } from './words.ts'

export interface OneEntry {
  readonly childId: ChildId
  readonly account: AccountCode
  readonly from: PlainDate
  readonly evidence: EvidenceKind
  /** The school attended; null: the one it is on the roll of. */
  readonly schoolId: number | null
  readonly pauseUntil: PlainDate | null
  /** The day on which somebody saw, heard or was written to; left out: the day of posting. */
  readonly confirmedDay?: PlainDate
}

interface PostingAct {
  readonly authorId: AccountId
  readonly today: PlainDate
  /** Left out: the child's own. */
  readonly sourceKey?: string
}

/**
 * [CASE-13] Posts what an officer found of one child, on a paper of its own that is as old as the day of posting unless said
 * otherwise. A day that was spoken of already is spoken of anew: what stood is superseded, not changed.
 */
export async function postOne(
  tx: Tx,
  entry: OneEntry,
  { authorId, today, sourceKey }: PostingAct,
): Promise<{ readonly postingId: PostingId; readonly caseId: number | null }> {
  const act = { authorId, today, sourceKey: sourceKey ?? `child:${entry.childId}` }
  const { postingId, refused } = await postFindings(tx, [entry], act)
  const [first] = refused
  if (first !== undefined) throw first.problem
  if (postingId === null) throw new Error('an entry on a paper of its own stood already')
  return { postingId, caseId: (await findOpenEntry(tx, entry.childId))?.caseId ?? null }
}

export interface Findings {
  /** Null: nothing could be posted. */
  readonly postingId: PostingId | null
  /** What does not fit the child as it stands; nothing of it was written. */
  readonly refused: readonly { readonly childId: ChildId; readonly problem: Problem }[]
}

/** [CASE-16] What was found of several children as one posting, each on a paper of its own with the day of its finding. One entry a child. */
export async function postFindings(
  tx: Tx,
  entries: readonly OneEntry[],
  { authorId, today, sourceKey }: PostingAct & { readonly sourceKey: string },
): Promise<Findings> {
  const refused: { childId: ChildId; problem: Problem }[] = []
  const fitting: (Entry & { readonly evidenceId: EvidenceId; readonly finding: OneEntry })[] = []
  for (const finding of entries) {
    try {
      fitting.push({ ...(await entryOf(tx, finding, today)), finding })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      refused.push({ childId: finding.childId, problem: error })
    }
  }
  if (fitting.length === 0) return { postingId: null, refused }
  await stage(tx, fitting)
  const { postingId } = await openAndPost(tx, { source: 'case', sourceKey, authorId }, today)
  if (postingId === null) throw new Error('entries on papers of their own stood already')
  for (const { evidenceId, finding } of fitting) {
    const confirmedDay = finding.confirmedDay ?? today
    const expiresDay = evidenceExpiryOn(finding.evidence, confirmedDay)
    await confirmEvidence(tx, { evidenceId, confirmedDay, expiresDay, postingId })
  }
  return { postingId, refused }
}

/** Decided before anything is written. */
async function entryOf(
  tx: Tx,
  entry: OneEntry,
  today: PlainDate,
): Promise<Entry & { readonly evidenceId: EvidenceId }> {
  const now = await findOpenEntry(tx, entry.childId)
  if (now?.obligedFrom == null) throw new Problem('ENTRY.NOT_IN_BOOKS')
  const places = decideEntry(
    { ...entry, school: await getSchoolPlace(tx, entry.schoolId, today) },
    {
      obligedFrom: now.obligedFrom,
      registeredId: now.registeredId,
      livingId: now.livingId,
      school: now.schoolId === null ? null : await getSchoolPlace(tx, now.schoolId, null),
      homeDistrictId: await findDistrictOf(tx, now.registeredId ?? now.livingId),
    },
    { today, longestPause: valueOn(longestPauseDays, today) },
  )
  return {
    childId: entry.childId,
    from: entry.from,
    account: entry.account,
    registered: places.registeredId as UnitId | null,
    living: places.livingId as UnitId | null,
    school: places.schoolId as UnitId | null,
    evidenceId: await makeEvidence(tx, entry.evidence),
    pauseUntil: entry.pauseUntil ?? undefined,
    recordId: now.recordId === null ? undefined : toRecordId(now.recordId),
  }
}

async function getSchoolPlace(tx: Tx, schoolId: number | null, today: PlainDate | null): Promise<SchoolPlace | null> {
  if (schoolId === null) return null
  if (!(await isSchool(tx, schoolId, today))) {
    throw new Problem('ENTRY.NOT_LAWFUL', { where: casesWords.where.unit, advice: casesWords.advice.schoolOnly })
  }
  return { schoolId, districtId: await findDistrictOf(tx, schoolId) }
}
