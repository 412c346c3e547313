import { defineParameter, type PolicyPlace, valueOn } from '../../engines/policy/index.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import { personsWords } from './words.ts'

const words = personsWords.policy

/** [PERS-14] A morning's work on one child, not a standing right. */
export const reopenHours = defineParameter({
  id: 'persons.reopen-hours',
  label: words.reopenHours,
  area: words.area,
  unit: 'hours',
  note: words.reopenNote,
  least: 1,
  most: 24,
  values: [{ from: plainDate('1986-07-01'), value: 12, source: { title: words.design }, confidence: 'to-verify' }],
})

export const personsParameters = [reopenHours] as const

export function reopenHoursOn(day: PlainDate, place?: PolicyPlace): number {
  return valueOn(reopenHours, day, place)
}
