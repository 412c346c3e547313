import { expect, test } from 'vitest'
import { type AgePart, placeAges } from './age-layout.ts'

function parts(fresh: number, term: number, older: number, never: number): AgePart[] {
  return [
    { shade: 'fresh', label: 'a', count: fresh },
    { shade: 'term', label: 'b', count: term },
    { shade: 'older', label: 'c', count: older },
    { shade: 'never', label: 'd', count: never },
  ]
}

function widths(of: readonly AgePart[]): readonly number[] {
  return placeAges(of).map(({ width }) => width)
}

test('[CHART-1] one in fifty thousand is still seen, and the bar stays full', () => {
  expect(widths(parts(50_000, 0, 0, 1))).toEqual([97, 3])
  expect(widths(parts(51_000, 700, 40, 2)).reduce((sum, width) => sum + width, 0)).toBeCloseTo(100)
})

test('[CHART-1] groups large enough have their share, a group of nobody is not drawn', () => {
  expect(placeAges(parts(50, 30, 0, 20)).map(({ shade, width }) => [shade, width])).toEqual([
    ['fresh', 50],
    ['term', 30],
    ['never', 20],
  ])
  expect(widths(parts(0, 0, 0, 0))).toEqual([])
})
