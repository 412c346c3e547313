import { featuresSql } from '../features-sql.ts'
import { patternSql } from '../compare-sql.ts'
import type { LinkageDefinition, SideColumns } from '../definition.ts'
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

/** Rows of one name and birthday beyond this many are a common name, not one person written often. */
const LARGEST_BLOCK = 30

/**
 * Rows without a counterpart that repeat another row of their own side, linked
 * rows included: a second registration is the main cause of a false alarm. Each is
 * compared with whoever shares name and birthday, or first guardian and birthday.
 */
export async function findRepeats(session: Session, input: RepeatInput): Promise<readonly Repeat[]> {
  const { side, features, definition } = input
  const member = input.columns.memberIds[0]
  await session.run(`CREATE OR REPLACE TEMP TABLE single AS SELECT * FROM ${features} WHERE row IN (${side.rows})`)
  await session.run(`CREATE OR REPLACE TEMP TABLE near AS
    SELECT DISTINCT l, r FROM (
      SELECT a.row AS l, b.row AS r, count(*) OVER (PARTITION BY a.row) AS n FROM ${side.base} a JOIN ${side.base} b
        ON b.name = a.name AND b.birth = a.birth AND b.row <> a.row WHERE a.row IN (SELECT row FROM single)
      UNION ALL
      SELECT a.row, b.row, count(*) OVER (PARTITION BY a.row) FROM single a JOIN ${features} b
        ON b.sound = a.sound AND b.birth = a.birth AND b.row <> a.row
      ${member === undefined ? '' : `UNION ALL ${sameGuardianSql(input, member)}`})
    WHERE n <= ${LARGEST_BLOCK}`)
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
  await scorePairs(session, { model: repeatModel(definition, input.model, rows), pairs: 'repeat_pair', left: 'single', right: 'f_other' })
  const found = await session.rows(`SELECT l, r, pattern FROM scored WHERE score >= ${definition.thresholds.repeat}
    QUALIFY row_number() OVER (PARTITION BY l ORDER BY weight DESC, r) = 1 ORDER BY l`)
  return found.map((row) => ({ row: Number(row['l']), sameAs: Number(row['r']), pattern: Number(row['pattern']) }))
}

/** Same first guardian and birthday under a name that sounds or reads otherwise; the whole side is read, one column of it. */
function sameGuardianSql(input: RepeatInput, member: string): string {
  return `SELECT a.row, b.row, count(*) OVER (PARTITION BY a.row) FROM
      (SELECT s.row::INTEGER AS row, s."${member}" AS member FROM ${input.side.source} s WHERE s.row IN (SELECT row FROM single)) ac
      JOIN single a ON a.row = ac.row JOIN ${input.side.source} s ON s."${member}" = ac.member
      JOIN ${input.side.base} b ON b.row = s.row AND b.birth = a.birth AND b.row <> a.row`
}
