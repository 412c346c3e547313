import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  ageOn,
  daysBetween,
  findDayOf,
  findPlainDate,
  isCalendarDay,
  monthOf,
  plainDate,
  yearOf,
} from './plain-date.ts'

const days = fc
  .date({ min: new Date('1800-01-01T00:00:00Z'), max: new Date('2199-12-31T00:00:00Z'), noInvalidDate: true })
  .map((at) => plainDate(at.toISOString().slice(0, 10)))

describe('plain day', () => {
  test.each([
    '2026-02-29',
    '2100-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-1-1',
    '20260101',
    ' 2026-01-01',
    '2026-01-01T00:00',
    '0000-01-01',
    '',
  ])('[DAY-1] %j is no calendar day', (text) => {
    expect(findPlainDate(text)).toBeUndefined()
    expect(() => plainDate(text)).toThrow(RangeError)
  })

  test('[DAY-1] 29 February is a day of leap years only, and 2000 was one', () => {
    expect([2024, 2000, 2400, 2023, 1900].map((year) => isCalendarDay(year, 2, 29))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })

  test('[DAY-1] agrees with the Gregorian calendar of the runtime on every day asked', () => {
    const parts = fc.tuple(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
    )
    fc.assert(
      fc.property(parts, ([year, month, dayOfMonth]) => {
        const at = new Date(0)
        at.setUTCFullYear(year, month - 1, dayOfMonth)
        const exists = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === dayOfMonth
        expect(findDayOf(year, month, dayOfMonth)).toBe(exists ? at.toISOString().slice(-24, -14) : undefined)
      }),
    )
  })

  test('[DAY-2] the birthday itself counts, the day before does not', () => {
    const birth = plainDate('2019-08-31')
    expect(ageOn(birth, plainDate('2025-08-30'))).toBe(5)
    expect(ageOn(birth, plainDate('2025-08-31'))).toBe(6)
  })

  test('[DAY-2] born on 29 February: a year older on 1 March of a common year', () => {
    const birth = plainDate('2012-02-29')
    expect(ageOn(birth, plainDate('2018-02-28'))).toBe(5)
    expect(ageOn(birth, plainDate('2018-03-01'))).toBe(6)
    expect(ageOn(birth, plainDate('2020-02-29'))).toBe(8)
  })

  test('[DAY-3] days are added over month ends, leap days and year ends', () => {
    expect(addDays(plainDate('2024-02-28'), 1)).toBe('2024-02-29')
    expect(addDays(plainDate('2023-02-28'), 1)).toBe('2023-03-01')
    expect(addDays(plainDate('2025-12-31'), 1)).toBe('2026-01-01')
    expect(addDays(plainDate('2026-03-01'), -1)).toBe('2026-02-28')
  })

  test('[DAY-3] adding and counting days are each other’s reverse and agree with the runtime', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -200_000, max: 200_000 }), (day, count) => {
        const later = addDays(day, count)
        expect(daysBetween(day, later)).toBe(count)
        expect(Date.parse(later) - Date.parse(day)).toBe(count * 86_400_000)
      }),
    )
  })

  test('[DAY-3] leaving the years 1 to 9999 is refused', () => {
    expect(() => addDays(plainDate('9999-12-31'), 1)).toThrow(RangeError)
    expect(() => addDays(plainDate('0001-01-01'), -1)).toThrow(RangeError)
  })

  test('year and month are read as numbers', () => {
    expect([yearOf(plainDate('2026-08-31')), monthOf(plainDate('2026-08-31'))]).toEqual([2026, 8])
  })
})
