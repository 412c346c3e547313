import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DemoOptions } from '../../src/app/demo/index.ts'
import { runChild } from '../child.ts'
import { printLine } from '../table.ts'

/** Raise it when the generator changes, or old cities are measured. */
const GENERATION = 3

export interface BenchCity {
  readonly dir: string
  readonly population: string
  readonly roll: string
  readonly truth: string
  readonly populationParquet: string
  readonly rollParquet: string
}

export type CityKey = Pick<DemoOptions, 'seed' | 'scale' | 'elsewhereShare' | 'corruption' | 'outOfSchoolShare'>

/** A city under `.data/bench`, made by a process of its own and kept for the next time. */
export async function cityFor(root: string, key: CityKey): Promise<BenchCity> {
  const name = `v${GENERATION}-${key.seed}-s${key.scale}-e${key.elsewhereShare}-o${key.outOfSchoolShare}-c${key.corruption}`
  const dir = join(root, name)
  if (!existsSync(dir)) {
    const draft = `${dir}.draft`
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { recursive: true })
    const made = await runChild<{ populationRows: number; rollRows: number }>(
      new URL('./generate.ts', import.meta.url),
      { dir: draft, key },
    )
    renameSync(draft, dir)
    const { answer, cpuSeconds, wallSeconds, peakMb } = made
    printLine(
      `made ${name}: ${answer.populationRows} + ${answer.rollRows} rows, ${cpuSeconds.toFixed(0)} CPU-s, ${wallSeconds.toFixed(0)} s, ${peakMb.toFixed(0)} MB`,
    )
  }
  return {
    dir,
    population: join(dir, 'population.csv'),
    roll: join(dir, 'roll.csv'),
    truth: join(dir, 'truth.csv'),
    populationParquet: join(dir, 'population.parquet'),
    rollParquet: join(dir, 'roll.parquet'),
  }
}
