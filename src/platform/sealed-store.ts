import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Problem } from '../kernel/problem.ts'
import type { ChildKeys } from './keys.ts'
import { readSealedKeyId, SEAL_HEADER_BYTES } from './seal.ts'

/** Sealed content on disk under the keyed hash of its plaintext: `files/ab/abcdef…`. Knows no rows and no scopes. */
export interface SealedStore {
  /** Seals into a draft, synced. Nothing is left when it fails. The plaintext passes through `tap`. */
  writeDraft(content: Readable, tap?: Transform): Promise<string>
  /** Gives the draft its name; content that is already there is kept and the draft goes. */
  place(draft: string, contentHash: Buffer, now: Date): Promise<void>
  read(contentHash: Buffer): Readable
  readDraft(draft: string): Readable
  removeDraft(draft: string): Promise<void>
  remove(contentHash: Buffer): Promise<void>
  /** Every content on disk, with the time it was last placed. */
  list(): AsyncGenerator<{ readonly contentHash: Buffer; readonly placedAt: Date }>
  /** Seals it anew when an older key did. Answers whether it was. */
  reseal(contentHash: Buffer): Promise<boolean>
  /** Removes drafts that no running upload can own: older than a day. */
  removeStaleDrafts(now: Date): Promise<void>
}

const STALE_DRAFT_MS = 24 * 3600 * 1000

export function createSealedStore({
  folder,
  keys,
}: {
  readonly folder: string
  readonly keys: ChildKeys
}): SealedStore {
  const drafts = join(folder, 'drafts')
  const pathOf = (contentHash: Buffer): string => {
    const hex = contentHash.toString('hex')
    return join(folder, hex.slice(0, 2), hex)
  }

  async function writeDraft(content: Readable, tap?: Transform): Promise<string> {
    const draft = join(drafts, randomBytes(12).toString('hex'))
    try {
      // Synchronous up to the pipeline: an error of `content` must not fall into a gap without a listener.
      mkdirSync(drafts, { recursive: true, mode: 0o700 })
      const disk = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true })
      await pipeline([content, ...(tap === undefined ? [] : [tap]), keys.sealStream(), disk])
      return draft
    } catch (error) {
      await rm(draft, { force: true })
      throw diskFaultOf(error)
    }
  }

  return {
    writeDraft,
    async place(draft, contentHash, now) {
      const path = pathOf(contentHash)
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
      if (await exists(path)) await rm(draft, { force: true })
      else await rename(draft, path)
      // The product's clock, also for content that was there: a sweep that saw it without a row leaves it alone.
      await utimes(path, now, now)
      await syncFolder(join(path, '..'))
    },
    read: (contentHash) => opened(createReadStream(pathOf(contentHash)), keys),
    readDraft: (draft) => opened(createReadStream(draft), keys),
    removeDraft: (draft) => rm(draft, { force: true }),
    remove: (contentHash) => rm(pathOf(contentHash), { force: true }),
    async *list() {
      for (const shelf of await readdir(folder).catch(() => [])) {
        if (!/^[0-9a-f]{2}$/.test(shelf)) continue
        for (const name of await readdir(join(folder, shelf))) {
          const { mtime } = await stat(join(folder, shelf, name))
          yield { contentHash: Buffer.from(name, 'hex'), placedAt: mtime }
        }
      }
    },
    async reseal(contentHash) {
      const path = pathOf(contentHash)
      if ((await keyIdOf(path)) === keys.currentId) return false
      const draft = await writeDraft(opened(createReadStream(path), keys))
      await rename(draft, path)
      await syncFolder(join(path, '..'))
      return true
    },
    async removeStaleDrafts(now) {
      for (const name of await readdir(drafts).catch(() => [])) {
        const path = join(drafts, name)
        const { mtime } = await stat(path)
        if (now.getTime() - mtime.getTime() > STALE_DRAFT_MS) await rm(path, { force: true })
      }
    },
  }
}

/** [SEC-15] A full disk is told as such, wherever it strikes. */
export function diskFaultOf(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  const isFull = error.code === 'ENOSPC' || error.code === 'EDQUOT'
  return isFull ? new Problem('SYSTEM.DISK_FULL', {}, { cause: String(error.code) }) : error
}

function opened(sealed: Readable, keys: ChildKeys): Readable {
  const plain = keys.openStream()
  sealed.on('error', (error) => plain.destroy('code' in error && error.code === 'ENOENT' ? sealBroken() : error))
  plain.on('close', () => sealed.destroy())
  return sealed.pipe(plain)
}

function sealBroken(): Problem {
  return new Problem('FILE.SEAL_BROKEN', {}, { cause: 'absent' })
}

async function keyIdOf(path: string): Promise<string | undefined> {
  const handle = await open(path, 'r')
  try {
    const header = Buffer.alloc(SEAL_HEADER_BYTES)
    await handle.read(header, 0, SEAL_HEADER_BYTES, 0)
    return readSealedKeyId(header)
  } finally {
    await handle.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
