import { patternSql } from '../compare-sql.ts'
import type { LinkageDefinition, SideColumns } from '../definition.ts'
import { name as quoted } from '../dialect.ts'
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

/** Rows of one name and birthday beyond this many are a common name, not one person written often. */
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
  const told = [input.columns.memberIds[0], input.columns.memberNames[0], input.columns.phones[0]].filter(
    (column) => column !== undefined,
  )
  await session.run(`CREATE OR REPLACE TEMP TABLE single AS SELECT * FROM ${features} WHERE row IN (${side.rows})`)
  await session.run(`CREATE OR REPLACE TEMP TABLE near_all AS
    SELECT a.row AS l, b.row AS r, count(*) OVER (PARTITION BY a.row) AS n FROM ${side.base} a JOIN ${side.base} b
      ON b.name = a.name AND b.birth = a.birth AND b.row <> a.row WHERE a.row IN (SELECT row FROM single)
    UNION ALL
    SELECT a.row, b.row, count(*) OVER (PARTITION BY a.row) FROM single a JOIN ${features} b
      ON b.sound = a.sound AND b.birth = a.birth AND b.row <> a.row`)
  for (const column of told) await addSameHousehold(session, input, column)
  await session.run(
    `CREATE OR REPLACE TEMP TABLE near AS SELECT DISTINCT l, r FROM near_all WHERE n <= ${LARGEST_BLOCK}`,
  )
  await session.run('DROP TABLE near_all')
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

/** The same word about the household, and birthday or name; the whole side is read, one column of it. */
async function addSameHousehold(session: Session, { side }: RepeatInput, column: string): Promise<void> {
  const word = `s.${quoted(column)}`
  const worded = `SELECT o.row, o.name, o.birth, ${word} AS word FROM ${side.source} s JOIN ${side.base} o ON o.row = s.row`
  await session.run(
    `CREATE OR REPLACE TEMP TABLE asking AS ${worded} WHERE o.row IN (SELECT row FROM single) AND ${word} IS NOT NULL`,
  )
  await session.run(`CREATE OR REPLACE TEMP TABLE answering AS ${worded} WHERE ${word} IN (SELECT word FROM asking)`)
  for (const shared of ['birth', 'name']) {
    await session.run(`INSERT INTO near_all SELECT a.row, b.row, count(*) OVER (PARTITION BY a.row)
      FROM asking a JOIN answering b ON b.word = a.word AND b.${shared} = a.${shared} AND b.row <> a.row`)
  }
}
