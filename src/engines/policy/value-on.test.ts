import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, plainDate } from '../../kernel/plain-date.ts'
import { readPolicyPacks } from './pack.ts'
import { defineParameter } from './parameter.ts'
import { getValueOn, type PolicyPlace, valueOn } from './value-on.ts'

const freeMinutes = defineParameter({
  id: 'parking.free-minutes',
  label: '免费停放',
  area: '停车',
  unit: 'minutes',
  values: [
    { from: plainDate('2020-01-01'), value: 15, source: { title: '文件甲' }, confidence: 'certain' },
    { from: plainDate('2023-01-01'), value: 30, source: { title: '文件乙' }, confidence: 'likely' },
  ],
})

const own = (from: string, until: string | null, value: number) => ({
  parameter: freeMinutes.id,
  from,
  until,
  value,
  source: { title: '本地文件', number: '〔2024〕1号' },
  confidence: 'certain',
})
const packs = readPolicyPacks(
  [
    { unit: 'city', label: '某市', values: [own('2021-01-01', null, 20)] },
    { unit: 'north', label: '北区', values: [own('2022-01-01', null, 60), own('2024-01-01', '2025-01-01', 45)] },
  ],
  [freeMinutes],
  'policy.json',
)
const at = (...units: string[]): PolicyPlace => ({ units, packs })
const on = (day: string, place?: PolicyPlace) => valueOn(freeMinutes, plainDate(day), place)

describe('the value in force', () => {
  test('[POLICY-2] a value holds from its first day until the day before the next', () => {
    expect(['2020-01-01', '2022-12-31', '2023-01-01', '2099-12-31'].map((day) => on(day))).toEqual([15, 15, 30, 30])
  })

  test('[POLICY-2] it comes with the document it stands in', () => {
    expect(getValueOn(freeMinutes, plainDate('2021-01-01'))).toMatchObject({
      value: 15,
      from: '2020-01-01',
      source: { title: '文件甲' },
      confidence: 'certain',
      pack: undefined,
    })
  })

  test('[POLICY-3] the nearest unit that has set a value wins; a unit that has set none has its parent’s', () => {
    expect(on('2023-06-01', at('city', 'north'))).toBe(60)
    expect(on('2023-06-01', at('city', 'south'))).toBe(20)
    expect(on('2023-06-01', at('elsewhere'))).toBe(30)
    expect(on('2023-06-01', at('city', 'north', 'school-7'))).toBe(60)
  })

  test('[POLICY-3] before a unit set its own value, the wider one holds', () => {
    expect(on('2021-06-01', at('city', 'north'))).toBe(20)
    expect(on('2020-06-01', at('city', 'north'))).toBe(15)
  })

  test('[POLICY-3] an own value that has ended gives way to the wider unit, not to the one before it', () => {
    expect(on('2024-12-31', at('city', 'north'))).toBe(45)
    expect(on('2025-01-01', at('city', 'north'))).toBe(20)
  })

  test('[POLICY-3] the finding names the pack it comes from', () => {
    expect(getValueOn(freeMinutes, plainDate('2023-06-01'), at('city', 'north')).pack?.label).toBe('北区')
  })

  test('[POLICY-4] a day before any value is refused, not answered with the first', () => {
    expect(() => on('2019-12-31')).toThrowError(
      expect.objectContaining({
        code: 'POLICY.NO_VALUE_IN_FORCE',
        detail: { parameter: 'parking.free-minutes', on: '2019-12-31' },
        message: '免费停放在 2019-12-31 尚无规定',
      }),
    )
  })

  test('[POLICY-2] on any day the value is that of the newest start not after it', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 5000 }), { minLength: 1 }),
        fc.integer({ min: 0, max: 5000 }),
        (starts, asked) => {
          const origin = plainDate('2015-01-01')
          const sorted = starts.toSorted((a, b) => a - b)
          const parameter = defineParameter<number>({
            ...freeMinutes,
            values: sorted.map((start) => ({
              from: addDays(origin, start),
              value: start,
              source: { title: '文件' },
              confidence: 'likely',
            })),
          })
          const expected = sorted.findLast((start) => start <= asked)
          if (expected === undefined) expect(() => valueOn(parameter, addDays(origin, asked))).toThrow()
          else expect(valueOn(parameter, addDays(origin, asked))).toBe(expected)
        },
      ),
    )
  })
})
