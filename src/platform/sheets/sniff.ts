import { type FileHandle, open } from 'node:fs/promises'
import { Problem } from '../../kernel/problem.ts'

export type Container = 'zip' | 'parquet' | 'text'

/**
 * [SHEET-1] What a file is, by its first bytes and never by its name. Empty files, old or encrypted
 * Office files, web pages saved as `.xls`, pictures and documents are refused with advice.
 */
export async function sniffContainer(path: string, fileName: string): Promise<Container> {
  const handle = await openSheet(path, fileName)
  try {
    const { size } = await handle.stat()
    if (size === 0) throw new Problem('FILE.EMPTY', { file: fileName })
    const head = await readAt(handle, 0, Math.min(size, 4096))
    if (startsWith(head, [0x50, 0x4b])) return 'zip'
    if (startsWith(head, [0x50, 0x41, 0x52, 0x31])) {
      const tail = await readAt(handle, Math.max(0, size - 4), 4)
      if (size < 12 || !startsWith(tail, [0x50, 0x41, 0x52, 0x31]))
        throw new Problem('FILE.TRUNCATED', { file: fileName })
      return 'parquet'
    }
    if (UNREADABLE.some((magic) => startsWith(head, magic))) throw new Problem('FILE.UNREADABLE', { file: fileName })
    if (FOREIGN.some((magic) => startsWith(head, magic))) throw new Problem('FILE.TYPE', { file: fileName })
    const opening = head
      .toString('latin1')
      .replace(/^(ï»¿)?\s*/, '')
      .slice(0, 200)
      .toLowerCase()
    if (/^<(!doctype|html|\?xml|table|meta|head)/.test(opening))
      throw new Problem('FILE.UNREADABLE', { file: fileName })
    return 'text'
  } finally {
    await handle.close()
  }
}

export async function openSheet(path: string, fileName: string): Promise<FileHandle> {
  try {
    const handle = await open(path, 'r')
    if ((await handle.stat()).isFile()) return handle
    await handle.close()
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  throw new Problem('FILE.MISSING', { file: fileName })
}

export async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

/** OLE compound files: .xls, .doc, and every Office file with a password. */
const UNREADABLE = [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]]

/** PDF, PNG, JPEG, GIF, gzip, RAR, 7z, xz, zstd, ELF, RTF, SQLite. */
const FOREIGN = [
  [0x25, 0x50, 0x44, 0x46],
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x47, 0x49, 0x46, 0x38],
  [0x1f, 0x8b],
  [0x52, 0x61, 0x72, 0x21],
  [0x37, 0x7a, 0xbc, 0xaf],
  [0xfd, 0x37, 0x7a, 0x58],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0x7f, 0x45, 0x4c, 0x46],
  [0x7b, 0x5c, 0x72, 0x74, 0x66],
  [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65],
]

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, at) => bytes[at] === byte)
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EISDIR' || code === 'ENAMETOOLONG'
}
