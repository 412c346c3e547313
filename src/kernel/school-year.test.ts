import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, ageOn, plainDate } from './plain-date.ts'
import {
  bandOf,
  entryYear,
  isObligationBegun,
  mustStart,
  nominalGrade,
  obligationDay,
  type SchoolingRule,
  schoolYear,
  schoolYearOf,
} from './school-year.ts'

const births = fc.integer({ min: 0, max: 20_000 }).map((count) => addDays(plainDate('1980-01-01'), count))
const years = fc.integer({ min: 1990, max: 2090 }).map(schoolYear)

describe('school year', () => {
  test('[YEAR-1] 31 August belongs to the year that ends, 1 September to the one that begins', () => {
    expect(schoolYearOf(plainDate('2026-08-31'))).toBe(2025)
    expect(schoolYearOf(plainDate('2026-09-01'))).toBe(2026)
    expect(schoolYearOf(plainDate('2027-01-01'))).toBe(2026)
  })

  test.each([1985, 2101, 2026.5, Number.NaN])('[YEAR-1] %d is no school year', (start) => {
    expect(() => schoolYear(start)).toThrow(RangeError)
  })

  test('[YEAR-2] born on 31 August enters at six, born a day later waits a year', () => {
    expect(entryYear(plainDate('2019-08-31'))).toBe(2025)
    expect(entryYear(plainDate('2019-09-01'))).toBe(2026)
  })

  test('[YEAR-2] everyone is six on 31 August of the year of entry, and was not the year before', () => {
    fc.assert(
      fc.property(births, (birth) => {
        const year = entryYear(birth)
        expect(ageOn(birth, plainDate(`${year}-08-31`))).toBe(6)
        expect(ageOn(birth, plainDate(`${year - 1}-08-31`))).toBe(5)
      }),
    )
  })

  test('[YEAR-2] a place with another cut-off day and age has its own year of entry', () => {
    const rule: SchoolingRule = { entryAge: 7, cutOff: '06-30', years: 9 }
    expect(entryYear(plainDate('2018-06-30'), rule)).toBe(2025)
    expect(entryYear(plainDate('2018-07-01'), rule)).toBe(2026)
  })

  test('[YEAR-3] grades one to nine follow from the birthday; below is not yet of age, above is beyond', () => {
    const year = schoolYear(2026)
    expect(nominalGrade(year, plainDate('2020-08-31'))).toBe(1)
    expect(nominalGrade(year, plainDate('2020-09-01'))).toBe(0)
    expect(nominalGrade(year, plainDate('2011-09-01'))).toBe(9)
    expect(nominalGrade(year, plainDate('2011-08-31'))).toBe(10)
  })

  test('[YEAR-4] who must start in 2026 was born from 2019-09-01 to 2020-08-31', () => {
    expect(mustStart(schoolYear(2026))).toEqual({ from: '2019-09-01', until: '2020-08-31' })
  })

  test('[YEAR-5] the band of 2026 is nine cohorts, born from 2011-09-01 to 2020-08-31', () => {
    expect(bandOf(schoolYear(2026))).toEqual({ from: '2011-09-01', until: '2020-08-31' })
  })

  test('[YEAR-5] the band is exactly the birthdays of nominal grades one to nine', () => {
    fc.assert(
      fc.property(years, births, (year, birth) => {
        const { from, until } = bandOf(year)
        const grade = nominalGrade(year, birth)
        expect(birth >= from && birth <= until).toBe(grade >= 1 && grade <= 9)
      }),
    )
  })

  test('[YEAR-6] the obligation opens on 31 August at six and no birthday closes it', () => {
    const birth = plainDate('2019-09-01')
    expect(obligationDay(birth)).toBe('2026-08-31')
    expect(isObligationBegun(birth, plainDate('2026-08-30'))).toBe(false)
    expect(isObligationBegun(birth, plainDate('2026-08-31'))).toBe(true)
    expect(isObligationBegun(birth, plainDate('2050-01-01'))).toBe(true)
  })
})
