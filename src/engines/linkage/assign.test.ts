import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assignOneToOne } from './assign.ts'

const pairs = (list: readonly (readonly [number, number, number])[]) => ({
  left: Int32Array.from(list, ([left]) => left),
  right: Int32Array.from(list, ([, right]) => right),
  isSure: Uint8Array.from(list, ([, , sure]) => sure),
})

test('[LINK-2] the best pair claims both its rows, the rest is left to others', () => {
  expect(
    assignOneToOne(
      pairs([
        [1, 1, 1],
        [1, 2, 1],
        [2, 1, 1],
        [2, 2, 0],
      ]),
    ).claimed,
  ).toEqual([0, 3])
})

test('[LINK-7] a sure pair whose row was surely claimed tells a repeat; an unsure one tells nothing', () => {
  const told = assignOneToOne(
    pairs([
      [1, 1, 1],
      [2, 1, 1],
      [1, 3, 1],
      [4, 1, 0],
    ]),
  )
  expect(told.repeatedLeft).toEqual([{ row: 2, sameAs: 1, pair: 1 }])
  expect(told.repeatedRight).toEqual([{ row: 3, sameAs: 1, pair: 2 }])
})

test('[LINK-2] no row is claimed twice, and no pair is left whose rows are both free', () => {
  const row = fc.integer({ min: 1, max: 6 })
  fc.assert(
    fc.property(fc.array(fc.tuple(row, row, fc.integer({ min: 0, max: 1 }))), (list) => {
      const { claimed, repeatedLeft } = assignOneToOne(pairs(list))
      const lefts = new Set(claimed.map((pair) => list[pair]![0]))
      const rights = new Set(claimed.map((pair) => list[pair]![1]))
      expect([lefts.size, rights.size]).toEqual([claimed.length, claimed.length])
      for (const [left, right] of list) expect(lefts.has(left) || rights.has(right)).toBe(true)
      for (const { row: repeated, sameAs } of repeatedLeft)
        expect([lefts.has(repeated), lefts.has(sameAs)]).toEqual([false, true])
    }),
  )
})
