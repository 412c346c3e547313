import {
  literal,
  type Mark,
  markWorkbook,
  openDuck,
  type SheetLayout,
  sheetRowOf,
} from '../../platform/sheets/index.ts'
import type { ColumnMap } from './column-map.ts'
import { findingsOf } from './found.server.ts'
import type { ImportKind } from './kinds.ts'
import { importWords as words } from './words.ts'

export interface MarkedSheet {
  readonly kind: ImportKind
  readonly path: string
  readonly fileName: string
  readonly layout: SheetLayout
  readonly columns: ColumnMap
  readonly foundParquet: string
  readonly out: string
  readonly workDir: string
}

/** [IMP-16] The officer's own workbook again, with every finding at its cell and its sentence beside the row. */
export async function writeMarked(sheet: MarkedSheet, signal: AbortSignal): Promise<void> {
  const { path, fileName, layout, out, workDir } = sheet
  await markWorkbook({ path, fileName, layout, out, workDir, signal, marks: marksOf(sheet, signal), words: words.mark })
}

async function* marksOf(sheet: MarkedSheet, signal: AbortSignal): AsyncGenerator<Mark[]> {
  const duck = await openDuck({ workDir: sheet.workDir, threads: 1, memoryLimitMb: 300, signal })
  try {
    const rows = duck.stream(`SELECT row, items FROM read_parquet(${literal(sheet.foundParquet)}) ORDER BY row`)
    for await (const batch of rows) {
      yield batch.flatMap(([row, items]) =>
        findingsOf(String(items), sheet)
          .map(({ column, severity, reason }) => ({
            sheetRow: sheetRowOf(sheet.layout, Number(row)),
            column,
            severity,
            text: reason,
          }))
          .sort((a, b) => (a.column ?? -1) - (b.column ?? -1)),
      )
    }
  } finally {
    duck.close()
  }
}
