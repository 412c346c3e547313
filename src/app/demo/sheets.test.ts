import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import iconv from 'iconv-lite'
import { afterAll, describe, expect, test } from 'vitest'
import { generateCity } from './city.ts'
import { writeDistrictSheets, writeLaterSheets } from './district-sheets.ts'
import { POPULATION_HEADINGS, ROLL_HEADINGS, TRUTH_HEADINGS } from './headings.ts'
import { writeCitySheets, writeEarlierSheets } from './sheets.ts'

const dir = mkdtempSync(join(tmpdir(), 'demo-sheets-'))
afterAll(() => rmSync(dir, { recursive: true }))

type Cells = Readonly<Record<string, string>>

function table(text: string, headings: readonly string[]): Cells[] {
  const [heading, ...lines] = text.trimEnd().split(/\r?\n/)
  expect(heading).toBe(headings.join(','))
  return lines.map((line) => {
    const cells = line.split(',')
    expect(cells.length).toBe(headings.length)
    return Object.fromEntries(headings.map((name, index) => [name, cells[index]!]))
  })
}

const read = (path: string, headings: readonly string[]) => table(readFileSync(path, 'utf8'), headings)
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

const written = writeCitySheets(join(dir, 'a'), { scale: 0.01 })
const population = read(written.population, POPULATION_HEADINGS)
const roll = read(written.roll, ROLL_HEADINGS)
const truth = read(written.truth, TRUTH_HEADINGS)

describe('[DEMO-12] the sheets of the city', () => {
  test('the same options give the same bytes', () => {
    const again = writeCitySheets(join(dir, 'b'), { scale: 0.01 })
    for (const sheet of ['population', 'roll', 'truth'] as const)
      expect(digest(again[sheet])).toBe(digest(written[sheet]))
  })

  test('hold as many rows as they say, and nothing that a CSV would have to quote', () => {
    expect([population.length, roll.length]).toEqual([written.populationRows, written.rollRows])
    for (const path of [written.population, written.roll]) expect(readFileSync(path, 'utf8')).not.toMatch(/["\r]/)
  })

  test('every row has exactly one line of truth', () => {
    for (const [column, count] of [
      ['population_row', population.length],
      ['roll_row', roll.length],
    ] as const) {
      const rows = truth.filter((line) => line[column] !== '').map((line) => Number(line[column]))
      expect(rows.length).toBe(count)
      expect(new Set(rows).size).toBe(count)
      expect(Math.min(...rows)).toBe(1)
      expect(Math.max(...rows)).toBe(count)
    }
  })

  test('a line of truth leads to two rows of one person: they agree wherever no fault is planted', () => {
    const sound = truth.filter(
      (line) => line.population_row && line.roll_row && !line.population_faults && !line.roll_faults,
    )
    expect(sound.length).toBeGreaterThan(20_000)
    for (const line of sound) {
      const registered = population[Number(line.population_row) - 1]!
      const enrolled = roll[Number(line.roll_row) - 1]!
      expect(enrolled.身份证件号!.toUpperCase()).toBe(registered.公民身份号码)
      expect(enrolled.姓名!.replace(/[ \u3000]/g, '')).toBe(registered.姓名)
      expect(enrolled.性别).toBe(registered.性别)
    }
  })

  test('rows of different people never share an ID but by a fault that is written down', () => {
    const owner = new Map<string, string>()
    for (const line of truth) {
      if (line.population_row === '' || line.population_faults !== '') continue
      const id = population[Number(line.population_row) - 1]!.公民身份号码!
      expect(owner.get(id) ?? line.person_id).toBe(line.person_id)
      owner.set(id, line.person_id!)
    }
    for (const line of truth) {
      if (line.roll_row === '') continue
      const other = owner.get(roll[Number(line.roll_row) - 1]!.身份证件号!)
      if (other !== undefined && other !== line.person_id)
        expect(line.roll_faults).toMatch(/id-(of-|forced-valid|wrong|transposed)/)
    }
  })
})

function perThousand(lines: readonly Cells[], column: 'population_faults' | 'roll_faults', fault: string): number {
  return (1000 * lines.filter((line) => line[column]!.split(' ').includes(fault)).length) / lines.length
}

test('[DEMO-15] another share elsewhere changes no row of the population and no entry of those who stay', () => {
  const other = writeCitySheets(join(dir, 'everybody-here'), { scale: 0.01, elsewhereShare: 0 })
  expect(digest(other.population)).toBe(digest(written.population))
  const entries = new Set(readFileSync(other.roll, 'utf8').split('\n'))
  const changed = readFileSync(written.roll, 'utf8')
    .split('\n')
    .filter((line) => !entries.has(line))
  // The ended entries (转出) of those who are elsewhere, and nothing else.
  expect(changed.every((line) => line.includes('转学(转出)'))).toBe(true)
})

test('[DEMO-15] what is written about people does not change who they are', () => {
  const people = [...generateCity({ scale: 0.01 })]
  for (const line of truth.filter(
    (candidate) => candidate.population_row && !candidate.copy && !candidate.population_faults,
  )) {
    const row = population[Number(line.population_row) - 1]!
    const person = people[Number(line.person_id) - 1]!
    expect([row.公民身份号码, row.姓名]).toEqual([person.citizenId, person.name])
  }
})

const enrolled = truth.filter((line) => line.roll_row !== '')

test('[DEMO-8] names on the rolls go wrong in every way at about its rate', () => {
  for (const fault of ['name-homophone', 'name-lookalike', 'name-inner-space', 'name-outer-space']) {
    expect(perThousand(enrolled, 'roll_faults', fault), fault).toBeGreaterThan(0.3)
    expect(perThousand(enrolled, 'roll_faults', fault), fault).toBeLessThan(8)
  }
  const seen = new Set(enrolled.flatMap((line) => line.roll_faults!.split(' ')))
  for (const fault of [
    'name-traditional',
    'name-swapped-characters',
    'name-former',
    'surname-former',
    'name-rare',
    'name-dot',
  ])
    expect(seen).toContain(fault)
})

test('[DEMO-9] IDs on the rolls go wrong in every way at about its rate, and the rate doubles with the factor', () => {
  const bad = (lines: readonly Cells[]) =>
    lines.filter((line) => /\bid-(missing|wrong-digit|former|transposed)/.test(line.roll_faults!)).length / lines.length
  expect(bad(enrolled)).toBeGreaterThan(0.008)
  expect(bad(enrolled)).toBeLessThan(0.02)
  const worse = writeCitySheets(join(dir, 'worse'), { scale: 0.01, corruption: 2 })
  const doubled = bad(read(worse.truth, TRUTH_HEADINGS).filter((line) => line.roll_row !== '')) / bad(enrolled)
  expect(doubled).toBeGreaterThan(1.5)
  expect(doubled).toBeLessThan(2.5)
  const none = writeCitySheets(join(dir, 'none'), { scale: 0.002, corruption: 0 })
  expect(read(none.truth, TRUTH_HEADINGS).filter((line) => /id-(?!small-x)/.test(line.roll_faults!))).toEqual([])
})

test('[DEMO-10] the extract holds second registrations under another ID, repeated rows, and cancelled ones', () => {
  const copies = truth.filter((line) => line.population_row !== '' && line.copy !== '')
  const own = new Map(
    truth.filter((line) => line.copy === '' && line.population_row).map((line) => [line.person_id, line]),
  )
  const idOf = (line: Cells) => population[Number(line.population_row) - 1]!.公民身份号码
  const second = copies.filter((line) => line.copy === 'second-registration')
  const repeated = copies.filter((line) => line.copy === 'repeated-row')
  expect(second.length).toBeGreaterThan(20)
  expect(repeated.length).toBeGreaterThan(5)
  for (const line of second) expect(idOf(line)).not.toBe(idOf(own.get(line.person_id)!))
  for (const line of repeated) expect(idOf(line)).toBe(idOf(own.get(line.person_id)!))
  for (const line of truth.filter((candidate) => candidate.registered === 'cancelled' && candidate.population_row)) {
    const row = population[Number(line.population_row) - 1]!
    expect([row.注销标识, row.注销原因 !== '']).toEqual(['1', true])
  }
})

test('[DEMO-11] the rolls hold pupils from outside, without registration, foreign, transferred out, graduated, and held by two schools', () => {
  expect(enrolled.filter((line) => line.registered === 'none').length / enrolled.length).toBeGreaterThan(0.03)
  const statuses = new Set(roll.map((row) => row.学生当前状态))
  for (const status of ['在读', '复学', '休学', '转学(转出)', '毕业', '流失', '']) expect(statuses).toContain(status)
  const types = new Set(roll.map((row) => row.身份证件类型))
  expect(types.size).toBeGreaterThan(3)
  expect(enrolled.some((line) => line.copy === 'second-roll')).toBe(true)
  expect(enrolled.some((line) => line.copy === 'former-school')).toBe(true)
  expect(enrolled.some((line) => line.registered === 'cancelled' && line.roll_entry === 'active')).toBe(true)
  const numbers = new Set(roll.map((row) => row.全国学籍号![0]))
  expect(numbers).toEqual(new Set(['G', 'L', 'J']))
})

describe('[DEMO-13] the sheets of a district', () => {
  test('are the same city: a workbook and a CSV in GB18030 whose rows trace to the truth', async () => {
    const [sheets] = await writeDistrictSheets(join(dir, 'district'), ['南川区'], { scale: 0.01 })
    const workbook = await readXlsx(readFileSync(sheets!.population))
    const rows = workbook.sheets[0]!.rows
    expect(rows[1]).toEqual([...POPULATION_HEADINGS])
    const people = rows.slice(2)
    expect(people.length).toBe(sheets!.populationRows)
    const entries = table(iconv.decode(readFileSync(sheets!.roll), 'gb18030'), ROLL_HEADINGS)
    expect(entries.length).toBe(sheets!.rollRows)
    const inCity = truth.filter((line) => line.district === '南川区' && line.population_row).length
    expect(people.length).toBe(inCity)
    const lines = read(sheets!.truth, TRUTH_HEADINGS)
    expect(lines.filter((line) => line.population_row).length).toBe(people.length)
    expect(lines.filter((line) => line.roll_row).length).toBe(entries.length)
    for (const line of lines.filter(
      (candidate) =>
        candidate.population_row && candidate.roll_row && !candidate.roll_faults && !candidate.population_faults,
    )) {
      expect(entries[Number(line.roll_row) - 1]!.身份证件号!.toUpperCase()).toBe(
        people[Number(line.population_row) - 1]![0],
      )
    }
    expect(lines.some((line) => line.population_row && !line.roll_row && line.roll_entry === 'active')).toBe(true)
  })

  test('of a district that is not in force are refused', async () => {
    await expect(writeDistrictSheets(join(dir, 'none'), ['江北区'])).rejects.toThrow(RangeError)
  })
})

describe('[DEMO-16] two looks at one district', () => {
  const lines = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n')
  const gb = (path: string) => iconv.decode(readFileSync(path), 'gb18030').trimEnd().split('\r\n')

  test('in September the district lacks a few who came later, other districts nobody', () => {
    const earlier = writeEarlierSheets(join(dir, 'earlier'), '万州区', { scale: 0.01 })
    for (const sheet of ['population', 'roll'] as const) {
      const before = new Set(lines(earlier[sheet]))
      const missing = lines(written[sheet]).filter((line) => !before.has(line))
      expect(missing.length).toBeGreaterThan(0)
      expect(missing.length).toBeLessThan(lines(written[sheet]).length * 0.002)
      expect(missing.every((line) => line.includes('万州区'))).toBe(true)
    }
  })

  test('in November some left the roll or its status, and some registrations were cancelled', async () => {
    const options = { scale: 0.02 }
    const [plain] = await writeDistrictSheets(join(dir, 'plain'), ['万州区'], options)
    const later = await writeLaterSheets(join(dir, 'later'), '万州区', options)
    const [before, after] = [gb(plain!.roll), gb(later.roll)]
    const gone = before.length - after.length
    expect(gone).toBeGreaterThan(0)
    expect(gone).toBeLessThan(before.length * 0.01)
    const known = new Set(before)
    const changed = after.filter((line) => !known.has(line))
    expect(new Set(changed.map((line) => line.split(',')[ROLL_HEADINGS.indexOf('学生当前状态')]))).toEqual(
      new Set(['转出', '休学', '流失']),
    )
    expect(later.populationRows).toBe(plain!.populationRows)
  })
})
