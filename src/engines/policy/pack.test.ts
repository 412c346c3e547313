import { describe, expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import { readPolicyPacks } from './pack.ts'
import { defineParameter } from './parameter.ts'

const source = { title: '文件甲' }
const parameters = [
  defineParameter({
    id: 'parking.free-minutes',
    label: '免费停放',
    area: '停车',
    unit: 'minutes',
    least: 0,
    most: 120,
    values: [{ from: plainDate('2020-01-01'), value: 15, source, confidence: 'certain' }],
  }),
  defineParameter({
    id: 'parking.season-end',
    label: '旺季截止',
    area: '停车',
    unit: 'month-day',
    values: [{ from: plainDate('2020-01-01'), value: '08-31', source, confidence: 'certain' }],
  }),
]
const good = { parameter: 'parking.free-minutes', from: '2021-01-01', value: 20, source, confidence: 'likely' }
const read = (...values: object[]) =>
  readPolicyPacks([{ unit: 'north', label: '北区', values }], parameters, 'policy.json')

describe('reading a pack', () => {
  test('[POLICY-5] a sound pack is taken; an end that is left out is open', () => {
    expect(read(good)).toEqual([
      {
        unit: 'north',
        label: '北区',
        values: [
          {
            parameterId: 'parking.free-minutes',
            from: '2021-01-01',
            until: null,
            value: 20,
            source,
            confidence: 'likely',
          },
        ],
      },
    ])
  })

  test('[POLICY-5] two values of one unit may follow each other, an open end is closed by the next', () => {
    expect(read(good, { ...good, from: '2022-01-01' })[0]?.values).toHaveLength(2)
    expect(read({ ...good, until: '2022-01-01' }, { ...good, from: '2022-01-01' })[0]?.values).toHaveLength(2)
  })

  test.each<[string, object[], RegExp]>([
    ['an unknown parameter', [{ ...good, parameter: 'parking.fee' }], /0\.values\.0.*parking\.fee/],
    ['a text for a number', [{ ...good, value: '20' }], /0\.values\.0.*数字/],
    ['a number for a month and day', [{ ...good, parameter: 'parking.season-end', value: 831 }], /08-31/],
    ['a month and day that no year has', [{ ...good, parameter: 'parking.season-end', value: '02-30' }], /08-31/],
    ['a value out of bounds', [{ ...good, value: 121 }], /0 分钟 到 120 分钟/],
    ['an end before its start', [{ ...good, until: '2021-01-01' }], /2021-01-01 之后/],
    ['two values from one day', [good, good], /0\.values\.1.*重叠/],
    [
      'a value inside the span of another',
      [
        { ...good, until: '2023-01-01' },
        { ...good, from: '2022-01-01' },
      ],
      /重叠/,
    ],
    ['no source', [{ ...good, source: { title: ' ' } }], /0\.values\.0\.source\.title/],
    ['a misspelt key', [{ ...good, untill: '2022-01-01' }], /untill/],
    ['a day that does not exist', [{ ...good, from: '2021-02-29' }], /0\.values\.0\.from/],
    ['a confidence nobody knows', [{ ...good, confidence: 'sure' }], /0\.values\.0\.confidence/],
  ])('[POLICY-5] %s is refused with the place and what to do', (_, values, message) => {
    expect(() => read(...values)).toThrowError(
      expect.objectContaining({ code: 'POLICY.PACK_FAULT', message: expect.stringMatching(message) }),
    )
    expect(() => read(...values)).toThrowError(/policy\.json/)
  })

  test('[POLICY-5] a unit has one pack, and a file that is no list is none', () => {
    const pack = { unit: 'north', label: '北区', values: [] }
    expect(() => readPolicyPacks([pack, pack], parameters, 'policy.json')).toThrowError(/north/)
    expect(() => readPolicyPacks({}, parameters, 'policy.json')).toThrowError(/policy\.json/)
  })
})
