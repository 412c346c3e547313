import type { PlainDate } from '../../kernel/plain-date.ts'
import { bandOf, nominalGrade, type SchoolingRule, type SchoolYear } from '../../kernel/school-year.ts'
import type { StatusGroup } from '../imports/index.ts'

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
