import { valueOn } from '../../engines/policy/index.ts'
import { type AccountId, type ChildId, type PostingId, recordId as toRecordId, type UnitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type AccountCode, type EvidenceKind, evidenceExpiryOn } from '../whereabouts/index.ts'
import { confirmEvidence, makeEvidence, stage } from '../whereabouts/server.ts'
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
}

/**
 * [CASE-13] Posts what an officer found of one child, on a paper of its own that is as old as the day of posting. A day that
 * was spoken of already is spoken of anew: what stood is superseded, not changed.
 */
export async function postOne(
  tx: Tx,
  entry: OneEntry,
  { authorId, today }: { readonly authorId: AccountId; readonly today: PlainDate },
): Promise<{ readonly postingId: PostingId; readonly caseId: number | null }> {
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
  const evidenceId = await makeEvidence(tx, entry.evidence)
  await stage(tx, [
    {
      childId: entry.childId,
      from: entry.from,
      account: entry.account,
      registered: places.registeredId as UnitId | null,
      living: places.livingId as UnitId | null,
      school: places.schoolId as UnitId | null,
      evidenceId,
      pauseUntil: entry.pauseUntil ?? undefined,
      recordId: now.recordId === null ? undefined : toRecordId(now.recordId),
    },
  ])
  const { postingId } = await openAndPost(tx, { source: 'case', sourceKey: `child:${entry.childId}`, authorId }, today)
  if (postingId === null) throw new Error('an entry on a paper of its own stood already')
  const expiresDay = evidenceExpiryOn(entry.evidence, today)
  await confirmEvidence(tx, { evidenceId, confirmedDay: today, expiresDay, postingId })
  return { postingId, caseId: (await findOpenEntry(tx, entry.childId))?.caseId ?? null }
}

async function getSchoolPlace(tx: Tx, schoolId: number | null, today: PlainDate | null): Promise<SchoolPlace | null> {
  if (schoolId === null) return null
  if (!(await isSchool(tx, schoolId, today))) {
    throw new Problem('ENTRY.NOT_LAWFUL', { where: casesWords.where.unit, advice: casesWords.advice.schoolOnly })
  }
  return { schoolId, districtId: await findDistrictOf(tx, schoolId) }
}
