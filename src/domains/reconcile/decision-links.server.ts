import { parquet, type Session } from '../../engines/linkage/server/session.ts'
import type { Decision, Decisions } from '../../engines/linkage/server/sides.ts'
import type { DecidedRows } from './decision.store.server.ts'

/**
 * [DECIDE-4] What people decided, from rows of batches to rows of the run's two sheets, as the linkage takes it. What somebody
 * holds to be two goes before what somebody else joined.
 */
export async function decisionsOf(
  session: Session,
  input: { readonly decided: readonly DecidedRows[]; readonly populationParquet: string; readonly rollParquet: string },
): Promise<Decisions> {
  await session.run(
    'CREATE TABLE decided_row (one_batch BIGINT, one_row INTEGER, other_batch BIGINT, other_row INTEGER, is_same BOOLEAN)',
  )
  await session.append(
    'decided_row',
    input.decided.map((row) => [BigInt(row.oneBatch), row.oneRow, BigInt(row.otherBatch), row.otherRow, row.isSame]),
  )
  const at = (side: string, path: string) =>
    `SELECT '${side}' AS side, row::INTEGER AS row, batch_id, batch_row FROM ${parquet(path)} WHERE (batch_id, batch_row) IN (
      SELECT (one_batch, one_row) FROM decided_row UNION SELECT (other_batch, other_row) FROM decided_row)`
  await session.run(
    `CREATE TABLE decided_at AS ${at('left', input.populationParquet)} UNION ALL ${at('right', input.rollParquet)}`,
  )
  await session.run(`CREATE TABLE decided_both AS
    SELECT a.side AS a_side, a.row AS a, b.side AS b_side, b.row AS b, d.is_same
    FROM decided_row d JOIN decided_at a ON a.batch_id = d.one_batch AND a.batch_row = d.one_row
      JOIN decided_at b ON b.batch_id = d.other_batch AND b.batch_row = d.other_row`)
  const listed = async (sql: string): Promise<readonly Decision[]> =>
    (await session.rows(`SELECT a, b, bool_and(is_same) AS is_same FROM (${sql}) GROUP BY a, b ORDER BY a, b`)).map(
      (row) => ({ a: Number(row['a']), b: Number(row['b']), isSame: row['is_same'] === true }),
    )
  const within = (side: string) =>
    `SELECT least(a, b) AS a, greatest(a, b) AS b, is_same FROM decided_both WHERE a_side = '${side}' AND b_side = '${side}' AND a <> b`
  return {
    pairs: await listed(`SELECT a, b, is_same FROM decided_both WHERE a_side = 'left' AND b_side = 'right'
      UNION ALL SELECT b, a, is_same FROM decided_both WHERE a_side = 'right' AND b_side = 'left'`),
    left: await listed(within('left')),
    right: await listed(within('right')),
  }
}
