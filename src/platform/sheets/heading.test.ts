import { expect, test } from 'vitest'
import { chooseColumns, findHeading, foldHeading } from './heading.ts'
import { TEST_FIELDS as FIELDS } from './testing.ts'
import type { SheetLayout } from './types.ts'

const DATA = ['张三', '500103201508310012', '2015-08-31']

function layoutOf(rows: readonly (readonly string[])[]): SheetLayout {
  const heading = findHeading(rows, FIELDS)!
  return {
    format: 'csv',
    encoding: 'utf-8',
    delimiter: ',',
    worksheet: null,
    otherWorksheets: [],
    headerRow: heading.row + 1,
    rows: 1,
    ...heading,
  }
}

test('[SHEET-4] the heading stands below a title, a unit and a date, columns in any order', () => {
  const found = findHeading(
    [
      ['某区适龄儿童台账'],
      [],
      ['填报单位：某街道', '2026-11-24'],
      ['出生日期', '序号', '姓名', '身份证号'],
      ['2015-08-31', '1', '张三', '500103201508310012'],
    ],
    FIELDS,
  )
  expect(found).toMatchObject({ row: 3, score: 3, missing: [] })
  expect(found?.columns.map(({ field }) => field)).toEqual(['birthDay', null, 'name', 'citizenId'])
  expect(found?.columns[0]?.samples).toEqual(['2015-08-31'])
})

test('[SHEET-4] the twentieth row is looked at, the twenty-first is not', () => {
  const below = (rows: number) =>
    findHeading([...Array.from({ length: rows }, () => ['标题']), ['姓名', '身份证号'], DATA], FIELDS)
  expect(below(19)?.row).toBe(19)
  expect(below(20)).toBeUndefined()
})

test('[SHEET-4] unknown headings are kept for choosing by hand, data is no heading', () => {
  const found = findHeading([['名字', '号码', '备注'], DATA], FIELDS)
  expect(found).toMatchObject({ row: 0, score: 0, missing: [{ field: 'name' }, { field: 'citizenId' }] })
  expect(findHeading([DATA, DATA], FIELDS)).toBeUndefined()
})

test('[SHEET-23] fields that stand twice below two groups are told apart by the groups', () => {
  const rows = [['学生', '', '监护人', ''], ['姓名', '身份证号', '姓名', '身份证号'], DATA]
  expect(findHeading(rows, FIELDS)).toMatchObject({
    row: 1,
    headerRows: 2,
    twice: [],
    missing: [{ field: 'citizenId' }],
  })
  expect(findHeading(rows.slice(1), FIELDS)).toMatchObject({
    row: 0,
    headerRows: 1,
    twice: [{ field: 'name', first: 0, second: 2 }, { field: 'citizenId' }],
  })
})

test.each([
  ['姓名*'],
  [' 姓 名 '],
  ['＊姓名（必填）'],
  ['姓\n名'],
  ['学生姓名'],
  ['3.姓名'],
  ['3 姓名'],
  ['姓名\u200b'],
  ['【姓名】'],
])('[SHEET-5] %j is 姓名', (heading) => {
  expect(findHeading([[heading, '身份证号'], DATA], FIELDS)?.columns[0]?.field).toBe('name')
})

test('[SHEET-5] folding keeps letters and digits only', () => {
  expect(foldHeading('＊Ｎａｍｅ (1)')).toBe('name1')
  expect(foldHeading('姓名拼音')).not.toBe(foldHeading('姓名'))
})

test('[SHEET-6] among several columns of a field the preferred heading wins, equal ones are refused', () => {
  const layout = layoutOf([
    ['现住址', '户籍地址', '姓名', '身份证号'],
    ['a', 'b', ...DATA],
  ])
  expect(chooseColumns(layout, FIELDS, 'x')).toEqual({ address: 1, name: 2, citizenId: 3 })
  const twice = layoutOf([
    ['姓名', '身份证号', '姓名'],
    ['张三', '1', '李四'],
  ])
  expect(() => chooseColumns(twice, FIELDS, '表.csv')).toThrowError(
    expect.objectContaining({
      code: 'SHEET.COLUMN_TWICE',
      words: { file: '表.csv', column: '姓名', first: 1, second: 3 },
    }),
  )
  expect(chooseColumns(twice, FIELDS, 'x', { name: 2, citizenId: 1 })).toEqual({ name: 2, citizenId: 1 })
})

test('[SHEET-6] missing required columns are named; a column chosen by hand must exist', () => {
  const layout = layoutOf([
    ['姓名', '备注'],
    ['张三', 'x'],
  ])
  const refused = expect.objectContaining({
    code: 'SHEET.UNKNOWN_LAYOUT',
    words: { file: '表.csv', columns: '公民身份号码' },
  })
  expect(() => chooseColumns(layout, FIELDS, '表.csv')).toThrowError(refused)
  expect(() => chooseColumns(layout, FIELDS, '表.csv', { name: 0, citizenId: 9 })).toThrowError(refused)
  expect(chooseColumns(layout, FIELDS, '表.csv', { name: 0, citizenId: 1 })).toEqual({ name: 0, citizenId: 1 })
})
