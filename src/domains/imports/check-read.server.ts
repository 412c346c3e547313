import {
  birthOf17,
  cleanIdCell,
  dayOfCell,
  first17,
  type IdState,
  idState,
  idStateOf,
  isDay,
  sexOf17,
  sexOfCell,
} from '../../engines/linkage/citizen-id-sql.ts'
import { cleanCode, name as quoted } from '../../engines/linkage/dialect.ts'
import { type Cell, parquet, type Session } from '../../engines/linkage/server/session.ts'
import { foldName } from '../../kernel/chinese-name.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import { FIELDS_OF } from './fields.ts'
import { type ImportKind, shapeOf } from './kinds.ts'
import { unreadablePlace } from './name-reading.ts'
import { eachPage } from './pages.server.ts'
import { isRoundedColumn } from './rounded.server.ts'

export interface SheetToCheck {
  readonly kind: ImportKind
  /** Ingested: one text column a field of the kind, `row`, `fault`. */
  readonly parquet: string
  readonly today: PlainDate
  /** [IMP-3] Of the extract: schools and permits are judged on it. */
  readonly asOf: PlainDate
  /** Added to a data row it gives the sheet's own row number. */
  readonly headerRow: number
}

/** A field's column, NULL where this kind of sheet has no such field. */
export function columnOf(kind: ImportKind, field: string): string {
  return FIELDS_OF[kind].some(({ id }) => id === field) ? quoted(field) : 'NULL::VARCHAR'
}

export function isState(...states: IdState[]): string {
  return `id_state IN (${states.map(idState).join(', ')})`
}

/** A student number as the kernel reads it: a letter and eighteen characters. */
export const STUDENT_SHAPE = "'[GJL]\\d{17}[\\dX]'"

/**
 * Builds the narrow table `t`, one line a row: ID as its first seventeen digits with its state, birthday and sex as read
 * and as the ID says, and the numbers of the row's place (`place`) and roll entry (`spot`) in dictionaries that
 * `readPlaces` and `readSpots` fill. The wide cells stay in the Parquet file.
 */
export async function readRows(
  session: Session,
  sheet: SheetToCheck,
  keys: ChildKeys,
): Promise<{ readonly isRounded: boolean }> {
  const { kind, today } = sheet
  const source = parquet(sheet.parquet)
  const isRounded = await isRoundedColumn(session, sheet.parquet)
  const col = (field: string) => columnOf(kind, field)
  await session.run(`CREATE TABLE written_day AS SELECT cell, CASE WHEN ${isDay('day')} THEN day END AS day
    FROM (SELECT cell, ${dayOfCell('cell')} AS day FROM (SELECT DISTINCT birthDay AS cell FROM ${source} WHERE birthDay IS NOT NULL))`)
  await readCombinations(session, kind, source)
  await readNames(session, source, keys)
  const all = FIELDS_OF[kind].map(({ id }) => quoted(id)).join(', ')
  const todayNumber = Number(today.replaceAll('-', ''))
  await session.run(`CREATE TABLE t AS
    WITH cells AS (SELECT row::INTEGER AS row, fault, name, ${cleanIdCell('citizenId')} AS code,
        ${cleanCode(`trim(sex)`)} AS sex_cell, birthDay, nullif(${cleanCode(col('studentNo'))}, '') AS student,
        hash(${all}) AS content, ${placeColumns(kind)}, ${spotColumns(kind)} FROM ${source}),
      numbers AS (SELECT s.row, s.fault, m.name_id, m.name_key, m.bad, s.code, s.student, s.content, s.sex_cell, ${first17('s.code')} AS n,
        s.birthDay IS NOT NULL AND trim(s.birthDay) <> '' AS has_birth, d.day AS cell_birth,
        ${sexOfCell('s.sex_cell')} AS cell_sex, p.place, r.spot
        FROM cells s LEFT JOIN written_day d ON d.cell = s.birthDay LEFT JOIN read_name m ON m.name = s.name
        LEFT JOIN place_cell p ON ${joined('p', 's', PLACE_CELLS)} LEFT JOIN spot_cell r ON ${joined('r', 's', SPOT_CELLS)}),
      days AS (SELECT *, ${birthOf17('n')} AS id_birth FROM numbers),
      judged AS (SELECT *, (${idStateOf({ code: 'code', n: 'n', birth: 'id_birth' }, todayNumber, String(isRounded))})::UTINYINT AS id_state FROM days)
    SELECT row, fault, name_id, name_key, bad, code, student, content, n, id_state, id_birth, has_birth, cell_birth, cell_sex,
      sex_cell IS NOT NULL AND sex_cell <> '' AS has_sex, place, spot,
      CASE WHEN ${isState('sound')} THEN id_birth ELSE coalesce(cell_birth, CASE WHEN ${isState('check')} THEN id_birth END) END AS birth,
      (CASE WHEN ${isState('sound')} THEN ${sexOf17('n')} ELSE cell_sex END)::UTINYINT AS sex,
      coalesce(regexp_full_match(student, ${STUDENT_SHAPE}), false) AS has_student
    FROM judged ORDER BY row`)
  return { isRounded }
}

/** Distinct names with their folded form, its key and the first character that cannot be read. */
async function readNames(session: Session, source: string, keys: ChildKeys): Promise<void> {
  await session.run('CREATE TABLE read_name (name_id INTEGER, name VARCHAR, name_key BIGINT, bad UTINYINT)')
  await session.run(`CREATE TABLE name_list AS SELECT row_number() OVER ()::INTEGER AS name_id, name
    FROM (SELECT DISTINCT name FROM ${source} WHERE nullif(trim(name, ${SPACES}), '') IS NOT NULL)`)
  await eachPage(session, { table: 'name_list', place: 'name_id', columns: 'name_id, name' }, async ([ids, names]) => {
    const rows = names!.map((value, index): Cell[] => {
      const name = String(value)
      const folded = foldName(name)
      return [Number(ids![index]), name, keys.indexKey('person.name', folded), unreadablePlace(name)]
    })
    await session.append('read_name', rows)
  })
  await session.run('DROP TABLE name_list')
}

const SPACES = "' \t\r\n\u00a0\u3000'"
const PLACE_CELLS = ['district', 'township', 'village', 'head']
const SPOT_CELLS = ['school_code', 'school_name', 'grade', 'class_name', 'status']

function joined(left: string, right: string, columns: readonly string[]): string {
  return columns.map((column) => `${left}.${column} IS NOT DISTINCT FROM ${right}.${column}`).join(' AND ')
}

/** The beginning of the address up to the first digit: where district, township and village stand in it. */
function placeColumns(kind: ImportKind): string {
  if (shapeOf(kind) !== 'place') return PLACE_CELLS.map((cell) => `NULL::VARCHAR AS ${cell}`).join(', ')
  const address = columnOf(kind, kind === 'floating' ? 'livingAddress' : 'address')
  const isTold = `${columnOf(kind, 'district')} IS NOT NULL AND ${columnOf(kind, 'township')} IS NOT NULL`
  const head = `left(regexp_extract(${address}, '^[^0-9０-９]*'), ${HEAD_CHARACTERS})`
  return `${columnOf(kind, 'district')} AS district, ${columnOf(kind, 'township')} AS township,
    ${columnOf(kind, 'village')} AS village, CASE WHEN NOT (${isTold}) THEN nullif(${head}, '') END AS head`
}

/** 重庆市石柱土家族自治县 and the longest names of a township and a village behind it. */
const HEAD_CHARACTERS = 28

function spotColumns(kind: ImportKind): string {
  if (shapeOf(kind) !== 'school') return SPOT_CELLS.map((cell) => `NULL::VARCHAR AS ${cell}`).join(', ')
  const status = kind === 'attendance' ? 'presence' : 'status'
  return `schoolCode AS school_code, schoolName AS school_name, grade, className AS class_name, ${status} AS status`
}

async function readCombinations(session: Session, kind: ImportKind, source: string): Promise<void> {
  for (const [table, key, columns, cells] of [
    ['place_cell', 'place', placeColumns(kind), PLACE_CELLS],
    ['spot_cell', 'spot', spotColumns(kind), SPOT_CELLS],
  ] as const) {
    const list = cells.join(', ')
    await session.run(`CREATE TABLE ${table} AS SELECT row_number() OVER (ORDER BY ${list})::INTEGER AS ${key}, * FROM (
      SELECT DISTINCT ${list} FROM (SELECT ${columns} FROM ${source}))`)
  }
}
