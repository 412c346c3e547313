import {
  COMPARISON_IDS,
  COMPARISONS,
  type Comparison,
  HOUSEHOLD_LEVELS,
  IDENTITY_LEVELS,
  type Level,
  type LinkageDefinition,
  levelsOf,
  PLACE_LEVELS,
  type Rates,
} from './definition.ts'

/** How many pairs show each pattern. */
export type PatternCounts = ReadonlyMap<number, number>

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
  /** Pairs of one side in one household, under different names. */
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
 * [LINK-3] Expectation-maximisation over counts of patterns with three explanations: the
 * same person, brothers and sisters, strangers. Strangers are learnt from random
 * pairs and siblings from households of one side, both without any truth; only
 * the rates of matches and the two shares move in the rounds.
 */
export function fitModel(definition: LinkageDefinition, observed: Observed): Model {
  const { priors } = definition
  const stranger = smoothed(priors.stranger, countLevels(strangersAmong(observed.random)), STRANGER_PRIOR_PAIRS)
  const siblings = siblingRates(definition, observed)
  const pairs = Math.max(1, observed.leftRows * observed.rightRows)
  const smaller = Math.min(observed.leftRows, observed.rightRows)
  let model: Model = {
    match: priors.match,
    stranger,
    household: { ...priors.match, ...siblings },
    matchShare: shareOf(priors.matchShare * smaller, pairs),
    householdShare: shareOf(priors.householdShare * smaller, pairs),
  }
  const patterns = [...observed.blocked].sort(([a], [b]) => a - b)
  for (let round = 0; round < ROUNDS; round++) model = refine(definition, model, patterns, siblings, pairs)
  return model
}

/**
 * [LINK-11] Random pairs without those that are no strangers: of a million pairs over a district's two sheets a few dozen
 * are one child or one household, enough to make a shared guardian look thousandfold more common than it is.
 */
function strangersAmong(random: PatternCounts): PatternCounts {
  return new Map(
    [...random].filter(([pattern]) => {
      const { identity, household, place } = levelsOf(pattern)
      return !(
        RELATED.identity.has(IDENTITY_LEVELS[identity]!) ||
        RELATED.household.has(HOUSEHOLD_LEVELS[household]!) ||
        PLACE_LEVELS[place] === 'address'
      )
    }),
  )
}

const RELATED = {
  identity: new Set<Level<'identity'>>(['same', 'sameClash', 'sameBroken', 'typo']),
  household: new Set<Level<'household'>>(['id', 'namePhone', 'phone']),
}

export function weigh(model: Model, pattern: number): Weights {
  const levels = levelsOf(pattern)
  const product = (rates: Rates) => COMPARISON_IDS.reduce((sofar, id) => sofar * rateAt(rates, id, levels[id]), 1)
  const strangers = 1 - model.matchShare - model.householdShare
  return {
    match: model.matchShare * product(model.match),
    household: model.householdShare * product(model.household),
    stranger: strangers * product(model.stranger) * sharedSurnameFactor(model, levels.name, levels.household),
  }
}

const WITH_SURNAME: readonly Level<'name'>[] = ['same', 'sound', 'order', 'part', 'oneOff', 'surname']

/**
 * [LINK-11] A guardian of the same name says less between strangers whose surname is the same already: most guardians
 * share it. The two comparisons are independent once the surname is given, so the rate is taken among its bearers.
 */
function sharedSurnameFactor(model: Model, name: number, household: number): number {
  if (COMPARISONS.household[household] !== 'name') return 1
  const level = COMPARISONS.name[name]
  if (level === undefined || !WITH_SURNAME.includes(level)) return 1
  const sharing = WITH_SURNAME.reduce((sum, one) => sum + model.stranger.name[one], 0)
  return 1 / Math.max(sharing, model.stranger.household.name, 1e-6)
}

/** The same model for two rows of one side: other shares, and two sound IDs for one person are the usual case. */
export function repeatModel(definition: LinkageDefinition, model: Model, rows: number): Model {
  return {
    ...model,
    match: { ...model.match, identity: definition.repeats.identity, name: definition.repeats.name },
    household: { ...model.household, name: { ...model.household.name, same: definition.repeats.siblingsOfOneName } },
    matchShare: definition.repeats.share / Math.max(1, rows),
    householdShare: definition.priors.householdShare / Math.max(1, rows),
  }
}

function refine(
  definition: LinkageDefinition,
  model: Model,
  patterns: readonly (readonly [number, number])[],
  siblings: Pick<Rates, 'identity' | 'name'>,
  pairs: number,
): Model {
  const matches = new Map<number, number>()
  let matched = 0
  let related = 0
  for (const [pattern, count] of patterns) {
    const weights = weigh(model, pattern)
    const all = weights.match + weights.household + weights.stranger
    if (all === 0) continue
    const expected = (count * weights.match) / all
    matches.set(pattern, expected)
    matched += expected
    related += (count * weights.household) / all
  }
  const match = smoothed(definition.priors.match, countLevels(matches), MATCH_PRIOR_PAIRS)
  return {
    match,
    stranger: model.stranger,
    household: { ...match, ...siblings },
    matchShare: shareOf(matched, pairs),
    householdShare: shareOf(related, pairs),
  }
}

/** Never nil and never most of all pairs: of a handful of rows every one may be a match, and strangers must stay possible. */
function shareOf(count: number, pairs: number): number {
  return Math.min(Math.max(count, 0.5) / pairs, 0.45)
}

type LevelCounts = Readonly<Record<Comparison, readonly number[]>>

function countLevels(patterns: PatternCounts): LevelCounts {
  const counts: Record<Comparison, number[]> = { identity: [], name: [], household: [], place: [] }
  for (const id of COMPARISON_IDS) counts[id] = COMPARISONS[id].map(() => 0)
  for (const [pattern, count] of patterns) {
    const levels = levelsOf(pattern)
    for (const id of COMPARISON_IDS) counts[id][levels[id]]! += count
  }
  return counts
}

function smoothed(prior: Rates, counts: LevelCounts, priorPairs: number): Rates {
  return {
    identity: smooth('identity', prior.identity, counts.identity, priorPairs),
    name: smooth('name', prior.name, counts.name, priorPairs),
    household: smooth('household', prior.household, counts.household, priorPairs),
    place: smooth('place', prior.place, counts.place, priorPairs),
  }
}

function smooth<C extends Comparison>(
  id: C,
  prior: Readonly<Record<Level<C>, number>>,
  counts: readonly number[],
  priorPairs: number,
): Readonly<Record<Level<C>, number>> {
  const names = COMPARISONS[id] as readonly Level<C>[]
  const seen = counts.reduce((sum, count) => sum + count, 0)
  const rates = names.map(
    (name, index) => [name, ((counts[index] ?? 0) + priorPairs * prior[name]) / (seen + priorPairs)] as const,
  )
  return Object.fromEntries(rates) as Record<Level<C>, number>
}

function rateAt(rates: Rates, id: Comparison, level: number): number {
  const name = COMPARISONS[id][level]
  return name === undefined ? 0 : ((rates[id] as Readonly<Record<string, number>>)[name] ?? 0)
}

/** Share of the sibling rates that stays with the prior: a sister's ID in the wrong row is not seen within one side. */
const SIBLING_PRIOR_SHARE = 0.02

/**
 * Identity among siblings as it would look across both sides: birthdays lie as
 * they do within households, and as many IDs are missing or broken as between strangers.
 */
function siblingRates(definition: LinkageDefinition, observed: Observed): Pick<Rates, 'identity' | 'name'> {
  const prior = definition.priors.household
  const counts = countLevels(observed.siblings)
  const random = countLevels(observed.random).identity
  const at = (list: readonly number[], ...names: Level<'identity'>[]) =>
    names.reduce((sum, name) => sum + (list[COMPARISONS.identity.indexOf(name)] ?? 0), 0)
  const randomPairs = Math.max(
    1,
    random.reduce((sum, count) => sum + count, 0),
  )
  const sound = at(random, 'otherSequence', 'otherArea', 'otherNear', 'apart') / randomPairs
  const pairs = at(counts.identity, 'otherSequence', 'otherArea', 'otherNear', 'apart')
  const share = (...names: Level<'identity'>[]) => at(counts.identity, ...names) / Math.max(1, pairs)
  const isSeen = pairs >= SIBLING_PRIOR_PAIRS
  const seen: Partial<Record<Level<'identity'>, number>> = {
    birth: (1 - sound) * share('otherSequence', 'otherArea'),
    birthNear: (1 - sound) * share('otherNear'),
    apartBroken: (1 - sound) * share('apart'),
    otherSequence: sound * share('otherSequence'),
    otherArea: sound * share('otherArea'),
    otherNear: sound * share('otherNear'),
    apart: sound * share('apart'),
  }
  const mixed = COMPARISONS.identity.map((name) => {
    const believed = prior.identity[name]
    return [
      name,
      isSeen ? (1 - SIBLING_PRIOR_SHARE) * (seen[name] ?? 0) + SIBLING_PRIOR_SHARE * believed : believed,
    ] as const
  })
  return {
    identity: Object.fromEntries(mixed) as Rates['identity'],
    name: smooth('name', prior.name, counts.name, SIBLING_PRIOR_PAIRS),
  }
}
