import fc from 'fast-check'
import { expect, test } from 'vitest'
import { birthday, citizenIdWithBirth, code, hanName, household, latinName } from './comparators.ts'
import { patternOf } from './comparison.ts'
import type { LinkageDefinition } from './definition.ts'
import { explainPair } from './explain.ts'
import { fitModel, weigh } from './model.ts'
import { fromModelJson, toModelJson } from './model-json.ts'

const families: LinkageDefinition = {
  id: 'families',
  version: '1',
  fields: {},
  certain: ['id_n'],
  comparisons: [
    citizenIdWithBirth({ id: 'id', birth: 'birth', sex: 'sex' }),
    hanName('name', 'former'),
    household({ names: ['m1', 'm2'], ids: ['i1'], phones: ['p1'] }),
  ],
  blocks: [],
  blockCap: 1,
  crowds: { most: 1, keys: [] },
  shares: { match: 0.7, household: 0.15 },
  household: { together: 'i1', apart: ['name_fold'], learns: ['identity', 'name'] },
  askAlways: [],
  yields: [],
  thresholds: { link: 0.9, review: 0.3 },
}
const strangers: LinkageDefinition = {
  ...families,
  id: 'strangers',
  comparisons: [latinName('given'), birthday('born'), code('zip', 1e-3)],
  shares: { match: 0.5, household: 0 },
}
const { household: _, ...twoClasses } = strangers

const nothing = new Map<number, number>()
const fitted = (definition: LinkageDefinition) =>
  fitModel(definition, { blocked: nothing, random: nothing, siblings: nothing, leftRows: 50_000, rightRows: 40_000 })
const patternsOf = ({ comparisons }: LinkageDefinition) =>
  fc.integer({ min: 0, max: comparisons.reduce((product, { levels }) => product * levels.length, 1) - 1 })
const total = (steps: ReturnType<typeof explainPair>) => steps.reduce((sum, { weight }) => sum + weight, 0)

test.each([families, twoClasses])(
  '[LINK-13] the steps of a pair add up to the odds that decided ($id)',
  (definition) => {
    const model = fitted(definition)
    fc.assert(
      fc.property(patternsOf(definition), fc.double({ min: 0.001, max: 1000, noNaN: true }), (pattern, rarity) => {
        const { match, household: kin, stranger } = weigh(definition, model, pattern)
        const plain = Math.log2(match / (kin + stranger))
        expect(total(explainPair(definition, model, pattern))).toBeCloseTo(plain, 6)
        const weight = Math.log(match) - Math.log(kin + stranger * rarity)
        expect(total(explainPair(definition, model, pattern, weight))).toBeCloseTo(weight / Math.LN2, 1)
      }),
    )
  },
)

test('[LINK-13] a shared rare name speaks for one person, a brother’s number against', () => {
  const model = fitted(families)
  const { comparisons } = families
  const twoFamilies = patternOf(comparisons, [0, 0, comparisons[2]!.levels.length - 1])
  const { match, household: kin, stranger } = weigh(families, model, twoFamilies)
  const rare = explainPair(families, model, twoFamilies, Math.log(match) - Math.log(kin + stranger / 5))
  expect(rare.find(({ comparison }) => comparison === 'frequency')?.weight).toBeCloseTo(Math.log2(5), 1)
  expect(rare.find(({ comparison }) => comparison === 'household-chance')?.weight).toBeLessThan(0)
})

test('[LINK-13] where strangers are out of the question, a rounded weight tells no rarity', () => {
  const model = fitted(families)
  const { match, household: kin, stranger } = weigh(families, model, 0)
  const weight = Math.round((Math.log(match) - Math.log(kin + stranger)) * 10_000) / 10_000
  const steps = explainPair(families, model, 0, weight)
  for (const step of steps) expect(Math.abs(step.weight)).toBeLessThan(60)
  expect(total(steps)).toBeCloseTo(weight / Math.LN2, 6)
})

test('[LINK-13] a model that is kept and read again weighs the same, and fits its own definition only', () => {
  const model = fitted(families)
  const json = JSON.parse(JSON.stringify(toModelJson(families, model)))
  expect(fromModelJson(families, json)).toEqual(model)
  expect(() => fromModelJson({ ...families, version: '2' }, json)).toThrow(/families@1/)
  expect(() => fromModelJson({ ...families, id: 'others' }, json)).toThrow(RangeError)
})
