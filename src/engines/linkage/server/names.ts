import { foldName } from '../../../kernel/chinese-name.ts'
import { pinyinKey, readingOf } from '../../../kernel/pinyin.ts'
import { lastingHash } from '../dialect.ts'
import type { Cell, Session } from './session.ts'

/**
 * Folds every spelling that is not in `form` yet. SQL knows neither NFKC nor pinyin, so distinct spellings come out chunk by
 * chunk, and go back with their folded form, sound and sorted characters, of which only hashes are kept.
 */
export async function foldNames(session: Session, spellings: string): Promise<void> {
  await session.run(`CREATE TABLE IF NOT EXISTS form (spelling VARCHAR, fold UBIGINT, sound UBIGINT, ord UBIGINT, given_sound UBIGINT,
    len UTINYINT, c1 INTEGER, c2 INTEGER, c3 INTEGER, c4 INTEGER, letters VARCHAR, latin_sound VARCHAR)`)
  await session.run(`CREATE OR REPLACE TABLE written (place INTEGER, fold VARCHAR, sound VARCHAR, ord VARCHAR, given VARCHAR, len INTEGER,
    c1 INTEGER, c2 INTEGER, c3 INTEGER, c4 INTEGER, letters VARCHAR, latin_sound VARCHAR)`)
  await session.run(`CREATE OR REPLACE TABLE spelt AS SELECT (row_number() OVER () - 1)::INTEGER AS place, spelling
    FROM (${spellings}) WHERE spelling NOT IN (SELECT spelling FROM form)`)
  const hash = (column: string) => lastingHash(`nullif(${column}, '')`)
  const all = await session.count('FROM spelt')
  for (let from = 0; from < all; from += SPELLINGS_A_TIME) {
    const rows = await session.rows(
      `SELECT place, spelling FROM spelt WHERE place BETWEEN ${from} AND ${from + SPELLINGS_A_TIME - 1}`,
    )
    await session.append(
      'written',
      // By its place, not by itself: what comes back has lost a byte order mark that stood in front.
      rows.map((row) => [Number(row['place']), ...formOf(String(row['spelling']))]),
    )
    await session.run(`INSERT INTO form SELECT spelling, ${hash('fold')}, ${hash('sound')}, ${hash('ord')}, ${hash('given')},
      least(len, 255), c1, c2, c3, c4, nullif(letters, ''), nullif(latin_sound, '') FROM written JOIN spelt USING (place) WHERE fold <> ''`)
    await session.run('TRUNCATE written')
  }
  await session.run('DROP TABLE written; DROP TABLE spelt')
}

/** Spellings in JavaScript at one time: some 20 MB, where all of a city's would be 400. */
const SPELLINGS_A_TIME = 50_000

/** Table expression with each spelling of the columns once. */
export function spellingsSql(source: string, columns: readonly string[]): string {
  const parts = columns.map((column) => `SELECT trim("${column}") AS spelling FROM ${source}`)
  return `SELECT DISTINCT spelling FROM (${parts.join(' UNION ALL ')}) WHERE spelling IS NOT NULL AND spelling <> ''`
}

function formOf(spelling: string): Cell[] {
  const fold = foldName(spelling).replaceAll('·', '')
  const characters = [...fold]
  const code = (index: number) => characters[index]?.codePointAt(0) ?? null
  const ordered = [...characters].sort().join('')
  const given = characters.slice(1).map(readingOf).join('')
  const letters = fold.replace(/[^A-Z]/g, '')
  return [
    fold,
    pinyinKey(fold),
    ordered,
    given,
    characters.length,
    code(0),
    code(1),
    code(2),
    code(3),
    letters,
    soundOfLatin(letters),
  ]
}

/** The first letter and the consonants behind it by how they are spoken, doubled ones once: after Soundex, not cut at four. */
export function soundOfLatin(letters: string): string {
  let sound = letters.slice(0, 1)
  let last = GROUPS.get(sound) ?? ''
  for (const letter of letters.slice(1)) {
    const group = GROUPS.get(letter) ?? ''
    if (group !== '' && group !== last) sound += group
    if (!'HW'.includes(letter)) last = group
  }
  return sound
}

const GROUPS: ReadonlyMap<string, string> = new Map(
  ['BFPV', 'CGJKQSXZ', 'DT', 'L', 'MN', 'R'].flatMap((letters, index) =>
    [...letters].map((letter) => [letter, String(index + 1)] as const),
  ),
)
