/** Five steps of the tint, a zero that was checked, one that was not, and no data at all. */
export const MAP_FILLS = [0, 1, 2, 3, 4, 'zero-checked', 'zero-unchecked', 'none'] as const
export type MapFill = (typeof MAP_FILLS)[number]

export interface MapValue {
  readonly fill: MapFill
  /** Stands below the name on the map: short. */
  readonly figure: string
  /** The whole sentence, with the name: shown on hover and read aloud. */
  readonly title: string
}

export const NO_VALUE: Pick<MapValue, 'fill' | 'figure'> = { fill: 'none', figure: '' }

export function fillClass(fill: MapFill): string {
  return typeof fill === 'number' ? `map-tint-${fill}` : `map-${fill}`
}
