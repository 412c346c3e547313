import { createReadStream } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RunId, runId } from '../../kernel/ids.ts'
import { Problem, problemToJson } from '../../kernel/problem.ts'
import { ChildCrash } from '../../platform/child.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { SealedFile, StagedFile } from '../../platform/files.ts'
import type { Job, RunningJob } from '../../platform/jobs.ts'
import type { Services } from '../../platform/services.ts'
import type { WorkFolder } from '../../platform/work-folder.ts'
import { listUnitsById } from '../registry/server.ts'
import { type AnswerTo, type ChildTask, workInChild } from './child-task.server.ts'
import { LIST_NAMES, type ListName, type RunProgress } from './contract.ts'
import { hashLists, type ListHashes, signManifest } from './manifest.server.ts'
import { insertManifest } from './manifest.store.server.ts'
import type { Compared } from './pipeline.server.ts'
import type { SheetToCompare } from './sheets.server.ts'
import {
  endRun,
  findRun,
  insertLists,
  type PostingRow,
  type RunFound,
  savePosting,
  saveProgress,
  takeUpRun,
} from './store.ts'
import { workbookWords as words } from './workbook-words.ts'

/** The ingested sheets, the database of the run with its spill, and the lists, in bytes of input. */
const ROOM_FACTOR = 3
/** The page asks about once a second. */
const PROGRESS_EVERY_MS = 700
/** A finished run outlives a database that is away for so long. */
const SAVE_TRIES = 60
const SAVE_PAUSE_MS = 5_000

/**
 * [RUN-7] Opens both sheets into a folder that only the service can enter, compares them in a process of its own, and
 * keeps the lists sealed. The result is written in one transaction: a run that breaks off leaves nothing.
 */
export async function workOnRun(services: Services, job: RunningJob): Promise<void> {
  const { db, files, workFolders, clock } = services
  const id = runOfJob(job)
  const opened = await db.inScope(job.scope, async (tx) => {
    if (!(await takeUpRun(tx, id, clock.now()))) return undefined
    const run = await findRun(tx, id)
    if (run?.population_file_id == null || run.roll_file_id == null) throw new Problem('REQUEST.NOT_FOUND')
    return { run, population: await files.get(tx, run.population_file_id), roll: await files.get(tx, run.roll_file_id) }
  })
  if (opened === undefined) return
  const folder = await workFolders.open((opened.population.bytes + opened.roll.bytes) * ROOM_FACTOR)
  try {
    const result = await compare(services, job, opened, folder)
    await keepResult(services, job, { run: opened.run, result })
  } finally {
    await folder.remove()
  }
}

/** [RUN-8] After the last try, on a cancel, or when the worker died: the run says why, and nothing else remains. */
export async function endRunOfJob(services: Services, tx: Tx, job: Job, problem: Problem): Promise<void> {
  const end =
    problem.code === 'JOB.CANCELLED'
      ? ({ state: 'cancelled' } as const)
      : ({ state: 'failed', problem: problemToJson(problem) } as const)
  await endRun(tx, runOfJob(job), end, services.clock.now())
}

interface Result {
  readonly run: RunFound
  readonly result: Compared
  /** Of a books run: what came into the books. */
  readonly posting?: PostingRow
}

/** Keeps the lists sealed and ends the run, all in one transaction. */
export async function keepResult(services: Services, job: RunningJob, done: Result): Promise<void> {
  const hashes = await hashLists(done.result.lists)
  await saveResult(services, job, { ...done, hashes, staged: await stageLists(services, done.result) })
}

interface Opened {
  readonly run: RunFound
  readonly population: SealedFile
  readonly roll: SealedFile
}

async function compare(services: Services, job: RunningJob, opened: Opened, folder: WorkFolder): Promise<Compared> {
  const { run } = opened
  const task = {
    kind: 'compare',
    population: await known(services, folder, opened.population, 'population', run),
    roll: await known(services, folder, opened.roll, 'roll', run),
    schoolYear: run.school_year,
    today: services.clock.today(),
    workDir: folder.path,
  } as const
  try {
    return (await workOnTask(services, job, run.run_id, task)).result
  } catch (error) {
    if (error instanceof ChildCrash) throw new Problem('JOB.INTERRUPTED', {}, { where: error.message })
    throw error
  }
}

/** One task of a run in its process, told while it runs. */
export async function workOnTask<Task extends ChildTask>(
  services: Services,
  job: RunningJob,
  id: RunId,
  task: Task,
): Promise<AnswerTo<Task>> {
  try {
    return await workInChild(task, { signal: job.signal, onProgress: reporter(services, job, id) })
  } catch (error) {
    if (error instanceof ChildCrash) services.log.error('reconcile.child-crashed', { runId: id, where: error.message })
    throw error
  }
}

async function known(
  { files }: Services,
  folder: WorkFolder,
  file: SealedFile,
  role: 'population' | 'roll',
  run: RunFound,
): Promise<SheetToCompare> {
  const layout = role === 'population' ? run.population_layout : run.roll_layout
  const columns = role === 'population' ? run.population_columns : run.roll_columns
  if (layout === null || columns === null) throw new Problem('REQUEST.NOT_FOUND')
  return {
    path: await files.materialise(file, folder, `${role}.sheet`),
    // [RUN-14] Not its own name: what is wrong with it is kept in clear beside the run, and a file name may be a person's.
    fileName: words.side[role],
    layout: { ...layout, columns: layout.columns.map((column) => ({ ...column, samples: [] })) },
    columns,
  }
}

/** Writes the newest progress, one write at a time; a database that is away loses a step of the bar, not the run. */
function reporter({ db, log, clock }: Services, job: RunningJob, id: RunId): (progress: RunProgress) => void {
  let lastAt = 0
  let isWriting = false
  return (progress) => {
    const now = clock.now().getTime()
    if (isWriting || now - lastAt < PROGRESS_EVERY_MS) return
    lastAt = now
    isWriting = true
    db.inScope(job.scope, (tx) => saveProgress(tx, id, progress))
      .catch(() => log.warn('reconcile.progress-lost', { runId: id }))
      .finally(() => {
        isWriting = false
      })
  }
}

interface StagedList {
  readonly list: ListName
  readonly count: number
  readonly staged: StagedFile
}

async function stageLists({ files }: Services, result: Compared): Promise<readonly StagedList[]> {
  const done: StagedList[] = []
  try {
    for (const list of LIST_NAMES) {
      const { parquet, count } = result.lists[list]
      done.push({ list, count, staged: await files.stage(createReadStream(parquet)) })
    }
    return done
  } catch (error) {
    for (const { staged } of done) await files.discard(staged)
    throw error
  }
}

interface Finished extends Result {
  readonly hashes: ListHashes
  readonly staged: readonly StagedList[]
}

/** [RUN-15] A database that is away meanwhile costs patience, not the result. */
async function saveResult(services: Services, job: RunningJob, finished: Finished): Promise<void> {
  try {
    for (let attempt = 1; !(await isSaved(services, job, finished, attempt === SAVE_TRIES)); attempt += 1) {
      await sleep(SAVE_PAUSE_MS, undefined, { signal: job.signal })
    }
  } finally {
    // What was kept has left its draft; discarding it is nothing.
    for (const { staged } of finished.staged) await services.files.discard(staged)
  }
}

async function isSaved(services: Services, job: RunningJob, finished: Finished, isLast: boolean): Promise<boolean> {
  try {
    await saveOnce(services, job, finished)
    return true
  } catch (error) {
    const isAway = error instanceof Problem && (error.code === 'SYSTEM.DATABASE_AWAY' || error.code === 'SYSTEM.BUSY')
    if (isAway && !isLast) return false
    throw error
  }
}

async function saveOnce(
  services: Services,
  job: RunningJob,
  { run, result, posting, hashes, staged }: Finished,
): Promise<void> {
  const { db, files, clock } = services
  await db.inScope(job.scope, async (tx) => {
    if (!(await endRun(tx, run.run_id, { state: 'done', summary: result.summary }, clock.now()))) {
      // Done: a commit whose answer got lost. Else somebody cancelled it.
      if ((await findRun(tx, run.run_id))?.state === 'done') return
      throw new Problem('JOB.CANCELLED')
    }
    if (posting !== undefined) await savePosting(tx, run.run_id, posting)
    const rows = []
    for (const { list, count, staged: content } of staged) {
      const file = await files.keep(tx, content, {
        units: run.units,
        accountId: run.created_by,
        purpose: 'list',
        name: list,
        mediaType: 'application/vnd.apache.parquet',
        keepUntil: null,
      })
      rows.push({ run_id: run.run_id, list, file_id: file.fileId, row_count: count, units: run.units })
    }
    await insertLists(tx, rows)
    const [unit] = await listUnitsById(tx, [run.unit_id])
    const { code, name } = unit ?? { code: '', name: '' }
    await insertManifest(
      tx,
      { runId: run.run_id, units: run.units },
      signManifest(services, { run, unit: { code, name }, result, posting, hashes }),
    )
  })
}

export function runOfJob(job: Job): RunId {
  return runId(String(job.payload['runId']))
}
