import { peopleOf } from './city.ts'
import type { DemoDistrict, Person } from './model.ts'
import { type PopulationRecord, populationRecords } from './population-records.ts'
import { randomByNumber } from './random.ts'
import { type RollRecord, rollRecords } from './roll-records.ts'
import { truthCells } from './truth.ts'
import type { World } from './world.ts'

/**
 * Takes rows in their final order, cells joined by commas (no cell of the generator holds a comma, a quote or a line
 * break). The number of a row is its place below the heading, from 1.
 */
export interface CitySink {
  population(line: string, district: DemoDistrict): void
  roll(line: string, district: DemoDistrict): void
  truth(line: string, rows: TruthRows): void
}

/** Which rows a line of truth speaks of; at least one is not null. */
export interface TruthRows {
  readonly populationRow: number | null
  readonly rollRow: number | null
  readonly populationDistrict: DemoDistrict | null
  readonly rollDistrict: DemoDistrict | null
}

/** A roll row that waits until its district's rolls are sorted; written out at once, so that no person is kept. */
interface WaitingEntry {
  readonly order: number
  readonly name: string
  readonly line: string
  readonly truth: string
  readonly populationRow: number | null
  readonly populationDistrict: DemoDistrict | null
}

/** Families between a row and its copy, as in an extract put together from police stations. */
const COPY_LAG = 40

/** [DEMO-12] Population rows in the order of the registers, roll rows by school, grade and class; every row has one line of truth. */
export function fillCity(world: World, sink: CitySink): void {
  const population = filePopulation(sink)
  const rolls = fileRolls(world, sink)
  let neighbourId = ''
  const populationStream = randomByNumber(world.options.seed, 'population-faults')
  const rollStream = randomByNumber(world.options.seed, 'roll-faults')
  let current = world.districts[0]!
  for (const { person, district } of withDistrict(world)) {
    if (current !== district) rolls.flush(current)
    current = district
    const own = population.file(person, populationRecords(world, person, populationStream(person.personId)))
    const entries = rollRecords(world, person, rollStream(person.personId), neighbourId)
    for (const entry of entries) rolls.wait(person, entry, entry.copy === '' ? own : null)
    if (own !== null && !entries.some((entry) => entry.copy === '')) {
      const rows = {
        populationRow: own.row,
        rollRow: null,
        populationDistrict: own.record.district,
        rollDistrict: null,
      }
      sink.truth(truthCells(person, own.record, null).join(','), rows)
    }
    if (person.citizenId !== '') neighbourId = person.citizenId
  }
  population.finish()
  for (const district of world.districts) rolls.flush(district)
}

interface FiledRow {
  readonly row: number
  readonly record: PopulationRecord
}

function filePopulation(sink: CitySink) {
  const copies: { readonly person: Person; readonly record: PopulationRecord }[] = []
  let row = 0
  function write(record: PopulationRecord): number {
    row += 1
    sink.population(record.cells.join(','), record.district)
    return row
  }
  function writeCopies(count: number): void {
    for (const { person, record } of copies.splice(0, count)) {
      const rows = {
        populationRow: write(record),
        rollRow: null,
        populationDistrict: record.district,
        rollDistrict: null,
      }
      sink.truth(truthCells(person, record, null).join(','), rows)
    }
  }
  return {
    /** The person's own row; copies of it come later. */
    file(person: Person, records: readonly PopulationRecord[]): FiledRow | null {
      let own: FiledRow | null = null
      for (const record of records) {
        if (record.copy === '') own = { row: write(record), record }
        else copies.push({ person, record })
      }
      if (copies.length > COPY_LAG) writeCopies(1)
      return own
    },
    finish: () => writeCopies(copies.length),
  }
}

function fileRolls(world: World, sink: CitySink) {
  const waiting = new Map<DemoDistrict, WaitingEntry[]>(world.districts.map((district) => [district, []]))
  let row = 0
  return {
    wait(person: Person, entry: RollRecord, own: FiledRow | null): void {
      waiting.get(entry.school.district)!.push({
        order: entry.school.index * 10_000 + entry.order,
        name: entry.cells[3]!,
        line: entry.cells.join(','),
        truth: truthCells(person, own?.record ?? null, entry).join(','),
        populationRow: own?.row ?? null,
        populationDistrict: own?.record.district ?? null,
      })
    },
    flush(district: DemoDistrict): void {
      const entries = waiting.get(district)!
      entries.sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
      for (const { line, truth, populationRow, populationDistrict } of entries) {
        row += 1
        sink.roll(line, district)
        sink.truth(truth, { populationRow, rollRow: row, populationDistrict, rollDistrict: district })
      }
      waiting.set(district, [])
    },
  }
}

/** A person with the district whose streams made them; those from outside the city follow the registered of a district. */
function* withDistrict(world: World): Generator<{ person: Person; district: DemoDistrict }> {
  let district = world.districts[0]!
  for (const person of peopleOf(world)) {
    district = person.household.home.district ?? district
    yield { person, district }
  }
}
