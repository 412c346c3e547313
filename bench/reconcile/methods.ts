import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DEMO_DEFAULTS } from '../../src/app/demo/index.ts'
import { type ChildRun, runChild } from '../child.ts'
import type { BaselineTask } from './baseline.ts'
import type { ProductAnswer, ProductTask } from './product.ts'

const PRODUCT = new URL('./product.ts', import.meta.url)
const BASELINE = new URL('./baseline.ts', import.meta.url)

export interface Sheets {
  readonly population: string
  readonly roll: string
}

export type BaselineRule = BaselineTask['rule']

/** The product in a process of its own; its lists stay in `workDir`. */
export function runProduct(
  { population, roll }: Sheets,
  workDir: string,
  writesLists: boolean,
): Promise<ChildRun<ProductAnswer>> {
  mkdirSync(workDir, { recursive: true })
  const task: ProductTask = {
    population,
    roll,
    workDir,
    schoolYear: DEMO_DEFAULTS.schoolYear,
    today: `${DEMO_DEFAULTS.schoolYear}-11-24`,
    out: writesLists ? workDir : null,
  }
  return runChild(PRODUCT, task)
}

/** A baseline in a process of its own; answers the Parquet with those it did not find. */
export function runBaseline(
  { population, roll }: Sheets,
  workDir: string,
  rule: BaselineRule,
): Promise<ChildRun<{ out: string }>> {
  mkdirSync(workDir, { recursive: true })
  const task: BaselineTask = {
    population,
    roll,
    schoolYear: DEMO_DEFAULTS.schoolYear,
    rule,
    out: join(workDir, `${rule}.parquet`),
  }
  return runChild(BASELINE, task)
}
