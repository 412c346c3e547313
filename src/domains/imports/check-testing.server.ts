import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSession, parquet, type SqlRow } from '../../engines/linkage/server/session.ts'
import { checkDigit } from '../../kernel/citizen-id.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import { newKeyLine } from '../../platform/key-file.ts'
import { type ChildKeys, keysOf } from '../../platform/keys.ts'
import { chooseColumns, inspectSheet, openDuck, type SheetLayout, writeXlsx } from '../../platform/sheets/index.ts'
import type { RecordRow } from '../persons/server.ts'
import { type Checked, checkSheetRows } from './check.server.ts'
import { ITEM, PART } from './check-write.server.ts'
import { FIELDS_OF } from './fields.ts'
import { FINDING_CODES } from './findings.ts'
import type { ImportKind } from './kinds.ts'
import type { PlaceBook, PlaceUnit } from './places.ts'
import { readCheckedRows } from './record-rows.server.ts'
import type { SchoolUnit } from './schools.ts'

/** Small sheets of invented people for tests, checked in the test's own process. */
export type Cells = Readonly<Record<string, string>>

export const TODAY = plainDate('2026-11-24')
export const CITY = 1
export const NANCHUAN = 10
export const WULONG = 20

export function testKeys(): ChildKeys {
  const line = newKeyLine(new Date(0))
  return keysOf({ version: 1, sealing: [line], index: line })
}

/** A sound ID; an odd sequence is a boy. */
export function idOf(birth: string, sequence: number, area = '500119'): string {
  const first17 = area + birth + String(sequence).padStart(3, '0')
  return first17 + checkDigit(first17)
}

const FROM = plainDate('2017-01-01')

function unit(
  unitId: number,
  kind: PlaceUnit['kind'],
  name: string,
  path: readonly number[],
  until: PlainDate | null = null,
): PlaceUnit {
  return { unitId, kind, name, parentId: path.at(-1) ?? null, path: [...path, unitId], from: FROM, until }
}

/** 南川区 with two townships and three villages and one township without an office, 武隆区 with one, and a district that was split between the two. */
export const PLACES: PlaceBook = {
  units: [
    unit(CITY, 'city', '重庆市', []),
    unit(NANCHUAN, 'district', '南川区', [CITY]),
    unit(11, 'township', '东城街道', [CITY, NANCHUAN]),
    unit(12, 'township', '大观镇', [CITY, NANCHUAN]),
    unit(111, 'village', '东街社区', [CITY, NANCHUAN, 11]),
    unit(112, 'village', '南街社区居民委员会', [CITY, NANCHUAN, 11]),
    unit(121, 'village', '铁桥村', [CITY, NANCHUAN, 12]),
    unit(WULONG, 'district', '武隆区', [CITY]),
    unit(21, 'township', '仙女山镇', [CITY, WULONG]),
    unit(30, 'zone', '重庆高新区', [CITY]),
    unit(31, 'township', '含谷镇', [CITY, 30]),
  ],
  divisions: [
    { divisionId: 1000, parentId: null, level: 'city', name: '重庆市', from: FROM, until: null },
    { divisionId: 1010, parentId: 1000, level: 'district', name: '南川区', from: FROM, until: null },
    { divisionId: 1011, parentId: 1010, level: 'township', name: '东城街道', from: FROM, until: null },
    { divisionId: 1012, parentId: 1010, level: 'township', name: '大观镇', from: FROM, until: null },
    { divisionId: 1013, parentId: 1010, level: 'township', name: '含谷镇', from: FROM, until: null },
    { divisionId: 1014, parentId: 1010, level: 'township', name: '三泉镇', from: FROM, until: null },
    { divisionId: 1020, parentId: 1000, level: 'district', name: '武隆区', from: FROM, until: null },
    { divisionId: 1021, parentId: 1020, level: 'township', name: '仙女山镇', from: FROM, until: null },
    { divisionId: 1030, parentId: 1000, level: 'district', name: '旧合区', from: FROM, until: plainDate('2025-11-06') },
    { divisionId: 1031, parentId: 1030, level: 'township', name: '大观镇', from: FROM, until: plainDate('2025-11-06') },
    {
      divisionId: 1032,
      parentId: 1030,
      level: 'township',
      name: '仙女山镇',
      from: FROM,
      until: plainDate('2025-11-06'),
    },
  ],
  covers: [
    { unitId: NANCHUAN, divisionId: 1010, from: FROM, until: null },
    { unitId: 11, divisionId: 1011, from: FROM, until: null },
    { unitId: 12, divisionId: 1012, from: FROM, until: null },
    { unitId: 30, divisionId: 1013, from: FROM, until: null },
    { unitId: 31, divisionId: 1013, from: FROM, until: null },
    { unitId: WULONG, divisionId: 1020, from: FROM, until: null },
    { unitId: 21, divisionId: 1021, from: FROM, until: null },
  ],
  successors: [
    [1030, 1010],
    [1030, 1020],
    [1031, 1012],
    [1032, 1021],
  ],
}

function school(
  unitId: number,
  name: string,
  code: string | null,
  type: string,
  more: Partial<SchoolUnit> = {},
): SchoolUnit {
  return { unitId, name, code, type, path: [CITY, NANCHUAN, unitId], from: FROM, until: null, followers: [], ...more }
}

export const SCHOOLS: readonly SchoolUnit[] = [
  school(501, '南川区东街小学校', '2150000001', '211'),
  school(502, '南川区隆化中学校', '3150000002', '311'),
  school(503, '南川区铁桥村小学校', '2150000003', '211', {
    until: plainDate('2026-08-31'),
    followers: ['南川区东街小学校'],
  }),
  school(504, '武隆区第一小学校', '2150000004', '211', { path: [CITY, WULONG, 504] }),
  school(505, '希望小学校', null, '211'),
  school(506, '希望小学校', '2150000006', '211'),
]

export interface FoundCell {
  /** As the spreadsheet numbers it. */
  readonly sheetRow: number
  readonly field: string | null
  readonly code: string
  readonly said: string
}

export interface CheckedSheet extends Checked {
  readonly found: readonly FoundCell[]
  readonly all: readonly SqlRow[]
  /** As a commit would store them. */
  readonly records: readonly RecordRow[]
}

interface TestSheet {
  readonly kind: ImportKind
  readonly giver?: { readonly unitId: number; readonly isSchool: boolean }
  readonly asOf?: PlainDate
  readonly keys?: ChildKeys
}

/** Headings are the labels of the fields that occur, in the order of FIELDS_OF. */
export async function checkRows(rows: readonly Cells[], sheet: TestSheet): Promise<CheckedSheet> {
  const fields = FIELDS_OF[sheet.kind].filter(({ id }) => rows.some((row) => id in row))
  return withFolder(async (folder) => {
    const path = join(folder, 'sheet.xlsx')
    const file = await open(path, 'w')
    try {
      const columns = fields.map(({ label }) => ({ heading: label, width: 12 }))
      await writeXlsx(file, [{ name: 'Sheet1', columns, rows: once(cells(rows, fields)), isList: true }])
    } finally {
      await file.close()
    }
    return checkFile(path, folder, sheet)
  })
}

function cells(rows: readonly Cells[], fields: readonly { readonly id: string }[]) {
  return rows.map((row) => fields.map(({ id }) => row[id] ?? null))
}

async function* once<Item>(item: Item): AsyncGenerator<Item> {
  yield item
}

export async function checkText(content: string | Buffer, sheet: TestSheet): Promise<CheckedSheet> {
  return withFolder(async (folder) => {
    const path = join(folder, 'sheet.csv')
    await writeFile(path, content)
    return checkFile(path, folder, sheet)
  })
}

async function checkFile(path: string, workDir: string, sheet: TestSheet): Promise<CheckedSheet> {
  const fields = FIELDS_OF[sheet.kind]
  const layout = await inspectSheet({ path, fileName: path, fields, countRows: true, workDir })
  const checked = await checkSheetRows({
    kind: sheet.kind,
    path,
    fileName: 'sheet',
    layout,
    columns: chooseColumns(layout, fields, 'sheet'),
    asOf: sheet.asOf ?? TODAY,
    today: TODAY,
    giver: sheet.giver ?? { unitId: NANCHUAN, isSchool: false },
    places: PLACES,
    schools: SCHOOLS,
    keys: sheet.keys ?? testKeys(),
    workDir,
  })
  return {
    ...checked,
    ...(await readBack(checked, layout, workDir)),
    records: await readRecords(checked, sheet, workDir),
  }
}

async function readBack(checked: Checked, { headerRow }: SheetLayout, workDir: string) {
  const session = await openSession({ workDir, memoryLimitMb: 200, threads: 1 })
  try {
    const rows = await session.rows(`SELECT row, items FROM ${parquet(checked.foundParquet)} ORDER BY row`)
    const found = rows.flatMap((row) =>
      String(row['items'])
        .split(ITEM)
        .map((item) => item.split(PART))
        .map(([code, field, said]) => ({
          sheetRow: headerRow + Number(row['row']),
          field: field === '' ? null : (field ?? null),
          code: FINDING_CODES[Number(code)]!,
          said: said ?? '',
        })),
    )
    return { found, all: await session.rows(`FROM ${parquet(checked.rowsParquet)} ORDER BY row`) }
  } finally {
    session.close()
  }
}

async function readRecords(checked: Checked, sheet: TestSheet, workDir: string): Promise<readonly RecordRow[]> {
  const duck = await openDuck({ workDir, threads: 1, memoryLimitMb: 200 })
  try {
    const rows = { kind: sheet.kind, asOf: sheet.asOf ?? TODAY, parquet: checked.rowsParquet }
    const records: RecordRow[] = []
    for await (const chunk of readCheckedRows(duck, rows)) records.push(...chunk)
    return records
  } finally {
    duck.close()
  }
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'import-test-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const SURNAMES = [...'冉骆甘阳傅汪母游敖阮闵谭向田黎覃']
const GIVEN = [...'辰诗涵宇恒欣妍子轩梓萱俊杰可馨天佑清语桐家豪雨彤']

/** `count` pupils without a fault: two grades of a primary school, of five classes each. */
export function soundRoll(count: number): Cells[] {
  return Array.from({ length: count }, (_, index) => {
    const grade = 3 + (index % 2)
    const birthYear = 2026 - 6 - grade + 1
    const day = 1 + (Math.floor(index / 6) % 28)
    const birth = `${birthYear}${String(1 + (index % 8)).padStart(2, '0')}${String(day).padStart(2, '0')}`
    const citizenId = idOf(
      birth,
      100 + (Math.floor(index / 8) % 890),
      `5001${String(10 + (Math.floor(index / 7) % 20))}`,
    )
    return {
      schoolCode: '2150000001',
      schoolName: '南川区东街小学校',
      name: `${SURNAMES[index % SURNAMES.length]}${GIVEN[Math.floor(index / 16) % GIVEN.length]}${GIVEN[Math.floor(index / 400) % GIVEN.length]}`,
      sex: Number(citizenId[16]) % 2 === 1 ? '男' : '女',
      birthDay: `${birth.slice(0, 4)}-${birth.slice(4, 6)}-${birth.slice(6)}`,
      citizenId,
      studentNo: `G${citizenId}`,
      ethnicity: index % 9 === 0 ? '土家族' : '汉族',
      grade: grade === 3 ? '三年级' : '四年级',
      className: `${1 + (index % 5)}班`,
      guardian1Name: `${SURNAMES[index % SURNAMES.length]}大${index}`,
      guardian1Phone: `139${String(10_000_000 + index)}`,
      status: '在读',
      address: `重庆市南川区东城街道翠竹巷${1 + index}号`,
    }
  })
}
