import { Problem } from '../../kernel/problem.ts'
import { isBlank } from './delimited.ts'
import { combineHeadings, goesOnBelow } from './heading-rows.ts'
import type { ColumnChoice, DoubleColumn, LayoutColumn, SheetField, SheetLayout } from './types.ts'
import type { Merge } from './xlsx-merges.ts'

/** Rows at the top in which the heading is looked for: a title, a unit, a date and notes stand above it. */
export const HEADING_ROWS = 20

export interface FoundHeading {
  /** 0-based among the rows given; of two heading rows the lower one. */
  readonly row: number
  readonly headerRows: 1 | 2
  readonly columns: readonly LayoutColumn[]
  readonly missing: SheetLayout['missing']
  readonly twice: readonly DoubleColumn[]
  /** How many fields were recognised; decides between worksheets and between delimiters. */
  readonly score: number
}

/**
 * [SHEET-4] The heading: the row among the first twenty in which most fields are recognised, whatever stands above it
 * and in whatever order. Without any known heading, the first row of several texts that holds no data is taken, so
 * that columns can be chosen by hand; a sheet that starts with data has none.
 */
export function findHeading(
  rows: readonly (readonly string[])[],
  fields: readonly SheetField[],
  merges: readonly Merge[] = [],
): FoundHeading | undefined {
  const ranks = ranksOf(fields)
  const candidates = rows.slice(0, HEADING_ROWS).map((cells, row) => ({ row, score: knownFields(cells, ranks) }))
  const best = candidates.reduce((a, b) => (b.score > a.score ? b : a), { row: -1, score: 0 })
  const least = Math.min(2, fields.length)
  const one = best.score >= least ? describe(rows, plainHeading(rows, best), fields, ranks) : undefined
  const two = findTwoRows(rows, one, fields, ranks, merges)
  if (two !== undefined && (one !== undefined || two.score >= least)) return two
  if (one !== undefined) return one
  const plain = rows.slice(0, HEADING_ROWS).findIndex(isPlainHeading)
  if (plain === -1) return undefined
  return describe(rows, plainHeading(rows, { row: plain, score: best.row === plain ? best.score : 0 }), fields, ranks)
}

/**
 * [SHEET-23] Two rows are the heading where they give more fields together than one row alone, where cells merged
 * downwards show that the heading goes on below, or where one row alone has a field twice and the groups above it tell
 * the two apart.
 */
function findTwoRows(
  rows: readonly (readonly string[])[],
  one: FoundHeading | undefined,
  fields: readonly SheetField[],
  ranks: Ranks,
  merges: readonly Merge[],
): FoundHeading | undefined {
  const fieldOf = (heading: string) => findRank(heading, ranks)?.field
  const near = merges.filter(({ top }) => top <= HEADING_ROWS)
  let best: FoundHeading | undefined
  for (let upper = 0; upper < Math.min(HEADING_ROWS, rows.length) - 1; upper++) {
    const lower = rows[upper + 1]!
    const { headings, score } = combineHeadings(rows[upper]!, lower, fieldOf, near, upper + 1)
    const goesOn = one?.row === upper && goesOnBelow(lower, near, upper + 1)
    const isDoubled = one?.row === upper + 1 && one.twice.length > 0
    const isMore = score > (one?.score ?? 0)
    if ((best !== undefined && score <= best.score) || !(isMore || goesOn || isDoubled)) continue
    const known = Math.max(score, one?.score ?? 0)
    const two = describe(rows, { row: upper + 1, headerRows: 2, score: known, headings }, fields, ranks)
    if (isMore || goesOn || two.twice.length === 0) best = two
  }
  return best
}

/** [SHEET-5] A heading without spaces, line breaks, asterisks, brackets and other signs, full-width as half-width, in lower case. */
export function foldHeading(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/**
 * [SHEET-6] The column of each field: as recognised, or as chosen by hand. A required field without a column and a
 * field that stands in two columns are refused rather than guessed.
 */
export function chooseColumns(
  layout: SheetLayout,
  fields: readonly SheetField[],
  fileName: string,
  byHand?: ColumnChoice,
): ColumnChoice {
  const chosen = byHand ?? recognisedColumns(layout)
  const double = byHand === undefined ? layout.twice[0] : undefined
  if (double !== undefined) {
    throw new Problem('SHEET.COLUMN_TWICE', {
      file: fileName,
      column: double.label,
      first: double.first + 1,
      second: double.second + 1,
    })
  }
  const isThere = (id: string) => layout.columns.some(({ index }) => index === chosen[id])
  const missing = fields.filter(({ id, isRequired }) => isRequired && !isThere(id))
  if (missing.length > 0) {
    throw new Problem('SHEET.UNKNOWN_LAYOUT', { file: fileName, columns: missing.map(({ label }) => label).join('、') })
  }
  return Object.fromEntries(fields.filter(({ id }) => isThere(id)).map(({ id }) => [id, chosen[id]!]))
}

function recognisedColumns(layout: SheetLayout): ColumnChoice {
  return Object.fromEntries(layout.columns.flatMap(({ field, index }) => (field === null ? [] : [[field, index]])))
}

/** The field each heading speaks of, also where another column is preferred for it. */
export function fieldsOfHeadings(
  headings: readonly string[],
  fields: readonly SheetField[],
): readonly (string | undefined)[] {
  const ranks = ranksOf(fields)
  return headings.map((heading) => findRank(heading, ranks)?.field)
}

interface Rank {
  readonly field: string
  /** Place among the aliases: lower is preferred. */
  readonly rank: number
}
type Ranks = ReadonlyMap<string, Rank>

function ranksOf(fields: readonly SheetField[]): Ranks {
  const ranks = new Map<string, Rank>()
  for (const { id, label, aliases } of fields) {
    for (const [rank, alias] of [label, ...aliases, id].entries()) {
      const folded = foldHeading(alias)
      if (!ranks.has(folded)) ranks.set(folded, { field: id, rank })
    }
  }
  return ranks
}

/** As printed; without what stands in brackets, `身份证件号（文本格式）`; without a number in front, `3.姓名`. */
function findRank(heading: string, ranks: Ranks): Rank | undefined {
  const whole = heading.normalize('NFKC')
  const bare = whole.replace(/[([{【〔《<][^)\]}】〕》>]*[)\]}】〕》>]/g, '')
  for (const form of [
    whole,
    bare,
    whole.replace(/^\s*\d+\s*[.、:)]?\s*/, ''),
    bare.replace(/^\s*\d+\s*[.、:)]?\s*/, ''),
  ]) {
    const rank = ranks.get(foldHeading(form))
    if (rank !== undefined) return rank
  }
  return undefined
}

function knownFields(cells: readonly string[], ranks: Ranks): number {
  return new Set(cells.flatMap((cell) => findRank(cell, ranks)?.field ?? [])).size
}

/** At least two texts, none of them a long number or a date. */
function isPlainHeading(cells: readonly string[]): boolean {
  const texts = cells.filter((cell) => !isBlank(cell))
  return texts.length >= 2 && !texts.some((cell) => /^\s*['‘]?[\d０-９]{4,}|^\d{4}[-/.年]/.test(cell))
}

interface HeadingTexts {
  readonly row: number
  readonly headerRows: 1 | 2
  readonly score: number
  readonly headings: readonly string[]
}

function plainHeading(
  rows: readonly (readonly string[])[],
  { row, score }: { readonly row: number; readonly score: number },
): HeadingTexts {
  return { row, headerRows: 1, score, headings: rows[row] ?? [] }
}

function describe(
  rows: readonly (readonly string[])[],
  { row, headerRows, score, headings: texts }: HeadingTexts,
  fields: readonly SheetField[],
  ranks: Ranks,
): FoundHeading {
  const data = rows.slice(row + 1)
  const width = Math.max(texts.length, commonWidth(data))
  const headings = Array.from({ length: width }, (_, index) => (texts[index] ?? '').replace(/\s+/gu, ' ').trim())
  const { fieldAt, twice } = assign(headings, fields, ranks)
  const columns = headings.map((heading, index) => ({
    index,
    heading,
    samples: data
      .map((line) => line[index] ?? '')
      .filter((cell) => !isBlank(cell))
      .slice(0, 3),
    field: fieldAt.get(index) ?? null,
  }))
  const found = new Set(fieldAt.values())
  const missing = fields
    .filter(({ id, isRequired }) => isRequired && !found.has(id))
    .map(({ id, label }) => ({ field: id, label }))
  return { row, headerRows, columns, missing, twice, score }
}

/** Headings may lack the name of the last column; the width most rows have says so. */
function commonWidth(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>()
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1)
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])[0]
}

/** The best alias of each field wins; two columns with equally good headings are told as a double. */
function assign(headings: readonly string[], fields: readonly SheetField[], ranks: Ranks) {
  const fieldAt = new Map<number, string>()
  const twice: DoubleColumn[] = []
  for (const { id, label } of fields) {
    const claims = headings
      .map((heading, index) => ({ index, found: findRank(heading, ranks) }))
      .flatMap(({ index, found }) => (found?.field === id ? [{ index, rank: found.rank }] : []))
      .sort((a, b) => a.rank - b.rank || a.index - b.index)
    const [first, second] = claims
    if (first === undefined) continue
    fieldAt.set(first.index, id)
    if (second !== undefined && second.rank === first.rank) {
      twice.push({ field: id, label, first: first.index, second: second.index })
    }
  }
  return { fieldAt, twice }
}
