import type { DuckDBConnection } from '@duckdb/node-api'
import { objects, openBenchDuck, text } from './duck.ts'

/**
 * Judges lists of population rows against the truth. A *person to find* is registered here, not cancelled, in nominal
 * grades 1 to 9, and has no entry on the given rolls that says 在读 or 休学: the two sheets cannot show where they are.
 */
export interface Score {
  readonly toFind: number
  readonly persons: number
  readonly flagged: number
  readonly found: number
  readonly falseAlarms: number
  /** Not on the list, but put before a person for review. */
  readonly inReview: number
  readonly missed: number
  /** Truly out of school (never enrolled, dropped out), and how many of them are on the list. */
  readonly outOfSchool: number
  readonly outFound: number
  readonly outInReview: number
}

/** What stands behind the wrong rows of a list. */
export interface CauseLine {
  readonly cause: string
  /** Persons with this cause whom a list could have got wrong in this way. */
  readonly persons: number
  readonly wrong: number
}

export interface LinkScore {
  readonly links: number
  readonly wrongLinks: number
  readonly reviewRows: number
  readonly reviewRight: number
}

export interface Judge {
  score(flagged: string, review?: string): Promise<Score>
  falseAlarmsByCause(flagged: string): Promise<readonly CauseLine[]>
  missedByCause(lists: Readonly<Record<string, { readonly parquet: string }>>): Promise<readonly CauseLine[]>
  /** Where the flagged really are. */
  whereabouts(flagged: string): Promise<readonly CauseLine[]>
  links(linked: string, review: string): Promise<LinkScore>
}

export async function openJudge(truth: string): Promise<Judge> {
  const duck = await openBenchDuck()
  await duck.run(`CREATE TABLE truth AS SELECT
      try_cast(population_row AS INTEGER) AS population_row, try_cast(roll_row AS INTEGER) AS roll_row,
      CAST(person_id AS INTEGER) AS person_id, coalesce(copy, '') AS copy, registered, CAST(nominal_grade AS INTEGER) AS grade,
      whereabouts, coalesce(roll_entry, '') AS entry, coalesce(population_faults, '') AS population_faults, coalesce(roll_faults, '') AS roll_faults
    FROM read_csv(${text(truth)}, header = true, all_varchar = true)`)
  await duck.run(`CREATE TABLE on_roll AS SELECT person_id, string_agg(roll_faults, ' ') AS faults FROM truth
    WHERE entry IN ('active', 'paused') GROUP BY person_id`)
  await duck.run(`CREATE TABLE own AS SELECT truth.*, on_roll.person_id IS NULL AS is_absent,
      trim(population_faults || ' ' || coalesce(on_roll.faults, '')) AS all_faults
    FROM truth LEFT JOIN on_roll USING (person_id)
    WHERE population_row IS NOT NULL AND copy NOT IN ('second-registration', 'repeated-row') AND registered = 'here' AND grade BETWEEN 1 AND 9`)
  return judgeOn(duck)
}

function judgeOn(duck: DuckDBConnection): Judge {
  const one = async <T>(sql: string): Promise<T> =>
    numbers((await objects<Record<string, unknown>>(duck, sql))[0]!) as T
  const causes = async (sql: string): Promise<readonly CauseLine[]> =>
    (await objects<Record<string, unknown>>(duck, sql)).map((row) => numbers(row, ['cause']) as unknown as CauseLine)
  const rowsOf = (path: string) =>
    `(SELECT population_row FROM read_parquet(${text(path)}) WHERE population_row IS NOT NULL)`
  return {
    score: (flagged, review) =>
      one<Score>(`WITH flagged AS ${rowsOf(flagged)}, review AS ${review === undefined ? '(SELECT -1 AS population_row)' : rowsOf(review)},
        judged AS (SELECT *, population_row IN (FROM flagged) AS is_flagged, population_row IN (FROM review) AS is_review,
          whereabouts IN ('never-enrolled', 'dropped-out') AS is_out FROM own)
        SELECT count(*) FILTER (is_absent) AS "toFind", count(*) AS persons, (SELECT count(*) FROM flagged) AS flagged,
          count(*) FILTER (is_absent AND is_flagged) AS found,
          (SELECT count(*) FROM flagged) - count(*) FILTER (is_absent AND is_flagged) AS "falseAlarms",
          count(*) FILTER (is_absent AND is_review) AS "inReview",
          count(*) FILTER (is_absent AND NOT is_flagged AND NOT is_review) AS missed,
          count(*) FILTER (is_out AND is_absent) AS "outOfSchool", count(*) FILTER (is_out AND is_absent AND is_flagged) AS "outFound",
          count(*) FILTER (is_out AND is_absent AND is_review) AS "outInReview" FROM judged`),
    falseAlarmsByCause: (flagged) =>
      causes(`WITH flagged AS ${rowsOf(flagged)},
        wrong AS (SELECT truth.*, own.all_faults, own.is_absent FROM flagged JOIN truth USING (population_row) LEFT JOIN own USING (population_row)
          WHERE own.is_absent IS NOT TRUE),
        told AS (SELECT CASE WHEN copy <> '' AND copy <> 'former-school' AND copy <> 'second-roll' THEN 'row: ' || copy
            WHEN registered <> 'here' THEN 'row: cancelled registration'
            WHEN grade NOT BETWEEN 1 AND 9 THEN 'row: other ages' WHEN all_faults = '' THEN 'nothing planted' END AS row_cause, all_faults FROM wrong),
        tagged AS (SELECT unnest(CASE WHEN row_cause IS NULL THEN list_distinct(string_split(all_faults, ' ')) ELSE [row_cause] END) AS cause FROM told),
        base AS (SELECT unnest(list_distinct(string_split(all_faults, ' '))) AS cause FROM own WHERE NOT is_absent)
        SELECT cause, coalesce((SELECT count(*) FROM base WHERE base.cause = tagged.cause), 0) AS persons, count(*) AS wrong
        FROM tagged WHERE cause <> '' GROUP BY cause ORDER BY wrong DESC, cause`),
    missedByCause: (lists) => {
      const placed = Object.entries(lists)
        .filter(([list]) => list !== 'not-found' && list !== 'roll-only')
        .map(
          ([list, { parquet }]) =>
            `SELECT population_row, roll_row, ${text(list)} AS list FROM read_parquet(${text(parquet)}) WHERE population_row IS NOT NULL`,
        )
      return causes(`WITH placed AS (${placed.join(' UNION ALL ')}),
        missed AS (SELECT own.*, placed.list, other.person_id AS other_person, other.roll_faults AS other_faults
          FROM own JOIN placed USING (population_row) LEFT JOIN truth other ON other.roll_row = placed.roll_row WHERE own.is_absent),
        told AS (SELECT list || CASE WHEN other_person IS NULL THEN '' WHEN other_person = person_id THEN ', own ended entry'
            ELSE ', another child''s entry: ' || CASE WHEN other_faults = '' THEN 'no fault' ELSE other_faults END END
            || CASE WHEN population_faults = '' THEN '' ELSE ', register: ' || population_faults END AS cause FROM missed)
        SELECT cause, (SELECT count(*) FROM own WHERE is_absent) AS persons, count(*) AS wrong FROM told GROUP BY cause ORDER BY wrong DESC, cause`)
    },
    whereabouts: (flagged) =>
      causes(`WITH flagged AS ${rowsOf(flagged)}
        SELECT CASE WHEN copy IN ('second-registration', 'repeated-row') THEN copy ELSE truth.whereabouts END AS cause,
          coalesce((SELECT count(*) FROM own WHERE own.whereabouts = any_value(truth.whereabouts)), 0) AS persons, count(*) AS wrong
        FROM flagged JOIN truth USING (population_row) GROUP BY ALL ORDER BY wrong DESC, cause`),
    links: (linked, review) =>
      one<LinkScore>(`WITH pairs AS (SELECT population_row, roll_row, 'linked' AS list FROM read_parquet(${text(linked)})
          UNION ALL SELECT population_row, roll_row, 'review' FROM read_parquet(${text(review)})),
        judged AS (SELECT list, p.person_id = r.person_id AS is_right FROM pairs
          JOIN truth p ON p.population_row = pairs.population_row JOIN truth r ON r.roll_row = pairs.roll_row)
        SELECT count(*) FILTER (list = 'linked') AS links, count(*) FILTER (list = 'linked' AND NOT is_right) AS "wrongLinks",
          count(*) FILTER (list = 'review') AS "reviewRows", count(*) FILTER (list = 'review' AND is_right) AS "reviewRight" FROM judged`),
  }
}

/** DuckDB answers 64-bit counts as text. */
function numbers(row: Record<string, unknown>, texts: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, texts.includes(key) ? value : Number(value)]),
  )
}
