import type { PlainDate } from '../../kernel/plain-date.ts'
import { bandOf, nominalGrade, type SchoolingRule, type SchoolYear } from '../../kernel/school-year.ts'
import type { StatusGroup } from './statuses.ts'

/** [RECON-1] Whether a child has to be accounted for in a school year. */
export const OBLIGATIONS = ['open', 'not-begun', 'over-age'] as const
export type Obligation = (typeof OBLIGATIONS)[number]

/** Birthdays between which the obligation is open without looking at a roll. */
export interface ObligationBand {
  readonly from: PlainDate
  readonly until: PlainDate
}

/** [RECON-1] Nine cohorts: from nominal grade nine to those who are six on 31 August. */
export function obligationBand(year: SchoolYear, rule?: SchoolingRule): ObligationBand {
  return bandOf(year, rule)
}

/** [RECON-1] `over-age` is beyond nine nominal grades: two sheets cannot prove that grade nine was finished. */
export function decideObligation(year: SchoolYear, birth: PlainDate): Obligation {
  const grade = nominalGrade(year, birth)
  if (grade < 1) return 'not-begun'
  return grade > 9 ? 'over-age' : 'open'
}

/** Where a population row ends. One of these, and never two [RECON-2]. */
export const POPULATION_CLASSES = [
  'error',
  'duplicate',
  'cancelled',
  'linked',
  'linked-not-begun',
  'linked-closed',
  'review',
  'absent',
  'left',
  'not-begun',
  'finished',
  'over-age',
] as const
export type PopulationClass = (typeof POPULATION_CLASSES)[number]

export interface PopulationFacts {
  readonly isError: boolean
  readonly isDuplicate: boolean
  readonly isCancelled: boolean
  readonly obligation: Obligation
  /** A roll entry decided to be the same child; `grade` is its year of schooling, null when not told. */
  readonly linked: { readonly group: StatusGroup; readonly grade: number | null } | null
  /** A pair that a person has to decide. */
  readonly hasReview: boolean
}

/**
 * [RECON-2] The one class of a population row. An over-age pupil on a roll in
 * grades one to nine still owes the obligation (a repeater of fifteen); who is in
 * grade ten has finished it. A left entry is no proof of schooling, and for an
 * over-age child who left in grades one to nine it shows that grade nine was not finished.
 */
export function decidePopulationClass(facts: PopulationFacts): PopulationClass {
  if (facts.isError) return 'error'
  if (facts.isDuplicate) return 'duplicate'
  if (facts.isCancelled) return 'cancelled'
  if (facts.linked !== null) return classOfLinked(facts.obligation, facts.linked)
  if (facts.obligation === 'not-begun') return 'not-begun'
  if (facts.hasReview) return 'review'
  return facts.obligation === 'over-age' ? 'over-age' : 'absent'
}

function classOfLinked(obligation: Obligation, entry: { group: StatusGroup; grade: number | null }): PopulationClass {
  if (entry.group === 'finished') return 'finished'
  if (entry.group === 'left') return leftClass(obligation, entry.grade)
  if (obligation === 'not-begun') return 'linked-not-begun'
  return entry.grade !== null && entry.grade > 9 ? 'linked-closed' : 'linked'
}

function leftClass(obligation: Obligation, grade: number | null): PopulationClass {
  if (obligation === 'open') return 'left'
  const isUnfinished = obligation === 'over-age' && grade !== null && grade >= 1 && grade <= 9
  return isUnfinished ? 'left' : obligation
}

/** Where a roll row ends, when it is not the counterpart of a population row. */
export const ROLL_ONLY_CLASSES = ['registered-elsewhere', 'id-broken', 'cancelled-registration', 'unknown'] as const
export type RollOnlyClass = (typeof ROLL_ONLY_CLASSES)[number]

const YES = /^(1|y|yes|true|t|是|已?注销|√|销户|死亡|迁出|重户删除|出国境?定居|出国（?境）?定居|参军)$/iu
const NO = /^(0|2|n|no|false|f|否|未注销|正常|有效|无|-|—)$/iu

/**
 * [RECON-3] Whether a registration is cancelled. A reason without a mark counts
 * as cancelled: sheets that carry 注销原因 only are common. A mark that says no wins.
 */
export function isCancelled(mark: string | null, reason: string | null): boolean {
  const said = (mark ?? '').normalize('NFKC').trim()
  if (YES.test(said)) return true
  if (NO.test(said)) return false
  const why = (reason ?? '').normalize('NFKC').trim()
  return said !== '' || (why !== '' && !NO.test(why))
}

const CHINESE_DIGITS = '零一二三四五六七八九十'
/** Year of schooling of the first grade of a stage. */
const STAGES: readonly (readonly [RegExp, number])[] = [
  [/高中|高职|中职|职高|中专|高/u, 9],
  [/初中|初/u, 6],
  [/小学|小/u, 0],
]

/**
 * [RECON-5] Year of schooling 1 to 12 of a grade cell: 三年级, 初二, 7年级, 九,
 * 高一; 0 for kindergarten; null when it cannot be told (a year of entry needs the
 * stage, so 2021级 is not read).
 */
export function gradeOf(cell: string | null): number | null {
  const said = (cell ?? '').normalize('NFKC').replace(/\s/gu, '')
  if (said === '') return null
  if (/幼儿|学前|[大中小托]班/u.test(said)) return 0
  if (/20\d\d/u.test(said)) return null
  const number = numberIn(said)
  if (number === null) return null
  const base = STAGES.find(([word]) => word.test(said))?.[1] ?? 0
  const grade = base > 0 && number <= 3 ? base + number : base === 9 ? null : number
  return grade !== null && grade >= 1 && grade <= 12 ? grade : null
}

function numberIn(said: string): number | null {
  const arabic = /\d+/u.exec(said)
  if (arabic !== null) return Number(arabic[0])
  const chinese = /十[一二]|[一二三四五六七八九十]/u.exec(said)
  if (chinese === null) return null
  const [first, second] = chinese[0]
  return second === undefined ? CHINESE_DIGITS.indexOf(first ?? '') : 10 + CHINESE_DIGITS.indexOf(second)
}
