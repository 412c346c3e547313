import { checkDigit, type Sex } from '../../kernel/citizen-id.ts'
import { dayText } from './calendar.ts'
import type { DayNumber } from './model.ts'
import { hashOf } from './random.ts'

export type IssueId = (addressCode: string, birthDay: DayNumber, sex: Sex) => string

export interface IdIssuer {
  /** The number of a person. */
  readonly issueId: IssueId
  /** A number that was given and later corrected, or given twice; drawn from the other end, so that it moves nobody's own. */
  readonly issueOtherId: IssueId
}

/** Sequence numbers 001 to 998; 499 is a prime, so any step walks through all of them in no visible order. */
const PER_DAY = 499
const STEPS = [3, 7, 11, 13, 17, 19, 23, 27, 29, 31, 37, 41, 43, 47, 49, 51]
const FIRST_DAY = -14_000
const LAST_DAY = 22_000

interface Counter {
  readonly own: Uint16Array
  readonly other: Uint16Array
  readonly offset: number
}

/**
 * [DEMO-3] Issues citizen IDs as GB 11643 builds them; no number is issued twice, because a day has 499 numbers a sex
 * and place and each is counted off.
 */
export function createIdIssuer(seed: number): IdIssuer {
  const counters = new Map<string, Counter>()
  function counterOf(key: string): Counter {
    let counter = counters.get(key)
    if (counter === undefined) {
      const days = LAST_DAY - FIRST_DAY
      counter = { own: new Uint16Array(days), other: new Uint16Array(days), offset: hashOf(`${seed}|id|${key}`) }
      counters.set(key, counter)
    }
    return counter
  }
  function issue(addressCode: string, birthDay: DayNumber, sex: Sex, isOwn: boolean): string {
    const { own, other, offset } = counterOf(addressCode + (sex === 'male' ? 'm' : 'f'))
    const day = birthDay - FIRST_DAY
    if (own[day]! + other[day]! >= PER_DAY)
      throw new RangeError('more than 499 of one sex born in one place on one day')
    const count = isOwn ? own[day]! : PER_DAY - 1 - other[day]!
    if (isOwn) own[day] = own[day]! + 1
    else other[day] = other[day]! + 1
    const mixed = Math.imul(offset ^ birthDay, 2654435761) >>> 0
    const place = (mixed + count * STEPS[mixed >>> 28]!) % PER_DAY
    const sequence = String(place * 2 + (sex === 'male' ? 1 : 2)).padStart(3, '0')
    const body = `${addressCode}${compactDay(birthDay)}${sequence}`
    return body + checkDigit(body)
  }
  return {
    issueId: (addressCode, birthDay, sex) => issue(addressCode, birthDay, sex, true),
    issueOtherId: (addressCode, birthDay, sex) => issue(addressCode, birthDay, sex, false),
  }
}

const compact = new Map<DayNumber, string>()

export function compactDay(day: DayNumber): string {
  let text = compact.get(day)
  if (text === undefined) {
    text = dayText(day).replaceAll('-', '')
    compact.set(day, text)
  }
  return text
}
