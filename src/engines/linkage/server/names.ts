import { foldName } from '../../../kernel/chinese-name.ts'
import { pinyinKey, readingOf } from '../../../kernel/pinyin.ts'
import { spellingsSql } from '../features-sql.ts'
import type { Session } from './session.ts'

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
  const spellings: string[] = []
  await session.chunks(
    `SELECT spelling FROM (${spellingsSql(raw)}) WHERE spelling NOT IN (SELECT spelling FROM form)`,
    ([column]) => {
      for (const value of column ?? []) if (typeof value === 'string') spellings.push(value)
    },
  )
  await session.append('written', formsOf(spellings))
  await session.run(`INSERT INTO form SELECT spelling, hash(fold), hash(sound), hash(ord), CASE WHEN given <> '' THEN hash(given) END,
    least(len, 255), c1, c2, c3, c4 FROM written WHERE fold <> ''`)
  await session.run('DROP TABLE written')
}

function* formsOf(spellings: readonly string[]): Generator<readonly (string | number | null)[]> {
  for (const spelling of spellings) {
    const fold = foldName(spelling).replaceAll('·', '')
    const characters = [...fold]
    const code = (index: number) => characters[index]?.codePointAt(0) ?? null
    const ordered = [...characters].sort().join('')
    const given = characters.slice(1).map(readingOf).join('')
    yield [spelling, fold, pinyinKey(fold), ordered, given, characters.length, code(0), code(1), code(2), code(3)]
  }
}
