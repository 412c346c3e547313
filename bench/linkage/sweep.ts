import type { DuckDBConnection } from '@duckdb/node-api'
import { bandOf, schoolYear } from '../../src/kernel/school-year.ts'
import { objects, sheet, text } from '../reconcile/duck.ts'
import { numbers, OVER_AGE, type Score } from '../reconcile/score.ts'

/** How pairs with weights become links: each row its best partner, or one row to one row as the other linker settled it. */
export const WAYS = ['best partner of each row', 'one to one'] as const
export type Way = (typeof WAYS)[number]

/** The list of those without a link of at least this weight, judged. */
export interface SweptPoint {
  readonly way: Way
  readonly threshold: number
  readonly score: Score
}

/** Finer steps change a handful of rows. */
const STEP = 0.5
const NEVER_LINKED = -100
const GRID = Array.from({ length: 180 }, (_, index) => -20 + index * STEP)

/**
 * Every threshold that the weights allow, both ways. Whom the list could name is what the baselines ask too: not
 * cancelled, and of an age that is obliged. `duck` holds the truth; `pairs` is Parquet with l, r, weight, one_to_one.
 */
export async function sweep(
  duck: DuckDBConnection,
  input: { readonly pairs: string; readonly population: string; readonly schoolYear: number },
): Promise<readonly SweptPoint[]> {
  const base = await whole(duck)
  const band = bandOf(schoolYear(input.schoolYear))
  const [from, until] = [band.from, band.until].map((day) => text(day.replaceAll('-', '')))
  await duck.run(`CREATE OR REPLACE TABLE asked AS SELECT row AS population_row, person_id, ${OVER_AGE} AS is_over_age
    FROM ${sheet(input.population)} s JOIN truth ON truth.population_row = s.row
    WHERE 注销标识 = '0' AND 出生日期 BETWEEN ${from} AND ${until}`)
  const points: SweptPoint[] = []
  for (const way of WAYS) points.push(...(await sweepOneWay(duck, way, input.pairs, base)))
  return points
}

type Base = Pick<Score, 'persons' | 'toFind' | 'outOfSchool'>

async function whole(duck: DuckDBConnection): Promise<Base> {
  const rows = await objects<Record<string, unknown>>(
    duck,
    `SELECT count(*) AS persons, count(*) FILTER (is_absent) AS "toFind",
      count(*) FILTER (is_absent AND whereabouts IN ('never-enrolled', 'dropped-out')) AS "outOfSchool" FROM own`,
  )
  return numbers(rows[0]!) as unknown as Base
}

async function sweepOneWay(
  duck: DuckDBConnection,
  way: Way,
  pairs: string,
  base: Base,
): Promise<readonly SweptPoint[]> {
  const links = way === 'one to one' ? 'WHERE one_to_one' : ''
  const steps = await objects<Record<string, unknown>>(
    duck,
    `WITH best AS (SELECT l, max(weight) AS weight FROM read_parquet(${text(pairs)}) ${links} GROUP BY l),
      weighed AS (SELECT asked.*, floor(coalesce(weight, ${NEVER_LINKED}) / ${STEP}) AS step FROM asked LEFT JOIN best ON best.l = population_row),
      persons AS (SELECT own.person_id, min(step) AS step, bool_or(own.whereabouts IN ('never-enrolled', 'dropped-out')) AS is_out
        FROM own JOIN weighed USING (person_id) WHERE own.is_absent GROUP BY own.person_id),
      told AS (SELECT step, count(*) FILTER (NOT is_over_age) AS listed, count(*) FILTER (is_over_age) AS over_age, 0 AS found, 0 AS out FROM weighed GROUP BY step
        UNION ALL SELECT step, 0, 0, count(*), count(*) FILTER (is_out) FROM persons GROUP BY step)
    SELECT step, sum(listed) AS listed, sum(over_age) AS over_age, sum(found) AS found, sum(out) AS out FROM told GROUP BY step ORDER BY step`,
  )
  const told = steps.map((row) => numbers(row) as Record<string, number>)
  return GRID.map((threshold) => {
    const below = told.filter((row) => row['step']! * STEP < threshold)
    const sum = (key: string) => below.reduce((all, row) => all + row[key]!, 0)
    const judged = { listed: sum('listed'), overAgeListed: sum('over_age'), found: sum('found'), outFound: sum('out') }
    return { way, threshold, score: { ...base, ...judged, inReview: 0, outInReview: 0 } }
  })
}

export function bestPoint(points: readonly SweptPoint[]): SweptPoint {
  return points.reduce((best, point) => (f1(point.score) > f1(best.score) ? point : best))
}

/** The point of highest precision among those with at least this recall. */
export function pointAtRecall(points: readonly SweptPoint[], recall: number): SweptPoint | null {
  const enough = points.filter(({ score }) => score.found >= recall * score.toFind - 1e-9)
  if (enough.length === 0) return null
  return enough.reduce((best, point) => (precision(point.score) > precision(best.score) ? point : best))
}

function precision({ found, listed }: Score): number {
  return listed === 0 ? 0 : found / listed
}

function f1({ found, listed, toFind }: Score): number {
  return listed + toFind === 0 ? 0 : (2 * found) / (listed + toFind)
}
