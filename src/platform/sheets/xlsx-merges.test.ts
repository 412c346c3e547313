import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { markWorkbook } from './mark-workbook.ts'
import { ingest, recognise, rowOf, TEST_FIELDS, type TestFolder, testFolder, workbookParts } from './testing.ts'
import type { SheetField } from './types.ts'

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
})
afterEach(() => folder.remove())

const FIELDS: readonly SheetField[] = [
  ...TEST_FIELDS,
  { id: 'guardianName', label: '监护人一姓名', isRequired: false, kind: 'text', aliases: [] },
  { id: 'guardianPhone', label: '监护人一电话', isRequired: false, kind: 'text', aliases: [] },
]

function sheetOf(rows: string, merges: readonly string[], behind = ''): Record<string, string> {
  const cells = merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')
  const xml = `<worksheet><sheetData>${rows}</sheetData><mergeCells count="${merges.length}">${cells}</mergeCells>${behind}</worksheet>`
  return workbookParts('', { 'xl/worksheets/sheet1.xml': xml })
}

test('[SHEET-24] what stands in cells merged downwards holds in all their rows, and only there', async () => {
  const rows =
    rowOf(1, ['姓名', '身份证号', '出生日期', '户籍地址']) +
    rowOf(2, ['张三', '1', '2015-08-31', '东城街道']) +
    rowOf(3, ['李四', '2']) +
    `<row r="4"><c r="A4" t="inlineStr"><is><t>王五</t></is></c><c r="D4" s="0"/></row>` +
    '<row r="5"><c r="A5"/></row>' +
    rowOf(6, ['赵六', '3']) +
    rowOf(7, ['钱七', '4'])
  const path = await folder.zip('a.xlsx', sheetOf(rows, ['B2:C2', 'D2:D6', 'C2:C3']))
  const { table, layout } = await ingest(folder, path)
  expect(table.map((row) => row.slice(0, 5))).toEqual([
    [1, '张三', '1', '2015-08-31', '东城街道'],
    [2, '李四', '2', '2015-08-31', '东城街道'],
    [3, '王五', null, null, '东城街道'],
    [5, '赵六', '3', null, '东城街道'],
    [6, '钱七', '4', null, null],
  ])
  expect(layout).toMatchObject({ mergedCells: 3, headerRows: 1, rows: 5, faultyRows: 0 })
})

test('[SHEET-24] merges are found behind rows that fill many chunks, and in a part with prefixes', async () => {
  const many = Array.from({ length: 20_000 }, (_, at) =>
    rowOf(at + 2, at === 0 ? ['张', '1', '', '东城'] : ['张', '1']),
  )
  const rows = rowOf(1, ['姓名', '身份证号', '出生日期', '户籍地址']) + many.join('')
  const merges = Array.from({ length: 5000 }, (_, at) => `F${at + 2}:G${at + 2}`)
  const parts = sheetOf(rows, [...merges, 'D2:D20001'])
  const plain = await ingest(folder, await folder.zip('a.xlsx', parts))
  expect(plain.layout.mergedCells).toBe(5001)
  expect(plain.table.every((row) => row[4] === '东城')).toBe(true)
  const sheet = parts['xl/worksheets/sheet1.xml']!.replace(/<(\/?)(?=[a-z])/g, '<$1x:')
  const prefixed = await ingest(folder, await folder.zip('b.xlsx', { ...parts, 'xl/worksheets/sheet1.xml': sheet }))
  expect(prefixed.table).toEqual(plain.table)
})

test('[SHEET-24] the end of the rows may fall between two chunks', async () => {
  const rows = rowOf(1, ['姓名', '身份证号']) + rowOf(2, ['张三', '1']) + rowOf(3, ['', '2'])
  const chunk = 256 * 1024
  const before = Buffer.byteLength(`<worksheet><sheetData>${rows}`)
  for (const cut of [3, 12, 40, 60]) {
    const path = await folder.zip('a.xlsx', sheetOf(rows + ' '.repeat(chunk - before - cut), ['A2:A3']))
    expect(
      (await ingest(folder, path)).table.map((row) => row[1]),
      String(cut),
    ).toEqual(['张三', '张三'])
  }
})

const HEADINGS =
  rowOf(1, ['某区名册']) +
  rowOf(2, ['姓名', '身份证号', '监护人一', '', '户籍地址']) +
  `<row r="3"><c r="C3" t="inlineStr"><is><t>姓名</t></is></c><c r="D3" t="inlineStr"><is><t>电话</t></is></c></row>`

test('[SHEET-23] two heading rows of a workbook: data begins below the second, and the marked copy reads the same', async () => {
  const rows = HEADINGS + rowOf(4, ['张三', '1', '张大', '139', '东城']) + rowOf(5, ['李四', '2', '李大', '138'])
  const path = await folder.zip('a.xlsx', sheetOf(rows, ['A1:E1', 'A2:A3', 'B2:B3', 'C2:D2', 'E2:E3', 'E4:E5']))
  const before = await ingest(folder, path, { fields: FIELDS })
  expect(before.layout).toMatchObject({ headerRow: 3, headerRows: 2, rows: 2 })
  expect(before.table).toEqual([
    [1, '张三', '1', null, '东城', '张大', '139', null],
    [2, '李四', '2', null, '东城', '李大', '138', null],
  ])
  const out = join(folder.path, 'marked.xlsx')
  const marks = [[{ sheetRow: 5, column: 3, severity: 'refuse', text: '电话' } as const]]
  const words = { reasonHeading: '问题', author: '甲' }
  await markWorkbook({ path, fileName: 'x', layout: before.layout, marks, out, workDir: folder.path, words })
  const after = await ingest(folder, out, { fields: FIELDS })
  expect(after.table).toEqual(before.table)
  expect(after.layout.columns.at(-1)).toMatchObject({ heading: '问题', index: 5 })
  expect((await readXlsx(await readFile(out))).sheets[0]?.rows[4]?.[5]).toBe('电话')
})

test('[SHEET-23] two heading rows of a text sheet, through the marked workbook too', async () => {
  const path = await folder.write('a.csv', '姓名,身份证号,户籍地址,监护人一,\n,,,姓名,电话\n张三,1,东城,张大,139\n')
  const before = await ingest(folder, path, { fields: FIELDS })
  expect(before.layout).toMatchObject({ headerRow: 2, headerRows: 2, rows: 1 })
  expect(before.table).toEqual([[1, '张三', '1', null, '东城', '张大', '139', null]])
  const out = join(folder.path, 'marked.xlsx')
  const words = { reasonHeading: '问题', author: '甲' }
  await markWorkbook({ path, fileName: 'x', layout: before.layout, marks: [], out, workDir: folder.path, words })
  expect((await ingest(folder, out, { fields: FIELDS })).table).toEqual(before.table)
  expect((await recognise(folder, out, { fields: FIELDS })).columns.at(-1)?.heading).toBe('问题')
})
