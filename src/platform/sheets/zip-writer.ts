import type { FileHandle } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'

/** Level 4 costs half the time of the default and gives 6 % more bytes on sheets. */
const LEVEL = 4
const MOST_BYTES = 0xffffffff

/** Writes a zip archive part by part into a file; nothing but the list of parts is held. */
export interface ZipWriter {
  add(name: string, content: AsyncIterable<string> | Iterable<string>): Promise<void>
  /** As it is: for what is packed already. */
  addStored(name: string, bytes: Buffer): Promise<void>
  /** A part of another archive as it is, still packed. */
  addPacked(part: PackedPart, packed: AsyncIterable<Buffer>): Promise<void>
  end(): Promise<void>
}

export interface PackedPart {
  readonly name: string
  /** 0 stored, 8 deflate. */
  readonly method: number
  readonly crc: number
  readonly bytes: number
  readonly packedBytes: number
}

interface Part {
  readonly name: Buffer
  readonly method: number
  readonly crc: number
  readonly bytes: number
  readonly packedBytes: number
  readonly at: number
}

export function openZipWriter(file: FileHandle): ZipWriter {
  const parts: Part[] = []
  let position = 0
  const write = async (bytes: Buffer, at = position) => {
    await writeWhole(file, bytes, at)
    if (at === position) position += bytes.length
  }
  return {
    async add(name, content) {
      const at = position
      let bytes = 0
      let crc = 0
      async function* measured(): AsyncGenerator<Buffer> {
        for await (const text of content) {
          const piece = Buffer.from(text)
          bytes += piece.length
          crc = crc32(piece, crc)
          yield piece
        }
      }
      const blank: Part = { name: Buffer.from(name), method: DEFLATE, crc: 0, bytes: 0, packedBytes: 0, at }
      await write(localHeader(blank))
      const start = position
      const packed = pipeline(
        Readable.from(measured(), { objectMode: false }),
        createDeflateRaw({ level: LEVEL, chunkSize: 256 * 1024 }),
        () => undefined,
      )
      for await (const piece of packed) await write(piece as Buffer)
      const part: Part = { ...blank, crc, bytes, packedBytes: position - start }
      refuseWide(part, position)
      await writeWhole(file, localHeader(part), at)
      parts.push(part)
    },
    async addStored(name, bytes) {
      const size = { bytes: bytes.length, packedBytes: bytes.length }
      const part: Part = { name: Buffer.from(name), method: STORED, crc: crc32(bytes), ...size, at: position }
      refuseWide(part, position + bytes.length)
      await write(localHeader(part))
      await write(bytes)
      parts.push(part)
    },
    async addPacked({ name, method, crc, bytes, packedBytes }, packed) {
      const part: Part = { name: Buffer.from(name), method, crc, bytes, packedBytes, at: position }
      refuseWide(part, position + packedBytes)
      await write(localHeader(part))
      for await (const piece of packed) await write(piece)
      parts.push(part)
    },
    async end() {
      const at = position
      for (const part of parts) await write(centralHeader(part))
      const end = Buffer.alloc(22)
      end.writeUInt32LE(0x06054b50, 0)
      end.writeUInt16LE(parts.length, 8)
      end.writeUInt16LE(parts.length, 10)
      end.writeUInt32LE(position - at, 12)
      end.writeUInt32LE(at, 16)
      await write(end)
    },
  }
}

function refuseWide(part: Part, end: number): void {
  if (part.bytes > MOST_BYTES || end > MOST_BYTES) throw new RangeError('a part or an archive above 4 GiB')
}

/** A handle may take less than it is given when the disk is nearly full. */
export async function writeWhole(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done)
    done += bytesWritten
  }
}

/** Names in UTF-8 (bit 11), deflate, and one fixed day, so that the same rows give the same bytes. */
const FLAGS = 0x0800
const STORED = 0
const DEFLATE = 8
const DOS_DAY = 0x0021

function localHeader(part: Part): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(FLAGS, 6)
  header.writeUInt16LE(part.method, 8)
  header.writeUInt16LE(DOS_DAY, 12)
  header.writeUInt32LE(part.crc, 14)
  header.writeUInt32LE(part.packedBytes, 18)
  header.writeUInt32LE(part.bytes, 22)
  header.writeUInt16LE(part.name.length, 26)
  return Buffer.concat([header, part.name])
}

function centralHeader(part: Part): Buffer {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(20, 6)
  header.writeUInt16LE(FLAGS, 8)
  header.writeUInt16LE(part.method, 10)
  header.writeUInt16LE(DOS_DAY, 14)
  header.writeUInt32LE(part.crc, 16)
  header.writeUInt32LE(part.packedBytes, 20)
  header.writeUInt32LE(part.bytes, 24)
  header.writeUInt16LE(part.name.length, 28)
  header.writeUInt32LE(part.at, 42)
  return Buffer.concat([header, part.name])
}
