import { valueOn } from '../../engines/policy/index.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { postAccepted } from './accept.server.ts'
import type { ListedTask } from './list.store.server.ts'
import { oldestCheckDays, selfClosingOn } from './policy.ts'
import { closesItself, type Fault, faultsOf, missingOf, type ReportDraft } from './rules.ts'
import { insertReport, isSchool, listReportsOf, listRollWords } from './store.ts'
import { checksWords as words } from './words.ts'

const SEAL = 'check_text.sealed'
export const RETURN_SEAL = 'check_text.returned_sealed'

export type ReportWords = Pick<ReportDraft, 'checker' | 'papers' | 'place' | 'remark'>

export interface Kept {
  /** It was said before, nothing was written. */
  readonly isSame: boolean
  /** [CHECK-7] The report that needs nobody's judgement: the caller posts it. */
  readonly closing: number | null
}

type Parts = Pick<Services, 'keys' | 'clock'>

/** [CHECK-6] Faults of a draft, each with the field it stands in. */
export async function draftFaults(
  tx: Tx,
  draft: ReportDraft,
  at: { readonly today: PlainDate; readonly isRegistered: boolean },
): Promise<readonly { readonly field: keyof typeof words.fields; readonly advice: string }[]> {
  const oldestDays = valueOn(oldestCheckDays, at.today)
  const faults = faultsOf(draft, { ...at, oldestDays }).map((fault) => ({
    field: FIELD[fault],
    advice: adviceOf(fault, oldestDays),
  }))
  if (draft.schoolId === null || (await isSchool(tx, draft.schoolId, at.today))) return faults
  return [...faults, { field: 'school', advice: words.faults.school }]
}

const FIELD = { day: 'checkedDay', pausePast: 'pauseUntil', pauseWithout: 'pauseUntil', registered: 'result' } as const

function adviceOf(fault: Fault, oldestDays: number): string {
  return fault === 'day' ? words.faults.day(oldestDays) : words.faults[fault]
}

/** Throws on the first fault: a page has one draft at a time. */
export async function refuseFaults(
  tx: Tx,
  draft: ReportDraft,
  at: { readonly today: PlainDate; readonly isRegistered: boolean },
): Promise<void> {
  const [first] = await draftFaults(tx, draft, at)
  if (first !== undefined)
    throw new Problem('CHECK.NOT_LAWFUL', { where: words.fields[first.field], advice: first.advice })
}

/** [CHECK-10] By which the same words about the same task are known again. */
export function contentKeyOf({ keys }: Pick<Services, 'keys'>, caseId: number, draft: ReportDraft): Buffer {
  return keys.blindIndex('check-report', JSON.stringify([caseId, ...DRAFT_ORDER.map((field) => draft[field])]))
}

/** The facts of a draft, without its words. */
export function factsOf({ papers, place, ...draft }: ReportDraft) {
  return {
    result: draft.result,
    method: draft.method,
    checkedDay: draft.checkedDay,
    schoolId: draft.schoolId,
    province: draft.province,
    pauseUntil: draft.pauseUntil,
    hasPapers: papers !== '',
    hasPlace: place !== '' || draft.schoolId !== null,
  }
}

/**
 * [CHECK-3] [CHECK-10] Writes a result beside the open task, as the system, after the task was found in the scope of who gives it. What
 * was said before is known again by its content, in whichever order sheets come back.
 */
export async function keepReport(
  tx: Tx,
  services: Parts,
  given: {
    readonly task: Pick<ListedTask, 'caseId' | 'childId' | 'schoolId' | 'since'>
    readonly draft: ReportDraft
    readonly actor: Pick<Actor, 'accountId' | 'unitId'>
    readonly via: 'page' | 'sheet'
  },
): Promise<Kept> {
  const { keys, clock } = services
  const { task, draft, actor, via } = given
  const { caseId, childId } = task
  const contentKey = contentKeyOf(services, caseId, draft)
  const before = await listReportsOf(tx, caseId)
  if (before.some((report) => report.contentKey.equals(contentKey))) return { isSame: true, closing: null }
  const { checker, papers, place, remark } = draft
  const said: ReportWords = { checker, papers, place, remark }
  const facts = factsOf(draft)
  const reportId = await insertReport(tx, {
    ...facts,
    caseId,
    childId,
    contentKey,
    unitId: actor.unitId,
    givenBy: actor.accountId,
    givenAt: clock.now(),
    via,
    sealed: keys.seal(JSON.stringify(said), SEAL),
  })
  const { result, schoolId } = facts
  const classes = selfClosingOn(clock.today())
  if (result === null || !classes.has(result)) return { isSame: false, closing: null }
  if (missingOf({ ...facts, result }, task.schoolId !== null).length > 0) return { isSame: false, closing: null }
  const roll = (await listRollWords(tx, [childId])).get(childId) ?? null
  const isSure = closesItself({ result, schoolId }, { roll, since: task.since, classes })
  return { isSame: false, closing: isSure ? reportId : null }
}

/** [CHECK-7] On the account of who gave the result; nobody decided it. Answers how many were posted. */
export async function postClosing(
  tx: Tx,
  { clock }: Parts,
  reportIds: readonly number[],
  actor: Pick<Actor, 'accountId'>,
): Promise<number> {
  if (reportIds.length === 0) return 0
  const act = { authorId: actor.accountId, decidedBy: null, now: clock.now(), today: clock.today() }
  return (await postAccepted(tx, reportIds, act)).accepted.length
}

const DRAFT_ORDER = [
  'result',
  'method',
  'checkedDay',
  'schoolId',
  'province',
  'pauseUntil',
  'checker',
  'papers',
  'place',
  'remark',
] as const satisfies readonly (keyof ReportDraft)[]

export function openWords({ keys }: Pick<Services, 'keys'>, sealed: Buffer): ReportWords {
  return JSON.parse(keys.open(sealed, SEAL)) as ReportWords
}
