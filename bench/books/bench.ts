import { once } from 'node:events'
import { createReadStream, createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { enter, type Visitor } from '../../src/app/demo-visitor.ts'
import { findDemo } from '../../src/app/first-load.ts'
import { startProduct } from '../../src/app/product.ts'
import { checkSheet, commitSheet, readSheet, uploadSheet } from '../../src/domains/imports/contract.ts'
import type { ImportKind } from '../../src/domains/imports/index.ts'
import { createBooksRun, type Run, readRun } from '../../src/domains/reconcile/contract.ts'
import { readConfig } from '../../src/platform/config.ts'
import { connectAdmin } from '../../src/platform/db/migrate.ts'
import { createLog } from '../../src/platform/log.ts'
import { readAccess } from '../../src/platform/postgres/cluster.ts'
import { findPlace } from '../../src/platform/postgres/place.ts'
import { loadNow, machineNote } from '../machine.ts'
import { printLine, printTable, seconds } from '../table.ts'

const TODAY = '2026-11-24'
const LOOK_MS = 100
/** Of the rows of the second pair of sheets: half of them missing in the register, half on the roll. */
const DIFFERENCE = 0.01

interface Step {
  readonly label: string
  readonly rows: number
  readonly seconds: number
}

/**
 * A generated city through the product itself: imported, compared, posted; then once more with a hundredth of it changed.
 * `npm run bench -- books [--scale 0.01]`. The ratio is against a copy of the same rows into tables like theirs, indexes included.
 */
export async function benchBooks(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { scale: { type: 'string', default: '0.01' }, keep: { type: 'boolean', default: false } },
  })
  const dataDir = join(process.cwd(), '.data', 'bench', `books-${values.scale}-${process.pid}`)
  mkdirSync(dataDir, { recursive: true })
  printLine(`${new Date().toISOString().slice(0, 16)}Z, ${machineNote()}, load ${loadNow()}, scale ${values.scale}`)
  const log: string[] = []
  const product = await startProduct(
    readConfig(
      { BAOXUE_DATA: dataDir, BAOXUE_DEMO_SCALE: values.scale, BAOXUE_TODAY: TODAY, PORT: String(await freePort()) },
      dataDir,
    ),
    createLog({ write: (line: string) => log.push(line) }, () => new Date()),
  )
  try {
    const demo = (await findDemo(product.services.config))!
    const city = await enter(product.address, 'city', demo.password)
    const steps: Step[] = []
    const folder = join(demo.folder, 'city')
    const give = async (kind: ImportKind) =>
      steps.push(...(await importOne(city, { file: join(folder, `${kind}.csv`), kind, asOf: '2026-09-10' })))
    await give('population')
    const recordFloor = await copyFloor(dataDir, 'source_record', RECORD_TABLES)
    await give('roll')
    steps.push(...(await runBooks(city, 'first run')))
    const entryFloor = await copyFloor(dataDir, 'whereabouts_span', ['whereabouts_span', 'balance_movement'])
    for (const kind of ['population', 'roll'] as const) {
      const file = join(dataDir, `${kind}-later.csv`)
      await withoutSome(join(folder, `${kind}.csv`), file)
      steps.push(...(await importOne(city, { file, kind, asOf: '2026-11-10' })))
    }
    steps.push(...(await runBooks(city, 'run with 1 % changed')))
    const floorOf = ({ label }: Step) => (/run|entries|whereabouts/.test(label) ? entryFloor : recordFloor)
    printTable(
      'Books',
      ['step', 'rows', 'wall s', 'rows/s', 's for 3.3 million', 'x its floor'],
      [...steps, recordFloor, entryFloor].map((step) => [
        step.label,
        step.rows,
        seconds(step.seconds),
        Math.round(step.rows / step.seconds),
        seconds((step.seconds * 3.3e6) / step.rows),
        (step.seconds / step.rows / (floorOf(step).seconds / floorOf(step).rows)).toFixed(1),
      ]),
    )
  } finally {
    await product.stop()
    writeFileSync(join(process.cwd(), '.data', 'bench', 'books-last.log'), log.join(''))
    if (!values.keep) rmSync(dataDir, { recursive: true, force: true })
  }
}

interface Sheet {
  readonly file: string
  readonly kind: ImportKind
  readonly asOf: string
}

async function importOne(visitor: Visitor, { file, kind, asOf }: Sheet): Promise<readonly Step[]> {
  const began = performance.now()
  const { sheetId } = await visitor.give(uploadSheet, file, { kind, asOf })
  const uploaded = performance.now()
  const params = { sheetId }
  const until = async (state: string) => {
    for (;;) {
      const sheet = await visitor.call(readSheet, { params })
      if (sheet.state === state) return sheet
      if (sheet.state === 'failed' || sheet.problem !== null)
        throw new Error(`${kind}: ${JSON.stringify(sheet.problem)}`)
      await sleep(LOOK_MS)
    }
  }
  await visitor.call(checkSheet, { params })
  const rows = (await until('checked')).report?.rows ?? 0
  const checked = performance.now()
  await visitor.call(commitSheet, { params, body: { mode: 'good-rows', acceptOlder: true } })
  await until('committed')
  const committed = performance.now()
  const step = (label: string, from: number, to: number) => ({
    label: `${kind} ${asOf}: ${label}`,
    rows,
    seconds: (to - from) / 1000,
  })
  return [
    step('given', began, uploaded),
    step('checked', uploaded, checked),
    step('sealed and stored', checked, committed),
  ]
}

async function runBooks(visitor: Visitor, label: string): Promise<readonly Step[]> {
  const began = performance.now()
  const { runId } = await visitor.call(createBooksRun, { body: {} })
  let posting = began
  const stages = new Map<string, number>()
  for (;;) {
    const run: Run = await visitor.call(readRun, { params: { runId } })
    const now = performance.now()
    if (run.posting !== null && posting === began) posting = now
    if (run.progress !== null && !stages.has(run.progress.stage)) stages.set(run.progress.stage, now)
    if (run.state === 'failed' || run.state === 'cancelled') throw new Error(`run ${JSON.stringify(run.problem)}`)
    if (run.state === 'done') {
      const rows = run.inputs!.reduce((sum, input) => sum + input.rows, 0)
      const told = [...stages].map(([stage, at]) => `${stage} ${seconds((at - began) / 1000)}`)
      printLine(
        `${label}: ${run.posting!.posted} entries posted, ${run.posting!.merged} merged, ${run.unexplained} unexplained; stages begin at ${told.join(', ')} s`,
      )
      return [
        { label: `${label}: compared`, rows, seconds: (posting - began) / 1000 },
        { label: `${label}: posted and kept`, rows: run.posting!.posted, seconds: (now - posting) / 1000 },
      ]
    }
    await sleep(LOOK_MS)
  }
}

/** Everything a row of an extract becomes. */
const RECORD_TABLES = ['child', 'source_record', 'person_identity', 'person_contact', 'tie']

/** What stands in the tables, copied into empty ones of the same columns, constraints and indexes; a row is one of the first. */
async function copyFloor(dataDir: string, counted: string, tables: readonly string[]): Promise<Step> {
  const { password, port } = readAccess(findPlace(dataDir))
  const admin = await connectAdmin(`postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/baoxue`)
  try {
    for (const table of tables) await admin.query(`create unlogged table like_${table} (like ${table} including all)`)
    const began = performance.now()
    for (const table of tables) {
      const { rows } = await admin.query<{ columns: string }>(
        `select string_agg(quote_ident(column_name), ', ' order by ordinal_position) as columns from information_schema.columns
         where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
        [table],
      )
      const columns = rows[0]!.columns
      await admin.query(
        `insert into like_${table} (${columns}) overriding system value select ${columns} from ${table}`,
      )
    }
    const seconds = (performance.now() - began) / 1000
    const { rows } = await admin.query<{ n: number }>(`select count(*)::int as n from ${counted}`)
    for (const table of tables) await admin.query(`drop table like_${table}`)
    return { label: `floor: ${tables.join(', ')} copied into tables like theirs`, rows: rows[0]!.n, seconds }
  } finally {
    await admin.end()
  }
}

/** The same sheet without one row in two hundred, evenly. */
async function withoutSome(from: string, to: string): Promise<void> {
  const out = createWriteStream(to)
  let row = 0
  for await (const line of createInterface({ input: createReadStream(from), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (row % Math.round(2 / DIFFERENCE) !== 100 && !out.write(`${line}\n`)) await once(out, 'drain')
    row += 1
  }
  await new Promise<void>((resume) => out.end(() => resume()))
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
