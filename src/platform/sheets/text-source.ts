import { open } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DelimitedReader, type Delimiter, type TextRecord } from './delimited.ts'
import { literal, plainPath } from './duck.ts'
import { decodeText, type TextTraits } from './encoding.ts'

/** A text sheet that can be read in two ways: at once by DuckDB where it is regular, and line by line where it is not. */
export interface TextSource {
  readonly path: string
  readonly traits: TextTraits
  readonly delimiter: Delimiter
  /** Records above the first data row, the heading among them. */
  readonly skip: number
  /** Columns of the heading, and how many of them end with the last one that has a name. */
  readonly width: { readonly columns: number; readonly named: number }
}

/** Characters of the head in which encoding of lines, delimiter and heading are looked for. */
const HEAD = 256 * 1024

export async function readHead(path: string, traits: TextTraits): Promise<{ text: string; isWhole: boolean }> {
  let text = ''
  for await (const piece of decodeText(path, traits.encoding)) {
    text += piece
    if (text.length > HEAD) return { text: text.slice(0, HEAD), isWhole: false }
  }
  return { text, isWhole: true }
}

/** The first records of a head. The last line of a head that is only a part of the file is left out. */
export function splitHead(
  head: { text: string; isWhole: boolean },
  delimiter: Delimiter,
  newline: '\n' | '\r',
  most: number,
): string[][] {
  const reader = new DelimitedReader(delimiter, newline)
  const rows: string[][] = []
  const records: Iterable<TextRecord>[] = head.isWhole
    ? [reader.push(head.text), reader.end()]
    : [reader.push(head.text)]
  for (const part of records) {
    for (const record of part) {
      rows.push('fault' in record ? [] : [...record.cells])
      if (rows.length === most) return rows
    }
  }
  return rows
}

/** Every record below the heading, whatever is wrong with it. */
export async function* readRecords(
  source: TextSource,
  onChunk?: (share: number) => void,
): AsyncGenerator<TextRecord[]> {
  const reader = new DelimitedReader(source.delimiter, source.traits.newline, source.width.columns)
  let left = source.skip
  let characters = 0
  const below = (records: Iterable<TextRecord>): TextRecord[] => {
    const kept: TextRecord[] = []
    for (const record of records) {
      if (left > 0) left--
      else kept.push(record)
    }
    return kept
  }
  for await (const text of decodeText(source.path, source.traits.encoding)) {
    yield below(reader.push(text))
    characters += text.length
    // Three bytes of UTF-8 and two of the others a Chinese character: near enough for a progress line.
    onChunk?.(Math.min(1, (characters * 1.5) / source.traits.bytes))
  }
  yield below(reader.end())
}

/** Whether DuckDB may be tried: it counts no blank lines, reads UTF-8 only and stops at bytes that are none. */
export function isRegular(source: TextSource): boolean {
  const { traits } = source
  return !(traits.hasBlankLine || traits.hasNul || (traits.hasBadBytes && traits.encoding === 'utf-8'))
}

/** The same text as UTF-8 under a plain name; other encodings are rewritten into the work folder. */
export async function asUtf8(source: TextSource, workDir: string): Promise<string> {
  if (source.traits.encoding === 'utf-8') return plainPath(source.path, workDir, '.csv')
  const copy = join(resolve(workDir), `utf8-${copyNumber++}.csv`)
  const out = await open(copy, 'wx', 0o600)
  try {
    for await (const text of decodeText(source.path, source.traits.encoding)) await out.write(text)
  } finally {
    await out.close()
  }
  return copy
}

let copyNumber = 0

/** Table expression over a regular text sheet: columns c0, c1, ... as text, every fault an error. */
export function strictCsv(utf8Path: string, source: TextSource): string {
  const columns = Array.from({ length: source.width.columns }, (_, index) => `'c${index}': 'VARCHAR'`).join(', ')
  return `read_csv(${literal(utf8Path)}, auto_detect = false, header = false, skip = ${source.skip}, delim = ${literal(source.delimiter)},
    quote = '"', escape = '"', strict_mode = true, columns = {${columns}})`
}
