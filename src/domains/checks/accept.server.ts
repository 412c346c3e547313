import type { AccountId, PostingId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import { findDistrictOf, type OneEntry, postFindings, renewTerms } from '../cases/server.ts'
import { BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import { lockBooks } from '../whereabouts/server.ts'
import { type ListedTask, listTasksById } from './list.store.server.ts'
import { resultOf } from './results.ts'
import { accountOf, entryDay, evidenceOf, missingOf, type ReportFacts } from './rules.ts'
import { lockWaiting, type ReportRow, setAccepted } from './store.ts'
import { checksWords as words } from './words.ts'

export interface Accepting {
  readonly authorId: AccountId
  /** Null: closes by itself. */
  readonly decidedBy: AccountId | null
  readonly now: Date
  readonly today: PlainDate
}

export interface Accepted {
  readonly postingId: PostingId | null
  readonly accepted: readonly number[]
  readonly refused: readonly { readonly reportId: number; readonly reason: string }[]
}

/**
 * [CHECK-5] Posts results to the books through the face of cases, in the caller's transaction, as the system, after they were found
 * in the scope of who decides. What does not fit its child is told and holds nobody else up. Of two officers at once the second
 * finds nothing that waits any more.
 */
export async function postAccepted(tx: Tx, reportIds: readonly number[], act: Accepting): Promise<Accepted> {
  await lockBooks(tx)
  const waiting = await lockWaiting(tx, reportIds)
  const found = await listTasksById(
    tx,
    waiting.map(({ caseId }) => caseId),
  )
  const tasks = new Map(found.map((task) => [task.caseId, task]))
  const refused = new Map<number, string>()
  for (const reportId of reportIds) {
    if (!waiting.some((report) => report.reportId === reportId))
      refused.set(reportId, new Problem('CHECK.DECIDED').message)
  }
  const ready: { readonly report: ReportRow; readonly entry: OneEntry }[] = []
  for (const report of waiting) {
    const task = tasks.get(report.caseId)
    const reason = refusalOf(report, task)
    if (reason !== undefined) refused.set(report.reportId, reason)
    else if (task !== undefined)
      ready.push({ report, entry: await entryOf(tx, report as ReportRow & ReportFacts, task) })
  }
  if (ready.length === 0) return { postingId: null, accepted: [], refused: listOf(refused) }
  const { authorId, today } = act
  const sourceKey = `check:${ready[0]!.report.reportId}`
  const { postingId, refused: unfit } = await postFindings(
    tx,
    ready.map(({ entry }) => entry),
    { authorId, today, sourceKey },
  )
  for (const { childId, problem } of unfit) {
    const own = ready.find(({ entry }) => entry.childId === childId)
    if (own !== undefined) refused.set(own.report.reportId, problem.message)
  }
  const posted = ready.filter(({ report }) => !refused.has(report.reportId))
  const accepted = posted.map(({ report }) => report.reportId)
  if (postingId === null) return { postingId, accepted: [], refused: listOf(refused) }
  await setAccepted(tx, accepted, { accountId: act.decidedBy, at: act.now, postingId })
  const open = posted.filter(({ entry }) => BOOK_ACCOUNTS[entry.account].isUnexplained)
  await renewTerms(
    tx,
    open.map(({ report }) => report.caseId),
    today,
  )
  return { postingId, accepted, refused: listOf(refused) }
}

function listOf(refused: ReadonlyMap<number, string>) {
  return [...refused].map(([reportId, reason]) => ({ reportId, reason }))
}

/** [CHECK-4] [CHECK-8] Undefined: may be posted. */
function refusalOf(report: ReportRow, task: ListedTask | undefined): string | undefined {
  if (task === undefined) return words.overtaken
  if (report.result === null) return new Problem('CHECK.DECIDED').message
  const missing = missingOf({ ...report, result: report.result }, task.schoolId !== null)
  if (missing.length === 0) return undefined
  return words.missingPapers(missing.map((one) => words.missing[one]).join('、'))
}

async function entryOf(tx: Tx, report: ReportRow & ReportFacts, task: ListedTask): Promise<OneEntry> {
  const result = resultOf(report.result)
  const schoolId = report.schoolId ?? task.schoolId
  const account = accountOf(result, {
    schoolDistrict: await findDistrictOf(tx, schoolId),
    homeDistrict: await findDistrictOf(tx, task.registeredId ?? task.livingId),
  })
  const isAttending = result.needs.school === true
  return {
    childId: report.childId,
    account,
    from: entryDay(report.checkedDay, task.since),
    confirmedDay: report.checkedDay,
    evidence: evidenceOf(result, report),
    schoolId: isAttending ? report.schoolId : null,
    pauseUntil: result.needs.pauseUntil === true ? report.pauseUntil : null,
  }
}
