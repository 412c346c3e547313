import { createHmac } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runInChild } from '../child.ts'
import { writeFileWhole } from './atomic.ts'
import { type FormColumn, type FormReading, formSheet, readFormRow } from './form.ts'
import type { FormTask } from './form-read.ts'
import { findFormRow, formRowId } from './form-row-id.ts'
import { type TestFolder, testFolder } from './testing.ts'
import { SHEET_LIMITS } from './types.ts'
import { openZip, readSmallEntry } from './unzip.ts'
import { writeXlsx } from './xlsx-writer.ts'
import { openZipWriter } from './zip-writer.ts'

type Id = 'rowId' | 'name' | 'result' | 'day' | 'remark'

const COLUMNS: readonly FormColumn<Id>[] = [
  { id: 'rowId', heading: '行号（勿改）', width: 24, isRequired: true },
  { id: 'name', heading: '姓名', width: 12 },
  {
    id: 'result',
    heading: '结果',
    width: 20,
    kind: 'choice',
    isRequired: true,
    choices: [
      { code: 'A1', label: '已还' },
      { code: 'B2', label: '遗失' },
    ],
  },
  { id: 'day', heading: '日期', width: 12, kind: 'day' },
  { id: 'remark', heading: '备注', width: 30, mostCharacters: 5 },
]

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
})
afterEach(() => folder.remove())

const keys = {
  blindIndex: (kind: string, text: string) =>
    createHmac('sha256', 'key').update(kind).update('\0').update(text).digest(),
}

function read(path: string): Promise<FormReading<Id>> {
  const task: FormTask = { path, fileName: '表.xlsx', workDir: folder.path, columns: COLUMNS, mostRows: 100 }
  return runInChild(new URL('./form-child.ts', import.meta.url), task, { heapMb: 128 })
}

test('[FORM-1] a faulty cell is told by row and column and leaves its neighbours alone', () => {
  const { row, findings } = readFormRow(COLUMNS, 7, {
    rowId: ' x ',
    result: 'C9',
    day: '2026年2月30日',
    remark: '一二三四五六',
  })
  expect(row).toEqual({ row: 7, cells: { rowId: 'x', name: '', result: '', day: '', remark: '' } })
  expect(findings).toEqual([
    { row: 7, column: 'result', reason: '没有这个选项。可填：A1 已还、B2 遗失' },
    { row: 7, column: 'day', reason: '要写成 2026-09-01 这样的日期' },
    { row: 7, column: 'remark', reason: '太长，最多 5 个字' },
  ])
  expect(readFormRow(COLUMNS, 2, { day: '2026.9.1' }).row.cells.day).toBe('2026-09-01')
})

test('[FORM-2] a choice is read by code, label or both', () => {
  const codes = ['a1', 'Ａ１', '已还', 'A1 已还', 'A1已还', 'A1、已还'].map(
    (result) => readFormRow(COLUMNS, 1, { result }).row.cells.result,
  )
  expect(codes).toEqual(['A1', 'A1', 'A1', 'A1', 'A1', 'A1'])
})

test('[FORM-3] a form that came back with rows and columns moved and one column deleted is read by its headings', async () => {
  const path = await folder.write(
    '表.csv',
    '某单位核对表,,,\n结果,姓名,备注,行号（勿改）\nB2 遗失,乙,,r-2\n,,,\nA1,甲,好,r-1\n坏,丙,,r-3\n',
  )
  const reading = await read(path)
  expect(reading.absent).toEqual(['day'])
  expect(reading.rows.map(({ row, cells }) => [row, cells.rowId, cells.name, cells.result, cells.remark])).toEqual([
    [3, 'r-2', '乙', 'B2', ''],
    [5, 'r-1', '甲', 'A1', '好'],
    [6, 'r-3', '丙', '', ''],
  ])
  expect(reading.findings.map(({ row, column }) => [row, column])).toEqual([[6, 'result']])
})

test('[FORM-3] what went out as a workbook is read as it was; a sheet of something else is refused by name', async () => {
  const path = join(folder.path, 'out.xlsx')
  const sheet = formSheet('核对', COLUMNS, [{ rowId: 'r-1', name: '=1+1', day: '2026-09-01' }])
  await writeFileWhole(path, (file) => writeXlsx(file, [sheet]))
  expect((await read(path)).rows).toEqual([
    { row: 2, cells: { rowId: 'r-1', name: '=1+1', result: '', day: '2026-09-01', remark: '' } },
  ])
  const other = await folder.write('other.csv', '姓名,班级\n甲,一班\n')
  await expect(read(other)).rejects.toMatchObject({ code: 'SHEET.UNKNOWN_LAYOUT' })
})

test('[SHEET-30] choices become a drop-down that forbids nothing; a list Excel refuses is left away', async () => {
  const path = join(folder.path, 'out.xlsx')
  const long = Array.from({ length: 60 }, (_, at) => ({ code: `C${at}`, label: '选项' }))
  const column: FormColumn = { id: 'long', heading: '长', width: 9, kind: 'choice', choices: long }
  const sheets = [formSheet('核对', [...COLUMNS, column], [{ rowId: 'r-1' }])]
  await writeFileWhole(path, (file) => writeXlsx(file, sheets))
  const zip = await openZip(path, 'x.xlsx')
  const xml = await readSmallEntry(zip, 'xl/worksheets/sheet1.xml', SHEET_LIMITS)
  expect(xml?.match(/<dataValidations.*<\/dataValidations>/)?.[0]).toBe(
    '<dataValidations count="1"><dataValidation type="list" allowBlank="1" showErrorMessage="0" sqref="C2:C202"><formula1>"A1 已还,B2 遗失"</formula1></dataValidation></dataValidations>',
  )
})

test('[FORM-4] a row id survives retyping; a changed, invented or foreign one finds nothing', () => {
  for (const number of [1, 4711, 2 ** 48 - 1]) {
    const id = formRowId(keys, 'loan', number)
    expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}$/)
    expect(findFormRow(keys, 'loan', id)).toBe(number)
    expect(findFormRow(keys, 'loan', ` ${id.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o')}`)).toBe(number)
    expect(findFormRow(keys, 'repair', id)).toBeUndefined()
    expect(id).not.toContain(String(number))
    for (let at = 0; at < id.length; at++) {
      if (id[at] === '-') continue
      const changed = `${id.slice(0, at)}${id[at] === '2' ? '3' : '2'}${id.slice(at + 1)}`
      expect(findFormRow(keys, 'loan', changed)).toBeUndefined()
    }
  }
  for (const text of ['', '1', '00000-00000-00000-00000', 'ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ', '行号'])
    expect(findFormRow(keys, 'loan', text)).toBeUndefined()
})

test('[FORM-5] what is packed already is stored in an archive as it is', async () => {
  const path = join(folder.path, 'out.zip')
  const file = await open(path, 'w')
  const zip = openZipWriter(file)
  await zip.addStored('东城街道.xlsx', Buffer.from('<x>内容</x>'))
  await zip.add('b.xml', ['<b/>'])
  await zip.end()
  await file.close()
  const back = await openZip(path, 'out.zip')
  expect(await readSmallEntry(back, '东城街道.xlsx', SHEET_LIMITS)).toBe('<x>内容</x>')
  expect(await readSmallEntry(back, 'b.xml', SHEET_LIMITS)).toBe('<b/>')
  expect((await readFile(path)).includes('<x>内容</x>')).toBe(true)
})
