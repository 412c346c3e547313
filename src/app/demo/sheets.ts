import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { wasThereEarlier } from './drift.ts'
import { fillCity } from './fill-city.ts'
import { POPULATION_HEADINGS, ROLL_HEADINGS, TRUTH_HEADINGS } from './headings.ts'
import { type DemoOptions, demoOptions } from './options.ts'
import { createWorld } from './world.ts'

export interface WrittenCity {
  readonly population: string
  readonly roll: string
  readonly truth: string
  readonly populationRows: number
  readonly rollRows: number
}

/** [DEMO-12] Writes the city's two sheets and the truth as CSV in UTF-8; memory holds one district's rolls at a time. */
export function writeCitySheets(dir: string, given: Partial<DemoOptions> = {}): WrittenCity {
  mkdirSync(dir, { recursive: true })
  const paths = { population: join(dir, 'population.csv'), roll: join(dir, 'roll.csv'), truth: join(dir, 'truth.csv') }
  const population = openCsv(paths.population, POPULATION_HEADINGS)
  const roll = openCsv(paths.roll, ROLL_HEADINGS)
  const truth = openCsv(paths.truth, TRUTH_HEADINGS)
  try {
    fillCity(createWorld(demoOptions(given)), {
      population: (line) => population.write(line),
      roll: (line) => roll.write(line),
      truth: (line, { populationRow, rollRow }) => truth.write(`${populationRow ?? ''},${rollRow ?? ''},${line}`),
    })
  } finally {
    for (const csv of [population, roll, truth]) csv.close()
  }
  return { ...paths, populationRows: population.rows(), rollRows: roll.rows() }
}

/** [DEMO-16] The city's two sheets as of the first weeks of term, where `district` still lacks who came later. */
export function writeEarlierSheets(
  dir: string,
  district: string,
  given: Partial<DemoOptions> = {},
): Omit<WrittenCity, 'truth'> {
  mkdirSync(dir, { recursive: true })
  const options = demoOptions(given)
  const paths = { population: join(dir, 'population.csv'), roll: join(dir, 'roll.csv') }
  const population = openCsv(paths.population, POPULATION_HEADINGS)
  const roll = openCsv(paths.roll, ROLL_HEADINGS)
  const isRegistered = wasThereEarlier(options.seed, 'population')
  const isAdmitted = wasThereEarlier(options.seed, 'roll')
  try {
    fillCity(createWorld(options), {
      population: (line, { name }) => (name !== district || isRegistered()) && population.write(line),
      roll: (line, { name }) => (name !== district || isAdmitted()) && roll.write(line),
      truth: () => {},
    })
  } finally {
    for (const csv of [population, roll]) csv.close()
  }
  return { ...paths, populationRows: population.rows(), rollRows: roll.rows() }
}

interface Csv {
  write(line: string): void
  rows(): number
  close(): void
}

const LINES_A_WRITE = 4000

function openCsv(path: string, headings: readonly string[]): Csv {
  const file = openSync(path, 'w')
  let pending = [headings.join(',')]
  let rows = 0
  function flush(): void {
    if (pending.length > 0) writeSync(file, `${pending.join('\n')}\n`)
    pending = []
  }
  return {
    write(line) {
      rows += 1
      if (pending.push(line) >= LINES_A_WRITE) flush()
    },
    rows: () => rows,
    close() {
      flush()
      closeSync(file)
    },
  }
}
