import { bandOf, nominalGrade, type SchoolYear } from '../../kernel/school-year.ts'
import { dayNumber, dayText } from './calendar.ts'
import type { DayNumber } from './model.ts'
import { type Random, type Weighted, weighted } from './random.ts'

/** Ages of the population extract, in full years on 31 August of the school year. */
export const YOUNGEST = 3
export const OLDEST = 18

/** Children born by age in 2026, compulsory ages near 1: births fell by half within eight years. */
const BY_AGE = [0.5, 0.56, 0.66, 0.78, 0.86, 1, 1.06, 0.96, 1, 1.02, 1, 0.96, 0.95, 0.92, 0.88, 0.82]

export interface Cohorts {
  drawBirth(random: Random): DayNumber
  isInAges(day: DayNumber): boolean
  gradeOf(day: DayNumber): number
  readonly first: DayNumber
  readonly last: DayNumber
  /** Mean of a value by nominal grade 1-9 over the children of those grades. */
  meanOver(measure: (grade: number) => number): number
}

/** [DEMO-1] Ages 3 to 18 by the cohort arithmetic of the school year. */
export function cohortsOf(year: SchoolYear): Cohorts {
  const band = bandOf(year)
  const lastOfSix = dayNumber(band.until)
  const ages: Weighted<number> = weighted(BY_AGE.map((weight, index) => [YOUNGEST + index, weight] as const))
  const ends = new Map<number, DayNumber>()
  for (let age = YOUNGEST - 1; age <= OLDEST + 1; age += 1) ends.set(age, yearsEarlier(lastOfSix, age - 6))
  const first = ends.get(OLDEST + 1)! + 1
  const last = ends.get(YOUNGEST)!
  const grades = new Int8Array(last - first + 1)
  for (let day = first; day <= last; day += 1) grades[day - first] = nominalGrade(year, dayText(day))
  return {
    first,
    last,
    drawBirth(random) {
      const age = ages.draw(random)
      const until = ends.get(age)!
      const from = ends.get(age + 1)! + 1
      return from + random.int(until - from + 1)
    },
    isInAges: (day) => day >= first && day <= last,
    gradeOf: (day) => grades[day - first]!,
    meanOver(measure) {
      let total = 0
      let weight = 0
      for (let grade = 1; grade <= 9; grade += 1) {
        const share = BY_AGE[grade + 5 - YOUNGEST]!
        total += share * measure(grade)
        weight += share
      }
      return total / weight
    },
  }
}

function yearsEarlier(day: DayNumber, years: number): DayNumber {
  const text = dayText(day)
  return dayNumber(`${Number(text.slice(0, 4)) - years}${text.slice(4)}` as typeof text)
}
