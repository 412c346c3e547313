import { type AccountCode, BOOK_GROUPS, type BookGroup } from './accounts.ts'
import type { AgeCounts, BookBalance } from './contract.ts'

/** A column of lower units: one of them, or the rest together. */
export interface ColumnUnit {
  readonly key: string
  /** Null: several. */
  readonly unitId: number | null
  readonly name: string
  readonly members: number
  /** Leads to a balance of its own; the unit itself does not. */
  readonly isOpening: boolean
}

export interface LineSum {
  readonly total: number
  readonly change: number
  readonly ages: AgeCounts
  /** By the key of the column. */
  readonly cells: ReadonlyMap<string, number>
}

export interface AccountSum extends LineSum {
  readonly account: AccountCode
}

export interface GroupSum extends LineSum {
  readonly group: BookGroup
  readonly lines: readonly AccountSum[]
}

const REST = 'rest'

/** [BOOK-40] Lower units with most unexplained first; what does not fit is one column, so that every row adds up. */
export function columnsOf(balance: BookBalance, most: number): readonly ColumnUnit[] {
  const sorted = balance.lower.toSorted((a, b) => b.unexplained - a.unexplained || b.total - a.total)
  const isFitting = sorted.length <= most + 1
  const front = isFitting ? sorted : sorted.slice(0, most)
  const rest = isFitting ? [] : sorted.slice(most)
  const columns = front.map(({ unitId, name }) => ({
    key: String(unitId),
    unitId,
    name,
    members: 1,
    isOpening: unitId !== balance.unit.unitId,
  }))
  if (most === 0 || rest.length === 0) return most === 0 ? [] : columns
  return [...columns, { key: REST, unitId: null, name: '', members: rest.length, isOpening: false }]
}

export function groupSums(balance: BookBalance, units: readonly ColumnUnit[]): ReadonlyMap<BookGroup, GroupSum> {
  const known = new Set(units.map(({ key }) => key))
  return new Map(
    BOOK_GROUPS.map((group) => {
      const lines = balance.lines
        .filter((line) => line.group === group)
        .map((line) => {
          const cells = new Map<string, number>()
          for (const { unitId, count } of line.cells) {
            const key = known.has(String(unitId)) ? String(unitId) : REST
            cells.set(key, (cells.get(key) ?? 0) + count)
          }
          return { account: line.account, total: line.total, change: line.change, ages: line.ages, cells }
        })
      return [group, { group, lines, ...sumLines(lines) }]
    }),
  )
}

export function sumLines(lines: readonly LineSum[]): LineSum {
  const cells = new Map<string, number>()
  const ages = { recent: 0, term: 0, older: 0, none: 0 }
  let total = 0
  let change = 0
  for (const line of lines) {
    total += line.total
    change += line.change
    for (const age of ['recent', 'term', 'older', 'none'] as const) ages[age] += line.ages[age]
    for (const [key, count] of line.cells) cells.set(key, (cells.get(key) ?? 0) + count)
  }
  return { total, change, ages, cells }
}
