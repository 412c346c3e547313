import { levelSql } from '../compare-sql.ts'
import type { Comparison } from '../comparison.ts'
import type { LinkageDefinition } from '../definition.ts'
import { type Model, mayDecide, type PatternCounts, weigh, yieldsTo } from '../model.ts'
import type { Session } from './session.ts'

export async function countPatterns(session: Session, sql: string): Promise<PatternCounts> {
  const rows = await session.rows(
    `SELECT pattern, count(*)::DOUBLE AS n FROM (${sql}) GROUP BY pattern ORDER BY pattern`,
  )
  return new Map(rows.map((row) => [Number(row['pattern']), Number(row['n'])]))
}

/** A level that weighs by how common the shared value is, and the table (value, ratio) that tells it. */
export interface Frequency {
  readonly comparison: string
  readonly level: number
  readonly keys: readonly string[]
  readonly table: string
}

export function frequenciesOf(comparisons: readonly Comparison[]): readonly Frequency[] {
  return comparisons.flatMap(({ id, levels }) =>
    levels.flatMap(({ frequency }, level) =>
      frequency === undefined
        ? []
        : [{ comparison: id, level, keys: frequency, table: `frequency_${id}_${levels[level]!.id}` }],
    ),
  )
}

/** How much more common each value is than the chance that two rows agree in it. */
export async function createFrequencies(session: Session, definition: LinkageDefinition, model: Model): Promise<void> {
  for (const { comparison, level, keys, table } of frequenciesOf(definition.comparisons)) {
    const values = ['f_left', 'f_right']
      .flatMap((rows) => keys.map((key) => `SELECT ${key} AS value FROM ${rows}`))
      .join(' UNION ALL ')
    const place = definition.comparisons.findIndex(({ id }) => id === comparison)
    // Sums of integers: those of fractions depend on the order in which they are added.
    const chance =
      keys.length === 1
        ? String(model.stranger[place]![level]!)
        : '(SELECT sum(n * n)::DOUBLE / (sum(n)::DOUBLE * sum(n)::DOUBLE) FROM counted)'
    await session.run(`CREATE TABLE ${table} AS
      WITH counted AS (SELECT value, count(*) AS n FROM (${values}) WHERE value IS NOT NULL GROUP BY value)
      SELECT value, n::DOUBLE / (SELECT sum(n)::DOUBLE FROM counted) / ${chance} AS ratio FROM counted ORDER BY value`)
  }
}

export interface ScoreInput {
  readonly definition: LinkageDefinition
  readonly model: Model
  readonly pairs: string
  readonly left: string
  readonly right: string
  /** Table that is made: l, r, pattern, score, weight (natural logarithm of the odds), may_decide, yields. */
  readonly out: string
}

/** A shared name weighs by its frequency: 张伟 in a city says little, 欧阳 with a rare character nearly all. */
export async function scorePairs(session: Session, input: ScoreInput): Promise<void> {
  const { definition, model, pairs, left, right, out } = input
  const patterns = await session.rows(`SELECT DISTINCT pattern FROM ${pairs} ORDER BY pattern`)
  await session.run(
    'CREATE OR REPLACE TABLE weight (pattern INTEGER, m DOUBLE, h DOUBLE, s DOUBLE, may_decide BOOLEAN, yields BOOLEAN)',
  )
  await session.append(
    'weight',
    patterns.map((row) => {
      const pattern = Number(row['pattern'])
      const { match, household, stranger } = weigh(definition, model, pattern)
      return [pattern, match, household, stranger, mayDecide(definition, pattern), yieldsTo(definition, pattern)]
    }),
  )
  const frequencies = frequenciesOf(definition.comparisons)
  const factors = frequencies.map(
    ({ comparison, level }, index) =>
      `CASE WHEN ${levelSql(definition.comparisons, 'p.pattern', comparison)} = ${level} THEN greatest(least(coalesce(q${index}.ratio, 1), 1000), 0.001) ELSE 1 END`,
  )
  const joins = frequencies.map(
    ({ keys, table }, index) => `LEFT JOIN ${table} q${index} ON q${index}.value = ${sharedSql(keys)}`,
  )
  await session.run(`CREATE OR REPLACE TABLE ${out} AS
    WITH weighed AS (SELECT p.l, p.r, p.pattern, w.may_decide, w.yields, w.m, w.h + ${['w.s', ...factors].join(' * ')} AS other
        FROM ${pairs} p JOIN weight w ON w.pattern = p.pattern JOIN ${left} l ON l.row = p.l JOIN ${right} r ON r.row = p.r ${joins.join(' ')})
    SELECT l, r, pattern, m / (m + other) AS score, round(ln(m) - ln(other), 4) AS weight, may_decide, yields FROM weighed WHERE m > 0`)
}

/** The value that a pair has in common. */
function sharedSql(keys: readonly string[]): string {
  if (keys.length === 1) return `l.${keys[0]}`
  const right = keys.map((key) => `r.${key}`).join(', ')
  return `CASE ${keys.map((key) => `WHEN l.${key} IN (${right}) THEN l.${key}`).join(' ')} END`
}
