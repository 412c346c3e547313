import { join } from 'node:path'
import { text } from '../../engines/linkage/dialect.ts'
import { parquet, type Session } from '../../engines/linkage/server/session.ts'
import { registerToRoll } from './linkage-definition.ts'
import { EXACT } from './pipeline-link.server.ts'
import type { Lists } from './pipeline-lists.server.ts'
import { stepsOf } from './review-weights.ts'

/** Columns of the file that the database reads: both rows by batch, what the machine thought, and why. */
export const PAIR_COLUMNS = [
  'left_batch',
  'left_row',
  'right_batch',
  'right_row',
  'score',
  'pattern',
  'kind',
  'steps',
] as const

/**
 * [REVIEW-6] The pairs of a run that go to people: all that the machine left open, and of those it linked by more than ID and
 * name a few, drawn by their rows, so that somebody sees how sure "sure" is. Needs the table `link` of the linkage.
 */
export async function writePairs(
  session: Session,
  input: { readonly lists: Lists; readonly samples: number; readonly workDir: string },
): Promise<string> {
  const out = join(input.workDir, 'review-pairs.parquet')
  const pairs = `SELECT l.population_row AS l, l.roll_row AS r, coalesce(l.score, 0.5) AS score, coalesce(k.pattern, ${EXACT}) AS pattern`
  await session.run(`CREATE TABLE review_given AS
    ${pairs}, 'review' AS kind FROM ${parquet(input.lists.review.parquet)} l LEFT JOIN link k ON k.l = l.population_row AND k.r = l.roll_row
      WHERE l.roll_row IS NOT NULL
    UNION ALL
    (${pairs}, 'sample' AS kind FROM ${parquet(input.lists.linked.parquet)} l JOIN link k ON k.l = l.population_row AND k.r = l.roll_row
      WHERE k.pattern >= 0 ORDER BY md5(concat_ws('-', l.population_row, l.roll_row)) LIMIT ${input.samples})`)
  const patterns = await session.rows('SELECT DISTINCT pattern FROM review_given ORDER BY pattern')
  await session.run('CREATE TABLE pattern_steps (pattern INTEGER, steps VARCHAR)')
  await session.append(
    'pattern_steps',
    patterns.map((row) => {
      const pattern = Number(row['pattern'])
      return [pattern, JSON.stringify(stepsOf(registerToRoll, pattern))]
    }),
  )
  await session.run(`COPY (SELECT g.*, s.steps FROM review_given g JOIN pattern_steps s USING (pattern) ORDER BY g.kind, g.l, g.r)
    TO ${text(out)} (FORMAT parquet, COMPRESSION snappy)`)
  return out
}

/** By the rows of the batches, as the database knows them. */
export async function writePairRows(
  session: Session,
  input: {
    readonly pairsParquet: string
    readonly populationParquet: string
    readonly rollParquet: string
    readonly workDir: string
  },
): Promise<string> {
  const out = join(input.workDir, 'review-pairs.csv')
  await session.run(`COPY (SELECT p.batch_id, p.batch_row, q.batch_id, q.batch_row, g.score, g.pattern, g.kind, g.steps
      FROM ${parquet(input.pairsParquet)} g JOIN ${parquet(input.populationParquet)} p ON p.row = g.l JOIN ${parquet(input.rollParquet)} q ON q.row = g.r
      ORDER BY g.kind, g.l, g.r) TO ${text(out)} (FORMAT csv, HEADER false)`)
  return out
}
