import { sql } from 'kysely'
import type { BatchId, FileId, RunId, UnitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { ProblemJson } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { LayoutColumn, SheetLayout } from '../../platform/sheets/index.ts'
import type { BookKind } from '../persons/index.ts'
import type {
  ListName,
  PostedChange,
  RUN_PURPOSES,
  RUN_STATES,
  RunProgress,
  RunSummary,
  SheetRole,
} from './contract.ts'

export type RunState = (typeof RUN_STATES)[number]
/** Field id → 0-based column. */
export type ColumnMapping = Readonly<Record<string, number>>
/** What is kept of a sheet: where things stand in it, and no cell of a data row. */
export type StoredLayout = Omit<SheetLayout, 'columns'> & { readonly columns: readonly Omit<LayoutColumn, 'samples'>[] }

export type RunPurpose = (typeof RUN_PURPOSES)[number]

/** A batch as a run read it. */
export interface InputRow {
  readonly batchId: BatchId
  readonly kind: BookKind
  /** Keyed hash of the content, hexadecimal: the same rows are the same input, whatever the batch. */
  readonly contentKey: string
  readonly rows: number
  readonly asOf: PlainDate
  readonly unitId: number
}

/** The run before, of the unit or of one above, which the unit may not see. */
export interface RunBefore {
  readonly runId: RunId
  readonly unitId: number
  readonly number: number
  readonly asOf: PlainDate
}

/** `posting`: entries are being written, or were when the run broke off. `surroundings`: what else was committed then. */
export interface PostingRow {
  readonly state: 'comparing' | 'posting' | 'posted'
  readonly surroundings: string
  /** What people had decided when it began; left out before there was anything to decide. */
  readonly decisions?: { readonly count: number; readonly digest: string }
  /** Of the model that was switched on for the unit; left out: it was learnt. */
  readonly modelVersion?: number
  /** The run that its differences are from. */
  readonly before?: RunBefore
  readonly posted: number
  readonly merged: number
  readonly changes: readonly PostedChange[]
}

interface SheetRow {
  sheet_id: string
  file_id: FileId | null
  role: SheetRole
  name_sealed: Buffer
  fingerprint: string
  layout: StoredLayout
  unit_id: number
  units: number[]
  created_by: number
  created_at: Date
}

interface RunRow {
  run_id: RunId
  unit_id: number
  number: number
  school_year: number
  state: RunState
  purpose: RunPurpose
  as_of_day: PlainDate | null
  inputs: readonly InputRow[] | null
  posting: PostingRow | null
  population_sheet_id: string | null
  roll_sheet_id: string | null
  population_columns: ColumnMapping | null
  roll_columns: ColumnMapping | null
  progress: RunProgress | null
  summary: RunSummary | null
  problem: ProblemJson | null
  units: number[]
  created_by: number
  created_at: Date
  started_at: Date | null
  ended_at: Date | null
}

interface ListRow {
  run_id: RunId
  list: ListName
  file_id: FileId
  row_count: number
  units: number[]
}

// A type, not an interface: Kysely's `withTables` asks for an index signature.
type ReconcileTables = {
  reconcile_sheet: SheetRow
  reconcile_run: RunRow
  reconcile_list: ListRow
}

function tables(tx: Tx) {
  return tx.withTables<ReconcileTables>()
}

export async function insertSheet(tx: Tx, row: SheetRow): Promise<void> {
  await tables(tx)
    .insertInto('reconcile_sheet')
    .values({ ...row, layout: asJson(row.layout) })
    .execute()
}

export type SheetFound = SheetRow

export async function findSheet(tx: Tx, sheetId: string): Promise<SheetFound | undefined> {
  return tables(tx).selectFrom('reconcile_sheet').selectAll().where('sheet_id', '=', sheetId).executeTakeFirst()
}

/** Draws the unit's next number; the lock keeps two officers who start at once from drawing the same. */
export async function nextRunNumber(tx: Tx, unitId: UnitId): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended('reconcile_run', ${unitId}))`.execute(tx)
  const { last } = await tables(tx)
    .selectFrom('reconcile_run')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('unit_id', '=', unitId)
    .executeTakeFirstOrThrow()
  return (last ?? 0) + 1
}

type NewRun = Pick<RunRow, 'run_id' | 'unit_id' | 'number' | 'school_year' | 'units' | 'created_by' | 'created_at'>

export async function insertTrial(
  tx: Tx,
  row: NewRun & {
    readonly population_sheet_id: string
    readonly roll_sheet_id: string
    readonly population_columns: ColumnMapping
    readonly roll_columns: ColumnMapping
  },
): Promise<void> {
  await insertRun(tx, {
    ...row,
    purpose: 'trial',
    as_of_day: null,
    inputs: null,
    posting: null,
    population_columns: asJson(row.population_columns),
    roll_columns: asJson(row.roll_columns),
  })
}

export async function insertBooksRun(
  tx: Tx,
  row: NewRun & { readonly as_of_day: PlainDate; readonly inputs: readonly InputRow[]; readonly posting: PostingRow },
): Promise<void> {
  await insertRun(tx, {
    ...row,
    purpose: 'books',
    inputs: asJson(row.inputs),
    posting: asJson(row.posting),
    population_sheet_id: null,
    roll_sheet_id: null,
    population_columns: null,
    roll_columns: null,
  })
}

async function insertRun(
  tx: Tx,
  row: Omit<RunRow, 'state' | 'progress' | 'summary' | 'problem' | 'started_at' | 'ended_at'>,
): Promise<void> {
  await tables(tx)
    .insertInto('reconcile_run')
    .values({
      ...row,
      state: 'waiting',
      progress: null,
      summary: null,
      problem: null,
      started_at: null,
      ended_at: null,
    })
    .execute()
}

function runs(tx: Tx) {
  return tables(tx)
    .selectFrom('reconcile_run as run')
    .leftJoin('reconcile_sheet as population', 'population.sheet_id', 'run.population_sheet_id')
    .leftJoin('reconcile_sheet as roll', 'roll.sheet_id', 'run.roll_sheet_id')
    .selectAll('run')
    .select([
      'population.file_id as population_file_id',
      'population.name_sealed as population_name_sealed',
      'population.fingerprint as population_fingerprint',
      'population.layout as population_layout',
      'roll.file_id as roll_file_id',
      'roll.name_sealed as roll_name_sealed',
      'roll.fingerprint as roll_fingerprint',
      'roll.layout as roll_layout',
    ])
}

export type RunFound = Awaited<ReturnType<ReturnType<typeof runs>['executeTakeFirstOrThrow']>>

export async function findRun(tx: Tx, runId: RunId): Promise<RunFound | undefined> {
  return runs(tx).where('run.run_id', '=', runId).executeTakeFirst()
}

export async function listRuns(
  tx: Tx,
  page: { page: number; size: number },
): Promise<{ total: number; rows: RunFound[] }> {
  const rows = await runs(tx)
    .orderBy('run.created_at', 'desc')
    .orderBy('run.run_id')
    .limit(page.size)
    .offset((page.page - 1) * page.size)
    .execute()
  const { total } = await tables(tx)
    .selectFrom('reconcile_run')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return { total: Number(total), rows }
}

/** The last finished run of the unit before this one, for the same purpose and year. */
export async function findPreviousRun(
  tx: Tx,
  run: Pick<RunRow, 'unit_id' | 'number' | 'school_year' | 'purpose'>,
): Promise<RunFound | undefined> {
  return runs(tx)
    .where('run.unit_id', '=', run.unit_id)
    .where('run.school_year', '=', run.school_year)
    .where('run.purpose', '=', run.purpose)
    .where('run.state', '=', 'done')
    .where('run.number', '<', run.number)
    .orderBy('run.number', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** False when it has ended meanwhile. A second try after a crash takes up a run that is already running. */
export async function takeUpRun(tx: Tx, runId: RunId, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('reconcile_run')
    .set({ state: 'running', started_at: now })
    .where('run_id', '=', runId)
    .where('state', 'in', ['waiting', 'running'])
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** False when the run is no longer running: it was cancelled meanwhile. */
export async function saveProgress(tx: Tx, runId: RunId, progress: RunProgress): Promise<boolean> {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('reconcile_run')
    .set({ progress: asJson(progress) })
    .where('run_id', '=', runId)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Ends a run that has not ended; false when it had. */
export async function endRun(
  tx: Tx,
  runId: RunId,
  end: { state: 'done'; summary: RunSummary } | { state: 'failed'; problem: ProblemJson } | { state: 'cancelled' },
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('reconcile_run')
    .set({
      state: end.state,
      summary: end.state === 'done' ? asJson(end.summary) : null,
      problem: end.state === 'failed' ? asJson(end.problem) : null,
      progress: null,
      ended_at: now,
    })
    .where('run_id', '=', runId)
    .where('state', 'in', ['waiting', 'running'])
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** From here on the run writes to the books and is no longer cancelled; false when it was cancelled before. */
export async function beginPosting(tx: Tx, runId: RunId): Promise<boolean> {
  const { numAffectedRows } = await sql`update reconcile_run set posting = posting || '{"state": "posting"}'
    where run_id = ${runId} and state = 'running'`.execute(tx)
  return (numAffectedRows ?? 0n) > 0n
}

export async function savePosting(tx: Tx, runId: RunId, posting: PostingRow): Promise<void> {
  await tables(tx)
    .updateTable('reconcile_run')
    .set({ posting: asJson(posting) })
    .where('run_id', '=', runId)
    .execute()
}

export async function findOpenBooksRun(tx: Tx, unitId: UnitId): Promise<RunFound | undefined> {
  return runs(tx)
    .where('run.unit_id', '=', unitId)
    .where('run.purpose', '=', 'books')
    .where('run.state', 'in', ['waiting', 'running'])
    .limit(1)
    .executeTakeFirst()
}

export async function insertLists(tx: Tx, rows: readonly ListRow[]): Promise<void> {
  if (rows.length > 0)
    await tables(tx)
      .insertInto('reconcile_list')
      .values([...rows])
      .execute()
}

export async function listLists(tx: Tx, runId: RunId): Promise<ListRow[]> {
  return tables(tx).selectFrom('reconcile_list').selectAll().where('run_id', '=', runId).execute()
}

/** pg writes a plain array as a PostgreSQL array; JSON columns take text. */
function asJson<Value>(value: Value): Value {
  return JSON.stringify(value) as Value
}
