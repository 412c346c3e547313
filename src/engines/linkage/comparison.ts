/** What is asked of the keys of two rows. Kept to what DuckDB and Spark SQL both can, see `dialect.ts`. */
export type Test =
  | { readonly is: 'equal'; readonly left: string; readonly right: string }
  /** One of several keys on either side. */
  | { readonly is: 'any'; readonly keys: readonly string[] }
  /** So many values of the left side, each another one, stand among those of the right. */
  | { readonly is: 'several'; readonly keys: readonly string[]; readonly least: number }
  /** Both sides have at least one of the keys. */
  | { readonly is: 'told'; readonly keys: readonly string[] }
  /** Codes of ASCII that differ by at most so many letters, two swapped letters being one. */
  | { readonly is: 'edits'; readonly key: string; readonly most: number }
  | { readonly is: 'longer'; readonly key: string; readonly than: number }
  | { readonly is: 'atLeast'; readonly key: string; readonly value: number }
  /** Days that differ in year, month or day alone, or with day and month changed over. */
  | { readonly is: 'nearDay'; readonly key: string }
  /** Days at least one and at most so many days apart. */
  | { readonly is: 'daysApart'; readonly key: string; readonly most: number }
  /** Numbers that agree but for their last so many digits. */
  | { readonly is: 'sameHead'; readonly key: string; readonly without: number }
  /** Names of which the one has a character more. */
  | { readonly is: 'partOf'; readonly name: string }
  /** Names of three or four characters that differ in one. */
  | { readonly is: 'oneOff'; readonly name: string }
  | { readonly is: 'flag'; readonly key: string }
  | { readonly is: 'all' | 'either'; readonly of: readonly Test[] }
  | { readonly is: 'not'; readonly of: Test }

export interface Level {
  readonly id: string
  /** Left out on the last one: what remains. Levels are asked in their order. */
  readonly when?: Test
  /** Shares among pairs of one person and among strangers, before the data is seen. */
  readonly match: number
  readonly stranger: number
  /** Among brothers and sisters, where the household rule learns this comparison. */
  readonly household?: number
  /** Among two rows of one side for one person, where the repeat rule learns it. */
  readonly again?: number
  /** Two rows of one side that are brothers or sisters and both bear it; left out: as `household`. */
  readonly siblingsAgain?: number
  /** [LINK-11] Weighed by how common the shared value of these keys is. */
  readonly frequency?: readonly string[]
  /** [LINK-11] Random pairs at this level are no strangers. */
  readonly isRelated?: true
  /** The level at which the same pair would stand if an ID number were missing. */
  readonly hiddenAs?: string
  /** [LINK-11] Says less between strangers who stand at one of these levels of another comparison. */
  readonly given?: { readonly comparison: string; readonly levels: readonly string[] }
}

export interface Comparison {
  readonly id: string
  readonly levels: readonly Level[]
}

/** Levels by comparison: a pattern is meant when it stands, in each comparison named, at one of the levels. */
export type LevelList = Readonly<Record<string, readonly string[]>>

/** A pattern is the levels of all comparisons as one number. */
export function levelsOf(comparisons: readonly Comparison[], pattern: number): readonly number[] {
  let rest = pattern
  return comparisons.map(({ levels }) => {
    const level = rest % levels.length
    rest = Math.floor(rest / levels.length)
    return level
  })
}

export function patternOf(comparisons: readonly Comparison[], levels: readonly number[]): number {
  let factor = 1
  let pattern = 0
  comparisons.forEach((comparison, index) => {
    pattern += factor * levels[index]!
    factor *= comparison.levels.length
  })
  return pattern
}

/** Ids of the levels, by comparison. */
export function namedLevels(comparisons: readonly Comparison[], pattern: number): Readonly<Record<string, string>> {
  const levels = levelsOf(comparisons, pattern)
  return Object.fromEntries(comparisons.map(({ id, levels: all }, index) => [id, all[levels[index]!]!.id]))
}

export function isAt(comparisons: readonly Comparison[], pattern: number, list: LevelList): boolean {
  const levels = namedLevels(comparisons, pattern)
  return Object.entries(list).every(([comparison, ids]) => ids.includes(levels[comparison] ?? ''))
}

export const equal = (left: string, right = left): Test => ({ is: 'equal', left, right })
export const any = (...keys: string[]): Test => ({ is: 'any', keys })
export const told = (...keys: string[]): Test => ({ is: 'told', keys })
export const all = (...of: Test[]): Test => ({ is: 'all', of })
export const either = (...of: Test[]): Test => ({ is: 'either', of })
export const not = (of: Test): Test => ({ is: 'not', of })
