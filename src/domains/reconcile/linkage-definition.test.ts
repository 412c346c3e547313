import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COMPARISON_IDS, COMPARISONS, type Comparison, levelsOf } from '../../engines/linkage/definition.ts'
import { fitModel, type Model, repeatModel, weigh } from '../../engines/linkage/model.ts'
import { registerToRoll } from './linkage-definition.ts'

type Levels = Readonly<Record<Comparison, string>>

function patternOf(levels: Levels): number {
  let factor = 1
  let pattern = 0
  for (const id of COMPARISON_IDS) {
    pattern += factor * (COMPARISONS[id] as readonly string[]).indexOf(levels[id])
    factor *= COMPARISONS[id].length
  }
  return pattern
}

const score = (model: Model, levels: Levels) => {
  const { match, household, stranger } = weigh(model, patternOf(levels))
  return match / (match + household + stranger)
}
const nothing = new Map<number, number>()
const fitted = (rows: number) =>
  fitModel(registerToRoll, { blocked: nothing, random: nothing, siblings: nothing, leftRows: rows, rightRows: rows })

test('[LINK-6] a pattern is its levels and nothing else', () => {
  const size = COMPARISON_IDS.reduce((product, id) => product * COMPARISONS[id].length, 1)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: size - 1 }), (pattern) => {
      const levels = levelsOf(pattern)
      const names = COMPARISON_IDS.map((id) => [id, COMPARISONS[id][levels[id]]] as const)
      expect(patternOf(Object.fromEntries(names) as Levels)).toBe(pattern)
    }),
  )
})

test('[LINK-6] what is believed beforehand adds up to one in every comparison', () => {
  const { match, stranger, household } = registerToRoll.priors
  const rates = [
    ...Object.values(match),
    ...Object.values(stranger),
    ...Object.values(household),
    registerToRoll.repeats.identity,
    registerToRoll.repeats.name,
  ]
  for (const levels of rates) {
    const sum = Object.values(levels as Record<string, number>).reduce((total, rate) => total + rate, 0)
    expect(Math.abs(sum - 1)).toBeLessThan(0.03)
  }
})

test('[LINK-6] a damaged ID is decided with the household beside it and not without', () => {
  const model = fitted(200_000)
  const said = { identity: 'birth', name: 'same', place: 'unknown' }
  expect(score(model, { ...said, household: 'id' })).toBeGreaterThan(registerToRoll.thresholds.link)
  expect(score(model, { ...said, name: 'apart', household: 'unknown' })).toBeLessThan(registerToRoll.thresholds.review)
})

test('[LINK-3] two sound numbers of one day under one guardian and two names are twins, on one sheet and across both', () => {
  const twins = { identity: 'otherSequence', name: 'oneOff', household: 'id', place: 'address' }
  const model = fitted(200_000)
  expect(score(model, twins)).toBeLessThan(registerToRoll.thresholds.link)
  expect(score(repeatModel(registerToRoll, model, 200_000), twins)).toBeLessThan(registerToRoll.thresholds.repeat)
})

test('[LINK-7] one name under one guardian is one child registered twice, whatever the two birthdays', () => {
  const model = repeatModel(registerToRoll, fitted(200_000), 200_000)
  expect(score(model, { identity: 'apart', name: 'same', household: 'namePhone', place: 'apart' })).toBeGreaterThan(
    registerToRoll.thresholds.repeat,
  )
  expect(score(model, { identity: 'apart', name: 'same', household: 'apart', place: 'apart' })).toBeLessThan(0.01)
})

test('[LINK-4] weights stay probabilities on a handful of rows', () => {
  const same = patternOf({ identity: 'same', name: 'same', household: 'id', place: 'address' })
  for (const rows of [0, 1, 2]) {
    const counts = new Map([[same, rows]])
    const model = fitModel(registerToRoll, {
      blocked: counts,
      random: counts,
      siblings: nothing,
      leftRows: rows,
      rightRows: rows,
    })
    for (const weight of Object.values(weigh(model, same))) expect(weight).toBeGreaterThan(0)
  }
})

test('[LINK-11] random pairs that are one household do not make a shared guardian look common', () => {
  const stranger = patternOf({ identity: 'apart', name: 'apart', household: 'apart', place: 'apart' })
  const child = patternOf({ identity: 'same', name: 'same', household: 'id', place: 'address' })
  const sister = patternOf({ identity: 'apart', name: 'surname', household: 'phone', place: 'address' })
  const observed = { blocked: nothing, siblings: nothing, leftRows: 20_000, rightRows: 20_000 }
  const { stranger: rates } = fitModel(registerToRoll, {
    ...observed,
    random: new Map([
      [stranger, 1_000_000],
      [child, 40],
      [sister, 40],
    ]),
  })
  expect(rates.household.id).toBeLessThan(1e-7)
  expect(rates.household.phone).toBeLessThan(1e-7)
  expect(rates.place.address).toBeLessThan(1e-6)
})

test('[LINK-11] a guardian of one name says less where the children share the surname already', () => {
  const model = fitted(200_000)
  const said = { identity: 'apart', place: 'apart' }
  const gain = (name: string) =>
    weigh(model, patternOf({ ...said, name, household: 'apart' })).stranger /
    weigh(model, patternOf({ ...said, name, household: 'name' })).stranger
  expect(gain('same')).toBeLessThan(gain('given') / 10)
})
