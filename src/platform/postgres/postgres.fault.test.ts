import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { memoryLog } from '../testing/log.ts'
import { findBinaries, reachableBinaries } from './binaries.ts'
import { borrowPostgres, type EmbeddedServer, startPostgres } from './index.ts'
import { readPidFile } from './pid-file.ts'
import { findPlace, isOpenToAll } from './place.ts'
import { becomes, birthOf, commandOf } from './processes.ts'

const isRoot = process.getuid?.() === 0
const CHILD = join(import.meta.dirname, '../testing/postgres-child.ts')
const children = new Set<ChildProcess>()
const servers = new Set<EmbeddedServer>()

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const server of servers) await server.stop()
  children.clear()
  servers.clear()
})

async function start(dataDir: string, isThrowaway = true): Promise<EmbeddedServer> {
  const server = await startPostgres({ dataDir, log: memoryLog().log, isThrowaway })
  servers.add(server)
  return server
}

async function query(url: string, ...statements: readonly string[]): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    let result = await client.query('select 1')
    for (const statement of statements) result = await client.query(statement)
    return result
  } finally {
    await client.end()
  }
}

/** Another program on the data folder; `answer` is the first line it prints. */
async function program(dataDir: string, ending = 'wait', user: { uid?: number; gid?: number } = {}) {
  const child = spawn(process.execPath, [CHILD, dataDir, ending], {
    ...user,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  children.add(child)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const answer = JSON.parse(line) as { adminUrl: string; pid: number; refused: string }
  return { child, answer }
}

const isGone = (pid: number) => birthOf(pid) === undefined

test('[PG-8] starts, keeps what was written over a stop, and leaves nothing running', async () => {
  const folder = await temporaryFolder()
  const first = await start(folder)
  await query(first.adminUrl, 'create table kept (a int)', 'insert into kept values (1)')
  const pid = first.pid()
  await first.stop()
  expect(isGone(pid)).toBe(true)
  const second = await start(folder)
  expect((await query(second.adminUrl, 'select * from kept')).rows).toEqual([{ a: 1 }])
  expect(
    (
      await query(
        second.adminUrl,
        'select datcollate, datlocprovider, datlocale, pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()',
      )
    ).rows,
  ).toEqual([{ datcollate: 'C', datlocprovider: 'b', datlocale: 'C.UTF-8', encoding: 'UTF8' }])
})

test('[PG-10] a killed server loses no acknowledged write, and is started again on the same port', async () => {
  const server = await start(await temporaryFolder(), false)
  await query(server.adminUrl, 'create table written (writer int, n int, primary key (writer, n))')
  for (let round = 0; round < 3; round++) {
    const acknowledged = new Map<number, number>()
    let isDown = false
    const writers = [0, 1, 2, 3].map(async (lane) => {
      const writer = round * 10 + lane
      const client = new pg.Client({ connectionString: server.adminUrl })
      client.on('error', () => {})
      await client.connect()
      for (let n = 1; !isDown; n++) {
        const isSaved = await client.query('insert into written values ($1, $2)', [writer, n]).then(
          () => true,
          () => false,
        )
        if (!isSaved) break
        acknowledged.set(writer, n)
      }
      await client.end().catch(() => {})
    })
    await new Promise((resolve) => setTimeout(resolve, 300))
    const killed = server.pid()
    process.kill(killed, 'SIGKILL')
    await Promise.all(writers)
    isDown = true
    expect(acknowledged.size).toBe(4)
    expect(await becomes(() => server.pid() !== killed, 60_000)).toBe(true)
    for (const [writer, n] of acknowledged) {
      const { rows } = await query(
        server.adminUrl,
        `select count(*)::int as n from written where writer = ${writer} and n <= ${n}`,
      )
      expect(rows).toEqual([{ n }])
    }
  }
})

test('[PG-7] the server of a killed program is stopped at the next start, with the locks it held', async () => {
  const folder = await temporaryFolder()
  const { child, answer } = await program(folder)
  await query(answer.adminUrl, 'create table kept (a int)', 'insert into kept values (1)')
  const hanging = new pg.Client({ connectionString: answer.adminUrl })
  hanging.on('error', () => {})
  await hanging.connect()
  await hanging.query('begin; lock table kept in access exclusive mode')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(isGone(answer.pid)).toBe(false)
  const server = await start(folder)
  expect(isGone(answer.pid)).toBe(true)
  expect((await query(server.adminUrl, 'select * from kept')).rows).toEqual([{ a: 1 }])
})

test('[PG-2] a second program on the same data folder is told which one has it', async () => {
  const folder = await temporaryFolder()
  const { child } = await program(folder)
  const { answer } = await program(folder)
  expect(answer.refused).toContain(`进程 ${child.pid}`)
  child.kill('SIGINT')
  await once(child, 'exit')
  await start(folder)
})

test('[PG-13] a command beside the running program uses its server and leaves it running; alone it starts and stops one', async () => {
  const folder = await temporaryFolder()
  const { child, answer } = await program(folder)
  const { log } = memoryLog()
  const borrowed = await borrowPostgres({ dataDir: folder, log, isThrowaway: true })
  await query(borrowed.adminUrl, 'create table kept (a int)')
  await borrowed.stop()
  expect(borrowed.pid()).toBe(answer.pid)
  expect(isGone(answer.pid)).toBe(false)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const own = await borrowPostgres({ dataDir: folder, log, isThrowaway: true })
  expect((await query(own.adminUrl, 'select * from kept')).rowCount).toBe(0)
  await own.stop()
  expect(isGone(own.pid())).toBe(true)
})

test('[PG-3] a stale pid file that names a living process of somebody else does not stop the start', async () => {
  const folder = await temporaryFolder()
  const first = await start(folder)
  const cluster = join(findPlace(folder).folder, 'cluster')
  const pidFile = await readFile(join(cluster, 'postmaster.pid'), 'utf8')
  await query(first.adminUrl, 'create table kept (a int)')
  await first.stop()
  servers.clear()
  const innocent = spawn('sleep', ['60'], isRoot ? { uid: 65_534, gid: 65_534 } : {})
  children.add(innocent)
  await once(innocent, 'spawn')
  await writeFile(join(cluster, 'postmaster.pid'), pidFile.replace(/^\d+/, String(innocent.pid)), { mode: 0o600 })
  if (isRoot) await chown(join(cluster, 'postmaster.pid'), 65_534, 65_534)
  const second = await start(folder)
  expect((await query(second.adminUrl, 'select * from kept')).rowCount).toBe(0)
  expect(commandOf(innocent.pid ?? 0)).toBe('sleep 60')
})

test('[PG-6] Ctrl-C reaches the program, not the server, and leaves nothing running', async () => {
  const { child, answer } = await program(await temporaryFolder())
  process.kill(-(child.pid ?? 0), 'SIGINT')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
  expect(isGone(answer.pid)).toBe(true)
})

test('[PG-6] a program that ends without stopping its server takes it along', async () => {
  const { child, answer } = await program(await temporaryFolder(), 'exit')
  if (child.exitCode === null) await once(child, 'exit')
  expect(await becomes(() => isGone(answer.pid), 20_000)).toBe(true)
})

test('[PG-11] keeps its port, and takes another when that one is in use', async () => {
  const folder = await temporaryFolder()
  const portOf = (server: EmbeddedServer) => Number(new URL(server.adminUrl).port)
  const first = await start(folder)
  await first.stop()
  const second = await start(folder)
  expect(portOf(second)).toBe(portOf(first))
  await second.stop()
  servers.clear()
  const squatter = createServer().listen(portOf(first), '127.0.0.1')
  await once(squatter, 'listening')
  const third = await start(folder)
  squatter.close()
  expect(portOf(third)).not.toBe(portOf(first))
})

test('[PG-5] runs below a folder that others cannot enter, and finds the same data again when the folder is opened', async () => {
  const home = await temporaryFolder()
  await chmod(home, 0o700)
  const folder = join(home, 'data')
  const first = await start(folder)
  const place = findPlace(folder).folder
  if (isRoot) onTestFinished(() => rm(dirname(place), { recursive: true, force: true }))
  expect(place.startsWith('/var/lib/baoxue/')).toBe(isRoot)
  await query(first.adminUrl, 'create table kept (a int)')
  await first.stop()
  await chmod(home, 0o755)
  const second = await start(folder)
  expect((await query(second.adminUrl, 'select * from kept')).rowCount).toBe(0)
  await second.stop()
  servers.clear()
  if (isRoot) await rm(place, { recursive: true })
  if (isRoot) await expect(start(folder)).rejects.toMatchObject({ code: 'SYSTEM.CONFIG' })
})

test('[PG-8] runs as an ordinary user', async () => {
  const folder = await temporaryFolder()
  const user = isRoot && isOpenToAll(CHILD) ? { uid: 65_534, gid: 65_534 } : {}
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid)
  const { child, answer } = await program(folder, 'wait', user)
  expect((await query(answer.adminUrl, 'select 1 as one')).rows).toEqual([{ one: 1 }])
  child.kill('SIGINT')
  await once(child, 'exit')
  expect(isGone(answer.pid)).toBe(true)
})

test('[PG-8] half a cluster, left by a start that was killed, is made anew', async () => {
  const folder = await temporaryFolder()
  const unfinished = join(findPlace(folder).folder, 'cluster.new')
  await mkdir(join(unfinished, 'base'), { recursive: true })
  const server = await start(folder)
  expect((await query(server.adminUrl, 'select 1 as one')).rows).toEqual([{ one: 1 }])
  expect(existsSync(unfinished)).toBe(false)
})

test('[PG-12] listens on the loopback only, asks for a password, and its log quotes no statement', async () => {
  const folder = await temporaryFolder()
  const server = await start(folder)
  await expect(query(server.adminUrl, `select 'zhang-san'::int`)).rejects.toThrow('zhang-san')
  await expect(query(server.adminUrl.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow('password')
  const place = findPlace(folder).folder
  expect(readFileSync(join(place, 'server.log'), 'utf8')).not.toContain('zhang-san')
  const { rows } = await query(
    server.adminUrl,
    `select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories') order by 1`,
  )
  expect(rows).toEqual([
    { name: 'listen_addresses', setting: '127.0.0.1' },
    { name: 'unix_socket_directories', setting: '' },
  ])
  expect(readPidFile(join(place, 'cluster'))).toEqual({ pid: server.pid(), isReady: true })
})

test('[PG-4] programs that the server’s user cannot reach are copied once a version', async () => {
  const shelf = await temporaryFolder()
  const { version } = await findBinaries()
  const hidden = join(await temporaryFolder(), 'native')
  for (const part of ['bin', 'lib']) await mkdir(join(hidden, part), { recursive: true })
  await writeFile(join(hidden, 'bin', 'postgres'), 'program', { mode: 0o755 })
  expect(await reachableBinaries({ folder: hidden, version }, shelf)).toEqual({ folder: hidden, version })
  await chmod(hidden, 0o700)
  const copied = await reachableBinaries({ folder: hidden, version }, shelf)
  expect(copied.folder).toBe(join(shelf, `postgres-${version}`))
  expect(isOpenToAll(join(copied.folder, 'bin', 'postgres'))).toBe(true)
  expect(await reachableBinaries({ folder: hidden, version }, shelf)).toEqual(copied)
})
