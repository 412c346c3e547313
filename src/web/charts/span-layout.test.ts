import { expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import { placeSpans, type Span, zoomOf } from './span-layout.ts'

const TEN_DAYS = { from: plainDate('2026-09-01'), until: plainDate('2026-09-11') }
const YEAR = { from: plainDate('2026-09-01'), until: plainDate('2027-09-01') }

function span(from: string, until: string | null): Span {
  return { from: plainDate(from), until: until === null ? null : plainDate(until), tone: 'settled', label: from }
}

test('[CHART-2] spans stand by their days, cut at the ends of the stretch; what does not touch it is left out', () => {
  const placed = placeSpans(
    [span('2026-08-01', '2026-09-01'), span('2026-08-20', '2026-09-03'), span('2026-09-03', '2026-10-01')],
    TEN_DAYS,
    plainDate('2026-10-01'),
  )
  expect(placed.map(({ left, width }) => [left, width])).toEqual([
    [0, 20],
    [20, 80],
  ])
})

test('[CHART-2] a span still in force ends with today, which belongs to it, not with the stretch', () => {
  const [placed] = placeSpans([span('2026-09-03', null)], TEN_DAYS, plainDate('2026-09-05'))
  expect(placed).toMatchObject({ left: 20, width: 30 })
})

test('[CHART-2] a span that begins after today is not drawn as if it were true', () => {
  expect(placeSpans([span('2026-09-07', null)], TEN_DAYS, plainDate('2026-09-05'))).toEqual([])
})

test('[CHART-3] early in the year what has been keeps room for its words, and the drawing says that it is not to scale', () => {
  expect(zoomOf(YEAR, plainDate('2026-11-22'))).toMatchObject({ share: 45, isToScale: false })
})

test('[CHART-3] later the year is split by its days', () => {
  const { past, share, isToScale } = zoomOf(YEAR, plainDate('2027-05-01'))
  expect(past.until).toBe('2027-05-02')
  expect(share).toBeCloseTo((243 / 365) * 100)
  expect(isToScale).toBe(true)
})
