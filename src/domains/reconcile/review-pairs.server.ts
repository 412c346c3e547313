import { join } from 'node:path'
import { text } from '../../engines/linkage/dialect.ts'
import { explainPair } from '../../engines/linkage/explain.ts'
import type { Model } from '../../engines/linkage/model.ts'
import { CERTAIN } from '../../engines/linkage/pattern.ts'
import { parquet, type Session } from '../../engines/linkage/server/session.ts'
import { registerToRoll } from './linkage-definition.ts'
import type { Lists } from './pipeline-lists.server.ts'
import type { WeightStep } from './review-rules.ts'

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
  input: { readonly lists: Lists; readonly model: Model; readonly samples: number; readonly workDir: string },
): Promise<string> {
  const out = join(input.workDir, 'review-pairs.parquet')
  const pairs = `SELECT l.population_row AS l, l.roll_row AS r, coalesce(l.score, 0.5) AS score, coalesce(k.pattern, ${CERTAIN}) AS pattern, k.weight`
  await session.run(`CREATE TABLE review_given AS
    ${pairs}, 'review' AS kind FROM ${parquet(input.lists.review.parquet)} l LEFT JOIN link k ON k.l = l.population_row AND k.r = l.roll_row
      WHERE l.roll_row IS NOT NULL
    UNION ALL
    (${pairs}, 'sample' AS kind FROM ${parquet(input.lists.linked.parquet)} l JOIN link k ON k.l = l.population_row AND k.r = l.roll_row
      WHERE k.pattern >= 0 ORDER BY md5(concat_ws('-', l.population_row, l.roll_row)) LIMIT ${input.samples})`)
  const weighed = await session.rows('SELECT DISTINCT pattern, weight FROM review_given ORDER BY pattern, weight')
  await session.run('CREATE TABLE pair_steps (pattern INTEGER, weight DOUBLE, steps VARCHAR)')
  await session.append(
    'pair_steps',
    weighed.map((row) => {
      const [pattern, weight] = [Number(row['pattern']), row['weight'] === null ? null : Number(row['weight'])]
      return [pattern, weight, JSON.stringify(stepsOf(input.model, pattern, weight))]
    }),
  )
  await session.run(`COPY (SELECT g.*, s.steps FROM review_given g JOIN pair_steps s ON s.pattern = g.pattern AND s.weight IS NOT DISTINCT FROM g.weight
    ORDER BY g.kind, g.l, g.r) TO ${text(out)} (FORMAT parquet, COMPRESSION snappy)`)
  return out
}

/** [REVIEW-8] From the same numbers that decided; keys that are all equal were not weighed. */
function stepsOf(model: Model, pattern: number, weight: number | null): readonly WeightStep[] {
  return pattern < 0 ? [] : explainPair(registerToRoll, model, pattern, weight ?? undefined)
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
