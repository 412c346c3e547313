import { type DuckDBConnection, VARCHAR } from '@duckdb/node-api'
import { foldName } from '../../src/kernel/chinese-name.ts'
import { pinyinKey, readingOf } from '../../src/kernel/pinyin.ts'
import { answerParent, taskOfChild } from '../child.ts'
import { objects, openBenchDuck, sheet, text } from '../reconcile/duck.ts'

/**
 * The columns that another linker gets, standardised as its documentation asks: names folded, pinyin beside them, IDs
 * and days in one form, lists of guardians, the address also as village and township. Ended entries of the roll are left
 * out, as for the baselines.
 */
export interface StandardTask {
  readonly population: string
  readonly roll: string
  readonly left: string
  readonly right: string
}

/** More children than this under one value: it names nobody. */
const COMMON = 40
/** Spellings in JavaScript at one time. */
const SPELLINGS_A_TIME = 100_000

const task = taskOfChild<StandardTask>()
const duck = await openBenchDuck()
await duck.run("SET memory_limit = '6GB'")
await duck.run(`SET temp_directory = ${text(`${task.left}.spill`)}`)

const code = (cell: string) =>
  `nullif(regexp_replace(upper(translate(coalesce(${cell}, ''), '０１２３４５６７８９Ｘ', '0123456789X')), '[^0-9A-Z*.+]', '', 'g'), '')`
/** First seventeen digits, those of a 15-digit number of old put up to it. */
const person = (cell: string) =>
  `CASE strlen(${code(cell)}) WHEN 18 THEN left(${code(cell)}, 17) WHEN 15 THEN left(${code(cell)}, 6) || '19' || right(${code(cell)}, 9) END`
const phone = (cell: string) => `nullif(right(regexp_replace(coalesce(${cell}, ''), '[^0-9]', '', 'g'), 11), '')`
const day = (cell: string) => `strftime(CASE
  WHEN regexp_full_match(${cell}, '\\d{5}') THEN DATE '1899-12-30' + CAST(${cell} AS INTEGER)
  ELSE try_strptime(${cell}, ['%Y%m%d', '%Y-%m-%d', '%Y.%m.%d', '%Y/%m/%d', '%Y年%m月%d日']) END, '%Y-%m-%d')`
const filled = (list: string) => `nullif(list_distinct(list_filter(${list}, x -> x IS NOT NULL)), [])`

await duck.run(`CREATE TABLE l0 AS SELECT row, 姓名 AS name, 曾用名 AS former, ${code('公民身份号码')} AS citizen_id, ${day('出生日期')} AS birth, 性别 AS sex,
    监护人一姓名 AS guardian_1, 监护人二姓名 AS guardian_2, 户主姓名 AS guardian_3,
    ${filled(`[${['监护人一证号', '监护人二证号', '户主身份证号'].map(person).join(', ')}]`)} AS guardian_ids,
    ${filled(`[${phone('联系电话')}]`)} AS phones, 户籍地址 AS address FROM ${sheet(task.population)}`)
await duck.run(`CREATE TABLE r0 AS SELECT row, 姓名 AS name, 曾用名 AS former, ${code('身份证件号')} AS citizen_id, ${day('出生日期')} AS birth, 性别 AS sex,
    成员1姓名 AS guardian_1, 成员2姓名 AS guardian_2, NULL::VARCHAR AS guardian_3,
    ${filled(`[${['成员1身份证件号', '成员2身份证件号'].map(person).join(', ')}]`)} AS guardian_ids,
    ${filled(`[${['成员1联系电话', '联系电话'].map(phone).join(', ')}]`)} AS phones, 现住址 AS address FROM ${sheet(task.roll)}
  WHERE coalesce(学生当前状态, '') IN ('', '在读', '复学', '休学')`)
await foldInto(duck)
const rows = { left: await standardise('l0', task.left), right: await standardise('r0', task.right) }
answerParent(rows)

/** Every spelling once to JavaScript and back: DuckDB knows neither NFKC nor pinyin. */
async function foldInto(duck: DuckDBConnection): Promise<void> {
  const columns = ['name', 'former', 'guardian_1', 'guardian_2', 'guardian_3']
  const parts = ['l0', 'r0'].flatMap((table) => columns.map((column) => `SELECT ${column} AS spelling FROM ${table}`))
  await duck.run(`CREATE TABLE spelt AS SELECT row_number() OVER () - 1 AS place, spelling
    FROM (SELECT DISTINCT spelling FROM (${parts.join(' UNION ALL ')}) WHERE spelling <> '')`)
  const all = Number((await objects<{ n: string }>(duck, 'SELECT count(*) AS n FROM spelt'))[0]!.n)
  await duck.run(
    'CREATE TABLE form (spelling VARCHAR, name VARCHAR, sound VARCHAR, given_sound VARCHAR, surname VARCHAR, characters VARCHAR)',
  )
  const appender = await duck.createAppender('form')
  for (let from = 0; from < all; from += SPELLINGS_A_TIME) {
    const page = `SELECT spelling FROM spelt WHERE place BETWEEN ${from} AND ${from + SPELLINGS_A_TIME - 1}`
    for (const { spelling } of await objects<{ spelling: string }>(duck, page)) {
      const forms = formsOf(spelling)
      if (forms.length === 0) continue
      for (const form of forms) appender.appendValue(form, VARCHAR)
      appender.endRow()
    }
  }
  appender.closeSync()
}

function formsOf(spelling: string): readonly string[] {
  const fold = foldName(spelling).replaceAll('·', '')
  if (fold === '') return []
  const characters = [...fold]
  const given = characters.slice(1).map(readingOf).join('')
  return [spelling, fold, pinyinKey(fold), given, characters[0]!, characters.toSorted().join('')]
}

async function standardise(table: string, out: string): Promise<number> {
  const telling = (column: string) =>
    `(SELECT value FROM (SELECT unnest(${column}) AS value FROM ${table}) GROUP BY value HAVING count(*) <= ${COMMON})`
  await duck.run(`COPY (
    WITH told AS (
      SELECT row, list(value ORDER BY value) FILTER (kind = 'id' AND value IN ${telling('guardian_ids')}) AS guardian_ids,
        list(value ORDER BY value) FILTER (kind = 'phone' AND value IN ${telling('phones')}) AS phones
      FROM (SELECT row, 'id' AS kind, unnest(guardian_ids) AS value FROM ${table} UNION ALL SELECT row, 'phone', unnest(phones) FROM ${table})
      GROUP BY row)
    SELECT x.row AS unique_id, f.name, f.sound, nullif(f.given_sound, '') AS given_sound, f.surname, f.characters, former.name AS former,
      x.citizen_id, x.birth, x.sex, ${filled('[g1.name, g2.name, g3.name]')} AS guardian_names, told.guardian_ids, told.phones,
      nullif(trim(x.address), '') AS address,
      nullif(regexp_extract(x.address, '([^区县市]{1,9}?(街道|镇|乡))', 1), '') AS township,
      nullif(regexp_extract(x.address, '([^区县市]{1,9}?(街道|镇|乡).+?(村|社区|路|街|大道|巷))', 1), '') AS village
    FROM ${table} x LEFT JOIN told USING (row) LEFT JOIN form f ON f.spelling = x.name LEFT JOIN form former ON former.spelling = x.former
      LEFT JOIN form g1 ON g1.spelling = x.guardian_1 LEFT JOIN form g2 ON g2.spelling = x.guardian_2 LEFT JOIN form g3 ON g3.spelling = x.guardian_3
    ORDER BY x.row
  ) TO ${text(out)} (FORMAT parquet)`)
  return Number((await objects<{ n: string }>(duck, `SELECT count(*) AS n FROM ${table}`))[0]!.n)
}
