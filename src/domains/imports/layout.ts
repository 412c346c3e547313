import type { ColumnMap } from './column-map.ts'
import type { ColumnsChanged } from './contract.ts'
import type { ImportField } from './fields.ts'
import { fold } from './places.ts'

/** Headings and the columns chosen for them the last time this unit gave such a sheet. */
export interface RememberedColumns {
  /** Folded, in the order of the sheet. */
  readonly headings: readonly string[]
  readonly columns: ColumnMap
}

/** [IMP-2] Two sheets of one layout have the same headings in the same order, whatever their spaces and width. */
export function foldedHeadings(headings: readonly string[]): readonly string[] {
  return headings.map((heading) => fold(heading).toLowerCase())
}

/**
 * [IMP-2] The columns proposed for a sheet whose headings are not those of last time: a heading that was mapped last time
 * keeps its field wherever it stands now; the rest is what the headings say by themselves.
 */
export function proposeColumns(
  headings: readonly string[],
  recognised: ColumnMap,
  remembered: RememberedColumns | undefined,
): ColumnMap {
  if (remembered === undefined) return recognised
  const folded = foldedHeadings(headings)
  const kept = Object.entries(remembered.columns).flatMap(([field, column]) => {
    const heading = remembered.headings[column]
    const now = heading === undefined || heading === '' ? -1 : folded.indexOf(heading)
    return now === -1 ? [] : [[field, now] as const]
  })
  const taken = new Set(kept.map(([, column]) => column))
  const rest = Object.entries(recognised).filter(
    ([field, column]) => !taken.has(column) && !kept.some(([known]) => known === field),
  )
  return Object.fromEntries([...kept, ...rest])
}

/** [IMP-2] What is new, gone or moved since last time; undefined when nothing is. */
export function changesOf(
  headings: readonly string[],
  remembered: RememberedColumns,
  fields: readonly ImportField[],
): ColumnsChanged | undefined {
  const before = remembered.headings
  const now = foldedHeadings(headings)
  const fieldAt = new Map(Object.entries(remembered.columns).map(([field, column]) => [column, field]))
  const added = now.flatMap((heading, column) =>
    heading !== '' && !before.includes(heading) ? [{ column, heading: headings[column]! }] : [],
  )
  const gone = before.flatMap((heading, column) => {
    if (heading === '' || now.includes(heading)) return []
    const field = fieldAt.get(column) ?? null
    return [{ heading, field, label: fields.find(({ id }) => id === field)?.label ?? null }]
  })
  const moved = before.flatMap((heading, from) => {
    const to = now.indexOf(heading)
    const isMapped = fieldAt.has(from)
    return heading === '' || to === -1 || to === from || !isMapped ? [] : [{ heading: headings[to]!, from, to }]
  })
  return added.length + gone.length + moved.length === 0 ? undefined : { added, gone, moved }
}
