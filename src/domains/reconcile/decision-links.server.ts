import { join } from 'node:path'
import { text } from '../../engines/linkage/dialect.ts'
import { parquet, type Session } from '../../engines/linkage/server/session.ts'
import type { DecidedRows } from './decision.store.server.ts'
import { reviewWords } from './review-words.ts'

/**
 * What people decided, as rows of the two joined sheets, for the linkage: `pairs` (l, r, is_same), a population row and a
 * roll row; `repeats` (side 'population' or 'roll', a, b, is_same), two rows of one sheet, a before b.
 */
export interface RunDecisions {
  readonly pairs: string
  readonly repeats: string
}

/** A pattern of its own: the engine's are 0 and up, the exact link is -1. */
export const DECIDED = -2

/** [DECIDE-4] From rows of batches to rows of the run's sheets. */
export async function writeDecisions(
  session: Session,
  input: {
    readonly decided: readonly DecidedRows[]
    readonly populationParquet: string
    readonly rollParquet: string
    readonly workDir: string
  },
): Promise<RunDecisions> {
  const pairs = join(input.workDir, 'decided-pairs.parquet')
  const repeats = join(input.workDir, 'decided-repeats.parquet')
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
    `CREATE TABLE decided_at AS ${at('population', input.populationParquet)} UNION ALL ${at('roll', input.rollParquet)}`,
  )
  await session.run(`CREATE TABLE decided AS
    SELECT a.side AS a_side, a.row AS a, b.side AS b_side, b.row AS b, d.is_same
    FROM decided_row d JOIN decided_at a ON a.batch_id = d.one_batch AND a.batch_row = d.one_row
      JOIN decided_at b ON b.batch_id = d.other_batch AND b.batch_row = d.other_row`)
  // What somebody holds to be two goes before what somebody else joined: the database lets only one of them stand.
  await session.run(`COPY (SELECT l, r, bool_and(is_same) AS is_same FROM (
      SELECT a AS l, b AS r, is_same FROM decided WHERE a_side = 'population' AND b_side = 'roll'
      UNION ALL SELECT b, a, is_same FROM decided WHERE a_side = 'roll' AND b_side = 'population')
    GROUP BY l, r ORDER BY l, r) TO ${text(pairs)} (FORMAT parquet)`)
  await session.run(`COPY (SELECT a_side AS side, least(a, b) AS a, greatest(a, b) AS b, bool_and(is_same) AS is_same FROM decided
    WHERE a_side = b_side AND a <> b GROUP BY ALL ORDER BY ALL) TO ${text(repeats)} (FORMAT parquet)`)
  return { pairs, repeats }
}

/**
 * [DECIDE-1] Over what the linkage found: two rows decided to be two are neither linked nor repeats of one another; two
 * decided to be one are linked, before any other partner of theirs that a score chose, and of two rows of one sheet the
 * better one stays. Needs `p`, `r`, `link`, `dup_p`, `dup_r` and `pattern_words`.
 */
export async function applyDecisions(session: Session, { pairs, repeats }: RunDecisions): Promise<void> {
  await session.run(
    `CREATE TABLE decided_pair AS FROM ${parquet(pairs)}; CREATE TABLE decided_repeat AS FROM ${parquet(repeats)}`,
  )
  await session.run('DELETE FROM link USING decided_pair d WHERE link.l = d.l AND link.r = d.r AND NOT d.is_same')
  for (const side of SIDES) {
    await partRepeats(session, side)
    await joinRepeats(session, side)
  }
  await joinPairs(session)
  await session.run(
    `INSERT INTO pattern_words SELECT ${DECIDED}, ${text(reviewWords.decided)} WHERE NOT EXISTS (FROM pattern_words WHERE pattern = ${DECIDED})`,
  )
}

interface Side {
  readonly id: string
  readonly rows: string
  readonly repeats: string
  /** Its column of `link`. */
  readonly linked: string
}

const SIDES: readonly Side[] = [
  { id: 'population', rows: 'p', repeats: 'dup_p', linked: 'l' },
  { id: 'roll', rows: 'r', repeats: 'dup_r', linked: 'r' },
]

async function partRepeats(session: Session, { id, repeats }: Side): Promise<void> {
  await session.run(`DELETE FROM ${repeats} USING decided_repeat d WHERE d.side = '${id}' AND NOT d.is_same
    AND ((${repeats}.row = d.a AND ${repeats}.same_as = d.b) OR (${repeats}.row = d.b AND ${repeats}.same_as = d.a))`)
}

/** [LINK-7] The better row stays and takes the counterpart over. */
async function joinRepeats(session: Session, { id, rows, repeats, linked }: Side): Promise<void> {
  const same = `FROM decided_repeat WHERE side = '${id}' AND is_same`
  await session.run(`CREATE OR REPLACE TABLE decided_under AS WITH beside AS (
      SELECT a AS row, b AS other ${same} UNION SELECT b, a ${same} UNION SELECT a, a ${same} UNION SELECT b, b ${same}
    ), best AS (
      SELECT b.row, arg_min(o.row, o.rank::BIGINT * 4294967296 + o.row) AS same_as FROM beside b JOIN ${rows} o ON o.row = b.other
      WHERE NOT o.is_error AND o.row NOT IN (SELECT row FROM ${repeats}) GROUP BY b.row)
    SELECT best.row, best.same_as FROM best JOIN ${rows} s ON s.row = best.row
    WHERE best.row <> best.same_as AND NOT s.is_error AND best.row NOT IN (SELECT row FROM ${repeats})`)
  await session.run(`UPDATE link SET ${linked} = u.same_as FROM (SELECT same_as, min(row) AS row FROM decided_under
      WHERE row IN (SELECT ${linked} FROM link WHERE NOT is_review) AND same_as NOT IN (SELECT ${linked} FROM link WHERE NOT is_review) GROUP BY same_as) u
    WHERE link.${linked} = u.row AND NOT link.is_review`)
  await session.run(`DELETE FROM link WHERE ${linked} IN (SELECT row FROM decided_under);
    UPDATE ${repeats} SET same_as = u.same_as FROM decided_under u WHERE ${repeats}.same_as = u.row;
    INSERT INTO ${repeats} SELECT row, same_as, ${DECIDED} FROM decided_under`)
}

/** One row with one row: the first of those that stand for themselves. */
async function joinPairs(session: Session): Promise<void> {
  const sure = (column: string) =>
    `SELECT k.${column} FROM link k JOIN decided_pair d ON d.l = k.l AND d.r = k.r WHERE NOT k.is_review AND d.is_same`
  await session.run(`CREATE TABLE decided_link AS WITH free AS (
      SELECT l, r FROM decided_pair WHERE is_same AND l NOT IN (SELECT row FROM dup_p) AND r NOT IN (SELECT row FROM dup_r)
        AND l NOT IN (${sure('l')}) AND r NOT IN (${sure('r')})
    ), first AS (SELECT l, min(r) AS r FROM free GROUP BY l)
    SELECT min(l) AS l, r FROM first GROUP BY r`)
  await session.run(`DELETE FROM link WHERE l IN (SELECT l FROM decided_link) OR r IN (SELECT r FROM decided_link);
    INSERT INTO link SELECT l, r, ${DECIDED}, 1.0, false FROM decided_link`)
}
