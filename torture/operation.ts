import { sql } from 'kysely'
import { openServices } from '../src/app/product.ts'
import { closeDay } from '../src/domains/cases/close-day.commands.server.ts'
import { workOnUndo } from '../src/domains/imports/batch.commands.server.ts'
import { workOnCheck, workOnCommit } from '../src/domains/imports/job.commands.server.ts'
import { workOnBooksRun } from '../src/domains/reconcile/books-run.commands.server.ts'
import { type PostTask, postRun } from '../src/domains/reconcile/post.commands.server.ts'
import { accountId, unitId } from '../src/kernel/ids.ts'
import { addDays, type PlainDate } from '../src/kernel/plain-date.ts'
import type { Scope } from '../src/kernel/scope.ts'
import { createClock } from '../src/platform/clock.ts'
import { readConfig } from '../src/platform/config.ts'
import type { RunningJob } from '../src/platform/jobs.ts'
import { createLog, type Log } from '../src/platform/log.ts'
import type { Services } from '../src/platform/services.ts'

export const KINDS = ['import', 'post', 'undo', 'close'] as const
export type Kind = (typeof KINDS)[number]

/** What is killed in the middle. Plain data: it crosses to the worker. */
export type Operation =
  /** As the job's worker does it: storing, undoing, a whole run. */
  | { readonly do: 'job'; readonly jobId: string }
  /** The posting of a run alone, whose comparison is done, in small chunks. */
  | { readonly do: 'entries'; readonly post: Omit<PostTask, 'access' | 'factsCsv' | 'now'> }
  | { readonly do: 'close'; readonly from: PlainDate; readonly until: PlainDate; readonly chunk: number }

/** An installation to work on. */
export interface Place {
  readonly appUrl: string
  readonly bossUrl: string
  readonly dataDir: string
  readonly today: PlainDate
}

/** Of a comparison made beforehand, in the data folder. */
export const FACTS_FILE = 'facts.csv'

export interface OpenPlace {
  readonly services: Services
  close(): Promise<void>
}

/** As the product opens it, without its port and its job workers. */
export async function openPlace(
  { appUrl, bossUrl, dataDir, today }: Place,
  log: Log = silentLog(),
): Promise<OpenPlace> {
  const config = readConfig({ BAOXUE_DATA: dataDir, BAOXUE_DEMO_SCALE: '0', BAOXUE_TODAY: today }, dataDir)
  const undo: (() => Promise<void>)[] = []
  const services = await openServices(config, log, { appUrl, bossUrl }, undo)
  return {
    services,
    async close() {
      for (const step of undo.splice(0).reverse()) await step()
    },
  }
}

function silentLog(): Log {
  return createLog({ write: () => true }, createClock().now)
}

export async function perform(services: Services, operation: Operation): Promise<void> {
  if (operation.do === 'close') {
    for (let day = operation.from; day <= operation.until; day = addDays(day, 1)) {
      await closeDay(services, day, { chunk: operation.chunk })
    }
    return
  }
  if (operation.do === 'job') return performJob(services, operation.jobId)
  const factsCsv = `${services.config.dataDir}/${FACTS_FILE}`
  const task = { ...operation.post, access: services.childAccess(), now: services.clock.now(), factsCsv }
  await postRun(task, { signal: new AbortController().signal, progress: () => {} })
}

const WORK: Readonly<Record<string, (services: Services, job: RunningJob) => Promise<void>>> = {
  'imports.check': workOnCheck,
  'imports.commit': workOnCommit,
  'imports.undo': workOnUndo,
  'reconcile.books': workOnBooksRun,
}

/** Another try at a job is the same job again. */
export async function performJob(services: Services, jobId: string): Promise<void> {
  const job = await services.db.asSystem('torture.job', async (tx) => {
    const { rows } = await sql<{
      name: string
      scope_kind: Scope['kind']
      unit_id: number
      account_id: number
      payload: RunningJob['payload']
    }>`select name, scope_kind, unit_id, account_id, payload from job where job_id = ${jobId}`.execute(tx)
    return rows[0]
  })
  const work = WORK[job?.name ?? '']
  if (job === undefined || work === undefined) throw new Error(`no job ${jobId} to work on`)
  await work(services, {
    jobId,
    name: job.name,
    scope: { kind: job.scope_kind, unitId: unitId(job.unit_id), accountId: accountId(job.account_id) },
    payload: job.payload,
    attempt: 1,
    signal: new AbortController().signal,
    report: () => {},
  })
}
