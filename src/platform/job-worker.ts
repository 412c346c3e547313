import { type Job as BossJob, PgBoss } from 'pg-boss'
import { Problem, problemToJson } from '../kernel/problem.ts'
import type { Database, Tx } from './db/index.ts'
import type { Ids } from './ids.ts'
import type { Job, JobDefinition, MayStill, RunningJob } from './job.ts'
import * as store from './job-store.ts'
import { errorFields, type Log } from './log.ts'
import type { Outbox } from './outbox.ts'

interface WorkerOptions {
  readonly db: Database
  readonly log: Log
  readonly ids: Ids
  readonly outbox: Outbox
  readonly bossUrl: string
  readonly mayStill: MayStill
  readonly lease?: Lease
  readonly definitions: ReadonlyMap<string, JobDefinition>
}

export interface Lease {
  /** 10 at least, says pg-boss. */
  readonly heartbeatSeconds: number
  readonly superviseSeconds: number
}

/** Where pg-boss moves a message whose worker died, ran out of time or could not reach the database. */
const DEAD_QUEUE = 'dead'
const SCHEMA = 'boss'
/**
 * A worker that shows no sign for 30 s is dead; looked for every 10 s, so a job is taken up again within about 40 s.
 * Heavy work belongs in a child process or a thread, not on the event loop.
 */
const STANDARD_LEASE: Lease = { heartbeatSeconds: 30, superviseSeconds: 10 }
const WATCH_MS = 1000
/** A database that restarts is back within a minute; after that the dead queue takes over. */
const SETTLE_SECONDS = 60
const MINUTES = 120

type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'ended'; readonly state: 'failed' | 'cancelled'; readonly problem: Problem }
  | { readonly kind: 'again'; readonly isFault: boolean }

export function createJobWorker(options: WorkerOptions): {
  start(): Promise<void>
  stop(seconds?: number): Promise<void>
} {
  const { db, log, outbox, ids, mayStill, definitions, lease = STANDARD_LEASE } = options
  const controllers = new Map<string, AbortController>()
  const running = new Set<Promise<void>>()
  let boss: PgBoss | undefined
  let isStopping = false

  async function work(attempt: store.Attempt, claim: AbortSignal): Promise<void> {
    const job = await db.asSystem('job.claim', (tx) => store.claimJob(tx, attempt))
    if (job === undefined) return
    const definition = definitions.get(job.name)
    if (definition === undefined) throw new Error(`no job ${job.name}`)
    const controller = new AbortController()
    controllers.set(job.jobId, controller)
    const lost = () => controller.abort(new Problem('JOB.INTERRUPTED', {}, { cause: 'lease lost' }))
    claim.addEventListener('abort', lost)
    const watch = setInterval(() => void heedOrder(job, controller), WATCH_MS)
    try {
      if (isStopping) controller.abort(new Problem('JOB.STOPPING'))
      await settle(definition, job, await outcomeOf(definition, job, controller.signal))
    } catch (error) {
      log.error('job.unsettled', { job: job.name, jobId: job.jobId, ...errorFields(error) })
      throw error
    } finally {
      clearInterval(watch)
      claim.removeEventListener('abort', lost)
      controllers.delete(job.jobId)
    }
  }

  async function heedOrder(job: Job, controller: AbortController): Promise<void> {
    const order = await db.asSystem('job.order', (tx) => store.readOrder(tx, job)).catch(() => 'go-on')
    if (order === 'cancel') controller.abort(new Problem('JOB.CANCELLED'))
    if (order === 'lost') controller.abort(new Problem('JOB.INTERRUPTED', {}, { cause: 'lease lost' }))
  }

  async function outcomeOf(definition: JobDefinition, job: store.ClaimedJob, signal: AbortSignal): Promise<Outcome> {
    try {
      if (job.isCancelRequested) throw new Problem('JOB.CANCELLED')
      signal.throwIfAborted()
      if (!(await db.asSystem('job.may-still', (tx) => mayStill(tx, job.scope, definition.permission)))) {
        throw new Problem('SESSION.NO_POST')
      }
      await definition.run(viewOf(job, signal))
      return { kind: 'done' }
    } catch (error) {
      return verdictOn(definition, job, signal.aborted ? signal.reason : error)
    }
  }

  function verdictOn(definition: JobDefinition, job: store.ClaimedJob, error: unknown): Outcome {
    if (error instanceof Problem && error.code === 'JOB.STOPPING') return { kind: 'again', isFault: false }
    if (error instanceof Problem && error.code === 'JOB.CANCELLED')
      return { kind: 'ended', state: 'cancelled', problem: error }
    log.warn('job.stopped', { job: job.name, jobId: job.jobId, attempt: job.attempt, ...errorFields(error) })
    if (error instanceof Problem && !TRANSIENT.has(error.code))
      return { kind: 'ended', state: 'failed', problem: error }
    if (job.faults < (definition.retries ?? 0)) return { kind: 'again', isFault: true }
    return {
      kind: 'ended',
      state: 'failed',
      problem: error instanceof Problem ? error : new Problem('JOB.INTERRUPTED'),
    }
  }

  /** The handler's view of the job. */
  function viewOf(job: Job, signal: AbortSignal): RunningJob {
    let isBusy = false
    let last = 0
    return {
      ...job,
      signal,
      report(progress) {
        if (isBusy || performance.now() - last < WATCH_MS) return
        isBusy = true
        last = performance.now()
        db.asSystem('job.progress', (tx) => store.writeProgress(tx, job, progress))
          .catch(() => {})
          .finally(() => {
            isBusy = false
          })
      },
    }
  }

  /** The database may be what stopped the job, so the verdict waits for it to come back. */
  async function settle(definition: JobDefinition, job: Job, outcome: Outcome): Promise<void> {
    const started = performance.now()
    for (let waitMs = 500; ; waitMs *= 2) {
      try {
        return await db.asSystem('job.settle', (tx) => write(tx, definition, job, outcome))
      } catch (error) {
        const isPassing = error instanceof Problem && TRANSIENT.has(error.code)
        if (!isPassing || isStopping || performance.now() - started > SETTLE_SECONDS * 1000) throw error
        await new Promise((resume) => setTimeout(resume, waitMs))
      }
    }
  }

  async function write(tx: Tx, definition: JobDefinition, job: Job, outcome: Outcome): Promise<void> {
    if (outcome.kind === 'done') {
      await store.endJob(tx, job, { state: 'done', problem: undefined })
      return
    }
    if (outcome.kind === 'again') {
      if (await store.putBack(tx, job, outcome.isFault)) await sendAgain(tx, job)
      return
    }
    const { state, problem } = outcome
    const isMine = await store.endJob(tx, job, { state, problem: problemToJson(problem) })
    if (isMine) await definition.onEnded?.(tx, job, problem)
  }

  async function sendAgain(tx: Tx, { jobId, name, attempt }: Pick<Job, 'jobId' | 'name' | 'attempt'>): Promise<void> {
    await outbox.publish(tx, { topic: 'job.send', key: ids.uuid(), payload: { jobId, name, attempt: attempt + 1 } })
  }

  /** [SEC-33] Its worker died before (`waiting`) or while (`running`) it worked on this attempt. A later attempt is left alone. */
  async function recover({ jobId, attempt }: store.Attempt): Promise<void> {
    await db.asSystem('job.recover', async (tx) => {
      const job = await store.lockLiveJob(tx, jobId)
      const definition = job === undefined ? undefined : definitions.get(job.name)
      if (job === undefined || definition === undefined) return
      if (job.state === 'waiting' && job.attempt === attempt - 1) return await sendAgain(tx, job)
      if (job.state !== 'running' || job.attempt !== attempt) return
      const cause = new Problem('SYSTEM.BUSY', { seconds: lease.heartbeatSeconds }, { cause: 'worker gone' })
      const outcome = verdictOn(definition, job, cause)
      const isEnded = outcome.kind === 'ended'
      await write(tx, definition, job, isEnded ? { ...outcome, problem: new Problem('JOB.INTERRUPTED') } : outcome)
    })
  }

  /** A waiting job is cancelled at once, a running one by its signal. */
  async function cancel(jobId: string): Promise<void> {
    controllers.get(jobId)?.abort(new Problem('JOB.CANCELLED'))
    await db.asSystem('job.cancel', async (tx) => {
      const job = await store.lockLiveJob(tx, jobId)
      const definition = job === undefined ? undefined : definitions.get(job.name)
      if (job === undefined || definition === undefined || job.state !== 'waiting') return
      await write(tx, definition, job, { kind: 'ended', state: 'cancelled', problem: new Problem('JOB.CANCELLED') })
    })
  }

  /** After a restore, or when the queue's schema was lost: jobs that no message stands for. Too many messages are harmless. */
  async function recoverLost(queue: PgBoss): Promise<void> {
    for (const job of await db.asSystem('job.lost', (tx) => store.listLiveJobs(tx))) {
      if (!definitions.has(job.name)) continue
      const messages = await queue.findJobs<store.Attempt>(job.name, { data: { jobId: job.jobId } })
      if (messages.some(({ state }) => state === 'created' || state === 'retry' || state === 'active')) continue
      await recover(job)
      await recover({ ...job, attempt: job.attempt + 1 })
    }
  }

  function track(work: Promise<void>): Promise<void> {
    running.add(work)
    return work.finally(() => running.delete(work))
  }

  return {
    async start() {
      boss = new PgBoss({
        connectionString: options.bossUrl,
        schema: SCHEMA,
        createSchema: false,
        application_name: 'baoxue-jobs',
        max: 4,
        schedule: false,
        superviseIntervalSeconds: lease.superviseSeconds,
        monitorIntervalSeconds: lease.superviseSeconds,
      })
      const queue = boss
      queue.on('error', (error) => log.warn('job.queue', errorFields(error)))
      await queue.start()
      await queue.createQueue(DEAD_QUEUE, { retryLimit: 1000, retryDelay: 5 })
      await queue.work<store.Attempt>(DEAD_QUEUE, { pollingIntervalSeconds: 2 }, async ([message]) => {
        if (message !== undefined) await recover(message.data)
      })
      for (const definition of definitions.values()) await open(queue, definition)
      await recoverLost(queue)
      outbox.on('job.send', async ({ payload: { jobId, name, attempt } }) => {
        await queue.send(String(name), { jobId, attempt })
      })
      outbox.on('job.cancel', ({ payload }) => cancel(String(payload.jobId)))
    },
    async stop(seconds = 10) {
      if (boss === undefined) return
      isStopping = true
      for (const name of [DEAD_QUEUE, ...definitions.keys()]) await boss.offWork(name, { wait: false })
      for (const controller of controllers.values()) controller.abort(new Problem('JOB.STOPPING'))
      await Promise.race([
        Promise.allSettled(running),
        new Promise((resume) => setTimeout(resume, seconds * 1000).unref()),
      ])
      await boss.stop({ graceful: true, timeout: 1000 })
    },
  }

  async function open(queue: PgBoss, definition: JobDefinition): Promise<void> {
    const settings = {
      // Tries are counted in `job`, where a Problem, a fault and a shutdown are told apart.
      retryLimit: 0,
      deadLetter: DEAD_QUEUE,
      heartbeatSeconds: lease.heartbeatSeconds,
      expireInSeconds: (definition.maxMinutes ?? MINUTES) * 60,
    }
    await queue.createQueue(definition.name, settings)
    await queue.updateQueue(definition.name, settings)
    const takeUp = async ([message]: BossJob<store.Attempt>[]): Promise<void> => {
      if (message !== undefined) await track(work(message.data, message.signal))
    }
    await queue.work(
      definition.name,
      { pollingIntervalSeconds: 0.5, localConcurrency: definition.concurrency ?? 1 },
      takeUp,
    )
  }
}

/** Passes by itself, so that the same work may succeed later. */
const TRANSIENT = new Set(['SYSTEM.DATABASE_AWAY', 'SYSTEM.BUSY'])
