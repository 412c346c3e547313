import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { getValueOn, type Parameter, readPolicyPacks, valueOn } from '../../engines/policy/index.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { NATIONAL_SCHOOLING } from '../../kernel/school-year.ts'
import { entryCutOff, reconcileParameters, schoolingRuleOn } from './policy.ts'

test('[RECON-1] six on 31 August and nine years, as the kernel counts them, since the Compulsory Education Law', () => {
  for (const day of ['1986-07-01', '2006-08-31', '2006-09-01', '2026-08-31']) {
    expect(schoolingRuleOn(plainDate(day))).toEqual(NATIONAL_SCHOOLING)
  }
})

test('[RECON-1] a place may set its own cut-off day', () => {
  const own = {
    parameter: 'reconcile.entry-cut-off',
    from: '2020-01-01',
    value: '12-31',
    source: { title: '（示例）' },
    confidence: 'likely',
  }
  const packs = readPolicyPacks([{ unit: 'X', label: '某区', values: [own] }], reconcileParameters, 'policy.json')
  expect(schoolingRuleOn(plainDate('2026-08-31'), { units: ['city', 'X'], packs }).cutOff).toBe('12-31')
})

test('every parameter of the slice has a value today', () => {
  const parameters: readonly Parameter[] = reconcileParameters
  for (const parameter of parameters) expect(valueOn(parameter, plainDate('2026-11-24'))).toBeDefined()
})

test('[RECON-1] Chongqing’s pack gives the cut-off day on the word of its own notice', () => {
  const file = new URL('../../../packs/chongqing/policy.json', import.meta.url)
  const own = JSON.parse(readFileSync(file, 'utf8')).flatMap((pack: { values: { parameter: string }[] }) => ({
    ...pack,
    values: pack.values.filter(({ parameter }) => parameter.startsWith('reconcile.')),
  }))
  const packs = readPolicyPacks(own, reconcileParameters, 'packs/chongqing/policy.json')
  const found = getValueOn(entryCutOff, plainDate('2026-08-31'), { units: ['500000', '500103'], packs })
  expect(found).toMatchObject({ value: '08-31', confidence: 'certain', pack: { label: '重庆市' } })
})
