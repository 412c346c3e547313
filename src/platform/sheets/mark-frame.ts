import { columnLetters } from './places.ts'
import { attributeOf, elementsOf } from './xml.ts'

/** In characters: a reason of two sentences on two lines. */
const REASON_WIDTH = 48
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** What stands before the rows, with room for the column of reasons. */
export function markHead(head: string, prefix: string, reasonColumn: number): string {
  const number = reasonColumn + 1
  const column = `<${prefix}col min="${number}" max="${number}" width="${REASON_WIDTH}" customWidth="1"/>`
  const withColumn = addColumn(head, prefix, number, column)
  const letters = columnLetters(reasonColumn)
  return withColumn.replace(
    new RegExp(`(<${prefix}dimension\\s+ref="[A-Z]+\\d+:)[A-Z]+(\\d+")`),
    (_, start: string, end: string) => start + letters + end,
  )
}

/** Where a width is given for the column already it stays. */
function addColumn(head: string, prefix: string, number: number, column: string): string {
  const ranges = elementsOf(head, 'col')
  if (ranges.some((range) => Number(attributeOf(range, 'max')) >= number)) return head
  const end = head.lastIndexOf(`</${prefix}cols>`)
  if (end !== -1) return head.slice(0, end) + column + head.slice(end)
  const data = head.lastIndexOf(`<${prefix}sheetData`)
  return `${head.slice(0, data)}<${prefix}cols>${column}</${prefix}cols>${head.slice(data)}`
}

/** The style that `<cols>` gives to cells that are not written. */
export function columnStyles(head: string): (column: number) => number {
  const ranges = elementsOf(head, 'col').map((range) => ({
    min: Number(attributeOf(range, 'min')) - 1,
    max: Number(attributeOf(range, 'max')) - 1,
    style: Number(attributeOf(range, 'style') ?? 0),
  }))
  return (column) => ranges.find(({ min, max }) => column >= min && column <= max)?.style ?? 0
}

/** Elements of a worksheet that come behind the reference to the drawing of comments. */
const BEHIND_DRAWING =
  /^(?:legacyDrawingHF|drawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst|AlternateContent)$/

/** What stands behind the rows, pointing to the drawing of the comments. */
export function markTail(tail: string, prefix: string, relationId: string): string {
  const reference = `<${prefix}legacyDrawing xmlns:r="${RELATIONS}" r:id="${relationId}"/>`
  const at = placeOfDrawing(tail, prefix)
  return tail.slice(0, at) + reference + tail.slice(at)
}

function placeOfDrawing(tail: string, prefix: string): number {
  const tags = /<(\/?)(?:[\w-]+:)?([\w-]+)(?:[^>"']|"[^"]*"|'[^']*')*?(\/?)>/g
  tags.lastIndex = tail.indexOf('>') + 1
  let depth = 0
  for (let tag = tags.exec(tail); tag !== null; tag = tags.exec(tail)) {
    const [, closing, name = '', empty] = tag
    if (closing === '/') {
      if (depth === 0) return tag.index
      depth--
      continue
    }
    if (depth === 0 && BEHIND_DRAWING.test(name)) return tag.index
    if (empty === '') depth++
  }
  return tail.lastIndexOf(`</${prefix}worksheet`)
}

/** The relation under which a worksheet points to the drawing of its comments. */
export function drawingRelation(tail: string): string | undefined {
  const tag = elementsOf(tail, 'legacyDrawing')[0]
  return tag === undefined ? undefined : /\s(?:[\w-]+:)id="([^"]*)"/.exec(tag)?.[1]
}
