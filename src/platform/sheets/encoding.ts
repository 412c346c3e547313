import { isAscii, isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { Problem } from '../../kernel/problem.ts'
import { openSheet, readAt } from './sniff.ts'

export type EncodingName = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'

/** What one reading of the whole text file showed. */
export interface TextTraits {
  readonly encoding: EncodingName
  readonly bytes: number
  /** Lines up to the last one with content. */
  readonly lines: number
  /** An empty line stands between two lines with content. */
  readonly hasBlankLine: boolean
  readonly hasNul: boolean
  /** Some bytes belong to no character of the encoding. */
  readonly hasBadBytes: boolean
  readonly newline: '\n' | '\r'
}

const CHUNK = 4 * 1024 * 1024
/** Bytes of the chunk before that are looked at again: a line break is up to two bytes. */
const OVERLAP = 2
/** Bytes with non-ASCII content that decide between encodings. */
const SAMPLE = 2 * 1024 * 1024
const BLOCK = 4096
/** One character in a hundred may be damaged; more means that the encoding is another one. */
const BAD_SHARE = 0.01

/**
 * [SHEET-2] The encoding, found in the content of the whole file and not in its first lines: a heading in English
 * above Chinese names, or a file cut in the middle of a character, does not mislead. UTF-8 (with or without BOM) where
 * every byte is UTF-8; else UTF-8 or GB18030, whichever reads with fewer damaged characters.
 */
export async function readTextTraits(path: string, fileName: string): Promise<TextTraits> {
  const handle = await openSheet(path, fileName)
  try {
    const { size } = await handle.stat()
    const head = await readAt(handle, 0, Math.min(size, 64 * 1024))
    const wide = findUtf16(head)
    if (wide !== undefined) {
      return {
        encoding: wide,
        bytes: size,
        lines: 0,
        hasBlankLine: true,
        hasNul: false,
        hasBadBytes: false,
        newline: '\n',
      }
    }
    const scan = new ByteScan()
    const buffer = Buffer.alloc(OVERLAP + Math.min(CHUNK, size))
    for (let position = 0; position < size; ) {
      const { bytesRead } = await handle.read(buffer, OVERLAP, buffer.length - OVERLAP, position)
      if (bytesRead === 0) break
      const end = OVERLAP + bytesRead
      scan.add(buffer.subarray(position === 0 ? OVERLAP : 0, end), position === 0 ? 0 : OVERLAP)
      buffer.copy(buffer, 0, end - OVERLAP, end)
      position += bytesRead
    }
    return { ...scan.decide(fileName), bytes: size }
  } finally {
    await handle.close()
  }
}

class ByteScan {
  #carry: Buffer = Buffer.alloc(0)
  #isUtf8 = true
  #hasNul = false
  #hasLineFeed = false
  #hasReturn = false
  #gapSeen = false
  #lines = 0
  /** Line breaks since the last content. */
  #openLines = 0
  #hasBlankLine = false
  readonly #samples: Buffer[] = []
  #sampled = 0

  /** `seen`: how many bytes at the front were part of the chunk before. */
  add(view: Buffer, seen: number): void {
    const chunk = view.subarray(seen)
    this.#hasNul ||= chunk.includes(0)
    this.#hasLineFeed ||= chunk.includes(0x0a)
    this.#hasReturn ||= chunk.includes(0x0d)
    this.#hasBlankLine ||= this.#findGap(view, chunk)
    this.#countLines(chunk)
    if (!isAscii(chunk)) this.#sample(chunk)
    if (!this.#isUtf8) return
    const joined = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk])
    const whole = wholeCharacters(joined)
    this.#isUtf8 = isUtf8(joined.subarray(0, whole))
    this.#carry = Buffer.from(joined.subarray(whole))
  }

  decide(fileName: string): Omit<TextTraits, 'bytes'> {
    const newline = !this.#hasLineFeed && this.#hasReturn ? '\r' : '\n'
    const traits = { lines: this.#lines + 1, hasBlankLine: this.#hasBlankLine, hasNul: this.#hasNul, newline } as const
    // What is left in the carry is a character cut off by the end of the file.
    if (this.#isUtf8) return { ...traits, encoding: 'utf-8', hasBadBytes: this.#carry.length > 0 }
    if (this.#hasNul) throw new Problem('FILE.TYPE', { file: fileName })
    const sample = Buffer.concat(this.#samples)
    const utf8 = badShare(sample, 'utf-8')
    const gb18030 = badShare(sample, 'gb18030')
    if (Math.min(utf8, gb18030) > BAD_SHARE) throw new Problem('SHEET.ENCODING', { file: fileName })
    return { ...traits, encoding: utf8 < gb18030 ? 'utf-8' : 'gb18030', hasBadBytes: true }
  }

  /** Blank lines at the very end are no gap: one counts when content follows. */
  #findGap(view: Buffer, chunk: Buffer): boolean {
    const content = lastContent(chunk)
    if (content < 0) {
      this.#gapSeen ||= GAPS.some((gap) => view.includes(gap))
      return false
    }
    if (this.#gapSeen) return true
    const end = view.length - chunk.length + content + 1
    if (GAPS.some((gap) => view.subarray(0, end).includes(gap))) return true
    this.#gapSeen = GAPS.some((gap) => view.subarray(end).includes(gap))
    return false
  }

  #countLines(chunk: Buffer): void {
    const end = lastContent(chunk) + 1
    if (end > 0) {
      this.#lines += this.#openLines + lineFeeds(chunk.subarray(0, end))
      this.#openLines = 0
    }
    this.#openLines += lineFeeds(chunk.subarray(end))
  }

  #sample(chunk: Buffer): void {
    if (this.#sampled >= SAMPLE) return
    const from = firstWide(chunk)
    const taken = Buffer.from(chunk.subarray(from, from + SAMPLE - this.#sampled))
    this.#samples.push(taken)
    this.#sampled += taken.length
  }
}

const GAPS = ['\n\n', '\n\r\n', '\r\r'].map((gap) => Buffer.from(gap))

/** Where the first block with a non-ASCII byte begins; its front may cut a character, which is one in thousands. */
function firstWide(chunk: Buffer): number {
  let at = 0
  while (at < chunk.length && isAscii(chunk.subarray(at, at + BLOCK))) at += BLOCK
  return at
}

function lineFeeds(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) count++
  return count
}

function lastContent(chunk: Buffer): number {
  let at = chunk.length - 1
  while (at >= 0 && (chunk[at] === 0x0a || chunk[at] === 0x0d)) at--
  return at
}

/** Length of the part that ends with a whole UTF-8 character. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return needed > back ? bytes.length - back : bytes.length
    }
  }
  return bytes.length
}

function badShare(sample: Buffer, encoding: EncodingName): number {
  const text = new TextDecoder(encoding).decode(sample)
  let wide = 0
  let bad = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x80) continue
    wide++
    // U+FFFD, and the private use area that GB18030 gives to bytes no editor writes by intention.
    if (code === 0xfffd || (code >= 0xe000 && code <= 0xe765)) bad++
  }
  return wide === 0 ? 0 : bad / wide
}

function findUtf16(head: Buffer): EncodingName | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const pairs = Math.floor(head.length / 2)
  let evenNul = 0
  let oddNul = 0
  for (let at = 0; at < pairs * 2; at += 2) {
    if (head[at] === 0) evenNul++
    if (head[at + 1] === 0) oddNul++
  }
  // Without a mark: separators, digits and line breaks of a sheet leave every other byte zero, text in one byte leaves none.
  if (oddNul > pairs * 0.2 && evenNul === 0) return 'utf-16le'
  if (evenNul > pairs * 0.2 && oddNul === 0) return 'utf-16be'
  return undefined
}

/** The file as text in chunks; bytes that are no character become U+FFFD, a BOM is dropped. */
export async function* decodeText(path: string, encoding: EncodingName): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    yield decoder.decode(chunk as Buffer, { stream: true })
  }
  yield decoder.decode()
}
