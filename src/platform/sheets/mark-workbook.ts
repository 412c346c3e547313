import { asProblem, type DuckOptions } from './duck.ts'
import { markText } from './mark-text.ts'
import { markXlsx } from './mark-xlsx.ts'
import type { MarkBatches, MarkWords } from './marks.ts'
import { SHEET_LIMITS, type SheetLayout, type SheetLimits } from './types.ts'

export interface MarkInput extends DuckOptions {
  readonly path: string
  readonly fileName: string
  /** As recognised in this very file. */
  readonly layout: SheetLayout
  /** In batches; by row, then by column with the marks of the whole row first. */
  readonly marks: MarkBatches
  /** The .xlsx file to write. */
  readonly out: string
  readonly words: MarkWords
  readonly limits?: SheetLimits
}

export interface KnownMarking extends MarkInput {
  readonly limits: SheetLimits
}

export interface MarkResult {
  /** Rows with a mark. */
  readonly rows: number
  /** Cells that were marked. */
  readonly cells: number
  /** At most `MOST_COMMENTS`; none in workbooks of the strict form, and beside more than fifty thousand of other hands. */
  readonly comments: number
}

/**
 * [SHEET-22] Writes what was found back into a copy of the sheet: marked cells have a grey fill or a dashed border on
 * top of their own style and a comment, and a column behind the last one tells every reason of the row. A workbook
 * stays the workbook it was; text and Parquet become a new one with every cell as text. Read again, the copy gives the
 * rows that the sheet gave; marked again, it loses the marks of the first time.
 */
export async function markWorkbook(input: MarkInput): Promise<MarkResult> {
  const known: KnownMarking = { ...input, limits: input.limits ?? SHEET_LIMITS }
  try {
    return await (input.layout.format === 'xlsx' ? markXlsx(known) : markText(known))
  } catch (error) {
    throw asProblem(error)
  }
}
