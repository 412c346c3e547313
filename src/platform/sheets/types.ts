import type { EncodingName } from './encoding.ts'

/** A field that a column of a sheet can be recognised as. */
export interface SheetField {
  readonly id: string
  /** What the clerk reads. */
  readonly label: string
  readonly isRequired: boolean
  /** `day`: a bare spreadsheet serial number is read as a calendar day. */
  readonly kind: 'text' | 'day'
  /** Headings in the order of preference: a sheet with 户籍地址 and 现住址 takes the one that stands first here. */
  readonly aliases: readonly string[]
}

export type SheetFormat = 'csv' | 'tsv' | 'xlsx' | 'parquet'

export interface LayoutColumn {
  /** 0-based. */
  readonly index: number
  readonly heading: string
  /** Up to three values as they stand in the sheet: personal data, to be masked before they leave the process. */
  readonly samples: readonly string[]
  readonly field: string | null
}

/** One field recognised in two columns with the same heading; 0-based columns. */
export interface DoubleColumn {
  readonly field: string
  readonly label: string
  readonly first: number
  readonly second: number
}

/** What was recognised in a file. */
export interface SheetLayout {
  readonly format: SheetFormat
  readonly encoding: EncodingName | null
  readonly delimiter: string | null
  readonly worksheet: string | null
  /** Other worksheets of the workbook that also carry the required headings and are not read. */
  readonly otherWorksheets: readonly string[]
  /** 1-based row of the heading, of two the lower one: data begins below; 0 for Parquet, which has none. */
  readonly headerRow: number
  /** 2 where the headings stand in two rows; 1 in layouts without this member. */
  readonly headerRows?: number
  /** Merged cells of the worksheet; unknown in layouts without this member. */
  readonly mergedCells?: number
  /** Data rows below the heading without the blank ones; null when they were not counted. */
  readonly rows: number | null
  /** Among them rows that cannot be split, as at the end of a file that was cut off; null or absent when they were not counted. */
  readonly faultyRows?: number | null
  readonly columns: readonly LayoutColumn[]
  readonly missing: readonly { readonly field: string; readonly label: string }[]
  readonly twice: readonly DoubleColumn[]
}

/** Field id to 0-based column. */
export type ColumnChoice = Readonly<Record<string, number>>

/** Guards against files made to exhaust the machine. */
export interface SheetLimits {
  /** Bytes one part of a workbook may expand to. */
  readonly expandedBytes: number
  /** Expanded over packed bytes; judged once `ratioFrom` bytes have come out. Deflate reaches 1,032. */
  readonly ratio: number
  readonly ratioFrom: number
  /** Bytes of text the shared strings of a workbook may hold in memory. */
  readonly sharedTextBytes: number
}

/** A sheet of 1,048,576 rows and 50 columns with long addresses expands to about 4 GB, at ratios of 8 to 60. */
export const SHEET_LIMITS: SheetLimits = {
  expandedBytes: 6 * 1024 ** 3,
  ratio: 250,
  ratioFrom: 64 * 1024 ** 2,
  sharedTextBytes: 512 * 1024 ** 2,
}

export interface SheetProgress {
  /** 0 to 1. */
  readonly done: number
}

/**
 * [SHEET-27] The 1-based row, as a spreadsheet prints it in front, of a 1-based data row: the `row` of an ingest. Of a
 * text sheet it is the row of the record. Parquet has no heading row: its data rows are counted alone.
 */
export function sheetRowOf(layout: Pick<SheetLayout, 'headerRow'>, row: number): number {
  return layout.headerRow + row
}
