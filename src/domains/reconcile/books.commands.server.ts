import type { BatchId, RunId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { schoolYearOf } from '../../kernel/school-year.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { listCurrentBatches } from '../imports/server.ts'
import { BOOK_KINDS } from '../persons/index.ts'
import { listBatchesSeen, readSurroundings } from './books.store.server.ts'
import { type Asked, BOOKS_JOB, readRun } from './commands.ts'
import type { Run, RunInput } from './contract.ts'
import { readDecisionState } from './decision.store.server.ts'
import { MODEL } from './pipeline-link.server.ts'
import { findModelOn, type ModelRow } from './review-model.store.server.ts'
import { isSameModel, isSameSet, type Model } from './run-rules.ts'
import { inputsOf } from './run-view.server.ts'
import {
  findOpenBooksRun,
  findPreviousRun,
  type InputRow,
  insertBooksRun,
  nextRunNumber,
  type RunFound,
} from './store.ts'
import { workbookWords } from './workbook-words.ts'

/** What a books run of the actor's unit would read now. */
export async function listBooksInputs(
  services: Services,
  actor: Actor,
): Promise<{ rows: RunInput[]; openRun: RunId | null }> {
  return services.db.inScope(actor.scope, async (tx) => {
    const rows = await inputsOf(tx, await listCurrent(tx, actor))
    return { rows, openRun: (await findOpenBooksRun(tx, actor.unitId))?.run_id ?? null }
  })
}

export interface BooksOrder {
  readonly batchIds?: readonly number[] | undefined
}

/**
 * [RUN-16] Queues a run over the batches that speak for the unit now. [RUN-17] Where the last one of the unit read the same,
 * with the same model, the same decisions and beside the same batches of others, its result is answered and nothing is posted. [RUN-22] The school
 * year is the one of the newest sheet.
 */
export async function createBooksRun(
  services: Services,
  { actor, audit }: Asked,
  order: BooksOrder,
): Promise<Run & { isSame: boolean }> {
  const { db, jobs, ids, clock } = services
  const surroundings = await db.asSystem('reconcile.surroundings', readSurroundings)
  const id = ids.uuid() as RunId
  const known = await db.inScope(actor.scope, async (tx) => {
    const number = await nextRunNumber(tx, actor.unitId)
    const open = await findOpenBooksRun(tx, actor.unitId)
    if (open !== undefined) throw new Problem('RUN.BOOKS_OPEN', { number: open.number })
    const inputs = await chooseInputs(tx, actor, order.batchIds)
    const asOf = newestDay(inputs)
    const year = schoolYearOf(asOf)
    const before = await findPreviousRun(tx, {
      unit_id: actor.unitId,
      number,
      school_year: year,
      purpose: 'books',
    })
    const decided = (await readDecisionState(tx)).digest
    const model = modelNow(await findModelOn(tx, actor.unitId))
    if (before !== undefined && isRepeated(before, inputs, { surroundings, decided, model })) {
      await audit.record(tx, { target: `run:${before.run_id}` })
      return before.run_id
    }
    await insertBooksRun(tx, {
      run_id: id,
      unit_id: actor.unitId,
      number,
      school_year: year,
      as_of_day: asOf,
      inputs,
      posting: { state: 'comparing', surroundings, posted: 0, merged: 0, changes: [] },
      units: [...actor.unitPath],
      created_by: actor.accountId,
      created_at: clock.now(),
    })
    await jobs.send(tx, BOOKS_JOB, { scope: actor.scope, units: actor.unitPath, payload: { runId: id }, jobId: id })
    await audit.record(tx, { target: `run:${id}` })
    return undefined
  })
  return { ...(await readRun(services, actor, known ?? id)), isSame: known !== undefined }
}

async function chooseInputs(tx: Tx, actor: Actor, asked: readonly number[] | undefined): Promise<readonly InputRow[]> {
  const current = await listCurrent(tx, actor)
  const chosen = asked === undefined ? current : await getChosen(tx, asked, current)
  const missing = (['population', 'roll'] as const).filter((kind) => !chosen.some((input) => input.kind === kind))
  if (missing.length > 0) {
    throw new Problem('RUN.NO_BATCHES', { kinds: missing.map((kind) => workbookWords.side[kind]).join('、') })
  }
  return chosen
}

async function getChosen(tx: Tx, asked: readonly number[], current: readonly InputRow[]): Promise<readonly InputRow[]> {
  const ids = [...new Set(asked)]
  const seen = await listBatchesSeen(tx, ids)
  if (seen.length < ids.length) throw new Problem('REQUEST.NOT_FOUND')
  if (seen.some(({ isUndone }) => isUndone)) throw new Problem('RUN.BATCH_UNDONE')
  if (seen.some(({ batchId }) => !current.some((one) => one.batchId === batchId))) {
    throw new Problem('RUN.BATCH_SUPERSEDED')
  }
  return seen.map(({ isUndone: _, ...input }) => input)
}

async function listCurrent(tx: Tx, actor: Actor): Promise<readonly InputRow[]> {
  const ids: BatchId[] = []
  for (const kind of BOOK_KINDS) {
    ids.push(...(await listCurrentBatches(tx, actor.unitId, kind)).map(({ batchId }) => batchId))
  }
  return (await listBatchesSeen(tx, ids)).map(({ isUndone: _, ...input }) => input)
}

/** [ESTIMATE-3] By which a run that starts now would be known. */
function modelNow(kept: ModelRow | undefined): Model {
  const isFitting = kept !== undefined && kept.definition === MODEL.model
  return isFitting ? { ...MODEL, model: `${MODEL.model}#${kept.version}` } : MODEL
}

function isRepeated(
  before: RunFound,
  inputs: readonly InputRow[],
  now: { readonly surroundings: string; readonly decided: string; readonly model: Model },
): boolean {
  const ids = (rows: readonly InputRow[]) => rows.map(({ batchId }) => String(batchId))
  return (
    before.posting?.state === 'posted' &&
    before.posting.surroundings === now.surroundings &&
    (before.posting.decisions?.digest ?? '') === now.decided &&
    isSameSet(ids(before.inputs ?? []), ids(inputs)) &&
    isSameModel(before.summary?.engine, now.model)
  )
}

function newestDay(inputs: readonly InputRow[]): PlainDate {
  return inputs.reduce((newest, { asOf }) => (asOf > newest ? asOf : newest), inputs[0]!.asOf)
}
