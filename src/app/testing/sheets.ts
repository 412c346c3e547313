import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { checkDigit } from '../../kernel/citizen-id.ts'
import { type OutCell, writeXlsx } from '../../platform/sheets/index.ts'
import type { TestHouse, Visitor } from './house.ts'

/** An invented person. The names are rare enough that nothing else in a database or a log says them. */
export interface TestPerson {
  readonly name: string
  readonly id: string
  readonly sex: '男' | '女'
  readonly birth: string
  readonly phone: string
  readonly guardian: string
  readonly address: string
}

const NAMES = ['阚瑾瑜', '蔺芷蘅', '郗昶旻', '佘沅湘', '鄢翊翀', '逯昀璟', '璩珩玥', '亓泓澄', '郄钰璆', '逄骞骐']
const GUARDIANS = ['阚峥嵘', '蔺岐嶷', '郗崇岱', '佘淙淙', '鄢巍峨', '逯岑岚', '璩嵯峨', '亓嶂峦', '郄嵘岫', '逄崤函']

/** Number `n` of the test's persons, born on `birth` (YYYY-MM-DD) in 南川区. */
export function testPerson(n: number, birth: string): TestPerson {
  const digits = `500119${birth.replaceAll('-', '')}${String(610 + n)}`
  return {
    name: NAMES[n]!,
    id: digits + checkDigit(digits),
    sex: (610 + n) % 2 === 1 ? '男' : '女',
    birth,
    phone: `1398877${String(6500 + n)}`,
    guardian: GUARDIANS[n]!,
    address: `重庆市南川区东城街道翠竹巷${17 + n}号附${3 + n}号`,
  }
}

/** Everything about a person that may stand in sealed content only. */
export function secretsOf({ name, id, phone, guardian, address }: TestPerson): readonly string[] {
  return [name, id, phone, guardian, address.slice(address.indexOf('翠竹巷'))]
}

const POPULATION_HEADS = [
  '姓名',
  '公民身份号码',
  '性别',
  '出生日期',
  '户籍地址',
  '街道（乡镇）',
  '社区（村）',
  '监护人1姓名',
  '联系电话',
  '注销标识',
  '备注',
]
const ROLL_HEADS = [
  '学生姓名',
  '身份证件号',
  '性别',
  '学校名称',
  '年级',
  '学籍状态',
  '全国学籍号',
  '家庭地址',
  '联系电话',
]

export interface PopulationLine {
  readonly person: TestPerson
  readonly township?: string
  readonly cancelled?: boolean
}

export interface RollLine {
  readonly person: TestPerson
  readonly grade: string
  readonly status?: string
}

export function populationRows(lines: readonly PopulationLine[]): readonly (readonly string[])[] {
  const rows = lines.map(({ person, township = '东城街道', cancelled = false }) => [
    person.name,
    person.id,
    person.sex,
    person.birth,
    person.address,
    township,
    '皂角井社区',
    person.guardian,
    person.phone,
    cancelled ? '是' : '否',
    '无',
  ])
  return [POPULATION_HEADS, ...rows]
}

export function rollRows(lines: readonly RollLine[]): readonly (readonly string[])[] {
  const rows = lines.map(({ person, grade, status = '在读' }) => [
    person.name,
    person.id,
    person.sex,
    '南川区第一小学校',
    grade,
    status,
    `G${person.id}`,
    person.address,
    person.phone,
  ])
  return [ROLL_HEADS, ...rows]
}

export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.join(',')).join('\r\n')
}

export async function xlsx(rows: readonly (readonly string[])[], folder: string): Promise<Buffer> {
  const [heads = [], ...data] = rows
  const file = await open(join(folder, 'made.xlsx'), 'w+')
  try {
    const columns = heads.map((heading) => ({ heading, width: 12 }))
    await writeXlsx(file, [{ name: 'Sheet1', columns, isList: true, rows: oneBatch(data) }])
  } finally {
    await file.close()
  }
  const made = await open(join(folder, 'made.xlsx'))
  try {
    return await made.readFile()
  } finally {
    await made.close()
  }
}

async function* oneBatch(rows: readonly (readonly OutCell[])[]): AsyncGenerator<readonly (readonly OutCell[])[]> {
  yield rows
}

/** Uploads one sheet and answers its id. */
export async function give(
  visitor: Visitor,
  role: 'population' | 'roll',
  content: Buffer | string,
  name = `${role}.csv`,
): Promise<string> {
  const answer = await visitor.ask('POST', `/runs/sheets?role=${role}`, { file: { name, content } })
  if (answer.status !== 200) throw new Error(`upload answered ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body.sheetId
}

export async function startRun(visitor: Visitor, population: Buffer | string, roll: Buffer | string): Promise<string> {
  const body = {
    populationSheetId: await give(visitor, 'population', population),
    rollSheetId: await give(visitor, 'roll', roll),
    schoolYear: 2026,
  }
  const answer = await visitor.ask('POST', '/runs', { body })
  if (answer.status !== 200) throw new Error(`run answered ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body.runId
}

/** The run once it has ended, whatever way. */
export async function ended(visitor: Visitor, runId: string, seconds = 30) {
  for (let tries = 0; tries < seconds * 10; tries += 1) {
    const { body } = await visitor.ask('GET', `/runs/${runId}`)
    if (body.state !== 'waiting' && body.state !== 'running') return body
    await new Promise((resume) => setTimeout(resume, 100))
  }
  throw new Error(`run ${runId} did not end within ${seconds} s`)
}

/** Ids of the processes that work on sheets for process `parent` (Linux). */
export function childrenAtWork(parent: number): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && isSheetChild(pid, parent))
}

function isSheetChild(pid: number, parent: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (
      fields[0] !== 'Z' &&
      Number(fields[1]) === parent &&
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('child.server.ts')
    )
  } catch {
    return false
  }
}

/** Where an installation opens sheets in memory. */
export function memoryFolder(dataDir: string): string {
  const installation = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12)
  return `/dev/shm/baoxue-${installation}`
}

/** Work folders with opened sheets, on disk or in memory, that an installation has now. */
export async function openedFolders(dataDir: string): Promise<readonly string[]> {
  const roots = [memoryFolder(dataDir), join(dataDir, 'work')]
  return (await Promise.all(roots.map((root) => readdir(root).catch(() => [])))).flat()
}

/** Which tables and columns of the database hold one of the texts, as the administrator sees them. */
export async function findInDatabase(
  { admin }: Pick<TestHouse, 'admin'>,
  texts: readonly string[],
): Promise<readonly string[]> {
  const tables = await admin<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    for (const text of texts) {
      const [row] = await admin<{ n: number }>(
        `select count(*)::int as n from ${name} t where position($1 in t::text) > 0`,
        [text],
      )
      if (row!.n > 0) found.push(`${name}: ${text.slice(0, 2)}…`)
    }
  }
  return found
}
