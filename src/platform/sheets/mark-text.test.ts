import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import iconv from 'iconv-lite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDuck } from './duck.ts'
import { markWorkbook } from './mark-workbook.ts'
import type { Mark } from './marks.ts'
import { ingest, recognise, type TestFolder, testFolder } from './testing.ts'
import { sheetRowOf } from './types.ts'

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
})
afterEach(() => folder.remove())

const ID = '500103201508310012'
const WORDS = { reasonHeading: '问题', author: '控辍保学' }

async function mark(path: string, marks: readonly Mark[]): Promise<string> {
  const out = join(folder.path, 'marked.xlsx')
  const layout = await recognise(folder, path)
  await markWorkbook({ path, fileName: 'sheet', layout, marks: [marks], out, workDir: folder.path, words: WORDS })
  return out
}

const refuse = (sheetRow: number, column: number | null, text: string): Mark => ({
  sheetRow,
  column,
  severity: 'refuse',
  text,
})

async function foreign(path: string) {
  const [sheet] = (await readXlsx(await readFile(path), { readStyles: true })).sheets
  return { rows: sheet!.rows, cell: (place: string) => sheet?.cells?.get(place) }
}

test('[SHEET-25] a text sheet becomes a workbook of texts, row for row, and gives the same rows again', async () => {
  const text = `某区名册,,\r\n姓名,身份证号,户籍地址\r\n张三,${ID},"=1+1,号"\r\n\r\n李四,${ID},007\r\n`
  const source = await folder.write('a.csv', iconv.encode(text, 'gb18030'))
  const path = await mark(source, [refuse(3, 2, '地址'), { sheetRow: 5, column: 0, severity: 'repair', text: '姓名' }])
  const { rows, cell } = await foreign(path)
  expect(rows).toEqual([
    ['某区名册', null, null, null],
    ['姓名', '身份证号', '户籍地址', '问题'],
    ['张三', ID, '=1+1,号', '地址'],
    [null, null, null, null],
    ['李四', ID, '007', '姓名'],
  ])
  expect(cell('2,2')).toMatchObject({
    style: { fill: { fgColor: { rgb: 'B7BFC3' } }, numFmt: '@' },
    comment: { text: '地址', author: '控辍保学' },
  })
  expect(cell('4,0')).toMatchObject({ style: { fill: { fgColor: { rgb: 'E3E8EA' } } } })
  expect((await ingest(folder, path)).table).toEqual((await ingest(folder, source)).table)
})

test('[SHEET-25] a row that could not be split stands whole in its first cell', async () => {
  const source = await folder.write('a.csv', `姓名,身份证号,户籍地址\n"张三,1,x\n李四,2,y,z\n王五,3,w\n`)
  const path = await mark(source, [refuse(2, null, '引号'), refuse(3, null, '列数')])
  const { rows } = await foreign(path)
  expect(rows.slice(1)).toEqual([
    ['"张三,1,x', null, null, '引号'],
    ['李四,2,y,z', null, null, '列数'],
    ['王五', '3', 'w', null],
  ])
})

test('[SHEET-25] Parquet gets a heading row; its marks are counted by data rows', async () => {
  const source = join(folder.path, 'a.parquet')
  const duck = await openDuck({ workDir: folder.path, threads: 1 })
  await duck.run(
    `COPY (SELECT * FROM (VALUES ('张三', 500103201508310012::BIGINT, DATE '2015-08-31'), ('李四', 1::BIGINT, NULL)) t ("姓名", "身份证号", "出生日期")) TO '${source}' (FORMAT parquet)`,
  )
  duck.close()
  const layout = await recognise(folder, source)
  const path = await mark(source, [refuse(sheetRowOf(layout, 2), 1, '证号')])
  const { rows, cell } = await foreign(path)
  expect(rows).toEqual([
    ['姓名', '身份证号', '出生日期', '问题'],
    ['张三', ID, '2015-08-31', null],
    ['李四', '1', null, '证号'],
  ])
  expect(cell('2,1')?.comment?.text).toBe('证号')
  expect((await ingest(folder, path)).table).toEqual((await ingest(folder, source)).table)
})

test('[SHEET-27] the row of an ingest and the heading give the row that a spreadsheet prints', async () => {
  const source = await folder.write('a.csv', `名册,\n\n姓名,身份证号\n张三,1\n,\n"李\n四",2\n王五,3\n`)
  const { table, layout } = await ingest(folder, source)
  expect(table.map(([row]) => sheetRowOf(layout, row as number))).toEqual([4, 6, 7])
  const { rows } = await foreign(await mark(source, [refuse(7, 0, '甲')]))
  expect(rows[6]).toEqual(['王五', '3', '甲'])
})

test('[SHEET-26] rows that cannot be split are counted when a sheet is recognised', async () => {
  const faulty = async (text: string) => {
    const { rows, faultyRows } = await recognise(folder, await folder.write('a.csv', text))
    return [rows, faultyRows]
  }
  expect(await faulty(`姓名,身份证号,户籍地址\n张三,1,x\n李四,2,y\n`)).toEqual([2, 0])
  expect(await faulty(`姓名,身份证号,户籍地址\n张三,1,x\n李四,50`)).toEqual([2, 1])
  expect(await faulty(`姓名,身份证号,户籍地址\n"张三,1,x\n李四,2,y\n王五,3,z,w\n`)).toEqual([3, 2])
})
