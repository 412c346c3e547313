import type { MapShape, MapView, Point } from './shapes.ts'
import type { MapValue } from './values.ts'

/** Line height of name and figure as a share of the letter. */
const LEADING = 1.15
/** A digit or a full stop is about this wide, as a share of the letter. */
const HALF = 0.58
/** A label may stand over the border of its shape, but not in a shape smaller than this share of the letter around its point. */
const LEAST_ROOM = 0.35

/** How far a label steps aside for another, in letters: always up to one step, further only where its own shape is wide. */
const STEPS = [0.35, 0.7, 1.05, 1.4, 1.75]
const ALWAYS = 0.7
const SIDES = [-1, 0, 1]
  .flatMap((dx) => [-1, 0, 1].map((dy) => ({ dx, dy })))
  .filter(({ dx, dy }) => dx !== 0 || dy !== 0)

export interface PlacedLabel extends Point {
  readonly code: string
  readonly name: string
  readonly figure: string
  /** Its figure stands in a wider view. */
  readonly isBeside: boolean
  readonly width: number
  readonly height: number
}

interface Placing {
  readonly shapes: readonly MapShape[]
  readonly values: ReadonlyMap<string, MapValue>
  /** Height of a letter in pixels of the screen. */
  readonly letter: number
  /** Labelled before any other. */
  readonly current: string | undefined
}

/** A view and how large it is drawn. */
export interface SizedView {
  readonly view: MapView
  /** One pixel of the screen in the units of the map. */
  readonly unit: number
}

/**
 * [MAP-5] Name and figure of every shape once, in the view with the most room for it; the name alone in a closer view,
 * nothing in a wider one. None lies over another: the smallest shapes choose first, for the others can step aside.
 */
export function placeLabels(
  views: readonly SizedView[],
  placing: Placing,
): ReadonlyMap<string, readonly PlacedLabel[]> {
  const homes = homesOf(views, placing.letter)
  return new Map(views.map((sized, index) => [sized.view.id, labelsIn(sized, index, homes, placing)]))
}

function labelsIn(
  { view, unit }: SizedView,
  index: number,
  homes: ReadonlyMap<string, number>,
  { shapes, values, current, ...placing }: Placing,
): readonly PlacedLabel[] {
  const letter = placing.letter * unit
  const candidates = shapes.flatMap(({ code, short }) => {
    const spot = view.labels.get(code)
    const closeness = index - (homes.get(code) ?? index)
    if (spot === undefined || spot.room < letter * LEAST_ROOM || (closeness < 0 && code !== current)) return []
    const figure = closeness > 0 ? '' : (values.get(code)?.figure ?? '')
    const width = Math.max(widthOf(short), widthOf(figure)) * letter
    const height = (figure === '' ? 1 : 2) * LEADING * letter
    return [
      { code, name: short, figure, width, height, x: spot.x, y: spot.y, room: spot.room, isBeside: closeness > 0 },
    ]
  })
  candidates.sort(
    (a, b) =>
      Number(b.code === current) - Number(a.code === current) ||
      Number(a.isBeside) - Number(b.isBeside) ||
      a.room - b.room,
  )
  const placed: PlacedLabel[] = []
  for (const { room, ...label } of candidates) {
    const free = spotsFor(label, room, letter)
      .map((spot) => ({ ...label, ...withinFrame(view, spot, label.width, label.height) }))
      .find((spot) => !placed.some((other) => isOver(spot, other)))
    if (free !== undefined) placed.push(free)
  }
  return placed
}

/** The place of the view that shows most of a shape, of those with room for its label; of equals the closest. */
function homesOf(views: readonly SizedView[], letter: number): ReadonlyMap<string, number> {
  const homes = new Map<string, { index: number; room: number }>()
  views.forEach(({ view, unit }, index) => {
    for (const [code, { room }] of view.labels) {
      if (room >= letter * unit * LEAST_ROOM && room >= (homes.get(code)?.room ?? 0)) homes.set(code, { index, room })
    }
  })
  return new Map([...homes].map(([code, { index }]) => [code, index]))
}

function spotsFor({ x, y }: Point, room: number, letter: number): readonly Point[] {
  const reach = Math.max(ALWAYS, (room / letter) * 0.6)
  const aside = STEPS.filter((step) => step <= reach).flatMap((step) =>
    SIDES.map(({ dx, dy }) => ({ x: x + dx * step * letter, y: y + dy * step * letter })),
  )
  return [{ x, y }, ...aside]
}

function withinFrame({ frame }: MapView, { x, y }: Point, width: number, height: number): Point {
  return {
    x: Math.min(Math.max(x, frame.x + width / 2), frame.x + frame.width - width / 2),
    y: Math.min(Math.max(y, frame.y + height / 2), frame.y + frame.height - height / 2),
  }
}

export function isOver(a: PlacedLabel, b: PlacedLabel): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2
}

function widthOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) < 0x2e80 ? HALF : 1), 0)
}
