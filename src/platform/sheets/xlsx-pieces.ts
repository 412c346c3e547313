import { columnOfPlace } from './places.ts'
import { readEntry, refuseDoctype, unreadable } from './unzip.ts'
import type { Workbook, Worksheet } from './xlsx-parts.ts'

/** A row of a worksheet as it is written. */
export interface RowPiece {
  /** 1-based. */
  readonly number: number
  /** From `<row` up to, and without, its `>` or `/>`. */
  readonly tag: string
  readonly inner: string
  /** The whole element, with whatever stands in front of it. */
  readonly text: string
}

export type Piece =
  | { readonly kind: 'head'; readonly text: string; readonly prefix: string }
  | { readonly kind: 'rows'; readonly rows: readonly RowPiece[] }
  /** All that follows the last row, from `</sheetData>` on. */
  | { readonly kind: 'tail'; readonly text: string }

export const LAST_ROW = 1_048_576
/** As in `readRows`. */
const LONGEST_ROW = 40_000_000
/** Merged cells and links of every row of a full worksheet stay below. */
const LONGEST_TAIL = 256 * 1024 * 1024

/**
 * A worksheet cut into what stands before its rows, the rows in batches, and what stands behind; the texts joined are
 * the worksheet. For a copy in which only some rows change; `readRows` is the twin that reads values.
 */
export async function* readPieces(workbook: Workbook, worksheet: Worksheet): AsyncGenerator<Piece> {
  const { fileName } = workbook.zip
  const decoder = new TextDecoder('utf-8')
  let cutter: RowCutter | undefined
  let text = ''
  let tail: string[] | undefined
  let tailLength = 0
  for await (const chunk of readEntry(workbook.zip, worksheet.entry, workbook.limits)) {
    const piece = decoder.decode(chunk, { stream: true })
    if (tail !== undefined) {
      tail.push(piece)
      tailLength += piece.length
      if (tailLength > LONGEST_TAIL) throw unreadable(fileName)
      continue
    }
    text += piece
    if (cutter === undefined) {
      const head = cutHead(text, fileName)
      if (head === undefined) continue
      yield { kind: 'head', text: head.text, prefix: head.prefix }
      cutter = new RowCutter(head.prefix, fileName)
      text = head.rest
    }
    const { rows, taken, isOver } = cutter.cut(text)
    if (rows.length > 0) yield { kind: 'rows', rows }
    text = text.slice(taken)
    if (isOver) {
      tail = [text]
      text = ''
    }
    if (text.length > LONGEST_ROW) throw unreadable(fileName)
  }
  if (tail === undefined) throw unreadable(fileName)
  yield { kind: 'tail', text: tail.join('') }
}

function cutHead(text: string, fileName: string): { text: string; prefix: string; rest: string } | undefined {
  const data = /<((?:[\w-]+:)?)sheetData(?:\s[^>]*)?>/.exec(text)
  refuseDoctype(text.slice(0, 4096), fileName)
  if (data === null) {
    if (text.length > LONGEST_ROW) throw unreadable(fileName)
    return undefined
  }
  const prefix = data[1] ?? ''
  const end = data.index + data[0].length
  if (!data[0].endsWith('/>')) return { text: text.slice(0, end), prefix, rest: text.slice(end) }
  return {
    text: `${text.slice(0, data.index)}<${prefix}sheetData>`,
    prefix,
    rest: `</${prefix}sheetData>${text.slice(end)}`,
  }
}

class RowCutter {
  readonly #open: string
  readonly #close: string
  readonly #fileName: string
  #last = 0

  constructor(prefix: string, fileName: string) {
    this.#open = `<${prefix}row`
    this.#close = `</${prefix}row>`
    this.#fileName = fileName
  }

  cut(text: string): { rows: RowPiece[]; taken: number; isOver: boolean } {
    const rows: RowPiece[] = []
    let taken = 0
    let at = 0
    for (;;) {
      const start = text.indexOf('<', at)
      const tagEnd = start === -1 ? -1 : text.indexOf('>', start)
      if (tagEnd === -1) return { rows, taken, isOver: false }
      if (!text.startsWith(this.#open, start)) {
        if (text[start + 1] === '/') return { rows, taken, isOver: true }
        at = tagEnd + 1
        continue
      }
      const isEmpty = text[tagEnd - 1] === '/'
      const innerEnd = isEmpty ? tagEnd + 1 : text.indexOf(this.#close, tagEnd)
      if (innerEnd === -1) return { rows, taken, isOver: false }
      const end = isEmpty ? innerEnd : innerEnd + this.#close.length
      const tag = text.slice(start, isEmpty ? tagEnd - 1 : tagEnd)
      rows.push({
        number: this.#number(tag),
        tag,
        inner: isEmpty ? '' : text.slice(tagEnd + 1, innerEnd),
        text: text.slice(taken, end),
      })
      taken = end
      at = end
    }
  }

  #number(tag: string): number {
    const given = /\sr=["'](\d+)["']/.exec(tag)?.[1]
    const number = given === undefined ? this.#last + 1 : Number(given)
    if (number <= this.#last || number > LAST_ROW) throw unreadable(this.#fileName)
    this.#last = number
    return number
  }
}

/** A cell as it is written. */
export interface CellPiece {
  /** 0-based. */
  readonly column: number
  /** Attributes behind the name, without the place. */
  readonly attributes: string
  readonly style: number | undefined
  /** Undefined for `<c .../>`. */
  readonly inner: string | undefined
}

/** The cells of a row, and what follows them in it (extensions). */
export function cutCells(inner: string, prefix: string): { cells: CellPiece[]; rest: string } {
  const open = `<${prefix}c`
  const close = `</${prefix}c>`
  const cells: CellPiece[] = []
  let next = 0
  let end = 0
  for (let at = findCell(inner, open, 0); at !== -1; at = findCell(inner, open, end)) {
    const tagEnd = inner.indexOf('>', at)
    if (tagEnd === -1) break
    const isEmpty = inner[tagEnd - 1] === '/'
    const closeAt = isEmpty ? tagEnd : inner.indexOf(close, tagEnd)
    if (closeAt === -1) break
    const attributes = inner.slice(at + open.length, isEmpty ? tagEnd - 1 : tagEnd)
    const column = columnOfPlace(attributes) ?? next
    const style = /\ss=["'](\d+)["']/.exec(attributes)?.[1]
    cells.push({
      column,
      attributes: attributes.replace(/\s(?:r|s)=(?:"[^"]*"|'[^']*')/g, ''),
      style: style === undefined ? undefined : Number(style),
      inner: isEmpty ? undefined : inner.slice(tagEnd + 1, closeAt),
    })
    next = column + 1
    end = isEmpty ? tagEnd + 1 : closeAt + close.length
  }
  return { cells, rest: inner.slice(end) }
}

function findCell(inner: string, open: string, from: number): number {
  let at = inner.indexOf(open, from)
  while (at !== -1 && !/[\s>/]/.test(inner[at + open.length] ?? '')) at = inner.indexOf(open, at + 1)
  return at
}
