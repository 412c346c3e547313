import { setTimeout as sleep } from 'node:timers/promises'
import iconv from 'iconv-lite'
import type { Batch, ImportSheet } from '../../domains/imports/contract.ts'
import type { Run } from '../../domains/reconcile/contract.ts'
import type { TestHouse, Visitor } from './house.ts'
import { csv, ended, type PopulationLine, populationRows, type RollLine, rollRows, testPerson } from './sheets.ts'

/** [APP-1] What officers do on a morning, over HTTP as the pages do it. */
export interface SheetToGive {
  readonly kind: 'population' | 'floating' | 'roll'
  readonly content: Buffer | string
  readonly name: string
  readonly asOf: string
}

const LOOKS = 600
const LOOK_AGAIN_MS = 100

/** The answer's body; throws with it when the request was refused. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export async function got(visitor: Visitor, method: string, path: string, body?: object): Promise<any> {
  const answer = await visitor.ask(method, path, body === undefined ? {} : { body })
  if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

export async function giveSheet(visitor: Visitor, { kind, asOf, name, content }: SheetToGive): Promise<ImportSheet> {
  const answer = await visitor.ask('POST', `/imports?kind=${kind}&asOf=${asOf}`, { file: { name, content } })
  if (answer.status !== 200) throw new Error(`upload: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

export async function checkSheet(visitor: Visitor, { sheetId }: ImportSheet): Promise<ImportSheet> {
  await got(visitor, 'POST', `/imports/${sheetId}/check`)
  return settled(visitor, sheetId)
}

export async function commitSheet(
  visitor: Visitor,
  { sheetId }: ImportSheet,
  mode: 'whole' | 'good-rows' = 'whole',
): Promise<ImportSheet & { readonly batchId: number }> {
  await got(visitor, 'POST', `/imports/${sheetId}/commit`, { mode })
  const sheet = await settled(visitor, sheetId)
  if (sheet.state !== 'committed' || sheet.batchId === null) throw new Error(`not stored: ${JSON.stringify(sheet)}`)
  return { ...sheet, batchId: sheet.batchId }
}

/** Gives, checks and stores a sheet in one go. */
export async function importSheet(visitor: Visitor, sheet: SheetToGive, mode?: 'whole' | 'good-rows') {
  return commitSheet(visitor, await checkSheet(visitor, await giveSheet(visitor, sheet)), mode)
}

export async function undoBatch(visitor: Visitor, batchId: number, reason: string): Promise<Batch> {
  await got(visitor, 'POST', `/batches/${batchId}/undo`, { reason })
  return until(
    () => got(visitor, 'GET', `/batches/${batchId}`),
    ({ undo }: Batch) => undo === null || undo.state === 'failed',
  )
}

/** A books run over the batches that speak for the visitor's unit now, once it has ended. */
export async function runBooks(visitor: Visitor): Promise<Run & { readonly isSame: boolean }> {
  const { runId, isSame } = await got(visitor, 'POST', '/runs/books', {})
  const run = await ended(visitor, runId, 60)
  if (run.state !== 'done') throw new Error(`the run ended ${run.state}: ${JSON.stringify(run.problem)}`)
  return { ...run, isSame }
}

async function settled(visitor: Visitor, sheetId: string): Promise<ImportSheet> {
  return until(
    () => got(visitor, 'GET', `/imports/${sheetId}`),
    ({ state }: ImportSheet) => state !== 'checking' && state !== 'committing',
  )
}

async function until<Seen>(look: () => Promise<Seen>, isEnd: (seen: Seen) => boolean): Promise<Seen> {
  for (let looked = 0; looked < LOOKS; looked += 1) {
    const seen = await look()
    if (isEnd(seen)) return seen
    await sleep(LOOK_AGAIN_MS)
  }
  throw new Error('it does not come to an end')
}

/** Day of the first sheets. */
export const FIRST_DAY = '2026-11-16'

const SCHOOL = '第1小学校'
const OTHER_SCHOOL = '第4小学校'

/** The persons of the morning, by what becomes of them. */
export const PEOPLE = {
  atSchool: testPerson(0, '2015-03-14'),
  absent: testPerson(1, '2016-07-02'),
  leaving: testPerson(2, '2016-01-20'),
  small: testPerson(3, '2022-05-05'),
  /** Registered in 南川区; lives and is at school in the zone. */
  far: testPerson(4, '2016-11-30'),
  inVillage: testPerson(5, '2015-10-10'),
  unregistered: testPerson(6, '2015-02-02'),
  /** First given without a name. */
  unnamed: testPerson(7, '2016-09-09'),
  /** First given with a wrong check character. */
  mistyped: testPerson(8, '2017-04-04'),
  /** First given in an extract that is not his district's. */
  stranger: testPerson(9, '2016-03-03'),
} as const

const REGISTERED: readonly PopulationLine[] = [
  PEOPLE.atSchool,
  PEOPLE.absent,
  PEOPLE.leaving,
  PEOPLE.small,
  PEOPLE.far,
  PEOPLE.inVillage,
  PEOPLE.unnamed,
  PEOPLE.mistyped,
].map((person) => ({ person }))

const ON_ROLL: readonly RollLine[] = [
  { person: PEOPLE.atSchool, grade: '六年级' },
  { person: PEOPLE.leaving, grade: '五年级' },
  { person: PEOPLE.inVillage, grade: '五年级' },
  { person: PEOPLE.unregistered, grade: '六年级' },
  { person: PEOPLE.unnamed, grade: '四年级' },
  { person: PEOPLE.mistyped, grade: '四年级' },
]

type Rows = readonly (readonly string[])[]

/** The extract of 南川区 as it should be: the first village of 东城街道, one child in the second. */
export function soundPopulation(villages: readonly string[]): Rows {
  return withCells(populationRows(REGISTERED), (row) => ({
    '社区（村）': row.includes(PEOPLE.inVillage.name) ? villages[1]! : villages[0]!,
  }))
}

/** The same with a name left out, a wrong check character and a row of another district. */
export function spoiltPopulation(villages: readonly string[]): Rows {
  const sound = withCells(soundPopulation(villages), (row) => ({
    ...(row.includes(PEOPLE.unnamed.name) ? { 姓名: '' } : {}),
    ...(row.includes(PEOPLE.mistyped.name) ? { 公民身份号码: misread(PEOPLE.mistyped.id) } : {}),
  }))
  const [, ...others] = withCells(populationRows([{ person: PEOPLE.stranger }]), () => ({
    户籍地址: '重庆市渝中区七星岗街道翠竹巷26号',
    '街道（乡镇）': '七星岗街道',
    '社区（村）': '',
  }))
  return [...sound, ...others]
}

/** The roll of the first school; without the one that leaves, when asked. */
export function soundRoll({ isLeft = false } = {}): Rows {
  const lines = isLeft ? ON_ROLL.filter(({ person }) => person !== PEOPLE.leaving) : ON_ROLL
  return withCells(rollRows(lines), () => ({ 学校名称: SCHOOL }))
}

/** The same with a row of a school that is not there and a grade that cannot be told. */
export function spoiltRoll(): Rows {
  const [, ...others] = withCells(rollRows([{ person: PEOPLE.stranger, grade: '五年级' }]), () => ({
    学校名称: '第9小学校',
  }))
  const rows = withCells(soundRoll(), (row) => (row.includes(PEOPLE.atSchool.name) ? { 年级: '2021级' } : {}))
  return [...rows, ...others]
}

/** What the zone knows of the child that went there: its lodging, and its place on a roll. */
export function zoneSheets(): readonly [lodging: Rows, roll: Rows] {
  const lodging = [
    ['姓名', '公民身份号码', '居住地址', '街道（乡镇）', '联系电话'],
    [PEOPLE.far.name, PEOPLE.far.id, '重庆市高新区白市驿镇翠竹巷21号', '白市驿镇', PEOPLE.far.phone],
  ]
  return [lodging, withCells(rollRows([{ person: PEOPLE.far, grade: '四年级' }]), () => ({ 学校名称: OTHER_SCHOOL }))]
}

/** As a county bureau's own program writes it. */
export function gb18030(rows: Rows): Buffer {
  return iconv.encode(csv(rows), 'gb18030')
}

function withCells(rows: Rows, cellsOf: (row: readonly string[]) => Readonly<Record<string, string>>): Rows {
  const [heads = [], ...data] = rows
  const changed = data.map((row) => {
    const cells = cellsOf(row)
    return row.map((cell, at) => cells[heads[at] ?? ''] ?? cell)
  })
  return [heads, ...changed]
}

function misread(id: string): string {
  return id.slice(0, 17) + (id.endsWith('7') ? '3' : '7')
}

/** The villages of the first township of 南川区 in the test town. */
export async function villagesOf({ admin }: Pick<TestHouse, 'admin'>): Promise<readonly string[]> {
  const rows = await admin<{ name: string }>(
    `select v.name from unit v join unit t on t.unit_id = v.parent_id where v.kind = 'village' and t.name = '东城街道' order by v.code`,
  )
  return rows.map(({ name }) => name)
}
