import { addDays, findDayOf, type PlainDate, plainDate } from './plain-date.ts'
import { cleanText, halfWidth } from './text.ts'

const COMPACT = /^(\d{4})(\d{2})(\d{2})$/
const SEPARATED = /^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/
const SERIAL = /^(\d{5})(?:\.\d+)?$/

/** Day 0 of Excel's calendar for serials after its invented 29 February 1900 (serial 60). */
const EXCEL_DAY_0 = plainDate('1899-12-30')

/**
 * [DAY-4] A day as sheets write it: `20170901`, `2017.09.01`, `2017-9-1`,
 * `2017/09/01`, `2017年9月1日`, a time of day behind it ignored, or an Excel serial of
 * five digits (from 1927 on). Undefined for the rest: a year and month alone are no day.
 */
export function findDayInSheet(text: string): PlainDate | undefined {
  const written = halfWidth(cleanText(text))
  const parts = COMPACT.exec(written) ?? SEPARATED.exec(written)
  if (parts !== null) return findDayOf(Number(parts[1]), Number(parts[2]), Number(parts[3]))
  const serial = SERIAL.exec(written)
  return serial === null ? undefined : addDays(EXCEL_DAY_0, Number(serial[1]))
}
