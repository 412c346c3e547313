import { COMPARISON_IDS, COMPARISONS, type LinkageDefinition, levelsOf } from '../../engines/linkage/definition.ts'
import type { WeightStep } from './review-rules.ts'

/** [REVIEW-8] What each comparison of a pattern weighs, in bits; of a pair that only the whole number is known of, nothing. */
export function stepsOf(definition: LinkageDefinition, pattern: number): readonly WeightStep[] {
  if (pattern < 0) return []
  const levels = levelsOf(pattern)
  const { match, stranger } = definition.priors
  return COMPARISON_IDS.map((comparison) => {
    const level = COMPARISONS[comparison][levels[comparison]]!
    const rate = (rates: typeof match) => (rates[comparison] as Readonly<Record<string, number>>)[level]!
    return { comparison, level, weight: Math.log2(rate(match) / rate(stranger)) }
  })
}
