/** From fresh to stale, darker to lighter; `never` is hatched: there is nothing to shade. */
export type AgeShade = 'fresh' | 'term' | 'older' | 'never'

export interface AgePart {
  readonly shade: AgeShade
  readonly label: string
  readonly count: number
}

/** In percent: two pixels of a bar in a table, the least that is seen. */
const LEAST = 3

/** [CHART-1] Every group with someone in it, in percent of the bar; a group too small to be seen takes its least from the others. */
export function placeAges(parts: readonly AgePart[]): readonly (AgePart & { readonly width: number })[] {
  const shown = parts.filter(({ count }) => count > 0)
  const total = shown.reduce((sum, { count }) => sum + count, 0)
  const isSmall = ({ count }: AgePart) => (count / total) * 100 < LEAST
  const small = shown.filter(isSmall)
  const rest = total - small.reduce((sum, { count }) => sum + count, 0)
  return shown.map((part) => ({
    ...part,
    width: isSmall(part) ? LEAST : (part.count / rest) * (100 - LEAST * small.length),
  }))
}
