import fc from 'fast-check'
import { expect, test } from 'vitest'
import { levelsOf, patternOf } from '../../engines/linkage/comparison.ts'
import { fitModel, type Model, repeatModel, weigh } from '../../engines/linkage/model.ts'
import { registerToRoll } from './linkage-definition.ts'

const { comparisons, thresholds } = registerToRoll
const repeatThreshold = registerToRoll.repeats?.threshold ?? 1

type Levels = Readonly<Record<string, string>>

function pattern(levels: Levels): number {
  return patternOf(
    comparisons,
    comparisons.map(({ id, levels: all }) => {
      const place = all.findIndex((level) => level.id === levels[id])
      if (place < 0) throw new RangeError(`no level ${levels[id]} of ${id}`)
      return place
    }),
  )
}

const score = (model: Model, levels: Levels) => {
  const { match, household, stranger } = weigh(registerToRoll, model, pattern(levels))
  return match / (match + household + stranger)
}
const nothing = new Map<number, number>()
const fitted = (rows: number) =>
  fitModel(registerToRoll, { blocked: nothing, random: nothing, siblings: nothing, leftRows: rows, rightRows: rows })
const rateOf = (rates: Model['stranger'], comparison: string, level: string) => {
  const place = comparisons.findIndex(({ id }) => id === comparison)
  return rates[place]![comparisons[place]!.levels.findIndex(({ id }) => id === level)]!
}

test('[LINK-6] a pattern is its levels and nothing else', () => {
  const size = comparisons.reduce((product, { levels }) => product * levels.length, 1)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: size - 1 }), (number) => {
      expect(patternOf(comparisons, levelsOf(comparisons, number))).toBe(number)
    }),
  )
})

test('[LINK-6] what is believed beforehand adds up to one in every comparison', () => {
  for (const { id, levels } of comparisons) {
    const learns = registerToRoll.household?.learns.includes(id) ?? false
    const rates = [
      levels.map(({ match }) => match),
      levels.map(({ stranger }) => stranger),
      ...(learns ? [levels.map(({ household }) => household ?? 0), levels.map(({ again }) => again ?? 0)] : []),
    ]
    for (const list of rates) expect(Math.abs(list.reduce((total, rate) => total + rate, 0) - 1)).toBeLessThan(0.07)
  }
})

test('[LINK-6] a damaged ID is decided with the household beside it and not without', () => {
  const model = fitted(200_000)
  const said = { identity: 'birth', name: 'same', place: 'unknown' }
  expect(score(model, { ...said, household: 'id' })).toBeGreaterThan(thresholds.link)
  expect(score(model, { ...said, name: 'apart', household: 'unknown' })).toBeLessThan(thresholds.review)
})

test('[LINK-3] two sound numbers of one day under one guardian and two names are twins, on one sheet and across both', () => {
  const twins = { identity: 'otherSequence', name: 'oneOff', household: 'id', place: 'address' }
  const model = fitted(200_000)
  expect(score(model, twins)).toBeLessThan(thresholds.link)
  expect(score(repeatModel(registerToRoll, model, 200_000), twins)).toBeLessThan(repeatThreshold)
})

test('[LINK-7] one name under one guardian is one child registered twice, whatever the two birthdays', () => {
  const model = repeatModel(registerToRoll, fitted(200_000), 200_000)
  const said = { identity: 'apart', name: 'same', place: 'apart' }
  expect(score(model, { ...said, household: 'namePhone' })).toBeGreaterThan(repeatThreshold)
  expect(score(model, { ...said, household: 'apart' })).toBeLessThan(0.01)
})

test('[LINK-7] births of one mother some months apart are one child, years apart two', () => {
  const stranger = pattern({ identity: 'apart', name: 'apart', household: 'apart', place: 'apart' })
  const learnt = fitModel(registerToRoll, {
    blocked: nothing,
    random: new Map([[stranger, 1_000_000]]),
    siblings: nothing,
    leftRows: 200_000,
    rightRows: 200_000,
  })
  const model = repeatModel(registerToRoll, learnt, 200_000)
  const said = { name: 'given', household: 'id', place: 'apart' }
  expect(score(model, { ...said, identity: 'close' })).toBeGreaterThan(repeatThreshold)
  expect(score(model, { name: 'oneOff', household: 'id', place: 'apart', identity: 'apart' })).toBeLessThan(0.01)
})

test('[LINK-4] weights stay probabilities on a handful of rows', () => {
  const same = pattern({ identity: 'same', name: 'same', household: 'id', place: 'address' })
  for (const rows of [0, 1, 2]) {
    const counts = new Map([[same, rows]])
    const model = fitModel(registerToRoll, {
      blocked: counts,
      random: counts,
      siblings: nothing,
      leftRows: rows,
      rightRows: rows,
    })
    for (const weight of Object.values(weigh(registerToRoll, model, same))) expect(weight).toBeGreaterThan(0)
  }
})

test('[LINK-11] random pairs that are one household do not make a shared guardian look common', () => {
  const stranger = pattern({ identity: 'apart', name: 'apart', household: 'apart', place: 'apart' })
  const child = pattern({ identity: 'same', name: 'same', household: 'id', place: 'address' })
  const sister = pattern({ identity: 'apart', name: 'surname', household: 'phone', place: 'address' })
  const observed = { blocked: nothing, siblings: nothing, leftRows: 20_000, rightRows: 20_000 }
  const { stranger: rates } = fitModel(registerToRoll, {
    ...observed,
    random: new Map([
      [stranger, 1_000_000],
      [child, 40],
      [sister, 40],
    ]),
  })
  expect(rateOf(rates, 'household', 'id')).toBeLessThan(1e-7)
  expect(rateOf(rates, 'household', 'phone')).toBeLessThan(1e-7)
  expect(rateOf(rates, 'place', 'address')).toBeLessThan(1e-6)
})

test('[LINK-11] a guardian of one name says less where the children share the surname already', () => {
  const model = fitted(200_000)
  const said = { identity: 'apart', place: 'apart' }
  const gain = (name: string) =>
    weigh(registerToRoll, model, pattern({ ...said, name, household: 'apart' })).stranger /
    weigh(registerToRoll, model, pattern({ ...said, name, household: 'name' })).stranger
  expect(gain('same')).toBeLessThan(gain('given') / 10)
})
