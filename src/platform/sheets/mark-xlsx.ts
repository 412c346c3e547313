import { Problem } from '../../kernel/problem.ts'
import { writeFileWhole } from './atomic.ts'
import { canMerge, mergeComments } from './mark-comments.ts'
import { columnStyles, drawingRelation, markHead, markTail } from './mark-frame.ts'
import { addCommentTypes, addRelation, addStylesType, partsOf, readComments } from './mark-parts.ts'
import { StyleBook } from './mark-styles.ts'
import type { KnownMarking, MarkResult } from './mark-workbook.ts'
import { LAST_COLUMN, RowMarker, type WorksheetMarking } from './mark-worksheet.ts'
import { headingRowOf, MarkCursor } from './marks.ts'
import { columnOfLetters } from './places.ts'
import { readPacked, readSmallEntry, unreadable } from './unzip.ts'
import { openWorkbook, relationsPath, type Workbook, type Worksheet } from './xlsx-parts.ts'
import { cutCells, LAST_ROW, type RowPiece, readPieces } from './xlsx-pieces.ts'
import { openZipWriter } from './zip-writer.ts'

/**
 * [SHEET-22] A copy of the workbook with marks in one worksheet. Every part that does not change is copied as it is,
 * still packed; the worksheet is rewritten row by row.
 */
export async function markXlsx(input: KnownMarking): Promise<MarkResult> {
  const { layout, words, signal } = input
  const workbook = await openWorkbook(input.path, input.fileName, input.limits)
  const { zip: source, limits } = workbook
  const worksheet = workbook.worksheets.find(({ name }) => name === layout.worksheet)
  if (worksheet === undefined) throw unreadable(input.fileName)
  if (worksheet.entry.bytes > LARGEST_SHEET) throw new Problem('FILE.BOMB', { file: input.fileName })
  const extent = await measure(workbook, worksheet, signal)
  const old = layout.columns.find(({ heading }) => heading === words.reasonHeading)?.index
  const parts = await partsOf(workbook, worksheet, extent.drawing)
  const earlier = extent.isStrict ? undefined : await readComments(workbook, parts)
  const { stylesPath } = workbook
  const styles = new StyleBook(await readSmallEntry(source, stylesPath, limits))
  const cursor = new MarkCursor(input.marks)
  try {
    const hasMarks = (await cursor.nextRow()) !== Number.POSITIVE_INFINITY
    const merging =
      earlier !== undefined && canMerge(earlier) && (hasMarks || earlier.comments !== undefined) ? earlier : undefined
    const marker = new RowMarker({
      prefix: extent.prefix,
      styles,
      cursor,
      headerRow: layout.headerRow,
      headingRow: headingRowOf(layout),
      reasonColumn: Math.min(old ?? Math.max(extent.columns, layout.columns.length), LAST_COLUMN - 1),
      reasonHeading: words.reasonHeading,
      isReasonOld: old !== undefined,
      columnStyle: columnStyles(extent.head),
    } satisfies WorksheetMarking)
    await writeFileWhole(input.out, async (file) => {
      const zip = openZipWriter(file)
      const changed = new Map<string, () => string>()
      changed.set(stylesPath, () => styles.toXml())
      let { types } = parts
      if (!workbook.hasStyles) {
        const path = relationsPath(workbook.path)
        const relations = (await readSmallEntry(source, path, limits)) ?? ''
        types = addStylesType(types, stylesPath)
        changed.set(path, () => withStyles(relations, stylesPath))
      }
      if (merging !== undefined) {
        types = addCommentTypes(types, parts)
        const merged = once(() => mergeComments(merging, marker.comments, words.author))
        changed.set(parts.commentsPath, () => merged().comments)
        changed.set(parts.drawingPath, () => merged().drawing)
        changed.set(parts.relationsPath, () => parts.relations)
      }
      await zip.add('[Content_Types].xml', [types])
      for (const [name, entry] of source.entries) {
        signal?.throwIfAborted()
        const isRewritten = name === parts.sheetPath || name === '[Content_Types].xml' || changed.has(name)
        if (!isRewritten && !name.endsWith('/')) await zip.addPacked({ ...entry, name }, readPacked(source, entry))
      }
      const drawingId = merging !== undefined && parts.isNewDrawing ? parts.drawingId : undefined
      await zip.add(parts.sheetPath, rewriteSheet(workbook, worksheet, marker, { drawingId, signal }))
      for (const [name, content] of changed) await zip.add(name, [content()])
      await zip.end()
    })
    return { ...marker.marked, comments: merging === undefined ? 0 : marker.comments.length }
  } finally {
    await cursor.close()
  }
}

/** Room for the marks below the 4 GiB that a part of a workbook may have. */
const LARGEST_SHEET = 3 * 1024 ** 3

/** Some writers point to styles that they do not write. */
function withStyles(relations: string, stylesPath: string): string {
  if (/\/relationships\/styles["']/.test(relations)) return relations
  return addRelation(relations, 'rIdMarkStyles', 'styles', `/${stylesPath}`)
}

async function* rewriteSheet(
  workbook: Workbook,
  worksheet: Worksheet,
  marker: RowMarker,
  { drawingId, signal }: { drawingId: string | undefined; signal: AbortSignal | undefined },
): AsyncGenerator<string> {
  for await (const piece of readPieces(workbook, worksheet)) {
    signal?.throwIfAborted()
    if (piece.kind === 'head') {
      yield markHead(piece.text, piece.prefix, marker.reasonColumn)
    } else if (piece.kind === 'rows') {
      yield await marker.rewrite(piece.rows)
    } else {
      yield await marker.rowsBefore(LAST_ROW + 1)
      yield drawingId === undefined ? piece.text : markTail(piece.text, marker.prefix, drawingId)
    }
  }
}

interface Extent {
  readonly head: string
  readonly prefix: string
  /** Columns up to the last that holds anything. */
  readonly columns: number
  /** Relation to the drawing of comments. */
  readonly drawing: string | undefined
  /** In the strict form of the standard, which knows no drawing of comments. */
  readonly isStrict: boolean
}

/** What a first pass must tell: the column behind the last one, which no part of a workbook says reliably. */
async function measure(workbook: Workbook, worksheet: Worksheet, signal: AbortSignal | undefined): Promise<Extent> {
  let head = ''
  let prefix = ''
  let columns = 0
  let drawing: string | undefined
  for await (const piece of readPieces(workbook, worksheet)) {
    signal?.throwIfAborted()
    if (piece.kind === 'head') ({ text: head, prefix } = piece)
    else if (piece.kind === 'rows') for (const row of piece.rows) columns = Math.max(columns, usedColumns(row, prefix))
    else drawing = drawingRelation(piece.text)
  }
  return { head, prefix, columns, drawing, isStrict: head.includes('http://purl.oclc.org/ooxml/') }
}

/** Cells that only have a style, as in rows that were coloured to the end, are not used. */
function usedColumns({ inner }: RowPiece, prefix: string): number {
  const close = inner.lastIndexOf(`</${prefix}c>`)
  if (close === -1) return 0
  const last = inner.lastIndexOf(`<${prefix}c `, close)
  const place = last === -1 ? undefined : /^<[^>]*?\sr=["']([A-Za-z]{1,3})\d/.exec(inner.slice(last, last + 200))?.[1]
  return place === undefined
    ? (cutCells(inner, prefix).cells.findLast((cell) => cell.inner !== undefined)?.column ?? -1) + 1
    : columnOfLetters(place) + 1
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
