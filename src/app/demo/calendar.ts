import { addDays, daysBetween, type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import type { DayNumber } from './model.ts'

const EPOCH = plainDate('1970-01-01')
const written: PlainDate[] = []

export function dayNumber(day: PlainDate): DayNumber {
  return daysBetween(EPOCH, day)
}

/** Days before 1970 are not kept, grandparents are few. */
export function dayText(day: DayNumber): PlainDate {
  if (day < 0) return addDays(EPOCH, day)
  const known = written[day]
  if (known !== undefined) return known
  const text = addDays(EPOCH, day)
  written[day] = text
  return text
}

/** Days from 1899-12-30, as a spreadsheet counts. */
export function spreadsheetSerial(day: DayNumber): number {
  return day + 25_569
}
