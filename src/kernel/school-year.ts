import { addDays, monthOf, type PlainDate, plainDate, yearOf } from './plain-date.ts'

/** The school year that starts on 1 September of this calendar year: 2026 is 2026-2027. */
export type SchoolYear = number & { readonly __brand: 'SchoolYear' }

/**
 * Whom the law sends to school, and for how long. The numbers in force are
 * policy parameters; callers that know a day and a place hand their own.
 */
export interface SchoolingRule {
  /** Full years on the cut-off day of the year of entry. */
  readonly entryAge: number
  /** `MM-DD`; who reaches the entry age on this day still enters this year. */
  readonly cutOff: string
  /** Length of compulsory schooling in years. */
  readonly years: number
}

/** 义务教育法 art. 2 and 11; 31 August by the yearly enrolment notices. */
export const NATIONAL_SCHOOLING: SchoolingRule = { entryAge: 6, cutOff: '08-31', years: 9 }

/** Days from `from` to `until`, both included. */
export interface DaySpan {
  readonly from: PlainDate
  readonly until: PlainDate
}

/** [YEAR-1] 1986, the year of the Compulsory Education Law, to 2100. */
export function schoolYear(start: number): SchoolYear {
  if (!Number.isInteger(start) || start < 1986 || start > 2100) throw new RangeError(`not a school year: ${start}`)
  return start as SchoolYear
}

/** [YEAR-1] 31 August belongs to the year that ends, 1 September to the year that begins. */
export function schoolYearOf(day: PlainDate): SchoolYear {
  return schoolYear(monthOf(day) >= 9 ? yearOf(day) : yearOf(day) - 1)
}

/** [YEAR-2] Calendar year of the 1 September on which a child born on `birth` is to start school. */
export function entryYear(birth: PlainDate, rule: SchoolingRule = NATIONAL_SCHOOLING): number {
  const reached = yearOf(birth) + rule.entryAge
  return birth.slice(5) <= rule.cutOff ? reached : reached + 1
}

/** [YEAR-3] The grade a child who started on time and never repeated is in; below 1 not yet of age, above `rule.years` beyond. */
export function nominalGrade(year: SchoolYear, birth: PlainDate, rule: SchoolingRule = NATIONAL_SCHOOLING): number {
  return year - entryYear(birth, rule) + 1
}

/** [YEAR-4] Birthdays of those who are to start in `year`. */
export function mustStart(year: SchoolYear, rule: SchoolingRule = NATIONAL_SCHOOLING): DaySpan {
  return cohorts(year, 1, rule)
}

/** [YEAR-5] Birthdays of the cohorts of nominal grades 1 to `rule.years`. Obligation itself ends by an event, never by this band. */
export function bandOf(year: SchoolYear, rule: SchoolingRule = NATIONAL_SCHOOLING): DaySpan {
  return cohorts(year, rule.years, rule)
}

/** [YEAR-6] The day the obligation opens: the cut-off day of the year of entry. */
export function obligationDay(birth: PlainDate, rule: SchoolingRule = NATIONAL_SCHOOLING): PlainDate {
  return plainDate(`${entryYear(birth, rule)}-${rule.cutOff}`)
}

/** [YEAR-6] Open from 31 August at six on, that day included. No birthday closes it. */
export function isObligationBegun(birth: PlainDate, on: PlainDate, rule: SchoolingRule = NATIONAL_SCHOOLING): boolean {
  return on >= obligationDay(birth, rule)
}

function cohorts(year: SchoolYear, count: number, rule: SchoolingRule): DaySpan {
  const youngest = year - rule.entryAge
  return {
    from: addDays(plainDate(`${youngest - count}-${rule.cutOff}`), 1),
    until: plainDate(`${youngest}-${rule.cutOff}`),
  }
}
