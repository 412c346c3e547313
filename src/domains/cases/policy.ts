import { defineParameter, type PolicyPlace, valueOn } from '../../engines/policy/index.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import type { DueRules } from './rules.ts'
import { casesWords } from './words.ts'

const words = casesWords.policy
/** Of the product, not of a document: the page shows it as to be verified, and a pack may set its own. */
const HOUSE_DEFAULT = {
  from: plainDate('1986-07-01'),
  source: { title: words.design },
  confidence: 'to-verify',
} as const

/** [CASE-4] Working days, of which the calendar of holidays is not known yet. */
export const taskDays = defineParameter({
  id: 'cases.task-days',
  label: words.taskDays,
  area: words.area,
  unit: 'days',
  note: words.taskNote,
  least: 1,
  most: 60,
  values: [{ ...HOUSE_DEFAULT, value: 5 }],
})

/** [CASE-4] Calendar days. */
export const caseDays = defineParameter({
  id: 'cases.case-days',
  label: words.caseDays,
  area: words.area,
  unit: 'days',
  note: words.caseNote,
  least: 1,
  most: 30,
  values: [{ ...HOUSE_DEFAULT, value: 3 }],
})

/** [CASE-4] Calendar days. */
export const missingDays = defineParameter({
  id: 'cases.missing-days',
  label: words.missingDays,
  area: words.area,
  unit: 'days',
  note: words.missingNote,
  least: 30,
  most: 366,
  values: [{ ...HOUSE_DEFAULT, value: 365 }],
})

/** [CASE-10] [CASE-15] What an officer writes when he moves a day, a file or a child. */
export const leastReason = defineParameter({
  id: 'cases.least-reason',
  label: words.leastReason,
  area: words.area,
  unit: 'characters',
  note: words.leastReasonNote,
  least: 1,
  most: 40,
  values: [{ ...HOUSE_DEFAULT, value: 4 }],
})

/** [CASE-15] Calendar days by which a term is put off at most at once. */
export const mostDelayDays = defineParameter({
  id: 'cases.most-delay-days',
  label: words.mostDelayDays,
  area: words.area,
  unit: 'days',
  note: words.mostDelayNote,
  least: 7,
  most: 366,
  values: [{ ...HOUSE_DEFAULT, value: 92 }],
})

/** [CASE-13] Calendar days from its first day by which a pause ends at the latest; then it is asked for anew. 义务教育法 art. 11. */
export const longestPauseDays = defineParameter({
  id: 'cases.longest-pause-days',
  label: words.longestPauseDays,
  area: words.area,
  unit: 'days',
  note: words.longestPauseNote,
  least: 30,
  most: 1096,
  values: [{ ...HOUSE_DEFAULT, value: 366 }],
})

/** Everything the page of policy shows of this slice. */
export const casesParameters = [taskDays, caseDays, missingDays, leastReason, mostDelayDays, longestPauseDays] as const

/** [CASE-4] The terms in force on a day in a place. */
export function dueRulesOn(day: PlainDate, place?: PolicyPlace): DueRules {
  return {
    taskDays: valueOn(taskDays, day, place),
    caseDays: valueOn(caseDays, day, place),
    missingDays: valueOn(missingDays, day, place),
  }
}
