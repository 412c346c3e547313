import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DEMO_DEFAULTS } from '../../src/app/demo/index.ts'
import { type Cost, median } from '../child.ts'
import { loadNow, machineNote } from '../machine.ts'
import { printLine, printTable, seconds } from '../table.ts'
import { type BenchCity, cityFor } from './city.ts'
import { type BaselineRule, runBaseline, runProduct } from './methods.ts'
import { printQuality } from './quality.ts'

interface Settings {
  readonly root: string
  readonly scales: readonly number[]
  readonly reps: number
  readonly seed: number
  readonly corruption: number
  readonly isQualityOnly: boolean
}

/**
 * Cost and quality of the first comparison. Cost: the product's own steps in a process of its own against an exact ID
 * join over the same files, both in every round, medians. Quality: against the generator's truth, without children
 * elsewhere (what linkage can do) and with them (what the officer gets).
 */
export async function benchReconcile(args: readonly string[]): Promise<void> {
  const settings = settingsOf(args)
  mkdirSync(settings.root, { recursive: true })
  printLine(`${new Date().toISOString().slice(0, 16)}Z, ${machineNote()}`)
  for (const scale of settings.scales) {
    printLine(`\n# Scale ${scale}, seed ${settings.seed}, corruption ${settings.corruption}`)
    const key = { ...DEMO_DEFAULTS, seed: settings.seed, corruption: settings.corruption, scale }
    const city = await cityFor(settings.root, key)
    if (!settings.isQualityOnly) await measureCost(settings, city)
    await printQuality(
      settings.root,
      await cityFor(settings.root, { ...key, elsewhereShare: 0 }),
      'linkage alone: nobody is elsewhere',
    )
    await printQuality(
      settings.root,
      city,
      `what the officer gets: ${100 * key.elsewhereShare} % are at school outside the city`,
    )
  }
}

function settingsOf(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scale: { type: 'string', default: '0.1,0.3,1' },
      reps: { type: 'string', default: '3' },
      seed: { type: 'string', default: String(DEMO_DEFAULTS.seed) },
      corruption: { type: 'string', default: '1' },
      'quality-only': { type: 'boolean', default: false },
    },
  })
  return {
    root: join(process.cwd(), '.data', 'bench'),
    scales: values.scale.split(',').map(Number),
    reps: Number(values.reps),
    seed: Number(values.seed),
    corruption: Number(values.corruption),
    isQualityOnly: values['quality-only'],
  }
}

interface Job {
  readonly label: string
  readonly costs: Cost[]
  run(): Promise<Cost & { readonly rows?: number }>
}

async function measureCost(settings: Settings, city: BenchCity): Promise<void> {
  const workDir = join(settings.root, `work-${process.pid}`)
  const jobs = jobsOn(city, workDir)
  const loads: number[] = []
  let rows = 0
  try {
    for (let round = 0; round < settings.reps; round += 1) {
      for (const job of jobs) {
        loads.push(loadNow())
        const cost = await job.run()
        job.costs.push(cost)
        rows = cost.rows ?? rows
        rmSync(workDir, { recursive: true, force: true })
      }
    }
  } finally {
    rmSync(workDir, { recursive: true, force: true })
  }
  const joined = { csv: medians(jobs[0]!.costs), parquet: medians(jobs[1]!.costs) }
  printTable(
    `Cost, median of ${settings.reps} interleaved rounds, start of the process included (load before each run ${Math.min(...loads)}-${Math.max(...loads)})`,
    [
      'job',
      'CPU-s',
      'wall s',
      'wall min-max',
      'peak MB',
      'rows/s',
      'CPU-s a million population rows',
      'CPU x exact ID join',
    ],
    jobs.map(({ label, costs }) => {
      const cost = medians(costs)
      const walls = costs.map((one) => one.wallSeconds)
      const base = label.includes('Parquet') ? joined.parquet : joined.csv
      return [
        label,
        seconds(cost.cpuSeconds),
        seconds(cost.wallSeconds),
        `${seconds(Math.min(...walls))}-${seconds(Math.max(...walls))}`,
        Math.round(Math.max(...costs.map((one) => one.peakMb))),
        Math.round(rows / cost.wallSeconds),
        seconds(cost.cpuSeconds / (rows / 2e6)),
        (cost.cpuSeconds / base.cpuSeconds).toFixed(1),
      ]
    }),
  )
  printLine(`rows: population and roll together ${rows}; peak is the worst round, not the median`)
}

function medians(costs: readonly Cost[]): Cost {
  return {
    wallSeconds: median(costs.map((cost) => cost.wallSeconds)),
    cpuSeconds: median(costs.map((cost) => cost.cpuSeconds)),
    peakMb: median(costs.map((cost) => cost.peakMb)),
  }
}

function jobsOn(city: BenchCity, workDir: string): readonly Job[] {
  const csv = { population: city.population, roll: city.roll }
  const parquet = { population: city.populationParquet, roll: city.rollParquet }
  const baseline = (label: string, files: typeof csv, rule: BaselineRule): Job => ({
    label,
    costs: [],
    run: () => runBaseline(files, workDir, rule),
  })
  const product = (label: string, files: typeof csv, writesLists: boolean): Job => ({
    label,
    costs: [],
    async run() {
      const run = await runProduct(files, workDir, writesLists)
      return { ...run, rows: run.answer.summary.populationRows + run.answer.summary.rollRows }
    },
  })
  return [
    baseline('exact ID join, CSV', csv, 'id'),
    baseline('exact ID join, Parquet', parquet, 'id'),
    baseline('ID or name and birthday, CSV', csv, 'id-or-name-birth'),
    product('reconcile, CSV', csv, false),
    product('reconcile, Parquet', parquet, false),
    product('reconcile, CSV, lists written as CSV', csv, true),
  ]
}
