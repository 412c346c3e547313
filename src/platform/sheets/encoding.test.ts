import iconv from 'iconv-lite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decodeText, readTextTraits } from './encoding.ts'
import { ingest, type TestFolder, testFolder } from './testing.ts'

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
})
afterEach(() => folder.remove())

const SHEET = '姓名,身份证号,户籍地址\n张三,500103201508310012,瀼渡镇\n买买提·艾力,500103201909010029,𠮷安路9号\n'
const TABLE = [
  [1, '张三', '500103201508310012', null, '瀼渡镇', null],
  [2, '买买提·艾力', '500103201909010029', null, '𠮷安路9号', null],
]

test.each([
  ['UTF-8', Buffer.from(SHEET), 'utf-8'],
  ['UTF-8 with BOM', Buffer.from(`\ufeff${SHEET}`), 'utf-8'],
  ['GB18030', iconv.encode(SHEET, 'gb18030'), 'gb18030'],
  ['UTF-16LE with BOM', Buffer.from(`\ufeff${SHEET}`, 'utf16le'), 'utf-16le'],
  ['UTF-16LE without', Buffer.from(SHEET, 'utf16le'), 'utf-16le'],
  ['UTF-16BE with BOM', Buffer.from(`\ufeff${SHEET}`, 'utf16le').swap16(), 'utf-16be'],
])('[SHEET-2] %s gives the same rows', async (_, content, encoding) => {
  const { layout, table } = await ingest(folder, await folder.write('a.csv', content))
  expect(layout.encoding).toBe(encoding)
  expect(table).toEqual(TABLE)
})

test.each([
  ['gb18030', []],
  ['utf-8', [0xff]],
] as const)(
  '[SHEET-2] Chinese far below an English heading decides, not the first lines: %s',
  async (encoding, damage) => {
    const rows = Array.from({ length: 120_000 }, (_, at) => `x${at},50010320150831${at % 10_000}`).join('\n')
    const below = iconv.encode('张三丰,500103201508310012\n'.repeat(200), encoding)
    const content = Buffer.concat([Buffer.from(`name,citizenId\n${rows}\n`), Buffer.from(damage), below])
    expect((await readTextTraits(await folder.write('a.csv', content), 'a.csv')).encoding).toBe(encoding)
  },
)

test('[SHEET-2] a character across two chunks of reading is whole', async () => {
  const line = '张三,500103201508310012\n'
  const head = '姓名,身份证号\n'
  for (const [encoding, size] of [
    ['gb18030', iconv.encode(line, 'gb18030').length],
    ['utf-8', Buffer.byteLength(line)],
  ] as const) {
    const lines = Math.ceil((4.5 * 1024 * 1024) / size)
    const path = await folder.write(`${encoding}.csv`, iconv.encode(head + line.repeat(lines), encoding))
    expect(await readTextTraits(path, 'a')).toMatchObject({ encoding, hasBadBytes: encoding === 'gb18030' })
    expect(await namesIn(path, encoding)).toEqual(new Map([['张三', lines]]))
  }
})

async function namesIn(path: string, encoding: 'gb18030' | 'utf-8'): Promise<ReadonlyMap<string, number>> {
  const names = new Map<string, number>()
  let text = ''
  for await (const piece of decodeText(path, encoding)) text += piece
  for (const line of text.trimEnd().split('\n').slice(1)) {
    const name = line.slice(0, line.indexOf(','))
    names.set(name, (names.get(name) ?? 0) + 1)
  }
  return names
}

test('[SHEET-2] a UTF-8 file cut inside a character stays UTF-8 and only its last row suffers', async () => {
  const whole = Buffer.from(SHEET)
  const { layout, table } = await ingest(folder, await folder.write('a.csv', whole.subarray(0, whole.length - 6)))
  expect(layout.encoding).toBe('utf-8')
  expect(table[0]).toEqual(TABLE[0])
  expect(table[1]).toEqual([2, null, null, null, null, '有无法识别的文字'])
})

test('[SHEET-2] a few damaged bytes in UTF-8 spoil their row and no other', async () => {
  const bad = Buffer.concat([
    Buffer.from('姓名,身份证号\n李'),
    Buffer.from([0xff]),
    Buffer.from(`,1\n${'张三,500103201508310012\n'.repeat(200)}`),
  ])
  const { layout, faults, table } = await ingest(folder, await folder.write('a.csv', bad))
  expect(layout.encoding).toBe('utf-8')
  expect(faults).toBe(1)
  expect(table[0]?.at(-1)).toBe('有无法识别的文字')
  expect(table[200]).toEqual([201, '张三', '500103201508310012', null, null, null])
})

test('[SHEET-2] text in neither encoding is refused', async () => {
  const noise = Buffer.from(Array.from({ length: 3000 }, (_, at) => [0x41, 0xff, 0x80, 0x2c][at % 4]!))
  await expect(readTextTraits(await folder.write('a.csv', noise), 'a.csv')).rejects.toMatchObject({
    code: 'SHEET.ENCODING',
  })
})

test.each([
  ['none', 'a,b\n1,2\n', false],
  ['at the end', 'a,b\n1,2\n\n\n\r\n', false],
  ['between rows', 'a,b\n\n1,2\n', true],
  ['between rows with CRLF', 'a,b\r\n\r\n1,2\r\n', true],
])('[SHEET-3] blank lines are noticed: %s', async (_, content, hasBlankLine) => {
  expect((await readTextTraits(await folder.write('a.csv', content), 'a')).hasBlankLine).toBe(hasBlankLine)
})
