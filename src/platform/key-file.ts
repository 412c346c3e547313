import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { chmod, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { Problem } from '../kernel/problem.ts'

const KeyLine = z.object({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  madeAt: z.iso.datetime(),
  /** 32 bytes, base64. */
  key: z.base64().length(44),
})
export type KeyLine = z.infer<typeof KeyLine>

const KeyFile = z.object({
  version: z.literal(1),
  /** Oldest first; the last one seals. */
  sealing: z.array(KeyLine).min(1),
  index: KeyLine,
})
export type KeyFile = z.infer<typeof KeyFile>

/** Readable by its owner only. */
const MODE = 0o600

export function newKeyLine(at: Date): KeyLine {
  return {
    id: randomBytes(8).toString('hex'),
    madeAt: at.toISOString(),
    key: randomBytes(32).toString('base64'),
  }
}

/** Undefined when there is none; a file that is no key file is `FILE.KEY_WRONG`. */
export async function readKeyFile(path: string): Promise<KeyFile | undefined> {
  const text = await readFile(path, 'utf8').catch(absent)
  if (text === undefined) return undefined
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0) await chmod(path, MODE)
  return parse(text)
}

/** The same, where a stream cannot wait. */
export function readKeyFileSync(path: string): KeyFile | undefined {
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return absent(error)
  }
}

/** Never overwrites: when two processes start at once, both read the one file that came first. */
export async function makeKeyFile(path: string, at: Date): Promise<KeyFile> {
  await mkdir(dirname(path), { recursive: true })
  const draft = await writeDraft(path, { version: 1, sealing: [newKeyLine(at)], index: newKeyLine(at) })
  try {
    await link(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await rm(draft, { force: true })
  }
  await syncFolder(path)
  const file = await readKeyFile(path)
  if (file === undefined) throw new Problem('FILE.KEY_MISSING', { path })
  return file
}

export async function replaceKeyFile(path: string, file: KeyFile): Promise<void> {
  await rename(await writeDraft(path, file), path)
  await syncFolder(path)
}

async function writeDraft(path: string, file: KeyFile): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.draft`
  const handle = await open(draft, 'wx', MODE)
  try {
    await handle.writeFile(`${JSON.stringify(file, undefined, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return draft
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function parse(text: string): KeyFile {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new Problem('FILE.KEY_WRONG', {}, { cause: 'not JSON' })
  }
  const parsed = KeyFile.safeParse(json)
  if (!parsed.success) throw new Problem('FILE.KEY_WRONG', {}, { cause: 'not a key file' })
  return parsed.data
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
