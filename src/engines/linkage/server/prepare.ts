import { dayOfCell, isDay } from '../citizen-id-sql.ts'
import { name as quoted, text } from '../dialect.ts'
import { allKeys } from '../field.ts'
import { dayColumns, type Fields, nameColumns, preparedSql, type Side } from '../prepare-sql.ts'
import { foldNames, spellingsSql } from './names.ts'
import type { Session } from './session.ts'

export interface PrepareInput {
  readonly fields: Fields
  readonly side: Side
  /** Table expression with `row`, a number of its own for every row, and the text columns that the fields name. */
  readonly source: string
  /** Expression over the source: of two rows of one person the lower stays. Left out: the earlier row. */
  readonly rank?: string
  /** `yyyymmdd`; ID numbers with a later birthday are not sound. Left out: none is later. */
  readonly today?: number
  readonly isRounded?: boolean
  /** Rows are written in the order of their numbers; left out: in any. */
  readonly isOrdered?: boolean
  /** Parquet file that is written. */
  readonly out: string
}

const NO_DAY = 99_991_231

/**
 * [LINK-12] Derives what rows are compared by, once: a run reads these keys and no text. Keys are the same whenever and wherever
 * they are derived, so batches of different years can be compared.
 */
export async function prepare(session: Session, input: PrepareInput): Promise<void> {
  const { fields, side, source, out } = input
  const names = nameColumns(fields, side)
  await foldNames(session, names.length === 0 ? "SELECT '' AS spelling WHERE false" : spellingsSql(source, names))
  const days = dayColumns(fields, side).map((column) => `SELECT ${quoted(column)} AS cell FROM ${source}`)
  // A few thousand days stand for millions of cells; reading a cell costs a microsecond, joining it a tenth.
  await session.run(`CREATE OR REPLACE TABLE day_cell AS SELECT cell, CASE WHEN ${isDay('day')} THEN day END AS day
    FROM (SELECT cell, ${dayOfCell('cell')} AS day FROM (SELECT DISTINCT cell FROM (${days.join(' UNION ALL ') || "SELECT '' AS cell"}) WHERE cell IS NOT NULL))`)
  const keys = preparedSql({
    fields,
    side,
    source,
    rank: input.rank ?? '0',
    today: input.today ?? NO_DAY,
    isRounded: input.isRounded ?? false,
  })
  await session.run(
    `COPY (${input.isOrdered === true ? `SELECT * FROM (${keys}) ORDER BY row` : keys}) TO ${text(out)} (FORMAT parquet, COMPRESSION lz4_raw)`,
  )
  await session.run('DROP TABLE day_cell')
}

/** Columns of a prepared file. */
export function preparedColumns(fields: Fields): readonly string[] {
  return ['row', 'rank', ...allKeys(fields).map(({ id }) => id)]
}
