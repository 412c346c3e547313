import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { Problem } from '../../kernel/problem.ts'
import { postgresWords as words } from './words.ts'

/** Where the server's data stands and as whom it runs. */
export interface Place {
  /** Holds `cluster`, `password`, `port` and `server.log`. */
  readonly folder: string
  /** For what is shared by all clones of this machine. */
  readonly shelf: string
  /** Undefined: the server runs as this process does. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined
}

/** The server refuses to run as root; `nobody` exists everywhere. */
const NOBODY = { uid: 65_534, gid: 65_534 }
const SHELF = '/var/lib/baoxue'
const PLACE_FILE = 'postgres-place.json'
const PlaceFile = z.object({ folder: z.string() })

/**
 * [PG-5] The data stands in the data folder, or, for root below a folder that `nobody` cannot enter (root's home), under
 * `/var/lib/baoxue/<hash of the data folder's path>`. The choice is kept in a file: a permission changed later must not make a second, empty database.
 */
export function findPlace(dataDir: string): Place {
  const isRoot = process.getuid?.() === 0
  mkdirSync(dataDir, { recursive: true })
  const inside = join(realpathSync(dataDir), 'postgres')
  const folder = keptPlace(dataDir) ?? (isRoot && !isOpenToAll(dirname(inside)) ? outside(inside) : inside)
  keepPlace(dataDir, folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (isRoot) {
    if (folder.startsWith(SHELF)) for (const parent of [SHELF, dirname(folder)]) chmodSync(parent, 0o711)
    chownSync(folder, NOBODY.uid, NOBODY.gid)
    chmodSync(folder, 0o700)
  }
  const place = { folder, shelf: SHELF, user: isRoot ? NOBODY : undefined }
  refuseForeignCluster(place)
  return place
}

/** May every user read this, and enter every folder above it? */
export function isOpenToAll(path: string): boolean {
  const real = realpathSync(path)
  if ((statSync(real).mode & 0o005) !== 0o005) return false
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

function outside(inside: string): string {
  return join(SHELF, createHash('sha256').update(inside).digest('hex').slice(0, 16), 'postgres')
}

function keptPlace(dataDir: string): string | undefined {
  const path = join(dataDir, PLACE_FILE)
  if (!existsSync(path)) return undefined
  const folder = resolve(dataDir, PlaceFile.parse(JSON.parse(readFileSync(path, 'utf8'))).folder)
  if (existsSync(folder)) return folder
  throw new Problem('SYSTEM.CONFIG', { setting: 'BAOXUE_DATA', advice: words.folderGone(folder) })
}

/** Relative when it stands inside, so that a moved data folder keeps its database. */
function keepPlace(dataDir: string, folder: string): void {
  const path = join(dataDir, PLACE_FILE)
  if (existsSync(path)) return
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const kept = folder === join(realpathSync(dataDir), 'postgres') ? 'postgres' : folder
  writeFileSync(path, `${JSON.stringify({ folder: kept })}\n`, { mode: 0o600 })
}

function refuseForeignCluster({ folder, user }: Place): void {
  const cluster = join(folder, 'cluster')
  const own = user?.uid ?? process.getuid?.()
  if (own === undefined || !existsSync(cluster) || statSync(cluster).uid === own) return
  throw new Problem('SYSTEM.CONFIG', { setting: 'BAOXUE_DATA', advice: words.otherUser(folder) })
}
