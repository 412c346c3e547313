import { levelsOf } from '../../engines/linkage/comparison.ts'
import type { LinkageDefinition } from '../../engines/linkage/definition.ts'
import { type Model, type Rates, weigh } from '../../engines/linkage/model.ts'

/** A pair that people decided, as the linkage saw it. */
export interface Label {
  /** Of the pair's two records: which part it falls into hangs on it alone. */
  readonly key: number
  readonly pattern: number
  readonly isSame: boolean
}

export interface Reestimated {
  readonly model: Model
  /** Of the part that was held back: how many the model gets right, as it was and as it is. */
  readonly heldOut: { readonly pairs: number; readonly rightBefore: number; readonly rightAfter: number }
}

/** One in so many is held back. */
const HELD_OF = 4
/** Pairs that the model is worth as it is: a hundred decided pairs move a rate by a fifth of the way at most. */
const MODEL_PAIRS = 400

/**
 * [ESTIMATE-1] The rates moved towards what people decided, and judged on pairs that had no part in it. What was decided to
 * be two speaks of households and of strangers as far as the model holds each for likely.
 */
export function reestimate(definition: LinkageDefinition, model: Model, labels: readonly Label[]): Reestimated {
  const held = labels.filter(({ key }) => key % HELD_OF === 0)
  const used = labels.filter(({ key }) => key % HELD_OF !== 0)
  const same = weighed(used.filter(({ isSame }) => isSame).map(({ pattern }) => [pattern, 1] as const))
  const apart = used
    .filter(({ isSame }) => !isSame)
    .map(({ pattern }) => {
      const { household, stranger } = weigh(definition, model, pattern)
      return { pattern, kin: household / Math.max(household + stranger, Number.MIN_VALUE) }
    })
  const after: Model = {
    ...model,
    match: moved(definition, model.match, same),
    household: moved(definition, model.household, weighed(apart.map(({ pattern, kin }) => [pattern, kin] as const))),
    stranger: moved(definition, model.stranger, weighed(apart.map(({ pattern, kin }) => [pattern, 1 - kin] as const))),
  }
  const right = (by: Model) => held.filter(({ pattern, isSame }) => isOne(definition, by, pattern) === isSame).length
  return { model: after, heldOut: { pairs: held.length, rightBefore: right(model), rightAfter: right(after) } }
}

function isOne(definition: LinkageDefinition, model: Model, pattern: number): boolean {
  const { match, household, stranger } = weigh(definition, model, pattern)
  return match >= household + stranger
}

type Weighed = readonly (readonly [pattern: number, weight: number])[]

function weighed(pairs: Weighed): Weighed {
  return pairs.filter(([, weight]) => weight > 0)
}

function moved({ comparisons }: LinkageDefinition, rates: Rates, pairs: Weighed): Rates {
  const total = pairs.reduce((sum, [, weight]) => sum + weight, 0)
  return comparisons.map(({ levels }, index) => {
    const counts = levels.map(() => 0)
    for (const [pattern, weight] of pairs) counts[levelsOf(comparisons, pattern)[index]!]! += weight
    return levels.map((_, at) => (rates[index]![at]! * MODEL_PAIRS + counts[at]!) / (MODEL_PAIRS + total))
  })
}
