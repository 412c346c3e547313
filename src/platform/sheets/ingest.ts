import { Problem } from '../../kernel/problem.ts'
import { asProblem, type DuckOptions } from './duck.ts'
import { ingestParquet } from './ingest-parquet.ts'
import { ingestText } from './ingest-text.ts'
import { ingestWorkbook } from './ingest-xlsx.ts'
import { type ColumnChoice, SHEET_LIMITS, type SheetField, type SheetLayout, type SheetLimits } from './types.ts'

export interface IngestInput extends DuckOptions {
  readonly path: string
  readonly fileName: string
  readonly layout: SheetLayout
  /** All fields of the output, in its order. */
  readonly fields: readonly SheetField[]
  /** From `chooseColumns`. */
  readonly columns: ColumnChoice
  /** The Parquet file to write. */
  readonly out: string
  readonly limits?: SheetLimits
  /** Share of the work behind, 0 to 1. */
  readonly onProgress?: (share: number) => void
}

export interface KnownIngest extends IngestInput {
  readonly limits: SheetLimits
}

export interface IngestResult {
  /** Rows written: all below the heading but the blank ones. */
  readonly rows: number
  /** Among them rows that could not be split; they carry nothing but the words of their fault. */
  readonly faults: number
}

/**
 * [SHEET-16] Writes a sheet as Parquet: `row`, the 1-based data row below the heading in which blank rows count though
 * they are not written; one text column a field, NULL where the sheet has no such column or the cell is empty; `fault`.
 * The same rows give the same file from every format.
 */
export async function ingestToParquet(input: IngestInput): Promise<IngestResult> {
  const ingest = { csv: ingestText, tsv: ingestText, xlsx: ingestWorkbook, parquet: ingestParquet }[input.layout.format]
  try {
    const result = await ingest({ ...input, limits: input.limits ?? SHEET_LIMITS })
    if (result.rows === 0) throw new Problem('SHEET.NO_ROWS', { file: input.fileName })
    return result
  } catch (error) {
    throw asProblem(error)
  }
}
