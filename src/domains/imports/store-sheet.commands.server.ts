import { accountId, unitId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { createClock } from '../../platform/clock.ts'
import { openDatabase, type Tx } from '../../platform/db/index.ts'
import { keysOf } from '../../platform/keys.ts'
import { createOutbox } from '../../platform/outbox.ts'
import { openDuck } from '../../platform/sheets/index.ts'
import { type RecordRow, storeRecords } from '../persons/server.ts'
import { findSameBatch, lockContent } from './batch.store.server.ts'
import { childLog } from './child-log.server.ts'
import type { CommitTask } from './child-task.server.ts'
import type { ImportProgress } from './contract.ts'
import { rememberColumns } from './memory.server.ts'
import { readCheckedRows } from './record-rows.server.ts'
import { openLayout } from './sheet-view.server.ts'
import { findSheet, lockSheet, type SheetFound, updateSheet } from './store.ts'
import { importWords as words } from './words.ts'

/** The last statements look at every child of the batch once. */
const STATEMENT_SECONDS = 1_800

interface Storing {
  readonly signal: AbortSignal
  readonly onProgress: (progress: ImportProgress) => void
}

/**
 * [IMP-17] A checked sheet becomes a batch in one transaction: wholly or not at all, whoever is killed. The same rows of
 * the same day by the same unit are the batch that is there already.
 */
export async function storeSheet(task: CommitTask, { signal, onProgress }: Storing): Promise<void> {
  const clock = createClock(task.today)
  const log = childLog()
  const db = await openDatabase({ url: task.access.databaseUrl, log, connections: 2 })
  const keys = keysOf(task.access.keys)
  try {
    await db.asSystem(
      'imports.commit',
      async (tx) => {
        // Not locked while the rows are stored: the progress of the work is written to the same row.
        const sheet = ownSheet(await findSheet(tx, task.sheetId))
        const contentKey = sheet.content_key!
        await lockContent(tx, sheet.unit_id, contentKey)
        const same = { unitId: sheet.unit_id, kind: sheet.kind, contentKey, asOf: sheet.as_of_day }
        const batchId = (await findSameBatch(tx, same)) ?? (await storeRows(tx, sheet))
        await createOutbox({ db, log }).publish(tx, {
          topic: 'batch.stored',
          key: String(batchId),
          payload: { batchId },
        })
        signal.throwIfAborted()
        ownSheet(await lockSheet(tx, task.sheetId))
        const { layout } = openLayout(keys, sheet)
        const { kind, units, columns } = sheet
        await rememberColumns(tx, keys, { unitId: sheet.unit_id, kind, layout, units, columns, at: clock.now() })
        await updateSheet(
          tx,
          sheet.sheet_id,
          { state: 'committed', batch_id: batchId, progress: null, problem: null, job_id: null },
          clock.now(),
        )
      },
      { statementSeconds: STATEMENT_SECONDS },
    )
  } finally {
    await db.close()
  }

  function ownSheet(sheet: SheetFound | undefined): SheetFound {
    if (sheet?.state !== 'committing' || sheet.job_id !== task.jobId) throw new Problem('JOB.CANCELLED')
    return sheet
  }

  async function storeRows(tx: Tx, sheet: SheetFound): Promise<number> {
    const duck = await openDuck({ workDir: task.workDir, threads: 1, memoryLimitMb: 400, signal })
    const startedAt = performance.now()
    try {
      const batch = {
        kind: sheet.kind,
        unitId: unitId(sheet.unit_id),
        units: sheet.units,
        asOf: sheet.as_of_day,
        contentKey: sheet.content_key!,
        rowsAbove: openLayout(keys, sheet).layout.headerRow,
        rowsFileId: sheet.rows_file_id,
        accountId: accountId(task.accountId),
        now: clock.now(),
        today: task.today,
        isPartial: sheet.is_partial,
      }
      const rows = sheet.report?.rows ?? 0
      const stored = await storeRecords(tx, keys, batch, recordsOf(sheet), (done) =>
        onProgress(progressOf(done, rows, startedAt)),
      )
      return stored.batchId
    } finally {
      duck.close()
    }

    async function* recordsOf({ kind, as_of_day: asOf }: SheetFound): AsyncGenerator<readonly RecordRow[]> {
      for await (const chunk of readCheckedRows(duck, { kind, asOf, parquet: task.rowsParquet })) {
        signal.throwIfAborted()
        yield chunk
      }
    }
  }
}

/** Rows are nearly all of the work; ties of children known before follow. */
const ROWS_PERCENT = 95

function progressOf(done: number, rows: number, startedAt: number): ImportProgress {
  const seconds = (performance.now() - startedAt) / 1000
  const share = rows === 0 ? 1 : done / rows
  return {
    percent: Math.min(ROWS_PERCENT, Math.round(share * ROWS_PERCENT * 10) / 10),
    stage: share < 1 ? words.stage.storing : words.stage.ties,
    rows,
    rowsPerSecond: seconds < 0.5 ? null : Math.round(done / seconds),
    remainingSeconds: seconds < 0.5 || done === 0 ? null : Math.round((seconds * (rows - done)) / done),
  }
}
