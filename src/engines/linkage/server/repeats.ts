import { patternSql } from '../compare-sql.ts'
import type { LinkageDefinition, SideColumns } from '../definition.ts'
import { blockKey, name as quoted, text } from '../dialect.ts'
import { featuresSql } from '../features-sql.ts'
import { type Model, repeatModel } from '../model.ts'
import { createFeatures, type LinkSide, type Repeat, scorePairs } from './link.ts'
import { foldNames } from './names.ts'
import type { Session } from './session.ts'

export interface RepeatInput {
  readonly definition: LinkageDefinition
  readonly model: Model
  /** `rows` are those that found no counterpart. */
  readonly side: LinkSide
  readonly columns: SideColumns
  /** Feature table of the rows that were open, `f_left` or `f_right`. */
  readonly features: string
}

/** `isPreferred`: the row is better than the linked one it repeats (live and not cancelled, at school and not left). */
export interface FoundRepeat extends Repeat {
  readonly isPreferred: boolean
}

/** Rows that share a key beyond this many are a common name or number, not one person written often. */
const LARGEST_BLOCK = 30

/**
 * [LINK-7] Rows without a counterpart that repeat another row of their own side, linked
 * rows included: a second registration is the main cause of a false alarm. Each is
 * compared with whoever shares name and birthday, or a guardian or telephone and one of the
 * two: a second registration is often made to change a birthday. Of two rows that both
 * have no counterpart the preferred one stays, so that no person is taken out twice.
 */
export async function findRepeats(session: Session, input: RepeatInput): Promise<readonly FoundRepeat[]> {
  const { side, features, definition } = input
  await session.run(`CREATE OR REPLACE TEMP TABLE single AS SELECT * FROM ${features} WHERE row IN (${side.rows})`)
  await findNear(session, input)
  await createFeatures(session, {
    ...side,
    table: 'other',
    columns: input.columns,
    rows: 'SELECT r FROM near',
  })
  await foldNames(session, ['raw_other'])
  await session.run(`CREATE OR REPLACE TABLE f_other AS ${featuresSql('raw_other')}`)
  await session.run('DROP TABLE raw_other')
  await session.run(`CREATE OR REPLACE TEMP TABLE repeat_pair AS SELECT n.l, n.r, ${patternSql()} AS pattern
    FROM near n JOIN single l ON l.row = n.l JOIN f_other r ON r.row = n.r`)
  const rows = await session.count(`FROM ${side.base}`)
  await scorePairs(session, {
    model: repeatModel(definition, input.model, rows),
    pairs: 'repeat_pair',
    left: 'single',
    right: 'f_other',
  })
  const found = await session.rows(`SELECT s.l, s.r, s.pattern, o.row IS NULL AND a.rank < b.rank AS is_preferred
    FROM scored s JOIN single a ON a.row = s.l JOIN f_other b ON b.row = s.r LEFT JOIN single o ON o.row = s.r
    WHERE s.score >= ${definition.thresholds.repeat} AND (o.row IS NULL OR (b.rank, s.r) < (a.rank, s.l))
    QUALIFY row_number() OVER (PARTITION BY s.l ORDER BY s.weight DESC, s.r) = 1 ORDER BY a.rank, s.l`)
  return found.map((row) => ({
    row: Number(row['l']),
    sameAs: Number(row['r']),
    pattern: Number(row['pattern']),
    isPreferred: row['is_preferred'] === true,
  }))
}

/** What two rows of one household can share; a telephone or a guardian's ID alone brings brothers and sisters, and the one whose name was changed. */
const HOUSEHOLD_KEYS: readonly (readonly string[])[] = [
  ['id'],
  ['phone'],
  ['member', 'other'],
  ['id', 'birth'],
  ['phone', 'birth'],
  ['phone', 'name'],
  ['member', 'birth'],
  ['member', 'name'],
  ['other', 'birth'],
  ['other', 'name'],
]

/**
 * Makes `near` (l, r). Both sides of every key are counted before they are joined: a word that many rows
 * share (one name for all, a telephone of the office) would otherwise be multiplied out.
 */
async function findNear(session: Session, { side, features, columns }: RepeatInput): Promise<void> {
  const [id] = columns.memberIds
  const [member, other] = columns.memberNames
  const [phone] = columns.phones
  const told = Object.entries({ id, member, other, phone }).flatMap(([word, column]) =>
    column === undefined ? [] : [{ word, column }],
  )
  const words = told.map(({ word, column }) => `s.${quoted(column)} AS ${word}`).join(', ')
  const known = told.map(({ word }) => `${word} IN (SELECT ${word} FROM single_word)`).join(' OR ')
  await session.run(`CREATE OR REPLACE TEMP TABLE single_word AS SELECT b.row, b.name, b.birth, ${words}
    FROM ${side.source} s JOIN (SELECT * FROM ${side.base} WHERE row IN (SELECT row FROM single)) b ON b.row = s.row`)
  await session.run(`CREATE OR REPLACE TEMP TABLE other_word AS SELECT b.row, b.name, b.birth, s.* EXCLUDE (row)
    FROM (SELECT * FROM (SELECT s.row::INTEGER AS row, ${words} FROM ${side.source} s) WHERE ${known}) s JOIN ${side.base} b ON b.row = s.row`)
  const has = new Set(['name', 'birth', ...told.map(({ word }) => word)])
  const household = HOUSEHOLD_KEYS.filter((parts) => parts.every((part) => has.has(part)))
  const inWords = (table: string) => household.map((parts) => keys(table, parts.join('-'), parts))
  const own = [
    keys('single_word', 'name', ['name', 'birth']),
    keys('single', 'sound', ['sound', 'birth']),
    ...inWords('single_word'),
  ]
  const others = [
    keys(side.base, 'name', ['name', 'birth']),
    keys(features, 'sound', ['sound', 'birth']),
    ...inWords('other_word'),
  ]
  await session.run(`CREATE OR REPLACE TEMP TABLE near AS
    WITH own AS MATERIALIZED (${own.join(' UNION ALL ')}),
      other AS MATERIALIZED (SELECT * FROM (${others.join(' UNION ALL ')}) WHERE key IN (SELECT key FROM own)),
      block AS (SELECT key FROM other GROUP BY key HAVING count(*) <= ${LARGEST_BLOCK})
    SELECT DISTINCT a.row AS l, b.row AS r FROM own a JOIN block ON block.key = a.key JOIN other b ON b.key = a.key WHERE a.row <> b.row`)
}

function keys(table: string, kind: string, parts: readonly string[]): string {
  return `SELECT * FROM (SELECT ${blockKey([text(kind), ...parts])} AS key, row FROM ${table}) WHERE key IS NOT NULL`
}
