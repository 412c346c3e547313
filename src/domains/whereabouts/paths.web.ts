import type { Search } from '../../web/router/search.ts'

export const BALANCE = '/balance'
export const MAP = '/map'
/** The page of children stands in another slice; its address is what a figure leads to. */
export const CHILDREN = '/children'

export function balancePath(unitId: number): string {
  return `/balance/${unitId}`
}

/** What a figure was counted by; the list behind it is asked for with the same. */
export interface Counted {
  readonly unitId: number
  readonly base: string
  readonly account?: string | undefined
  readonly group?: number | undefined
  readonly age?: string | undefined
  readonly asOf?: string | undefined
  readonly knownAt?: number | undefined
}

export function searchOf({ unitId, base, account, group, age, asOf, knownAt }: Counted): Search {
  return { unit: unitId, base, account, group, age, asOf, knownAt }
}
