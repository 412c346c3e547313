import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { accountId, unitId } from '../kernel/ids.ts'
import type { Scope } from '../kernel/scope.ts'
import { createClock } from './clock.ts'
import { openDatabase } from './db/index.ts'
import { findOrMakeLogin } from './db/login.ts'
import { migrate } from './db/migrate.ts'
import { createIds } from './ids.ts'
import { createJobs, type JobDefinition } from './jobs.ts'
import { createOutbox } from './outbox.ts'
import { startPostgres } from './postgres/index.ts'
import { temporaryFolder } from './testing/folder.ts'
import { memoryLog } from './testing/log.ts'
import { MIGRATIONS } from './testing/server.ts'

const scope: Scope = { kind: 'unit', unitId: unitId(10), accountId: accountId(1) }

test('[SEC-33] the database is killed in the middle of two jobs: one is told so, the other is done again', async () => {
  const folder = await temporaryFolder()
  const { log, lines } = memoryLog()
  const server = await startPostgres({ dataDir: folder, log })
  onTestFinished(() => server.stop())
  const login = await findOrMakeLogin(join(folder, 'keys'))
  const urls = await migrate({ adminUrl: server.adminUrl, folder: MIGRATIONS, login, log })
  const db = await openDatabase({ url: urls.appUrl, log })
  onTestFinished(() => db.close())
  const outbox = createOutbox({ db, log })
  const ids = createIds({ clock: createClock(), random: randomBytes })
  const lease = { heartbeatSeconds: 10, superviseSeconds: 1 }
  const jobs = createJobs({ db, log, ids, outbox, bossUrl: urls.bossUrl, lease, mayStill: async () => true })
  const told: string[] = []
  const attempts: string[] = []

  /** Asks the database again and again, as real work does. */
  const asking: Pick<JobDefinition, 'permission' | 'run'> = {
    permission: 'run.create',
    run: async ({ name, attempt, signal }) => {
      attempts.push(`${name} ${attempt}`)
      for (let n = 0; n < 30 && attempt === 1; n += 1) {
        signal.throwIfAborted()
        await db.inScope(scope, (tx) => tx.selectNoFrom((row) => row.lit(1).as('one')).execute())
        await sleep(200)
      }
    },
  }
  jobs.define({ ...asking, name: 'once', onEnded: async (_tx, _job, problem) => void told.push(problem.code) })
  jobs.define({ ...asking, name: 'again', retries: 1 })
  await jobs.start()
  outbox.start()
  onTestFinished(async () => {
    await outbox.stop()
    await jobs.stop(2)
  })

  const send = (name: string) => db.inScope(scope, (tx) => jobs.send(tx, name, { scope, units: [1, 10], payload: {} }))
  const find = (id: string) => db.inScope(scope, (tx) => jobs.find(tx, id)).catch(() => undefined)
  const [once, again] = [await send('once'), await send('again')]
  await expect.poll(() => attempts.length, { timeout: 20_000 }).toBe(2)

  process.kill(server.pid(), 'SIGKILL')

  await expect.poll(async () => (await find(once))?.state, { timeout: 60_000, interval: 200 }).toBe('failed')
  await expect.poll(async () => (await find(again))?.state, { timeout: 60_000, interval: 200 }).toBe('done')
  expect((await find(once))?.problem).toMatchObject({ message: expect.stringMatching(/数据库|中途断了/) })
  expect(told).toHaveLength(1)
  expect(attempts.sort()).toEqual(['again 1', 'again 2', 'once 1'])
  expect(lines.join('')).toContain('job.stopped')
})
