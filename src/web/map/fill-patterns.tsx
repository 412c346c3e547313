interface FillPatternsProps {
  /** Unique on the page. */
  readonly prefix: string
  /** One pixel of the screen in the units of the drawing. */
  readonly unit: number
}

/** [MAP-7] Hatches and dots, so that a zero and a gap are told from a tint without any colour. */
export function FillPatterns({ prefix, unit }: FillPatternsProps) {
  const size = { width: 7, height: 7, patternUnits: 'userSpaceOnUse' } as const
  return (
    <defs>
      <pattern id={`${prefix}-zero-unchecked`} {...size} patternTransform={`scale(${unit}) rotate(-45)`}>
        <rect width="7" height="7" className="map-hatch-ground" />
        <rect width="7" height="2.2" className="map-hatch-line" />
      </pattern>
      <pattern id={`${prefix}-zero-checked`} {...size} patternTransform={`scale(${unit}) rotate(45)`}>
        <rect width="7" height="7" className="map-dots-ground" />
        <circle cx="3.5" cy="3.5" r="0.9" className="map-dot" />
      </pattern>
      <pattern id={`${prefix}-none`} {...size} patternTransform={`scale(${unit})`}>
        <rect width="7" height="7" className="map-none-ground" />
        <rect width="7" height="1" className="map-none-line" />
      </pattern>
    </defs>
  )
}
