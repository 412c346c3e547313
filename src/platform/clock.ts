import { type PlainDate, plainDate } from '../kernel/plain-date.ts'

/** The only source of time in the product. */
export interface Clock {
  /** The moment. Sessions, audit and jobs run by it, whatever the business day is. */
  now(): Date
  /** The business day. */
  today(): PlainDate
}

const shanghaiDay = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

/** [TIME-1] The calendar day on which `at` falls in China, wherever the server stands. */
export function dayInChina(at: Date): PlainDate {
  const parts = Object.fromEntries(shanghaiDay.formatToParts(at).map((part) => [part.type, part.value]))
  return plainDate(`${parts.year}-${parts.month}-${parts.day}`)
}

/** [TIME-2] `fixedDay` (`BAOXUE_TODAY`) holds the business day still; the moment runs on, so that sessions still expire. */
export function createClock(fixedDay?: PlainDate): Clock {
  return {
    now: () => new Date(),
    today: () => fixedDay ?? dayInChina(new Date()),
  }
}
