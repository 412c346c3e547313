import type { FileHandle } from 'node:fs/promises'
import { type CommentParts, mergeComments } from './mark-comments.ts'
import { MARK_BORDER, MARK_FILL } from './mark-styles.ts'
import type { CellComment, Severity } from './marks.ts'
import { columnLetters } from './places.ts'
import { escapeText } from './xml.ts'
import { openZipWriter, type ZipWriter } from './zip-writer.ts'

export interface MarkedText {
  readonly text: string
  readonly severity: Severity
}

export type OutCell = string | number | null | MarkedText

/** Comments of the first worksheet; gathered while its rows are written, read once they are. */
export interface OutComments {
  readonly list: readonly CellComment[]
  readonly author: string
}

export interface OutColumn {
  readonly heading: string
  /** In characters. */
  readonly width: number
  /** What a drop-down in the cells below offers; something else may be typed. */
  readonly choices?: readonly string[]
}

export interface OutSheet {
  readonly name: string
  readonly columns: readonly OutColumn[]
  /** Batches of rows; texts stay texts, whatever they begin with. */
  readonly rows: AsyncIterable<readonly (readonly OutCell[])[]>
  /** The heading stays in sight and filters; off for a page of sums, whose first row is a title. */
  readonly isList: boolean
}

/** Below Excel's 1,048,576 so that the heading and a few rows added by hand still fit. */
const ROWS_A_SHEET = 1_000_000
/** A part above 4 GiB needs an extension not every reader knows. */
const BYTES_A_SHEET = 3 * 1024 ** 3
const NAMESPACE = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/**
 * [SHEET-17] Writes a workbook row by row in constant memory. Every text is a text cell in text format: an ID keeps
 * its eighteen digits and `=cmd` is never a formula. A list above a million rows goes on in `name-2`.
 */
export async function writeXlsx(
  file: FileHandle,
  sheets: readonly OutSheet[],
  rowsASheet = ROWS_A_SHEET,
  comments: OutComments = { list: [], author: '' },
): Promise<void> {
  const zip = openZipWriter(file)
  const names: string[] = []
  for (const sheet of sheets) {
    const cursor = new Cursor(sheet.rows, rowsASheet)
    for (let part = 1; part === 1 || (await cursor.hasMore()); part++) {
      names.push(part === 1 ? sheet.name : `${sheet.name}-${part}`)
      cursor.startSheet()
      await zip.add(`xl/worksheets/sheet${names.length}.xml`, worksheet(sheet, cursor, names.length === 1, comments))
    }
  }
  const hasComments = comments.list.length > 0
  if (hasComments) await addComments(zip, mergeComments({}, comments.list, comments.author))
  await zip.add('xl/styles.xml', once(STYLES))
  await zip.add('xl/workbook.xml', once(workbookXml(names)))
  await zip.add('xl/_rels/workbook.xml.rels', once(workbookRelations(names.length)))
  await zip.add(
    '_rels/.rels',
    once(
      `${DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
  )
  await zip.add('[Content_Types].xml', once(contentTypes(names.length, hasComments)))
  await zip.end()
}

async function addComments(zip: ZipWriter, { comments, drawing }: CommentParts): Promise<void> {
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${RELATION}/${type}" Target="${target}"/>`
  await zip.add('xl/comments1.xml', [comments])
  await zip.add('xl/drawings/vmlDrawing1.vml', [drawing])
  await zip.add('xl/worksheets/_rels/sheet1.xml.rels', [
    `${DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relation('rId1', 'vmlDrawing', '../drawings/vmlDrawing1.vml')}${relation('rId2', 'comments', '../comments1.xml')}</Relationships>`,
  ])
}

/** Rows handed out sheet by sheet. */
class Cursor {
  readonly #source: AsyncIterator<readonly (readonly OutCell[])[]>
  readonly #rowsASheet: number
  #batch: readonly (readonly OutCell[])[] = []
  #at = 0
  #rows = 0
  #bytes = 0

  constructor(rows: AsyncIterable<readonly (readonly OutCell[])[]>, rowsASheet: number) {
    this.#source = rows[Symbol.asyncIterator]()
    this.#rowsASheet = rowsASheet
  }

  startSheet(): void {
    this.#rows = 0
    this.#bytes = 0
  }

  wrote(bytes: number): void {
    this.#bytes += bytes
  }

  async hasMore(): Promise<boolean> {
    while (this.#at >= this.#batch.length) {
      const next = await this.#source.next()
      if (next.done === true) return false
      this.#batch = next.value
      this.#at = 0
    }
    return true
  }

  /** The next rows that still belong to this sheet; empty when it is full or the rows are over. */
  async take(): Promise<readonly (readonly OutCell[])[]> {
    if (this.#rows >= this.#rowsASheet || this.#bytes > BYTES_A_SHEET || !(await this.hasMore())) return []
    const end = Math.min(this.#batch.length, this.#at + this.#rowsASheet - this.#rows)
    const rows = this.#batch.slice(this.#at, end)
    this.#rows += rows.length
    this.#at = end
    return rows
  }
}

async function* worksheet(
  { columns, isList }: OutSheet,
  cursor: Cursor,
  isFirst: boolean,
  comments: OutComments,
): AsyncGenerator<string> {
  const pane = isList ? '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' : ''
  const widths = columns
    .map(({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`)
    .join('')
  yield `${DECLARATION}<worksheet xmlns="${NAMESPACE}"><sheetViews><sheetView workbookViewId="0"${isFirst ? ' tabSelected="1"' : ''}>${pane}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${widths}</cols><sheetData>`
  const letters = columns.map((_, index) => columnLetters(index))
  yield rowXml(
    1,
    columns.map(({ heading }) => heading),
    letters,
    HEADING_STYLE,
  )
  let number = 1
  for (let rows = await cursor.take(); rows.length > 0; rows = await cursor.take()) {
    let xml = ''
    for (const row of rows) xml += rowXml(++number, row, letters, TEXT_STYLE)
    cursor.wrote(xml.length)
    yield xml
  }
  const range = `A1:${letters.at(-1) ?? 'A'}${number}`
  const filter = isList ? `<autoFilter ref="${range}"/>` : ''
  const drawing = isFirst && comments.list.length > 0 ? `<legacyDrawing xmlns:r="${RELATION}" r:id="rId1"/>` : ''
  yield `</sheetData>${filter}${dropDowns(columns, letters, number)}<ignoredErrors><ignoredError sqref="${range}" numberStoredAsText="1"/></ignoredErrors>${drawing}</worksheet>`
}

/** Rows below the last one that still have the drop-downs: additions by hand. */
const ROWS_BELOW = 200
/** Of a list written into the cell itself, in characters. */
const MOST_LIST = 255

/** [SHEET-30] A list that Excel would refuse, and with it the whole workbook, is left away: the column is typed by hand then. */
function dropDowns(columns: readonly OutColumn[], letters: readonly string[], lastRow: number): string {
  const rules = columns.flatMap(({ choices = [] }, index) => {
    const list = choices.join(',')
    if (choices.length === 0 || list.length > MOST_LIST || choices.some((choice) => /[",]/.test(choice))) return []
    const range = `${letters[index]}2:${letters[index]}${lastRow + ROWS_BELOW}`
    return `<dataValidation type="list" allowBlank="1" showErrorMessage="0" sqref="${range}"><formula1>"${escapeText(list)}"</formula1></dataValidation>`
  })
  return rules.length === 0 ? '' : `<dataValidations count="${rules.length}">${rules.join('')}</dataValidations>`
}

const HEADING_STYLE = 1
const TEXT_STYLE = 2
const NUMBER_STYLE = 3
const MARK_STYLE: Readonly<Record<Severity, number>> = { refuse: 4, repair: 5, remind: 6 }

function rowXml(number: number, cells: readonly OutCell[], letters: readonly string[], style: number): string {
  let xml = `<row r="${number}">`
  for (let column = 0; column < cells.length; column++) {
    const cell = cells[column]
    if (cell === null || cell === undefined || cell === '') continue
    const place = `<c r="${letters[column]}${number}"`
    if (typeof cell === 'number') xml += `${place} s="${NUMBER_STYLE}"><v>${cell}</v></c>`
    else if (typeof cell === 'string') xml += textCell(place, style, cell)
    else xml += textCell(place, MARK_STYLE[cell.severity], cell.text)
  }
  return `${xml}</row>`
}

function textCell(place: string, style: number, text: string): string {
  if (text === '') return `${place} s="${style}"/>`
  return `${place} s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeText(text)}</t></is></c>`
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

function workbookXml(names: readonly string[]): string {
  const sheets = names.map(
    (name, index) =>
      `<sheet name="${escapeText(name).replaceAll('"', '&quot;')}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  )
  return `${DECLARATION}<workbook xmlns="${NAMESPACE}" xmlns:r="${RELATION}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>${sheets.join('')}</sheets></workbook>`
}

function workbookRelations(sheets: number): string {
  const relations = Array.from(
    { length: sheets },
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${RELATION}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  )
  relations.push(`<Relationship Id="rId${sheets + 1}" Type="${RELATION}/styles" Target="styles.xml"/>`)
  return `${DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relations.join('')}</Relationships>`
}

function contentTypes(sheets: number, hasComments: boolean): string {
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  const parts = Array.from(
    { length: sheets },
    (_, index) => `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${type}.worksheet+xml"/>`,
  )
  if (hasComments) parts.push(`<Override PartName="/xl/comments1.xml" ContentType="${type}.comments+xml"/>`)
  const drawing = hasComments
    ? '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
    : ''
  return `${DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${drawing}<Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>${parts.join('')}</Types>`
}

const TEXT_FORMAT = 'xfId="0" numFmtId="49" applyNumberFormat="1"'
const SIDES = ['left', 'right', 'top', 'bottom'].map(
  (side) => `<${side} style="dashed"><color rgb="${MARK_BORDER}"/></${side}>`,
)

function solid(colour: string): string {
  return `<fill><patternFill patternType="solid"><fgColor rgb="${colour}"/></patternFill></fill>`
}

/** 1 heading, 2 text (format `@`, so that editing a cell keeps it a text), 3 plain number, 4 to 6 text with a mark. */
const STYLES = `${DECLARATION}<styleSheet xmlns="${NAMESPACE}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="5"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${solid('FFE6EFF1')}${solid(MARK_FILL.refuse)}${solid(MARK_FILL.repair)}</fills><borders count="2"><border/><border>${SIDES.join('')}</border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="7"><xf xfId="0"/><xf xfId="0" numFmtId="49" fontId="1" fillId="2" applyNumberFormat="1" applyFont="1" applyFill="1"/><xf xfId="0" numFmtId="49" applyNumberFormat="1" quotePrefix="1"/><xf xfId="0" numFmtId="0"/><xf ${TEXT_FORMAT} quotePrefix="1" fillId="3" applyFill="1"/><xf ${TEXT_FORMAT} quotePrefix="1" fillId="4" applyFill="1"/><xf ${TEXT_FORMAT} quotePrefix="1" borderId="1" applyBorder="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
