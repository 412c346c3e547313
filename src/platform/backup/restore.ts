import { createReadStream, existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { faultOf } from '../db/faults.ts'
import type { DatabaseLogin } from '../db/login.ts'
import { connectAdmin, type Migrated, migrate } from '../db/migrate.ts'
import { readMigrations } from '../db/migration-files.ts'
import type { BackupParts } from './backup.ts'
import { type BackupTable, failed, type Manifest, readManifest, SEALED_FOLDER } from './manifest.ts'
import { openCompressed, store, verify } from './stored-file.ts'
import { columnsOf, listForced, listReferences, listTables, listTriggers, nameOf } from './tables.ts'
import { backupWords as words } from './words.ts'

interface RestoreParts extends BackupParts {
  readonly migrations: string
  readonly login: DatabaseLogin
}

/**
 * [BACKUP-2] [BACKUP-4] Into an empty database and an empty place, never over anything. The backup is verified first; the rows come
 * in one transaction at the backup's own migration; later migrations follow. Also the way over a major version of the server.
 */
export async function restore(parts: RestoreParts, from: string): Promise<Migrated> {
  const manifest = await readManifest(from)
  if (!(await readMigrations(parts.migrations)).some(({ name }) => name === manifest.migration)) {
    throw failed(from, words.newerProgram)
  }
  for (const file of filesOf(manifest)) await verify(from, file)
  await refuseOccupied(parts, manifest, from)
  // The rows last: a restore that is cut short leaves no database that looks whole and lacks its files.
  await putFiles(parts, manifest, from)
  await migrate({ ...parts, folder: parts.migrations, until: manifest.migration })
  await putDatabase(parts.adminUrl, manifest, from)
  const migrated = await migrate({ ...parts, folder: parts.migrations })
  parts.log.info('restore.done', { tables: manifest.tables.length, files: manifest.sealedFiles.length })
  return migrated
}

function filesOf(manifest: Manifest) {
  const keys = manifest.keyFile === null ? [] : [manifest.keyFile]
  return [...manifest.tables.map(({ file }) => file), ...manifest.sealedFiles, ...keys]
}

async function refuseOccupied(parts: RestoreParts, manifest: Manifest, from: string): Promise<void> {
  if (existsSync(parts.sealedFolder) && (await readdir(parts.sealedFolder)).length > 0) {
    throw failed(parts.sealedFolder, words.otherFiles)
  }
  if (manifest.keyFile !== null && existsSync(parts.keyFile)) {
    const [own, kept] = await Promise.all([readFile(parts.keyFile), readFile(join(from, manifest.keyFile.path))])
    if (!own.equals(kept)) throw failed(parts.keyFile, words.otherKey)
  }
  const client = await connectAdmin(parts.adminUrl)
  try {
    if ((await listTables(client)).length > 0)
      throw failed(new URL(parts.adminUrl).pathname.slice(1), words.notEmptyDatabase)
  } finally {
    await client.end()
  }
}

/**
 * As the owner, who may COPY into a table only while row security is not forced on him, and who may take off references
 * and triggers: a ring of references has no order, and a trigger would post everything a second time. All of it is
 * within the transaction, so that nobody else ever sees the tables bare.
 */
async function putDatabase(adminUrl: string, manifest: Manifest, from: string): Promise<void> {
  const client = await connectAdmin(adminUrl)
  try {
    await client.query('begin; set local role baoxue_owner')
    const [forced, references, triggers] = [
      await listForced(client),
      await listReferences(client),
      await listTriggers(client),
    ]
    await each(client, forced, (table) => `alter table ${table} no force row level security`)
    await each(client, references, ({ table, constraint }) => `alter table ${table} drop constraint ${constraint}`)
    await each(client, triggers, ({ table, trigger }) => `alter table ${table} disable trigger ${trigger}`)
    await client.query(`truncate ${manifest.tables.map((table) => nameOf(client, table)).join(', ')}`)
    for (const table of manifest.tables) await putRows(client, table, from)
    for (const sequence of manifest.sequences) {
      await client.query('select setval($1::regclass, $2, $3)', [
        nameOf(client, sequence),
        sequence.value,
        sequence.isCalled,
      ])
    }
    await each(
      client,
      references,
      ({ table, constraint, definition }) => `alter table ${table} add constraint ${constraint} ${definition}`,
    )
    await each(client, triggers, ({ table, trigger }) => `alter table ${table} enable trigger ${trigger}`)
    await each(client, forced, (table) => `alter table ${table} force row level security`)
    await client.query('commit')
  } catch (error) {
    throw faultOf(error)
  } finally {
    await client.end()
  }
}

async function each<T>(client: pg.Client, items: readonly T[], statement: (item: T) => string): Promise<void> {
  for (const item of items) await client.query(statement(item))
}

async function putRows(client: pg.Client, table: BackupTable, from: string): Promise<void> {
  const copy = client.query(copyFrom(`copy ${nameOf(client, table)} (${columnsOf(client, table.columns)}) from stdin`))
  await pipeline(openCompressed(from, table.file), copy)
  if (copy.rowCount !== table.rows) throw failed(table.name, words.wrongCount)
}

async function putFiles(parts: RestoreParts, manifest: Manifest, from: string): Promise<void> {
  for (const { path } of manifest.sealedFiles) {
    await store(createReadStream(join(from, path)), parts.sealedFolder, path.slice(SEALED_FOLDER.length + 1))
  }
  if (manifest.keyFile === null || existsSync(parts.keyFile)) return
  await store(createReadStream(join(from, manifest.keyFile.path)), dirname(parts.keyFile), basename(parts.keyFile))
}
