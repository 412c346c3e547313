import { writeFileWhole } from './atomic.ts'
import { type Delimiter, fitCells, type TextRecord } from './delimited.ts'
import { literal, openDuck, plainPath } from './duck.ts'
import { readTextTraits } from './encoding.ts'
import type { KnownMarking, MarkResult } from './mark-workbook.ts'
import {
  type CellComment,
  cellsOfMarks,
  headingRowOf,
  type Mark,
  MarkCursor,
  MOST_COMMENTS,
  reasonOf,
} from './marks.ts'
import { parquetColumns, readable, textOf } from './parquet-sheet.ts'
import { sourceOf } from './text-sheet.ts'
import { readRecords, type TextSource } from './text-source.ts'
import type { LayoutColumn } from './types.ts'
import { sheetWords } from './words.ts'
import { LAST_ROW } from './xlsx-pieces.ts'
import { type OutCell, type OutColumn, writeXlsx } from './xlsx-writer.ts'

type Grid = AsyncIterable<readonly (readonly string[])[]>

/**
 * [SHEET-25] A text sheet or a Parquet file as a new workbook with every cell as text, row for row as in the file, and
 * the marks. A row that could not be split stands whole in its first cell, so that it is not taken for a good one. Of
 * a list above a million rows, which goes on in `name-2`, only the first worksheet has comments.
 */
export async function markText(input: KnownMarking): Promise<MarkResult> {
  const { layout, words } = input
  const isParquet = layout.format === 'parquet'
  const grid = (isParquet ? parquetGrid(input) : await textGrid(input))[Symbol.asyncIterator]()
  const cursor = new MarkCursor(input.marks)
  const old = layout.columns.find(({ heading }) => heading === words.reasonHeading)?.index
  const writer = new GridMarker({
    cursor,
    headerRow: layout.headerRow,
    headingRow: headingRowOf(layout),
    // Parquet has no heading row: in the workbook its first data row is the second.
    shift: isParquet ? 1 : 0,
    reasonColumn: old ?? layout.columns.length,
    reasonHeading: words.reasonHeading,
  })
  const first = isParquet ? { cells: layout.columns.map(({ heading }) => heading), rest: [] } : await takeFirst(grid)
  const topRow = isParquet ? 0 : 1
  const top = await writer.mark(first.cells, topRow)
  const columns = columnsOf(layout.columns, top, writer.reasonColumn)
  async function* rows(): AsyncGenerator<readonly (readonly OutCell[])[]> {
    let row = topRow
    const marked = async (batch: readonly (readonly string[])[]) => {
      const out: (readonly OutCell[])[] = []
      for (const cells of batch) out.push(await writer.mark(cells, ++row))
      return out
    }
    yield await marked(first.rest)
    for (let next = await grid.next(); next.done !== true; next = await grid.next()) {
      input.signal?.throwIfAborted()
      yield await marked(next.value)
    }
    for (let last = await cursor.nextRow(); last <= LAST_ROW; last = await cursor.nextRow()) {
      while (row < last) yield await marked([[]])
    }
  }
  const sheet = { name: layout.worksheet ?? DEFAULT_NAME, columns, rows: rows(), isList: topRow === layout.headerRow }
  try {
    await writeFileWhole(input.out, (file) =>
      writeXlsx(file, [sheet], undefined, { list: writer.comments, author: words.author }),
    )
    return { ...writer.marked, comments: writer.comments.length }
  } finally {
    await grid.return?.()
    await cursor.close()
  }
}

const DEFAULT_NAME = 'Sheet1'

interface GridMarking {
  readonly cursor: MarkCursor
  readonly headerRow: number
  readonly headingRow: number
  readonly shift: number
  readonly reasonColumn: number
  readonly reasonHeading: string
}

class GridMarker {
  readonly comments: CellComment[] = []
  readonly marked = { rows: 0, cells: 0 }
  readonly #marking: GridMarking

  constructor(marking: GridMarking) {
    this.#marking = marking
  }

  get reasonColumn(): number {
    return this.#marking.reasonColumn
  }

  async mark(cells: readonly string[], row: number): Promise<readonly OutCell[]> {
    const { cursor, headerRow, headingRow, reasonColumn, reasonHeading } = this.#marking
    if ((await cursor.nextRow()) < row) throw new RangeError('marks come by row, then column')
    const marks = (await cursor.nextRow()) === row ? await cursor.take(row) : []
    const out: OutCell[] = [...cells]
    if (row === headingRow) out[reasonColumn] = reasonHeading
    else if (row > headerRow) out[reasonColumn] = reasonOf(marks, sheetWords.mark.between)
    this.#markCells(out, marks, row)
    return Array.from(out, (cell) => cell ?? null)
  }

  #markCells(out: OutCell[], marks: readonly Mark[], row: number): void {
    if (marks.length > 0) this.marked.rows++
    for (const { column, severity, texts } of cellsOfMarks(marks)) {
      const cell = out[column]
      out[column] = { text: typeof cell === 'string' ? cell : '', severity }
      this.marked.cells++
      if (this.comments.length < MOST_COMMENTS) {
        this.comments.push({ row: row + this.#marking.shift, column, text: texts.join('\n') })
      }
    }
  }
}

async function takeFirst(grid: AsyncIterator<readonly (readonly string[])[]>) {
  for (let next = await grid.next(); next.done !== true; next = await grid.next()) {
    const [cells, ...rest] = next.value
    if (cells !== undefined) return { cells, rest }
  }
  return { cells: [], rest: [] }
}

async function textGrid(input: KnownMarking): Promise<Grid> {
  const { layout } = input
  const delimiter = (layout.delimiter ?? ',') as Delimiter
  const traits = await readTextTraits(input.path, input.fileName)
  const source: TextSource = { ...sourceOf(input.path, layout, delimiter), traits, skip: 0 }
  const width = layout.columns.length
  async function* grid() {
    let row = 0
    for await (const records of readRecords(source)) {
      yield records.map((record) => {
        row++
        return row <= layout.headerRow ? cellsOf(record, delimiter, width) : dataCells(record, source, width)
      })
    }
  }
  return grid()
}

function dataCells(record: TextRecord, source: TextSource, width: number): readonly string[] {
  const fitted = fitCells(record, source.width)
  if ('fault' in fitted) return [wholeLine(record, source.delimiter)]
  return fitted.cells.slice(0, width)
}

function cellsOf(record: TextRecord, delimiter: Delimiter, width: number): readonly string[] {
  return 'fault' in record ? [wholeLine(record, delimiter)] : record.cells.slice(0, width)
}

function wholeLine(record: TextRecord, delimiter: Delimiter): string {
  return 'fault' in record ? (record.line ?? '') : record.cells.join(delimiter)
}

async function* parquetGrid(input: KnownMarking): Grid & AsyncGenerator<readonly (readonly string[])[]> {
  const { fileName } = input
  const duck = await openDuck(input)
  try {
    const path = await plainPath(input.path, input.workDir, '.parquet')
    const texts = (await parquetColumns(duck.rows, path, fileName)).map(textOf)
    const rows = duck.stream(`SELECT ${texts.join(', ')} FROM read_parquet(${literal(path)})`)
    for (;;) {
      const next = await readable(fileName, () => rows.next())
      if (next.done === true) return
      yield next.value.map((row) => row.map((cell) => (cell === null ? '' : String(cell))))
    }
  } finally {
    duck.close()
  }
}

const REASON_WIDTH = 48
/** Room for an ID of eighteen digits where no sample tells. */
const USUAL_WIDTH = 20
const MOST_WIDTH = 40

function columnsOf(columns: readonly LayoutColumn[], top: readonly OutCell[], reasonColumn: number): OutColumn[] {
  return Array.from({ length: Math.max(columns.length, reasonColumn + 1, top.length) }, (_, index) => {
    const cell = top[index] ?? ''
    const column = columns[index]
    const longest = Math.max(0, ...(column?.samples ?? []).map(widthOf), widthOf(column?.heading ?? ''))
    const width = column === undefined || column.samples.length === 0 ? Math.max(USUAL_WIDTH, longest) : longest
    return {
      heading: typeof cell === 'object' && cell !== null ? cell.text : String(cell),
      width: index === reasonColumn ? REASON_WIDTH : Math.min(MOST_WIDTH, width + 2),
    }
  })
}

/** Chinese characters take the room of two. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (character > '\u2e7f' ? 2 : 1), 0)
}
