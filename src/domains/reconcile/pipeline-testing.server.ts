import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSession, parquet, type SqlRow } from '../../engines/linkage/server/session.ts'
import { checkDigit } from '../../kernel/citizen-id.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { FIELDS_OF } from '../imports/index.ts'
import { LIST_NAMES, type ListName, type SheetRole } from './contract.ts'
import { type ReconcileInput, type ReconcileResult, reconcile } from './pipeline.server.ts'

/** Small sheets for tests, invented in the test. */
export type SheetRow = Readonly<Record<string, string>>

/** A sound ID; an odd sequence is a boy. */
export function idOf(birth: string, sequence: number, area = '500103'): string {
  const first17 = area + birth + String(sequence).padStart(3, '0')
  return first17 + checkDigit(first17)
}

export interface Compared extends ReconcileResult {
  readonly rows: Readonly<Record<ListName, readonly SqlRow[]>>
}

export type RunOptions = Partial<Pick<ReconcileInput, 'signal' | 'onProgress' | 'workDir'>>

/** Both sheets as the reader would leave them, compared, with the rows of all lists. */
export async function compare(
  population: readonly SheetRow[],
  roll: readonly SheetRow[],
  options: RunOptions = {},
): Promise<Compared> {
  const folder = await mkdtemp(join(tmpdir(), 'reconcile-test-'))
  try {
    const result = await reconcile({
      populationParquet: await writeSheet(folder, 'population', population),
      rollParquet: await writeSheet(folder, 'roll', roll),
      schoolYear: 2026,
      today: plainDate('2026-11-24'),
      workDir: folder,
      threads: 1,
      ...options,
    })
    const session = await openSession({ workDir: folder, memoryLimitMb: 200, threads: 1 })
    try {
      const rows: Partial<Record<ListName, readonly SqlRow[]>> = {}
      for (const list of LIST_NAMES) rows[list] = await session.rows(`FROM ${parquet(result.lists[list].parquet)}`)
      return { ...result, rows: rows as Compared['rows'] }
    } finally {
      session.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export async function writeSheet(folder: string, role: SheetRole, rows: readonly SheetRow[]): Promise<string> {
  const columns = [...FIELDS_OF[role].map(({ id }) => id), 'fault']
  const path = join(folder, `${role}.parquet`)
  const session = await openSession({ workDir: folder, memoryLimitMb: 200, threads: 1 })
  try {
    await session.run(`CREATE TABLE cells (row INTEGER, ${columns.map((column) => `"${column}" VARCHAR`).join(', ')})`)
    await session.append(
      'cells',
      rows.map((row, at) => [at + 1, ...columns.map((column) => row[column] ?? null)]),
    )
    await session.run(`COPY (SELECT * REPLACE (row::BIGINT AS row) FROM cells) TO '${path}' (FORMAT parquet)`)
  } finally {
    session.close()
  }
  return path
}

/** `list` or `list/class` of every row of a side, by its number; a row on two lists is told as both. */
export function standings(compared: Compared, side: 'population_row' | 'roll_row'): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  for (const list of LIST_NAMES) {
    for (const row of compared.rows[list]) {
      if (isQuoted(list, side, row) || row[side] === null) continue
      const number = Number(row[side])
      const standing = `${list}/${row['class']}`
      found.set(number, found.has(number) ? `${found.get(number)} and ${standing}` : standing)
    }
  }
  return found
}

/** A roll-only row may name the cancelled registration it belonged to; that row stands in its own list. */
function isQuoted(list: ListName, side: string, row: SqlRow): boolean {
  if (list === 'roll-only') return side === 'population_row'
  return (list === 'duplicates' || list === 'errors') && row['side'] !== side.replace('_row', '')
}
