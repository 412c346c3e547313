import type { DuckDBConnection } from '@duckdb/node-api'
import { objects } from '../reconcile/duck.ts'
import { COPIES, numbers, OVER_AGE, rowsOf } from '../reconcile/score.ts'

/** What an officer finds behind the rows of the list, before and after those who teach the child elsewhere have answered. */
export interface OfficerView {
  readonly listed: number
  /** Never enrolled or dropped out. */
  readonly out: number
  readonly elsewhere: number
  /** On no given roll and not out of school either: deferred, abroad, in a class without an entry, dead. */
  readonly other: number
  /** On a roll that was given, or a second row of one person. */
  readonly false: number
}

/** `answered`: the share of the schools elsewhere that have confirmed; who confirms is drawn by the person's number. */
export async function officerView(duck: DuckDBConnection, listed: string, answered: number): Promise<OfficerView> {
  const rows = await objects<Record<string, unknown>>(
    duck,
    `WITH ranked AS (SELECT truth.*, row_number() OVER (PARTITION BY person_id ORDER BY copy IN ${COPIES}, population_row) AS nth,
        person_id IN (SELECT person_id FROM own WHERE is_absent) AS is_absent FROM ${rowsOf(listed)} JOIN truth USING (population_row)),
      judged AS (SELECT person_id, CASE WHEN NOT is_absent OR nth > 1 THEN 'false' WHEN whereabouts IN ('never-enrolled', 'dropped-out') THEN 'out'
        WHEN whereabouts = 'elsewhere' THEN 'elsewhere' ELSE 'other' END AS kind FROM ranked WHERE NOT ${OVER_AGE}),
      left_over AS (SELECT kind FROM judged WHERE NOT (kind = 'elsewhere' AND (person_id::BIGINT * 7919) % 1000 < ${Math.round(1000 * answered)}))
    SELECT count(*) AS listed, ${['out', 'elsewhere', 'other', 'false'].map((kind) => `count(*) FILTER (kind = '${kind}') AS "${kind}"`).join(', ')} FROM left_over`,
  )
  return numbers(rows[0]!) as unknown as OfficerView
}
