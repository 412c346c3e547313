import iconv from 'iconv-lite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDuck } from './duck.ts'
import { ingestToParquet } from './ingest.ts'
import { ingest, recognise, rowOf, TEST_FIELDS, type TestFolder, testFolder, workbookParts } from './testing.ts'

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
})
afterEach(() => folder.remove())

const HEADING = ['出生日期', '备注', '身份证号*', '姓 名', '户籍地址']
/** Full-width, spaces, an old ID of 15 digits, a formula, quotes, rare characters, a row twice, an empty name. */
const ROWS = [
  ['2015-08-31', '', '500103201508310012', '张三', '民权路1号'],
  ['2015-08-31', '', '５００１０３２０１５０８３１００１２', '张三 ', '民权路　1号'],
  ['20190901', 'x', '500103850101001', '买买提·艾力', '瀼渡镇"一"组'],
  ['2019.09.01', '', ' 500103201909010029', "=cmd|'/c calc'!A0", '𠮷安路,9号'],
  ['2015-08-31', '', '500103201508310012', '张三', '民权路1号'],
  ['', '只有备注', '', '', ''],
  ['', '', '500242201402290017', '', ''],
]
const TABLE = ROWS.map(([birthDay, , citizenId, name, address], index) => [
  index + 1,
  name || null,
  citizenId || null,
  birthDay || null,
  address || null,
  null,
])

function csv(separator: string): string {
  const cell = (text: string) => (/[",\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return [HEADING, ...ROWS].map((row) => row.map(cell).join(separator)).join('\r\n')
}

function escaped(rows: readonly (readonly string[])[]): string {
  return rows
    .map((row, index) =>
      rowOf(
        index + 1,
        row.map((cell) => cell.replaceAll('&', '&amp;').replaceAll('"', '&quot;')),
      ),
    )
    .join('')
}

async function parquetOf(name: string, select: string): Promise<string> {
  const duck = await openDuck({ workDir: folder.path, threads: 1 })
  try {
    await duck.run(`COPY (${select}) TO '${folder.path}/${name}' (FORMAT parquet)`)
    return `${folder.path}/${name}`
  } finally {
    duck.close()
  }
}

test('[SHEET-16] the same rows as CSV in two encodings, TSV, XLSX and Parquet give the same table', async () => {
  const text = (cell: string) => (cell === '' ? 'NULL' : `'${cell.replaceAll("'", "''")}'`)
  const values = ROWS.map((row) => `(${row.map(text).join(', ')})`).join(', ')
  const files = [
    await folder.write('a.csv', csv(',')),
    await folder.write('b.csv', iconv.encode(csv(','), 'gb18030')),
    await folder.write('c.tsv', csv('\t')),
    await folder.zip('d.xlsx', workbookParts(escaped([HEADING, ...ROWS]))),
    await parquetOf(
      'e.parquet',
      `SELECT * FROM (VALUES ${values}) t (${HEADING.map((name) => `"${name}"`).join(', ')})`,
    ),
  ]
  for (const file of files) {
    const { table, rows, faults, layout } = await ingest(folder, file)
    expect(table, file).toEqual(TABLE)
    expect([rows, faults, layout.rows], file).toEqual([ROWS.length, 0, ROWS.length])
  }
})

test('[SHEET-14] Parquet of any types reads as a clerk would type it', async () => {
  const path = await parquetOf(
    'a.parquet',
    `SELECT * FROM (VALUES ('张三', 500103201508310012::BIGINT, DATE '2015-08-31', TRUE), ('李四', 500103201508310012::BIGINT, DATE '2015-08-31', NULL), (NULL, NULL, NULL, NULL), ('王五', 7::BIGINT, NULL, FALSE))
      t ("姓名", "身份证号", "出生日期", "户籍地址")`,
  )
  expect((await ingest(folder, path)).table).toEqual([
    [1, '张三', '500103201508310012', '2015-08-31', 'TRUE', null],
    [2, '李四', '500103201508310012', '2015-08-31', null, null],
    [4, '王五', '7', null, 'FALSE', null],
  ])
  const rounded = await parquetOf(
    'b.parquet',
    `SELECT '张三' AS "姓名", 500103201508310012::DOUBLE AS "身份证号", TIMESTAMP '2015-08-31 00:00:00' AS "出生日期", 12.0::DOUBLE AS "户籍地址"`,
  )
  expect((await ingest(folder, rounded)).table).toEqual([
    [1, '张三', expect.stringMatching(/^5\.001032015083\d*e\+17$/), '2015-08-31', '12', null],
  ])
})

test('[SHEET-16] file names with signs are names, never patterns', async () => {
  await folder.write('a1.csv', '姓名,身份证号\n别人,1\n')
  const { table } = await ingest(folder, await folder.write("a[1]*'.csv", '姓名,身份证号\n张三,1\n'))
  expect(table.map((row) => row[1])).toEqual(['张三'])
})

test('[SHEET-16] a cancelled ingest stops and leaves no output', async () => {
  const path = await folder.write('a.csv', `姓名,身份证号\n${'张三,500103201508310012\n'.repeat(1000)}"坏\n`)
  const layout = await recognise(folder, path)
  const reason = new Error('stop')
  const run = ingestToParquet({
    path,
    fileName: 'a.csv',
    layout,
    fields: TEST_FIELDS,
    columns: { name: 0, citizenId: 1 },
    out: `${folder.path}/out.parquet`,
    workDir: folder.path,
    signal: AbortSignal.abort(reason),
  })
  await expect(run).rejects.toBe(reason)
})

test('[SHEET-3] fifty thousand rows with faults in between: every row keeps its number', async () => {
  const lines = Array.from({ length: 50_000 }, (_, at) => {
    if (at % 1000 === 500) return `"坏${at},1`
    return at % 777 === 3 ? `"张${at}","1\n2",${at}` : `张${at},1,${at}`
  })
  const { table, faults } = await ingest(
    folder,
    await folder.write('a.csv', `姓名,身份证号,户籍地址\n${lines.join('\n')}\n`),
  )
  expect(faults).toBe(50)
  expect(table).toHaveLength(50_000)
  expect(
    table.every(
      ([row, name, , , address, fault], at) =>
        row === at + 1 && (fault !== null || (name === `张${at}` && address === String(at))),
    ),
  ).toBe(true)
})
