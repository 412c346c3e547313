import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../kernel/problem.ts'
import type { Binaries } from './binaries.ts'
import type { Place } from './place.ts'
import { PORT_FILE } from './port.ts'
import { postgresWords as words } from './words.ts'

/** No locale of the host: a bare machine has none, and the order of texts must not depend on it. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'Asia/Shanghai' }
export const SUPERUSER = 'postgres'
const PASSWORD_FILE = 'password'

/** Makes the cluster when there is none, in a folder of its own that is renamed when complete: half a cluster is never started. */
export async function ensureCluster(binaries: Binaries, place: Place): Promise<void> {
  const cluster = join(place.folder, 'cluster')
  if (!existsSync(cluster)) await makeCluster(binaries, place, cluster, join(place.folder, PASSWORD_FILE))
  const found = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  const own = binaries.version.split('.')[0] ?? ''
  if (found !== own) {
    throw new Problem('SYSTEM.CONFIG', { setting: 'BAOXUE_DATA', advice: words.otherVersion(found, own) })
  }
}

/** How to reach the server of this place. */
export function readAccess(place: Place): { readonly password: string; readonly port: number } {
  return {
    password: readFileSync(join(place.folder, PASSWORD_FILE), 'utf8').trim(),
    port: Number(readFileSync(join(place.folder, PORT_FILE), 'utf8')),
  }
}

async function makeCluster(binaries: Binaries, place: Place, cluster: string, passwordFile: string): Promise<void> {
  const unfinished = `${cluster}.new`
  rmSync(unfinished, { recursive: true, force: true })
  rmSync(passwordFile, { force: true })
  writeFileSync(passwordFile, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 })
  if (place.user !== undefined) chownSync(passwordFile, place.user.uid, place.user.gid)
  const code = await run(
    join(binaries.folder, 'bin', 'initdb'),
    [
      `--pgdata=${unfinished}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ],
    place,
  )
  if (code !== 0) {
    throw new Problem(
      'SYSTEM.CONFIG',
      { setting: 'BAOXUE_DATA', advice: words.notMade(logFile(place)) },
      { exit: code },
    )
  }
  renameSync(unfinished, cluster)
}

export function logFile(place: Place): string {
  return join(place.folder, 'server.log')
}

async function run(program: string, options: readonly string[], place: Place): Promise<number> {
  const log = openSync(logFile(place), 'a', 0o600)
  try {
    const child = spawn(program, options, {
      ...place.user,
      cwd: place.folder,
      env: SERVER_ENVIRONMENT,
      stdio: ['ignore', log, log],
    })
    return await new Promise((resolve) => {
      child.once('error', () => resolve(-1))
      child.once('exit', (code) => resolve(code ?? -1))
    })
  } finally {
    closeSync(log)
  }
}
