import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { FIELDS_OF, keyColumn, LINKAGE_FIELDS, LINKAGE_KEYS } from '../../src/domains/imports/index.ts'
import { isRoundedColumn } from '../../src/domains/imports/server.ts'
import { registerToRoll } from '../../src/domains/reconcile/linkage-definition.ts'
import { reconcile } from '../../src/domains/reconcile/pipeline.server.ts'
import { inspectRoleSheet } from '../../src/domains/reconcile/sheets.server.ts'
import type { LinkageDefinition } from '../../src/engines/linkage/definition.ts'
import { linkFiles, type ResultFiles } from '../../src/engines/linkage/server/files.ts'
import { openRun } from '../../src/engines/linkage/server/keep.ts'
import { prepare } from '../../src/engines/linkage/server/prepare.ts'
import { relinkFiles } from '../../src/engines/linkage/server/relink.ts'
import { openSession, parquet } from '../../src/engines/linkage/server/session.ts'
import { plainDate } from '../../src/kernel/plain-date.ts'
import { bandOf, schoolYear } from '../../src/kernel/school-year.ts'
import { chooseColumns, ingestToParquet } from '../../src/platform/sheets/index.ts'
import { febrlPeople } from './febrl4-definition.ts'

/**
 * The one place where this benchmark meets the product's linkage: sheets to prepared Parquet (the import), prepared
 * Parquet to links (the engine) or to lists (the whole comparison). Everything else of the benchmark knows only these
 * functions.
 */
export interface Prepared {
  /** Sheets as Parquet with the keys of each row beside it. */
  readonly population: string
  readonly roll: string
  /** The keys alone. */
  readonly left: string
  readonly right: string
  readonly populationRows: number
  readonly rollRows: number
}

export interface PrepareTask {
  readonly population: string
  readonly roll: string
  /** Where the prepared files go. */
  readonly dir: string
  readonly schoolYear: number
}

export interface Limits {
  readonly memoryMb: number
  readonly threads: number
}

export interface CompareTask extends Limits {
  readonly prepared: Prepared
  readonly workDir: string
  readonly schoolYear: number
}

export interface LinkTask extends Limits {
  /** Key files. */
  readonly left: string
  readonly right: string
  readonly workDir: string
  readonly schoolYear: number
  /** Folder of a run whose model and frequencies hold; null: they are learnt. */
  readonly frozen: string | null
  /** Folder that keeps the run; null: it is not kept. */
  readonly keep: string | null
  readonly of: 'city' | 'febrl4'
}

export interface RelinkTask extends Limits {
  /** Key files of the kept run, and those of the changed rows. */
  readonly left: string
  readonly right: string
  readonly leftChanges: string
  readonly rightChanges: string
  readonly kept: string
  readonly workDir: string
  readonly schoolYear: number
}

export type OurLists = Readonly<
  Record<'linked' | 'review' | 'not-found' | 'duplicates' | 'outside' | 'errors', { readonly parquet: string }>
>

export interface CompareAnswer {
  /** Parquet with `population_row` and `roll_row`; every population row stands in one of the lists. */
  readonly lists: OurLists
}

export interface LinkAnswer {
  /** Parquet with l, r, score, is_review. */
  readonly links: string
  /** Files whose bytes have to be the same when the run is repeated. */
  readonly outputs: readonly string[]
  readonly droppedBlocks: number
}

const DEFINITIONS: Readonly<Record<LinkTask['of'], LinkageDefinition>> = { city: registerToRoll, febrl4: febrlPeople }
const SESSION = { memoryLimitMb: 1000, threads: 2 } as const
const today = (year: number) => `${year}-11-24`

/** What an import does once for each sheet, so that a run does not pay for it. */
export async function prepareOurs(task: PrepareTask): Promise<Prepared> {
  const population = await prepareSheet(task, 'population')
  const roll = await prepareSheet(task, 'roll')
  return {
    population: population.sheet,
    roll: roll.sheet,
    left: population.keys,
    right: roll.keys,
    populationRows: population.rows,
    rollRows: roll.rows,
  }
}

/** Of two rows of one person the one that stays: not cancelled, still at school. */
const RANKS = {
  population: `CASE WHEN coalesce(cancelled, '0') IN ('', '0') THEN 0 ELSE 1 END`,
  roll: `CASE WHEN coalesce(status, '') IN ('', '在读', '复学', '休学') THEN 0 ELSE 1 END`,
} as const

async function prepareSheet(task: PrepareTask, role: 'population' | 'roll') {
  const workDir = join(task.dir, role)
  mkdirSync(workDir, { recursive: true, mode: 0o700 })
  const fileName = task[role].split('/').at(-1)!
  const layout = await inspectRoleSheet({ role, path: task[role], fileName, workDir, countRows: false })
  const columns = chooseColumns(layout, FIELDS_OF[role], fileName)
  const out = join(workDir, 'sheet.parquet')
  const fields = FIELDS_OF[role]
  const { rows } = await ingestToParquet({ path: task[role], fileName, layout, columns, workDir, fields, out })
  const files = { sheet: join(task.dir, `${role}.parquet`), keys: join(task.dir, `${role}.keys.parquet`) }
  const session = await openSession({ workDir, ...SESSION })
  try {
    await prepare(session, {
      fields: LINKAGE_FIELDS,
      side: role === 'population' ? 'left' : 'right',
      source: parquet(out),
      rank: RANKS[role],
      today: Number(today(task.schoolYear).replaceAll('-', '')),
      isRounded: await isRoundedColumn(session, out),
      isOrdered: true,
      out: files.keys,
    })
    const keys = LINKAGE_KEYS.map((key) => `k.${key} AS ${keyColumn(key)}`).join(', ')
    await session.run(
      `COPY (SELECT w.*, ${keys} FROM ${parquet(out)} w POSITIONAL JOIN ${parquet(files.keys)} k) TO '${files.sheet}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
    )
  } finally {
    session.close()
  }
  return { ...files, rows }
}

/** The whole comparison as a run of the product makes it. */
export async function compareOurs(task: CompareTask): Promise<CompareAnswer> {
  mkdirSync(task.workDir, { recursive: true, mode: 0o700 })
  const { lists } = await reconcile({
    populationParquet: task.prepared.population,
    rollParquet: task.prepared.roll,
    schoolYear: task.schoolYear,
    today: plainDate(today(task.schoolYear)),
    workDir: task.workDir,
    memoryLimitMb: task.memoryMb,
    threads: task.threads,
  })
  return { lists }
}

/** The engine alone: two key files to links and repeats. */
export async function linkOurs(task: LinkTask): Promise<LinkAnswer> {
  mkdirSync(task.workDir, { recursive: true, mode: 0o700 })
  const definition = DEFINITIONS[task.of]
  const found = await linkFiles({
    definition,
    left: task.of === 'city' ? { prepared: task.left, ...looksFor(task.schoolYear) } : task.left,
    right: task.right,
    workDir: task.workDir,
    out: task.workDir,
    memoryLimitMb: task.memoryMb,
    threads: task.threads,
    ...(task.frozen === null ? {} : { frozen: await openRun(definition, task.frozen) }),
    ...(task.keep === null ? {} : { keep: task.keep }),
  })
  return {
    links: found.links,
    outputs: outputsOf(found),
    droppedBlocks: found.dropped.reduce((sum, { blocks }) => sum + blocks, 0),
  }
}

/** A list of changed rows, model and frequencies of the kept run. */
export async function relinkOurs(task: RelinkTask): Promise<Pick<LinkAnswer, 'outputs'>> {
  mkdirSync(task.workDir, { recursive: true, mode: 0o700 })
  const found = await relinkFiles({
    definition: DEFINITIONS.city,
    left: { prepared: task.left, changes: task.leftChanges, ...looksFor(task.schoolYear) },
    right: { prepared: task.right, changes: task.rightChanges },
    kept: task.kept,
    workDir: task.workDir,
    out: task.workDir,
    memoryLimitMb: task.memoryMb,
    threads: task.threads,
  })
  return { outputs: outputsOf(found) }
}

function outputsOf({ links, repeatsLeft, repeatsRight }: ResultFiles): readonly string[] {
  return [links, repeatsLeft, repeatsRight]
}

/** As the product's run: who is years away from school age is linked by equal keys alone. */
function looksFor(year: number) {
  const { from, until } = bandOf(schoolYear(year))
  const day = (text: string, years: number) => Number(text.replaceAll('-', '')) + 10_000 * years
  const within = (older: number, younger: number) => ({
    key: 'birth',
    from: day(from, -older),
    until: day(until, younger),
  })
  return { within: within(3, 1), repeatsWithin: within(0, 0) }
}

export interface PrepareFebrlTask {
  readonly left: string
  readonly right: string
  readonly dir: string
}

/** Public truth: two Parquet files with `row` and text columns to key files. */
export async function prepareFebrl(task: PrepareFebrlTask): Promise<{ readonly left: string; readonly right: string }> {
  mkdirSync(task.dir, { recursive: true, mode: 0o700 })
  const session = await openSession({ workDir: task.dir, ...SESSION })
  try {
    const keys = { left: join(task.dir, 'left.keys.parquet'), right: join(task.dir, 'right.keys.parquet') }
    for (const side of ['left', 'right'] as const)
      await prepare(session, {
        fields: febrlPeople.fields,
        side,
        source: parquet(task[side]),
        isOrdered: true,
        out: keys[side],
      })
    return keys
  } finally {
    session.close()
  }
}
