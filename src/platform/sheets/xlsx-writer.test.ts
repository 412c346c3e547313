import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeFileWhole } from './atomic.ts'
import { type TestFolder, testFolder } from './testing.ts'
import { SHEET_LIMITS } from './types.ts'
import { openZip, readSmallEntry } from './unzip.ts'
import { type OutCell, type OutSheet, writeXlsx } from './xlsx-writer.ts'
import { escapeText } from './xml.ts'

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
})
afterEach(() => folder.remove())

function sheetOf(name: string, rows: readonly (readonly OutCell[])[], batch = 3): OutSheet {
  async function* batches() {
    for (let at = 0; at < rows.length; at += batch) yield rows.slice(at, at + batch)
  }
  return {
    name,
    isList: true,
    columns: [
      { heading: 'population_row', width: 14 },
      { heading: '姓名', width: 12 },
    ],
    rows: batches(),
  }
}

async function write(sheets: readonly OutSheet[], rowsASheet?: number): Promise<string> {
  const path = join(folder.path, 'out.xlsx')
  await writeFileWhole(path, (file) => writeXlsx(file, sheets, rowsASheet))
  return path
}

test('[SHEET-17] another reader sees the same cells: texts as texts, numbers as numbers', async () => {
  const rows: OutCell[][] = [
    [1, '500103201508310012'],
    [2, "=cmd|'/c calc'!A0"],
    [3, ' 张三\n<&>"_x0041_ '],
    [4, '𠮷\u0001安'],
    [null, ''],
    [6, '+1'],
  ]
  const path = await write([sheetOf('balance', [[1, 'a']]), sheetOf('linked', rows), sheetOf('review', [])])
  const workbook = await readXlsx(await readFile(path))
  expect(workbook.sheets.map(({ name }) => name)).toEqual(['balance', 'linked', 'review'])
  expect(workbook.sheets[1]?.rows).toEqual([
    ['population_row', '姓名'],
    [1, '500103201508310012'],
    [2, "=cmd|'/c calc'!A0"],
    [3, ' 张三\n<&>"_x0041_ '],
    [4, '𠮷安'],
    [null, null],
    [6, '+1'],
  ])
  expect(workbook.sheets[2]?.rows).toEqual([['population_row', '姓名']])
})

test('[SHEET-17] no cell is a formula, texts have the text format, the heading is frozen and filters', async () => {
  const path = await write([sheetOf('linked', [[1, '=1+1']])])
  const zip = await openZip(path, 'out.xlsx')
  const sheet = (await readSmallEntry(zip, 'xl/worksheets/sheet1.xml', SHEET_LIMITS))!
  expect(sheet).not.toContain('<f>')
  expect(sheet).toContain('<c r="B2" s="2" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>')
  expect(sheet).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>')
  expect(sheet).toContain('<autoFilter ref="A1:B2"/>')
  const styles = (await readSmallEntry(zip, 'xl/styles.xml', SHEET_LIMITS))!
  expect(styles).toContain('<xf xfId="0" numFmtId="49" applyNumberFormat="1" quotePrefix="1"/>')
})

test('[SHEET-17] a long list goes on in the next worksheet, heading repeated, nothing lost or doubled', async () => {
  const rows = Array.from({ length: 25 }, (_, at) => [at + 1, `张${at + 1}`])
  const workbook = await readXlsx(
    await readFile(await write([sheetOf('linked', rows, 4), sheetOf('errors', rows.slice(0, 10), 4)], 10)),
  )
  expect(workbook.sheets.map(({ name, rows: lines }) => [name, lines.length])).toEqual([
    ['linked', 11],
    ['linked-2', 11],
    ['linked-3', 6],
    ['errors', 11],
  ])
  const linked = workbook.sheets.slice(0, 3).flatMap((sheet) => sheet.rows.slice(1))
  expect(linked).toEqual(rows)
})

test('[SHEET-17] the same rows give the same bytes', async () => {
  const one = await readFile(await write([sheetOf('linked', [[1, '张三']])]))
  const other = await readFile(await write([sheetOf('linked', [[1, '张三']])]))
  expect(one.equals(other)).toBe(true)
})

test('[SHEET-17] texts are cut at what a cell can hold and are always well-formed XML', () => {
  expect(escapeText('x'.repeat(40_000))).toHaveLength(32_767)
  expect(escapeText('a\ud800b')).toBe('a\ufffdb')
  expect(escapeText('_x0041_')).toBe('_x005F_x0041_')
})
