import type { CellComment } from './marks.ts'
import { columnLetters, columnOfLetters } from './places.ts'
import { attributeOf, decodeXml, escapeText } from './xml.ts'

const NAMESPACE = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** The parts of a worksheet's comments as they stand in a workbook: the texts, and the drawing of their boxes. */
export interface CommentParts {
  readonly comments: string
  readonly drawing: string
}

/**
 * [SHEET-28] Comments beside those that others wrote. Those of `author` are from an earlier copy and go; a cell that has a
 * comment of another hand keeps it and gets none.
 */
export function mergeComments(
  earlier: Partial<CommentParts>,
  added: readonly CellComment[],
  author: string,
): CommentParts {
  const kept = readForeign(earlier.comments ?? '', author)
  const taken = new Set(kept.comments.map(({ ref }) => ref))
  const fresh = added.filter(({ row, column }) => !taken.has(placeOf(row, column)))
  const authors = [...kept.authors, author].map((name) => `<author>${escapeText(name)}</author>`)
  const ours = fresh.map(
    ({ row, column, text }) =>
      `<comment ref="${placeOf(row, column)}" authorId="${kept.authors.length}"><text><t xml:space="preserve">${escapeText(text)}</t></text></comment>`,
  )
  return {
    comments: `${DECLARATION}${kept.root}<authors>${authors.join('')}</authors><commentList>${kept.comments.map(({ xml }) => xml).join('')}${ours.join('')}</commentList></comments>`,
    drawing: mergeDrawing(earlier.drawing, kept.dropped, fresh),
  }
}

/** Whether comments can be merged: parts written in a form that is not known are left alone. */
export function canMerge({ comments, drawing }: Partial<CommentParts>): boolean {
  const isKnown = comments === undefined || /<comments[\s>]/.test(comments)
  return isKnown && (drawing === undefined || (/<\/xml>\s*$/.test(drawing) && prefixesOf(drawing) !== undefined))
}

function placeOf(row: number, column: number): string {
  return columnLetters(column) + row
}

interface Foreign {
  /** With the namespaces that foreign comments may use. */
  readonly root: string
  readonly authors: readonly string[]
  readonly comments: readonly { readonly ref: string; readonly xml: string }[]
  /** `row,column`, 0-based, as boxes name their cells. */
  readonly dropped: ReadonlySet<string>
}

function readForeign(comments: string, author: string): Foreign {
  const authors = [...comments.matchAll(/<author>([\s\S]*?)<\/author>|<author\s*\/>/g)].map(([, name]) =>
    decodeXml(name ?? ''),
  )
  const kept: { ref: string; xml: string }[] = []
  const dropped = new Set<string>()
  for (const [xml, tag] of comments.matchAll(/(<comment\s[^>]*>)[\s\S]*?<\/comment>/g)) {
    const ref = attributeOf(tag!, 'ref') ?? ''
    if (authors[Number(attributeOf(tag!, 'authorId'))] === author) dropped.add(boxKey(ref))
    else kept.push({ ref, xml })
  }
  const root = /<comments(?:\s[^>]*[^>/])?>/.exec(comments)?.[0] ?? `<comments xmlns="${NAMESPACE}">`
  return { root, authors, comments: kept, dropped }
}

function boxKey(ref: string): string {
  const [, letters = 'A', row = '1'] = /^([A-Za-z]+)(\d+)$/.exec(ref) ?? []
  return `${Number(row) - 1},${columnOfLetters(letters)}`
}

/** Above the shape numbers that spreadsheets give, which start with 1025 in each worksheet. */
const FIRST_SHAPE = 500_000

function mergeDrawing(
  earlier: string | undefined,
  dropped: ReadonlySet<string>,
  added: readonly CellComment[],
): string {
  const base = earlier ?? EMPTY_DRAWING
  const kept = base.replace(/<((?:[\w-]+:)?)shape\s[\s\S]*?<\/\1shape>\s*/g, (shape) => {
    const row = /<(?:[\w-]+:)?Row>\s*(\d+)/.exec(shape)?.[1]
    const column = /<(?:[\w-]+:)?Column>\s*(\d+)/.exec(shape)?.[1]
    const isNote = /ObjectType="Note"/.test(shape)
    return isNote && dropped.has(`${row},${column}`) ? '' : shape
  })
  const last = [...kept.matchAll(/_x0000_s(\d+)/g)].reduce((most, [, id]) => Math.max(most, Number(id)), FIRST_SHAPE)
  const type = kept.includes('id="_x0000_t202"') ? '' : SHAPE_TYPE
  const boxes = added.map((comment, index) => boxOf(comment, last + 1 + index))
  const prefixes = prefixesOf(base)
  const written = [type, ...boxes]
    .join('')
    .replace(
      /(<\/?|\s)([vox]):/g,
      (_, before: string, name: keyof typeof NAMESPACES) => `${before}${prefixes?.[name] ?? name}:`,
    )
  return kept.replace(/<\/xml>\s*$/, () => `${written}</xml>`)
}

const NAMESPACES = {
  v: 'urn:schemas-microsoft-com:vml',
  o: 'urn:schemas-microsoft-com:office:office',
  x: 'urn:schemas-microsoft-com:office:excel',
} as const

/** The prefixes of a drawing: spreadsheets write v, o and x, other writers their own. Undefined where one is not told at its beginning. */
function prefixesOf(drawing: string): Readonly<Record<keyof typeof NAMESPACES, string>> | undefined {
  const root = /<xml\s[^>]*>/.exec(drawing)?.[0] ?? ''
  const prefixOf = (uri: string) => new RegExp(`\\sxmlns:([\\w-]+)=["']${uri}["']`).exec(root)?.[1]
  const [v, o, x] = [prefixOf(NAMESPACES.v), prefixOf(NAMESPACES.o), prefixOf(NAMESPACES.x)]
  return v === undefined || o === undefined || x === undefined ? undefined : { v, o, x }
}

const EMPTY_DRAWING = `<xml xmlns:v="${NAMESPACES.v}" xmlns:o="${NAMESPACES.o}" xmlns:x="${NAMESPACES.x}"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>`
const SHAPE_TYPE =
  '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'

/** Columns and lines that a box takes on the sheet; about 18 Chinese characters a line. */
const BOX_COLUMNS = 3
const LINE_CHARACTERS = 18

function boxOf({ row, column, text }: CellComment, id: number): string {
  const lines = text.split('\n').reduce((sum, line) => sum + Math.ceil((line.length + 1) / LINE_CHARACTERS), 1)
  const top = Math.max(0, row - 2)
  const anchor = [column + 1, 15, top, 4, column + 1 + BOX_COLUMNS, 15, top + Math.min(12, Math.max(3, lines)), 4]
  return `<v:shape id="_x0000_s${id}" type="#_x0000_t202" style="position:absolute;visibility:hidden" fillcolor="#f4f6f7" o:insetmode="auto"><v:fill color2="#f4f6f7"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>${anchor.join(', ')}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>${row - 1}</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`
}
