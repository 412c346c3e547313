import type { Point } from './shapes.ts'

const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

interface Place {
  readonly code: string
  readonly point: Point
}

/**
 * [MAP-6] Where an arrow key leads: the nearest shape that lies that way. What lies aside counts double,
 * so that the next in the row goes before a nearer one in the row above.
 */
export function placeInDirection(places: readonly Place[], from: string, key: string): string | undefined {
  const direction = DIRECTIONS[key]
  const here = places.find(({ code }) => code === from)?.point
  if (direction === undefined || here === undefined) return undefined
  let found: { code: string; distance: number } | undefined
  for (const { code, point } of places) {
    const [dx, dy] = [point.x - here.x, point.y - here.y]
    const ahead = dx * direction.x + dy * direction.y
    const aside = Math.abs(dx * direction.y) + Math.abs(dy * direction.x)
    const distance = ahead + 2 * aside
    if (ahead > 0 && (found === undefined || distance < found.distance)) found = { code, distance }
  }
  return found?.code
}
