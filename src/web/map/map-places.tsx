import { type KeyboardEvent, useRef } from 'react'
import type { Frame, MapShape } from './shapes.ts'
import type { MapValue } from './values.ts'
import { placeInDirection } from './walk.ts'

interface MapPlacesProps {
  readonly shapes: readonly MapShape[]
  readonly values: ReadonlyMap<string, MapValue>
  readonly current: string | undefined
  readonly focused: string | undefined
  readonly frame: Frame
  readonly label: string
  readonly onFocus: (code: string | undefined) => void
  readonly onOpen: (code: string) => void
}

/** The map as a list of buttons for keyboard and screen reader. Each stands unseen where its shape is, so that focus scrolls there. */
export function MapPlaces({ shapes, values, current, focused, frame, label, onFocus, onOpen }: MapPlacesProps) {
  const list = useRef<HTMLUListElement>(null)
  const isShown = (code: string | undefined) => shapes.some((shape) => shape.code === code)
  const stop = [focused, current].find(isShown) ?? shapes[0]?.code

  function walk(event: KeyboardEvent, code: string) {
    const next = placeInDirection(shapes, code, event.key)
    if (next === undefined) return
    event.preventDefault()
    list.current?.querySelector<HTMLElement>(`[data-code="${CSS.escape(next)}"]`)?.focus()
  }

  return (
    <ul
      ref={list}
      aria-label={label}
      className="map-places"
      style={{ aspectRatio: `${frame.width} / ${frame.height}` }}
    >
      {shapes.map(({ code, name, point }) => (
        <li key={code} className="map-place" style={positionOf(point, frame)}>
          <button
            type="button"
            className="off-screen"
            data-code={code}
            tabIndex={code === stop ? 0 : -1}
            aria-current={code === current}
            onClick={() => onOpen(code)}
            onKeyDown={(event) => walk(event, code)}
            onFocus={() => onFocus(code)}
            onBlur={() => onFocus(undefined)}
          >
            {values.get(code)?.title ?? name}
          </button>
        </li>
      ))}
    </ul>
  )
}

function positionOf({ x, y }: MapShape['point'], frame: Frame): { left: string; top: string } {
  return { left: `${((x - frame.x) / frame.width) * 100}%`, top: `${((y - frame.y) / frame.height) * 100}%` }
}
