import type { DuckDBConnection } from '@duckdb/node-api'
import { objects, openBenchDuck, text } from './duck.ts'

/**
 * Judges lists of population rows against the truth. A *person to find* is registered here, not cancelled, in nominal
 * grades 1 to 9, and has no entry on the given rolls that says 在读 or 休学: the two sheets cannot show where they are.
 * A person is found when any of their rows is listed; every other listed row is a false alarm. Over-age children whose
 * ended entry shows grade 9 unfinished are rightly listed and counted apart, since the baselines know nothing of them.
 */
export interface Score {
  readonly persons: number
  readonly toFind: number
  readonly listed: number
  readonly overAgeListed: number
  readonly found: number
  /** Not listed, but put before a person for review. */
  readonly inReview: number
  /** Truly out of school (never enrolled, dropped out), and how many of them are listed. */
  readonly outOfSchool: number
  readonly outFound: number
  readonly outInReview: number
}

/** What stands behind the rows of a list. */
export interface CauseLine {
  readonly cause: string
  /** Persons or rows with this cause of whom the list could have spoken. */
  readonly base: number
  readonly rows: number
}

export interface LinkScore {
  readonly links: number
  readonly wrongLinks: number
  readonly reviewRows: number
  readonly reviewRight: number
}

type Lists = Readonly<Record<string, { readonly parquet: string }>>

export interface Judge {
  score(listed: string, review?: string): Promise<Score>
  falseAlarmsByCause(listed: string): Promise<readonly CauseLine[]>
  /** Persons to find of whom no row is listed, by the list in which their own row stands instead. */
  missedByCause(lists: Lists): Promise<readonly CauseLine[]>
  /** Where the listed really are. */
  whereabouts(listed: string): Promise<readonly CauseLine[]>
  links(lists: Lists): Promise<LinkScore>
}

export const COPIES = "('second-registration', 'repeated-row')"

export const OVER_AGE = `(copy NOT IN ${COPIES} AND registered = 'here' AND grade > 9 AND obligation = 'open' AND entry = 'left')`

export async function openJudge(truth: string): Promise<Judge> {
  return judgeOn(await openTruth(truth))
}

/** The truth as tables: `truth` row by row, `own` with one row for each person of whom a list could speak. */
export async function openTruth(truth: string): Promise<DuckDBConnection> {
  const duck = await openBenchDuck()
  await duck.run(`CREATE TABLE truth AS SELECT
      try_cast(population_row AS INTEGER) AS population_row, try_cast(roll_row AS INTEGER) AS roll_row,
      CAST(person_id AS INTEGER) AS person_id, coalesce(copy, '') AS copy, registered, CAST(nominal_grade AS INTEGER) AS grade, obligation,
      whereabouts, coalesce(roll_entry, '') AS entry, coalesce(population_faults, '') AS population_faults, coalesce(roll_faults, '') AS roll_faults
    FROM read_csv(${text(truth)}, header = true, all_varchar = true)`)
  await duck.run(`CREATE TABLE on_roll AS SELECT person_id, string_agg(roll_faults, ' ') AS faults FROM truth
    WHERE entry IN ('active', 'paused') GROUP BY person_id`)
  await duck.run(`CREATE TABLE own AS SELECT truth.*, on_roll.person_id IS NULL AS is_absent,
      trim(population_faults || ' ' || coalesce(on_roll.faults, '')) AS all_faults
    FROM truth LEFT JOIN on_roll USING (person_id)
    WHERE population_row IS NOT NULL AND copy NOT IN ${COPIES} AND registered = 'here' AND grade BETWEEN 1 AND 9`)
  return duck
}

export function judgeOn(duck: DuckDBConnection): Judge {
  const one = async <T>(sql: string): Promise<T> =>
    numbers((await objects<Record<string, unknown>>(duck, sql))[0]!) as T
  const causes = async (sql: string): Promise<readonly CauseLine[]> =>
    (await objects<Record<string, unknown>>(duck, sql)).map((row) => numbers(row, 'cause') as unknown as CauseLine)
  return {
    score: (listed, review) => one<Score>(scoreSql(listed, review)),
    falseAlarmsByCause: (listed) => causes(falseAlarmsSql(listed)),
    missedByCause: (lists) => causes(missedSql(lists)),
    whereabouts: (listed) => causes(whereaboutsSql(listed)),
    links: (lists) => one<LinkScore>(linksSql(lists)),
  }
}

function scoreSql(listed: string, review: string | undefined): string {
  const inReview = review === undefined ? 'false' : `person_id IN ${personsOf(review)}`
  return `WITH judged AS (SELECT is_absent, person_id IN ${personsOf(listed)} AS is_listed, ${inReview} AS is_review,
      whereabouts IN ('never-enrolled', 'dropped-out') AND is_absent AS is_out FROM own)
    SELECT count(*) AS persons, count(*) FILTER (is_absent) AS "toFind", (SELECT count(*) FROM ${rowsOf(listed)} JOIN truth USING (population_row) WHERE NOT ${OVER_AGE}) AS listed,
      (SELECT count(*) FROM ${rowsOf(listed)} JOIN truth USING (population_row) WHERE ${OVER_AGE}) AS "overAgeListed",
      count(*) FILTER (is_absent AND is_listed) AS found, count(*) FILTER (is_absent AND NOT is_listed AND is_review) AS "inReview",
      count(*) FILTER (is_out) AS "outOfSchool", count(*) FILTER (is_out AND is_listed) AS "outFound",
      count(*) FILTER (is_out AND NOT is_listed AND is_review) AS "outInReview" FROM judged`
}

/** Rows about the wrong thing first (copies, cancelled, other ages), then the faults of the person's rows on both sheets. */
function falseAlarmsSql(listed: string): string {
  const kind = `CASE WHEN copy IN ${COPIES} THEN 'row: ' || copy WHEN registered <> 'here' THEN 'row: cancelled registration'
    WHEN grade NOT BETWEEN 1 AND 9 THEN 'row: other ages' END`
  return `WITH ranked AS (SELECT truth.*, own.all_faults, own.is_absent,
      row_number() OVER (PARTITION BY person_id ORDER BY truth.copy IN ${COPIES}, population_row) AS place,
      person_id IN (SELECT person_id FROM own WHERE is_absent) AS is_to_find
      FROM ${rowsOf(listed)} JOIN truth USING (population_row) LEFT JOIN own USING (population_row, person_id)),
    wrong AS (SELECT ${kind} AS kind, coalesce(all_faults, '') AS faults FROM ranked WHERE NOT (is_to_find AND place = 1) AND NOT ${OVER_AGE}),
    tagged AS (SELECT unnest(CASE WHEN kind IS NOT NULL THEN [kind] WHEN faults = '' THEN ['nothing planted']
      ELSE list_distinct(string_split(faults, ' ')) END) AS cause FROM wrong),
    base AS (SELECT unnest(list_distinct(string_split(CASE WHEN all_faults = '' THEN 'nothing planted' ELSE all_faults END, ' '))) AS cause
        FROM own WHERE NOT is_absent
      UNION ALL SELECT ${kind} FROM truth WHERE population_row IS NOT NULL AND ${kind} IS NOT NULL)
    SELECT cause, (SELECT count(*) FROM base WHERE base.cause = tagged.cause) AS base, count(*) AS rows
    FROM tagged WHERE cause <> '' GROUP BY cause ORDER BY rows DESC, cause`
}

function missedSql(lists: Lists): string {
  const placed = Object.entries(lists)
    .filter(([list]) => list !== 'roll-only')
    .map(
      ([list, { parquet }]) =>
        `SELECT population_row, roll_row, ${text(list)} AS list FROM read_parquet(${text(parquet)}) WHERE population_row IS NOT NULL`,
    )
  return `WITH placed AS (${placed.join(' UNION ALL ')}),
    missed AS (SELECT own.*, placed.list, other.person_id AS other_person, other.roll_faults AS other_faults
      FROM own LEFT JOIN placed USING (population_row) LEFT JOIN truth other ON other.roll_row = placed.roll_row
      WHERE own.is_absent AND own.person_id NOT IN ${personsOf(lists['not-found']!.parquet)}),
    told AS (SELECT coalesce(list, 'on no list') || CASE WHEN other_person IS NULL THEN '' WHEN other_person = person_id THEN ', own ended entry'
        ELSE ', another child''s entry: ' || CASE WHEN other_faults = '' THEN 'no fault' ELSE other_faults END END
        || CASE WHEN population_faults = '' THEN '' ELSE ', register: ' || population_faults END AS cause FROM missed)
    SELECT cause, (SELECT count(*) FROM own WHERE is_absent) AS base, count(*) AS rows FROM told GROUP BY cause ORDER BY rows DESC, cause`
}

function whereaboutsSql(listed: string): string {
  return `WITH named AS (SELECT CASE WHEN copy IN ${COPIES} THEN copy WHEN registered <> 'here' THEN 'cancelled registration'
      WHEN ${OVER_AGE} THEN 'over-age, unfinished' WHEN grade NOT BETWEEN 1 AND 9 THEN 'other ages' ELSE whereabouts END AS cause, population_row
      FROM truth WHERE population_row IS NOT NULL),
    total AS (SELECT cause, count(*) AS base FROM named GROUP BY cause)
    SELECT cause, any_value(base) AS base, count(*) AS rows FROM ${rowsOf(listed)} JOIN named USING (population_row) JOIN total USING (cause)
    GROUP BY cause ORDER BY rows DESC, cause`
}

function linksSql(lists: Lists): string {
  const pairs = ['linked', 'review'].map(
    (list) => `SELECT population_row, roll_row, ${text(list)} AS list FROM read_parquet(${text(lists[list]!.parquet)})`,
  )
  return `WITH judged AS (SELECT list, p.person_id = r.person_id AS is_right FROM (${pairs.join(' UNION ALL ')}) pairs
      JOIN truth p ON p.population_row = pairs.population_row JOIN truth r ON r.roll_row = pairs.roll_row)
    SELECT count(*) FILTER (list = 'linked') AS links, count(*) FILTER (list = 'linked' AND NOT is_right) AS "wrongLinks",
      count(*) FILTER (list = 'review') AS "reviewRows", count(*) FILTER (list = 'review' AND is_right) AS "reviewRight" FROM judged`
}

export function rowsOf(list: string): string {
  return `(SELECT population_row FROM read_parquet(${text(list)}) WHERE population_row IS NOT NULL)`
}

export function personsOf(list: string): string {
  return `(SELECT person_id FROM truth WHERE population_row IN ${rowsOf(list)})`
}

/** DuckDB answers 64-bit counts as text. */
export function numbers(row: Record<string, unknown>, textColumn?: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, key === textColumn ? value : Number(value)]),
  )
}
