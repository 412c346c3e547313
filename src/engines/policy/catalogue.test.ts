import { describe, expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import { catalogueOf, listPolicy } from './catalogue.ts'
import { PolicyLine } from './contract.ts'
import { readPolicyPacks } from './pack.ts'
import { defineParameter } from './parameter.ts'

const freeMinutes = defineParameter({
  id: 'parking.free-minutes',
  label: '免费停放',
  area: '停车',
  unit: 'minutes',
  note: '节假日另计',
  values: [
    { from: plainDate('2020-01-01'), value: 15, source: { title: '文件甲', article: '第三条' }, confidence: 'certain' },
    {
      from: plainDate('2023-01-01'),
      value: 30,
      source: { title: '文件乙', number: '〔2022〕9号' },
      confidence: 'to-verify',
    },
  ],
})
const fee = defineParameter({
  id: 'parking.fee',
  label: '每小时收费',
  area: '停车',
  unit: 'fen',
  values: [{ from: plainDate('2022-01-01'), value: 500, source: { title: '文件丙' }, confidence: 'certain' }],
})
const parameters = catalogueOf([freeMinutes], [fee])
const packs = readPolicyPacks(
  [
    {
      unit: 'north',
      label: '北区',
      values: [
        {
          parameter: freeMinutes.id,
          from: '2024-01-01',
          until: '2025-01-01',
          value: 45,
          source: { title: '区文件' },
          confidence: 'likely',
        },
      ],
    },
    {
      unit: 'east',
      label: '东区',
      values: [
        { parameter: freeMinutes.id, from: '2023-01-01', value: 60, source: { title: '区文件' }, confidence: 'likely' },
      ],
    },
  ],
  parameters,
  'policy.json',
)
const list = (day: string, units: readonly string[] = [], q = '') =>
  listPolicy(parameters, plainDate(day), { units, packs }, q)
const shownInForce = (day: string, units: readonly string[] = []) =>
  list(day, units).map((line) =>
    line.values.filter((value) => value.inForce).map((value) => `${value.origin} ${value.shown}`),
  )

describe('the page of parameters', () => {
  test('[POLICY-6] newest first, each value with its days, its source and its origin', () => {
    expect(list('2024-06-01', ['city', 'north'])[0]).toEqual({
      id: 'parking.free-minutes',
      label: '免费停放',
      area: '停车',
      unit: '分钟',
      note: '节假日另计',
      values: [
        {
          from: '2024-01-01',
          until: '2024-12-31',
          shown: '45 分钟',
          source: { title: '区文件', article: null, number: null },
          confidence: 'likely',
          origin: '北区',
          inForce: true,
        },
        {
          from: '2023-01-01',
          until: null,
          shown: '30 分钟',
          source: { title: '文件乙', article: null, number: '〔2022〕9号' },
          confidence: 'to-verify',
          origin: '全国',
          inForce: false,
        },
        {
          from: '2020-01-01',
          until: '2022-12-31',
          shown: '15 分钟',
          source: { title: '文件甲', article: '第三条', number: null },
          confidence: 'certain',
          origin: '全国',
          inForce: false,
        },
      ],
    })
  })

  test('[POLICY-6] exactly the value that would be used on that day, there, is marked; before any value none is', () => {
    expect(shownInForce('2021-01-01')).toEqual([['全国 15 分钟'], []])
    expect(shownInForce('2024-06-01')).toEqual([['全国 30 分钟'], ['全国 5.00 元']])
    expect(shownInForce('2024-06-01', ['city', 'north'])).toEqual([['北区 45 分钟'], ['全国 5.00 元']])
    expect(shownInForce('2024-06-01', ['city', 'east'])).toEqual([['东区 60 分钟'], ['全国 5.00 元']])
    expect(shownInForce('2025-01-01', ['city', 'north'])).toEqual([['全国 30 分钟'], ['全国 5.00 元']])
  })

  test('[POLICY-6] another unit’s own values are not shown', () => {
    expect(list('2024-06-01', ['city', 'south'])[0]?.values.map((value) => value.origin)).toEqual(['全国', '全国'])
  })

  test.each([
    ['收费', ['parking.fee']],
    ['第三条', ['parking.free-minutes']],
    ['〔2022〕9号', ['parking.free-minutes']],
    ['节假日', ['parking.free-minutes']],
    ['PARKING', ['parking.free-minutes', 'parking.fee']],
    ['  ', ['parking.free-minutes', 'parking.fee']],
    ['没有这个词', []],
  ])('[POLICY-6] a search for %j finds %j', (q, ids) => {
    expect(list('2024-06-01', [], q).map(({ id }) => id)).toEqual(ids)
  })

  test('[POLICY-6] the lines are what the route promises', () => {
    for (const line of list('2024-06-01', ['city', 'north'])) expect(PolicyLine.parse(line)).toEqual(line)
  })

  test('[POLICY-1] two parameters of one id are refused', () => {
    expect(() => catalogueOf([fee], [freeMinutes, fee])).toThrow(/parking\.fee is defined twice/)
  })
})
