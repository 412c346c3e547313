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

/**
 * [POST-12] Pairs that are one person, as merges into one child: one of the books before one that is not, then the one met
 * first. Every other child of the chain goes straight into it.
 */
export function joinPairs(pairs: readonly SameChild[]): readonly JoinedPair[] {
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
    const isFirst = inBooks.get(a) === inBooks.get(b) ? a < b : inBooks.get(a)!
    above.set(isFirst ? b : a, isFirst ? a : b)
  }
  return [...above.keys()]
    .map((from) => ({ from, into: root(from), isFromInBooks: inBooks.get(from)! }))
    .sort((a, b) => a.from - b.from)
}
