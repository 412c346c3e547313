import { afterEach, beforeEach, expect, test } from 'vitest'
import { ingest, recognise, rowOf, type TestFolder, testFolder, workbookParts } from './testing.ts'
import { dayOfSerial, plainNumber } from './xlsx-rows.ts'

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
})
afterEach(() => folder.remove())

const HEADING = rowOf(1, ['姓名', '身份证号', '出生日期', '户籍地址'])
const ID = '500103201508310012'

async function tableOf(rows: string, more: Readonly<Record<string, string>> = {}) {
  return (await ingest(folder, await folder.zip('a.xlsx', workbookParts(HEADING + rows, more)))).table
}

test('[SHEET-10] shared strings with runs and readings, inline strings, empty and missing cells', async () => {
  const sharedStrings = `<sst><si><t>张三</t></si><si><r><t>民权</t></r><r><t xml:space="preserve"> 路</t></r><rPh><t>minquan</t></rPh></si><si/><si><t>a&amp;b&#x4e00;_x000D_</t></si></sst>`
  const table = await tableOf(
    `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="inlineStr"><is><t>${ID}</t></is></c><c r="D2" t="s"><v>1</v></c></row>
     <row r="3"><c r="A3" t="s"><v>3</v></c><c r="B3" t="s"><v>2</v></c><c r="C3"/><c r="D3" t="s"><v>99</v></c></row>`,
    { 'xl/sharedStrings.xml': sharedStrings },
  )
  expect(table).toEqual([
    [1, '张三', ID, null, '民权 路', null],
    [2, 'a&b一\r', null, null, null, null],
  ])
})

test('[SHEET-10] a formula gives its stored value and is never computed; an error is no value; truth is a word', async () => {
  const table =
    await tableOf(`<row r="2"><c r="A2" t="str"><f>cmd|'/c calc'!A0</f><v>张三</v></c><c r="B2"><f>1+1</f></c><c r="C2" t="e"><v>#N/A</v></c><c r="D2" t="b"><v>1</v></c></row>
    <row r="3"><c r="A3" t="inlineStr"><is><t>=cmd|'/c calc'!A0</t></is></c></row>`)
  expect(table).toEqual([
    [1, '张三', null, null, 'TRUE', null],
    [2, "=cmd|'/c calc'!A0", null, null, null, null],
  ])
})

const STYLES = `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/><numFmt numFmtId="171" formatCode="0.00&quot;yd&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="31"/></cellXfs></styleSheet>`

test('[SHEET-11] days: by style, as text, and as a bare serial in a column of days', async () => {
  const cell = (row: number, style: number, value: string) =>
    `<row r="${row}"><c r="A${row}" t="inlineStr"><is><t>x</t></is></c><c r="C${row}" s="${style}"><v>${value}</v></c></row>`
  const table = await tableOf(
    cell(2, 1, '42247') +
      cell(3, 2, '42247') +
      cell(4, 4, '42247.5') +
      cell(5, 0, '42247') +
      cell(6, 0, '20150831') +
      rowOf(7, ['x', '1', '2015.08.31']),
    { 'xl/styles.xml': STYLES },
  )
  expect(table.map((row) => row[3])).toEqual([
    '2015-08-31',
    '2015-08-31',
    '2015-08-31 12:00:00',
    '2015-08-31',
    '20150831',
    '2015.08.31',
  ])
})

test('[SHEET-11] a style that only prints y and d is no day, and a number elsewhere stays a number', async () => {
  const table = await tableOf(`<row r="2"><c r="B2" s="3"><v>42247</v></c><c r="D2"><v>42247</v></c></row>`, {
    'xl/styles.xml': STYLES,
  })
  expect(table).toEqual([[1, null, '42247', null, '42247', null]])
})

test('[SHEET-11] serials: both calendars, the day that never was, the ends', () => {
  expect(dayOfSerial(1, false)).toBe('1900-01-01')
  expect(dayOfSerial(59, false)).toBe('1900-02-28')
  expect(dayOfSerial(61, false)).toBe('1900-03-01')
  expect(dayOfSerial(42247, false)).toBe('2015-08-31')
  expect(dayOfSerial(40785, true)).toBe('2015-08-31')
  expect(dayOfSerial(2958465, false)).toBe('9999-12-31')
  expect(dayOfSerial(2958466, false)).toBeUndefined()
  expect(dayOfSerial(0, false)).toBeUndefined()
})

test('[SHEET-11] a workbook that counts from 1904', async () => {
  const parts = workbookParts(HEADING + rowOf(2, ['张三', ID, 40785]))
  parts['xl/workbook.xml'] = parts['xl/workbook.xml']!.replace('<sheets>', '<workbookPr date1904="1"/><sheets>')
  expect((await ingest(folder, await folder.zip('a.xlsx', parts))).table[0]?.[3]).toBe('2015-08-31')
})

test.each([
  ['5.0010320150831E+17', '5.0010320150831E+17'],
  ['5.0010320150831002E+17', '5.0010320150831002E+17'],
  ['5.00103201508310012E+17', '5.00103201508310012E+17'],
  ['500103201508310012', '5.00103201508310012E+17'],
  ['500103201909010050', '5.0010320190901005E+17'],
  ['500103201508310', '500103201508310'],
  ['5E+17', '5E+17'],
  ['1.38E+10', '13800000000'],
  ['13800000001', '13800000001'],
  ['1.5E-3', '0.0015'],
  ['12.0', '12'],
  ['1.23456E+2', '123.456'],
])('[SHEET-12] the number %s reads as %s', (raw, text) => {
  expect(plainNumber(raw)).toBe(text)
})

test('[SHEET-10] rows keep their numbers across gaps, self-closing rows and blank rows with styles', async () => {
  const table = await tableOf(
    `<row r="2"/>${rowOf(3, ['张三', ID])}<row r="4"><c r="A4" s="0"/><c r="B4" t="inlineStr"><is><t> </t></is></c></row><row r="9" ht="15">${rowOf(9, ['李四', ID]).replace(/<\/?row[^>]*>/g, '')}</row><row r="1048576"><c r="A1048576" s="0"/></row>`,
  )
  expect(table.map((row) => [row[0], row[1]])).toEqual([
    [2, '张三'],
    [8, '李四'],
  ])
})

test('[SHEET-10] namespace prefixes, cells without places, single quotes', async () => {
  const parts = workbookParts('', {
    'xl/worksheets/sheet1.xml': `<x:worksheet><x:sheetData><x:row><x:c t='inlineStr'><x:is><x:t>姓名</x:t></x:is></x:c><x:c t='inlineStr'><x:is><x:t>身份证号</x:t></x:is></x:c></x:row><x:row r='2'><x:c r='A2' t='inlineStr'><x:is><x:t>张三</x:t></x:is></x:c><x:c><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
  })
  expect((await ingest(folder, await folder.zip('a.xlsx', parts))).table).toEqual([[1, '张三', '7', null, null, null]])
})

test('[SHEET-15] the worksheet with most known headings is read, others that would do are named', async () => {
  const relations = Array.from(
    { length: 3 },
    (_, at) => `<Relationship Id="rId${at + 1}" Type="x/worksheet" Target="/xl/worksheets/sheet${at + 1}.xml"/>`,
  )
  const names = ['说明', '一季度', '二季度']
  const sheet = (rows: string) => `<worksheet><sheetData>${rows}</sheetData></worksheet>`
  const path = await folder.zip(
    'a.xlsx',
    workbookParts('', {
      'xl/workbook.xml': `<workbook><sheets>${names.map((name, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join('')}</sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships>${relations.join('')}</Relationships>`,
      'xl/worksheets/sheet1.xml': sheet(rowOf(1, ['填表说明', '只填第二页'])),
      'xl/worksheets/sheet2.xml': sheet(rowOf(1, ['姓名', '身份证号']) + rowOf(2, ['张三', ID])),
      'xl/worksheets/sheet3.xml': sheet(HEADING + rowOf(2, ['李四', ID]) + rowOf(3, ['王五', ID])),
    }),
  )
  expect(await recognise(folder, path)).toMatchObject({
    worksheet: '二季度',
    otherWorksheets: ['一季度'],
    rows: 2,
    headerRow: 1,
  })
})
