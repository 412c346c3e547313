import type { ChildId } from '../../kernel/ids.ts'

export interface SameChild {
  readonly one: ChildId
  readonly other: ChildId
  readonly oneInBooks: boolean
  readonly otherInBooks: boolean
}

export interface JoinedPair {
  readonly from: ChildId
  readonly into: ChildId
  readonly isFromInBooks: boolean
}

/** Two children that somebody holds to be two. */
export type ApartPair = readonly [ChildId, ChildId]

/**
 * [POST-12] Pairs that are one person, as merges into one child: one of the books before one that is not, then the one met
 * first. Every other child of the chain goes straight into it. [DECIDE-1] A pair that would join two who were decided to be
 * two, directly or over others, is left out.
 */
export function joinPairs(pairs: readonly SameChild[], apart: readonly ApartPair[] = []): readonly JoinedPair[] {
  const above = new Map<ChildId, ChildId>()
  const inBooks = new Map<ChildId, boolean>()
  const root = (child: ChildId): ChildId => {
    let at = child
    for (let up = above.get(at); up !== undefined; up = above.get(at)) at = up
    return at
  }
  for (const { one, other, oneInBooks, otherInBooks } of pairs) {
    inBooks.set(one, oneInBooks)
    inBooks.set(other, otherInBooks)
    const [a, b] = [root(one), root(other)]
    if (a === b) continue
    if (apart.some(([x, y]) => isBetween(root(x), root(y), a, b))) continue
    const isFirst = inBooks.get(a) === inBooks.get(b) ? a < b : inBooks.get(a)!
    above.set(isFirst ? b : a, isFirst ? a : b)
  }
  return [...above.keys()]
    .map((from) => ({ from, into: root(from), isFromInBooks: inBooks.get(from)! }))
    .sort((a, b) => a.from - b.from)
}

function isBetween(x: ChildId, y: ChildId, a: ChildId, b: ChildId): boolean {
  return (x === a && y === b) || (x === b && y === a)
}
