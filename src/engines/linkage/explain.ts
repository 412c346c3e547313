import { levelsOf } from './comparison.ts'
import type { LinkageDefinition } from './definition.ts'
import { givenFactor, type Model, weigh } from './model.ts'

/** One part of a decision, in bits: each bit doubles the odds that both rows are one person. */
export interface WeightStep {
  /** Id of a comparison, or of what speaks beside them. */
  readonly comparison: string | 'start' | 'frequency' | 'household-chance'
  /** Level of the comparison; empty for the others. */
  readonly level: string
  readonly weight: number
}

/** Share of the alternatives from which on rounded odds still tell the part of strangers. */
const TOLD = 0.001

/**
 * [LINK-13] Why a pair weighs what it weighs: where any two rows start, what each comparison adds, what the rarity of a shared
 * name adds, and what the chance of brothers and sisters takes away. The steps add up to the weight that decided.
 * `weight`: natural logarithm of the odds, as it stands with the pair; left out: without the frequency of names.
 */
export function explainPair(
  definition: LinkageDefinition,
  model: Model,
  pattern: number,
  weight?: number,
): readonly WeightStep[] {
  const { comparisons } = definition
  const levels = levelsOf(comparisons, pattern)
  const { match, household, stranger } = weigh(definition, model, pattern)
  const strangers = 1 - model.matchShare - model.householdShare
  const steps: WeightStep[] = [{ comparison: 'start', level: '', weight: Math.log2(model.matchShare / strangers) }]
  comparisons.forEach(({ id, levels: all }, index) => {
    const level = levels[index]!
    // What a level says given another one is said with the level itself.
    const isGiven = all[level]!.given !== undefined
    const factor = isGiven ? givenFactor(comparisons, model, levels) : 1
    steps.push({
      comparison: id,
      level: all[level]!.id,
      weight: Math.log2(model.match[index]![level]! / (model.stranger[index]![level]! * factor)),
    })
  })
  const odds = (weight ?? Math.log(match) - Math.log(household + stranger)) / Math.LN2
  if (weight !== undefined) {
    // Rarity weighs on strangers only, so how much it moved the odds is found from the odds; where they are negligible beside
    // brothers and sisters the odds do not tell, and nothing moved.
    const strangerPart = match / Math.exp(weight) - household
    const isTold = strangerPart > TOLD * household
    const rarity = isTold ? Math.log2(stranger / strangerPart) : 0
    if (Math.abs(rarity) > 0.005) steps.push({ comparison: 'frequency', level: '', weight: rarity })
  }
  if (definition.household !== undefined) {
    const rest = odds - steps.reduce((sum, step) => sum + step.weight, 0)
    steps.push({ comparison: 'household-chance', level: '', weight: rest })
  }
  return steps
}
