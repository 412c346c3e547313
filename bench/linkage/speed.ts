import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ChildRun, type Cost, median, runChild } from '../child.ts'
import { loadNow } from '../machine.ts'
import { runBaseline } from '../reconcile/methods.ts'
import { printLine, printTable } from '../table.ts'
import type { AlterTask } from './alter-keys.ts'
import type { Options } from './options.ts'
import type { LinkAnswer, Prepared } from './ours.ts'
import { preparedCity } from './prepared.ts'
import { dropDir, freshDir, runCompare, runLink, runRelink } from './programs.ts'

const ALTER = new URL('./alter-keys.ts', import.meta.url)
/** Rows of population of a city of scale 1, in millions. */
const CITY_MILLIONS = 3.3

/** CPU-s a million population rows from prepared Parquet, with the exact join over the same sheets as floor; twice the same bytes. */
export async function printCost(options: Options): Promise<void> {
  const city = await preparedCity(options, options.seeds[0]!, options.scale)
  const dir = freshDir(join(options.root, `speed-${process.pid}`))
  const sheets = { population: city.sheets.populationParquet, roll: city.sheets.rollParquet }
  const hashes = new Set<string>()
  const link = async () => {
    const run = await runLink(city.prepared, join(dir, 'link'), options)
    hashes.add(hashOf(run.answer))
    return run
  }
  const jobs: readonly { readonly label: string; readonly costs: Cost[]; run(): Promise<Cost> }[] = [
    { label: 'exact ID join (floor)', costs: [], run: () => runBaseline(sheets, join(dir, 'exact'), 'id') },
    { label: 'linkage: key files to links and repeats', costs: [], run: link },
    {
      label: 'whole comparison: prepared sheets to lists',
      costs: [],
      run: () => runCompare(city.prepared, join(dir, 'all'), options),
    },
  ]
  const loads: number[] = []
  for (let round = 0; round < options.reps; round += 1)
    for (const job of jobs) {
      loads.push(loadNow())
      job.costs.push(await job.run())
    }
  const millions = city.prepared.populationRows / 1e6
  printLine(
    `\n## Cost: ${city.prepared.populationRows} x ${city.prepared.rollRows} rows, ${options.threads} threads, DuckDB held to ${options.memoryMb} MB`,
  )
  printTable(
    `Median of ${options.reps} interleaved rounds, process start included (load before each ${Math.min(...loads)}-${Math.max(...loads)}); importing the keys once cost ${city.importCost}`,
    ['job', 'CPU-s', 'wall s', 'peak MB', 'CPU-s a million population rows', 'CPU x floor'],
    jobs.map(({ label, costs }) => {
      const cpu = median(costs.map((cost) => cost.cpuSeconds))
      return [
        label,
        cpu.toFixed(2),
        median(costs.map((cost) => cost.wallSeconds)).toFixed(2),
        Math.round(Math.max(...costs.map((cost) => cost.peakMb))),
        (cpu / millions).toFixed(2),
        (cpu / median(jobs[0]!.costs.map((cost) => cost.cpuSeconds))).toFixed(1),
      ]
    }),
  )
  if (options.reps > 1)
    printLine(
      `${options.reps} runs of the linkage: ${hashes.size === 1 ? 'byte-identical outputs' : `${hashes.size} DIFFERENT outputs`}`,
    )
  dropDir(dir)
}

/** The same linkage over more and more cities, each in a province of its own. */
export async function printGrowth(options: Options): Promise<void> {
  const unit = options.growth[0]!
  const dir = freshDir(join(options.root, `growth-${process.pid}`))
  const cities: Prepared[] = []
  const points: { readonly rows: number; readonly run: ChildRun<LinkAnswer> }[] = []
  for (const millions of options.growth) {
    const count = Math.round(millions / unit)
    for (let index = cities.length; index < count; index += 1)
      cities.push((await preparedCity(options, GROWTH_SEED + index, unit / CITY_MILLIONS)).prepared)
    const files = { left: join(dir, 'left.parquet'), right: join(dir, 'right.parquet') }
    for (const side of ['left', 'right'] as const) {
      const task: AlterTask = {
        kind: 'together',
        files: cities.slice(0, count).map((city) => city[side]),
        out: files[side],
      }
      await runChild(ALTER, task)
    }
    const run = await runLink(files, join(dir, 'link'), options)
    points.push({ rows: cities.slice(0, count).reduce((sum, city) => sum + city.populationRows, 0), run })
  }
  printLine(`\n## Growth: cities of ${unit} million population rows, one province each`)
  printTable(
    'Linkage from key files, one run each, process start included',
    ['population rows', 'CPU-s', 'wall s', 'peak MB', 'CPU-s a million', 'blocks too large'],
    points.map(({ rows, run }) => [
      rows,
      run.cpuSeconds.toFixed(2),
      run.wallSeconds.toFixed(2),
      Math.round(run.peakMb),
      (run.cpuSeconds / (rows / 1e6)).toFixed(2),
      run.answer.droppedBlocks,
    ]),
  )
  if (points.length > 1) {
    const exponent = (cost: (run: Cost) => number) =>
      slope(points.map(({ rows, run }) => [Math.log(rows), Math.log(cost(run))]))
    printLine(
      `fitted exponent: CPU ${exponent((run) => run.cpuSeconds).toFixed(3)}, wall ${exponent((run) => run.wallSeconds).toFixed(3)}`,
    )
  }
  dropDir(dir)
}

/** Far from the seeds of quality, whose cities are of other scales. */
const GROWTH_SEED = 52_001

/** A share of the rows changed: what its list costs against a whole run, model and frequencies of the first run. */
export async function printChange(options: Options): Promise<void> {
  const { prepared } = await preparedCity(options, options.seeds[0]!, options.scale)
  const dir = freshDir(join(options.root, `change-${process.pid}`))
  const kept = freshDir(join(dir, 'kept'))
  const first = await runLink({ ...prepared, keep: kept }, join(dir, 'first'), options)
  const file = (side: 'left' | 'right', what: string) => join(dir, `${side}-${what}.parquet`)
  let changed = 0
  for (const side of ['left', 'right'] as const) {
    const out = { out: file(side, 'now'), list: file(side, 'list') }
    const task: AlterTask = { kind: 'changed', file: prepared[side], share: options.change, ...out }
    changed += (await runChild<number>(ALTER, task)).answer
  }
  const now = { left: file('left', 'now'), right: file('right', 'now') }
  const lists = { leftChanges: file('left', 'list'), rightChanges: file('right', 'list') }
  const whole: ChildRun<LinkAnswer>[] = []
  const part: ChildRun<Pick<LinkAnswer, 'outputs'>>[] = []
  const hashes = new Set<string>()
  for (let round = 0; round < options.reps; round += 1) {
    whole.push(await runLink({ ...now, frozen: kept }, join(dir, 'whole'), options))
    part.push(await runRelink({ ...prepared, ...lists, kept }, join(dir, 'part'), options))
    for (const { answer } of [whole.at(-1)!, part.at(-1)!]) hashes.add(hashOf(answer))
  }
  const full = median(whole.map((run) => run.cpuSeconds))
  const line = (label: string, runs: readonly Cost[]) => {
    const cpu = median(runs.map((run) => run.cpuSeconds))
    const wall = median(runs.map((run) => run.wallSeconds))
    return [label, cpu.toFixed(2), wall.toFixed(2), (cpu / full).toFixed(2)]
  }
  printLine(`\n## Change: ${changed} of ${prepared.populationRows + prepared.rollRows} rows moved house and telephone`)
  printTable(
    `Linkage from key files, median of ${options.reps} rounds, process start included`,
    ['run', 'CPU-s', 'wall s', 'share of the whole run'],
    [
      line('the run before, learnt and kept', [first]),
      line('whole run on the changed files, model and frequencies kept', whole),
      line('the list of changes', part),
    ],
  )
  printLine(`whole run and list of changes: ${hashes.size === 1 ? 'byte-identical' : 'DIFFERENT'} results`)
  dropDir(dir)
}

function hashOf({ outputs }: Pick<LinkAnswer, 'outputs'>): string {
  const hash = createHash('sha256')
  for (const file of outputs) hash.update(readFileSync(file))
  return hash.digest('hex')
}

/** Least squares. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (index: 0 | 1) => points.reduce((sum, point) => sum + point[index], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const over = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return over / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}
