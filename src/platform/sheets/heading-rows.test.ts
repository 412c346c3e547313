import { expect, test } from 'vitest'
import { findHeading } from './heading.ts'
import { TEST_FIELDS } from './testing.ts'
import type { SheetField } from './types.ts'
import type { Merge } from './xlsx-merges.ts'

const field = (id: string, label: string, aliases: readonly string[] = []): SheetField => ({
  id,
  label,
  isRequired: false,
  kind: 'text',
  aliases,
})
const FIELDS: readonly SheetField[] = [
  ...TEST_FIELDS,
  field('phone', '联系电话', ['电话']),
  field('guardianName', '监护人一姓名', ['监护人姓名']),
  field('guardianId', '监护人一证号'),
  field('guardianPhone', '监护人一电话'),
  field('school', '学校'),
]

const ID = '500103201508310012'
const DATA = ['1', '张三', ID, '张大', '1', '2', '民权路']

const wide = (row: number, left: number, right: number): Merge => ({ top: row, bottom: row, left, right })
const tall = (row: number, column: number): Merge => ({ top: row, bottom: row + 1, left: column, right: column })

function fieldsOf(rows: readonly (readonly string[])[], merges: readonly Merge[] = []) {
  const found = findHeading(rows, FIELDS, merges)
  return {
    row: found?.row,
    headerRows: found?.headerRows,
    columns: found?.columns.map(({ heading, field: id }) => (id === null ? heading : `${heading}=${id}`)),
  }
}

const TWO = {
  row: 2,
  headerRows: 2,
  columns: [
    '序号',
    '姓名=name',
    '身份证号=citizenId',
    '监护人一姓名=guardianName',
    '监护人一证号=guardianId',
    '监护人一电话=guardianPhone',
    '户籍地址=address',
  ],
}

test('[SHEET-23] a group over several columns and single headings merged downwards', () => {
  const merges = [wide(1, 0, 6), tall(2, 0), tall(2, 1), tall(2, 2), wide(2, 3, 5), tall(2, 6)]
  // What is merged downwards has been carried down by the reader.
  const rows = [
    ['某区台账'],
    ['序号', '姓名', '身份证号', '监护人一', '', '', '户籍地址'],
    ['序号', '姓名', '身份证号', '姓名', '证号', '电话', '户籍地址'],
    DATA,
  ]
  expect(fieldsOf(rows, merges)).toEqual(TWO)
})

test('[SHEET-23] in text, where nothing is merged, a group reaches over the empty cells to its right', () => {
  const rows = [
    ['某区台账', '', '', '', '', '', ''],
    ['序号', '姓名', '身份证号', '监护人一', '', '', '户籍地址'],
    ['', '', '', '姓名', '证号', '电话', ''],
    DATA,
  ]
  expect(fieldsOf(rows)).toEqual(TWO)
})

test('[SHEET-23] groups that say nothing leave their columns their own names, one more of a known kind does not', () => {
  const rows = [
    ['基本信息', '', '', '监护人三', '', '', '就读信息'],
    ['序号', '姓名', '身份证号', '姓名', '身份证号', '电话', '学校'],
    DATA,
  ]
  expect(fieldsOf(rows)).toEqual({
    row: 1,
    headerRows: 2,
    columns: [
      '序号',
      '姓名=name',
      '身份证号=citizenId',
      '监护人三姓名',
      '监护人三身份证号',
      '监护人三电话',
      '学校=school',
    ],
  })
})

test('[SHEET-23] two unknown groups with the same fields are told apart and left to the clerk, never guessed', () => {
  const rows = [
    ['外婆', '', '', '基本情况', ''],
    ['姓名', '身份证号', '电话', '姓名', '身份证号'],
    ['张大', '1', '2', '张三', ID],
  ]
  expect(fieldsOf(rows)).toEqual({
    row: 1,
    headerRows: 2,
    columns: ['外婆姓名', '外婆身份证号', '外婆电话', '基本情况姓名', '基本情况身份证号'],
  })
})

test('[SHEET-23] one row stays one row: below a title, above a sparse row, with columns that are twice', () => {
  const heading = ['序号', '姓名', '身份证号', '姓名']
  const one = fieldsOf([['某区台账', '', '', ''], heading, ['', '', '', '李四'], ['1', '张三', ID, '李四']])
  expect(one).toMatchObject({ row: 1, headerRows: 1 })
  expect(fieldsOf([heading.slice(0, 3), ['1', '', ''], ['2', '张三', ID]])).toMatchObject({ row: 0, headerRows: 1 })
})

test('[SHEET-23] a heading that goes on below by merged cells is no row of data, though it gives no more fields', () => {
  const merges = [tall(1, 0), tall(1, 1), wide(1, 2, 3)]
  const rows = [
    ['姓名', '身份证号', '户籍地址', ''],
    ['姓名', '身份证号', '街道', '门牌'],
    ['张三', ID, '万盛', '1号'],
  ]
  expect(fieldsOf(rows, merges)).toEqual({
    row: 1,
    headerRows: 2,
    columns: ['姓名=name', '身份证号=citizenId', '户籍地址=address', '户籍地址门牌'],
  })
})
