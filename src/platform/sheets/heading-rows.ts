import { isBlank } from './delimited.ts'
import type { Merge } from './xlsx-merges.ts'

/** A known heading's field. */
export type FieldOf = (heading: string) => string | undefined

export interface CombinedHeading {
  readonly headings: readonly string[]
  /** Distinct fields recognised. */
  readonly score: number
}

interface Part {
  /** First column of the group the column stands under. */
  readonly group: number | undefined
  /** Text of the group. */
  readonly above: string
  readonly text: string
}

/**
 * [SHEET-23] Two heading rows as one. A group (监护人一) stands above several columns (姓名, 证号, 电话) by a merged
 * cell or, where nothing is merged in its row, by the empty cells to its right; the two texts together are the heading.
 * Of a group that is known in none of its columns (基本信息) the lower texts count alone, unless one of them is spoken
 * for elsewhere: by a column of its own, or by another such group, for then nobody but the clerk knows whose they are.
 */
export function combineHeadings(
  upper: readonly string[],
  lower: readonly string[],
  fieldOf: FieldOf,
  merges: readonly Merge[] = [],
  upperRow = 1,
): CombinedHeading {
  const parts = partsOf(upper, lower, merges, upperRow)
  const headings = parts.map(({ above, text }) => above + text)
  const claimed = new Set(headings.flatMap((heading) => fieldOf(heading) ?? []))
  const unknown = unknownGroups(parts, headings, fieldOf)
  const claims = Map.groupBy(
    unknown.flatMap(({ fields }) => [...fields]),
    (field) => field,
  )
  for (const { start, columns, fields } of unknown) {
    const isFree = [...fields].every((field) => !claimed.has(field) && claims.get(field)?.length === 1)
    if (fields.size > 0 && isFree) for (const column of columns) headings[column] = parts[column]!.text
    if (fields.size === 0 && !claimed.has(fieldOf(parts[start]!.above) ?? '')) headings[start] = parts[start]!.above
  }
  return { headings, score: new Set(headings.flatMap((heading) => fieldOf(heading) ?? [])).size }
}

interface Group {
  readonly start: number
  readonly columns: readonly number[]
  /** What its lower texts are when read alone. */
  readonly fields: ReadonlySet<string>
}

/** Groups that no heading knows. 监护人三 is known as one more of 监护人: its columns are about somebody, though nobody we ask for. */
function unknownGroups(parts: readonly Part[], headings: readonly string[], fieldOf: FieldOf): Group[] {
  const isKnown = (heading: string) => fieldOf(heading) !== undefined
  const groups = Map.groupBy(parts.keys(), (column) => parts[column]!.group)
  return [...groups].flatMap(([start, columns]) => {
    if (start === undefined) return []
    const stem = parts[start]!.above.slice(0, -1)
    const isTaken = columns.some(
      (column) => isKnown(headings[column]!) || (stem !== '' && isKnown(stem + parts[column]!.text)),
    )
    return isTaken
      ? []
      : [{ start, columns, fields: new Set(columns.flatMap((column) => fieldOf(parts[column]!.text) ?? [])) }]
  })
}

/** Whether the heading that begins in a row goes on below it: cells merged downwards, beside others that are not. */
export function goesOnBelow(lower: readonly string[], merges: readonly Merge[], row: number): boolean {
  const down = merges.filter(({ top, bottom }) => top === row && bottom > row)
  const isUnder = (column: number) => down.some(({ left, right }) => column >= left && column <= right)
  return down.length > 0 && lower.some((cell, column) => !isBlank(cell) && !isUnder(column))
}

function partsOf(upper: readonly string[], lower: readonly string[], merges: readonly Merge[], row: number): Part[] {
  const here = merges.filter(({ top, bottom }) => top <= row && bottom >= row)
  const isMerged = here.some(({ left, right, bottom }) => right > left && bottom === row)
  const parts: Part[] = []
  let open: number | undefined
  for (let column = 0; column < Math.max(upper.length, lower.length); column++) {
    const above = tidy(upper[column])
    const below = tidy(lower[column])
    const merge = here.find(({ left, right }) => column >= left && column <= right)
    if (merge !== undefined && merge.bottom > row) {
      open = undefined
      parts.push({ group: undefined, above: '', text: column === merge.left ? above : '' })
      continue
    }
    if (isMerged) open = merge?.left ?? (above === '' ? undefined : column)
    else if (above !== '') open = column
    if (below === '') {
      if (above !== '' && !isMerged) open = undefined
      parts.push({ group: undefined, above: '', text: above })
      continue
    }
    const group = open === undefined || tidy(upper[open]) === '' ? undefined : open
    parts.push({ group, above: group === undefined ? '' : tidy(upper[group]), text: below })
  }
  return parts
}

function tidy(cell: string | undefined): string {
  return (cell ?? '').replace(/\s+/gu, ' ').trim()
}
