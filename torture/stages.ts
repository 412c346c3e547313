import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Visitor } from '../src/app/demo-visitor.ts'
import { firstLoad } from '../src/app/first-load.ts'
import { openServices } from '../src/app/product.ts'
import { closeDay } from '../src/domains/cases/close-day.commands.server.ts'
import { postEntry } from '../src/domains/cases/contract.ts'
import { checkSheet, commitSheet, listBatches, undoBatch, uploadSheet } from '../src/domains/imports/contract.ts'
import type { ImportKind } from '../src/domains/imports/index.ts'
import { listOutspoken, listRowFiles, readCityPrefix } from '../src/domains/reconcile/books.store.server.ts'
import { workInChild } from '../src/domains/reconcile/child-task.server.ts'
import { createBooksRun } from '../src/domains/reconcile/contract.ts'
import { findRun } from '../src/domains/reconcile/store.ts'
import { listChildren } from '../src/domains/whereabouts/contract.ts'
import { findLastClosedDay } from '../src/domains/whereabouts/server.ts'
import { accountId, runId } from '../src/kernel/ids.ts'
import { addDays, type PlainDate, plainDate } from '../src/kernel/plain-date.ts'
import { readConfig } from '../src/platform/config.ts'
import type { Services } from '../src/platform/services.ts'
import { memoryLog } from '../src/platform/testing/log.ts'
import type { TestServer } from '../src/platform/testing/server.ts'
import { FACTS_FILE, type Kind, type Operation, perform, performJob } from './operation.ts'
import { copyTown, makeDatabase, type OpenTown, openTown, placeOf, type Town } from './town.ts'

/** A town in the moment before one operation. */
export interface Stage {
  readonly name: string
  readonly kind: Kind
  readonly town: Town
  readonly today: PlainDate
  readonly operation: Operation
}

const SEPTEMBER = plainDate('2026-09-10')
const NOVEMBER = plainDate('2026-11-20')
const TODAY = plainDate('2026-11-24')
/** The evidence of the autumn term has expired, and the next cohort is due. */
const NEXT_YEAR = plainDate('2027-09-05')
const LAST_GOOD_DAY = plainDate('2027-03-15')
const CUT_OFF = plainDate('2027-08-31')
/** Of the pauses that officers entered. */
const FIRST_PAUSES_END = plainDate('2026-10-20')
/** Small, so that a posting of a small town is many transactions. */
const CHUNK = 400
const DISTRICT = '南川区'

export interface Ground {
  readonly server: TestServer
  readonly folder: string
  /** Share of the city. */
  readonly scale: number
  /** Only what these need is made. */
  readonly kinds: ReadonlySet<Kind>
  /** For a sample: the first weeks only, without the later sheets and the nights of next year. */
  readonly isShort?: boolean
}

/**
 * The demo city through its first year, with a copy of everything before each operation: the first sheets of the city, its
 * run, papers of officers, the later sheets of a district and their run, an undoing, and two nights in which much is due.
 */
export async function makeStages(ground: Ground, say: (line: string) => void): Promise<readonly Stage[]> {
  const { server, folder, kinds, isShort = false } = ground
  const town: Town = { database: `${server.template}_town`, dataDir: join(folder, 'town') }
  const stages: Stage[] = []
  await makeDatabase(server, town.database, server.template)
  await loadTown(ground, town)

  const keep = async (kind: Kind | undefined, today: PlainDate, ways: Readonly<Record<string, Operation>>) => {
    if (kind === undefined || !kinds.has(kind)) return
    const name = Object.keys(ways)[0] ?? ''
    const copy = { database: `${server.template}_${name.replaceAll('-', '_')}`, dataDir: join(folder, name) }
    await copyTown(server, town, copy)
    for (const [way, operation] of Object.entries(ways)) stages.push({ name: way, kind, town: copy, today, operation })
    say(`  ${Object.keys(ways).join(', ')}`)
  }
  const at = async <T>(today: PlainDate, work: (open: OpenTown) => Promise<T>): Promise<T> => {
    const open = await openTown(placeOf(server, town, today))
    try {
      return await work(open)
    } finally {
      await open.close()
    }
  }
  const does = (today: PlainDate, operation: Operation) => at(today, ({ services }) => perform(services, operation))
  const stores = async (kind: Kind | undefined, name: string, { login, file, sheet, asOf }: Given) => {
    const order = await at(TODAY, async (open) => {
      const visitor = await open.visit(login)
      return orderCommit(open.services, visitor, { file: join(town.dataDir, 'demo', file), sheet, asOf })
    })
    await keep(kind, TODAY, { [name]: order })
    await does(TODAY, order)
  }
  const runs = async (login: string, name: string) => {
    const { run, entries } = await at(TODAY, async (open) => orderRun(open.services, await open.visit(login), town))
    await keep('post', TODAY, { [`${name}-entries`]: entries, ...(isShort ? {} : { [`${name}-run`]: run }) })
    await does(TODAY, entries)
    if (!isShort) await does(TODAY, run)
  }

  const city = { login: 'city', asOf: SEPTEMBER }
  const district = { login: 'nanchuan', asOf: NOVEMBER }
  await stores(isShort ? undefined : 'import', 'first-register', {
    ...city,
    file: 'city/population.csv',
    sheet: 'population',
  })
  await stores('import', 'first-roll', { ...city, file: 'city/roll.csv', sheet: 'roll' })
  await runs('city', 'first')
  await at(TODAY, async (open) => enterPapers(await open.visit('city')))
  if (!isShort) {
    await stores('import', 'later-register', { ...district, file: `${DISTRICT}/population.xlsx`, sheet: 'population' })
    await stores('import', 'later-roll', { ...district, file: `${DISTRICT}/roll.csv`, sheet: 'roll' })
    await runs('nanchuan', 'later')
  }
  if (kinds.has('undo')) {
    if (!isShort) await keepUndo(district, 'population', 'undo-later-register')
    if (!isShort) await keepUndo(city, 'roll', 'undo-first-roll')
    await keepUndo(city, 'population', 'undo-first-register')
  }
  if (kinds.has('close')) {
    await closeUntil(addDays(FIRST_PAUSES_END, -8))
    await keepClose('close-pauses', FIRST_PAUSES_END, { days: 8, chunk: 2 })
    if (!isShort) {
      await closeUntil(LAST_GOOD_DAY)
      await keepClose('close-spring', addDays(LAST_GOOD_DAY, 5), { days: 5, chunk: CHUNK })
      await closeUntil(addDays(CUT_OFF, -1))
      await keepClose('close-autumn', addDays(CUT_OFF, 1), { days: 2, chunk: CHUNK / 4 })
    }
  }
  return stages

  /** Asked for in the copy: the town goes on with all its batches. */
  async function keepUndo(
    { login, asOf }: Pick<Given, 'login' | 'asOf'>,
    kind: ImportKind,
    name: string,
  ): Promise<void> {
    const copy = await copyTown(server, town, {
      database: `${server.template}_${name.replaceAll('-', '_')}`,
      dataDir: join(folder, name),
    })
    const open = await openTown(placeOf(server, copy, TODAY))
    try {
      const operation = await orderUndo(open.services, await open.visit(login), kind, asOf)
      stages.push({ name, kind: 'undo', town: copy, today: TODAY, operation })
    } finally {
      await open.close()
    }
    say(`  ${name}`)
  }

  async function keepClose(
    name: string,
    until: PlainDate,
    { days, chunk }: { readonly days: number; readonly chunk: number },
  ): Promise<void> {
    await keep('close', NEXT_YEAR, { [name]: { do: 'close', from: addDays(until, 1 - days), until, chunk } })
  }

  async function closeUntil(day: PlainDate): Promise<void> {
    await at(NEXT_YEAR, async ({ services }) => {
      const last = await services.db.asSystem('torture.days', findLastClosedDay)
      for (let next = addDays(last ?? day, 1); next <= day; next = addDays(next, 1)) await closeDay(services, next)
    })
  }
}

interface Given {
  readonly login: string
  readonly file: string
  readonly sheet: ImportKind
  readonly asOf: PlainDate
}

async function loadTown({ server, scale }: Ground, town: Town): Promise<void> {
  const { appUrl, bossUrl } = placeOf(server, town, TODAY)
  const env = { BAOXUE_DATA: town.dataDir, BAOXUE_DEMO_SCALE: String(scale), BAOXUE_TODAY: TODAY }
  const undo: (() => Promise<void>)[] = []
  const services = await openServices(readConfig(env, town.dataDir), memoryLog().log, { appUrl, bossUrl }, undo)
  try {
    await firstLoad(services)
  } finally {
    for (const step of undo.reverse()) await step()
  }
}

async function orderCommit(
  services: Services,
  visitor: Visitor,
  { file, sheet, asOf }: { readonly file: string; readonly sheet: ImportKind; readonly asOf: PlainDate },
): Promise<Operation> {
  const { sheetId } = await visitor.give(uploadSheet, file, { kind: sheet, asOf })
  const params = { sheetId }
  await visitor.call(checkSheet, { params })
  await performJob(services, await jobOf(services, 'imports.check'))
  await visitor.call(commitSheet, { params, body: { mode: 'good-rows' } })
  return { do: 'job', jobId: await jobOf(services, 'imports.commit') }
}

/** The run as its job does it, and its posting alone over the comparison made here. */
async function orderRun(services: Services, visitor: Visitor, town: Town) {
  const made = await visitor.call(createBooksRun, { body: {} })
  const id = runId(made.runId)
  const { run, files, around } = await services.db.asSystem('torture.run', async (tx) => {
    const run = await findRun(tx, id)
    const ids = run?.inputs?.map(({ batchId }) => batchId) ?? []
    const files = []
    for (const { batchId, kind, fileId } of await listRowFiles(tx, ids)) {
      if (fileId !== null) files.push({ batchId, kind, file: await services.files.get(tx, fileId) })
    }
    const around = { outspoken: await listOutspoken(tx, ids), cityPrefix: await readCityPrefix(tx) }
    return { run, files, around }
  })
  if (run?.as_of_day == null) throw new Error('the run has no day')
  const folder = await services.workFolders.open(1 << 20)
  try {
    const batches = []
    for (const { batchId, kind, file } of files) {
      batches.push({ batchId, kind, path: await services.files.materialise(file, folder, `batch-${batchId}.parquet`) })
    }
    const { compared } = await workInChild({
      kind: 'compare-books',
      ...around,
      batches,
      schoolYear: run.school_year,
      today: services.clock.today(),
      workDir: folder.path,
    })
    await copyFile(compared.factsCsv, join(town.dataDir, FACTS_FILE))
  } finally {
    await folder.remove()
  }
  const entries: Operation = {
    do: 'entries',
    post: {
      kind: 'post',
      runId: id,
      authorId: accountId(run.created_by),
      batchIds: files.map(({ batchId }) => batchId),
      schoolYear: run.school_year,
      asOf: run.as_of_day,
      today: services.clock.today(),
      chunk: CHUNK,
    },
  }
  return { run: { do: 'job', jobId: id } as const satisfies Operation, entries }
}

async function orderUndo(services: Services, visitor: Visitor, kind: ImportKind, asOf: PlainDate): Promise<Operation> {
  const { rows } = await visitor.call(listBatches, { query: { kind } })
  const batch = rows.find(({ asOfDay, undoneAt }) => asOfDay === asOf && undoneAt === null)
  if (batch === undefined) throw new Error(`no ${kind} to undo`)
  await visitor.call(undoBatch, { params: { batchId: batch.batchId }, body: { reason: '给错了一份表' } })
  return { do: 'job', jobId: await jobOf(services, 'imports.undo') }
}

async function jobOf(services: Services, name: string): Promise<string> {
  return services.db.asSystem('torture.job', async (tx) => {
    const { rows } = await sql<{
      job_id: string
    }>`select job_id from job where name = ${name} order by created_at desc limit 1`.execute(tx)
    return rows[0]?.job_id ?? ''
  })
}

const PAPERS = [
  { account: 'other-province', evidence: 'registry-reply' },
  { account: 'not-located', evidence: 'visit' },
  { account: 'deferred', evidence: 'certificate', pauseUntil: FIRST_PAUSES_END },
  { account: 'suspected', evidence: 'visit' },
  { account: 'moved-out', evidence: 'certificate' },
] as const

/** What officers found after the first run: an undoing of it meets children of whom somebody knew better later. */
async function enterPapers(visitor: Visitor): Promise<void> {
  const query = { account: 'to-verify', page: 1, size: 50, asOf: SEPTEMBER }
  const { rows }: z.output<typeof listChildren.answer> = await visitor.call(listChildren, { query })
  for (const [index, { childId }] of rows.entries()) {
    const paper = PAPERS[index % 7]
    if (paper === undefined) continue
    await visitor.call(postEntry, {
      params: { childId },
      body: { ...paper, from: addDays(SEPTEMBER, 5 + (index % 30)) },
    })
  }
}
