import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { writeXlsxStream } from 'hucre/xlsx'
import iconv from 'iconv-lite'
import { laterPopulation, laterRoll } from './drift.ts'
import { fillCity } from './fill-city.ts'
import { POPULATION_HEADINGS, ROLL_HEADINGS, TRUTH_HEADINGS } from './headings.ts'
import { writeOfficeLists } from './office-lists.ts'
import { type DemoOptions, demoOptions } from './options.ts'
import { createWorld } from './world.ts'

export interface DistrictSheets {
  readonly district: string
  /** Workbook with a title above the heading, as the police hand it over. */
  readonly population: string
  /** CSV in GB18030 with CRLF, as the registry's export looks on a clerk's machine. */
  readonly roll: string
  /** Row numbers of these two sheets. */
  readonly truth: string
  readonly populationRows: number
  readonly rollRows: number
}

interface Collected {
  readonly population: string[]
  readonly roll: string[]
  readonly truth: string[]
  /** Row of the city's sheet to row of the district's. */
  readonly populationRows: Map<number, number>
  readonly rollRows: Map<number, number>
}

/**
 * [DEMO-13] The sheets of some districts of the same city: those registered there, and the rolls of its schools. Children
 * who are at school in another district of the city are on none of these rolls; the truth says so.
 */
export async function writeDistrictSheets(
  dir: string,
  districts: readonly string[],
  given: Partial<DemoOptions> = {},
): Promise<readonly DistrictSheets[]> {
  const written: DistrictSheets[] = []
  for (const [district, sheets] of collect(districts, given)) {
    written.push(await writeOne(join(dir, district), district, sheets))
  }
  return written
}

/** [DEMO-16] The sheets of one district as of November; no truth, because its rows are those of the ordinary sheets. */
export async function writeLaterSheets(
  dir: string,
  district: string,
  given: Partial<DemoOptions> = {},
): Promise<Omit<DistrictSheets, 'truth'>> {
  const { seed } = demoOptions(given)
  const sheets = collect([district], given).get(district)!
  const rows = { population: laterPopulation(sheets.population, seed), roll: laterRoll(sheets.roll, seed) }
  await writeOfficeLists(join(dir, district), district, { ...rows, truth: sheets.truth })
  return writeRows(join(dir, district), district, rows)
}

function collect(districts: readonly string[], given: Partial<DemoOptions>): ReadonlyMap<string, Collected> {
  const world = createWorld(demoOptions(given))
  const unknown = districts.find((name) => !world.districts.some((district) => district.name === name))
  if (unknown !== undefined) throw new RangeError(`no district in force in this school year: ${unknown}`)
  const collected = new Map<string, Collected>(districts.map((name) => [name, emptyCollection()]))
  let populationRow = 0
  let rollRow = 0
  fillCity(world, {
    population(line, district) {
      populationRow += 1
      const own = collected.get(district.name)
      if (own !== undefined) own.populationRows.set(populationRow, own.population.push(line))
    },
    roll(line, district) {
      rollRow += 1
      const own = collected.get(district.name)
      if (own !== undefined) own.rollRows.set(rollRow, own.roll.push(line))
    },
    truth(line, rows) {
      for (const name of new Set([rows.populationDistrict?.name, rows.rollDistrict?.name])) {
        const own = name === undefined ? undefined : collected.get(name)
        if (own === undefined) continue
        const ownPopulation = rows.populationRow === null ? undefined : own.populationRows.get(rows.populationRow)
        const ownRoll = rows.rollRow === null ? undefined : own.rollRows.get(rows.rollRow)
        own.truth.push(`${ownPopulation ?? ''},${ownRoll ?? ''},${line}`)
      }
    },
  })
  return collected
}

function emptyCollection(): Collected {
  return { population: [], roll: [], truth: [], populationRows: new Map(), rollRows: new Map() }
}

async function writeOne(dir: string, district: string, sheets: Collected): Promise<DistrictSheets> {
  const written = await writeRows(dir, district, sheets)
  const truth = join(dir, 'truth.csv')
  writeFileSync(truth, `${[TRUTH_HEADINGS.join(','), ...sheets.truth].join('\n')}\n`)
  return { ...written, truth }
}

async function writeRows(
  dir: string,
  district: string,
  { population, roll }: Pick<Collected, 'population' | 'roll'>,
): Promise<Omit<DistrictSheets, 'truth'>> {
  mkdirSync(dir, { recursive: true })
  const paths = { population: join(dir, 'population.xlsx'), roll: join(dir, 'roll.csv') }
  const rows = population.map((line) => line.split(','))
  const title = [`${district}3至18周岁户籍人口信息`]
  const workbook = writeXlsxStream([title, [...POPULATION_HEADINGS], ...rows], { name: '常住人口' })
  await pipeline(Readable.fromWeb(workbook), createWriteStream(paths.population))
  writeFileSync(paths.roll, iconv.encode(`${[ROLL_HEADINGS.join(','), ...roll].join('\r\n')}\r\n`, 'gb18030'))
  return { district, ...paths, populationRows: population.length, rollRows: roll.length }
}
