import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type MarkResult, markWorkbook } from './mark-workbook.ts'
import { type Mark, MOST_COMMENTS } from './marks.ts'
import { ingest, recognise, rowOf, type TestFolder, testFolder, workbookParts } from './testing.ts'
import { SHEET_LIMITS } from './types.ts'
import { openZip, readPacked, readSmallEntry } from './unzip.ts'

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
})
afterEach(() => folder.remove())

const ID = '500103201508310012'
const WORDS = { reasonHeading: '问题', author: '控辍保学' }
const STYLES =
  '<styleSheet><numFmts count="1"><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><fonts count="2"><font/><font><b/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFFF00"/></patternFill></fill></fills><borders count="1"><border/></borders><cellXfs count="4"><xf/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="170" fontId="1" applyNumberFormat="1"><alignment horizontal="center"/></xf><xf fillId="2" applyFill="1"/></cellXfs><dxfs count="0"/></styleSheet>'
const ROWS =
  rowOf(1, ['某校名册']) +
  rowOf(2, ['姓名', '身份证号', '出生日期', '户籍地址']) +
  `<row r="3" spans="1:4" ht="20" customHeight="1"><c r="A3" t="s"><v>0</v></c><c r="B3" s="1" t="inlineStr"><is><t>${ID}</t></is></c><c r="C3" s="2"><v>42247</v></c></row>` +
  `<row r="5"><c r="A5" t="str"><f>"王"&amp;"五"</f><v>王五</v></c><c r="B5" s="1"/><c r="D5" s="3" t="inlineStr"><is><t>民权路</t></is></c><extLst><ext uri="x"/></extLst></row>`
const TAIL =
  '<mergeCells count="1"><mergeCell ref="A1:D1"/></mergeCells><conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>A1>0</formula><extLst><ext uri="y"/></extLst></cfRule></conditionalFormatting><pageMargins left="1" right="1" top="1" bottom="1" header="0" footer="0"/><extLst><ext uri="z"/></extLst>'

function partsOf(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return workbookParts('', {
    'xl/worksheets/sheet1.xml': `<worksheet><dimension ref="A1:D5"/><cols><col min="2" max="2" width="22" customWidth="1"/><col min="3" max="3" style="2"/></cols><sheetData>${ROWS}</sheetData>${TAIL}</worksheet>`,
    'xl/sharedStrings.xml': '<sst><si><t>张三</t></si></sst>',
    'xl/styles.xml': STYLES,
    'docProps/app.xml': '<Properties>别动我</Properties>',
    ...more,
  })
}

async function mark(path: string, marks: readonly Mark[]): Promise<{ path: string } & MarkResult> {
  const out = join(folder.path, `marked-${outNumber++}.xlsx`)
  const layout = await recognise(folder, path)
  const batches = [marks.slice(0, 2), [], marks.slice(2)]
  const result = await markWorkbook({
    path,
    fileName: 'sheet',
    layout,
    marks: batches,
    out,
    workDir: folder.path,
    words: WORDS,
  })
  return { path: out, ...result }
}

let outNumber = 0

const refuse = (sheetRow: number, column: number | null, text: string): Mark => ({
  sheetRow,
  column,
  severity: 'refuse',
  text,
})

async function partOf(path: string, name: string): Promise<string | undefined> {
  return readSmallEntry(await openZip(path, 'x'), name, SHEET_LIMITS)
}

/** What a foreign reader sees of a cell. */
async function cellsOf(path: string, sheet = 0) {
  const workbook = await readXlsx(await readFile(path), { readStyles: true })
  return (place: string) => workbook.sheets[sheet]?.cells?.get(place)
}

test('[SHEET-22] marked cells keep their own style under the mark, empty cells and missing rows are made', async () => {
  const { path, ...result } = await mark(await folder.zip('a.xlsx', partsOf()), [
    refuse(3, 2, '日期'),
    { sheetRow: 3, column: 3, severity: 'remind', text: '没有地址' },
    refuse(4, 1, '缺证号'),
    refuse(5, 2, '缺日期'),
    { sheetRow: 5, column: 3, severity: 'repair', text: '地址不全' },
    refuse(9, 0, '多余'),
  ])
  expect(result).toEqual({ rows: 4, cells: 6, comments: 6 })
  const cell = await cellsOf(path)
  expect(cell('2,2')).toMatchObject({
    style: {
      numFmt: 'yyyy"年"m"月"d"日"',
      font: { bold: true },
      alignment: { horizontal: 'center' },
      fill: { fgColor: { rgb: 'B7BFC3' } },
    },
    comment: { text: '日期', author: '控辍保学' },
  })
  expect(cell('2,3')).toMatchObject({ style: { border: { left: { style: 'dashed' } } } })
  expect(cell('4,3')).toMatchObject({ value: '民权路', style: { fill: { fgColor: { rgb: 'E3E8EA' } } } })
  expect(cell('8,0')).toMatchObject({ style: { fill: { fgColor: { rgb: 'B7BFC3' } } } })
  const sheet = (await partOf(path, 'xl/worksheets/sheet1.xml'))!
  expect([...sheet.matchAll(/<row r="(\d+)"/g)].map(([, row]) => row)).toEqual(['1', '2', '3', '4', '5', '9'])
  expect(
    [...sheet.matchAll(/<c r="(\w+)"/g)].map(([, place]) => place).filter((place) => /[A-Z](3|4|5)$/.test(place!)),
  ).toEqual(['A3', 'B3', 'C3', 'D3', 'E3', 'B4', 'E4', 'A5', 'B5', 'C5', 'D5', 'E5'])
})

test('[SHEET-22] the reasons of a row stand in a column of their own behind the last, as text', async () => {
  const { path } = await mark(await folder.zip('a.xlsx', partsOf()), [
    refuse(3, null, '=cmd'),
    refuse(3, 0, '甲'),
    refuse(3, 1, '乙'),
    refuse(3, 2, '甲'),
  ])
  const workbook = await readXlsx(await readFile(path))
  expect(workbook.sheets[0]?.rows.map((row) => row[4] ?? null)).toEqual([null, '问题', '=cmd；甲；乙', null, null])
  expect(await partOf(path, 'xl/worksheets/sheet1.xml')).toContain('<dimension ref="A1:E5"/>')
})

test('[SHEET-22] a stray cell far to the right is not written over', async () => {
  const stray = partsOf()
  stray['xl/worksheets/sheet1.xml'] = stray['xl/worksheets/sheet1.xml']!.replace(
    '<extLst><ext uri="x"/>',
    '<c r="H5" t="inlineStr"><is><t>见附件</t></is></c><c r="N5" s="1"/>$&',
  )
  const { path } = await mark(await folder.zip('a.xlsx', stray), [refuse(5, 0, '甲')])
  const { rows } = (await readXlsx(await readFile(path))).sheets[0]!
  expect(rows[4]?.slice(7, 9)).toEqual(['见附件', '甲'])
})

test('[SHEET-22] every other part is the same packed bytes, and what stands around the rows stays', async () => {
  const source = await folder.zip('a.xlsx', partsOf())
  const { path } = await mark(source, [refuse(3, 0, '甲')])
  const [before, after] = [await openZip(source, 'a'), await openZip(path, 'b')]
  for (const name of ['xl/sharedStrings.xml', 'docProps/app.xml', 'xl/workbook.xml', '_rels/.rels']) {
    const bytes = async (zip: typeof before) => {
      const pieces: Buffer[] = []
      for await (const piece of readPacked(zip, zip.entries.get(name)!)) pieces.push(piece)
      return Buffer.concat(pieces)
    }
    expect((await bytes(after)).equals(await bytes(before)), name).toBe(true)
  }
  const sheet = (await partOf(path, 'xl/worksheets/sheet1.xml'))!
  expect(sheet.slice(sheet.indexOf('</sheetData>'))).toBe(
    `</sheetData>${TAIL.replace('<extLst><ext uri="z"/>', '<legacyDrawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rIdMarkDrawing"/>$&')}</worksheet>`,
  )
  expect(sheet).toContain('<f>"王"&amp;"五"</f><v>王五</v>')
  expect(sheet).toContain('<row r="3" ht="20" customHeight="1">')
})

test('[SHEET-22] read again, the copy gives the very rows that the sheet gave', async () => {
  const source = await folder.zip('a.xlsx', partsOf())
  const { path } = await mark(source, [refuse(3, 0, '甲'), refuse(3, 2, '乙'), refuse(5, 1, '丙')])
  const [before, after] = [await ingest(folder, source), await ingest(folder, path)]
  expect(after.table).toEqual(before.table)
  expect(after.layout.columns.map(({ heading, field }) => [heading, field])).toEqual([
    ...before.layout.columns.map(({ heading, field }) => [heading, field]),
    ['问题', null],
  ])
})

test('[SHEET-22] a workbook without styles, with prefixes and rows without places', async () => {
  const rows = `<x:row><x:c t='inlineStr'><x:is><x:t>姓名</x:t></x:is></x:c><x:c t='inlineStr'><x:is><x:t>身份证号</x:t></x:is></x:c></x:row><x:row/><x:row><x:c t='inlineStr'><x:is><x:t>张三</x:t></x:is></x:c><x:c/><x:c><x:v>7</x:v></x:c></x:row>`
  const source = await folder.zip(
    'a.xlsx',
    workbookParts('', {
      'xl/worksheets/sheet1.xml': `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>${rows}</x:sheetData></x:worksheet>`,
    }),
  )
  const { path } = await mark(source, [refuse(2, 0, '空行'), refuse(3, 1, '缺证号')])
  const cell = await cellsOf(path)
  expect(cell('2,1')).toMatchObject({ style: { fill: { fgColor: { rgb: 'B7BFC3' } } }, comment: { text: '缺证号' } })
  expect(cell('2,3')?.value).toBe('缺证号')
  expect(cell('1,0')).toMatchObject({ comment: { text: '空行' } })
  expect((await ingest(folder, path)).table.at(-1)).toEqual((await ingest(folder, source)).table.at(-1))
  expect((await partOf(path, 'xl/_rels/workbook.xml.rels'))!.match(/relationships\/styles"/g)).toHaveLength(1)
})

test('[SHEET-28] marked again, a copy loses the marks of the first time and keeps the comments of others', async () => {
  const source = await folder.zip('a.xlsx', partsOf())
  const first = await mark(source, [refuse(3, 0, '甲'), { sheetRow: 5, column: 3, severity: 'remind', text: '乙' }])
  const foreign = (await partOf(first.path, 'xl/comments1.xml'))!
    .replace('</authors>', '<author>王老师</author></authors>')
    .replace('</commentList>', '<comment ref="B3" authorId="1"><text><t>已核对</t></text></comment></commentList>')
  const parts: Record<string, string> = {}
  const zip = await openZip(first.path, 'x')
  for (const name of zip.entries.keys()) parts[name] = (await readSmallEntry(zip, name, SHEET_LIMITS))!
  const commented = await folder.zip('b.xlsx', { ...parts, 'xl/comments1.xml': foreign })
  const second = await mark(commented, [refuse(3, 1, '丙'), refuse(5, 1, '丁')])
  const cell = await cellsOf(second.path)
  expect(cell('2,0')?.comment).toBeUndefined()
  expect(cell('2,0')?.style?.fill?.type === 'pattern' && cell('2,0')?.style?.fill).not.toMatchObject({
    pattern: 'solid',
  })
  expect(cell('4,3')?.style?.border?.left).toBeUndefined()
  expect(cell('2,1')).toMatchObject({ comment: { text: '已核对', author: '王老师' } })
  expect(cell('4,1')).toMatchObject({ comment: { text: '丁', author: '控辍保学' } })
  const rows = (await readXlsx(await readFile(second.path))).sheets[0]?.rows
  expect(rows?.map((row) => row.slice(4))).toEqual([[null], ['问题'], ['丙'], [null], ['丁']])
  const drawing = (await partOf(second.path, 'xl/drawings/vmlDrawing1.vml'))!
  expect(drawing.match(/<v:shape /g)).toHaveLength(1)
  const cleaned = await mark(second.path, [])
  expect((await ingest(folder, cleaned.path)).table).toEqual((await ingest(folder, source)).table)
  expect(await partOf(cleaned.path, 'xl/worksheets/sheet1.xml')).not.toContain('丁')
})

test('[SHEET-28] the reason of a row without a marked cell goes too', async () => {
  const source = await folder.zip('a.xlsx', partsOf())
  const first = await mark(source, [refuse(3, null, '甲'), refuse(5, null, '乙')])
  const second = await mark(first.path, [refuse(5, null, '丙')])
  const { rows } = (await readXlsx(await readFile(second.path))).sheets[0]!
  expect(rows.map((row) => row[4] ?? null)).toEqual([null, '问题', null, null, '丙'])
})

test('[SHEET-29] comments end at five thousand, reasons do not', async () => {
  const rows = Array.from({ length: MOST_COMMENTS + 2 }, (_, at) => rowOf(at + 2, ['张三', ID])).join('')
  const source = await folder.zip('a.xlsx', workbookParts(rowOf(1, ['姓名', '身份证号']) + rows))
  const marks = Array.from({ length: MOST_COMMENTS + 2 }, (_, at) => refuse(at + 2, 0, `第${at}个`))
  const { path, ...result } = await mark(source, marks)
  expect(result).toEqual({ rows: MOST_COMMENTS + 2, cells: MOST_COMMENTS + 2, comments: MOST_COMMENTS })
  expect((await partOf(path, 'xl/comments1.xml'))!.match(/<comment /g)).toHaveLength(MOST_COMMENTS)
  expect((await readXlsx(await readFile(path))).sheets[0]?.rows.at(-1)?.[2]).toBe(`第${MOST_COMMENTS + 1}个`)
})

test('[SHEET-22] marks out of order are a fault of the caller, and nothing is left behind', async () => {
  const source = await folder.zip('a.xlsx', partsOf())
  await expect(mark(source, [refuse(5, 0, '甲'), refuse(3, 0, '乙')])).rejects.toThrow(RangeError)
  await expect(mark(source, [refuse(3, 1, '甲'), refuse(3, 0, '乙')])).rejects.toThrow(RangeError)
  await expect(readFile(join(folder.path, `marked-${outNumber - 1}.xlsx`))).rejects.toThrow('ENOENT')
})
