/**
 * A linkage as data: which columns speak of a person, how two rows are compared,
 * which pairs are looked at, what is believed before the data is seen, and where
 * a machine may decide. `features-sql`, `blocks-sql` and `compare-sql` compile it;
 * nothing else writes linkage SQL.
 */
export interface LinkageDefinition {
  readonly id: string
  /** Raised with every change that can move a pair. */
  readonly version: string
  readonly left: SideColumns
  readonly right: SideColumns
  readonly blocks: readonly BlockRule[]
  /** [LINK-5] A block of more pairs than this is not looked at, and counted. */
  readonly blockCap: number
  readonly priors: Priors
  /** The same, for two rows of one side. */
  readonly repeats: RepeatPriors
  /** Probability of a match from which the machine decides, and from which a person is asked. */
  readonly thresholds: { readonly link: number; readonly review: number; readonly repeat: number }
}

/** Names of the text columns of one side. */
export interface SideColumns {
  readonly name: string
  readonly former: string
  /** Up to three adults of the household, names and ID numbers by place. */
  readonly memberNames: readonly string[]
  readonly memberIds: readonly string[]
  readonly phones: readonly string[]
  readonly address: string
  /** A short word for the locality that would stand in a full address. */
  readonly locality: string
}

/** What a block key can be made of. Those of `MANY` have several values a row and give several keys. */
export type BlockPart =
  | 'id'
  | 'code'
  | 'idTail'
  | 'idHead'
  | 'name'
  | 'sound'
  | 'order'
  | 'formerOrName'
  | 'surname'
  | 'givenSound'
  | 'birth'
  | 'yearMonth'
  | 'monthDay'
  | 'yearDay'
  | 'sex'
  | 'address'
  | 'memberId'
  | 'memberName'
  | 'phone'

export interface BlockRule {
  readonly id: string
  readonly parts: readonly BlockPart[]
}

/** [LINK-6] ID number and birthday together: they are one fact, and as two comparisons each would be counted twice. */
export const IDENTITY_LEVELS = [
  'same',
  'sameClash',
  'sameBroken',
  'typo',
  'twoOff',
  'birth',
  'birthNear',
  'unknown',
  'apartBroken',
  'otherSequence',
  'otherArea',
  'otherNear',
  'apart',
] as const
export const NAME_LEVELS = [
  'same',
  'former',
  'sound',
  'order',
  'given',
  'part',
  'oneOff',
  'surname',
  'apart',
  'unknown',
] as const
export const HOUSEHOLD_LEVELS = ['id', 'namePhone', 'phone', 'name', 'unknown', 'apart'] as const
export const PLACE_LEVELS = ['address', 'locality', 'unknown', 'apart'] as const

export const COMPARISONS = {
  identity: IDENTITY_LEVELS,
  name: NAME_LEVELS,
  household: HOUSEHOLD_LEVELS,
  place: PLACE_LEVELS,
} as const
export type Comparison = keyof typeof COMPARISONS
export const COMPARISON_IDS = ['identity', 'name', 'household', 'place'] as const satisfies readonly Comparison[]
export type Level<C extends Comparison> = (typeof COMPARISONS)[C][number]

/** A share for every level of a comparison; each adds up to about one. */
export type Rates = { readonly [C in Comparison]: Readonly<Record<Level<C>, number>> }

export interface Priors {
  /** Levels among pairs of the same person, before the data is seen. */
  readonly match: Rates
  /** Levels among pairs of strangers drawn at random; the data corrects it. */
  readonly stranger: Rates
  /** How levels of name and identity lie among brothers and sisters; the data corrects it. */
  readonly household: Pick<Rates, 'identity' | 'name'>
  /** Of the smaller side's rows, the share expected to have a counterpart. */
  readonly matchShare: number
  /** Pairs of one household expected for each row of the smaller side. */
  readonly householdShare: number
}

export interface RepeatPriors {
  readonly identity: Readonly<Record<Level<'identity'>, number>>
  readonly name: Readonly<Record<Level<'name'>, number>>
  /** Share of rows that repeat another one. */
  readonly share: number
  /** Of two siblings on one side, how often both bear one name. No family does so; writing errors remain. */
  readonly siblingsOfOneName: number
}

/** A pattern is the levels of all comparisons as one number. */
export function levelsOf(pattern: number): Readonly<Record<Comparison, number>> {
  let rest = pattern
  const levels: Record<Comparison, number> = { identity: 0, name: 0, household: 0, place: 0 }
  for (const id of COMPARISON_IDS) {
    const size = COMPARISONS[id].length
    levels[id] = rest % size
    rest = Math.floor(rest / size)
  }
  return levels
}
