import { Problem } from '../../kernel/problem.ts'
import { DELIMITERS, type Delimiter, fitCells, isBlank, type TextRecord } from './delimited.ts'
import { hasContentSql, openDuck } from './duck.ts'
import { readTextTraits } from './encoding.ts'
import { type FoundHeading, findHeading, HEADING_ROWS } from './heading.ts'
import type { KnownInput } from './inspect.ts'
import { asUtf8, isRegular, readHead, readRecords, splitHead, strictCsv, type TextSource } from './text-source.ts'
import type { SheetLayout } from './types.ts'

/** Rows below the heading that give samples and the usual width. */
const SAMPLE_ROWS = 30

export async function inspectText(input: KnownInput): Promise<SheetLayout> {
  const { fileName, path } = input
  const traits = await readTextTraits(path, fileName)
  const head = await readHead(path, traits)
  if (isBlank(head.text) && head.isWhole) throw new Problem('FILE.EMPTY', { file: fileName })
  const found = findDelimiter(
    DELIMITERS.map((delimiter) => {
      const rows = splitHead(head, delimiter, traits.newline, HEADING_ROWS + SAMPLE_ROWS)
      return { delimiter, heading: findHeading(rows, input.fields) }
    }),
  )
  if (found === undefined) {
    if (traits.hasNul) throw new Problem('FILE.TYPE', { file: fileName })
    // The head holds no line break: what stands there is one row, longer than any roll's.
    if (!head.isWhole && !head.text.includes(traits.newline)) throw new Problem('SHEET.TOO_WIDE', { file: fileName })
    throw new Problem('SHEET.NO_HEADER', { file: fileName, rows: HEADING_ROWS })
  }
  const { heading, delimiter } = found
  const layout: SheetLayout = {
    format: delimiter === '\t' ? 'tsv' : 'csv',
    encoding: traits.encoding,
    delimiter,
    worksheet: null,
    otherWorksheets: [],
    headerRow: heading.row + 1,
    headerRows: heading.headerRows,
    mergedCells: 0,
    rows: null,
    faultyRows: null,
    columns: heading.columns,
    missing: heading.missing,
    twice: heading.twice,
  }
  if (!input.countRows) return layout
  return { ...layout, ...(await countRows(input, { ...sourceOf(path, layout, delimiter), traits })) }
}

/** Where a text sheet's rows are, once its layout is known. */
export function sourceOf(path: string, layout: SheetLayout, delimiter: Delimiter): Omit<TextSource, 'traits'> {
  return {
    path,
    delimiter,
    skip: layout.headerRow,
    width: { columns: layout.columns.length, named: layout.columns.findLastIndex(({ heading }) => heading !== '') + 1 },
  }
}

/** A row that holds something, be it a fault. */
export function hasContent(record: TextRecord): boolean {
  return 'fault' in record || !record.cells.every(isBlank)
}

type Candidate = { readonly delimiter: Delimiter; readonly heading: FoundHeading }

/** The separator under which most fields are recognised; among equals the one that gives most columns. */
function findDelimiter(
  candidates: readonly { delimiter: Delimiter; heading: FoundHeading | undefined }[],
): Candidate | undefined {
  let best: Candidate | undefined
  for (const { delimiter, heading } of candidates) {
    if (heading === undefined) continue
    const isBetter =
      best === undefined ||
      heading.score > best.heading.score ||
      (heading.score === best.heading.score && heading.columns.length > best.heading.columns.length)
    if (isBetter) best = { delimiter, heading }
  }
  return best
}

type Counted = Required<Pick<SheetLayout, 'rows' | 'faultyRows'>>

/** [SHEET-26] Rows that cannot be split are counted too, so that a file cut off in the middle is seen before it is read. */
async function countRows(input: KnownInput, source: TextSource): Promise<Counted> {
  if (isRegular(source)) {
    const counted = await tryCount(input, source)
    if (counted !== undefined) return { rows: counted, faultyRows: 0 }
  }
  let rows = 0
  let faultyRows = 0
  for await (const records of readRecords(source)) {
    input.signal?.throwIfAborted()
    for (const record of records) {
      const fitted = fitCells(record, source.width)
      if (hasContent(fitted)) rows++
      if ('fault' in fitted) faultyRows++
    }
  }
  return { rows, faultyRows }
}

async function tryCount(input: KnownInput, source: TextSource): Promise<number | undefined> {
  const duck = await openDuck(input)
  try {
    const utf8 = await asUtf8(source, input.workDir)
    const columns = source.width.columns
    const content = hasContentSql(Array.from({ length: columns }, (_, index) => `c${index}`))
    const [row] = await duck.rows(`SELECT count(*) FILTER (WHERE ${content}), count(*) FROM ${strictCsv(utf8, source)}`)
    return Number(row?.[1]) === rowsByLines(source) ? Number(row?.[0]) : undefined
  } catch (error) {
    if (isCsvFault(error)) return undefined
    throw error
  } finally {
    duck.close()
  }
}

/** Data rows if every row is one line. Where DuckDB counts others, cells with line breaks or an unpaired quote joined lines: the tolerant reader decides. */
export function rowsByLines({ traits, skip }: TextSource): number {
  return traits.lines - skip
}

/** DuckDB could not split a row, or met bytes that are no UTF-8: the tolerant reader takes over. */
export function isCsvFault(error: unknown): boolean {
  return (
    error instanceof Error &&
    !(error instanceof Problem) &&
    /CSV|Invalid Input|maximum line size|unicode|utf-?8/i.test(error.message)
  )
}
