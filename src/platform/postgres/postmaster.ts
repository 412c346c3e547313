import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { logFile, SERVER_ENVIRONMENT } from './cluster.ts'
import { disownPidFile, isServerOf, readPidFile } from './pid-file.ts'
import type { Place } from './place.ts'
import { becomes, birthOf, signal } from './processes.ts'

export interface Postmaster {
  readonly process: ChildProcess
  readonly pid: number
  readonly exited: Promise<void>
}

/** Long, because a server that crashed in the middle of a large load first replays its log. */
const READY_MILLISECONDS = 180_000
/** A fast shutdown writes out what memory holds. */
const FAST_MILLISECONDS = 20_000
const IMMEDIATE_MILLISECONDS = 5_000
const LOG_BYTES = 10 * 1024 * 1024

/** Starts the server and waits until it answers. On failure: the lines it logged meanwhile. */
export async function launch(
  binaries: Binaries,
  place: Place,
  settings: Readonly<Record<string, string | number>>,
): Promise<Postmaster | { readonly failure: string }> {
  const cluster = join(place.folder, 'cluster')
  disownPidFile(cluster)
  const log = openLog(place)
  const logged = statSync(logFile(place)).size
  // A group of its own: Ctrl-C in a terminal must reach this program only, which stops the server when its work is done.
  const child = spawn(
    join(binaries.folder, 'bin', 'postgres'),
    ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...place.user, cwd: place.folder, env: SERVER_ENVIRONMENT, stdio: ['ignore', log, log], detached: true },
  )
  closeSync(log)
  const spawned = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => resolve(true))
    child.once('error', () => resolve(false))
  })
  const pid = child.pid
  if (!spawned || pid === undefined) return { failure: 'the program cannot be run' }
  let isRunning = true
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      isRunning = false
      resolve()
    })
  })
  child.unref()
  const isUp = () => readPidFile(cluster)?.pid === pid && readPidFile(cluster)?.isReady === true
  await becomes(() => !isRunning || isUp(), READY_MILLISECONDS)
  if (isRunning && isUp()) return { process: child, pid, exited }
  await stopServer(pid, () => !isRunning)
  return { failure: readFileSync(logFile(place)).subarray(logged).toString('utf8') }
}

/** [PG-6] SIGINT: no new sessions, open transactions end, all is written out. Bounded; each further step is rougher and still loses no commit. */
export async function stopServer(pid: number, isGone: () => boolean): Promise<void> {
  for (const [name, milliseconds] of [
    ['SIGINT', FAST_MILLISECONDS],
    ['SIGQUIT', IMMEDIATE_MILLISECONDS],
    ['SIGKILL', IMMEDIATE_MILLISECONDS],
  ] as const) {
    if (isGone() || !signal(pid, name)) return
    if (await becomes(isGone, milliseconds)) return
  }
}

/** [PG-7] A server whose program was killed lives on. It is stopped, not adopted: its sessions still hold the dead program's locks. */
export async function stopOrphan(place: Place): Promise<boolean> {
  const cluster = join(place.folder, 'cluster')
  const orphan = readPidFile(cluster)
  if (orphan === undefined || !isServerOf(cluster, orphan.pid)) return false
  await stopServer(orphan.pid, () => birthOf(orphan.pid) === undefined || !isServerOf(cluster, orphan.pid))
  return true
}

function openLog(place: Place): number {
  const path = logFile(place)
  if (existsSync(path) && statSync(path).size > LOG_BYTES) renameSync(path, `${path}.1`)
  return openSync(path, 'a', 0o600)
}
