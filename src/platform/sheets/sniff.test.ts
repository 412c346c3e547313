import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sniffContainer } from './sniff.ts'
import { recognise, type TestFolder, testFolder } from './testing.ts'

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
})
afterEach(() => folder.remove())

const HEADING = '姓名,身份证号\n张三,500103201508310012\n'
const OLE = Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(4096)])

test.each([
  ['an empty file', 'a.csv', Buffer.alloc(0), 'FILE.EMPTY'],
  ['line breaks only', 'a.csv', Buffer.from('\ufeff\r\n \r\n'), 'FILE.EMPTY'],
  ['an old or encrypted workbook, called csv', 'a.csv', OLE, 'FILE.UNREADABLE'],
  ['an old workbook, called xlsx', 'a.xlsx', OLE, 'FILE.UNREADABLE'],
  ['a web page called xls', 'a.xls', Buffer.from('<html><table><tr><td>姓名</td></tr></table>'), 'FILE.UNREADABLE'],
  ['a picture', 'a.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), 'FILE.TYPE'],
  ['a gzip', 'a.csv', gzipSync(HEADING), 'FILE.TYPE'],
  ['a PDF', 'a.xlsx', Buffer.from('%PDF-1.7 ...'), 'FILE.TYPE'],
  [
    'bytes without meaning',
    'a.csv',
    Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 37) % 251)),
    'FILE.TYPE',
  ],
  ['a Parquet file cut off', 'a.parquet', Buffer.from('PAR1 and then nothing'), 'FILE.TRUNCATED'],
  ['a Parquet file of nothing but its marks', 'a.parquet', Buffer.from('PAR1\0\0\0\0\0\0PAR1'), 'FILE.UNREADABLE'],
])('[SHEET-1] %s is refused', async (_, name, content, code) => {
  await expect(recognise(folder, await folder.write(name, content))).rejects.toMatchObject({ code })
})

test('[SHEET-1] a sheet is read by its content, whatever it is called', async () => {
  expect((await recognise(folder, await folder.write('a.xlsx', HEADING))).format).toBe('csv')
  expect((await recognise(folder, await folder.write('b.csv', HEADING.replaceAll(',', '\t')))).format).toBe('tsv')
})

test('[SHEET-1] a path that is no file is told as a missing file', async () => {
  await expect(sniffContainer(`${folder.path}/nobody.csv`, 'nobody.csv')).rejects.toMatchObject({
    code: 'FILE.MISSING',
    words: { file: 'nobody.csv' },
  })
  await expect(sniffContainer(folder.path, 'folder')).rejects.toMatchObject({ code: 'FILE.MISSING' })
})
