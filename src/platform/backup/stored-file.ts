import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { failed, type StoredFile } from './manifest.ts'
import { backupWords as words } from './words.ts'

/** Writes a stream below `folder`, to the disk, and answers what a later reader must find. */
export async function store(content: Readable, folder: string, path: string): Promise<StoredFile> {
  const target = join(folder, path)
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  const seal = fingerprint()
  await pipeline(content, seal.pass, createWriteStream(target, { mode: 0o600, flags: 'wx', flush: true }))
  return { path, ...seal.result() }
}

/** Fast rather than small: text of a table shrinks to a fifth at this level, and the disk is not what is short. */
const GZIP_LEVEL = 3

export async function storeCompressed(content: Readable, folder: string, path: string): Promise<StoredFile> {
  const packed = createGzip({ level: GZIP_LEVEL })
  const [file] = await Promise.all([store(packed, folder, path), pipeline(content, packed)])
  return file
}

/** The decompressed content. Not verified: see `verify`. */
export function openCompressed(folder: string, file: StoredFile): Readable {
  const unpacked = createGunzip()
  // A broken archive ends the reader with its own error.
  pipeline(createReadStream(join(folder, file.path)), unpacked).catch((error) => unpacked.destroy(error))
  return unpacked
}

/** [BACKUP-3] Nothing is restored from a backup in which one file is missing, cut or changed. */
export async function verify(folder: string, file: StoredFile): Promise<void> {
  const seal = fingerprint()
  const path = join(folder, file.path)
  try {
    await pipeline(createReadStream(path), seal.pass, drain)
  } catch {
    throw failed(path, words.changedFile)
  }
  const { bytes, sha256 } = seal.result()
  if (bytes !== file.bytes || sha256 !== file.sha256) throw failed(path, words.changedFile)
}

async function drain(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of chunks);
}

function fingerprint() {
  const hash = createHash('sha256')
  let bytes = 0
  const pass = new Transform({
    transform: (chunk: Buffer, _, done) => {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  return { pass, result: () => ({ bytes, sha256: hash.digest('hex') }) }
}
