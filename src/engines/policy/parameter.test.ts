import { describe, expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import { defineParameter, type ParameterDraft } from './parameter.ts'

const draft: ParameterDraft<number> = {
  id: 'parking.free-minutes',
  label: '免费停放',
  area: '停车',
  unit: 'minutes',
  least: 0,
  most: 120,
  values: [
    { from: plainDate('2020-01-01'), value: 15, source: { title: '文件甲' }, confidence: 'certain' },
    { from: plainDate('2023-01-01'), value: 30, source: { title: '文件乙' }, confidence: 'likely' },
  ],
}
const [first, second] = draft.values as [(typeof draft.values)[number], (typeof draft.values)[number]]

describe('defining a parameter', () => {
  test('[POLICY-1] a sound one is taken as it is', () => {
    expect(defineParameter(draft)).toEqual(draft)
  })

  test.each<[string, Partial<ParameterDraft<number>>]>([
    ['an id without an area', { id: 'minutes' }],
    ['no value', { values: [] }],
    ['values out of order', { values: [second, first] }],
    ['two values from one day', { values: [first, { ...second, from: first.from }] }],
    ['a value without a source', { values: [{ ...first, source: { title: ' ' } }] }],
    ['a value below its bound', { values: [{ ...first, value: -1 }] }],
    ['a value above its bound', { values: [{ ...first, value: 121 }] }],
    ['a value that is no number', { values: [{ ...first, value: Number.NaN }] }],
  ])('[POLICY-1] %s is refused when the program starts', (_, change) => {
    expect(() => defineParameter({ ...draft, ...change })).toThrow(/^parameter/)
  })
})
