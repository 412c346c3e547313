import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseCsv } from 'hucre/csv'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import { openDuck } from '../../platform/sheets/index.ts'
import { type TestFolder, testFolder } from '../../platform/sheets/testing.ts'
import { FIELDS_OF } from '../imports/index.ts'
import { type ReconcileResult, reconcile } from './pipeline.server.ts'
import { writeWorkbook } from './workbook.server.ts'

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
})
afterEach(() => folder.remove())

const FORMULA = "=cmd|'/c calc'!A0"
const POPULATION = [
  { citizenId: '500103201508310012', name: '张三', township: '解放碑街道', address: '+86路' },
  { citizenId: '500103201909010029', name: FORMULA, birthDay: '2019-09-01', township: '解放碑街道', phone: '＝1' },
  { citizenId: '500103201508310012', name: '张三', township: '解放碑街道' },
]
const ROLL = [
  { citizenId: '500103201508310012', name: '张三', schoolName: '民权小学', grade: '五年级', status: '在读' },
]

async function ingested(
  role: 'population' | 'roll',
  rows: readonly Readonly<Record<string, string>>[],
): Promise<string> {
  const path = join(folder.path, `${role}.parquet`)
  const duck = await openDuck({ workDir: folder.path, threads: 1 })
  const text = (value: string | undefined) =>
    value === undefined ? 'NULL::VARCHAR' : `'${value.replaceAll("'", "''")}'`
  const select = rows.map(
    (row, at) =>
      `SELECT ${at + 1}::BIGINT AS row, ${FIELDS_OF[role].map(({ id }) => `${text(row[id])} AS "${id}"`).join(', ')}, NULL::VARCHAR AS fault`,
  )
  try {
    await duck.run(`COPY (${select.join(' UNION ALL ')}) TO '${path}' (FORMAT parquet)`)
  } finally {
    duck.close()
  }
  return path
}

async function compared(): Promise<ReconcileResult> {
  return reconcile({
    populationParquet: await ingested('population', POPULATION),
    rollParquet: await ingested('roll', ROLL),
    schoolYear: 2026,
    today: plainDate('2026-11-24'),
    workDir: folder.path,
    threads: 1,
  })
}

const NAMES = ['balance', 'linked', 'review', 'duplicates', 'not-found', 'roll-only', 'outside', 'errors']

test('[SHEET-19] balance first, then a sheet a list; both row numbers in front; a line of who, when and what for', async () => {
  const out = join(folder.path, 'out', 'result.xlsx')
  await writeWorkbook(await compared(), out, { stamp: '某区 甲 于 2026-11-24 下载，用途：核查' })
  const { sheets } = await readXlsx(await readFile(out))
  expect(sheets.map(({ name }) => name)).toEqual(NAMES)
  const [balance, ...lists] = sheets
  for (const { rows } of lists) expect(rows[0]?.slice(0, 2)).toEqual(['population_row', 'roll_row'])
  const text = balance!.rows.map((row) => row.join('|')).join('\n')
  expect(text).toContain('用途：核查')
  expect(text).toContain('不能说明谁没有上学')
  expect(text).toContain('应说明的人在哪里|合计|2|平')
  expect(sheets.find(({ name }) => name === 'linked')?.rows[1]?.slice(0, 3)).toEqual([1, 1, '在校'])
  const notFound = sheets.find(({ name }) => name === 'not-found')!
  expect(notFound.rows[1]?.[0]).toBe(2)
  expect(notFound.rows[1]).toContain(FORMULA)
})

test('[SHEET-19] the bridge adds up: what is taken away carries its sign', async () => {
  const out = join(folder.path, 'result.xlsx')
  await writeWorkbook(await compared(), out)
  const rows = (await readXlsx(await readFile(out))).sheets[0]!.rows.filter(([part]) => part === '户籍表到应说明的人')
  const numbers = rows.map(([, , count]) => Number(count))
  expect(numbers.length).toBeGreaterThan(4)
  expect(numbers.slice(0, -1).reduce((sum, count) => sum + count, 0)).toBe(numbers.at(-1))
})

test('[SHEET-20] the folder holds the same rows as CSV with BOM, and no text that a spreadsheet would compute', async () => {
  const result = await compared()
  const out = join(folder.path, 'result')
  await writeWorkbook(result, out)
  await writeWorkbook(result, `${out}.xlsx`)
  expect((await readdir(out)).sort()).toEqual(NAMES.map((name) => `${name}.csv`).sort())
  const { sheets } = await readXlsx(await readFile(`${out}.xlsx`))
  for (const { name, rows } of sheets) {
    const bytes = await readFile(join(out, `${name}.csv`))
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect((await stat(join(out, `${name}.csv`))).mode & 0o077).toBe(0)
    const cells = parseCsv(bytes.toString('utf8')).map((row) => row.map((cell) => String(cell ?? '')))
    const guard = (cell: unknown) =>
      typeof cell === 'string' && /^[=+\-@＝＋－＠]/.test(cell) ? `'${cell}` : String(cell ?? '')
    const expected = rows.map((row) => Array.from({ length: cells[0]!.length }, (_, at) => guard(row[at])))
    expect(
      cells.filter((row) => row.some((cell) => cell !== '')).map((row) => row.map((cell) => cell.replace(/\.0$/, ''))),
    ).toEqual(expected.filter((row) => row.some((cell) => cell !== '')))
    expect(cells.flat().filter((cell) => /^[=+@＝＋－＠]/.test(cell))).toEqual([])
  }
})

test('[SHEET-18] a cancelled download leaves no file', async () => {
  const result = await compared()
  const out = join(folder.path, 'cancelled', 'result.xlsx')
  await expect(writeWorkbook(result, out, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop')
  expect(await readdir(join(folder.path, 'cancelled')).catch(() => [])).toEqual([])
})
