import type { Tx } from '../../platform/db/index.ts'
import type { Keys } from '../../platform/keys.ts'
import type { SheetLayout } from '../../platform/sheets/index.ts'
import { type ColumnMap, recognisedColumns } from './column-map.ts'
import type { ColumnsChanged, ImportSheet } from './contract.ts'
import { FIELDS_OF } from './fields.ts'
import type { ImportKind } from './kinds.ts'
import { changesOf, foldedHeadings, proposeColumns } from './layout.ts'
import { MOST_COLUMNS } from './rules.ts'
import { findMemory, findNewestMemory, saveMemory } from './store.ts'

const HEADINGS_SEAL = 'column_memory.headings_sealed'

interface Asked {
  readonly unitId: number
  readonly kind: ImportKind
  readonly layout: SheetLayout
}

export interface Proposed {
  readonly columns: ColumnMap
  readonly by: ImportSheet['columnsBy']
  readonly changed: ColumnsChanged | null
}

/** [IMP-2] As this unit mapped the same headings last time; else as the headings say, with what changed since last time. */
export async function proposedFor(tx: Tx, keys: Pick<Keys, 'open' | 'blindIndex'>, asked: Asked): Promise<Proposed> {
  const { unitId, kind, layout } = asked
  const headings = layout.columns.map(({ heading }) => heading)
  const known = await findMemory(tx, unitId, kind, keyOf(keys, headings))
  if (known !== undefined) return { columns: known.columns, by: 'remembered', changed: null }
  const recognised = recognisedColumns({ columns: layout.columns.slice(0, MOST_COLUMNS) })
  const newest = await findNewestMemory(tx, unitId, kind)
  if (newest === undefined) return { columns: recognised, by: 'recognised', changed: null }
  const before = {
    headings: JSON.parse(keys.open(newest.headings_sealed, HEADINGS_SEAL)) as string[],
    columns: newest.columns,
  }
  return {
    columns: proposeColumns(headings, recognised, before),
    by: 'recognised',
    changed: changesOf(headings, before, FIELDS_OF[kind]) ?? null,
  }
}

/** [IMP-2] Called with the check of columns that were chosen by hand, and with every commit. */
export async function rememberColumns(
  tx: Tx,
  keys: Pick<Keys, 'seal' | 'blindIndex'>,
  {
    unitId,
    kind,
    layout,
    units,
    columns,
    at,
  }: Asked & { readonly units: readonly number[]; readonly columns: ColumnMap; readonly at: Date },
): Promise<void> {
  const headings = layout.columns.map(({ heading }) => heading)
  await saveMemory(tx, {
    unit_id: unitId,
    kind,
    headings_key: keyOf(keys, headings),
    headings_sealed: keys.seal(JSON.stringify(foldedHeadings(headings)), HEADINGS_SEAL),
    columns,
    units: [...units],
    used_at: at,
  })
}

function keyOf(keys: Pick<Keys, 'blindIndex'>, headings: readonly string[]): Buffer {
  return keys.blindIndex('import.headings', foldedHeadings(headings).join('\u001f'))
}
