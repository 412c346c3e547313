/** Pairs in the order in which they may claim their rows: best first, ties already broken by the caller. */
export interface ScoredPairs {
  readonly left: Int32Array
  readonly right: Int32Array
  /** 1 where the machine may decide, 0 where a person is asked. */
  readonly isSure: Uint8Array
}

export interface Assignment {
  /** Indexes into the pairs, in claiming order. */
  readonly claimed: readonly number[]
  /** Sure pairs whose one row was already claimed by a sure pair: the other row says the same person again. */
  readonly repeatedLeft: readonly { readonly row: number; readonly sameAs: number; readonly pair: number }[]
  readonly repeatedRight: readonly { readonly row: number; readonly sameAs: number; readonly pair: number }[]
}

/**
 * [LINK-2] One row to one row, greedily. With scores this far apart the optimal assignment
 * differs from the greedy one in no pair that was ever looked at, and greedy is
 * explained in a sentence to the officer whose pair lost.
 */
export function assignOneToOne(pairs: ScoredPairs): Assignment {
  const leftTo = new Map<number, number>()
  const rightTo = new Map<number, number>()
  const claimed: number[] = []
  for (let pair = 0; pair < pairs.left.length; pair++) {
    const left = pairs.left[pair]!
    const right = pairs.right[pair]!
    if (leftTo.has(left) || rightTo.has(right)) continue
    leftTo.set(left, pair)
    rightTo.set(right, pair)
    claimed.push(pair)
  }
  return { claimed, ...repeats(pairs, leftTo, rightTo) }
}

function repeats(
  pairs: ScoredPairs,
  leftTo: ReadonlyMap<number, number>,
  rightTo: ReadonlyMap<number, number>,
): Pick<Assignment, 'repeatedLeft' | 'repeatedRight'> {
  const repeatedLeft = new Map<number, { row: number; sameAs: number; pair: number }>()
  const repeatedRight = new Map<number, { row: number; sameAs: number; pair: number }>()
  for (let pair = 0; pair < pairs.left.length; pair++) {
    if (pairs.isSure[pair] !== 1) continue
    const left = pairs.left[pair]!
    const right = pairs.right[pair]!
    const byRight = rightTo.get(right)
    const byLeft = leftTo.get(left)
    if (byLeft === undefined && byRight !== undefined && pairs.isSure[byRight] === 1 && !repeatedLeft.has(left)) {
      repeatedLeft.set(left, { row: left, sameAs: pairs.left[byRight]!, pair })
    }
    if (byRight === undefined && byLeft !== undefined && pairs.isSure[byLeft] === 1 && !repeatedRight.has(right)) {
      repeatedRight.set(right, { row: right, sameAs: pairs.right[byLeft]!, pair })
    }
  }
  return { repeatedLeft: [...repeatedLeft.values()], repeatedRight: [...repeatedRight.values()] }
}
