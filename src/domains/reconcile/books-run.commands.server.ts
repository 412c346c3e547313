import { createReadStream } from 'node:fs'
import { fromModelJson, nameOf } from '../../engines/linkage/model-json.ts'
import { valueOn } from '../../engines/policy/index.ts'
import { type BatchId, type UnitId, unitId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { SealedFile } from '../../platform/files.ts'
import type { RunningJob } from '../../platform/jobs.ts'
import type { Services } from '../../platform/services.ts'
import { listOutspoken, listRowFiles, readCityPrefix } from './books.store.server.ts'
import type { BatchRows } from './books-input.server.ts'
import { listDecidedRows, readDecisionState } from './decision.store.server.ts'
import { findRunBefore, insertDifferences } from './difference.store.server.ts'
import { hasTermBegun } from './difference-rules.ts'
import { registerToRoll } from './linkage-definition.ts'
import { reviewSamples, secondLookFrom, secondLookShare, secondLookUntil } from './policy.ts'
import { insertPairs } from './review.store.server.ts'
import { findModelOn } from './review-model.store.server.ts'
import { keepResult, runOfJob, workOnTask } from './run.commands.server.ts'
import { isSameModel, type Model } from './run-rules.ts'
import { beginPosting, findRun, type RunBefore, type RunFound, takeUpRun } from './store.ts'

/** Rows as sealed, both sides joined, the database of the run with its spill, and the lists, in bytes of the sealed rows. */
const ROOM_FACTOR = 6

/**
 * [RUN-20] Compares the batches, posts the differences and keeps the lists, in this order: a run is done when its entries
 * stand. A run that is broken off begins again: the comparison finds the same, the posting finds its own entries standing.
 */
export async function workOnBooksRun(services: Services, job: RunningJob): Promise<void> {
  const { db, files, workFolders, clock } = services
  const id = runOfJob(job)
  const opened = await db.inScope(job.scope, async (tx) => {
    if (!(await takeUpRun(tx, id, clock.now()))) return undefined
    const run = await findRun(tx, id)
    if (run?.inputs == null || run.as_of_day === null || run.posting === null) throw new Problem('REQUEST.NOT_FOUND')
    const ids = run.inputs.map(({ batchId }) => batchId)
    const found = await listRowFiles(tx, ids)
    if (found.length < ids.length) throw new Problem('RUN.BATCH_UNDONE')
    const batches: (Omit<BatchRows, 'path'> & { file: SealedFile })[] = []
    for (const { batchId, kind, fileId } of found) {
      if (fileId === null) throw new Problem('REQUEST.NOT_FOUND')
      batches.push({ batchId, kind, file: await files.get(tx, fileId) })
    }
    const decisions = await readDecisionState(tx)
    const kept = await findModelOn(tx, run.unit_id as UnitId)
    const isFitting = kept?.definition === nameOf(registerToRoll)
    const model = kept === undefined || !isFitting ? undefined : kept
    return { run, ids, asOf: run.as_of_day, posting: { ...run.posting, decisions }, batches, model }
  })
  if (opened === undefined) return
  const { run, ids, batches, model } = opened
  const around = await db.asSystem('reconcile.surroundings', async (tx) => ({
    outspoken: await listOutspoken(tx, ids),
    cityPrefix: await readCityPrefix(tx),
    decided: await listDecidedRows(tx, ids),
  }))
  const folder = await workFolders.open(batches.reduce((sum, { file }) => sum + file.bytes, 0) * ROOM_FACTOR)
  try {
    const rows: BatchRows[] = []
    for (const { batchId, kind, file } of batches) {
      rows.push({ batchId, kind, path: await files.materialise(file, folder, `batch-${batchId}.parquet`) })
    }
    const today = clock.today()
    const { compared } = await workOnTask(services, job, id, {
      kind: 'compare-books',
      ...around,
      batches: rows,
      samples: valueOn(reviewSamples, today),
      ...(model === undefined
        ? {}
        : { model: fromModelJson(registerToRoll, model.model), modelVersion: model.version }),
      schoolYear: run.school_year,
      today,
      workDir: folder.path,
    })
    if (!(await db.inScope(job.scope, (tx) => beginPosting(tx, id)))) throw new Problem('JOB.CANCELLED')
    const { answer } = await workOnTask(services, job, id, {
      kind: 'post',
      access: services.childAccess(),
      runId: id,
      authorId: job.scope.accountId,
      batchIds: ids,
      schoolYear: run.school_year,
      asOf: opened.asOf,
      today,
      now: clock.now(),
      factsCsv: compared.factsCsv,
    })
    await db.asSystem('reconcile.review-pairs', (tx) =>
      insertPairs(tx, { runId: id, units: run.units }, createReadStream(compared.pairsCsv), {
        from: valueOn(secondLookFrom, today),
        until: valueOn(secondLookUntil, today),
        share: valueOn(secondLookShare, today) * 100,
      }),
    )
    const { engine } = compared.result.summary
    const before = await db.asSystem('reconcile.difference', (tx) => keepDifference(tx, run, ids, engine), {
      statementSeconds: 300,
    })
    const posting = {
      ...opened.posting,
      ...answer,
      ...(before === undefined ? {} : { before }),
      ...(model === undefined ? {} : { modelVersion: model.version }),

      state: 'posted',
    } as const
    await keepResult(services, job, { run, result: compared.result, posting })
  } finally {
    await folder.remove()
  }
}

/** [DIFF-1] Against the run before, once both have posted. */
async function keepDifference(
  tx: Tx,
  run: RunFound,
  batchIds: readonly BatchId[],
  engine: Model,
): Promise<RunBefore | undefined> {
  const before = await findRunBefore(tx, run)
  if (before === undefined || run.as_of_day === null) return undefined
  await insertDifferences(tx, {
    runId: run.run_id,
    unitId: unitId(run.unit_id),
    units: run.units,
    batchIds,
    before,
    hasBegun: hasTermBegun(before.asOf, run.as_of_day),
    isOtherModel: !isSameModel(before.engine ?? undefined, engine),
  })
  const { runId, unitId: at, number, asOf } = before
  return { runId, unitId: at, number, asOf }
}
