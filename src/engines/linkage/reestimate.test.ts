import { expect, test } from 'vitest'
import { patternOf } from './comparison.ts'
import { fitModel, weigh } from './model.ts'
import { type Label, reestimate } from './reestimate.ts'
import { families } from './server/link-testing.ts'

const nothing = new Map<number, number>()
const model = fitModel(families, {
  blocked: nothing,
  random: nothing,
  siblings: nothing,
  leftRows: 50_000,
  rightRows: 50_000,
})
const pattern = (levels: Readonly<Record<string, string>>) =>
  patternOf(
    families.comparisons,
    families.comparisons.map(({ id, levels: all }) => all.findIndex((level) => level.id === levels[id])),
  )
const doubtful = pattern({ identity: 'birthNear', name: 'sound', household: 'name' })
const other = pattern({ identity: 'birth', name: 'oneOff', household: 'apart' })
const score = (of: typeof model, one: number) => {
  const { match, household, stranger } = weigh(families, of, one)
  return match / (match + household + stranger)
}
const labels = (count: number, one: number, isSame: (n: number) => boolean, from = 0): Label[] =>
  Array.from({ length: count }, (_, n) => ({ id: from + n, pattern: one, isSame: isSame(n) }))

test('[LINK-15] decisions move the odds of what they speak of towards themselves, and little else', () => {
  const decided = [...labels(200, doubtful, () => true), ...labels(200, other, () => false, 200)]
  const { model: learnt, before, after, heldBack, learntFrom } = reestimate(families, model, decided)
  expect([heldBack, learntFrom]).toEqual([80, 320])
  expect(score(learnt, doubtful)).toBeGreaterThan(0.85)
  expect(score(learnt, other)).toBeLessThan(0.15)
  expect(after.right).toBe(80)
  expect(after.surprise).toBeLessThan(before.surprise)
  const plain = pattern({ identity: 'same', name: 'same', household: 'id' })
  expect(score(learnt, plain)).toBeCloseTo(score(model, plain), 4)
})

test('[LINK-15] a handful of decisions moves little, and decisions that contradict one another promise no gain', () => {
  const few = reestimate(
    families,
    model,
    labels(2, doubtful, () => true, 1),
  )
  expect(Math.abs(score(few.model, doubtful) - score(model, doubtful))).toBeLessThan(0.25)
  const coin = reestimate(
    families,
    model,
    labels(200, doubtful, (n) => n % 2 === 0),
  )
  expect(coin.after.surprise).toBeGreaterThan(0.9)
})

test('[LINK-15] the same decisions in another order give the same model', () => {
  const decided = [...labels(60, doubtful, (n) => n % 3 > 0), ...labels(40, other, (n) => n % 5 === 0, 60)]
  const one = reestimate(families, model, decided).model
  const two = reestimate(families, model, decided.toReversed()).model
  for (const [index, rates] of one.match.entries())
    for (const [level, rate] of rates.entries()) expect(two.match[index]![level]!).toBeCloseTo(rate, 9)
})
