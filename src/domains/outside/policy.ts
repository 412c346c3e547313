import { defineParameter, type PolicyPlace, valueOn } from '../../engines/policy/index.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import { addWorkingDays } from '../cases/index.ts'
import { outsideWords } from './words.ts'

const words = outsideWords.policy

/** [OUT-6] Working days within which the other side of a line answers. */
export const answerDays = defineParameter({
  id: 'outside.answer-days',
  label: words.answerDays,
  area: words.area,
  unit: 'days',
  note: words.answerNote,
  least: 1,
  most: 60,
  values: [
    { from: plainDate('2013-09-01'), value: 10, source: { title: words.answerSource }, confidence: 'to-verify' },
  ],
})

/** [OUT-7] Calendar days before its end from which a proof stands on the list of those that run out. */
export const expiringDays = defineParameter({
  id: 'outside.expiring-days',
  label: words.expiringDays,
  area: words.area,
  unit: 'days',
  note: words.expiringNote,
  least: 1,
  most: 120,
  values: [{ from: plainDate('1986-07-01'), value: 30, source: { title: words.design }, confidence: 'to-verify' }],
})

export const outsideParameters = [answerDays, expiringDays] as const

/** [OUT-6] */
export function answerDueOn(day: PlainDate, place?: PolicyPlace): PlainDate {
  return addWorkingDays(day, valueOn(answerDays, day, place))
}
