import { createReadStream, existsSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { faultOf } from '../db/faults.ts'
import { connectAdmin } from '../db/migrate.ts'
import type { Log } from '../log.ts'
import {
  type BackupTable,
  failed,
  KEY_FILE,
  MANIFEST_FILE,
  type Manifest,
  manifestText,
  readManifest,
  SEALED_FOLDER,
  type StoredFile,
  TABLE_FOLDER,
} from './manifest.ts'
import { store, storeCompressed } from './stored-file.ts'
import { columnsOf, listSequences, listTables, nameOf } from './tables.ts'
import { backupWords as words } from './words.ts'

export interface BackupParts {
  readonly adminUrl: string
  /** Where sealed files stand, each under a folder of its first two digits. */
  readonly sealedFolder: string
  readonly keyFile: string
  readonly log: Log
}

/** Sealed content that has no owner yet; the next start sweeps it. */
const DRAFTS = 'drafts'

/**
 * [BACKUP-1] All tables as of one moment, the sealed files and the key file, into a new folder, while the product runs.
 * The folder gets its name when it is complete: one without `manifest.json` is no backup.
 */
export async function backup(parts: BackupParts, to: string, now: Date): Promise<Manifest> {
  if (existsSync(to) && (await readdir(to)).length > 0) throw failed(to, words.notEmptyFolder)
  const unfinished = join(dirname(to), `.${basename(to)}.partial`)
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true, mode: 0o700 })
  try {
    const rows = await copyDatabase(parts.adminUrl, unfinished)
    // After the rows: content is written before the row that names it, so every file a row names is here by now.
    const sealedFiles = await copySealedFiles(parts.sealedFolder, unfinished)
    const keyFile = existsSync(parts.keyFile)
      ? await store(createReadStream(parts.keyFile), unfinished, KEY_FILE)
      : null
    await writeFile(
      join(unfinished, MANIFEST_FILE),
      manifestText({ madeAt: now.toISOString(), ...rows, sealedFiles, keyFile }),
      {
        mode: 0o600,
        flush: true,
      },
    )
    await rename(unfinished, to)
    await syncFolder(dirname(to))
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw faultOf(error)
  }
  const manifest = await readManifest(to)
  parts.log.info('backup.done', { tables: manifest.tables.length, files: manifest.sealedFiles.length })
  return manifest
}

type DatabasePart = Pick<Manifest, 'migration' | 'tables' | 'sequences'>

/** One snapshot, read as `baoxue_system`: the catalogue check holds that it sees every row [ROW-13]. */
async function copyDatabase(adminUrl: string, folder: string): Promise<DatabasePart> {
  const client = await connectAdmin(adminUrl)
  try {
    await client.query('begin isolation level repeatable read read only; set local role baoxue_system')
    const { rows } = await client.query<{ name: string }>('select max(name) as name from public.applied_migration')
    const tables: BackupTable[] = []
    for (const shape of await listTables(client)) {
      const path = `${TABLE_FOLDER}/${shape.schema}.${shape.name}.copy.gz`
      const copy = client.query(copyTo(`copy ${nameOf(client, shape)} (${columnsOf(client, shape.columns)}) to stdout`))
      const file = await storeCompressed(copy, folder, path)
      tables.push({ schema: shape.schema, name: shape.name, columns: [...shape.columns], rows: copy.rowCount, file })
    }
    await client.query('set local role baoxue_owner')
    const sequences = await readSequences(client)
    await client.query('commit')
    return { migration: rows[0]?.name ?? '', tables, sequences }
  } finally {
    await client.end()
  }
}

/** Sequences move on outside the snapshot: read after the rows, they are never behind them. */
async function readSequences(client: pg.Client): Promise<Manifest['sequences']> {
  const found: Manifest['sequences'] = []
  for (const sequence of await listSequences(client)) {
    const { rows } = await client.query<{ value: string; isCalled: boolean }>(
      `select last_value::text as value, is_called as "isCalled" from ${nameOf(client, sequence)}`,
    )
    const state = rows[0]
    if (state !== undefined) found.push({ ...sequence, ...state })
  }
  return found
}

async function copySealedFiles(from: string, folder: string): Promise<StoredFile[]> {
  if (!existsSync(from)) return []
  const stored: StoredFile[] = []
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    const path = relative(from, join(entry.parentPath, entry.name)).split(sep)
    if (!entry.isFile() || path[0] === DRAFTS) continue
    const content = await openIfThere(join(from, ...path))
    if (content !== undefined) stored.push(await store(content, folder, [SEALED_FOLDER, ...path].join('/')))
  }
  return stored
}

/** A file may be removed between the listing and the reading, when its row was removed after the snapshot. */
async function openIfThere(path: string) {
  try {
    return (await open(path, 'r')).createReadStream()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
