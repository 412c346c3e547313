import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { enter, type Visitor } from '../../app/demo-visitor.ts'
import { type RunningProduct, runProduct } from '../../app/testing/product.ts'
import { childrenAtWork, csv, memoryFolder, openedFolders } from '../../app/testing/sheets.ts'
import { checkDigit } from '../../kernel/citizen-id.ts'
import { readAccess } from '../../platform/postgres/cluster.ts'
import { readPidFile } from '../../platform/postgres/pid-file.ts'
import { findPlace } from '../../platform/postgres/place.ts'
import { temporaryFolder } from '../../platform/testing/folder.ts'
import { readDays } from '../whereabouts/contract.ts'
import { type Run, uploadSheet } from './contract.ts'

const folder = await temporaryFolder()
const dataDir = join(folder, 'data')
/** Enough for some seconds of work, so that there is a middle to strike in. */
const ROWS = 60_000

let product: RunningProduct
afterAll(async () => {
  await product?.stop()
  await rm(memoryFolder(dataDir), { recursive: true, force: true })
})

async function start(): Promise<Visitor> {
  product = await runProduct({ dataDir, env: { BAOXUE_DEMO_SCALE: '0.001' } })
  const { password } = JSON.parse(readFileSync(join(dataDir, 'demo', 'accounts.json'), 'utf8'))
  return enter(product.address, 'nanchuan', password)
}

function person(n: number): { readonly name: string; readonly id: string; readonly birth: string } {
  const day = new Date(Date.UTC(2012, 0, 1 + (n % 2900))).toISOString().slice(0, 10)
  const digits = `500119${day.replaceAll('-', '')}${String(100 + Math.floor(n / 2900)).padStart(3, '0')}`
  const letter = (k: number) => String.fromCharCode(0x5f20 + (k % 900))
  return { name: letter(n) + letter(n * 7 + 3), id: digits + checkDigit(digits), birth: day }
}

async function writeSheets(): Promise<void> {
  const persons = Array.from({ length: ROWS }, (_, n) => person(n))
  const lines = (from: number) => persons.slice(from).map(({ name, id, birth }) => [name, id, birth])
  await writeFile(join(folder, 'population.csv'), csv([['姓名', '公民身份号码', '出生日期'], ...lines(0)]))
  await writeFile(join(folder, 'roll.csv'), csv([['姓名', '身份证件号', '出生日期'], ...lines(1000)]))
}

const read = (visitor: Visitor, runId: string) => visitor.ask<Run>('GET', `/runs/${runId}`)

async function startRun(visitor: Visitor): Promise<string> {
  const population = await visitor.give(uploadSheet, join(folder, 'population.csv'), { role: 'population' })
  const roll = await visitor.give(uploadSheet, join(folder, 'roll.csv'), { role: 'roll' })
  const body = { populationSheetId: population.sheetId, rollSheetId: roll.sheetId, schoolYear: 2026 }
  const { runId } = await visitor.ask<Run>('POST', '/runs', JSON.stringify(body))
  await expect
    .poll(async () => (await read(visitor, runId)).progress?.percent ?? 0, { timeout: 40_000, interval: 100 })
    .toBeGreaterThan(5)
  expect(childrenAtWork(product.process.pid ?? 0)).toHaveLength(1)
  return runId
}

/** Whatever answers meanwhile: the database may be away. */
async function ended(visitor: Visitor, runId: string, seconds: number): Promise<Run> {
  for (let tries = 0; tries < seconds * 4; tries += 1) {
    const run = await read(visitor, runId).catch(() => undefined)
    if (run !== undefined && run.state !== 'waiting' && run.state !== 'running') return run
    await sleep(250)
  }
  throw new Error(`run ${runId} hangs`)
}

/** As if the lease of the killed worker ran out now; waiting for it would take half a minute. */
async function forgetHeartbeats(): Promise<void> {
  const { password, port } = readAccess(findPlace(dataDir))
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'baoxue' })
  await client.connect()
  const { rowCount } = await client.query(
    "update boss.job set heartbeat_on = now() - interval '1 hour' where state = 'active'",
  )
  await client.end()
  expect(rowCount).toBe(1)
}

test('[RUN-15] the database is killed in the middle of a run: the run is done when it is back', async () => {
  await writeSheets()
  const visitor = await start()
  // The demo city is complete with its last closed day; until then its own sheets are at work.
  await expect.poll(async () => (await visitor.call(readDays)).lastClosed, { timeout: 100_000 }).toBe('2026-11-23')
  const runId = await startRun(visitor)
  const cluster = join(findPlace(dataDir).folder, 'cluster')
  const server = readPidFile(cluster)!.pid
  process.kill(server, 'SIGKILL')
  const run = await ended(visitor, runId, 60)
  expect(readPidFile(cluster)!.pid).not.toBe(server)
  expect(run).toMatchObject({
    state: 'done',
    problem: null,
    summary: { balances: true, populationRows: ROWS, unexplained: expect.any(Number) },
  })
  const notFound = await visitor.ask<{ total: number }>('GET', `/runs/${runId}/lists/not-found?size=1`)
  expect(notFound.total).toBeGreaterThan(0)
  expect(await openedFolders(dataDir)).toEqual([])
})

test('[RUN-15] the product is killed in the middle of a run: its process leaves, and after the next start the run is done, nothing opened is left', async () => {
  const { password } = JSON.parse(readFileSync(join(dataDir, 'demo', 'accounts.json'), 'utf8'))
  const runId = await startRun(await enter(product.address, 'nanchuan', password))
  const [child] = childrenAtWork(product.process.pid ?? 0)
  const gone = once(product.process, 'exit')
  product.process.kill('SIGKILL')
  await gone
  await expect.poll(() => isAlive(child!), { timeout: 5_000 }).toBe(false)
  expect(await openedFolders(dataDir)).toHaveLength(1)

  const visitor = await start()
  await forgetHeartbeats()
  expect(await ended(visitor, runId, 60)).toMatchObject({ state: 'done', problem: null, summary: { balances: true } })
  expect(await openedFolders(dataDir)).toEqual([])
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
