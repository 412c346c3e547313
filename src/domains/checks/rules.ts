/**
 * A check task: open ─► tried (gone or called) ─► given ─► accepted, which posts and closes or raises the file, or returned with
 * a reason, which opens it again. `closed` is what somebody else explained: a later run, another district, a province.
 */
import { addDays, type PlainDate } from '../../kernel/plain-date.ts'
import { type AccountCode, BOOK_ACCOUNTS, type EvidenceKind } from '../whereabouts/index.ts'
import { METHODS, type Method, type ResultCode, type ResultOption, resultOf } from './results.ts'

export const REPORT_STATES = ['tried', 'given', 'replaced', 'accepted', 'returned'] as const
export type ReportState = (typeof REPORT_STATES)[number]

/** Where an open task stands. */
export const TASK_STATES = ['open', 'tried', 'given', 'returned'] as const
export type TaskState = (typeof TASK_STATES)[number]

/** [CHECK-3] Of the newest report on the file; a result that was accepted and left the child unexplained opens the task anew. */
export function taskStateOf(newest: ReportState | null): TaskState {
  return newest === 'tried' || newest === 'given' || newest === 'returned' ? newest : 'open'
}

/** What became of a result in the end, for who gave it. `overtaken`: another source explained the child first. */
export const FATES = [...REPORT_STATES, 'overtaken'] as const
export type Fate = (typeof FATES)[number]

/** [CHECK-8] A result that still waited when the file closed was overtaken; it is kept and told so. */
export function fateOf(state: ReportState, isFileOpen: boolean): Fate {
  return !isFileOpen && (state === 'given' || state === 'tried') ? 'overtaken' : state
}

/** What a result says, as far as it decides anything. */
export interface ReportFacts {
  readonly result: ResultCode
  readonly method: Method
  readonly schoolId: number | null
  readonly province: string | null
  readonly pauseUntil: PlainDate | null
  readonly hasPapers: boolean
  readonly hasPlace: boolean
}

export const MISSING = ['school', 'province', 'place', 'papers', 'pauseUntil', 'method'] as const
export type Missing = (typeof MISSING)[number]

/** [CHECK-4] What an accepted result must show and this one does not. `onRoll`: the child is on a roll of the city. */
export function missingOf(report: ReportFacts, onRoll: boolean): readonly Missing[] {
  const { needs } = resultOf(report.result)
  const methods = needs.methods ?? METHODS
  const lacks: Readonly<Record<Missing, boolean>> = {
    school: needs.school === true && report.schoolId === null && !onRoll,
    province: needs.province === true && report.province === null,
    place: needs.place === true && !report.hasPlace,
    papers: needs.papers === true && !report.hasPapers,
    pauseUntil: needs.pauseUntil === true && report.pauseUntil === null,
    method: !methods.includes(report.method),
  }
  return MISSING.filter((one) => lacks[one])
}

/** [CHECK-5] What the entry rests on: a paper that was asked for goes before the way in which it came. */
export function evidenceOf({ needs }: ResultOption, { method, hasPapers }: ReportFacts): EvidenceKind {
  if (method === 'registry') return 'registry-reply'
  if (needs.papers === true && hasPapers) return 'certificate'
  if (method === 'visit') return 'visit'
  if (method === 'police' || method === 'letter') return 'certificate'
  return 'officer'
}

/** [CHECK-1] At school here or in another district is a matter of the school, not of the code somebody chose. */
export function accountOf(
  { account }: ResultOption,
  place: { readonly schoolDistrict: number | null; readonly homeDistrict: number | null },
): AccountCode {
  if (account !== 'here' && account !== 'elsewhere-in-city') return account
  if (place.homeDistrict === null) return account
  return place.schoolDistrict === place.homeDistrict ? 'here' : 'elsewhere-in-city'
}

/** [CHECK-5] The first day of which the entry speaks: the day of the check, not before the child stood where it was looked for. */
export function entryDay(checkedDay: PlainDate, since: PlainDate): PlainDate {
  return checkedDay > since ? checkedDay : since
}

/** What a newer roll says of the child. */
export interface RollWord {
  readonly schoolId: number
  readonly asOf: PlainDate
  readonly isInSchool: boolean
}

/** [CHECK-7] A result that needs no judgement: it says what a roll newer than the difference says too. */
export function closesItself(
  report: Pick<ReportFacts, 'result' | 'schoolId'>,
  {
    roll,
    since,
    classes,
  }: { readonly roll: RollWord | null; readonly since: PlainDate; readonly classes: ReadonlySet<string> },
): boolean {
  if (!classes.has(report.result) || roll === null) return false
  const isSame = report.schoolId === null || report.schoolId === roll.schoolId
  return roll.isInSchool && isSame && roll.asOf > since
}

export const WHY = [
  'not-on-roll',
  'not-registered',
  'expired',
  'no-evidence',
  'said-so',
  'found',
  'not-located',
  'missing',
  'disabled-unplaced',
  'late-or-private',
  'conflict',
  'suspected',
  'never-enrolled',
  'dropped-out',
  'over-age',
] as const
export type Why = (typeof WHY)[number]

/** [CHECK-2] Why the child is a difference, from the account it stands in and what the entry rests on. */
export function whyOf(
  account: AccountCode,
  {
    evidence,
    isExpired,
    isRegistered,
  }: { readonly evidence: EvidenceKind; readonly isExpired: boolean; readonly isRegistered: boolean },
): Why {
  const said = WHY.find((one) => one === account)
  if (said !== undefined) return said
  if (isExpired) return 'expired'
  if (evidence === 'visit' && !isRegistered) return 'found'
  if (evidence === 'population' || evidence === 'floating') return 'not-on-roll'
  if (evidence === 'roll') return 'not-registered'
  return evidence === 'none' ? 'no-evidence' : 'said-so'
}

const PROPOSED: Readonly<Partial<Record<AccountCode, ResultCode>>> = {
  'not-located': 'B3',
  missing: 'B5',
  'disabled-unplaced': 'C2-2',
  'late-or-private': 'A4-3',
  'over-age': 'A4-1',
  suspected: 'D1',
  'never-enrolled': 'D2',
  'dropped-out': 'D3',
}

/** [CHECK-2] The class the difference looks like; null: only somebody who asks can say. */
export function proposalOf(account: AccountCode, why: Why, onRoll: boolean): ResultCode | null {
  if (why === 'expired') return 'A2-2'
  if (why === 'found') return 'E1-1'
  // Two rolls claim the child, or two registrations.
  if (account === 'conflict') return onRoll ? 'A1' : 'B2'
  return PROPOSED[account] ?? null
}

/** [CHECK-9] A child recorded dead or missing stands on no list by which somebody is called or visited. */
export function isOnVisitLists(account: AccountCode): boolean {
  return account !== 'missing' && !BOOK_ACCOUNTS[account].isClosing
}

/** [CHECK-6] A day of checking lies neither ahead nor so far back that it proves nothing. */
export function isCheckDay(day: PlainDate, today: PlainDate, oldestDays: number): boolean {
  return day <= today && day >= addDays(today, -oldestDays)
}

export interface DraftDays {
  readonly result: ResultCode | null
  readonly checkedDay: PlainDate
  readonly pauseUntil: PlainDate | null
}

export const FAULTS = ['day', 'pausePast', 'pauseWithout', 'registered'] as const
export type Fault = (typeof FAULTS)[number]

/** [CHECK-6] What cannot be meant, whatever it shows. */
export function faultsOf(
  { result, checkedDay, pauseUntil }: DraftDays,
  terms: { readonly today: PlainDate; readonly oldestDays: number; readonly isRegistered: boolean },
): readonly Fault[] {
  const asksEnd = result !== null && resultOf(result).needs.pauseUntil === true
  const wrong: Readonly<Record<Fault, boolean>> = {
    day: !isCheckDay(checkedDay, terms.today, terms.oldestDays),
    pausePast: asksEnd && pauseUntil !== null && pauseUntil <= terms.today,
    pauseWithout: !asksEnd && pauseUntil !== null,
    registered: terms.isRegistered && result !== null && BOOK_ACCOUNTS[resultOf(result).account].group === 5,
  }
  return FAULTS.filter((one) => wrong[one])
}

/** What somebody says of a task, from a page or a row of a form. */
export interface ReportDraft {
  /** Null: gone or called, no result yet. */
  readonly result: ResultCode | null
  readonly method: Method
  readonly checkedDay: PlainDate
  readonly schoolId: number | null
  readonly province: string | null
  readonly pauseUntil: PlainDate | null
  readonly checker: string
  readonly papers: string
  readonly place: string
  readonly remark: string
}
