import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkDigit, endsInZeros, parseCitizenId } from './citizen-id.ts'
import { citizenIdWords } from './citizen-id-words.ts'
import { addDays, plainDate } from './plain-date.ts'

const TODAY = plainDate('2026-11-24')
const read = (text: string) => parseCitizenId(text, TODAY)
const faultOf = (text: string) => {
  const reading = read(text)
  return reading.ok ? undefined : reading.fault
}
const withCheckDigit = (first17: string) => first17 + checkDigit(first17)

/** Sound numbers of every province prefix, birthday and sequence. */
const sound = fc
  .record({
    address: fc.constantFrom('110105', '500103', '500242', '510202', '512201', '650104', '810000', '830000'),
    birth: fc.integer({ min: 0, max: 80_000 }).map((count) => addDays(plainDate('1807-01-01'), count)),
    sequence: fc.integer({ min: 0, max: 999 }).map((number) => String(number).padStart(3, '0')),
  })
  .map(({ address, birth, sequence }) => ({
    birth,
    sequence,
    id: withCheckDigit(address + birth.replaceAll('-', '') + sequence),
  }))

describe('citizen ID', () => {
  test.each([
    ['11010519491231002X', '1949-12-31', 'female'],
    ['440524188001010014', '1880-01-01', 'male'],
    ['500103201508310012', '2015-08-31', 'male'],
    ['500103201909010029', '2019-09-01', 'female'],
  ])('[ID-1] %s is sound', (id, birth, sex) => {
    expect(read(id)).toEqual({ ok: true, id, birth, sex, upgradedFrom15: false, isResidencePermit: false })
  })

  test('[ID-1] every sound number gives its own birthday and sex', () => {
    fc.assert(
      fc.property(sound, ({ id, birth, sequence }) => {
        expect(read(id)).toMatchObject({ ok: true, id, birth, sex: Number(sequence) % 2 === 1 ? 'male' : 'female' })
      }),
    )
  })

  test('[ID-1] one wrong character, or two neighbours exchanged, is always found', () => {
    const slip = fc.tuple(sound, fc.integer({ min: 0, max: 17 }), fc.constantFrom(...'0123456789X'))
    fc.assert(
      fc.property(slip, ([{ id }, place, character]) => {
        const wrong = id.slice(0, place) + character + id.slice(place + 1)
        const exchanged =
          id.slice(0, place) + id.slice(place + 1, place + 2) + id.slice(place, place + 1) + id.slice(place + 2)
        for (const changed of [wrong, exchanged]) if (changed !== id) expect(read(changed).ok).toBe(false)
      }),
    )
  })

  test('[ID-1] a wrong check digit is told apart from other faults', () => {
    expect(faultOf('500103201508310013')).toBe('check')
  })

  test('[ID-2] 29 February 2014 does not exist, although the check digit is right', () => {
    expect(checkDigit('50024220140229001')).toBe('7')
    expect(faultOf('500242201402290017')).toBe('birth')
  })

  test('[ID-2] born today is sound, born tomorrow is not, born before 1800 neither', () => {
    expect(read(withCheckDigit('50010320261124001')).ok).toBe(true)
    expect(faultOf(withCheckDigit('50010320261125001'))).toBe('future')
    expect(faultOf(withCheckDigit('50010317991231001'))).toBe('birth')
  })

  test('[ID-3] the seventeenth digit tells the sex', () => {
    expect(read(withCheckDigit('50010320150831003'))).toMatchObject({ sex: 'male' })
    expect(read(withCheckDigit('50010320150831004'))).toMatchObject({ sex: 'female' })
  })

  test('[ID-4] an abolished district is accepted, a province that never was is not', () => {
    for (const address of ['500221', '500384', '510202', '513521', '820000']) {
      expect(read(withCheckDigit(`${address}20150831001`)).ok).toBe(true)
    }
    for (const address of ['100000', '290101', '840000', '910000', '990000']) {
      expect(faultOf(withCheckDigit(`${address}20150831001`))).toBe('province')
    }
  })

  test.each([
    '11010519491231002x',
    '１１０１０５１９４９１２３１００２Ｘ',
    ' 110105 19491231 002X ',
    '\u200b11010519491231002X\u00a0',
    "'11010519491231002X",
    '\ufeff11010519491231002ｘ',
  ])('[ID-5] %j is read as 11010519491231002X', (text) => {
    expect(read(text)).toMatchObject({ ok: true, id: '11010519491231002X' })
  })

  test('[ID-6] fifteen digits get the century 19 and a check digit, and are marked', () => {
    expect(read('110105491231002')).toEqual({
      ok: true,
      id: '11010519491231002X',
      birth: '1949-12-31',
      sex: 'female',
      upgradedFrom15: true,
      isResidencePermit: false,
    })
    expect(faultOf('110105491331002')).toBe('birth')
    expect(faultOf('11010549123100X')).toBe('characters')
  })

  test.each([
    ['', 'empty'],
    [' \u3000', 'empty'],
    ['500103********0012', 'masked'],
    ['500103××××××××0012', 'masked'],
    ['50010320150831001', 'length'],
    ['5001032015083100123', 'length'],
    ['50010320150831001Y', 'characters'],
    ['X00103201508310012', 'characters'],
    ['500103201508３100一2', 'characters'],
  ])('[ID-7] %j is refused as %s', (text, fault) => {
    expect(faultOf(text)).toBe(fault)
  })

  test.each([
    '5.00103201508e+17',
    '5.00103E+17',
    '5E17',
    '500103201508310000',
    '500103201508310000.0',
    '500103201500000000',
  ])('[ID-8] %s lost its last digits in a spreadsheet', (text) => {
    expect(faultOf(text)).toBe('precision')
  })

  test('[ID-8] a sound number that ends in 000 is a person, unless its whole column was rounded', () => {
    const id = '500103201508316000'
    expect(checkDigit(id)).toBe('0')
    expect(endsInZeros(id)).toBe(true)
    expect(read(id).ok).toBe(true)
    expect(parseCitizenId(id, TODAY, 'rounded')).toEqual({ ok: false, fault: 'precision' })
    expect(parseCitizenId('500103201508310012', TODAY, 'rounded').ok).toBe(true)
  })

  test('[ID-10] residence permits of Hong Kong, Macao and Taiwan residents keep the same check digit and are marked', () => {
    for (const prefix of ['810000', '820000', '830000']) {
      expect(read(withCheckDigit(`${prefix}20150831001`))).toMatchObject({ ok: true, isResidencePermit: true })
      const wrong = `${prefix}20150831001${checkDigit(`${prefix}20150831001`) === '0' ? '1' : '0'}`
      expect(faultOf(wrong)).toBe('check')
    }
  })

  test('no text makes the reader throw, and every fault has its words', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789X×*eE+.１Ｘ ') })), (text) => {
        const reading = read(text)
        if (!reading.ok) expect(citizenIdWords[reading.fault]).not.toBe('')
      }),
    )
  })
})
