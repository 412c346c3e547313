import { isBlank } from './delimited.ts'
import type { SheetLayout } from './types.ts'

/** `refuse`: the row is not taken; `repair`: it is taken and must be put right; `remind`: it may be right. */
export type Severity = 'refuse' | 'repair' | 'remind'

/** What was found in one cell of a sheet. */
export interface Mark {
  /** From `sheetRowOf`. */
  readonly sheetRow: number
  /** 0-based; null for a row as a whole, one that could not be split. */
  readonly column: number | null
  readonly severity: Severity
  /** For the clerk who filled in the sheet. */
  readonly text: string
}

export interface MarkWords {
  /** Heading of the column that is added behind the last one. */
  readonly reasonHeading: string
  /** Whom the comments are from. */
  readonly author: string
}

export type MarkBatches = AsyncIterable<readonly Mark[]> | Iterable<readonly Mark[]>

/** Marks handed out row by row; only one batch is held. */
export class MarkCursor {
  readonly #source: AsyncIterator<readonly Mark[]> | Iterator<readonly Mark[]>
  #batch: readonly Mark[] = []
  #at = 0
  #last: Mark | undefined

  constructor(batches: MarkBatches) {
    this.#source = Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]()
  }

  /** Row of the next mark; Infinity behind the last. */
  async nextRow(): Promise<number> {
    while (this.#at >= this.#batch.length) {
      const next = await this.#source.next()
      if (next.done === true) return Number.POSITIVE_INFINITY
      this.#batch = next.value
      this.#at = 0
    }
    return this.#batch[this.#at]!.sheetRow
  }

  /** All marks of a row, in the order of columns. */
  async take(row: number): Promise<Mark[]> {
    const marks: Mark[] = []
    while ((await this.nextRow()) === row) {
      const mark = this.#batch[this.#at++]!
      this.#refuseDisorder(mark)
      marks.push(mark)
    }
    return marks
  }

  /** Ends a source that is left before its end. */
  async close(): Promise<void> {
    await this.#source.return?.()
  }

  #refuseDisorder(mark: Mark): void {
    const last = this.#last
    const isBehind =
      last === undefined ||
      mark.sheetRow > last.sheetRow ||
      (mark.sheetRow === last.sheetRow && (mark.column ?? -1) >= (last.column ?? -1))
    if (!isBehind || mark.sheetRow < 1) throw new RangeError('marks come by row, then column')
    this.#last = mark
  }
}

export interface MarkedCell {
  readonly column: number
  /** The gravest of its marks. */
  readonly severity: Severity
  readonly texts: readonly string[]
}

const GRAVITY: Readonly<Record<Severity, number>> = { refuse: 2, repair: 1, remind: 0 }

export function cellsOfMarks(marks: readonly Mark[]): MarkedCell[] {
  const cells = new Map<number, { severity: Severity; texts: Set<string> }>()
  for (const { column, severity, text } of marks) {
    if (column === null) continue
    const cell = cells.get(column)
    if (cell === undefined) {
      cells.set(column, { severity, texts: new Set([text]) })
      continue
    }
    cell.texts.add(text)
    if (GRAVITY[severity] > GRAVITY[cell.severity]) cell.severity = severity
  }
  return [...cells].map(([column, { severity, texts }]) => ({ column, severity, texts: [...texts] }))
}

/** Every reason of a row once, in the order of columns. */
export function reasonOf(marks: readonly Mark[], between: string): string {
  return [...new Set(marks.map(({ text }) => text))].filter((text) => !isBlank(text)).join(between)
}

/**
 * [SHEET-29] Comments beyond the first five thousand are left out: their boxes are drawn one by one, and spreadsheets open a file
 * with a hundred thousand only after minutes. The column of reasons has them all.
 */
export const MOST_COMMENTS = 5_000

export interface CellComment {
  readonly row: number
  readonly column: number
  readonly text: string
}

/** Row in which the column of reasons has its name: of two heading rows the upper one, where no group stands above it. */
export function headingRowOf({ headerRow, headerRows = 1 }: SheetLayout): number {
  return headerRow - headerRows + 1
}
