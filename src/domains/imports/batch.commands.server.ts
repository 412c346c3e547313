import { accountId, type BatchId, batchId } from '../../kernel/ids.ts'
import { Problem, problemToJson } from '../../kernel/problem.ts'
import { decideLoggedReason } from '../../kernel/reason.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Job, RunningJob } from '../../platform/jobs.ts'
import type { Services } from '../../platform/services.ts'
import { reverseRun } from '../cases/server.ts'
import { undoBatchRecords } from '../persons/server.ts'
import { findPersons, listUnitsById } from '../registry/server.ts'
import { type BatchFound, findBatch, listBatches, listCovers, listRunsOn } from './batch.store.server.ts'
import type { Asked } from './commands.ts'
import type { Batch, BatchLine } from './contract.ts'
import type { ImportKind } from './kinds.ts'
import { NAME_SEAL } from './sheet-view.server.ts'
import { findSheetOfBatch } from './store.ts'
import { lockUndo, saveUndo, updateUndo } from './undo-store.server.ts'
import { importWords as words } from './words.ts'

export const UNDO_JOB = 'imports.undo'
/** Units of a batch that its page lists. */
const COVERS_TOLD = 200
/** Every child of a batch of a city is looked at in the statements of one transaction. */
const STATEMENT_SECONDS = 1_800

interface BatchSearch {
  readonly kind?: ImportKind | undefined
  readonly page: number
  readonly size: number
}

export async function listBatchLines(
  services: Services,
  actor: Actor,
  search: BatchSearch,
): Promise<{ total: number; page: number; size: number; rows: BatchLine[] }> {
  return services.db.inScope(actor.scope, async (tx) => {
    const { total, rows } = await listBatches(tx, search)
    return { total, page: search.page, size: search.size, rows: await linesOf(tx, rows) }
  })
}

export async function readBatch(services: Services, actor: Actor, id: BatchId): Promise<Batch> {
  return services.db.inScope(actor.scope, async (tx) => {
    const batch = await getBatch(tx, id)
    const [line] = await linesOf(tx, [batch])
    const covers = await listCovers(tx, id, COVERS_TOLD)
    const names = await unitNames(
      tx,
      covers.rows.map(({ unitId }) => unitId),
    )
    const sheet = await findSheetOfBatch(tx, id)
    const isOwn = batch.unitId === actor.unitId
    return {
      ...line!,
      covers: covers.rows.map((cover) => ({ ...cover, name: names.get(cover.unitId) ?? '' })),
      coverCount: covers.count,
      sheetId: sheet?.sheet_id ?? null,
      fileName: sheet === undefined ? null : services.keys.open(sheet.name_sealed, NAME_SEAL),
      postedRuns: (await listRunsOn(tx, id)).length,
      mayUndo: isOwn && actor.permissions.has('import.undo') && mayBegin(batch),
    }
  })
}

/** Under way and done need no second beginning; one that broke off does. */
function mayBegin(batch: BatchFound): boolean {
  return batch.undoState === null ? batch.undoneAt === null : batch.undoState === 'failed'
}

/** [IMP-20] Queues the undoing, by the unit that gave the batch and for a reason that is kept with the name of who asked. */
export async function undoBatch(
  services: Services,
  { actor, audit }: Asked,
  wanted: { readonly batchId: BatchId; readonly reason: string },
): Promise<Batch> {
  const { db, jobs, ids, clock } = services
  await db.inScope(actor.scope, async (tx) => {
    const batch = await getBatch(tx, wanted.batchId)
    if (batch.unitId !== actor.unitId) throw new Problem('REQUEST.NOT_FOUND')
    const reason = decideLoggedReason(wanted.reason, 'RUN.REASON_NEEDED')
    const undo = await lockUndo(tx, batch.batchId)
    if (undo?.state === 'done' || (undo === undefined && batch.undoneAt !== null)) throw new Problem('IMPORT.UNDONE')
    if (undo?.state === 'waiting' || undo?.state === 'running') throw new Problem('IMPORT.BUSY')
    const jobId = ids.uuid()
    await saveUndo(tx, {
      batch_id: batch.batchId,
      job_id: jobId,
      unit_id: actor.unitId,
      units: [...actor.unitPath],
      asked_by: actor.accountId,
      asked_at: clock.now(),
    })
    await jobs.send(tx, UNDO_JOB, {
      scope: actor.scope,
      units: actor.unitPath,
      payload: { batchId: batch.batchId },
      jobId,
    })
    await audit.record(tx, { target: `batch:${batch.batchId}`, reason })
  })
  return readBatch(services, actor, wanted.batchId)
}

/**
 * [IMP-20] First the batch stops counting, so that no run posts from it any more; then the postings of every run that stood
 * on it are taken back, newest run first, posting by posting. Each step is a transaction that changes nothing when it is
 * done twice: killed anywhere, the job begins again and ends.
 */
export async function workOnUndo(services: Services, job: RunningJob): Promise<void> {
  const { db, clock } = services
  const id = batchOfJob(job)
  const { accountId: author } = job.scope
  const today = clock.today()
  const system = <T>(why: string, work: (tx: Tx) => Promise<T>) =>
    db.asSystem(why, work, { statementSeconds: STATEMENT_SECONDS })
  const runs = await system('imports.undo-records', async (tx) => {
    if (!(await updateUndo(tx, id, job.jobId, { state: 'running' }))) throw new Problem('JOB.CANCELLED')
    await undoBatchRecords(tx, id, { now: clock.now(), accountId: author, today })
    return listRunsOn(tx, id)
  })
  for (const [index, runId] of runs.entries()) {
    let below: Awaited<ReturnType<typeof reverseRun>>['next'] = null
    do {
      job.signal.throwIfAborted()
      below = await system('imports.undo-postings', async (tx) => {
        const { next } = await reverseRun(tx, { runId, authorId: author, today, ...(below === null ? {} : { below }) })
        await updateUndo(tx, id, job.jobId, { state: 'running', percent: Math.round(10 + (90 * index) / runs.length) })
        return next
      })
    } while (below !== null)
  }
  await system('imports.undo-done', (tx) => updateUndo(tx, id, job.jobId, { state: 'done', percent: 100 }))
}

export async function endUndoOfJob(tx: Tx, job: Job, problem: Problem): Promise<void> {
  await updateUndo(tx, batchOfJob(job), job.jobId, { state: 'failed', problem: problemToJson(problem) })
}

function batchOfJob(job: Job): BatchId {
  return batchId(Number(job.payload['batchId']))
}

async function getBatch(tx: Tx, id: BatchId): Promise<BatchFound> {
  const batch = await findBatch(tx, id)
  if (batch === undefined) throw new Problem('REQUEST.NOT_FOUND')
  return batch
}

async function linesOf(tx: Tx, batches: readonly BatchFound[]): Promise<BatchLine[]> {
  const names = await unitNames(
    tx,
    batches.map(({ unitId }) => unitId),
  )
  const accounts = batches.flatMap(({ accountId: by, undoneBy }) => (undoneBy === null ? [by] : [by, undoneBy]))
  const persons = await findPersons(tx, [...new Set(accounts)])
  const nameOf = (account: number) => persons.get(account) ?? words.unknownPerson
  return batches.map((batch) => ({
    batchId: batch.batchId,
    kind: batch.kind,
    unit: { unitId: batch.unitId, name: names.get(batch.unitId) ?? '' },
    asOfDay: batch.asOf,
    rowCount: batch.rowCount,
    storedCount: batch.storedCount,
    refusedCount: batch.refusedCount,
    asideCount: batch.asideCount,
    repairCount: batch.repairCount,
    committedAt: batch.committedAt.toISOString(),
    committedBy: nameOf(batch.accountId),
    undoneAt: batch.undoneAt?.toISOString() ?? null,
    undoneBy: batch.undoneBy === null ? null : nameOf(accountId(batch.undoneBy)),
    isCurrent: batch.isCurrent,
    undo: undoOf(batch),
  }))
}

function undoOf({ undoState, undoPercent, undoProblem }: BatchFound): BatchLine['undo'] {
  if (undoState === null || undoState === 'done') return null
  const problem = undoProblem === null ? null : { code: undoProblem.code, message: undoProblem.message }
  return { state: undoState, percent: undoPercent ?? 0, problem }
}

async function unitNames(tx: Tx, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  return new Map((await listUnitsById(tx, [...new Set(ids)])).map((unit) => [unit.unitId as number, unit.name]))
}
