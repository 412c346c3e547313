import type { StyleBook } from './mark-styles.ts'
import { type CellComment, cellsOfMarks, type Mark, type MarkCursor, MOST_COMMENTS, reasonOf } from './marks.ts'
import { columnLetters } from './places.ts'
import { sheetWords } from './words.ts'
import { type CellPiece, cutCells, type RowPiece } from './xlsx-pieces.ts'
import { escapeText } from './xml.ts'

export interface WorksheetMarking {
  readonly prefix: string
  readonly styles: StyleBook
  readonly cursor: MarkCursor
  readonly headerRow: number
  /** Of two heading rows the upper one: there the column of reasons has its name. */
  readonly headingRow: number
  /** 0-based column of the reasons. */
  readonly reasonColumn: number
  readonly reasonHeading: string
  /** The column holds reasons of an earlier copy. */
  readonly isReasonOld: boolean
  /** Style of empty cells by column, as `<cols>` gives it. */
  readonly columnStyle: (column: number) => number
}

export interface Marked {
  rows: number
  cells: number
}

/** Columns of a worksheet. */
export const LAST_COLUMN = 16_384

/**
 * Rewrites the rows of a worksheet one batch after another: rows that need nothing pass as they are, marked cells get
 * another style in their place, cells and rows that are not there are made where they belong.
 */
export class RowMarker {
  readonly comments: CellComment[] = []
  readonly marked: Marked = { rows: 0, cells: 0 }
  readonly #marking: WorksheetMarking
  readonly #reasonLetters: string

  constructor(marking: WorksheetMarking) {
    this.#marking = marking
    this.#reasonLetters = columnLetters(marking.reasonColumn)
  }

  get prefix(): string {
    return this.#marking.prefix
  }

  get reasonColumn(): number {
    return this.#marking.reasonColumn
  }

  async rewrite(rows: readonly RowPiece[]): Promise<string> {
    let xml = ''
    let next = await this.#marking.cursor.nextRow()
    for (const row of rows) {
      if (next < row.number) {
        xml += await this.rowsBefore(row.number)
        next = await this.#marking.cursor.nextRow()
      }
      if (next === row.number) {
        xml += this.#markRow(row, await this.#marking.cursor.take(row.number))
        next = await this.#marking.cursor.nextRow()
      } else {
        xml += this.#needsChange(row) ? this.#markRow(row, []) : row.text
      }
    }
    return xml
  }

  /** Rows with marks that the worksheet does not have, up to `end` and without it. */
  async rowsBefore(end: number): Promise<string> {
    const { cursor, prefix } = this.#marking
    let xml = ''
    for (let number = await cursor.nextRow(); number < end; number = await cursor.nextRow()) {
      const tag = `<${prefix}row r="${number}"`
      xml += this.#markRow({ number, tag, inner: '', text: '' }, await cursor.take(number))
    }
    return xml
  }

  /** The heading gets its name, and what is left of an earlier copy goes. */
  #needsChange({ number, inner }: RowPiece): boolean {
    const { headerRow, headingRow, isReasonOld, styles } = this.#marking
    if (number === headingRow) return true
    if (isReasonOld && number > headerRow && inner.includes(`"${this.#reasonLetters}${number}"`)) return true
    if (!styles.hasEarlierMarks) return false
    for (const [, style] of inner.matchAll(/\ss=["'](\d+)["']/g)) if (styles.isEarlierMark(Number(style))) return true
    return false
  }

  #markRow(row: RowPiece, marks: readonly Mark[]): string {
    const { prefix, styles, headerRow, headingRow, reasonColumn, reasonHeading, isReasonOld } = this.#marking
    const { cells: pieces, rest } = cutCells(row.inner, prefix)
    const cells = new Map<number, CellPiece>()
    for (const piece of pieces) cells.set(piece.column, { ...piece, style: this.#plain(piece.style) })
    const rowStyle = /\scustomFormat=["'](?:1|true)["']/.test(row.tag)
      ? /\ss=["'](\d+)["']/.exec(row.tag)?.[1]
      : undefined
    const styleOf = (column: number) =>
      cells.get(column)?.style ?? (rowStyle === undefined ? this.#marking.columnStyle(column) : Number(rowStyle))
    for (const { column, severity, texts } of cellsOfMarks(marks)) {
      if (column < 0 || column >= LAST_COLUMN) throw new RangeError('a mark beyond the columns of a worksheet')
      const base = cells.get(column) ?? { column, attributes: '', inner: undefined }
      cells.set(column, { ...base, style: styles.marked(styleOf(column), severity) })
      this.marked.cells++
      if (this.comments.length < MOST_COMMENTS) this.comments.push({ row: row.number, column, text: texts.join('\n') })
    }
    if (marks.length > 0) this.marked.rows++
    if (row.number === headingRow) {
      if (!isReasonOld) cells.set(reasonColumn, this.#textCell(reasonHeading, styleOf(reasonColumn - 1)))
    } else if (row.number > headerRow) {
      const reason = reasonOf(marks, sheetWords.mark.between)
      if (reason !== '') cells.set(reasonColumn, this.#textCell(reason, styles.text()))
      else if (isReasonOld) cells.delete(reasonColumn)
    }
    const sorted = [...cells.values()].sort((a, b) => a.column - b.column)
    const tag = (/\sr=["']/.test(row.tag) ? row.tag : `${row.tag} r="${row.number}"`).replace(
      /\sspans=(?:"[^"]*"|'[^']*')/,
      '',
    )
    return `${tag}>${sorted.map((cell) => this.#cellXml(cell, row.number)).join('')}${rest}</${prefix}row>`
  }

  #plain(style: number | undefined): number | undefined {
    return style === undefined ? undefined : this.#marking.styles.plain(style)
  }

  #textCell(text: string, style: number): CellPiece {
    const { prefix: p, reasonColumn } = this.#marking
    const inner = `<${p}is><${p}t xml:space="preserve">${escapeText(text)}</${p}t></${p}is>`
    return { column: reasonColumn, attributes: ' t="inlineStr"', style, inner }
  }

  #cellXml({ column, attributes, style, inner }: CellPiece, row: number): string {
    const { prefix: p } = this.#marking
    const open = `<${p}c r="${columnLetters(column)}${row}"${style === undefined ? '' : ` s="${style}"`}${attributes}`
    return inner === undefined ? `${open}/>` : `${open}>${inner}</${p}c>`
  }
}
