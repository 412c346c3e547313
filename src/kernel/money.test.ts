import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fen, findFen, formatYuan } from './money.ts'

test.each([0.5, Number.NaN, Infinity, 2 ** 53])('[MONEY-1] %d is no amount in fen', (amount) => {
  expect(() => fen(amount)).toThrow(RangeError)
})

test.each([
  ['1,250.5', 125050],
  ['1250', 125000],
  ['0.07', 7],
  ['-3.10', -310],
  [' 12.00 ', 1200],
])('[MONEY-2] %j yuan are %d fen', (yuan, amount) => {
  expect(findFen(yuan)).toBe(amount)
})

test.each(['', '1.005', '一百', '1e3', '.5', '--1', '12元'])('[MONEY-2] %j is no amount', (yuan) => {
  expect(findFen(yuan)).toBeUndefined()
})

test('[MONEY-3] two decimals and thousands apart', () => {
  expect([125050, 7, -310, 0, 100000000].map((amount) => formatYuan(fen(amount)))).toEqual([
    '1,250.50',
    '0.07',
    '-3.10',
    '0.00',
    '1,000,000.00',
  ])
})

test('[MONEY-3] what is printed is read back as the same amount', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(10 ** 14), max: 10 ** 14 }), (amount) => {
      expect(findFen(formatYuan(fen(amount)))).toBe(fen(amount))
    }),
  )
})
