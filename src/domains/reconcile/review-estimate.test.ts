import { expect, test } from 'vitest'
import { patternOf } from '../../engines/linkage/comparison.ts'
import type { LinkageDefinition } from '../../engines/linkage/definition.ts'
import { type Model, weigh } from '../../engines/linkage/model.ts'
import { type Label, reestimate } from './review-estimate.ts'

const level = (id: string) => ({ id, match: 0.5, stranger: 0.5 })
const definition: LinkageDefinition = {
  id: 'test',
  version: '1',
  fields: {},
  certain: [],
  comparisons: [
    { id: 'name', levels: [level('same'), level('sound'), level('apart')] },
    { id: 'day', levels: [level('same'), level('apart')] },
  ],
  blocks: [],
  blockCap: 10,
  crowds: { most: 10, keys: [] },
  shares: { match: 0.5, household: 0 },
  askAlways: [],
  thresholds: { link: 0.9, review: 0.3 },
}
/** Believes that a name of the same sound says nothing. */
const model: Model = {
  match: [
    [0.8, 0.05, 0.15],
    [0.9, 0.1],
  ],
  household: [
    [0.1, 0.1, 0.8],
    [0.5, 0.5],
  ],
  stranger: [
    [0.1, 0.2, 0.7],
    [0.2, 0.8],
  ],
  matchShare: 0.4,
  householdShare: 0,
}
const sound = patternOf(definition.comparisons, [1, 0])
const apart = patternOf(definition.comparisons, [2, 1])
const labels: readonly Label[] = Array.from({ length: 400 }, (_, key) => ({
  key,
  pattern: key % 2 === 0 ? sound : apart,
  isSame: key % 2 === 0,
}))
const score = (by: Model, pattern: number) => {
  const { match, household, stranger } = weigh(definition, by, pattern)
  return match / (match + household + stranger)
}

test('[ESTIMATE-1] what people decide moves the rates, and pairs that had no part in it say whether for the better', () => {
  const { model: after, heldOut } = reestimate(definition, model, labels)
  expect(score(model, sound)).toBeLessThan(0.5)
  expect(score(after, sound)).toBeGreaterThan(0.5)
  expect(score(after, apart)).toBeLessThan(score(model, apart))
  expect(heldOut).toEqual({ pairs: 100, rightBefore: 0, rightAfter: 100 })
})

test('[ESTIMATE-1] the held-back part has no part in the model', () => {
  const used = labels.filter(({ key }) => key % 4 !== 0)
  expect(reestimate(definition, model, used).model).toEqual(reestimate(definition, model, labels).model)
})

test('rates stay shares, and no label leaves the model as it is', () => {
  const { model: after } = reestimate(definition, model, labels)
  for (const rates of [after.match, after.household, after.stranger])
    for (const levels of rates) expect(levels.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(1)
  expect(reestimate(definition, model, [])).toEqual({
    model,
    heldOut: { pairs: 0, rightBefore: 0, rightAfter: 0 },
  })
})
