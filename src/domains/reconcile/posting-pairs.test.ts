import { expect, test } from 'vitest'
import { childId } from '../../kernel/ids.ts'
import { joinPairs } from './posting-pairs.ts'

const pair = (one: number, other: number, inBooks: readonly number[] = []) => ({
  one: childId(one),
  other: childId(other),
  oneInBooks: inBooks.includes(one),
  otherInBooks: inBooks.includes(other),
})

test('[POST-12] a chain of pairs is one child: all others go straight into it', () => {
  expect(joinPairs([pair(3, 2), pair(5, 3), pair(9, 8)])).toEqual([
    { from: 3, into: 2, isFromInBooks: false },
    { from: 5, into: 2, isFromInBooks: false },
    { from: 9, into: 8, isFromInBooks: false },
  ])
})

test('[POST-12] the child of the books stays; of two in the books one goes with its entries', () => {
  expect(joinPairs([pair(2, 7, [7])])).toEqual([{ from: 2, into: 7, isFromInBooks: false }])
  expect(joinPairs([pair(2, 7, [2, 7])])).toEqual([{ from: 7, into: 2, isFromInBooks: true }])
  expect(joinPairs([pair(1, 2), pair(2, 7, [7])])).toEqual([
    { from: 1, into: 7, isFromInBooks: false },
    { from: 2, into: 7, isFromInBooks: false },
  ])
})

test('[POST-12] a pair told twice, or a circle, is one merge a child', () => {
  expect(joinPairs([pair(1, 2), pair(2, 1), pair(2, 3), pair(3, 1)])).toHaveLength(2)
})

test('[DECIDE-1] a chain that would join two who were decided to be two is cut where it would join them', () => {
  const chain = [pair(1, 2), pair(2, 3)]
  expect(joinPairs(chain).map(({ from, into }) => [from, into])).toEqual([
    [2, 1],
    [3, 1],
  ])
  const apart = [[childId(3), childId(1)]] as const
  expect(joinPairs(chain, apart).map(({ from, into }) => [from, into])).toEqual([[2, 1]])
})
