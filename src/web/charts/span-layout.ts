import { addDays, daysBetween, type PlainDate } from '../../kernel/plain-date.ts'

/** In order of weight; the words for them are the page's. */
export type SpanTone = 'settled' | 'elsewhere' | 'paused' | 'open' | 'doubt' | 'missing' | 'ended'

export interface Span {
  readonly from: PlainDate
  /** The first day no longer in force; null: it still is. */
  readonly until: PlainDate | null
  readonly tone: SpanTone
  readonly label: string
}

export interface Stretch {
  readonly from: PlainDate
  /** The first day that is not shown any more. */
  readonly until: PlainDate
}

export interface PlacedSpan extends Span {
  /** In percent of the stretch. */
  readonly left: number
  readonly width: number
}

/** [CHART-2] The spans that touch a stretch, cut at its ends. A span still in force ends with today, not with the stretch: today still belongs to it. */
export function placeSpans(spans: readonly Span[], stretch: Stretch, today: PlainDate): readonly PlacedSpan[] {
  return spans.flatMap((span) => {
    const from = span.from < stretch.from ? stretch.from : span.from
    const end = span.until ?? addDays(today, 1)
    const until = end > stretch.until ? stretch.until : end
    if (until <= from) return []
    const left = shareOf(from, stretch)
    return [{ ...span, left, width: shareOf(until, stretch) - left }]
  })
}

/** Where a day stands in a stretch, in percent; the ends hold what lies outside. */
export function shareOf(day: PlainDate, { from, until }: Stretch): number {
  return Math.min(100, Math.max(0, (daysBetween(from, day) / daysBetween(from, until)) * 100))
}

/** Below this share of its year, what has been has no room for its words. */
const LEAST_PAST = 45

/** [CHART-3] How a year is split at today: by its days, but what has been never gets less than it needs to be read. */
export function zoomOf(
  year: Stretch,
  today: PlainDate,
): { readonly past: Stretch; readonly share: number; readonly isToScale: boolean } {
  const past = { from: year.from, until: addDays(today, 1) }
  const share = shareOf(past.until, year)
  return { past, share: Math.max(share, LEAST_PAST), isToScale: share >= LEAST_PAST }
}
