import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { Problem } from '../../kernel/problem.ts'
import type { Log } from '../log.ts'
import { type Binaries, findBinaries, reachableBinaries } from './binaries.ts'
import { bufferMegabytes } from './buffers.ts'
import { ensureCluster, logFile, readAccess, SUPERUSER } from './cluster.ts'
import { holdFolder, isHeld } from './owner-lock.ts'
import { readPidFile } from './pid-file.ts'
import { findPlace, type Place } from './place.ts'
import { choosePort, LOOPBACK } from './port.ts'
import { launch, type Postmaster, stopOrphan, stopServer } from './postmaster.ts'
import { signal } from './processes.ts'
import { postgresWords as words } from './words.ts'

/** The PostgreSQL server that comes with the product. */
export interface EmbeddedServer {
  /** Of its superuser, on the product's database. */
  readonly adminUrl: string
  /** Process id of the server now; it changes when the server was restarted after a crash. */
  readonly pid: () => number
  stop(): Promise<void>
}

interface StartOptions {
  readonly dataDir: string
  readonly log: Log
  /** Test runs only: nothing survives a crash, everything is faster. */
  readonly isThrowaway?: boolean
}

const DATABASE = 'baoxue'
/**
 * Sizes for a small shared machine; a bureau's own server is configured by its administrator and used by DATABASE_URL.
 * [PG-12] Loopback only, no socket file, nothing of a statement in the log.
 */
const SETTINGS = {
  listen_addresses: LOOPBACK,
  unix_socket_directories: '',
  max_connections: 80,
  shared_buffers: `${bufferMegabytes(machineBytes())}MB`,
  work_mem: '16MB',
  maintenance_work_mem: '256MB',
  // Few checkpoints in a first import: after each of them every page of its indexes is logged whole once more.
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  // Statistics soon after an import: the pages that follow it ask tables that were empty a minute ago.
  autovacuum_naptime: '15s',
  timezone: 'Asia/Shanghai',
  jit: 'off',
  // Texts of statements and errors can quote personal data: only the server's own events are logged.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}
const THROWAWAY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 200 }
/** Backends of a killed server notice its death within a second or two; a busy one at its next check. */
const LINGERING_SECONDS = 30
/** Between two tries; a server that dies at once must not spin. */
const RESTART_SECONDS = 2

/** [PG-8] Starts the embedded server on the data folder, whatever the last program left behind, and keeps it running. */
export async function startPostgres({ dataDir, log, isThrowaway = false }: StartOptions): Promise<EmbeddedServer> {
  const place = findPlace(dataDir)
  const release = holdFolder(ownerFile(dataDir))
  try {
    const binaries = await reachableBinaries(await findBinaries(), place.shelf)
    if (await stopOrphan(place)) log.warn('postgres.orphan-stopped')
    await ensureCluster(binaries, place)
    const started = performance.now()
    const { postmaster, port } = await launchPatiently(binaries, place, isThrowaway)
    const { password } = readAccess(place)
    log.info('postgres.started', { port, milliseconds: Math.round(performance.now() - started) })
    const keeper = keepRunning(postmaster, () => launchOn(binaries, place, port, isThrowaway), log)
    try {
      await ensureDatabase(urlOf('postgres', password, port))
    } catch (error) {
      await keeper.stop()
      throw error
    }
    return {
      adminUrl: urlOf(DATABASE, password, port),
      pid: keeper.pid,
      stop: async () => {
        await keeper.stop()
        release()
        log.info('postgres.stopped')
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

/** [PG-13] For a command beside the running product (a backup): its server when it runs, else one of the command's own. */
export async function borrowPostgres(options: StartOptions): Promise<EmbeddedServer> {
  const place = findPlace(options.dataDir)
  const running = readPidFile(join(place.folder, 'cluster'))
  if (running?.isReady !== true || !isHeld(ownerFile(options.dataDir))) return await startPostgres(options)
  const { password, port } = readAccess(place)
  return { adminUrl: urlOf(DATABASE, password, port), pid: () => running.pid, stop: async () => {} }
}

async function launchPatiently(
  binaries: Binaries,
  place: Place,
  isThrowaway: boolean,
): Promise<{ postmaster: Postmaster; port: number }> {
  let failure = ''
  for (let second = 0; second < LINGERING_SECONDS; second++) {
    const port = await choosePort(place.folder)
    const result = await launchOn(binaries, place, port, isThrowaway)
    if (!('failure' in result)) return { postmaster: result, port }
    failure = result.failure
    if (!/pre-existing shared memory block|could not create any TCP\/IP sockets/.test(failure)) break
    await sleep(1_000)
  }
  throw new Problem('SYSTEM.CONFIG', { setting: 'BAOXUE_DATA', advice: words.notStarted(logFile(place)) }, { failure })
}

function launchOn(binaries: Binaries, place: Place, port: number, isThrowaway: boolean) {
  return launch(binaries, place, { ...SETTINGS, ...(isThrowaway ? THROWAWAY : {}), port })
}

/**
 * [PG-10] A server that dies under the running program is started again on the same port, so that only the requests of
 * these moments fail. What was acknowledged is in its log: it flushes before it answers. It is tried without end: a full
 * disk is cleared one day, and nobody should have to restart the product then.
 */
function keepRunning(first: Postmaster, again: () => ReturnType<typeof launch>, log: Log) {
  let current: Postmaster | undefined = first
  let pid = first.pid
  const stopping = new AbortController()
  const pause = () => sleep(RESTART_SECONDS * 1000, undefined, { signal: stopping.signal }).catch(() => {})
  // process.exit() runs no asynchronous code; the server finishes its shutdown by itself.
  const atExit = () => {
    if (current !== undefined) signal(current.pid, 'SIGINT')
  }
  process.once('exit', atExit)

  const watched = (async () => {
    while (!stopping.signal.aborted) {
      if (current === undefined) {
        const result = await again()
        if ('failure' in result) {
          log.error('postgres.restart-failed')
          await pause()
          continue
        }
        current = result
        pid = result.pid
        log.warn('postgres.restarted')
        if (stopping.signal.aborted) await end(current)
      }
      const started = performance.now()
      await current.exited
      current = undefined
      if (stopping.signal.aborted) return
      log.error('postgres.died')
      if (performance.now() - started < RESTART_SECONDS * 1000) await pause()
    }
  })()

  return {
    pid: () => pid,
    stop: async () => {
      stopping.abort()
      process.removeListener('exit', atExit)
      if (current !== undefined) await end(current)
      await watched
    },
  }
}

async function end(postmaster: Postmaster): Promise<void> {
  let isGone = false
  void postmaster.exited.then(() => {
    isGone = true
  })
  postmaster.process.ref()
  await stopServer(postmaster.pid, () => isGone)
}

function urlOf(database: string, password: string, port: number): string {
  return `postgres://${SUPERUSER}:${password}@${LOOPBACK}:${port}/${database}`
}

/** Of the machine, or of the container if that has less. */
function machineBytes(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(totalmem(), limit) : totalmem()
}

function ownerFile(dataDir: string): string {
  return join(dataDir, 'postgres-owner.json')
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE} template template0 encoding 'UTF8'`)
  } finally {
    await client.end()
  }
}
