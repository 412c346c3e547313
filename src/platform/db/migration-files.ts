import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../../kernel/problem.ts'
import { databaseWords as words } from './words.ts'

export interface Migration {
  /** `202611240100-roles`; names sort by time. */
  readonly name: string
  readonly sql: string
  /** SHA-256 of the text with LF line ends, so that a checkout on another system has the same one. */
  readonly checksum: string
}

const NAME = /^\d{12}-[a-z0-9]+(-[a-z0-9]+)*\.sql$/
const TRANSACTION_CONTROL = /^\s*(commit|rollback|begin|start\s+transaction)(\s+(work|transaction))?\s*;/im

/** In the order of their names. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  return await Promise.all(files.map((file) => readMigration(folder, file)))
}

/** [DB-8] Forward only: what was applied is there unchanged, and what is new is later than all that was applied. */
export function pendingAfter(
  applied: readonly { readonly name: string; readonly checksum: string }[],
  migrations: readonly Migration[],
): readonly Migration[] {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const { name, checksum } of applied) {
    const migration = byName.get(name)
    if (migration === undefined) throw refused(name, words.migrationMissing)
    if (migration.checksum !== checksum) throw refused(name, words.migrationChanged)
    byName.delete(name)
  }
  const last = applied
    .map(({ name }) => name)
    .sort()
    .at(-1)
  const pending = [...byName.values()]
  const early = last === undefined ? undefined : pending.find(({ name }) => name < last)
  if (last !== undefined && early !== undefined) throw refused(early.name, words.migrationTooEarly(last))
  return pending
}

export function refused(file: string, advice: string): Problem {
  return new Problem('SYSTEM.MIGRATION', { file, advice })
}

async function readMigration(folder: string, file: string): Promise<Migration> {
  if (!NAME.test(file)) throw refused(file, words.migrationName)
  const sql = (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n')
  if (TRANSACTION_CONTROL.test(sql)) throw refused(file, words.migrationCommits)
  return { name: file.slice(0, -'.sql'.length), sql, checksum: createHash('sha256').update(sql).digest('hex') }
}
