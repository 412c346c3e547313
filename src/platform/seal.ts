/**
 * Sealed streams: AES-256-GCM in chunks of 1 MiB, readable in constant memory.
 *
 *   header   4 bytes `BXS1` · 8 bytes key id · 32 bytes salt
 *   chunk*   ciphertext (1 MiB, the last one 0 to 1 MiB) · 16 bytes tag
 *
 * Every file has its own data key, HKDF(master key, salt), so a nonce can be
 * the chunk's number and never repeats under one key. The nonce ends in 1 for
 * the last chunk only and the header is authenticated with every chunk:
 * a changed, exchanged, repeated, missing or added chunk, and a chunk of
 * another file, all fail to open (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
 */
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { Transform, type TransformCallback } from 'node:stream'
import { Problem } from '../kernel/problem.ts'

const MAGIC = Buffer.from('BXS1')
const KEY_ID_BYTES = 8
const SALT_BYTES = 32
export const SEAL_HEADER_BYTES = MAGIC.length + KEY_ID_BYTES + SALT_BYTES
const TAG_BYTES = 16
/** 1 MiB: the tag and the call cost nothing beside it, and a reader holds two. */
const CHUNK_BYTES = 1 << 20
/** The chunk number has four bytes: 4 PiB, so it never wraps. */
const NONCE_BYTES = 12

export interface MasterKey {
  /** 16 hexadecimal digits. */
  readonly id: string
  readonly key: KeyObject
}

/** [SEC-10] Plaintext in, sealed bytes out. */
export function sealStream(master: MasterKey): Transform {
  const header = Buffer.concat([MAGIC, Buffer.from(master.id, 'hex'), randomBytes(SALT_BYTES)])
  const key = dataKey(master.key, header)
  let number = 0
  return chunked({
    header: undefined,
    chunkBytes: CHUNK_BYTES,
    start: (push) => push(header),
    chunk(plain, isLast, push) {
      const cipher = createCipheriv('aes-256-gcm', key, nonce(number, isLast), { authTagLength: TAG_BYTES })
      cipher.setAAD(header)
      number += 1
      push(cipher.update(plain))
      cipher.final()
      push(cipher.getAuthTag())
    },
  })
}

/** [SEC-10] Sealed bytes in, plaintext out; fails with `FILE.SEAL_BROKEN` before it gives out a chunk that was tampered with. */
export function openStream(findKey: (keyId: string) => KeyObject | undefined): Transform {
  let key: KeyObject | undefined
  let header: Buffer = Buffer.alloc(0)
  let number = 0
  return chunked({
    header: {
      bytes: SEAL_HEADER_BYTES,
      read(bytes) {
        const keyId = readSealedKeyId(bytes)
        const master = keyId === undefined ? undefined : findKey(keyId)
        if (keyId === undefined) throw new Problem('FILE.SEAL_BROKEN', {}, { cause: 'header' })
        if (master === undefined) throw new Problem('FILE.KEY_WRONG', {}, { keyId })
        header = Buffer.from(bytes)
        key = dataKey(master, header)
      },
    },
    chunkBytes: CHUNK_BYTES + TAG_BYTES,
    chunk(sealed, isLast, push) {
      if (key === undefined || sealed.length < TAG_BYTES)
        throw new Problem('FILE.SEAL_BROKEN', {}, { cause: 'truncated' })
      const decipher = createDecipheriv('aes-256-gcm', key, nonce(number, isLast), { authTagLength: TAG_BYTES })
      decipher.setAAD(header)
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
      const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES))
      try {
        decipher.final()
      } catch {
        throw new Problem('FILE.SEAL_BROKEN', {}, { cause: 'chunk', number })
      }
      number += 1
      push(plain)
    },
  })
}

/** Undefined when the bytes are no sealed header. */
export function readSealedKeyId(header: Buffer): string | undefined {
  if (header.length < SEAL_HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  return header.subarray(MAGIC.length, MAGIC.length + KEY_ID_BYTES).toString('hex')
}

function dataKey(master: KeyObject, header: Buffer): KeyObject {
  const salt = header.subarray(MAGIC.length + KEY_ID_BYTES)
  return createSecretKey(Buffer.from(hkdfSync('sha256', master, salt, 'baoxue file', 32)))
}

function nonce(number: number, isLast: boolean): Buffer {
  const bytes = Buffer.alloc(NONCE_BYTES)
  bytes.writeUInt32BE(number, NONCE_BYTES - 5)
  bytes[NONCE_BYTES - 1] = isLast ? 1 : 0
  return bytes
}

type Push = (bytes: Buffer) => void

interface ChunkWork {
  readonly header: { readonly bytes: number; readonly read: (bytes: Buffer) => void } | undefined
  readonly chunkBytes: number
  readonly start?: (push: Push) => void
  readonly chunk: (bytes: Buffer, isLast: boolean, push: Push) => void
}

/** Cuts a byte stream into chunks. One is always held back, because only at the end is it known to be the last. */
function chunked(work: ChunkWork): Transform {
  const parts: Buffer[] = []
  let held = 0
  let hasStarted = false
  let needsHeader = work.header !== undefined

  function take(bytes: number): Buffer {
    const joined = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    parts.length = 0
    if (joined.length > bytes) parts.push(joined.subarray(bytes))
    held -= bytes
    return joined.subarray(0, bytes)
  }

  function drain(stream: Transform): void {
    const push: Push = (bytes) => void stream.push(bytes)
    if (!hasStarted) {
      hasStarted = true
      work.start?.(push)
    }
    if (needsHeader && held >= work.header!.bytes) {
      work.header!.read(take(work.header!.bytes))
      needsHeader = false
    }
    if (needsHeader) return
    while (held > work.chunkBytes) work.chunk(take(work.chunkBytes), false, push)
  }

  function attempt(callback: TransformCallback, action: () => void): void {
    let failure: Error | null = null
    try {
      action()
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error))
    }
    callback(failure)
  }

  return new Transform({
    transform(bytes: Buffer, _encoding, callback) {
      attempt(callback, () => {
        parts.push(bytes)
        held += bytes.length
        drain(this)
      })
    },
    flush(callback) {
      attempt(callback, () => {
        drain(this)
        if (needsHeader) throw new Problem('FILE.SEAL_BROKEN', {}, { cause: 'header' })
        work.chunk(take(held), true, (bytes) => void this.push(bytes))
      })
    },
  })
}
