import { defineParameter, type PolicyPlace, valueOn } from '../../engines/policy/index.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import { registryWords as words } from './words.ts'

const { area, label, source } = words.policy
/** 等保三级 asks for these controls; the numbers are the usual ones of the security review, so they are likely, not certain. */
const IN_FORCE = { from: plainDate('2019-12-01'), confidence: 'likely' } as const
const IDENTITY = { title: source.standard, number: 'GB/T 22239-2019', article: source.identity }

export const maxFailures = defineParameter({
  id: 'account.max-failures',
  label: label.maxFailures,
  area,
  unit: 'times',
  least: 1,
  most: 10,
  values: [{ ...IN_FORCE, value: 5, source: IDENTITY }],
})

export const lockMinutes = defineParameter({
  id: 'account.lock-minutes',
  label: label.lockMinutes,
  area,
  unit: 'minutes',
  least: 1,
  most: 1440,
  values: [{ ...IN_FORCE, value: 15, source: IDENTITY }],
})

export const idleMinutes = defineParameter({
  id: 'account.idle-minutes',
  label: label.idleMinutes,
  area,
  unit: 'minutes',
  least: 1,
  most: 60,
  values: [{ ...IN_FORCE, value: 15, source: IDENTITY }],
})

export const sessionHours = defineParameter({
  id: 'account.session-hours',
  label: label.sessionHours,
  area,
  unit: 'hours',
  note: words.policy.note.sessionHours,
  least: 1,
  most: 24,
  values: [{ ...IN_FORCE, confidence: 'to-verify', value: 12, source: { title: source.design } }],
})

export const registryParameters = [maxFailures, lockMinutes, idleMinutes, sessionHours] as const

/** [REG-12] The limits of sign-in and session in force on a business day. */
export function accountLimitsOn(day: PlainDate, place?: PolicyPlace) {
  return {
    maxFailures: valueOn(maxFailures, day, place),
    lockMinutes: valueOn(lockMinutes, day, place),
    idleMinutes: valueOn(idleMinutes, day, place),
    absoluteHours: valueOn(sessionHours, day, place),
  }
}
