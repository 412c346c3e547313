import { sql } from 'kysely'
import type { ProblemJson } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { UndoState } from './batch.store.server.ts'

interface UndoRow {
  batch_id: number
  job_id: string
  state: UndoState
  percent: number
  problem: ProblemJson | null
  unit_id: number
  units: number[]
  asked_by: number
  asked_at: Date
}

type UndoTables = { batch_undo: UndoRow }

function tables(tx: Tx) {
  return tx.withTables<UndoTables>()
}

export type UndoFound = UndoRow

export async function lockUndo(tx: Tx, batchId: number): Promise<UndoFound | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended('batch_undo', ${batchId}))`.execute(tx)
  return tables(tx).selectFrom('batch_undo').selectAll().where('batch_id', '=', batchId).executeTakeFirst()
}

/** Asked for, or asked for once more after it broke off. */
export async function saveUndo(
  tx: Tx,
  row: Pick<UndoRow, 'batch_id' | 'job_id' | 'unit_id' | 'units' | 'asked_by' | 'asked_at'>,
): Promise<void> {
  const fresh = { state: 'waiting' as const, percent: 0, problem: null }
  await tables(tx)
    .insertInto('batch_undo')
    .values({ ...row, ...fresh })
    .onConflict((clash) =>
      clash
        .column('batch_id')
        .doUpdateSet({ ...fresh, job_id: row.job_id, asked_by: row.asked_by, asked_at: row.asked_at }),
    )
    .execute()
}

export async function updateUndo(
  tx: Tx,
  batchId: number,
  jobId: string,
  change: { readonly state: UndoState; readonly percent?: number; readonly problem?: ProblemJson },
): Promise<boolean> {
  const { problem, ...plain } = change
  const done = await tables(tx)
    .updateTable('batch_undo')
    .set({ ...plain, problem: problem === undefined ? null : sql<ProblemJson>`${JSON.stringify(problem)}::jsonb` })
    .where('batch_id', '=', batchId)
    .where('job_id', '=', jobId)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}
