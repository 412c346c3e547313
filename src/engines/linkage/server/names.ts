import { foldName } from '../../../kernel/chinese-name.ts'
import { pinyinKey, readingOf } from '../../../kernel/pinyin.ts'
import { spellingsSql } from '../features-sql.ts'
import type { Session, SqlRow } from './session.ts'

/** Spellings in JavaScript at one time: some 20 MB, where all of a city's would be 200. */
const SPELLINGS_A_TIME = 100_000

/**
 * Folds every spelling of a name that is not in `form` yet. DuckDB knows neither
 * NFKC nor pinyin, so distinct spellings come out, and go back with their folded
 * form, sound and sorted characters, of which only hashes are kept.
 */
export async function foldNames(session: Session, raw: readonly string[]): Promise<void> {
  await session.run(`CREATE TABLE IF NOT EXISTS form (spelling VARCHAR, fold UBIGINT, sound UBIGINT, ord UBIGINT, given_sound UBIGINT,
    len UTINYINT, c1 INTEGER, c2 INTEGER, c3 INTEGER, c4 INTEGER)`)
  await session.run(
    'CREATE OR REPLACE TABLE written (spelling VARCHAR, fold VARCHAR, sound VARCHAR, ord VARCHAR, given VARCHAR, len INTEGER, c1 INTEGER, c2 INTEGER, c3 INTEGER, c4 INTEGER)',
  )
  await session.run(`CREATE OR REPLACE TABLE spelt AS SELECT row_number() OVER () - 1 AS place, spelling
    FROM (${spellingsSql(raw)}) WHERE spelling NOT IN (SELECT spelling FROM form)`)
  const all = await session.count('FROM spelt')
  for (let from = 0; from < all; from += SPELLINGS_A_TIME) {
    const rows = await session.rows(
      `SELECT spelling FROM spelt WHERE place BETWEEN ${from} AND ${from + SPELLINGS_A_TIME - 1}`,
    )
    await session.append('written', formsOf(rows))
  }
  await session.run(`INSERT INTO form SELECT spelling, hash(fold), hash(sound), hash(ord), CASE WHEN given <> '' THEN hash(given) END,
    least(len, 255), c1, c2, c3, c4 FROM written WHERE fold <> ''`)
  await session.run('DROP TABLE written; DROP TABLE spelt')
}

function* formsOf(rows: readonly SqlRow[]): Generator<readonly (string | number | null)[]> {
  for (const row of rows) {
    const spelling = String(row['spelling'])
    const fold = foldName(spelling).replaceAll('·', '')
    const characters = [...fold]
    const code = (index: number) => characters[index]?.codePointAt(0) ?? null
    const ordered = [...characters].sort().join('')
    const given = characters.slice(1).map(readingOf).join('')
    yield [spelling, fold, pinyinKey(fold), ordered, given, characters.length, code(0), code(1), code(2), code(3)]
  }
}
