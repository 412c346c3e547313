import { defineParameter, type PolicyPlace, valueOn } from '../../engines/policy/index.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import { rostersWords } from './words.ts'

const words = rostersWords.policy

/** [ROST-9] School days in a row without leave. Domain 2.4: 疑似辍学 after a week, in local plans; to be verified in a district. */
export const suspectedAfterDays = defineParameter({
  id: 'rosters.suspected-after-days',
  label: words.suspectedAfterDays,
  area: words.area,
  unit: 'days',
  note: words.suspectedAfterNote,
  least: 1,
  most: 30,
  values: [{ from: plainDate('1986-07-01'), value: 7, source: { title: words.localPlans }, confidence: 'likely' }],
})

export const rostersParameters = [suspectedAfterDays] as const

export function suspectedAfterDaysOn(day: PlainDate, place?: PolicyPlace): number {
  return valueOn(suspectedAfterDays, day, place)
}
