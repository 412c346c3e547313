import { type Comparison, isAt, levelsOf } from './comparison.ts'
import type { LinkageDefinition } from './definition.ts'

/** How many pairs show each pattern. */
export type PatternCounts = ReadonlyMap<number, number>

/** A share for every level of every comparison, in their order; each comparison adds up to about one. */
export type Rates = readonly (readonly number[])[]

/** What a linkage learnt; with the definition it explains every score, and is kept with the run. */
export interface Model {
  readonly match: Rates
  readonly household: Rates
  readonly stranger: Rates
  /** Shares among all pairs of rows. */
  readonly matchShare: number
  readonly householdShare: number
}

/** Unnormalised probabilities of the three explanations of a pattern. */
export interface Weights {
  readonly match: number
  readonly household: number
  readonly stranger: number
}

export interface Observed {
  /** Pairs that share a block. */
  readonly blocked: PatternCounts
  /** Pairs drawn at random over both sides. */
  readonly random: PatternCounts
  /** Pairs of one side in one household, see `HouseholdRule`. */
  readonly siblings: PatternCounts
  readonly leftRows: number
  readonly rightRows: number
}

/** Pairs that a prior is worth, against those seen. Enough that a small file keeps to it and a city does not notice. */
const STRANGER_PRIOR_PAIRS = 20_000
const MATCH_PRIOR_PAIRS = 300
const SIBLING_PRIOR_PAIRS = 100
/** Shares settle within ten rounds on every file tried. */
const ROUNDS = 12

/**
 * [LINK-3] Expectation-maximisation over counts of patterns with three explanations: the same person, brothers and sisters,
 * strangers. Strangers are learnt from random pairs and siblings from households of one side, both without any truth; only
 * the rates of matches and the two shares move in the rounds.
 */
export function fitModel(definition: LinkageDefinition, observed: Observed): Model {
  const { comparisons, shares } = definition
  const stranger = smoothed(comparisons, 'stranger', strangersAmong(comparisons, observed.random), STRANGER_PRIOR_PAIRS)
  const siblings = siblingRates(definition, observed)
  const pairs = Math.max(1, observed.leftRows * observed.rightRows)
  const smaller = Math.min(observed.leftRows, observed.rightRows)
  const match = comparisons.map(({ levels }) => levels.map((level) => level.match))
  let model: Model = {
    match,
    stranger,
    household: siblings(match),
    matchShare: shareOf(shares.match * smaller, pairs),
    householdShare: definition.household === undefined ? 0 : shareOf(shares.household * smaller, pairs),
  }
  const patterns = [...observed.blocked].sort(([a], [b]) => a - b)
  for (let round = 0; round < ROUNDS; round++) model = refine(definition, model, patterns, siblings, pairs)
  return model
}

/**
 * [LINK-11] Random pairs without those that are no strangers: of a million pairs over a district's two sheets a few dozen
 * are one child or one household, enough to make a shared guardian look thousandfold more common than it is.
 */
function strangersAmong(comparisons: readonly Comparison[], random: PatternCounts): PatternCounts {
  return new Map(
    [...random].filter(([pattern]) =>
      levelsOf(comparisons, pattern).every((level, index) => comparisons[index]!.levels[level]!.isRelated !== true),
    ),
  )
}

export function weigh(definition: LinkageDefinition, model: Model, pattern: number): Weights {
  const levels = levelsOf(definition.comparisons, pattern)
  const product = (rates: Rates) => levels.reduce((sofar, level, index) => sofar * rates[index]![level]!, 1)
  const strangers = 1 - model.matchShare - model.householdShare
  return {
    match: model.matchShare * product(model.match),
    household: model.householdShare * product(model.household),
    stranger: strangers * product(model.stranger) * givenFactor(definition.comparisons, model, levels),
  }
}

/**
 * [LINK-11] A guardian of the same name says less between strangers whose surname is the same already: most guardians
 * share it. The two comparisons are independent once the surname is given, so the rate is taken among its bearers.
 */
export function givenFactor(comparisons: readonly Comparison[], model: Model, levels: readonly number[]): number {
  let factor = 1
  levels.forEach((level, index) => {
    const given = comparisons[index]!.levels[level]!.given
    if (given === undefined) return
    const other = comparisons.findIndex(({ id }) => id === given.comparison)
    const sharing = comparisons[other]!.levels.map(({ id }) => given.levels.includes(id))
    if (!sharing[levels[other]!]) return
    const share = model.stranger[other]!.reduce((sum, rate, at) => sum + (sharing[at] ? rate : 0), 0)
    factor /= Math.max(share, model.stranger[index]![level]!, 1e-6)
  })
  return factor
}

/** The same model for two rows of one side: other shares, and two sound IDs for one person are the usual case. */
export function repeatModel(definition: LinkageDefinition, model: Model, rows: number): Model {
  const { repeats, comparisons } = definition
  if (repeats === undefined) throw new Error(`${definition.id} does not look for repeats`)
  const replaced = (rates: Rates, of: 'again' | 'siblingsAgain') =>
    comparisons.map(({ id, levels }, index) =>
      repeats.learns.includes(id) ? levels.map((level, at) => level[of] ?? rates[index]![at]!) : rates[index]!,
    )
  return {
    ...model,
    match: replaced(model.match, 'again'),
    household: replaced(model.household, 'siblingsAgain'),
    matchShare: repeats.share / Math.max(1, rows),
    householdShare: definition.shares.household / Math.max(1, rows),
  }
}

type Siblings = (match: Rates) => Rates

function refine(
  definition: LinkageDefinition,
  model: Model,
  patterns: readonly (readonly [number, number])[],
  siblings: Siblings,
  pairs: number,
): Model {
  const matches = new Map<number, number>()
  let matched = 0
  let related = 0
  for (const [pattern, count] of patterns) {
    const weights = weigh(definition, model, pattern)
    const all = weights.match + weights.household + weights.stranger
    if (all === 0) continue
    const expected = (count * weights.match) / all
    matches.set(pattern, expected)
    matched += expected
    related += (count * weights.household) / all
  }
  const match = smoothed(definition.comparisons, 'match', matches, MATCH_PRIOR_PAIRS)
  return {
    match,
    stranger: model.stranger,
    household: siblings(match),
    matchShare: shareOf(matched, pairs),
    householdShare: definition.household === undefined ? 0 : shareOf(related, pairs),
  }
}

/** Never nil and never most of all pairs: of a handful of rows every one may be a match, and strangers must stay possible. */
function shareOf(count: number, pairs: number): number {
  return Math.min(Math.max(count, 0.5) / pairs, 0.45)
}

export function countLevels(comparisons: readonly Comparison[], patterns: PatternCounts): readonly number[][] {
  const counts = comparisons.map(({ levels }) => levels.map(() => 0))
  for (const [pattern, count] of patterns) {
    levelsOf(comparisons, pattern).forEach((level, index) => {
      counts[index]![level]! += count
    })
  }
  return counts
}

function smoothed(
  comparisons: readonly Comparison[],
  prior: 'match' | 'stranger',
  patterns: PatternCounts,
  priorPairs: number,
): Rates {
  const counts = countLevels(comparisons, patterns)
  return comparisons.map(({ levels }, index) =>
    smooth(
      levels.map((level) => level[prior]),
      counts[index]!,
      priorPairs,
    ),
  )
}

/** Rates that a prior of so many pairs and the counts give together. */
export function smooth(prior: readonly number[], counts: readonly number[], priorPairs: number): readonly number[] {
  const seen = counts.reduce((sum, count) => sum + count, 0)
  return prior.map((rate, index) => ((counts[index] ?? 0) + priorPairs * rate) / (seen + priorPairs))
}

/** Share of the sibling rates that stays with the prior: a sister's ID in the wrong row is not seen within one side. */
const SIBLING_PRIOR_SHARE = 0.02

/**
 * Levels among siblings as they would look across both sides: as they lie within the households of one side, and with as many
 * ID numbers missing or broken as between strangers. What is not learnt looks as a match does.
 */
function siblingRates(definition: LinkageDefinition, observed: Observed): Siblings {
  const { comparisons, household } = definition
  if (household === undefined) return (match) => match
  const counts = countLevels(comparisons, observed.siblings)
  const random = countLevels(comparisons, observed.random)
  const learnt = comparisons.map(({ id, levels }, index) => {
    if (!household.learns.includes(id)) return null
    const prior = levels.map((level) => level.household ?? 0)
    const hides = levels.some(({ hiddenAs }) => hiddenAs !== undefined)
    return hides
      ? acrossSides(levels, prior, counts[index]!, random[index]!)
      : smooth(prior, counts[index]!, SIBLING_PRIOR_PAIRS)
  })
  return (match) => match.map((rates, index) => learnt[index] ?? rates)
}

function acrossSides(
  levels: Comparison['levels'],
  prior: readonly number[],
  counts: readonly number[],
  random: readonly number[],
): readonly number[] {
  const isOpen = (index: number) => levels[index]!.hiddenAs !== undefined
  const sum = (list: readonly number[]) => list.reduce((total, count, index) => total + (isOpen(index) ? count : 0), 0)
  const all = random.reduce((total, count) => total + count, 0)
  const open = sum(random) / Math.max(1, all)
  const pairs = sum(counts)
  if (pairs < SIBLING_PRIOR_PAIRS) return prior
  const seen = levels.map(() => 0)
  levels.forEach(({ hiddenAs }, index) => {
    if (hiddenAs === undefined) return
    const share = counts[index]! / pairs
    seen[index]! += open * share
    seen[levels.findIndex(({ id }) => id === hiddenAs)]! += (1 - open) * share
  })
  return seen.map((rate, index) => (1 - SIBLING_PRIOR_SHARE) * rate + SIBLING_PRIOR_SHARE * prior[index]!)
}

/** [LINK-1] Whether a machine may decide a pattern at all. */
export function mayDecide(definition: LinkageDefinition, pattern: number): boolean {
  return !definition.askAlways.some((list) => isAt(definition.comparisons, pattern, list))
}

/** [LINK-2] Whether a pattern claims its rows only after all others. */
export function yieldsTo(definition: LinkageDefinition, pattern: number): boolean {
  return definition.yields.some((list) => isAt(definition.comparisons, pattern, list))
}
