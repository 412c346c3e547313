import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accountId, unitId } from '../kernel/ids.ts'
import { Problem } from '../kernel/problem.ts'
import type { Scope } from '../kernel/scope.ts'
import { createClock } from './clock.ts'
import { createIds } from './ids.ts'
import { claimJob } from './job-store.ts'
import { createJobs, type JobDefinition, type Jobs, type RunningJob } from './jobs.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { testDatabase } from './testing/database.ts'

const { db, admin, log, lines, bossUrl, appUrl } = await testDatabase()
const ids = createIds({ clock: createClock(), random: randomBytes })
const scope: Scope = { kind: 'unit', unitId: unitId(10), accountId: accountId(1) }
const other: Scope = { kind: 'unit', unitId: unitId(20), accountId: accountId(2) }
const started: { jobs: Jobs; outbox: Outbox }[] = []
let isAllowed = true
const lease = { heartbeatSeconds: 10, superviseSeconds: 1 }

beforeEach(async () => {
  isAllowed = true
  await admin('delete from outbox; delete from job')
})

afterEach(async () => {
  for (const { jobs, outbox } of started.splice(0)) {
    await outbox.stop()
    await jobs.stop(1)
  }
})

async function start(definition: Partial<JobDefinition> & Pick<JobDefinition, 'name' | 'run'>): Promise<Jobs> {
  const outbox = createOutbox({ db, log })
  const jobs = createJobs({ db, log, ids, outbox, bossUrl, lease, mayStill: async () => isAllowed })
  jobs.define({ permission: 'run.create', ...definition })
  await jobs.start()
  outbox.start()
  started.push({ jobs, outbox })
  return jobs
}

function send(jobs: Jobs, name: string): Promise<string> {
  return db.inScope(scope, (tx) => jobs.send(tx, name, { scope, units: [1, 10], payload: { runId: 17 } }))
}

const find = (jobs: Jobs, id: string, as = scope) => db.inScope(as, (tx) => jobs.find(tx, id))
const cancel = (jobs: Jobs, id: string, as = scope) => db.inScope(as, (tx) => jobs.cancel(tx, id))

async function ended(jobs: Jobs, id: string, seconds = 15) {
  await expect
    .poll(async () => (await find(jobs, id))?.state, { timeout: seconds * 1000, interval: 100 })
    .toMatch(/done|failed|cancelled/)
  return await find(jobs, id)
}

/** Works until it is told to stop. */
function untilAborted({ signal }: RunningJob): Promise<void> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

describe('[SEC-32] a job', () => {
  test('runs after the commit in the scope of who asked, with its payload and its progress', async () => {
    const seen: unknown[] = []
    const jobs = await start({
      name: 'plain',
      run: async (job) => {
        seen.push({ scope: job.scope, payload: job.payload, attempt: job.attempt })
        job.report({ percent: 40, stage: 'linking' })
        await new Promise((resume) => setTimeout(resume, 100))
      },
    })
    const id = await send(jobs, 'plain')
    expect(await ended(jobs, id)).toMatchObject({
      state: 'done',
      attempt: 1,
      progress: { percent: 40, stage: 'linking' },
      problem: null,
    })
    expect(seen).toEqual([{ scope, payload: { runId: 17 }, attempt: 1 }])
  })

  test('is not run for somebody who may no longer', async () => {
    const runs: number[] = []
    const jobs = await start({ name: 'rights', run: async () => void runs.push(1) })
    isAllowed = false
    expect(await ended(jobs, await send(jobs, 'rights'))).toMatchObject({
      state: 'failed',
      problem: { code: 'SESSION.NO_POST' },
    })
    expect(runs).toEqual([])
  })

  test('leaves the queue nothing but its id', async () => {
    const jobs = await start({ name: 'payload', run: async () => {} })
    const id = await send(jobs, 'payload')
    await ended(jobs, id)
    const rows = await admin("select data from boss.job where name = 'payload'")
    expect(rows).toEqual([{ data: { jobId: id, attempt: 1 } }])
  })

  test('[SEC-7] is seen, cancelled and sent in its own scope only', async () => {
    const jobs = await start({ name: 'scoped', run: untilAborted })
    const id = await send(jobs, 'scoped')
    expect(await find(jobs, id, other)).toBeUndefined()
    expect(await cancel(jobs, id, other)).toBe(false)
    const forged = db.inScope(other, (tx) => jobs.send(tx, 'scoped', { scope, units: [1, 10], payload: {} }))
    await expect(forged).rejects.toMatchObject({ code: 'REQUEST.NOT_SAVED' })
    expect(await cancel(jobs, id)).toBe(true)
    expect(await ended(jobs, id)).toMatchObject({ state: 'cancelled' })
  })

  test('sent twice with one id is one job', async () => {
    const runs: number[] = []
    const jobs = await start({ name: 'twice', run: async () => void runs.push(1) })
    const jobId = ids.uuid()
    for (let n = 0; n < 2; n += 1) {
      await db.inScope(scope, (tx) => jobs.send(tx, 'twice', { scope, units: [1, 10], payload: {}, jobId }))
    }
    await ended(jobs, jobId)
    await new Promise((resume) => setTimeout(resume, 1500))
    expect(runs).toEqual([1])
  })
})

test('[SEC-33] a message that comes again late starts no attempt that was started before', async () => {
  const jobs = await start({ name: 'fenced', run: async () => {} })
  const jobId = ids.uuid()
  await admin(
    `insert into job (job_id, name, scope_kind, unit_id, account_id, units, payload, attempt) values ($1, 'absent', 'unit', 10, 1, '{1,10}', '{}', 1)`,
    [jobId],
  )
  const claim = (attempt: number) => db.asSystem('test', (tx) => claimJob(tx, { jobId, attempt }))
  expect(await claim(1)).toBeUndefined()
  expect(await claim(3)).toBeUndefined()
  expect(await claim(2)).toMatchObject({ attempt: 2 })
  expect(await claim(2)).toBeUndefined()
  expect(await find(jobs, jobId)).toMatchObject({ state: 'running', attempt: 2 })
})

describe('cancelling', () => {
  test('stops running work through its signal and tells the slice in the same transaction', async () => {
    const told: string[] = []
    const jobs = await start({
      name: 'cancelled',
      run: untilAborted,
      onEnded: async (_tx, job, problem) => void told.push(`${job.payload.runId} ${problem.code}`),
    })
    const id = await send(jobs, 'cancelled')
    await expect.poll(async () => (await find(jobs, id))?.state, { timeout: 8_000 }).toBe('running')
    expect(await cancel(jobs, id)).toBe(true)
    expect(await ended(jobs, id)).toMatchObject({ state: 'cancelled', problem: { code: 'JOB.CANCELLED' } })
    expect(told).toEqual(['17 JOB.CANCELLED'])
    expect(await cancel(jobs, id)).toBe(false)
  })

  test('takes a waiting job out of the line while another is at work', async () => {
    const jobs = await start({ name: 'line', run: untilAborted })
    const first = await send(jobs, 'line')
    await expect.poll(async () => (await find(jobs, first))?.state, { timeout: 8_000 }).toBe('running')
    const second = await send(jobs, 'line')
    await cancel(jobs, second)
    expect(await ended(jobs, second, 4)).toMatchObject({ state: 'cancelled', attempt: 0 })
    expect(await find(jobs, first)).toMatchObject({ state: 'running' })
    await cancel(jobs, first)
    await ended(jobs, first)
  })
})

describe('[SEC-33] trouble', () => {
  test('a Problem is an answer and not tried again; its code is kept', async () => {
    let runs = 0
    const jobs = await start({
      name: 'problem',
      retries: 3,
      run: async () => {
        runs += 1
        throw new Problem('SHEET.NO_ROWS', { file: 'a.csv' })
      },
    })
    expect(await ended(jobs, await send(jobs, 'problem'))).toMatchObject({
      state: 'failed',
      problem: { code: 'SHEET.NO_ROWS' },
    })
    expect(runs).toBe(1)
  })

  test('a fault is tried again as often as defined, then fails, and the slice is told once', async () => {
    const attempts: number[] = []
    const told: string[] = []
    const jobs = await start({
      name: 'fault',
      retries: 1,
      run: async ({ attempt }) => {
        attempts.push(attempt)
        throw new Error('a bug')
      },
      onEnded: async (_tx, _job, problem) => void told.push(problem.code),
    })
    expect(await ended(jobs, await send(jobs, 'fault'))).toMatchObject({
      state: 'failed',
      problem: { code: 'JOB.INTERRUPTED' },
    })
    expect(attempts).toEqual([1, 2])
    expect(told).toEqual(['JOB.INTERRUPTED'])
    expect(lines.join('')).toContain('a bug')
  })

  test('a slice that cannot take the news keeps the job open instead of losing the news', async () => {
    let isBroken = true
    const jobs = await start({
      name: 'news',
      run: async () => {
        throw new Problem('SHEET.NO_ROWS', { file: 'a.csv' })
      },
      onEnded: async () => {
        if (isBroken) throw new Error('cannot take it')
      },
    })
    const id = await send(jobs, 'news')
    await expect.poll(() => lines.join('').includes('cannot take it'), { timeout: 8_000 }).toBe(true)
    expect(await find(jobs, id)).toMatchObject({ state: 'running' })
    isBroken = false
    expect(await ended(jobs, id, 20)).toMatchObject({ state: 'failed' })
  })
})

describe('[SEC-33] the end of a worker', () => {
  test('at shutdown, within its seconds: the work goes back in line and the next start does it', async () => {
    const attempts: number[] = []
    const definition: Pick<JobDefinition, 'name' | 'run'> = {
      name: 'shutdown',
      run: async (job) => {
        attempts.push(job.attempt)
        if (job.attempt === 1) await untilAborted(job)
      },
    }
    const jobs = await start(definition)
    const id = await send(jobs, 'shutdown')
    await expect.poll(() => attempts.length, { timeout: 8_000 }).toBe(1)
    const before = performance.now()
    const [first] = started.splice(0)
    await first!.outbox.stop()
    await first!.jobs.stop(5)
    expect(performance.now() - before).toBeLessThan(5_000)
    expect(await find(jobs, id)).toMatchObject({ state: 'waiting' })
    const again = await start(definition)
    expect(await ended(again, id)).toMatchObject({ state: 'done', attempt: 2 })
  })

  test('that heeds nothing: stopping is bounded all the same', async () => {
    const jobs = await start({ name: 'deaf', run: () => new Promise((resume) => setTimeout(resume, 20_000).unref()) })
    const id = await send(jobs, 'deaf')
    await expect.poll(async () => (await find(jobs, id))?.state, { timeout: 8_000 }).toBe('running')
    const [first] = started.splice(0)
    const before = performance.now()
    await first!.outbox.stop()
    await first!.jobs.stop(1)
    expect(performance.now() - before).toBeLessThan(6_000)
    const done = await start({ name: 'deaf', retries: 1, run: async () => {} })
    expect(await ended(done, id, 20)).toMatchObject({ state: 'done', attempt: 2 })
  })

  test('by kill -9: the job is noticed and told as interrupted', { timeout: 90_000 }, async () => {
    const told: string[] = []
    const child = spawn(process.execPath, ['--input-type=module', '-e', workerScript()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    const sender = createOutbox({ db, log })
    const jobs = createJobs({ db, log, ids, outbox: sender, bossUrl, mayStill: async () => true })
    const id = await send(jobs, 'killed')
    await expect.poll(async () => (await find(jobs, id))?.state, { timeout: 10_000 }).toBe('running')
    const isGone = once(child, 'exit')
    child.kill('SIGKILL')
    await isGone
    const next = await start({
      name: 'killed',
      run: async () => {},
      onEnded: async (_tx, _job, problem) => void told.push(problem.code),
    })
    expect(await ended(next, id, 70)).toMatchObject({
      state: 'failed',
      attempt: 1,
      problem: { code: 'JOB.INTERRUPTED' },
    })
    expect(told).toEqual(['JOB.INTERRUPTED'])
  })

  function workerScript(): string {
    const at = (file: string) => JSON.stringify(join(import.meta.dirname, file))
    return `
      const { openDatabase } = await import(${at('db/index.ts')})
      const { createOutbox } = await import(${at('outbox.ts')})
      const { createJobs } = await import(${at('jobs.ts')})
      const log = { info() {}, warn() {}, error() {} }
      const db = await openDatabase({ url: ${JSON.stringify(appUrl)}, log, connections: 4 })
      const outbox = createOutbox({ db, log })
      const jobs = createJobs({ db, log, outbox, bossUrl: ${JSON.stringify(bossUrl)}, ids: { uuid: () => crypto.randomUUID() }, lease: { heartbeatSeconds: 10, superviseSeconds: 1 }, mayStill: async () => true })
      jobs.define({ name: 'killed', permission: 'run.create', run: () => new Promise(() => {}) })
      await jobs.start()
      outbox.start()
      console.log('ready')`
  }

  test('and of the queue itself: what no message stands for is taken up again', async () => {
    const jobs = await start({ name: 'restored', run: async () => {} })
    const id = await send(jobs, 'restored')
    await ended(jobs, id)
    await admin(
      "update job set state = 'waiting', attempt = 0, ended_at = null; delete from boss.job; delete from outbox",
    )
    const [first] = started.splice(0)
    await first!.outbox.stop()
    await first!.jobs.stop(1)
    const again = await start({ name: 'restored', run: async () => {} })
    expect(await ended(again, id)).toMatchObject({ state: 'done', attempt: 1 })
  })
})
