import type { SizedView } from './labels.ts'
import type { MapShapes } from './shapes.ts'

/** Narrower than this, an inset would be smaller than a thumb: the views stand below each other. */
const STACKED = 520
/** Narrower than this, a legend in the corner would lie over the map. */
const CORNERED = 600
/** Letters grow a little with the map, as on a wall. */
const LETTER = { across: 54, least: 12, most: 16 }
const LETTER_STACKED = { across: 27.5, least: 11, most: 13 }

export interface MapLayout {
  readonly isStacked: boolean
  readonly isCornered: boolean
  /** Height of a letter in pixels. */
  readonly letter: number
  /** The whole first. Beside it are drawn, as insets, only views with a place on it; below it, all. */
  readonly views: readonly SizedView[]
}

/** How a map of that many pixels is drawn. */
export function layoutFor({ views }: MapShapes, width: number): MapLayout {
  const isStacked = width < STACKED
  const unit = views[0].frame.width / width
  return {
    isStacked,
    isCornered: width >= CORNERED,
    letter: letterOf(width, isStacked ? LETTER_STACKED : LETTER),
    views: views.flatMap((view, index) => {
      if (isStacked) return [{ view, unit: view.frame.width / width }]
      if (index === 0) return [{ view, unit }]
      return view.inset === undefined ? [] : [{ view, unit: (unit * view.frame.width) / view.inset.width }]
    }),
  }
}

function letterOf(width: number, { across, least, most }: typeof LETTER): number {
  return Math.max(least, Math.min(most, width / across))
}
