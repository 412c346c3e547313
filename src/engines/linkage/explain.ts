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
  const plain = Math.log(match) - Math.log(household + stranger)
  const odds = weight ?? plain
  // Rarity weighs on strangers only: how much it moved the odds is found from the odds themselves.
  const alternatives = match / Math.exp(odds)
  const strangerPart = Math.max(alternatives - household, Number.MIN_VALUE)
  const rarity = Math.log2(stranger / strangerPart)
  if (weight !== undefined && Math.abs(rarity) > 0.005)
    steps.push({ comparison: 'frequency', level: '', weight: rarity })
  const kin = Math.log2((weight === undefined ? stranger : strangerPart) / alternatives)
  if (definition.household !== undefined) steps.push({ comparison: 'household-chance', level: '', weight: kin })
  return steps
}
