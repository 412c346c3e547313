import { sql } from 'kysely'
import type { FileId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { ProblemJson } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { ColumnMap } from './column-map.ts'
import type { ImportProgress, ImportSheet } from './contract.ts'
import type { ImportKind, SheetState } from './kinds.ts'
import type { StoredReport } from './report.ts'

interface SheetRow {
  sheet_id: string
  kind: ImportKind
  file_id: FileId | null
  name_sealed: Buffer
  layout_sealed: Buffer
  fingerprint: string
  bytes: number
  as_of_day: PlainDate
  columns: ColumnMap
  columns_by: ImportSheet['columnsBy']
  state: SheetState
  report: StoredReport | null
  progress: ImportProgress | null
  problem: ProblemJson | null
  rows_file_id: FileId | null
  findings_file_id: FileId | null
  content_key: Buffer | null
  is_partial: boolean
  job_id: string | null
  batch_id: number | null
  unit_id: number
  units: number[]
  created_by: number
  created_at: Date
  changed_at: Date
}

interface MemoryRow {
  unit_id: number
  kind: ImportKind
  headings_key: Buffer
  headings_sealed: Buffer
  columns: ColumnMap
  units: number[]
  used_at: Date
}

// A type, not an interface: Kysely's `withTables` asks for an index signature.
type ImportTables = { import_sheet: SheetRow; column_memory: MemoryRow }

function tables(tx: Tx) {
  return tx.withTables<ImportTables>()
}

export type SheetFound = SheetRow

type NewSheet = Pick<
  SheetRow,
  | 'sheet_id'
  | 'kind'
  | 'file_id'
  | 'name_sealed'
  | 'layout_sealed'
  | 'fingerprint'
  | 'bytes'
  | 'as_of_day'
  | 'columns'
  | 'columns_by'
  | 'unit_id'
  | 'units'
  | 'created_by'
  | 'created_at'
>

export async function insertSheet(tx: Tx, row: NewSheet): Promise<void> {
  await tables(tx)
    .insertInto('import_sheet')
    .values({
      ...row,
      columns: asJson(row.columns),
      state: 'uploaded',
      report: null,
      progress: null,
      problem: null,
      rows_file_id: null,
      findings_file_id: null,
      content_key: null,
      is_partial: false,
      job_id: null,
      batch_id: null,
      changed_at: row.created_at,
    })
    .execute()
}

export async function findSheet(tx: Tx, sheetId: string): Promise<SheetFound | undefined> {
  return tables(tx).selectFrom('import_sheet').selectAll().where('sheet_id', '=', sheetId).executeTakeFirst()
}

/** Locked until the end of the transaction: two who act on a sheet at once act one after the other. */
export async function lockSheet(tx: Tx, sheetId: string): Promise<SheetFound | undefined> {
  return tables(tx)
    .selectFrom('import_sheet')
    .selectAll()
    .where('sheet_id', '=', sheetId)
    .forUpdate()
    .executeTakeFirst()
}

export async function findSheetOfBatch(tx: Tx, batchId: number): Promise<SheetFound | undefined> {
  return tables(tx)
    .selectFrom('import_sheet')
    .selectAll()
    .where('batch_id', '=', batchId)
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst()
}

export interface SheetSearch {
  readonly kind?: ImportKind | undefined
  readonly state?: SheetState | undefined
  readonly page: number
  readonly size: number
}

/** Newest first; dropped ones only when asked for. */
export async function listSheets(tx: Tx, search: SheetSearch): Promise<{ total: number; rows: readonly SheetFound[] }> {
  const { kind, state } = search
  const found = tables(tx)
    .selectFrom('import_sheet')
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind!))
    .$if(state !== undefined, (query) => query.where('state', '=', state!))
    .$if(state === undefined, (query) => query.where('state', '<>', 'dropped'))
  const { total } = await found.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await found
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('sheet_id', 'desc')
    .limit(search.size)
    .offset((search.page - 1) * search.size)
    .execute()
  return { total, rows }
}

export interface SheetChange {
  readonly columns?: ColumnMap
  readonly columns_by?: SheetRow['columns_by']
  readonly as_of_day?: PlainDate
  readonly state?: SheetState
  readonly report?: StoredReport | null
  readonly progress?: ImportProgress | null
  readonly problem?: ProblemJson | null
  readonly rows_file_id?: FileId | null
  readonly findings_file_id?: FileId | null
  readonly file_id?: null
  readonly content_key?: Buffer | null
  readonly job_id?: string | null
  readonly is_partial?: boolean
  readonly batch_id?: number
}

export async function updateSheet(tx: Tx, sheetId: string, change: SheetChange, at: Date): Promise<void> {
  const { columns, report, progress, problem, ...plain } = change
  await tables(tx)
    .updateTable('import_sheet')
    .set({
      ...plain,
      ...(columns === undefined ? {} : { columns: asJson(columns) }),
      ...(report === undefined ? {} : { report: report === null ? null : asJson(report) }),
      ...(progress === undefined ? {} : { progress: progress === null ? null : asJson(progress) }),
      ...(problem === undefined ? {} : { problem: problem === null ? null : asJson(problem) }),
      changed_at: at,
    })
    .where('sheet_id', '=', sheetId)
    .execute()
}

/** Only while the job is the sheet's own: a job that was taken for dead writes nothing over its successor. */
export async function saveProgress(tx: Tx, sheetId: string, jobId: string, progress: ImportProgress): Promise<void> {
  await tables(tx)
    .updateTable('import_sheet')
    .set({ progress: asJson(progress) })
    .where('sheet_id', '=', sheetId)
    .where('job_id', '=', jobId)
    .where('state', 'in', ['checking', 'committing'])
    .execute()
}

/** Sheets that nobody touched since `before`, and their files; as the system. The content follows when no other row has it. */
export async function dropIdleSheets(tx: Tx, before: Date, at: Date): Promise<number> {
  const { rows } = await sql<{
    files: string[]
  }>`update import_sheet set state = 'dropped', job_id = null, changed_at = ${at}
    where state in ('uploaded', 'checked', 'failed') and changed_at < ${before}
    returning array_remove(array[file_id, rows_file_id, findings_file_id], null) as files`.execute(tx)
  const files = rows.flatMap((row) => row.files)
  await sql`delete from sealed_file where file_id = any (${files}::uuid[])`.execute(tx)
  return rows.length
}

export async function findMemory(
  tx: Tx,
  unitId: number,
  kind: ImportKind,
  key: Buffer,
): Promise<MemoryRow | undefined> {
  return tables(tx)
    .selectFrom('column_memory')
    .selectAll()
    .where('unit_id', '=', unitId)
    .where('kind', '=', kind)
    .where('headings_key', '=', key)
    .executeTakeFirst()
}

export async function findNewestMemory(tx: Tx, unitId: number, kind: ImportKind): Promise<MemoryRow | undefined> {
  return tables(tx)
    .selectFrom('column_memory')
    .selectAll()
    .where('unit_id', '=', unitId)
    .where('kind', '=', kind)
    .orderBy('used_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function saveMemory(tx: Tx, row: MemoryRow): Promise<void> {
  await tables(tx)
    .insertInto('column_memory')
    .values({ ...row, columns: asJson(row.columns) })
    .onConflict((clash) =>
      clash
        .columns(['unit_id', 'kind', 'headings_key'])
        .doUpdateSet({ columns: asJson(row.columns), used_at: row.used_at }),
    )
    .execute()
}

function asJson<T>(value: T) {
  return sql<T>`${JSON.stringify(value)}::jsonb`
}
