import { describe, expect, test } from 'vitest'
import { checkDigit } from './citizen-id.ts'
import { plainDate } from './plain-date.ts'
import { parseStudentNumber } from './student-number.ts'

const TODAY = plainDate('2026-11-24')
const read = (text: string) => parseStudentNumber(text, TODAY)

describe('student number', () => {
  test.each([
    ['', 'empty'],
    ['5.00103E+17', 'precision'],
    ['G50010320150831001', 'shape'],
    ['500103201508310012', 'shape'],
    ['A500103201508310012', 'shape'],
    ['G5001032015083100123', 'shape'],
  ])('[STUDENT-1] %j is refused as %s', (text, fault) => {
    expect(read(text)).toEqual({ ok: false, fault })
  })

  test('[STUDENT-1] letters of either case and full-width digits are read', () => {
    expect(read('ｇ５00103201508310012')).toMatchObject({ ok: true, number: 'G500103201508310012', kind: 'G' })
  })

  test('[STUDENT-2] the body of G is a sound ID number and is given back', () => {
    expect(read('G11010519491231002x')).toMatchObject({
      ok: true,
      citizenId: '11010519491231002X',
      birth: '1949-12-31',
    })
    expect(read('G500103201508310013')).toEqual({ ok: false, fault: 'citizen-id' })
  })

  test('[STUDENT-3] a wrong check digit of J is a doubt, never a refusal', () => {
    const body = '50010320150831001'
    expect(read(`J${body}${checkDigit(body)}`)).toMatchObject({ ok: true, kind: 'J', hasDoubtfulCheckDigit: false })
    expect(read(`J${body}${checkDigit(body) === '0' ? '1' : '0'}`)).toMatchObject({
      ok: true,
      hasDoubtfulCheckDigit: true,
    })
  })

  test('[STUDENT-3] the last digit of L is random; no ID number is taken from J or L', () => {
    for (const last of '0123456789X') {
      expect(read(`L50010320150831001${last}`)).toMatchObject({
        ok: true,
        kind: 'L',
        citizenId: null,
        birth: '2015-08-31',
        hasDoubtfulCheckDigit: false,
      })
    }
  })

  test('[STUDENT-3] the birthday of J and L exists and is not in the future', () => {
    expect(read('J500103201402290017')).toEqual({ ok: false, fault: 'birth' })
    expect(read('L500103202611250010')).toEqual({ ok: false, fault: 'birth' })
  })
})
