import { Problem } from '../../kernel/problem.ts'
import { isBlank } from './delimited.ts'
import type { ColumnChoice, DoubleColumn, LayoutColumn, SheetField, SheetLayout } from './types.ts'

/** Rows at the top in which the heading is looked for: a title, a unit, a date and notes stand above it. */
export const HEADING_ROWS = 20

export interface FoundHeading {
  /** 0-based among the rows given. */
  readonly row: number
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
): FoundHeading | undefined {
  const ranks = ranksOf(fields)
  const candidates = rows.slice(0, HEADING_ROWS).map((cells, row) => ({ row, score: knownFields(cells, ranks) }))
  const best = candidates.reduce((a, b) => (b.score > a.score ? b : a), { row: -1, score: 0 })
  if (best.score >= Math.min(2, fields.length)) return describe(rows, best.row, best.score, fields, ranks)
  const plain = rows.slice(0, HEADING_ROWS).findIndex(isPlainHeading)
  return plain === -1 ? undefined : describe(rows, plain, best.row === plain ? best.score : 0, fields, ranks)
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

function describe(
  rows: readonly (readonly string[])[],
  row: number,
  score: number,
  fields: readonly SheetField[],
  ranks: Ranks,
): FoundHeading {
  const cells = rows[row] ?? []
  const data = rows.slice(row + 1)
  const width = Math.max(cells.length, commonWidth(data))
  const headings = Array.from({ length: width }, (_, index) => (cells[index] ?? '').replace(/\s+/gu, ' ').trim())
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
  return { row, columns, missing, twice, score }
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
