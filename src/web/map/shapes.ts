import { z } from 'zod'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'

const day = z.iso.date().transform(plainDate)
const Frame = z.tuple([z.int(), z.int(), z.int(), z.int()])
/** A point inside the shape, and how far the nearest border is. */
const Label = z.tuple([z.int(), z.int(), z.int()])

/**
 * `map/districts.json` of a pack: one shape for each district in force [MAP-2], its outline of arcs that it shares
 * with its neighbours, so that no border is drawn in two ways [MAP-3], and label points inside it [MAP-4].
 */
export const MapData = z.strictObject({
  source: z.string(),
  note: z.string(),
  views: z.array(
    z.strictObject({
      id: z.string(),
      frame: Frame,
      /** Where on the first view it stands as an inset; null: only where there is no room for an inset. */
      at: Frame.nullable(),
      labels: z.record(z.string(), Label),
    }),
  ),
  shapes: z.array(
    z.strictObject({
      code: z.string(),
      name: z.string(),
      short: z.string(),
      from: day,
      /** The first day no longer in force. */
      until: day.nullable(),
      /** Rings of arc numbers in order; `~n` is arc n walked backwards. */
      rings: z.array(z.array(z.int()).min(1)).min(1),
    }),
  ),
  /** First point, then steps. */
  arcs: z.array(z.array(z.int()).min(4)),
})
export type MapData = z.output<typeof MapData>

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Frame extends Point {
  readonly width: number
  readonly height: number
}

export interface MapLabel extends Point {
  /** Free radius around the point, in the units of the map. */
  readonly room: number
}

export interface MapView {
  readonly id: string
  readonly frame: Frame
  readonly inset: Frame | undefined
  readonly labels: ReadonlyMap<string, MapLabel>
}

export interface MapShape {
  readonly code: string
  readonly name: string
  readonly short: string
  /** Outline as the `d` of an SVG path. */
  readonly path: string
  /** Where the shape is, for the walk by arrow keys. */
  readonly point: Point
}

export interface MapShapes {
  /** The whole first, then closer views of parts of it. */
  readonly views: readonly [MapView, ...MapView[]]
  readonly shapes: readonly MapShape[]
}

/** [MAP-1] The map as it was on that day: a shape is drawn from its first day in force until the day it no longer is. */
export function shapesOn(on: PlainDate, data: MapData): MapShapes {
  const inForce = data.shapes.filter(({ from, until }) => from <= on && (until === null || on < until))
  const codes = new Set(inForce.map(({ code }) => code))
  const [whole, ...closer] = data.views.map(({ id, frame, at, labels }) => ({
    id,
    frame: frameOf(frame),
    inset: at === null ? undefined : frameOf(at),
    labels: new Map(
      Object.entries(labels).flatMap(([code, [x, y, room]]) => (codes.has(code) ? [[code, { x, y, room }]] : [])),
    ),
  }))
  if (whole === undefined) throw new RangeError('a map without a view')
  const views = [whole, ...closer] as const
  return {
    views,
    shapes: inForce.map(({ code, name, short, rings }) => ({
      code,
      name,
      short,
      path: rings.map((ring) => pathOf(ringPoints(data, ring))).join(''),
      point: pointOf(views, code),
    })),
  }
}

/** The closed outline; the first point is not repeated at the end. */
export function ringPoints(data: MapData, ring: readonly number[]): readonly Point[] {
  return ring.flatMap((arc) => arcPoints(data, arc).slice(0, -1))
}

export function arcPoints(data: MapData, arc: number): readonly Point[] {
  const steps = data.arcs[arc < 0 ? ~arc : arc]
  if (steps === undefined) throw new RangeError(`no arc ${arc}`)
  const points: Point[] = []
  let [x, y] = [0, 0]
  for (let at = 0; at < steps.length; at += 2) {
    x += steps[at] ?? 0
    y += steps[at + 1] ?? 0
    points.push({ x, y })
  }
  return arc < 0 ? points.reverse() : points
}

function pathOf(points: readonly Point[]): string {
  return `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}Z`
}

function frameOf([x, y, width, height]: z.output<typeof Frame>): Frame {
  return { x, y, width, height }
}

function pointOf(views: readonly MapView[], code: string): Point {
  const label = views.map(({ labels }) => labels.get(code)).find((found) => found !== undefined)
  if (label === undefined) throw new RangeError(`no label for ${code}`)
  return { x: label.x, y: label.y }
}
