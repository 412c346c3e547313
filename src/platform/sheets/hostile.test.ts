import { readFile } from 'node:fs/promises'
import { writeXlsx as writeWithHucre } from 'hucre/xlsx'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ingest, recognise, rowOf, type TestFolder, testFolder, workbookParts } from './testing.ts'
import { SHEET_LIMITS } from './types.ts'

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
})
afterEach(() => folder.remove())

const ROWS = rowOf(1, ['姓名', '身份证号']) + rowOf(2, ['张三', '500103201508310012'])
/** As in the product, at a size a test can make: the ratio is judged from one megabyte on. */
const LIMITS = { ...SHEET_LIMITS, ratioFrom: 1024 * 1024 }

async function refused(path: string, code: string) {
  await expect(recognise(folder, path, { limits: LIMITS })).rejects.toMatchObject({ code })
}

test('[SHEET-7] a zip bomb is stopped by what it declares, before a byte of it is unpacked', async () => {
  const bytes = await readFile(await folder.zip('a.xlsx', workbookParts(ROWS)))
  const entry = bytes.lastIndexOf(Buffer.from('xl/worksheets/sheet1.xml'))
  bytes.writeUInt32LE(3_000_000_000, entry - 46 + 24)
  await refused(await folder.write('b.xlsx', bytes), 'FILE.BOMB')
})

test('[SHEET-7] a zip bomb that declares little is stopped by what comes out', async () => {
  const path = await folder.zip('a.xlsx', workbookParts(ROWS + ' '.repeat(3 * 1024 * 1024)))
  const bytes = await readFile(path)
  const entry = bytes.lastIndexOf(Buffer.from('xl/worksheets/sheet1.xml'))
  bytes.writeUInt32LE(1000, entry - 46 + 24)
  await refused(await folder.write('b.xlsx', bytes), 'FILE.BOMB')
})

test('[SHEET-7] a part above the size limit is refused whatever its ratio', async () => {
  const path = await folder.zip('a.xlsx', workbookParts(ROWS))
  await expect(recognise(folder, path, { limits: { ...SHEET_LIMITS, expandedBytes: 100 } })).rejects.toMatchObject({
    code: 'FILE.BOMB',
  })
})

test('[SHEET-7] shared strings beyond the memory given to them are refused', async () => {
  const texts = Array.from({ length: 1000 }, (_, at) => `<si><t>第${at}个不同的文字</t></si>`).join('')
  const path = await folder.zip('a.xlsx', workbookParts(ROWS, { 'xl/sharedStrings.xml': `<sst>${texts}</sst>` }))
  await expect(recognise(folder, path, { limits: { ...SHEET_LIMITS, sharedTextBytes: 10_000 } })).rejects.toMatchObject(
    { code: 'FILE.BOMB' },
  )
  expect((await recognise(folder, path)).rows).toBe(1)
})

test('[SHEET-7] an archive cut off, and one with damaged content, are refused', async () => {
  const bytes = await readFile(await folder.zip('a.xlsx', workbookParts(ROWS)))
  await refused(await folder.write('b.xlsx', bytes.subarray(0, bytes.length - 200)), 'FILE.TRUNCATED')
  await refused(await folder.write('c.xlsx', bytes.subarray(0, 40)), 'FILE.TRUNCATED')
  const at = bytes.indexOf(Buffer.from('xl/worksheets/sheet1.xml')) + 40
  const damaged = Buffer.from(bytes)
  for (let byte = at; byte < at + 20; byte++) damaged[byte] = damaged[byte]! ^ 0x55
  await expect(recognise(folder, await folder.write('d.xlsx', damaged))).rejects.toMatchObject({
    code: expect.stringMatching(/FILE\.(TRUNCATED|UNREADABLE)/),
  })
})

test('[SHEET-7] content that does not fit its checksum is refused', async () => {
  const bytes = await readFile(await folder.zip('a.xlsx', workbookParts(ROWS)))
  const entry = bytes.lastIndexOf(Buffer.from('xl/worksheets/sheet1.xml'))
  bytes.writeUInt32LE(12345, entry - 46 + 16)
  await refused(await folder.write('b.xlsx', bytes), 'FILE.UNREADABLE')
})

test('[SHEET-7] a part with a password is refused', async () => {
  const bytes = await readFile(await folder.zip('a.xlsx', workbookParts(ROWS)))
  const entry = bytes.lastIndexOf(Buffer.from('xl/worksheets/sheet1.xml'))
  bytes.writeUInt16LE(1, entry - 46 + 8)
  await refused(await folder.write('b.xlsx', bytes), 'FILE.UNREADABLE')
})

const LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'

test.each([
  [
    'a worksheet',
    {
      'xl/worksheets/sheet1.xml': `<?xml version="1.0"?>${LAUGHS}<worksheet><sheetData>${ROWS}</sheetData></worksheet>`,
    },
  ],
  [
    'the list of worksheets',
    { 'xl/workbook.xml': `${LAUGHS}<workbook><sheets><sheet name="&b;" r:id="rId1"/></sheets></workbook>` },
  ],
  [
    'the shared strings',
    {
      'xl/sharedStrings.xml': `<!DOCTYPE x [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><sst><si><t>&xxe;</t></si></sst>`,
    },
  ],
])('[SHEET-8] entities declared in %s are refused', async (_, part) => {
  await refused(await folder.zip('a.xlsx', workbookParts(ROWS, part)), 'FILE.UNREADABLE')
})

test('[SHEET-8] an entity nobody declared stays as it is written', async () => {
  const { table } = await ingest(folder, await folder.zip('a.xlsx', workbookParts(ROWS.replace('张三', '&xxe;'))))
  expect(table[0]?.[1]).toBe('&xxe;')
})

test.each([
  ['a macro inside', { 'xl/vbaProject.bin': 'macro' }, 'FILE.MACRO'],
  [
    'the type of a macro workbook',
    {
      '[Content_Types].xml':
        '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>',
    },
    'FILE.MACRO',
  ],
  ['a binary workbook', { 'xl/workbook.bin': 'x' }, 'FILE.UNREADABLE'],
])('[SHEET-9] %s is refused', async (_, part, code) => {
  await refused(await folder.zip('a.xlsx', workbookParts(ROWS, part)), code)
})

test('[SHEET-9] any other archive is no sheet: a document, a zip with a workbook in it', async () => {
  await refused(
    await folder.zip('a.docx', { '[Content_Types].xml': '<Types/>', 'word/document.xml': '<w/>' }),
    'FILE.TYPE',
  )
  await refused(await folder.zip('a.zip', { '户籍.xlsx': 'PK...' }), 'FILE.TYPE')
  await refused(await folder.zip('b.zip', {}), 'FILE.TYPE')
})

test('[SHEET-10] absurd places cost nothing: far columns, a claimed size, rows that go back', async () => {
  const far = `<row r="3"><c r="XFD3" t="inlineStr"><is><t>x</t></is></c></row>`
  const path = await folder.zip(
    'a.xlsx',
    workbookParts('', {
      'xl/worksheets/sheet1.xml': `<worksheet><dimension ref="A1:XFD1048576"/><sheetData>${ROWS}${far}</sheetData></worksheet>`,
    }),
  )
  const layout = await recognise(folder, path)
  expect(layout).toMatchObject({ rows: 2, columns: { length: 2 } })
  await refused(await folder.zip('b.xlsx', workbookParts(ROWS + rowOf(2, ['李四', '1']))), 'FILE.UNREADABLE')
  await refused(await folder.zip('c.xlsx', workbookParts(`${ROWS}<row r="99999999"/>`)), 'FILE.UNREADABLE')
})

test('[SHEET-4] a workbook without heading, without rows, without anything', async () => {
  await refused(await folder.zip('a.xlsx', workbookParts(rowOf(1, ['张三', '500103201508310012']))), 'SHEET.NO_HEADER')
  await refused(await folder.zip('b.xlsx', workbookParts(rowOf(1, ['姓名', '身份证号']))), 'SHEET.NO_ROWS')
  await refused(await folder.zip('c.xlsx', workbookParts('')), 'FILE.EMPTY')
  await refused(await folder.write('d.csv', '张三,500103201508310012\n李四,500103201909010029\n'), 'SHEET.NO_HEADER')
  await refused(await folder.write('e.csv', '姓名,身份证号\n\n,\n'), 'SHEET.NO_ROWS')
})

test('[SHEET-4] a heading of tens of thousands of columns is told as one, not as none', async () => {
  const heading = ['姓名', '身份证号', ...Array.from({ length: 50_000 }, (_, at) => `x${at}`)].join(',')
  await refused(await folder.write('a.csv', `${heading}\n张三,500103201508310012\n`), 'SHEET.TOO_WIDE')
})

test('[SHEET-10] a workbook of another writer reads the same', async () => {
  const bytes = await writeWithHucre({
    sheets: [
      {
        name: '人口',
        rows: [
          ['姓名', '身份证号', '出生日期'],
          ['张三', '500103201508310012', new Date(Date.UTC(2015, 7, 31))],
          ['李四', Number('500103201909010029'), '2019-09-01'],
        ],
      },
    ],
  })
  const { table } = await ingest(folder, await folder.write('a.xlsx', Buffer.from(bytes)))
  expect(table.map((row) => row.slice(0, 4))).toEqual([
    [1, '张三', '500103201508310012', '2015-08-31'],
    [2, '李四', '5.0010320190901005E+17', '2019-09-01'],
  ])
})
