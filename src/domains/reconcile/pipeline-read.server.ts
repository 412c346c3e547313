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
import { text } from '../../engines/linkage/dialect.ts'
import { parquet, type Session } from '../../engines/linkage/server/session.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { gradeOf, isCancelled, STATUS_GROUPS, statusGroupOf } from '../imports/index.ts'
import { isRoundedColumn } from '../imports/server.ts'

/**
 * The two sheets as narrow tables `p` (population) and `r` (roll): row, name, ID
 * as an integer, birthday, sex, faults. Wide columns stay in the Parquet files
 * and are read again for the rows that need them.
 */
export interface Sheets {
  readonly populationParquet: string
  readonly rollParquet: string
  readonly today: PlainDate
}

/** Bits of the column `faults`; what a row can suffer from and keep its place. */
export const FAULTS = [
  'reader',
  'precision',
  'noPerson',
  'check',
  'birth',
  'future',
  'masked',
  'other',
  'empty',
  'birthClash',
  'sexClash',
] as const
export type Fault = (typeof FAULTS)[number]

/** [RECON-6] With one of these a row cannot be a person. */
const FATAL: readonly Fault[] = ['reader', 'noPerson']
/** [RECON-7] The same where a spreadsheet rounded the whole column: it has to be exported again. */
const FATAL_ROUNDED: readonly Fault[] = [...FATAL, 'precision']

export async function readSheets(session: Session, sheets: Sheets): Promise<void> {
  await readMarks(session, sheets.populationParquet)
  await readPlaces(session, sheets.rollParquet)
  await readSide(session, {
    table: 'p',
    path: sheets.populationParquet,
    today: sheets.today,
    extra: 'coalesce(mark.is_cancelled, false)::UTINYINT AS rank, NULL::INTEGER AS place',
    from: `cells s LEFT JOIN mark ON mark.cancelled IS NOT DISTINCT FROM s.cancelled AND mark.reason IS NOT DISTINCT FROM s.cancelReason`,
    columns: 'cancelled, cancelReason',
    household: 'false',
  })
  await readSide(session, {
    table: 'r',
    path: sheets.rollParquet,
    today: sheets.today,
    extra: 'place.status_group AS rank, place.place',
    from: `cells s LEFT JOIN place ON place.school_code IS NOT DISTINCT FROM s.schoolCode AND place.school IS NOT DISTINCT FROM s.schoolName
      AND place.grade IS NOT DISTINCT FROM s.grade AND place.status IS NOT DISTINCT FROM s.status`,
    columns: 'schoolCode, schoolName, grade, status',
    // [RECON-6] A pupil without number and birthday can still be found by name and family.
    household: '(guardian1Name IS NOT NULL OR guardian1CitizenId IS NOT NULL)',
  })
}

/** Every pair of mark and reason that occurs, with what the rule says of it. */
async function readMarks(session: Session, path: string): Promise<void> {
  const rows = await session.rows(`SELECT DISTINCT cancelled, cancelReason FROM ${parquet(path)} ORDER BY ALL`)
  await session.run('CREATE TABLE mark (cancelled VARCHAR, reason VARCHAR, is_cancelled BOOLEAN)')
  const said = rows.map((row) => [cell(row['cancelled']), cell(row['cancelReason'])] as const)
  const cancelled = said.filter(([mark, reason]) => isCancelled(mark, reason))
  for (const [mark, reason] of cancelled) {
    await session.run(`INSERT INTO mark VALUES (${literalOrNull(mark)}, ${literalOrNull(reason)}, true)`)
  }
}

/**
 * School, grade and status of the roll as one dictionary: some ten thousand
 * combinations stand for millions of rows, and the lists join a number.
 */
async function readPlaces(session: Session, path: string): Promise<void> {
  await session.run(`CREATE TABLE place_cell AS SELECT row_number() OVER (ORDER BY school_code, school, grade, status)::INTEGER AS place, * FROM (
    SELECT DISTINCT schoolCode AS school_code, schoolName AS school, grade, status FROM ${parquet(path)})`)
  await session.run('CREATE TABLE status_group (status VARCHAR, status_group UTINYINT, is_known BOOLEAN)')
  const statuses = await session.rows('SELECT DISTINCT status FROM place_cell ORDER BY status')
  await session.append(
    'status_group',
    statuses.map((row) => {
      const { group, isKnown } = statusGroupOf(cell(row['status']))
      return [cell(row['status']), STATUS_GROUPS.indexOf(group), isKnown]
    }),
  )
  await session.run('CREATE TABLE grade_number (grade VARCHAR, grade_number UTINYINT)')
  const grades = await session.rows('SELECT DISTINCT grade FROM place_cell ORDER BY grade')
  await session.append(
    'grade_number',
    grades.map((row) => [cell(row['grade']), gradeOf(cell(row['grade']))]),
  )
  await session.run(`CREATE TABLE place AS SELECT c.*, s.status_group, s.is_known, g.grade_number FROM place_cell c
    LEFT JOIN status_group s ON s.status IS NOT DISTINCT FROM c.status
    LEFT JOIN grade_number g ON g.grade IS NOT DISTINCT FROM c.grade`)
}

interface Side {
  readonly table: 'p' | 'r'
  readonly path: string
  readonly today: PlainDate
  readonly extra: string
  readonly from: string
  readonly columns: string
  /** Whether a row tells of a family by which a person without number and birthday is known. */
  readonly household: string
}

async function readSide(session: Session, side: Side): Promise<void> {
  const isRounded = await isRoundedColumn(session, side.path)
  const today = Number(side.today.replaceAll('-', ''))
  const is = (...states: IdState[]) => `id_state IN (${states.map(idState).join(', ')})`
  const bit: Readonly<Record<Fault, string>> = {
    reader: 'fault IS NOT NULL',
    precision: is('precision'),
    noPerson: `NOT ${is('sound')} AND (name IS NULL OR (birth IS NULL AND NOT has_household))`,
    check: is('check'),
    birth: is('birth'),
    future: is('future'),
    masked: is('masked'),
    other: is('other'),
    empty: is('empty'),
    birthClash: `${is('sound')} AND cell_birth <> id_birth`,
    sexClash: `${is('sound')} AND cell_sex <> ${sexOf17('n')}`,
  }
  const faults = FAULTS.map((fault, index) => `CASE WHEN ${bit[fault]} THEN ${2 ** index} ELSE 0 END`).join(' + ')
  const fatal = (isRounded ? FATAL_ROUNDED : FATAL).map((fault) => `(${bit[fault]})`).join(' OR ')
  // A few thousand days stand for millions of cells; reading a cell costs a microsecond, joining it a tenth.
  await session.run(`CREATE TABLE ${side.table}_day AS SELECT cell, CASE WHEN ${isDay('day')} THEN day END AS day
    FROM (SELECT cell, ${dayOfCell('cell')} AS day FROM (SELECT DISTINCT birthDay AS cell FROM ${parquet(side.path)} WHERE birthDay IS NOT NULL))`)
  await session.run(`CREATE TABLE ${side.table} AS
    WITH cells AS (SELECT row::INTEGER AS row, fault, nullif(trim(name), '') AS name, ${cleanIdCell('citizenId')} AS code,
        sex, birthDay, ${side.household} AS has_household, ${side.columns} FROM ${parquet(side.path)}),
      numbers AS (SELECT s.row, s.fault, s.name, s.code, s.has_household, ${first17('s.code')} AS n, written.day AS cell_birth,
        ${sexOfCell('trim(s.sex)')} AS cell_sex, ${side.extra} FROM ${side.from}
        LEFT JOIN ${side.table}_day written ON written.cell = s.birthDay),
      days AS (SELECT *, ${birthOf17('n')} AS id_birth FROM numbers),
      judged AS (SELECT *, ${idStateOf({ code: 'code', n: 'n', birth: 'id_birth' }, today, String(isRounded))} AS id_state FROM days),
      born AS (SELECT *, CASE WHEN ${is('sound')} THEN id_birth ELSE coalesce(cell_birth, CASE WHEN ${is('check')} THEN id_birth END) END AS birth
        FROM judged)
    SELECT row, name, CASE WHEN ${is('sound')} THEN n END AS n, id_state::UTINYINT AS id_state, birth,
      (CASE WHEN ${is('sound')} THEN ${sexOf17('n')} ELSE cell_sex END)::UTINYINT AS sex,
      (${faults})::USMALLINT AS faults, coalesce(${fatal}, false) AS is_error, rank::UTINYINT AS rank, place
    FROM born`)
}

function cell(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function literalOrNull(value: string | null): string {
  return value === null ? 'NULL' : text(value)
}
