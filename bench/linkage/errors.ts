import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { objects, sheet, text } from '../reconcile/duck.ts'
import { COPIES, OVER_AGE, openTruth, personsOf, rowsOf } from '../reconcile/score.ts'
import { printLine, printTable } from '../table.ts'
import { DEVELOPMENT_SEED, type Options } from './options.ts'
import type { OurLists } from './ours.ts'
import { preparedCity } from './prepared.ts'
import { dropDir, freshDir, runCompare } from './programs.ts'

/** One kind of error: what the row is, where its true partner went, what agrees between the two, what was planted. */
interface ErrorLine {
  readonly what: string
  readonly partner: string
  readonly agrees: string
  readonly planted: string
  readonly rows: number
}

interface ErrorTable {
  readonly falseAlarms: readonly ErrorLine[]
  readonly missed: readonly ErrorLine[]
  readonly wrongLinks: readonly ErrorLine[]
}

interface Sheets {
  readonly population: string
  readonly roll: string
}

/** What was missed and falsely flagged, by cause. Whoever has read this of a seed may not call it fresh again. */
export async function printErrors(options: Options): Promise<void> {
  for (const seed of options.seeds) {
    const { sheets, prepared } = await preparedCity(options, seed, options.scale)
    const dir = freshDir(join(options.root, `errors-${process.pid}`))
    const { lists } = (await runCompare(prepared, dir, options)).answer
    const duck = await openTruth(sheets.truth)
    const files = { population: sheets.populationParquet, roll: sheets.rollParquet }
    const errors = await readErrors(duck, lists, files)
    printLine(
      `\n## Errors by cause: scale ${options.scale}, corruption ${options.corruption}, seed ${seed}, nobody elsewhere`,
    )
    if (seed !== DEVELOPMENT_SEED) printLine(`Seed ${seed} is no longer fresh: its errors stand below.`)
    printTable(
      'By planted cause (a row with two faults counts under both)',
      ['cause', 'falsely flagged', 'missed', 'wrongly linked'],
      causeRows(errors),
    )
    for (const [title, lines] of [
      ['Falsely flagged', errors.falseAlarms],
      ['Missed', errors.missed],
      ['Wrongly linked', errors.wrongLinks],
    ] as const)
      printTable(
        `${title}, row by row of a kind`,
        ['what', 'its true entry, or whose it was given', 'what agrees', 'planted', 'rows'],
        lines.map(({ what, partner, agrees, planted, rows }) => [what, partner, agrees, planted, rows]),
      )
    duck.closeSync()
    dropDir(dir)
  }
}

function causeRows(errors: ErrorTable): readonly (readonly (string | number)[])[] {
  const columns = [errors.falseAlarms, errors.missed, errors.wrongLinks].map(byCause)
  const causes = [...new Set(columns.flatMap((column) => [...column.keys()]))]
  const sum = (cause: string) => columns.reduce((all, column) => all + (column.get(cause) ?? 0), 0)
  return causes
    .toSorted((a, b) => sum(b) - sum(a) || a.localeCompare(b))
    .map((cause) => [cause, ...columns.map((column) => column.get(cause) ?? 0)])
}

async function readErrors(duck: DuckDBConnection, lists: OurLists, sheets: Sheets): Promise<ErrorTable> {
  await createPlaces(duck, lists)
  await createCells(duck, sheets)
  const lines = async (sql: string) =>
    (await objects<Record<string, unknown>>(duck, sql)).map(
      (row) => ({ ...row, rows: Number(row['rows']) }) as ErrorLine,
    )
  return {
    falseAlarms: await lines(falseAlarmsSql(lists['not-found'].parquet)),
    missed: await lines(missedSql(lists['not-found'].parquet)),
    wrongLinks: await lines(wrongLinksSql(lists.linked.parquet)),
  }
}

/** Which list each row of either sheet stands in, and beside which row. */
async function createPlaces(duck: DuckDBConnection, lists: OurLists): Promise<void> {
  const all = Object.entries(lists).map(
    ([list, { parquet }]) =>
      `SELECT ${text(list)} AS list, population_row, roll_row FROM read_parquet(${text(parquet)})`,
  )
  await duck.run(`CREATE OR REPLACE TABLE place AS ${all.join(' UNION ALL ')}`)
}

/** What the two sheets say of a row, as written but for its dress, so that a pair can be looked at cell by cell. */
async function createCells(duck: DuckDBConnection, { population, roll }: Sheets): Promise<void> {
  const bare = (cell: string) => `nullif(regexp_replace(upper(coalesce(${cell}, '')), '[^0-9X]', '', 'g'), '')`
  const name = (cell: string) =>
    `nullif(regexp_replace(coalesce(${cell}, ''), '[\\s\\x{200b}\\x{feff}\\x{200e}\\x{3000}\\x{a0}]', '', 'g'), '')`
  const day = (cell: string) => `strftime(CASE
    WHEN regexp_full_match(${cell}, '\\d{5}') THEN DATE '1899-12-30' + CAST(${cell} AS INTEGER)
    ELSE try_strptime(${cell}, ['%Y%m%d', '%Y-%m-%d', '%Y.%m.%d', '%Y/%m/%d', '%Y年%m月%d日']) END, '%Y-%m-%d')`
  await duck.run(`CREATE OR REPLACE TABLE pcell AS SELECT row AS population_row, ${bare('公民身份号码')} AS id, ${name('姓名')} AS name, ${day('出生日期')} AS birth, 性别 AS sex,
    [${['监护人一证号', '监护人二证号', '户主身份证号'].map(bare).join(', ')}] AS ids, [${['监护人一姓名', '监护人二姓名', '户主姓名'].map(name).join(', ')}] AS names,
    [${bare('联系电话')}] AS phones, 户籍地址 AS address FROM ${sheet(population)}`)
  await duck.run(`CREATE OR REPLACE TABLE rcell AS SELECT row AS roll_row, ${bare('身份证件号')} AS id, ${name('姓名')} AS name, ${day('出生日期')} AS birth, 性别 AS sex,
    [${['成员1身份证件号', '成员2身份证件号'].map(bare).join(', ')}] AS ids, [${['成员1姓名', '成员2姓名'].map(name).join(', ')}] AS names,
    [${['成员1联系电话', '联系电话'].map(bare).join(', ')}] AS phones, 现住址 AS address FROM ${sheet(roll)}`)
}

/** `id = name ≠ birth = ...` of two joined cells `p` and `r`. */
const AGREES = `concat_ws(' ',
  'id' || CASE WHEN p.id IS NULL OR r.id IS NULL THEN '?' WHEN p.id = r.id THEN '=' WHEN strlen(p.id) = 18 AND strlen(r.id) = 18 AND damerau_levenshtein(p.id, r.id) <= 2 THEN '~' ELSE '≠' END,
  'name' || CASE WHEN p.name = r.name THEN '=' WHEN left(p.name, 1) = left(r.name, 1) THEN '(surname)' WHEN substr(p.name, 2) = substr(r.name, 2) THEN '(given)' ELSE '≠' END,
  'birth' || CASE WHEN p.birth IS NULL OR r.birth IS NULL THEN '?' WHEN p.birth = r.birth THEN '=' WHEN damerau_levenshtein(p.birth, r.birth) <= 2 THEN '~' ELSE '≠' END,
  CASE WHEN list_has_any(list_filter(p.ids, x -> x IS NOT NULL), r.ids) THEN 'guardian-id' WHEN list_has_any(list_filter(p.names, x -> x IS NOT NULL), r.names) THEN 'guardian-name' END,
  CASE WHEN list_has_any(list_filter(p.phones, x -> x IS NOT NULL), r.phones) THEN 'phone' END,
  CASE WHEN p.address = r.address THEN 'address' END)`

/** Every listed row of somebody who is on a roll, and every second row of one who is not. */
function falseAlarmsSql(listed: string): string {
  return `WITH ranked AS (SELECT truth.*, row_number() OVER (PARTITION BY person_id ORDER BY truth.copy IN ${COPIES}, population_row) AS nth,
      person_id IN (SELECT person_id FROM own WHERE is_absent) AS is_to_find FROM ${rowsOf(listed)} JOIN truth USING (population_row)),
    wrong AS (SELECT * FROM ranked WHERE NOT (is_to_find AND nth = 1) AND NOT ${OVER_AGE}),
    entry AS (SELECT person_id, min(roll_row) AS roll_row, string_agg(roll_faults, ' ') AS roll_faults FROM truth WHERE entry IN ('active', 'paused') GROUP BY person_id),
    taken AS (SELECT place.roll_row, any_value(place.list) AS list, any_value(other.person_id) AS person_id FROM place LEFT JOIN truth other ON other.population_row = place.population_row
      WHERE place.roll_row IS NOT NULL GROUP BY place.roll_row),
    told AS (SELECT CASE WHEN copy IN ${COPIES} THEN copy WHEN registered <> 'here' THEN 'cancelled registration' WHEN grade NOT BETWEEN 1 AND 9 THEN 'other age' ELSE 'own row' END AS what,
        CASE WHEN entry.roll_row IS NULL THEN 'has none' WHEN taken.list IS NULL THEN 'on no list' WHEN taken.person_id IS NULL THEN taken.list
          WHEN taken.person_id = wrong.person_id THEN taken.list || ' with own other row' ELSE taken.list || ' with another child' END AS partner,
        CASE WHEN entry.roll_row IS NULL THEN '' ELSE ${AGREES} END AS agrees,
        array_to_string(list_sort(list_distinct(list_filter(string_split(wrong.population_faults || ' ' || coalesce(entry.roll_faults, ''), ' '), x -> x <> ''))), ' ') AS planted
      FROM wrong LEFT JOIN entry USING (person_id) LEFT JOIN taken ON taken.roll_row = entry.roll_row
        LEFT JOIN pcell p ON p.population_row = wrong.population_row LEFT JOIN rcell r ON r.roll_row = entry.roll_row)
    SELECT what, partner, agrees, planted, count(*) AS rows FROM told GROUP BY ALL ORDER BY rows DESC, what, partner, agrees, planted`
}

/** Persons on no roll of whom no row is listed: where their own row stands, and whose entry it was given. */
function missedSql(listed: string): string {
  return `WITH told AS (SELECT 'missed, ' || own.whereabouts AS what,
      coalesce(place.list, 'on no list') || CASE WHEN other.person_id IS NULL THEN '' WHEN other.person_id = own.person_id THEN ' with own ended entry' ELSE ' with another child' END AS partner,
      CASE WHEN place.roll_row IS NULL THEN '' ELSE ${AGREES} END AS agrees,
      trim(own.population_faults || ' ' || coalesce(other.roll_faults, '')) AS planted
    FROM own LEFT JOIN place USING (population_row) LEFT JOIN truth other ON other.roll_row = place.roll_row
      LEFT JOIN pcell p ON p.population_row = own.population_row LEFT JOIN rcell r ON r.roll_row = place.roll_row
    WHERE own.is_absent AND own.person_id NOT IN ${personsOf(listed)})
    SELECT what, partner, agrees, planted, count(*) AS rows FROM told GROUP BY ALL ORDER BY rows DESC, what, partner, agrees, planted`
}

function wrongLinksSql(linked: string): string {
  return `WITH told AS (SELECT 'wrong link' AS what, CASE WHEN a.household = b.household THEN 'same address' ELSE 'elsewhere' END AS partner, ${AGREES} AS agrees,
      trim(a.population_faults || ' ' || b.roll_faults) AS planted
    FROM read_parquet(${text(linked)}) l JOIN (SELECT truth.*, address AS household FROM truth JOIN pcell USING (population_row)) a ON a.population_row = l.population_row
      JOIN (SELECT truth.*, address AS household FROM truth JOIN rcell USING (roll_row)) b ON b.roll_row = l.roll_row
      JOIN pcell p ON p.population_row = l.population_row JOIN rcell r ON r.roll_row = l.roll_row
    WHERE a.person_id <> b.person_id)
    SELECT what, partner, agrees, planted, count(*) AS rows FROM told GROUP BY ALL ORDER BY rows DESC, what, partner, agrees, planted`
}

/** The same lines with the planted faults taken apart: how many rows each cause stands behind. */
function byCause(lines: readonly ErrorLine[]): ReadonlyMap<string, number> {
  const rows = new Map<string, number>()
  for (const line of lines) {
    const isCopy = line.what === 'second-registration' || line.what === 'repeated-row'
    for (const cause of isCopy ? [line.what] : line.planted.split(' ')) {
      const told = cause === '' ? 'nothing planted' : cause
      rows.set(told, (rows.get(told) ?? 0) + line.rows)
    }
  }
  return rows
}
