import { defineParameter, type PolicyPlace, valueOn } from '../../engines/policy/index.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import { repairWords } from './words.ts'

const words = repairWords.policy

/** [REP-11] Two monthly reports: an entry that stood in both is nobody's. */
export const oldDays = defineParameter({
  id: 'repairs.old-days',
  label: words.oldDays,
  area: words.area,
  unit: 'days',
  note: words.oldNote,
  least: 7,
  most: 365,
  values: [{ from: plainDate('1986-07-01'), value: 60, source: { title: words.design }, confidence: 'to-verify' }],
})

export const repairsParameters = [oldDays] as const

export function oldDaysOn(day: PlainDate, place?: PolicyPlace): number {
  return valueOn(oldDays, day, place)
}
