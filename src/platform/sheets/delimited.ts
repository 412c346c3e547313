import { sheetWords } from './words.ts'

export type Delimiter = ',' | '\t' | ';' | '|'
export const DELIMITERS: readonly Delimiter[] = [',', '\t', ';', '|']

/** One record of a text sheet: its cells, or why it could not be split. */
export type TextRecord =
  | { readonly cells: readonly string[]; readonly isLast: boolean }
  /** `line` as it stands in the file, where it is not too long. */
  | { readonly fault: string; readonly isLast: boolean; readonly line?: string }

/** A quoted cell may hold line breaks (Alt+Enter in a spreadsheet). Sixteen lines are more than any address has; an unpaired quote would swallow the sheet. */
const LONGEST_CELL_LINES = 16
const LONGEST_LINE = 1024 * 1024

/**
 * [SHEET-3] Splits text into records as RFC 4180 writes them, and goes on where that fails: a line with an unpaired
 * quote becomes one faulty record and reading resumes on the next line, so that the numbers of all other rows hold.
 * `expected` is how many cells a record of several lines must have to be believed.
 */
export class DelimitedReader {
  readonly #delimiter: Delimiter
  readonly #newline: '\n' | '\r'
  readonly #expected: number | undefined
  #carry = ''
  #isSkipping = false
  /** Lines of a record whose quoted cell is still open. */
  #open: string[] = []

  constructor(delimiter: Delimiter, newline: '\n' | '\r', expected?: number) {
    this.#delimiter = delimiter
    this.#newline = newline
    this.#expected = expected
  }

  *push(text: string): Generator<TextRecord> {
    let from = 0
    for (let at = text.indexOf(this.#newline); at !== -1; at = text.indexOf(this.#newline, from)) {
      const line = this.#carry === '' ? text.slice(from, at) : this.#carry + text.slice(from, at)
      this.#carry = ''
      from = at + 1
      if (this.#isSkipping) {
        this.#isSkipping = false
        yield faulty(sheetWords.fault.tooLong)
      } else {
        yield* this.#line(line)
      }
    }
    if (this.#isSkipping) return
    this.#carry += text.slice(from)
    if (this.#carry.length > LONGEST_LINE) {
      this.#carry = ''
      this.#isSkipping = true
    }
  }

  /** What is left when the file ends without a line break. */
  *end(): Generator<TextRecord> {
    if (this.#isSkipping) yield { ...faulty(sheetWords.fault.tooLong), isLast: true }
    let rest = this.#carry === '' ? [] : [...this.#line(this.#carry)]
    while (this.#open.length > 0) rest = [...rest, ...this.#giveUp()]
    for (const [index, record] of rest.entries())
      yield { ...record, isLast: this.#carry !== '' && index === rest.length - 1 }
  }

  *#line(line: string): Generator<TextRecord> {
    if (this.#open.length === 0 && !line.includes('"')) {
      yield { cells: withoutReturn(line).split(this.#delimiter), isLast: false }
      return
    }
    this.#open.push(line)
    const split = splitQuoted(withoutReturn(this.#open.join('\n')), this.#delimiter)
    if (split === 'open' && this.#open.length < LONGEST_CELL_LINES) return
    if (Array.isArray(split) && this.#isBelieved(split)) {
      this.#open = []
      yield { cells: split, isLast: false }
      return
    }
    yield* this.#giveUp()
  }

  /**
   * A record of several lines must have the cells of the heading. If each of its lines alone has them too, an unpaired
   * quote joined whole rows: they are read again one by one.
   */
  #isBelieved(cells: readonly string[]): boolean {
    const expected = this.#expected
    if (this.#open.length === 1 || expected === undefined) return true
    return cells.length === expected && !this.#open.every((line) => line.split(this.#delimiter).length === expected)
  }

  /** The first open line is faulty; the ones behind it are read again on their own. */
  *#giveUp(): Generator<TextRecord> {
    const [line = '', ...behind] = this.#open
    this.#open = []
    yield { ...faulty(sheetWords.fault.quotes), line: withoutReturn(line) }
    for (const line of behind) yield* this.#line(line)
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

function faulty(fault: string) {
  return { fault, isLast: false }
}

const QUOTED_FAULT = 'broken'

/** Cells of one record; `open` when it ends inside a quoted cell; `broken` when text follows a closing quote. */
function splitQuoted(text: string, delimiter: Delimiter): string[] | 'open' | 'broken' {
  const cells: string[] = []
  let at = 0
  for (;;) {
    const quote = skipSpaces(text, at)
    if (text[quote] !== '"') {
      const end = text.indexOf(delimiter, at)
      cells.push(end === -1 ? text.slice(at) : text.slice(at, end))
      if (end === -1) return cells
      at = end + 1
      continue
    }
    let cell = ''
    let from = quote + 1
    for (;;) {
      const close = text.indexOf('"', from)
      if (close === -1) return 'open'
      cell += text.slice(from, close)
      from = close + 1
      if (text[from] !== '"') break
      cell += '"'
      from++
    }
    cells.push(cell)
    const next = skipSpaces(text, from)
    if (next === text.length) return cells
    if (text[next] !== delimiter) return QUOTED_FAULT
    at = next + 1
  }
}

function skipSpaces(text: string, from: number): number {
  let at = from
  while (text[at] === ' ') at++
  return at
}

/** [SHEET-3] Cells of a data row, or the fault of a row that has too few or too many for the heading. */
export function fitCells(record: TextRecord, width: { readonly columns: number; readonly named: number }): TextRecord {
  if ('fault' in record) return record
  const { cells, isLast } = record
  if (cells.some((cell) => cell.includes('\ufffd'))) return { fault: sheetWords.fault.encoding, isLast }
  if (cells.length >= width.named && cells.slice(width.columns).every(isBlank)) return record
  if (cells.every(isBlank)) return record
  const isCut = isLast && cells.length < width.named
  const words = isCut ? sheetWords.fault.cut : sheetWords.fault.columns
  return { fault: words(cells.length, width.columns), isLast }
}

/** Nothing but spaces, NBSP and 全角空格 among them. */
export function isBlank(cell: string | null | undefined): boolean {
  return cell === null || cell === undefined || cell === '' || cell.trim() === ''
}
