import type { Comparison, LevelList } from './comparison.ts'
import type { Field } from './field.ts'

/**
 * A linkage as data: which columns speak of a person, how two rows are compared, which pairs are looked at, what is believed
 * before the data is seen, and where a machine may decide. The dialect compiles it; nothing else writes linkage SQL.
 */
export interface LinkageDefinition {
  readonly id: string
  /** Raised with every change that can move a pair. */
  readonly version: string
  /** What is derived of a row, once, before any run. Ids begin the names of keys: `name` gives `name_fold`, `name_sound` … */
  readonly fields: Readonly<Record<string, Field>>
  /** [LINK-1] Keys that, all equal, decide at once. */
  readonly certain: readonly string[]
  readonly comparisons: readonly Comparison[]
  readonly blocks: readonly BlockRule[]
  /** [LINK-5] A block of more pairs than this is not looked at, and counted. */
  readonly blockCap: number
  /** Keys whose values name nobody when more than `most` rows bear them: the telephone of an office, an ID typed everywhere. */
  readonly crowds: { readonly most: number; readonly keys: readonly (readonly string[])[] }
  readonly shares: Shares
  /** [LINK-3] Where two rows of one side are brothers and sisters; left out: there are no households. */
  readonly household?: HouseholdRule
  /** [LINK-7] The same, for two rows of one side; left out: rows are not looked for twice. */
  readonly repeats?: RepeatRule
  /** [LINK-1] Patterns that a machine never decides, whatever their weight: each a set of levels by comparison. */
  readonly askAlways: readonly LevelList[]
  /** [LINK-2] Patterns that claim a row only after all others: a number and nothing but the surname beside it may be a brother's. */
  readonly yields: readonly LevelList[]
  /** [LINK-7] Right rows of this rank or a worse one leave their left row open for a better one. Left out: every link is for good. */
  readonly weakRank?: number
  /** Probability of a match from which the machine decides, and from which a person is asked. */
  readonly thresholds: { readonly link: number; readonly review: number }
}

export interface Shares {
  /** Of the smaller side's rows, the share expected to have a counterpart. */
  readonly match: number
  /** Pairs of one household expected for each row of the smaller side. */
  readonly household: number
}

export interface HouseholdRule {
  /** Two rows of one side with this key in common, and different values of all of `apart`, are brothers and sisters. */
  readonly together: string
  readonly apart: readonly string[]
  /** Comparisons whose levels are learnt from such pairs; in all others a household looks as a match does. */
  readonly learns: readonly string[]
}

export interface RepeatRule {
  readonly blocks: readonly BlockRule[]
  /** Rows that share a key beyond this many are a common name or number, not one person written often. */
  readonly blockRows: number
  /** Share of rows that repeat another one. */
  readonly share: number
  readonly threshold: number
  /** Comparisons in which repeats look different from matches, by the rates `again` of their levels. */
  readonly learns: readonly string[]
}

/** What a block key is made of: a key, one of several keys of a row, or a piece of one. */
export type BlockPart = string | { readonly any: readonly string[] } | { readonly of: string; readonly take: Piece }
/** Of a day `yyyymmdd`: month, day of any year, day of any month. Of a code of eighteen characters: its end and its beginning. */
export type Piece = 'month' | 'monthDay' | 'yearDay' | 'tail10' | 'head14'

export interface BlockRule {
  readonly id: string
  readonly parts: readonly BlockPart[]
}
