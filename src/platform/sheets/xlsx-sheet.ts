import { Problem } from '../../kernel/problem.ts'
import { type FoundHeading, findHeading, HEADING_ROWS } from './heading.ts'
import type { KnownInput } from './inspect.ts'
import type { SharedTexts } from './shared-texts.ts'
import type { SheetLayout } from './types.ts'
import { type Merge, readMerges } from './xlsx-merges.ts'
import { openWorkbook, readSharedTexts, type Workbook, type Worksheet } from './xlsx-parts.ts'
import { readRows } from './xlsx-rows.ts'

const SAMPLE_ROWS = 30
/** Workbooks of a bureau have a sheet a township at most; more are not looked at. */
const MOST_WORKSHEETS = 100

/** [SHEET-15] The worksheet in which most fields are recognised; the first of equals. Others that would do are named, so that nobody takes them for read. */
export async function inspectWorkbook(input: KnownInput): Promise<SheetLayout> {
  const { fileName, fields } = input
  const workbook = await openWorkbook(input.path, fileName, input.limits)
  const texts = await readSharedTexts(workbook)
  const found: { worksheet: Worksheet; heading: FoundHeading; mergedCells: number }[] = []
  let hasContent = false
  for (const worksheet of workbook.worksheets.slice(0, MOST_WORKSHEETS)) {
    input.signal?.throwIfAborted()
    const merges = await readMerges(workbook, worksheet)
    const top = await readTop(workbook, worksheet, texts, merges)
    hasContent ||= top.length > 0
    const heading = findHeading(top, fields, merges)
    if (heading !== undefined) found.push({ worksheet, heading, mergedCells: merges.length })
  }
  const [first, ...others] = found
  if (first === undefined) {
    throw hasContent
      ? new Problem('SHEET.NO_HEADER', { file: fileName, rows: HEADING_ROWS })
      : new Problem('FILE.EMPTY', { file: fileName })
  }
  const best = others.reduce((a, b) => (b.heading.score > a.heading.score ? b : a), first)
  const { heading, worksheet, mergedCells } = best
  const isRival = (other: FoundHeading) => other.missing.length === 0 && other.score > 0
  return {
    format: 'xlsx',
    encoding: null,
    delimiter: null,
    worksheet: worksheet.name,
    otherWorksheets: found
      .filter((other) => other !== best && isRival(other.heading))
      .map((other) => other.worksheet.name),
    headerRow: heading.row + 1,
    headerRows: heading.headerRows,
    mergedCells,
    faultyRows: input.countRows ? 0 : null,
    rows: input.countRows ? await countRows(input, workbook, worksheet, texts, heading.row + 1) : null,
    columns: heading.columns,
    missing: heading.missing,
    twice: heading.twice,
  }
}

/** The first rows as a dense table; row numbers of the sheet hold. */
async function readTop(
  workbook: Workbook,
  worksheet: Worksheet,
  texts: SharedTexts,
  merges: readonly Merge[],
): Promise<string[][]> {
  const top: string[][] = []
  const most = HEADING_ROWS + SAMPLE_ROWS
  for await (const batch of readRows(workbook, worksheet, texts, { merges })) {
    for (const { row, cells } of batch) {
      if (row > most) return top
      while (top.length < row - 1) top.push([])
      top.push(Array.from(cells, (cell) => cell ?? ''))
    }
  }
  return top
}

async function countRows(
  input: KnownInput,
  workbook: Workbook,
  worksheet: Worksheet,
  texts: SharedTexts,
  headerRow: number,
): Promise<number> {
  let rows = 0
  for await (const batch of readRows(workbook, worksheet, texts, { columns: new Set() })) {
    input.signal?.throwIfAborted()
    for (const { row, isBlank } of batch) if (row > headerRow && !isBlank) rows++
  }
  return rows
}
