/** A calendar day in the bureau's own calendar, `YYYY-MM-DD`. Never a moment in time. Days compare with `<` and `>`. */
export type PlainDate = string & { readonly __brand: 'PlainDate' }

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/
const DAYS_BEFORE_1970 = 719_468

/** [DAY-1] Throws on anything that is no calendar day; use `findPlainDate` for what people typed. */
export function plainDate(text: string): PlainDate {
  const day = findPlainDate(text)
  if (day === undefined) throw new RangeError(`not a calendar day: ${JSON.stringify(text)}`)
  return day
}

/** [DAY-1] The day, when `text` is exactly `YYYY-MM-DD` and that day exists. */
export function findPlainDate(text: string): PlainDate | undefined {
  const parts = SHAPE.exec(text)
  if (parts === null || !isCalendarDay(Number(parts[1]), Number(parts[2]), Number(parts[3]))) return undefined
  return text as PlainDate
}

/** [DAY-1] The day of year, month (1-12) and day of month, when it exists. */
export function findDayOf(year: number, month: number, dayOfMonth: number): PlainDate | undefined {
  if (!isCalendarDay(year, month, dayOfMonth)) return undefined
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)}` as PlainDate
}

/** [DAY-1] Gregorian leap years; years 1 to 9999. Integer arithmetic, because it runs once a row of a sheet of millions. */
export function isCalendarDay(year: number, month: number, dayOfMonth: number): boolean {
  if (!Number.isInteger(year) || !Number.isInteger(month) || !Number.isInteger(dayOfMonth)) return false
  if (year < 1 || year > 9999 || month < 1 || month > 12 || dayOfMonth < 1) return false
  return dayOfMonth <= daysInMonth(year, month)
}

/** [DAY-2] Whole years lived on `on`; the birthday itself counts. Who was born on 29 February turns a year on 1 March of a common year. */
export function ageOn(birth: PlainDate, on: PlainDate): number {
  const years = yearOf(on) - yearOf(birth)
  return on.slice(5) < birth.slice(5) ? years - 1 : years
}

/** [DAY-3] `days` later, or earlier when negative. */
export function addDays(day: PlainDate, days: number): PlainDate {
  return dayOfSerial(serialOf(day) + days)
}

/** [DAY-3] Days from `from` to `until`: 0 on the same day, negative when `until` is earlier. */
export function daysBetween(from: PlainDate, until: PlainDate): number {
  return serialOf(until) - serialOf(from)
}

export function yearOf(day: PlainDate): number {
  return Number(day.slice(0, 4))
}

/** 1-12. */
export function monthOf(day: PlainDate): number {
  return Number(day.slice(5, 7))
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** Days since 1970-01-01. Counts from 1 March, so that the leap day is the last of its year. */
function serialOf(day: PlainDate): number {
  const month = monthOf(day)
  const year = month <= 2 ? yearOf(day) - 1 : yearOf(day)
  const era = Math.floor(year / 400)
  const yearOfEra = year - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + Number(day.slice(8, 10)) - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - DAYS_BEFORE_1970
}

function dayOfSerial(serial: number): PlainDate {
  const shifted = serial + DAYS_BEFORE_1970
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = ((monthFromMarch + 2) % 12) + 1
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  const day = findDayOf(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth)
  if (day === undefined) throw new RangeError(`day number ${serial} is outside the years 1 to 9999`)
  return day
}

function two(part: number): string {
  return part < 10 ? `0${part}` : String(part)
}
