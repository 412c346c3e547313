import type { CommentParts } from './mark-comments.ts'
import { readSmallEntry } from './unzip.ts'
import { readRelations, relationsPath, type Workbook, type Worksheet } from './xlsx-parts.ts'

const RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** The small parts around a worksheet that change when it gets comments. */
export interface SheetParts {
  readonly sheetPath: string
  readonly types: string
  readonly commentsPath: string
  readonly drawingPath: string
  readonly relationsPath: string
  /** Relations of the worksheet, those to its comments among them. */
  readonly relations: string
  readonly drawingId: string
  /** The worksheet does not point to the drawing yet. */
  readonly isNewDrawing: boolean
}

const DRAWING_ID = 'rIdMarkDrawing'
const COMMENTS_ID = 'rIdMarkComments'

export async function partsOf(
  { zip, limits }: Workbook,
  worksheet: Worksheet,
  drawingId: string | undefined,
): Promise<SheetParts> {
  const sheetPath = worksheet.entry.name.replace(/^\//, '')
  const related = await readRelations(zip, sheetPath, limits)
  const comments = related.find(({ type }) => type === 'comments')?.target
  const drawing = drawingId === undefined ? undefined : related.find(({ id }) => id === drawingId)?.target
  const free = freeNumber(zip.entries)
  const commentsPath = comments ?? `xl/comments${free}.xml`
  const drawingPath = drawing ?? `xl/drawings/vmlDrawing${free}.vml`
  let relations = (await readSmallEntry(zip, relationsPath(sheetPath), limits)) ?? EMPTY_RELATIONS
  if (comments === undefined) relations = addRelation(relations, COMMENTS_ID, 'comments', `/${commentsPath}`)
  if (drawing === undefined) relations = addRelation(relations, DRAWING_ID, 'vmlDrawing', `/${drawingPath}`)
  return {
    sheetPath,
    types: (await readSmallEntry(zip, '[Content_Types].xml', limits)) ?? '',
    commentsPath,
    drawingPath,
    relationsPath: relationsPath(sheetPath),
    relations,
    drawingId: DRAWING_ID,
    isNewDrawing: drawing === undefined,
  }
}

/** Comments of more than fifty thousand cells stay as they are. */
const LARGEST_COMMENTS = 16 * 1024 * 1024

/** Undefined where there are too many to be rewritten. */
export async function readComments(
  { zip, limits }: Workbook,
  parts: SheetParts,
): Promise<Partial<CommentParts> | undefined> {
  const isLarge = (path: string) => (zip.entries.get(path)?.bytes ?? 0) > LARGEST_COMMENTS
  if (isLarge(parts.commentsPath) || isLarge(parts.drawingPath)) return undefined
  const comments = await readSmallEntry(zip, parts.commentsPath, limits)
  const drawing = await readSmallEntry(zip, parts.drawingPath, limits)
  return { ...(comments === undefined ? {} : { comments }), ...(drawing === undefined ? {} : { drawing }) }
}

export function addCommentTypes(types: string, { commentsPath }: SheetParts): string {
  return addOverride(
    addDefault(types, 'vml', 'application/vnd.openxmlformats-officedocument.vmlDrawing'),
    commentsPath,
    'comments',
  )
}

/** A workbook without styles gets the part, its type and the relation to it. */
export function addStylesType(types: string, stylesPath: string): string {
  return addOverride(types, stylesPath, 'styles')
}

export function addRelation(relations: string, id: string, type: string, target: string): string {
  return addChild(
    relations,
    'Relationships',
    (prefix) => `<${prefix}Relationship Id="${id}" Type="${RELATION}/${type}" Target="${target}"/>`,
  )
}

const EMPTY_RELATIONS = `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"></Relationships>`

function addDefault(types: string, extension: string, contentType: string): string {
  if (new RegExp(`Extension="${extension}"`, 'i').test(types)) return types
  const open = /<((?:[\w-]+:)?)Types(?:\s[^>]*)?>/.exec(types)
  if (open === null) return types
  const end = open.index + open[0].length
  return `${types.slice(0, end)}<${open[1]}Default Extension="${extension}" ContentType="${contentType}"/>${types.slice(end)}`
}

function addOverride(types: string, path: string, type: string): string {
  if (types.includes(`"/${path}"`)) return types
  return addChild(
    types,
    'Types',
    (prefix) => `<${prefix}Override PartName="/${path}" ContentType="${TYPES}.${type}+xml"/>`,
  )
}

/** `xml` with another last child in its root. */
function addChild(xml: string, root: string, child: (prefix: string) => string): string {
  const empty = new RegExp(`<((?:[\\w-]+:)?)${root}((?:\\s[^>]*)?)/>\\s*$`).exec(xml)
  if (empty !== null) {
    const [, prefix = '', attributes = ''] = empty
    return `${xml.slice(0, empty.index)}<${prefix}${root}${attributes}>${child(prefix)}</${prefix}${root}>`
  }
  const prefix = new RegExp(`</((?:[\\w-]+:)?)${root}>\\s*$`).exec(xml)?.[1] ?? ''
  const end = xml.lastIndexOf(`</${prefix}${root}>`)
  return xml.slice(0, end) + child(prefix) + xml.slice(end)
}

function freeNumber(entries: ReadonlyMap<string, unknown>): number {
  let number = 1
  while (entries.has(`xl/comments${number}.xml`) || entries.has(`xl/drawings/vmlDrawing${number}.vml`)) number++
  return number
}
