import { afterEach, beforeEach, expect, test } from 'vitest'
import { DelimitedReader } from './delimited.ts'
import { ingest, recognise, type TestFolder, testFolder } from './testing.ts'

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
})
afterEach(() => folder.remove())

const ID = '500103201508310012'

async function tableOf(text: string) {
  return (await ingest(folder, await folder.write('a.csv', text))).table
}

/** row, name and fault of each row. */
async function namesOf(text: string) {
  return (await tableOf(text)).map(([row, name, , , , fault]) => (fault === null ? [row, name] : [row, name, fault]))
}

test('[SHEET-3] a regular sheet: quotes, doubled quotes, separators and line breaks inside cells', async () => {
  expect(await tableOf(`姓名,身份证号,户籍地址\r\n"张三","${ID}","民权路""一""号,附2\r\n后门"\r\n李四,,x\r\n`)).toEqual(
    [
      [1, '张三', ID, null, '民权路"一"号,附2\r\n后门', null],
      [2, '李四', null, null, 'x', null],
    ],
  )
})

test('[SHEET-3] an unpaired quote spoils one row, the numbers of the others hold', async () => {
  expect(await namesOf(`姓名,身份证号\n张三,1\n李"四,2\n"王五,3\n赵六,4\n"钱"七,5\n孙八,6\n`)).toEqual([
    [1, '张三'],
    [2, '李"四'],
    [3, null, '引号不配对，无法分列'],
    [4, '赵六'],
    [5, null, '引号不配对，无法分列'],
    [6, '孙八'],
  ])
})

test('[SHEET-3] an opening quote does not swallow the rows up to the next quote', async () => {
  expect(await namesOf(`姓名,身份证号\n"张三,1\n李四,2\n王五",3\n赵六,4\n`)).toEqual([
    [1, null, '引号不配对，无法分列'],
    [2, '李四'],
    [3, '王五"'],
    [4, '赵六'],
  ])
})

test('[SHEET-3] a row with too few or too many cells is told; empty cells too many are not', async () => {
  expect(await namesOf(`姓名,身份证号,户籍地址\n张三,1,x\n李四,2\n王五,3,y,z\n赵六,4,y,,\n,,\n钱七,5,w\n`)).toEqual([
    [1, '张三'],
    [2, null, '这一行有 2 列，表头有 3 列，无法对应'],
    [3, null, '这一行有 4 列，表头有 3 列，无法对应'],
    [4, '赵六'],
    [6, '钱七'],
  ])
})

test('[SHEET-3] a sheet cut in the middle: the last row is told, nothing before it is lost', async () => {
  expect(await namesOf(`姓名,身份证号,户籍地址\n张三,1,x\n李四,5001`)).toEqual([
    [1, '张三'],
    [2, null, '最后一行不完整（2 列，应有 3 列），文件可能没有导出完'],
  ])
})

test('[SHEET-16] blank rows count and are not written; blank ones at the end are nothing', async () => {
  const text = `姓名,身份证号,户籍地址\n张三,1,x\n\n  ,\u3000,\n李四,2,y\n\n,,\n`
  expect(await namesOf(text)).toEqual([
    [1, '张三'],
    [4, '李四'],
  ])
  expect((await recognise(folder, await folder.write('b.csv', text))).rows).toBe(2)
})

test('[SHEET-3] rows with CR alone, and CR and LF mixed', async () => {
  expect(await namesOf(`姓名,身份证号\r张三,1\r李四,2\r`)).toEqual([
    [1, '张三'],
    [2, '李四'],
  ])
  expect(await namesOf(`姓名,身份证号\r\n张三,1\n李四,2\r\n`)).toEqual([
    [1, '张三'],
    [2, '李四'],
  ])
})

test('[SHEET-3] a line without end is skipped, not gathered', () => {
  const reader = new DelimitedReader(',', '\n')
  const records = [...reader.push('a,b\n')]
  for (let at = 0; at < 40; at++) records.push(...reader.push('x'.repeat(100_000)))
  records.push(...reader.push('\nc,d\n'), ...reader.end())
  expect(records).toMatchObject([{ cells: ['a', 'b'] }, { fault: '这一行过长，无法读取' }, { cells: ['c', 'd'] }])
})

test('[SHEET-3] both ways of reading agree on numbers and cells', async () => {
  const rows = Array.from({ length: 300 }, (_, at) => `人${at},"${ID}",${at % 7 === 0 ? '"一,二"' : `路${at}号`}`)
  const regular = await tableOf(`姓名,身份证号,户籍地址\n${rows.join('\n')}\n`)
  const broken = await tableOf(`姓名,身份证号,户籍地址\n${rows.join('\n')}\n坏"行,"x"y,\n`)
  expect(regular).toHaveLength(300)
  expect(broken.slice(0, 300)).toEqual(regular)
})

test.each(['\t', ';', '|'])('[SHEET-4] the separator %j is found in the content', async (separator) => {
  const { layout, table } = await ingest(
    folder,
    await folder.write('a.csv', `姓名,身份证号,户籍地址\n张三,${ID},路1号\n`.replaceAll(',', separator)),
  )
  expect(layout.delimiter).toBe(separator)
  expect(table).toEqual([[1, '张三', ID, null, '路1号', null]])
})

test('[SHEET-4] a title with an odd quote above the heading does not shift the rows', async () => {
  expect(await namesOf(`某区"户籍人口\n\n姓名,身份证号\n张三,1\n李四,2\n`)).toEqual([
    [1, '张三'],
    [2, '李四'],
  ])
})
