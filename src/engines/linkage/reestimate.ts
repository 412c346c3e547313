import { levelsOf } from './comparison.ts'
import type { LinkageDefinition } from './definition.ts'
import { type Model, weigh } from './model.ts'

/** A pair that a person decided. */
export interface Label {
  /** Told apart by it, and held back by it: the same labels are held back every time. */
  readonly id: number
  readonly pattern: number
  readonly isSame: boolean
}

export interface Fit {
  /** Pairs on whose side of even odds the model stands with the person. */
  readonly right: number
  /** Mean surprise of a decision in bits; 1 is a coin. */
  readonly surprise: number
}

export interface Reestimated {
  readonly model: Model
  readonly learntFrom: number
  readonly heldBack: number
  /** On the pairs held back. */
  readonly before: Fit
  readonly after: Fit
}

/** One label in so many is held back. */
const HELD_BACK = 5
/** Strength with which a level stays where the data of all pairs put it: some four decisions against it move it by one. */
const STAYS = 4
const SWEEPS = 60
const LARGEST_STEP = 1

/**
 * [LINK-15] A model corrected by what people decided. People see the doubtful pairs only, so their pairs say nothing of how
 * often a level occurs; what they say is how far the odds of a pair are off. So every level gets a correction of its odds (penalised
 * logistic regression with the model's own odds as offset), which is folded into its rate among matches: such rates need not add
 * up to one. The effect is told on labels that were not learnt from.
 */
export function reestimate(definition: LinkageDefinition, model: Model, labels: readonly Label[]): Reestimated {
  const learnt = labels.filter(({ id }) => id % HELD_BACK !== 0)
  const heldBack = labels.filter(({ id }) => id % HELD_BACK === 0)
  const corrections = correctionsOf(definition, model, learnt)
  const corrected: Model = {
    ...model,
    match: model.match.map((rates, index) => rates.map((rate, level) => rate * Math.exp(corrections[index]![level]!))),
  }
  return {
    model: corrected,
    learntFrom: learnt.length,
    heldBack: heldBack.length,
    before: fitOf(definition, model, heldBack),
    after: fitOf(definition, corrected, heldBack),
  }
}

function correctionsOf(definition: LinkageDefinition, model: Model, labels: readonly Label[]): number[][] {
  const { comparisons } = definition
  const corrections = comparisons.map(({ levels }) => levels.map(() => 0))
  const cases = labels.map(({ pattern, isSame }) => ({
    levels: levelsOf(comparisons, pattern),
    odds: logOdds(definition, model, pattern),
    isSame,
  }))
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const [index, levels] of corrections.entries()) {
      for (const level of levels.keys()) {
        let slope = -STAYS * levels[level]!
        let curve = STAYS
        for (const one of cases) {
          if (one.levels[index] !== level) continue
          const p = probability(one.odds + sumOf(corrections, one.levels))
          slope += (one.isSame ? 1 : 0) - p
          curve += p * (1 - p)
        }
        levels[level]! += Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, slope / curve))
      }
    }
  }
  return corrections
}

function sumOf(corrections: readonly (readonly number[])[], levels: readonly number[]): number {
  return levels.reduce((sum, level, index) => sum + corrections[index]![level]!, 0)
}

function logOdds(definition: LinkageDefinition, model: Model, pattern: number): number {
  const { match, household, stranger } = weigh(definition, model, pattern)
  return Math.log(match) - Math.log(household + stranger)
}

function probability(odds: number): number {
  return 1 / (1 + Math.exp(-odds))
}

function fitOf(definition: LinkageDefinition, model: Model, labels: readonly Label[]): Fit {
  let right = 0
  let surprise = 0
  for (const { pattern, isSame } of labels) {
    const p = probability(logOdds(definition, model, pattern))
    if (p >= 0.5 === isSame) right++
    surprise -= Math.log2(Math.max(isSame ? p : 1 - p, 1e-9))
  }
  return { right, surprise: labels.length === 0 ? 0 : surprise / labels.length }
}
