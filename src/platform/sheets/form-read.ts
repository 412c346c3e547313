import { join } from 'node:path'
import { Problem } from '../../kernel/problem.ts'
import { literal, openDuck, quoted } from './duck.ts'
import { type FormColumn, type FormReading, fieldsOfForm, readFormRow } from './form.ts'
import { chooseColumns } from './heading.ts'
import { ingestToParquet } from './ingest.ts'
import { inspectSheet } from './inspect.ts'
import { SHEET_LIMITS, sheetRowOf } from './types.ts'
import { sheetWords } from './words.ts'

/** Everything the reading needs, as data: it crosses to a child process. */
export interface FormTask {
  readonly path: string
  /** As the clerk knows the file. */
  readonly fileName: string
  /** An existing folder of this work alone, mode 0700. */
  readonly workDir: string
  readonly columns: readonly FormColumn[]
  readonly mostRows: number
}

/** Some tens of thousands of rows expand to a few MB; more is a file made to exhaust the machine. */
const LIMITS = { ...SHEET_LIMITS, expandedBytes: 128 * 1024 ** 2, sharedTextBytes: 32 * 1024 ** 2 }

/** [FORM-1] [FORM-3] Reads a form that came back. Rows are told by their place in the sheet, whatever order they stand in now. */
export async function readForm(
  { path, fileName, workDir, columns, mostRows }: FormTask,
  signal: AbortSignal,
): Promise<FormReading> {
  const fields = fieldsOfForm(columns)
  const given = { path, fileName, workDir, signal, fields, limits: LIMITS }
  const layout = await inspectSheet({ ...given, countRows: true })
  if ((layout.rows ?? 0) > mostRows) {
    throw new Problem('REQUEST.TOO_LARGE', { limit: sheetWords.form.rows(mostRows.toLocaleString('en-US')) })
  }
  const out = join(workDir, 'form.parquet')
  const chosen = chooseColumns(layout, fields, fileName)
  await ingestToParquet({ ...given, layout, columns: chosen, out, threads: 1, memoryLimitMb: 300 })
  const duck = await openDuck({ workDir, threads: 1, memoryLimitMb: 300, signal })
  try {
    const picked = columns.map(({ id }) => quoted(id)).join(', ')
    const found = await duck.rows(`SELECT row, fault, ${picked} FROM read_parquet(${literal(out)}) ORDER BY row`)
    const read = found.map(([row, fault, ...cells]) => {
      const at = sheetRowOf(layout, Number(row))
      const texts = Object.fromEntries(columns.map(({ id }, place) => [id, String(cells[place] ?? '')]))
      const { row: line, findings } = readFormRow(columns, at, texts)
      if (fault === null || fault === undefined) return { line, findings }
      return { line, findings: [{ row: at, column: null, reason: String(fault) }] }
    })
    return {
      rows: read.map(({ line }) => line),
      findings: read.flatMap(({ findings }) => findings),
      absent: columns.filter(({ id }) => chosen[id] === undefined).map(({ id }) => id),
    }
  } finally {
    duck.close()
  }
}
