import { expect, test } from 'vitest'
import { byRank, randomByNumber, randomFor, weighted } from './random.ts'

const first = (random: { next(): number }, count: number) => Array.from({ length: count }, () => random.next())

test('[DEMO-15] a stream depends on the seed and its names alone, whatever other streams have drawn', () => {
  const alone = first(randomFor(7, 'names', '南川区'), 5)
  const other = randomFor(7, 'homes', '南川区')
  first(other, 100)
  expect(first(randomFor(7, 'names', '南川区'), 5)).toEqual(alone)
  expect(first(randomFor(8, 'names', '南川区'), 5)).not.toEqual(alone)
  expect(first(randomFor(7, 'names', '万州区'), 5)).not.toEqual(alone)
})

test('[DEMO-15] what befalls one person does not move what befalls the next', () => {
  const streams = randomByNumber(7, 'faults')
  const third = first(streams(3), 4)
  first(streams(1), 1)
  first(streams(2), 50)
  expect(first(streams(3), 4)).toEqual(third)
  expect(first(streams(4), 4)).not.toEqual(third)
})

test('draws are spread evenly over [0, 1)', () => {
  const tenths = new Array<number>(10).fill(0)
  const random = randomFor(1, 'spread')
  for (let draw = 0; draw < 20_000; draw += 1) {
    const tenth = Math.floor(random.next() * 10)
    tenths[tenth] = tenths[tenth]! + 1
  }
  for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200)
})

test('a member is drawn in proportion to its weight, a higher rank more often', () => {
  const random = randomFor(1, 'weights')
  const coin = weighted([
    ['three', 3],
    ['one', 1],
    ['never', 0],
  ] as const)
  const counts = { three: 0, one: 0, never: 0 }
  for (let draw = 0; draw < 8000; draw += 1) counts[coin.draw(random)] += 1
  expect(counts.three / counts.one).toBeGreaterThan(2.7)
  expect(counts.three / counts.one).toBeLessThan(3.3)
  expect(counts.never).toBe(0)
  const ranked = byRank(['first', 'second'], 1, 1)
  const firsts = Array.from({ length: 3000 }, () => ranked.draw(random)).filter((item) => item === 'first').length
  expect(firsts / 3000).toBeCloseTo(2 / 3, 1)
})
