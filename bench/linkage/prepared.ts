import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEMO_DEFAULTS } from '../../src/app/demo/index.ts'
import { type BenchCity, cityFor } from '../reconcile/city.ts'
import type { Options } from './options.ts'
import type { Prepared } from './ours.ts'
import { runPrepare } from './programs.ts'

export interface PreparedCity {
  readonly sheets: BenchCity
  readonly prepared: Prepared
  /** What importing cost when the files were made. */
  readonly importCost: string
}

/** A city with its prepared files, kept beside it: importing costs more than most of what is measured here. */
export async function preparedCity(options: Options, seed: number, scale: number): Promise<PreparedCity> {
  const key = { ...DEMO_DEFAULTS, seed, scale: Number(scale.toFixed(4)), corruption: options.corruption }
  const sheets = await cityFor(options.root, { ...key, elsewhereShare: 0 })
  const done = join(sheets.dir, `prepared-${engineMark()}.json`)
  if (!existsSync(done)) {
    for (const old of globSync(join(sheets.dir, 'prepared*'))) rmSync(old, { recursive: true })
    const files = { population: sheets.populationParquet, roll: sheets.rollParquet }
    const run = await runPrepare(files, join(sheets.dir, 'prepared'))
    const importCost = `${run.cpuSeconds.toFixed(1)} CPU-s, ${Math.round(run.peakMb)} MB`
    writeFileSync(done, JSON.stringify({ prepared: run.answer, importCost }))
  }
  return { sheets, ...(JSON.parse(readFileSync(done, 'utf8')) as Omit<PreparedCity, 'sheets'>) }
}

/** Prepared files are of the engine that made them: its source tells whether they still are. */
function engineMark(): string {
  const hash = createHash('sha256')
  for (const file of globSync('src/engines/linkage/**/*.ts').toSorted()) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 12)
}
