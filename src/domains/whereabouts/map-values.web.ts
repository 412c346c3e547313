import { showCount, showDecimal } from '../../web/format.ts'
import type { MapFill, MapValue } from '../../web/map/values.ts'
import type { BookMap } from './contract.ts'
import { words } from './page-words.web.ts'

export const MAP_COLUMNS = ['perTenThousand', 'unexplained', 'fresh', 'persons'] as const
export type MapColumn = (typeof MAP_COLUMNS)[number]

type MapRow = BookMap['rows'][number]

const STEPS = 5

/** The figure that colours a district: more is deeper; old proofs are deep, fresh ones light. */
function figureOf(row: MapRow, column: MapColumn): number {
  if (column === 'fresh') return row.persons === 0 ? 0 : 1 - row.fresh / row.persons
  return column === 'perTenThousand' ? (row.perTenThousand ?? 0) : row[column]
}

function shown(row: MapRow, column: MapColumn): string {
  if (column === 'fresh') return row.persons === 0 ? '' : `${Math.floor((row.fresh / row.persons) * 100)}%`
  if (row.unexplained === 0 && column !== 'persons') return words.map.zero
  return column === 'perTenThousand' ? showDecimal(row.perTenThousand ?? 0) : showCount(row[column])
}

/** Upper ends of the steps but the last: fifths of the largest, so that one look compares districts of one day. */
function endsOf(rows: readonly MapRow[], column: MapColumn): readonly number[] {
  const most = Math.max(...rows.map((row) => figureOf(row, column)), Number.EPSILON)
  return Array.from({ length: STEPS - 1 }, (_, step) => (most * (step + 1)) / STEPS)
}

/** A nil of unexplained is a zero nobody has checked: inspectors check zeros in a later part. */
export function valuesOf(rows: readonly MapRow[], column: MapColumn): ReadonlyMap<string, MapValue> {
  const ends = endsOf(rows, column)
  return new Map(
    rows.map((row) => {
      const isZero = row.unexplained === 0 && (column === 'perTenThousand' || column === 'unexplained')
      const step = ends.filter((end) => figureOf(row, column) > end).length
      const figure = shown(row, column)
      return [
        row.code,
        {
          fill: isZero ? 'zero-unchecked' : (step as MapFill),
          figure,
          title: `${row.name} · ${words.map.columns[column]} ${figure} · ${words.map.persons} ${showCount(row.persons)}`,
        },
      ]
    }),
  )
}

export function legendOf(rows: readonly MapRow[], column: MapColumn): { fill: MapFill; label: string }[] {
  const ends = endsOf(rows, column)
  const text = (end: number) => {
    if (column === 'fresh') return `${100 - Math.round(end * 100)}%`
    return column === 'perTenThousand' ? showDecimal(end) : showCount(Math.round(end))
  }
  const { below, between, from } = words.map.step
  const steps = Array.from({ length: STEPS }, (_, step) => {
    const [low, high] = [ends[step - 1], ends[step]]
    const label =
      low === undefined ? below(text(high ?? 0)) : high === undefined ? from(text(low)) : between(text(low), text(high))
    return { fill: step as MapFill, label }
  })
  const zero = { fill: 'zero-unchecked' as const, label: words.map.unchecked }
  const none = { fill: 'none' as const, label: words.map.none }
  return column === 'fresh' || column === 'persons' ? [...steps, none] : [zero, ...steps, none]
}
