import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { FIELDS_OF } from '../../src/domains/imports/index.ts'
import { reconcile } from '../../src/domains/reconcile/pipeline.server.ts'
import { inspectRoleSheet } from '../../src/domains/reconcile/sheets.server.ts'
import { plainDate } from '../../src/kernel/plain-date.ts'
import { chooseColumns, ingestToParquet } from '../../src/platform/sheets/index.ts'

/**
 * The one place where this benchmark meets the product's linkage: sheets to prepared Parquet (the import), prepared
 * Parquet to lists (the run). Everything else of the benchmark knows only these functions.
 */
export interface Prepared {
  readonly population: string
  readonly roll: string
  readonly populationRows: number
  readonly rollRows: number
}

export interface PrepareTask {
  readonly population: string
  readonly roll: string
  /** Where the prepared files go. */
  readonly dir: string
}

export interface LinkTask {
  readonly prepared: Prepared
  readonly workDir: string
  readonly schoolYear: number
  readonly memoryMb: number
  readonly threads: number
}

/** Parquet with `population_row` and `roll_row` for each list; every population row stands in one of them. */
export type OurLists = Readonly<
  Record<'linked' | 'review' | 'not-found' | 'duplicates' | 'outside' | 'errors', { readonly parquet: string }>
>

export interface LinkAnswer {
  readonly lists: OurLists
  /** Files whose bytes have to be the same when the run is repeated. */
  readonly outputs: readonly string[]
}

/** What an import does once for each sheet, so that a run does not pay for it. */
export async function prepareOurs(task: PrepareTask): Promise<Prepared> {
  mkdirSync(task.dir, { recursive: true, mode: 0o700 })
  const prepared = { population: '', roll: '', populationRows: 0, rollRows: 0 }
  for (const role of ['population', 'roll'] as const) {
    const fileName = task[role].split('/').at(-1)!
    const layout = await inspectRoleSheet({ role, path: task[role], fileName, workDir: task.dir, countRows: false })
    const columns = chooseColumns(layout, FIELDS_OF[role], fileName)
    const out = join(task.dir, `prepared-${role}.parquet`)
    const { rows } = await ingestToParquet({
      path: task[role],
      fileName,
      layout,
      columns,
      workDir: task.dir,
      fields: FIELDS_OF[role],
      out,
    })
    prepared[role] = out
    prepared[`${role}Rows`] = rows
  }
  return prepared
}

export async function linkOurs(task: LinkTask): Promise<LinkAnswer> {
  mkdirSync(task.workDir, { recursive: true, mode: 0o700 })
  const { lists } = await reconcile({
    populationParquet: task.prepared.population,
    rollParquet: task.prepared.roll,
    schoolYear: task.schoolYear,
    today: plainDate(`${task.schoolYear}-11-24`),
    workDir: task.workDir,
    memoryLimitMb: task.memoryMb,
    threads: task.threads,
  })
  return { lists, outputs: Object.values(lists).map(({ parquet }) => parquet) }
}
