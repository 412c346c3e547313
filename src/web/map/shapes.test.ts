import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { addDays, plainDate } from '../../kernel/plain-date.ts'
import { isOver, placeLabels } from './labels.ts'
import { layoutFor } from './layout.ts'
import { arcPoints, MapData, type MapShapes, type Point, ringPoints, shapesOn } from './shapes.ts'
import type { MapValue } from './values.ts'
import { placeInDirection } from './walk.ts'

interface Districts {
  readonly districts: readonly { code: string | null; name: string; from: string; until: string | null }[]
}
interface Units {
  readonly districtCodes: readonly { district: string; code: string }[]
}

const data = MapData.parse(packFile('map/districts.json'))
const { districts } = packFile('divisions.json') as Districts
const { districtCodes } = packFile('units.json') as Units

const CHANGE = plainDate('2025-11-06')
const EVE = plainDate('2025-11-05')
const DAYS = [plainDate('2017-01-01'), EVE, CHANGE, plainDate('2026-11-22')]

test('[MAP-1] 38 shapes until 2025-11-05, 37 from 2025-11-06: the new district stands where the two old ones stood', () => {
  expect(shapesOn(EVE, data).shapes).toHaveLength(38)
  expect(shapesOn(CHANGE, data).shapes).toHaveLength(37)
  const [before, after] = [codesOn(EVE), codesOn(CHANGE)]
  expect(before.filter((code) => !after.includes(code))).toEqual(['500105', '500112'])
  expect(after.filter((code) => !before.includes(code))).toEqual(['CQ-LJ'])
  expect(areaOf('CQ-LJ')).toBe(areaOf('500105') + areaOf('500112'))
})

test('[MAP-2] on every day of a change each district in force has exactly one shape, with its name, and no shape is without one', () => {
  const changes = new Set(districts.flatMap(({ from, until }) => (until === null ? [from] : [from, until])))
  for (const change of [...changes].map(plainDate)) {
    for (const day of [addDays(change, -1), change]) {
      if (day < '2017-01-01') continue
      const inForce = districts.filter(({ from, until }) => from <= day && (until === null || day < until))
      const expected = inForce.map(({ code, name }) => [code ?? ownCode(name), name])
      expect(
        shapesOn(day, data)
          .shapes.map(({ code, name }) => [code, name])
          .sort(),
      ).toEqual(expected.sort())
    }
  }
})

test('[MAP-3] on every day the shapes fill the city: neighbours share their arcs, the rest is one closed outline', () => {
  const outlines = DAYS.map((day) => {
    const inForce = data.shapes.filter(({ code }) => codesOn(day).includes(code))
    const walked = inForce.flatMap(({ rings }) => rings.flat())
    expect(new Set(walked).size).toBe(walked.length)
    const outer = walked.filter((arc) => !walked.includes(~arc))
    const outline = chain(outer)
    const filled = inForce.reduce((sum, { code }) => sum + areaOf(code), 0)
    expect(filled).toBe(twiceArea(outline))
    return outline
  })
  expect(new Set(outlines.map(twiceArea)).size).toBe(1)
})

test('[MAP-3] every ring is closed, and every arc is used', () => {
  for (const ring of data.shapes.flatMap(({ rings }) => rings)) {
    ring.forEach((arc, index) => {
      const next = ring[(index + 1) % ring.length] ?? arc
      expect(arcPoints(data, arc).at(-1)).toEqual(arcPoints(data, next)[0])
    })
  }
  const used = new Set(data.shapes.flatMap(({ rings }) => rings.flat().map((arc) => (arc < 0 ? ~arc : arc))))
  expect(used.size).toBe(data.arcs.length)
})

test('[MAP-4] a label stands inside its own shape and inside its view', () => {
  for (const { code, rings } of data.shapes) {
    const spots = data.views.flatMap(({ frame, labels }) => {
      const label = labels[code]
      return label === undefined ? [] : [{ frame, x: label[0], y: label[1] }]
    })
    expect(spots.length).toBeGreaterThan(0)
    for (const { frame, ...point } of spots) {
      expect(rings.filter((ring) => isInside(point, ringPoints(data, ring)))).toHaveLength(1)
      expect(point.x > frame[0] && point.x < frame[0] + frame[2]).toBe(true)
      expect(point.y > frame[1] && point.y < frame[1] + frame[3]).toBe(true)
    }
  }
})

test('[MAP-5] name and figure of every shape stand on the map once, none over another, on a desk and on a phone', () => {
  for (const day of DAYS) {
    const shapes = shapesOn(day, data)
    for (const width of [326, 358, 519, 520, 640, 1000]) {
      const labels = labelsOf(shapes, width)
      for (const inView of labels) {
        inView.forEach((label, index) => {
          expect(inView.slice(index + 1).filter((other) => isOver(label, other))).toEqual([])
        })
      }
      const withFigure = labels.flat().filter(({ figure }) => figure !== '')
      expect([day, width, ...withFigure.map(({ code }) => code).sort()]).toEqual([day, width, ...codesOn(day).sort()])
    }
  }
})

test('[MAP-6] the arrow keys reach every shape from every other', () => {
  for (const day of DAYS) {
    const { shapes } = shapesOn(day, data)
    for (const { code } of shapes) {
      const reached = new Set([code])
      for (const at of reached) {
        for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
          const next = placeInDirection(shapes, at, key)
          if (next !== undefined) reached.add(next)
        }
      }
      expect(reached.size).toBe(shapes.length)
    }
  }
})

test('[MAP-6] an arrow key leads that way, and nowhere at the edge', () => {
  const places = [
    { code: 'here', point: { x: 0, y: 0 } },
    { code: 'row', point: { x: 10, y: 1 } },
    { code: 'near but above', point: { x: 4, y: -6 } },
  ]
  expect(placeInDirection(places, 'here', 'ArrowRight')).toBe('row')
  expect(placeInDirection(places, 'here', 'ArrowUp')).toBe('near but above')
  expect(placeInDirection(places, 'here', 'ArrowLeft')).toBeUndefined()
  expect(placeInDirection(places, 'here', 'Enter')).toBeUndefined()
})

function packFile(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../packs/chongqing/${name}`, import.meta.url), 'utf8'))
}

function ownCode(name: string): string | undefined {
  return districtCodes.find(({ district }) => district === name)?.code
}

function codesOn(day: (typeof DAYS)[number]): string[] {
  return shapesOn(day, data).shapes.map(({ code }) => code)
}

function labelsOf(shapes: MapShapes, width: number) {
  const { views, letter } = layoutFor(shapes, width)
  const values = new Map<string, MapValue>(
    shapes.shapes.map(({ code, name }) => [code, { fill: 0, figure: '10.5', title: name }]),
  )
  return [...placeLabels(views, { shapes: shapes.shapes, values, letter, current: undefined }).values()]
}

/** Arcs end to end as one ring; fails when they are not one. */
function chain(arcs: readonly number[]): readonly Point[] {
  const rest = new Map(arcs.map((arc) => [keyOf(arcPoints(data, arc)[0]), arc]))
  expect(rest.size).toBe(arcs.length)
  const ring: Point[] = []
  let arc = arcs[0]
  while (arc !== undefined) {
    const points = arcPoints(data, arc)
    ring.push(...points.slice(0, -1))
    rest.delete(keyOf(points[0]))
    arc = rest.get(keyOf(points.at(-1)))
  }
  expect(rest.size).toBe(0)
  return ring
}

function keyOf(point: Point | undefined): string {
  return `${point?.x} ${point?.y}`
}

function areaOf(code: string): number {
  const rings = data.shapes.find((shape) => shape.code === code)?.rings ?? []
  return rings.reduce((sum, ring) => sum + twiceArea(ringPoints(data, ring)), 0)
}

/** Exact on a grid of whole numbers; the sign tells the direction of the walk. */
function twiceArea(points: readonly Point[]): number {
  return points.reduce((sum, { x, y }, index) => {
    const next = points[(index + 1) % points.length] ?? { x, y }
    return sum + x * next.y - next.x * y
  }, 0)
}

function isInside({ x, y }: Point, ring: readonly Point[]): boolean {
  return ring.reduce((inside, a, index) => {
    const b = ring[(index + 1) % ring.length] ?? a
    const isCrossed = a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x
    return isCrossed ? !inside : inside
  }, false)
}
