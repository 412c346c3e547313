import { isBlank } from './delimited.ts'
import { columnOfPlace } from './places.ts'
import type { SharedTexts } from './shared-texts.ts'
import { readEntry, refuseDoctype, unreadable } from './unzip.ts'
import { type Merge, MergeCarrier } from './xlsx-merges.ts'
import type { Workbook, Worksheet } from './xlsx-parts.ts'
import { LAST_ROW } from './xlsx-pieces.ts'
import { cellText, richText } from './xml.ts'

export interface SheetRow {
  /** 1-based row of the worksheet. */
  readonly row: number
  /** By 0-based column; columns that were not asked for or are empty stay out. */
  readonly cells: (string | undefined)[]
  /** No cell of the row holds anything, whether it was asked for or not. */
  readonly isBlank: boolean
}

export interface RowsWanted {
  /** 0-based columns; every column up to the limit when absent. */
  readonly columns?: ReadonlySet<number>
  /** Columns in which a bare number in the range of spreadsheet days is a day. */
  readonly days?: ReadonlySet<number>
  /** From `readMerges`: what stands in merged cells holds in all their rows. */
  readonly merges?: readonly Merge[]
}

/** Spreadsheets end at 16,384; a roll has 80. Cells beyond stay out, so that one far cell costs nothing. */
const LAST_COLUMN = 1_000
/** 1,000 cells of the longest text each stay below; a row beyond is made to exhaust. */
const LONGEST_ROW = 40_000_000

/**
 * [SHEET-10] Rows of a worksheet in batches, without holding the sheet. A formula gives the value that was stored with
 * it and is never computed; an error value is no value; a number in a day's style becomes YYYY-MM-DD; any other number
 * is its plain digits, and one of more than fifteen takes a form in which it is seen to have lost some.
 */
export async function* readRows(
  workbook: Workbook,
  worksheet: Worksheet,
  texts: SharedTexts,
  wanted: RowsWanted = {},
): AsyncGenerator<SheetRow[]> {
  const { fileName } = workbook.zip
  const decoder = new TextDecoder('utf-8')
  const carrier = new MergeCarrier(wanted.merges ?? [])
  let scanner: RowScanner | undefined
  let text = ''
  for await (const chunk of readEntry(workbook.zip, worksheet.entry, workbook.limits)) {
    text += decoder.decode(chunk, { stream: true })
    if (scanner === undefined) {
      refuseDoctype(text.slice(0, 4096), fileName)
      const root = /<([\w-]+:)?worksheet[\s>]/.exec(text)
      if (root === null) throw unreadable(fileName)
      scanner = new RowScanner(root[1] ?? '', workbook, texts, wanted)
    }
    const { rows, taken } = scanner.scan(text)
    text = text.slice(taken)
    if (text.length > LONGEST_ROW) throw unreadable(fileName)
    for (const { row, cells } of rows) carrier.carry(row, cells)
    if (rows.length > 0) yield rows
  }
}

class RowScanner {
  readonly #rowOpen: string
  readonly #rowClose: string
  readonly #cellOpen: string
  readonly #cellClose: string
  readonly #value: string
  readonly #valueClose: string
  readonly #prefix: string
  readonly #workbook: Workbook
  readonly #texts: SharedTexts
  readonly #wanted: RowsWanted
  #last = 0

  constructor(prefix: string, workbook: Workbook, texts: SharedTexts, wanted: RowsWanted) {
    this.#prefix = prefix
    this.#rowOpen = `<${prefix}row`
    this.#rowClose = `</${prefix}row>`
    this.#cellOpen = `<${prefix}c`
    this.#cellClose = `</${prefix}c>`
    this.#value = `<${prefix}v`
    this.#valueClose = `</${prefix}v>`
    this.#workbook = workbook
    this.#texts = texts
    this.#wanted = wanted
  }

  scan(text: string): { rows: SheetRow[]; taken: number } {
    const rows: SheetRow[] = []
    let taken = 0
    for (;;) {
      const start = this.#findRow(text, taken)
      const tagEnd = start === -1 ? -1 : text.indexOf('>', start)
      // A tag may be cut by the end of the chunk: its beginning stays for the next one.
      if (tagEnd === -1) return { rows, taken: start === -1 ? Math.max(taken, text.lastIndexOf('<')) : start }
      const number = this.#rowNumber(text.slice(start, tagEnd))
      if (text[tagEnd - 1] === '/') {
        taken = tagEnd + 1
        continue
      }
      const end = text.indexOf(this.#rowClose, tagEnd)
      if (end === -1) return { rows, taken: this.#rewind(number, start) }
      rows.push({ row: number, ...this.#readCells(text.slice(tagEnd + 1, end)) })
      taken = end + this.#rowClose.length
    }
  }

  #rewind(number: number, start: number): number {
    this.#last = number - 1
    return start
  }

  #findRow(text: string, from: number): number {
    for (let at = text.indexOf(this.#rowOpen, from); at !== -1; at = text.indexOf(this.#rowOpen, at + 1)) {
      const after = text[at + this.#rowOpen.length]
      if (
        after === undefined ||
        after === ' ' ||
        after === '>' ||
        after === '/' ||
        after === '\n' ||
        after === '\r' ||
        after === '\t'
      )
        return at
    }
    return -1
  }

  /** Rows without a number follow on the one before; numbers that go back would let two rows share one place. */
  #rowNumber(tag: string): number {
    const given = /\sr=["'](\d+)["']/.exec(tag)?.[1]
    const number = given === undefined ? this.#last + 1 : Number(given)
    if (number <= this.#last || number > LAST_ROW) throw unreadable(this.#workbook.zip.fileName)
    this.#last = number
    return number
  }

  #readCells(xml: string): Omit<SheetRow, 'row'> {
    const cells: (string | undefined)[] = []
    let isBlankRow = true
    let next = 0
    for (let at = xml.indexOf(this.#cellOpen); at !== -1; ) {
      const after = xml[at + this.#cellOpen.length]
      const tagEnd = xml.indexOf('>', at)
      if (tagEnd === -1) break
      if (after !== ' ' && after !== '>' && after !== '/') {
        at = xml.indexOf(this.#cellOpen, tagEnd)
        continue
      }
      const tag = xml.slice(at, tagEnd)
      const column = columnOfPlace(tag) ?? next
      next = column + 1
      if (xml[tagEnd - 1] === '/') {
        at = xml.indexOf(this.#cellOpen, tagEnd)
        continue
      }
      const end = xml.indexOf(this.#cellClose, tagEnd)
      if (end === -1) break
      const isWanted = column < LAST_COLUMN && this.#wanted.columns?.has(column) !== false
      if (isWanted || isBlankRow) {
        const value = this.#readValue(tag, xml.slice(tagEnd + 1, end), column)
        isBlankRow &&= isBlank(value)
        if (isWanted && value !== '') cells[column] = value
      }
      at = xml.indexOf(this.#cellOpen, end + this.#cellClose.length)
    }
    return { cells, isBlank: isBlankRow }
  }

  #readValue(tag: string, inner: string, column: number): string {
    const type = /\st=["'](\w+)["']/.exec(tag)?.[1] ?? 'n'
    if (type === 'inlineStr') return richText(inner, this.#prefix)
    const value = this.#rawValue(inner)
    if (value === '' || type === 'e') return ''
    if (type === 's') return this.#texts.get(Number(value))
    if (type === 'str') return cellText(value)
    if (type === 'b') return value === '1' || value === 'true' ? 'TRUE' : 'FALSE'
    if (type === 'd') return value.replace(/T00:00:00(\.0+)?Z?$/, '')
    const style = Number(/\ss=["'](\d+)["']/.exec(tag)?.[1] ?? 0)
    const number = value.trim()
    if (this.#workbook.isDay[style] === true || (this.#wanted.days?.has(column) === true && SERIAL.test(number))) {
      return dayOfSerial(Number(number), this.#workbook.is1904) ?? plainNumber(number)
    }
    return plainNumber(number)
  }

  #rawValue(inner: string): string {
    const start = inner.indexOf(this.#value)
    const tagEnd = start === -1 ? -1 : inner.indexOf('>', start)
    if (tagEnd === -1 || inner[tagEnd - 1] === '/') return ''
    const end = inner.indexOf(this.#valueClose, tagEnd)
    return end === -1 ? '' : inner.slice(tagEnd + 1, end)
  }
}

/** Days from 1954-10-03 to 2064-04-08, without a time of day: no year, month or yyyymmdd looks like these. */
const SERIAL = /^[2-5]\d{4}(\.0+)?$/

/** [SHEET-11] The calendar day of a spreadsheet serial; the 29 February 1900 that spreadsheets count does not exist. */
export function dayOfSerial(serial: number, is1904: boolean): string | undefined {
  if (!(serial >= 1 && serial < 2_958_466)) return undefined
  const whole = Math.floor(serial)
  const days = is1904 ? whole + 1462 : whole
  const since1970 = days - (days < 60 ? 25_568 : 25_569)
  const seconds = Math.round((serial - whole) * 86_400)
  const iso = new Date(since1970 * 86_400_000 + seconds * 1000).toISOString()
  return seconds === 0 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`
}

/** What a spreadsheet keeps of a number. */
const KEPT_DIGITS = 15

/**
 * [SHEET-12] `1.38E+10` is 13800000000. A number of more than fifteen digits, an ID that was typed as one, has lost its
 * last digits (or will at the next saving; some writers put other digits in their place), so it is given in scientific
 * form, `5.0010320150831E+17`, in which nobody takes it for an ID.
 */
export function plainNumber(text: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (parts === null) return text
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = parts
  const exponent = Number(exponentText)
  const digits = whole + fraction
  const point = whole.length + exponent
  if (point > KEPT_DIGITS) {
    const tail = digits.slice(1).replace(/0+$/, '')
    return `${sign}${digits[0]}${tail === '' ? '' : `.${tail}`}E+${point - 1}`
  }
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length)
  if (point < -KEPT_DIGITS) return text
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`.replace(/\.0+$/, '')
}
