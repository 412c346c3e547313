import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import { schoolYear } from '../../kernel/school-year.ts'
import { STATUS_GROUPS } from '../imports/index.ts'
import {
  decideObligation,
  decidePopulationClass,
  OBLIGATIONS,
  obligationBand,
  POPULATION_CLASSES,
  type PopulationFacts,
} from './rules.ts'

const YEAR = schoolYear(2026)
const FACTS: PopulationFacts = {
  isError: false,
  isDuplicate: false,
  isCancelled: false,
  obligation: 'open',
  linked: null,
  hasReview: false,
}
const decide = (facts: Partial<PopulationFacts>) => decidePopulationClass({ ...FACTS, ...facts })

test.each([
  ['2020-08-31', 'open'],
  ['2020-09-01', 'not-begun'],
  ['2011-09-01', 'open'],
  ['2011-08-31', 'over-age'],
] as const)('[RECON-1] in 2026 a child born on %s is %s', (birth, obligation) => {
  expect(decideObligation(YEAR, plainDate(birth))).toBe(obligation)
})

test('[RECON-1] the band holds exactly the birthdays whose obligation is open', () => {
  const { from, until } = obligationBand(YEAR)
  expect([from, until]).toEqual(['2011-09-01', '2020-08-31'])
})

test('[RECON-2] whatever the facts, a row has one class, and faults of the row go before what it is linked to', () => {
  const facts = fc.record({
    isError: fc.boolean(),
    isDuplicate: fc.boolean(),
    isCancelled: fc.boolean(),
    obligation: fc.constantFrom(...OBLIGATIONS),
    linked: fc.option(
      fc.record({ group: fc.constantFrom(...STATUS_GROUPS), grade: fc.option(fc.integer({ min: 0, max: 12 })) }),
    ),
    hasReview: fc.boolean(),
  })
  fc.assert(
    fc.property(facts, (one) => {
      const decided = decidePopulationClass(one)
      expect(POPULATION_CLASSES).toContain(decided)
      expect(decided === 'error').toBe(one.isError)
      if (one.isDuplicate && !one.isError) expect(decided).toBe('duplicate')
      if (one.isCancelled && !one.isError && !one.isDuplicate) expect(decided).toBe('cancelled')
      if (one.linked?.group === 'left') expect(decided).not.toMatch(/^linked/)
    }),
  )
})

test.each([
  ['at school', { linked: { group: 'in-school', grade: 6 } }, 'linked'],
  ['a repeater of fifteen', { obligation: 'over-age', linked: { group: 'in-school', grade: 9 } }, 'linked'],
  ['over age, grade not told', { obligation: 'over-age', linked: { group: 'in-school', grade: null } }, 'linked'],
  ['in grade ten', { obligation: 'over-age', linked: { group: 'in-school', grade: 10 } }, 'linked-closed'],
  ['at school before six', { obligation: 'not-begun', linked: { group: 'in-school', grade: 1 } }, 'linked-not-begun'],
  ['graduated', { obligation: 'over-age', linked: { group: 'finished', grade: 9 } }, 'finished'],
  ['left', { linked: { group: 'left', grade: 7 } }, 'left'],
  ['left in grade eight and over age', { obligation: 'over-age', linked: { group: 'left', grade: 8 } }, 'left'],
  ['left grade eleven', { obligation: 'over-age', linked: { group: 'left', grade: 11 } }, 'over-age'],
  ['left, grade not told, over age', { obligation: 'over-age', linked: { group: 'left', grade: null } }, 'over-age'],
  ['left kindergarten before six', { obligation: 'not-begun', linked: { group: 'left', grade: 0 } }, 'not-begun'],
  ['on no roll', {}, 'absent'],
  ['perhaps on a roll', { hasReview: true }, 'review'],
  ['over age and perhaps on a roll', { obligation: 'over-age', hasReview: true }, 'review'],
  ['over age on no roll', { obligation: 'over-age' }, 'over-age'],
  ['under age on no roll', { obligation: 'not-begun', hasReview: true }, 'not-begun'],
] as const)('[RECON-2] %s', (_, facts, expected) => {
  expect(decide(facts)).toBe(expected)
})

test('[RECON-1] the band follows the rule of schooling in force: another cut-off day moves its edges', () => {
  const rule = { entryAge: 6, cutOff: '12-31', years: 9 }
  expect(obligationBand(schoolYear(2026), rule)).toEqual({ from: '2012-01-01', until: '2020-12-31' })
  expect(obligationBand(schoolYear(2026))).toEqual({ from: '2011-09-01', until: '2020-08-31' })
})
