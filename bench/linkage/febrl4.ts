import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { objects, openBenchDuck, text } from '../reconcile/duck.ts'
import { numbers } from '../reconcile/score.ts'
import { printLine, printTable } from '../table.ts'
import { FEBRL_COLUMNS } from './febrl4-definition.ts'
import type { Options } from './options.ts'
import { dropDir, freshDir, runLink, runPrepareFebrl, type Splink } from './programs.ts'
import { WAYS } from './sweep.ts'

const TRUE_PAIRS = 5000

/** One set of pairs against the 5,000 that are true. */
interface PairScore {
  readonly label: string
  readonly pairs: number
  readonly hits: number
}

/** Public truth that nobody here has made: FEBRL 4, two files of 5,000 rows that belong together one to one. */
export async function printFebrl4(options: Options, splink: Splink | null): Promise<void> {
  const files = ['dataset4a.csv', 'dataset4b.csv'].map((file) => join(options.febrl4 ?? '', file))
  if (options.febrl4 === null || !files.every((file) => existsSync(file))) {
    printLine('\n## febrl4 is left out: --febrl4 <folder with dataset4a.csv and dataset4b.csv>')
    return
  }
  const dir = freshDir(join(options.root, `febrl4-${process.pid}`))
  const duck = await openBenchDuck()
  const sides = { left: join(dir, 'left.parquet'), right: join(dir, 'right.parquet') }
  await readFebrl(duck, files[0]!, 'truth_left', sides.left)
  await readFebrl(duck, files[1]!, 'truth_right', sides.right)
  const keys = await runPrepareFebrl({ ...sides, dir: join(dir, 'keys') })
  const ours = await runLink({ ...keys.answer, of: 'febrl4' }, join(dir, 'ours'), options)
  const links = `read_parquet(${text(ours.answer.links)})`
  const scores = [
    await scorePairs(duck, 'Baoxue, links', `SELECT l, r FROM ${links} WHERE NOT is_review`),
    await scorePairs(duck, 'Baoxue, links and what it asks a person', `SELECT l, r FROM ${links}`),
  ]
  const costs = [`ours ${(keys.cpuSeconds + ours.cpuSeconds).toFixed(1)} CPU-s, ${Math.round(ours.peakMb)} MB`]
  if (splink !== null) {
    const out = join(dir, 'pairs.parquet')
    const { memoryMb, threads } = options
    const run = await splink({ kind: 'febrl4', ...sides, out, temp: join(dir, 'splink'), memoryMb, threads, seed: 1 })
    costs.push(`Splink ${run.answer.version} ${run.cpuSeconds.toFixed(1)} CPU-s, ${Math.round(run.peakMb)} MB`)
    for (const way of WAYS) scores.push(await bestOfSplink(duck, way, out))
  }
  printLine('\n## Public truth: febrl4, 5,000 x 5,000, every row has one partner')
  printTable(
    'Pairs (Splink: the detailed model of its own example for these files, each way at its best threshold)',
    ['method', 'pairs', 'right', 'precision', 'recall', 'F1'],
    scores.map(({ label, pairs, hits }) => [
      label,
      pairs,
      hits,
      (hits / pairs).toFixed(4),
      (hits / TRUE_PAIRS).toFixed(4),
      ((2 * hits) / (pairs + TRUE_PAIRS)).toFixed(4),
    ]),
  )
  printLine(costs.join('; '))
  duck.closeSync()
  dropDir(dir)
}

/** The number in `rec-1070-org` and `rec-1070-dup-0` is the truth and stays out of the file that is linked. */
async function readFebrl(duck: DuckDBConnection, csv: string, truth: string, out: string): Promise<void> {
  await duck.run(`CREATE TABLE ${truth} AS SELECT row_number() OVER ()::INTEGER AS row, regexp_extract(rec_id, '^rec-(\\d+)-', 1) AS person, *
    FROM (SELECT COLUMNS('(.*)') AS 'c_\\1' FROM read_csv(${text(csv)}, header = true, all_varchar = true, normalize_names = true)), LATERAL (SELECT trim(c_rec_id) AS rec_id)`)
  const cells = FEBRL_COLUMNS.map((column) => `nullif(trim(c_${column}), '') AS ${column}`)
  await duck.run(
    `COPY (SELECT row, row AS unique_id, ${cells.join(', ')} FROM ${truth} ORDER BY row) TO ${text(out)} (FORMAT parquet)`,
  )
}

async function scorePairs(duck: DuckDBConnection, label: string, pairs: string): Promise<PairScore> {
  const rows = await objects<Record<string, unknown>>(
    duck,
    `SELECT count(*) AS pairs, count(*) FILTER (a.person = b.person) AS hits
      FROM (${pairs}) p JOIN truth_left a ON a.row = p.l JOIN truth_right b ON b.row = p.r`,
  )
  return { label, ...(numbers(rows[0]!) as unknown as Omit<PairScore, 'label'>) }
}

async function bestOfSplink(duck: DuckDBConnection, way: (typeof WAYS)[number], out: string): Promise<PairScore> {
  const chosen =
    way === 'one to one'
      ? `SELECT l, r, weight FROM read_parquet(${text(out)}) WHERE one_to_one`
      : `SELECT l, arg_max(r, weight) AS r, max(weight) AS weight FROM read_parquet(${text(out)}) GROUP BY l`
  const thresholds = await objects<Record<string, unknown>>(
    duck,
    `WITH judged AS (SELECT weight, (a.person = b.person)::INTEGER AS is_right FROM (${chosen}) p JOIN truth_left a ON a.row = p.l JOIN truth_right b ON b.row = p.r),
      swept AS (SELECT weight, sum(is_right) OVER w AS hits, count(*) OVER w AS pairs FROM judged WINDOW w AS (ORDER BY weight DESC))
    SELECT weight, hits, pairs FROM swept ORDER BY 2.0 * hits / (pairs + ${TRUE_PAIRS}) DESC, weight LIMIT 1`,
  )
  const best = numbers(thresholds[0]!) as unknown as { weight: number; hits: number; pairs: number }
  return { label: `Splink, ${way}, weight ${best.weight.toFixed(1)}`, pairs: best.pairs, hits: best.hits }
}
