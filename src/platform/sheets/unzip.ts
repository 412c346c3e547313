import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { Problem } from '../../kernel/problem.ts'
import { openSheet, readAt } from './sniff.ts'
import type { SheetLimits } from './types.ts'

export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly isEncrypted: boolean
  readonly crc: number
  readonly packedBytes: number
  readonly bytes: number
  readonly headerAt: number
}

export interface ZipFile {
  readonly path: string
  readonly fileName: string
  readonly entries: ReadonlyMap<string, ZipEntry>
}

/** A workbook has a few dozen parts; ten thousand are made to exhaust. */
const MOST_ENTRIES = 10_000
const LONGEST_DIRECTORY = 16 * 1024 * 1024
const LONGEST_TAIL = 22 + 0xffff

/** The directory of a zip archive, read from its end. An archive without its end was cut off on its way. */
export async function openZip(path: string, fileName: string): Promise<ZipFile> {
  const handle = await openSheet(path, fileName)
  try {
    const { size } = await handle.stat()
    const tailAt = Math.max(0, size - LONGEST_TAIL)
    const tail = await readAt(handle, tailAt, size - tailAt)
    const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
    if (end === -1 || tail.length < end + 22) throw new Problem('FILE.TRUNCATED', { file: fileName })
    let count = tail.readUInt16LE(end + 10)
    let length = tail.readUInt32LE(end + 12)
    let at = tail.readUInt32LE(end + 16)
    if (count === 0xffff || length === 0xffffffff || at === 0xffffffff) {
      const locator = await readAt(handle, tailAt + end - 20, 20)
      if (locator.length < 20 || locator.readUInt32LE(0) !== 0x07064b50) throw unreadable(fileName)
      const wide = await readAt(handle, Number(locator.readBigUInt64LE(8)), 56)
      if (wide.length < 56 || wide.readUInt32LE(0) !== 0x06064b50) throw unreadable(fileName)
      count = Number(wide.readBigUInt64LE(32))
      length = Number(wide.readBigUInt64LE(40))
      at = Number(wide.readBigUInt64LE(48))
    }
    if (count > MOST_ENTRIES || length > LONGEST_DIRECTORY) throw new Problem('FILE.BOMB', { file: fileName })
    if (at + length > size) throw new Problem('FILE.TRUNCATED', { file: fileName })
    return { path, fileName, entries: readDirectory(await readAt(handle, at, length), count, fileName) }
  } finally {
    await handle.close()
  }
}

function readDirectory(directory: Buffer, count: number, fileName: string): ReadonlyMap<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>()
  let at = 0
  for (let index = 0; index < count; index++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50) throw unreadable(fileName)
    const nameLength = directory.readUInt16LE(at + 28)
    const extraLength = directory.readUInt16LE(at + 30)
    const next = at + 46 + nameLength + extraLength + directory.readUInt16LE(at + 32)
    if (next > directory.length) throw unreadable(fileName)
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength).replaceAll('\\', '/')
    const sizes = wideSizes(directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength), {
      bytes: directory.readUInt32LE(at + 24),
      packedBytes: directory.readUInt32LE(at + 20),
      headerAt: directory.readUInt32LE(at + 42),
    })
    entries.set(name.replace(/^\//, ''), {
      name,
      method: directory.readUInt16LE(at + 10),
      isEncrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
      crc: directory.readUInt32LE(at + 16),
      ...sizes,
    })
    at = next
  }
  return entries
}

type Sizes = Pick<ZipEntry, 'bytes' | 'packedBytes' | 'headerAt'>

/** ZIP64: members that do not fit 32 bits stand in extra field 1, in this order. */
function wideSizes(extra: Buffer, sizes: Sizes): Sizes {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    const field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2))
    let from = 0
    const take = (value: number) => {
      if (value !== 0xffffffff || from + 8 > field.length) return value
      from += 8
      return Number(field.readBigUInt64LE(from - 8))
    }
    return { bytes: take(sizes.bytes), packedBytes: take(sizes.packedBytes), headerAt: take(sizes.headerAt) }
  }
  return sizes
}

/**
 * [SHEET-7] The content of one part, in chunks. Stops at the limits on expansion, by what the directory declares
 * before anything is read and by what really comes out; refuses content that is damaged or cut off.
 */
export async function* readEntry(zip: ZipFile, entry: ZipEntry, limits: SheetLimits): AsyncGenerator<Buffer> {
  const { fileName } = zip
  if (entry.isEncrypted || (entry.method !== 0 && entry.method !== 8)) throw unreadable(fileName)
  if (isTooLarge(entry.bytes, entry.packedBytes, limits)) throw new Problem('FILE.BOMB', { file: fileName })
  const from = await contentStart(zip, entry)
  if (entry.packedBytes === 0) return
  const packed = createReadStream(zip.path, {
    start: from,
    end: from + entry.packedBytes - 1,
    highWaterMark: 256 * 1024,
  })
  const content =
    entry.method === 8 ? pipeline(packed, createInflateRaw({ chunkSize: 256 * 1024 }), () => undefined) : packed
  let bytes = 0
  let crc = 0
  try {
    for await (const piece of content) {
      const chunk = piece as Buffer
      bytes += chunk.length
      if (isTooLarge(bytes, entry.packedBytes, limits)) throw new Problem('FILE.BOMB', { file: fileName })
      crc = crc32(chunk, crc)
      yield chunk
    }
  } catch (error) {
    throw isInflateFault(error) ? new Problem('FILE.TRUNCATED', { file: fileName }, { part: entry.name }) : error
  } finally {
    packed.destroy()
  }
  if (bytes !== entry.bytes || crc !== entry.crc) throw unreadable(fileName)
}

/** The content of one part still packed, to be copied into another archive as it is. */
export async function* readPacked(zip: ZipFile, entry: ZipEntry): AsyncGenerator<Buffer> {
  if (entry.isEncrypted || (entry.method !== 0 && entry.method !== 8)) throw unreadable(zip.fileName)
  const from = await contentStart(zip, entry)
  if (entry.packedBytes === 0) return
  const packed = createReadStream(zip.path, { start: from, end: from + entry.packedBytes - 1 })
  for await (const piece of packed) yield piece as Buffer
}

/** A small part as text: relations, styles, the list of worksheets. */
export async function readSmallEntry(zip: ZipFile, name: string, limits: SheetLimits): Promise<string | undefined> {
  const entry = zip.entries.get(name)
  if (entry === undefined) return undefined
  const pieces: Buffer[] = []
  const small = { ...limits, expandedBytes: Math.min(limits.expandedBytes, 32 * 1024 * 1024) }
  for await (const piece of readEntry(zip, entry, small)) pieces.push(piece)
  const text = new TextDecoder('utf-8').decode(Buffer.concat(pieces))
  refuseDoctype(text, zip.fileName)
  return text
}

/** [SHEET-8] XML that declares its own entities is never read: they can be nested to exhaust, or point to other files. */
export function refuseDoctype(text: string, fileName: string): void {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw unreadable(fileName)
}

async function contentStart(zip: ZipFile, entry: ZipEntry): Promise<number> {
  const handle = await openSheet(zip.path, zip.fileName)
  try {
    const header = await readAt(handle, entry.headerAt, 30)
    if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) throw unreadable(zip.fileName)
    return entry.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  } finally {
    await handle.close()
  }
}

function isTooLarge(bytes: number, packed: number, limits: SheetLimits): boolean {
  return bytes > limits.expandedBytes || (bytes > limits.ratioFrom && bytes > packed * limits.ratio)
}

function isInflateFault(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code?.startsWith('Z_') === true
}

export function unreadable(fileName: string): Problem {
  return new Problem('FILE.UNREADABLE', { file: fileName })
}
