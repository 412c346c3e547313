import { parquet } from './session.ts'

/** One of the two tables of a linkage, prepared. */
export interface LinkSide {
  /** Parquet file that `prepare` made, or a table expression with the same columns. */
  readonly prepared: string
  /** Only rows whose key lies between, or that have none, are looked for by more than the certain keys. */
  readonly within?: Within
  /** The same for the search for repeats; left out: as `within`. */
  readonly repeatsWithin?: Within
}

export interface Within {
  readonly key: string
  readonly from: number
  readonly until: number
}

export const SIDES = ['left', 'right'] as const
export type SideName = (typeof SIDES)[number]

export function rowsOf(side: LinkSide): string {
  return side.prepared.endsWith('.parquet') ? parquet(side.prepared) : side.prepared
}

export function withinSql(within: Within | undefined): string {
  return within === undefined
    ? 'true'
    : `(${within.key} IS NULL OR ${within.key} BETWEEN ${within.from} AND ${within.until})`
}

/** What a person decided about two rows; it overrides every score. */
export interface Decisions {
  /** A left row and a right row. */
  readonly pairs: readonly Decision[]
  /** Two rows of one side. */
  readonly left: readonly Decision[]
  readonly right: readonly Decision[]
}

export interface Decision {
  readonly a: number
  readonly b: number
  readonly isSame: boolean
}

export const NO_DECISIONS: Decisions = { pairs: [], left: [], right: [] }
