import { expect, test } from 'vitest'
import { columnsOf, groupSums } from './balance-sums.ts'
import type { BookBalance } from './contract.ts'

const ages = (recent: number) => ({ recent, term: 0, older: 0, none: 0 })
const unit = (unitId: number, total: number, unexplained: number) => ({
  unitId,
  name: `镇${unitId}`,
  kind: 'township',
  total,
  unexplained,
})

const balance = {
  unit: { unitId: 1, name: '区', kind: 'district' },
  lower: [unit(2, 10, 0), unit(3, 5, 3), unit(4, 9, 1), unit(1, 2, 0)],
  lines: [
    {
      account: 'here',
      group: 1,
      total: 22,
      change: 2,
      ages: ages(22),
      cells: [2, 3, 4, 1].map((unitId, i) => ({ unitId, count: [10, 2, 8, 2][i]! })),
    },
    {
      account: 'to-verify',
      group: 4,
      total: 4,
      change: -1,
      ages: ages(4),
      cells: [
        { unitId: 3, count: 3 },
        { unitId: 4, count: 1 },
      ],
    },
  ],
} as unknown as BookBalance

test('[BOOK-40] units with most unexplained stand first, the rest is one column, and every row adds up', () => {
  const columns = columnsOf(balance, 2)
  expect(columns.map(({ key, members }) => [key, members])).toEqual([
    ['3', 1],
    ['4', 1],
    ['rest', 2],
  ])
  for (const sum of groupSums(balance, columns).values()) {
    for (const line of [sum, ...sum.lines]) {
      expect([...line.cells.values()].reduce((all, count) => all + count, 0)).toBe(line.total)
    }
  }
})

test('[BOOK-40] a rest of one is no rest: the unit stands under its own name', () => {
  expect(columnsOf(balance, 3).map(({ key }) => key)).toEqual(['3', '4', '2', '1'])
  expect(columnsOf(balance, 3).at(-1)?.isOpening).toBe(false)
})
