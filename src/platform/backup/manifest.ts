import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Problem } from '../../kernel/problem.ts'
import { backupWords as words } from './words.ts'

const FORMAT = 1

const StoredFile = z.object({
  /** Below the backup's folder. */
  path: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type StoredFile = z.infer<typeof StoredFile>

const Manifest = z.object({
  format: z.int().positive(),
  madeAt: z.iso.datetime(),
  /** Last migration in force; a restore goes there first and on to its own version afterwards. */
  migration: z.string(),
  /** In an order in which each table comes after those it refers to. */
  tables: z.array(
    z.object({
      schema: z.string(),
      name: z.string(),
      columns: z.array(z.string()),
      rows: z.int().nonnegative(),
      file: StoredFile,
    }),
  ),
  sequences: z.array(z.object({ schema: z.string(), name: z.string(), value: z.string(), isCalled: z.boolean() })),
  sealedFiles: z.array(StoredFile),
  keyFile: StoredFile.nullable(),
})
export type Manifest = z.infer<typeof Manifest>
export type BackupTable = Manifest['tables'][number]

export const MANIFEST_FILE = 'manifest.json'
export const KEY_FILE = 'baoxue.key'
export const SEALED_FOLDER = 'files'
export const TABLE_FOLDER = 'tables'

export function manifestText(manifest: Omit<Manifest, 'format'>): string {
  return `${JSON.stringify({ format: FORMAT, ...manifest }, null, 2)}\n`
}

export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST_FILE)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) throw failed(folder, words.noBackup)
  const { success, data } = Manifest.safeParse(jsonOf(text))
  if (!success) throw failed(path, words.brokenManifest)
  if (data.format > FORMAT) throw failed(path, words.newerProgram)
  return data
}

export function failed(where: string, advice: string): Problem {
  return new Problem('SYSTEM.BACKUP', { where, advice })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
