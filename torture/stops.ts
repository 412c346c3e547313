/**
 * Stops the database at once, again and again, while people write; a journal outside it keeps what was answered as saved.
 * [PG-10] Whatever was acknowledged is there afterwards, and the product serves again by itself.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Random, randomFor } from '../src/app/demo/random.ts'
import { makeDemoBooks } from '../src/app/demo-books.ts'
import { enter } from '../src/app/demo-visitor.ts'
import { type Demo, findDemo, firstLoad } from '../src/app/first-load.ts'
import { openHttp, openServices } from '../src/app/product.ts'
import { memoryFolder } from '../src/app/testing/sheets.ts'
import { readDays } from '../src/domains/whereabouts/contract.ts'
import { plainDate } from '../src/kernel/plain-date.ts'
import { readConfig } from '../src/platform/config.ts'
import { bossUrl, findOrMakeLogin } from '../src/platform/db/login.ts'
import { migrate } from '../src/platform/db/migrate.ts'
import { type EmbeddedServer, startPostgres } from '../src/platform/postgres/index.ts'
import { memoryLog } from '../src/platform/testing/log.ts'
import { MIGRATIONS } from '../src/platform/testing/server.ts'
import { type Ask, findViolations } from './invariants.ts'
import { look } from './town.ts'
import { type Journal, lostOf, newJournal, startWriters } from './writers.ts'

export interface Stop {
  readonly number: number
  readonly signal: NodeJS.Signals
  /** Until the product answered from the database again. */
  readonly readyMs: number
  /** Since the load began. */
  readonly acknowledged: Readonly<Record<'entry' | 'sheet' | 'batch' | 'day', number>>
  readonly violations: readonly string[]
}

export interface Stopping {
  readonly folder: string
  readonly seed: number
  readonly stops: number
  readonly scale: number
  /** Longest load between two stops. */
  readonly loadMs?: number
}

const FIRST_DAYS = plainDate('2026-11-19')
/** Far enough for a day to be closed every half second. */
const LATER = plainDate('2029-09-01')
const READY_MS = 30_000
const INVARIANTS_EVERY = 10
/** Now and then long enough for a sheet to be checked and stored. */
const LONG_EVERY = 7
const LONG_MS = 15_000

export async function stopAtRandom(
  { folder, seed, stops, scale, loadMs = 3_000 }: Stopping,
  onStop: (stop: Stop) => void,
): Promise<void> {
  const { log } = memoryLog()
  const dataDir = join(folder, 'stops')
  const server = await startPostgres({ dataDir, log })
  try {
    const login = await findOrMakeLogin(join(dataDir, 'keys'))
    const { appUrl } = await migrate({ adminUrl: server.adminUrl, folder: MIGRATIONS, login, log })
    const open = (today: string) => openProduct({ dataDir, appUrl, scale, today })
    const first = await open(FIRST_DAYS)
    await makeDemoBooks({ address: first.address, demo: first.demo, today: FIRST_DAYS, log })
    await first.close()
    const product = await open(LATER)
    const journal = newJournal()
    const writers = await startWriters({ ...product, journal, seed })
    const random = randomFor(seed, 'stops')
    for (let number = 1; number <= stops; number += 1) {
      const load = 200 + random.int(loadMs)
      await sleep(number % LONG_EVERY === 0 ? LONG_MS : load)
      const { signal, readyMs } = await stopOnce(server, random, product)
      const isLast = number === stops
      if (isLast) await writers.stop()
      const violations = await look(server.adminUrl, (ask) =>
        violationsOf(ask, journal, isLast || number % INVARIANTS_EVERY === 0),
      )
      if (readyMs > READY_MS) violations.push(`ready after ${readyMs} ms`)
      onStop({ number, signal, readyMs, acknowledged: journal.counts(), violations })
    }
    await product.close()
  } finally {
    await server.stop()
    await rm(memoryFolder(dataDir), { recursive: true, force: true })
  }
}

async function violationsOf(ask: Ask, journal: Journal, withInvariants: boolean): Promise<string[]> {
  const lost = (await lostOf(ask, journal)).map((line) => `lost: ${line}`)
  if (!withInvariants) return lost
  return [...lost, ...(await findViolations(ask)).map(({ check, row }) => `${check} ${row}`)]
}

async function stopOnce(
  server: EmbeddedServer,
  random: Random,
  { address, demo }: Pick<OpenProduct, 'address' | 'demo'>,
) {
  // An immediate shutdown and a kill: neither writes what is in memory.
  const signal = random.pick(['SIGKILL', 'SIGQUIT'] as const)
  const before = server.pid()
  process.kill(before, signal)
  const startedAt = performance.now()
  for (;;) {
    await sleep(50)
    if (performance.now() - startedAt > 2 * READY_MS) break
    if (server.pid() === before) continue
    const isServing = await enter(address, 'inspector', demo.password).then(
      (visitor) => visitor.call(readDays).then(() => true),
      () => false,
    )
    if (isServing) break
  }
  return { signal, readyMs: Math.round(performance.now() - startedAt) }
}

export interface OpenProduct {
  readonly address: string
  readonly demo: Demo
  close(): Promise<void>
}

async function openProduct(given: {
  readonly dataDir: string
  readonly appUrl: string
  readonly scale: number
  readonly today: string
}): Promise<OpenProduct> {
  const { dataDir, appUrl } = given
  const env = { BAOXUE_DATA: dataDir, BAOXUE_DEMO_SCALE: String(given.scale), BAOXUE_TODAY: given.today }
  const undo: (() => Promise<void>)[] = []
  const urls = { appUrl, bossUrl: bossUrl(appUrl) }
  const services = await openServices(readConfig(env, dataDir), memoryLog().log, urls, undo)
  await firstLoad(services)
  const demo = await findDemo(services.config)
  const http = await openHttp(services, demo)
  await services.jobs.start()
  services.outbox.start()
  const address = await http.listen({ host: '127.0.0.1', port: 0 })
  if (demo === undefined) throw new Error('no demo was made')
  return {
    address,
    demo,
    async close() {
      await http.close()
      await services.outbox.stop()
      await services.jobs.stop(5)
      for (const step of undo.reverse()) await step()
    },
  }
}
