import { defineParameter, type PolicyPlace, valueOn } from '../../engines/policy/index.ts'
import { addDays, type PlainDate, plainDate, yearOf } from '../../kernel/plain-date.ts'
import { NATIONAL_SCHOOLING, type SchoolingRule } from '../../kernel/school-year.ts'
import type { EvidenceKind } from './contract.ts'
import { whereaboutsWords } from './words.ts'

const { area, label, note, source } = whereaboutsWords.policy
/** Of the product, not of a document: the page shows it as to be verified, and a pack may set its own. */
const HOUSE = { from: plainDate('1986-07-01'), source: { title: source.house }, confidence: 'to-verify' } as const

/** [BOOK-11] Confirmed within so many days counts as recent. */
export const recentDays = defineParameter({
  id: 'book.recent-days',
  label: label.recentDays,
  area,
  unit: 'days',
  least: 1,
  most: 90,
  values: [{ ...HOUSE, value: 30 }],
})

/** [BOOK-11] The map counts what was confirmed within so many days. */
export const freshDays = defineParameter({
  id: 'book.fresh-days',
  label: label.freshDays,
  area,
  unit: 'days',
  least: 1,
  most: 366,
  values: [{ ...HOUSE, value: 90 }],
})

/** [BOOK-11] First day of the autumn term. */
export const autumnTerm = defineParameter({
  id: 'book.autumn-term',
  label: label.autumnTerm,
  area,
  unit: 'month-day',
  values: [{ ...HOUSE, value: '09-01' }],
})

/** [BOOK-11] First day of the spring term. */
export const springTerm = defineParameter({
  id: 'book.spring-term',
  label: label.springTerm,
  area,
  unit: 'month-day',
  note: note.springTerm,
  values: [{ ...HOUSE, value: '02-15' }],
})

/** [BOOK-12] An extract, a roll, a registry reply and a certificate hold for their term, and so many days of the next one. */
export const termGraceDays = defineParameter({
  id: 'book.term-grace-days',
  label: label.termGraceDays,
  area,
  unit: 'days',
  note: note.termGraceDays,
  least: 0,
  most: 120,
  values: [{ ...HOUSE, value: 30 }],
})

/** [BOOK-12] What somebody saw (a visit, a day in class, an officer's finding) holds so long. */
export const seenDays = defineParameter({
  id: 'book.seen-days',
  label: label.seenDays,
  area,
  unit: 'days',
  least: 7,
  most: 366,
  values: [{ ...HOUSE, value: 180 }],
})

/** [BOOK-13] A child whose obligation opens stands in 待报到 for so long, then in 待核. */
export const reportingDays = defineParameter({
  id: 'book.reporting-days',
  label: label.reportingDays,
  area,
  unit: 'days',
  note: note.reportingDays,
  least: 1,
  most: 60,
  values: [{ ...HOUSE, value: 15 }],
})

/** [BOOK-14] Whoever is unexplained on this birthday moves to 超龄未完成. */
export const overAge = defineParameter({
  id: 'book.over-age',
  label: label.overAge,
  area,
  unit: 'age',
  note: note.overAge,
  least: 15,
  most: 18,
  values: [
    {
      from: plainDate('2006-09-01'),
      value: 16,
      source: { title: source.educationLaw, article: source.educationLawArticle },
      confidence: 'likely',
    },
  ],
})

export const whereaboutsParameters = [
  recentDays,
  freshDays,
  autumnTerm,
  springTerm,
  termGraceDays,
  seenDays,
  reportingDays,
  overAge,
] as const

/** [BOOK-11] First day of the term in which `day` falls; the holidays belong to the term before them. */
export function termStartOn(day: PlainDate, place?: PolicyPlace): PlainDate {
  const starts = termStartsAround(day, place)
  return starts.findLast((start) => start <= day) ?? plainDate(`${yearOf(day) - 1}-09-01`)
}

/** [BOOK-12] First day on which a confirmation of `confirmed` proves nothing any more. */
export function evidenceExpiryOn(kind: EvidenceKind, confirmed: PlainDate, place?: PolicyPlace): PlainDate {
  if (kind === 'visit' || kind === 'attendance' || kind === 'officer')
    return addDays(confirmed, valueOn(seenDays, confirmed, place))
  const next = termStartsAround(confirmed, place).find((start) => start > confirmed)
  return addDays(next ?? confirmed, valueOn(termGraceDays, confirmed, place) + 1)
}

/** The bounds of the ages on a day: what was confirmed on the day itself or later is younger. */
export function ageBoundsOn(day: PlainDate, place?: PolicyPlace) {
  return {
    recent: addDays(day, 1 - valueOn(recentDays, day, place)),
    fresh: addDays(day, 1 - valueOn(freshDays, day, place)),
    term: termStartOn(day, place),
  }
}

export interface DueRules {
  readonly schooling: SchoolingRule
  readonly reportingDays: number
  readonly overAge: number
}

/** What the day's close goes by. */
export function dueRulesOn(day: PlainDate, schooling: SchoolingRule = NATIONAL_SCHOOLING): DueRules {
  return { schooling, reportingDays: valueOn(reportingDays, day), overAge: valueOn(overAge, day) }
}

function termStartsAround(day: PlainDate, place?: PolicyPlace): readonly PlainDate[] {
  const year = yearOf(day)
  return [year - 1, year, year + 1]
    .flatMap((of) => [valueOn(springTerm, day, place), valueOn(autumnTerm, day, place)].map((md) => `${of}-${md}`))
    .map(plainDate)
}
