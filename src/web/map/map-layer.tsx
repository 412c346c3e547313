import { type CSSProperties, useId } from 'react'
import { FillPatterns } from './fill-patterns.tsx'
import type { PlacedLabel, SizedView } from './labels.ts'
import type { Frame, MapShape } from './shapes.ts'
import { fillClass, type MapFill, type MapValue, NO_VALUE } from './values.ts'

interface MapLayerProps {
  readonly sized: SizedView
  /** Where it stands in the drawing around it. */
  readonly place: Frame
  readonly shapes: readonly MapShape[]
  readonly values: ReadonlyMap<string, MapValue>
  /** By view. */
  readonly labels: ReadonlyMap<string, readonly PlacedLabel[]>
  readonly current: string | undefined
  readonly focused: string | undefined
  /** Height of a letter in pixels of the screen. */
  readonly letter: number
  /** The part that a closer view shows. */
  readonly closer?: Frame | undefined
  readonly onOpen: (code: string) => void
}

/** One view of the map: shapes, the two rings, labels on top. */
export function MapLayer({ sized, place, shapes, values, labels, letter, ...rest }: MapLayerProps) {
  const { current, focused, closer, onOpen } = rest
  const { view, unit } = sized
  const prefix = useId()
  const { x, y, width, height } = view.frame
  const style = { '--px': unit, '--letter': letter } as CSSProperties
  return (
    <svg className="map-layer" viewBox={`${x} ${y} ${width} ${height}`} style={style} aria-hidden="true" {...place}>
      <FillPatterns prefix={prefix} unit={unit} />
      {shapes.map(({ code, name, path }) => {
        const { fill } = values.get(code) ?? NO_VALUE
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the way of the mouse; the buttons of the map are the way of the keyboard
          <path key={code} d={path} {...paintOf(fill, prefix)} onClick={() => onOpen(code)}>
            <title>{values.get(code)?.title ?? name}</title>
          </path>
        )
      })}
      <Ring shapes={shapes} code={current} className="map-current" />
      <Ring shapes={shapes} code={focused} className="map-focus-ground" />
      <Ring shapes={shapes} code={focused} className="map-focus" />
      {closer === undefined ? null : <rect {...closer} className="map-frame" strokeWidth={1.4 * unit} />}
      {labels.get(view.id)?.map((label) => {
        const { fill } = values.get(label.code) ?? NO_VALUE
        const tone = label.isBeside ? 'map-beside' : ''
        return <Label key={label.code} label={label} className={`map-label ${fillClass(fill)} ${tone}`} />
      })}
    </svg>
  )
}

function paintOf(fill: MapFill, prefix: string): { className: string; fill?: string } {
  const className = `map-shape ${fillClass(fill)}`
  return typeof fill === 'number' ? { className } : { className, fill: `url(#${prefix}-${fill})` }
}

function Ring({
  shapes,
  code,
  className,
}: Pick<MapLayerProps, 'shapes'> & { code: string | undefined; className: string }) {
  const shape = shapes.find((each) => each.code === code)
  return shape === undefined ? null : <path d={shape.path} className={className} />
}

function Label({ label: { x, y, name, figure, height }, className }: { label: PlacedLabel; className: string }) {
  const isAlone = figure === ''
  return (
    <text className={className} textAnchor="middle">
      <tspan x={x} y={isAlone ? y : y - height / 4} dominantBaseline="central">
        {name}
      </tspan>
      {isAlone ? null : (
        <tspan x={x} y={y + height / 4} dominantBaseline="central" className="map-figure">
          {figure}
        </tspan>
      )}
    </text>
  )
}
