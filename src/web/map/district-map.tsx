import { type ReactNode, useMemo, useRef, useState } from 'react'
import './map.css'
import { placeLabels, type SizedView } from './labels.ts'
import { layoutFor } from './layout.ts'
import { MapLayer } from './map-layer.tsx'
import { MapPlaces } from './map-places.tsx'
import type { Frame, MapShapes } from './shapes.ts'
import { useWidth } from './use-width.ts'
import type { MapValue } from './values.ts'

/** Before it is measured. */
const ASSUMED = 640
const FRAME_LINE = 1.4

interface DistrictMapProps {
  readonly shapes: MapShapes
  /** By code of the shape. A shape without a value is drawn as one without data. */
  readonly values: ReadonlyMap<string, MapValue>
  readonly current?: string | undefined
  readonly label: string
  /** Stands in the free corner of the map; below it where there is no corner. */
  readonly legend?: ReactNode
  readonly onOpen: (code: string) => void
}

/** A schematic map of areas with a figure each. Opened by mouse and by keyboard; the same facts as a list of buttons. */
export function DistrictMap({ shapes, values, current, label, legend, onOpen }: DistrictMapProps) {
  const wrapper = useRef<HTMLDivElement>(null)
  const width = useWidth(wrapper, ASSUMED)
  const [focused, setFocused] = useState<string>()
  const { isStacked, isCornered, letter, views } = useMemo(() => layoutFor(shapes, width), [shapes, width])
  const labels = useMemo(
    () => placeLabels(views, { shapes: shapes.shapes, values, letter, current }),
    [views, shapes, values, letter, current],
  )
  const common = { views, labels, letter, values, current, focused, onOpen, shapes: shapes.shapes }
  const { frame } = shapes.views[0]
  return (
    <div ref={wrapper} className="map">
      <div className="map-whole">
        {isStacked ? <Stack {...common} label={label} /> : <WithInsets {...common} frame={frame} label={label} />}
        <MapPlaces {...common} frame={frame} label={label} onFocus={setFocused} />
        {isCornered && legend !== undefined ? <div className="map-corner">{legend}</div> : null}
      </div>
      {isCornered ? null : legend}
    </div>
  )
}

interface DrawingProps extends Omit<Parameters<typeof MapLayer>[0], 'sized' | 'place' | 'closer'> {
  readonly views: readonly SizedView[]
  readonly label: string
}

/** The views below each other, each with the frame of the next. */
function Stack({ views, label, ...common }: DrawingProps) {
  return views.map((sized, index) => {
    const { id, frame } = sized.view
    return (
      <svg key={id} role="img" aria-label={label} viewBox={boxOf(frame)} className="map-drawing">
        <MapLayer {...common} sized={sized} place={frame} closer={views[index + 1]?.view.frame} />
      </svg>
    )
  })
}

/** The whole, and in its corner what is too small on it, with the frame it comes from. */
function WithInsets({ views, label, frame, ...common }: DrawingProps & { readonly frame: Frame }) {
  return (
    <svg role="img" aria-label={label} viewBox={boxOf(frame)} className="map-drawing">
      {views.map((sized) => {
        const { id, inset } = sized.view
        if (inset === undefined) return <MapLayer key={id} {...common} sized={sized} place={frame} />
        return <Inset key={id} {...common} sized={sized} place={inset} />
      })}
    </svg>
  )
}

function Inset(props: Parameters<typeof MapLayer>[0]) {
  const { sized, place } = props
  const { frame } = sized.view
  const unit = (sized.unit * place.width) / frame.width
  return (
    <>
      <path className="map-leader" d={leadersOf(place, frame)} strokeWidth={unit} strokeDasharray={3 * unit} />
      <rect {...frame} className="map-frame" strokeWidth={FRAME_LINE * unit} />
      <rect {...place} className="map-inset" />
      <MapLayer {...props} />
      <rect {...place} className="map-frame" strokeWidth={FRAME_LINE * unit} rx={4 * unit} />
    </>
  )
}

function leadersOf(inset: Frame, frame: Frame): string {
  const bottom = inset.y + inset.height
  return `M${inset.x} ${bottom}L${frame.x} ${frame.y}M${inset.x + inset.width} ${bottom}L${frame.x + frame.width} ${frame.y}`
}

function boxOf({ x, y, width, height }: Frame): string {
  return `${x} ${y} ${width} ${height}`
}
