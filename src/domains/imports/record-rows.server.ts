import type { DuckDBValue } from '@duckdb/node-api'
import { cleanName } from '../../kernel/chinese-name.ts'
import { checkDigit } from '../../kernel/citizen-id.ts'
import { findDayInSheet } from '../../kernel/day-reading.ts'
import { findDayOf, type PlainDate } from '../../kernel/plain-date.ts'
import { schoolYearOf } from '../../kernel/school-year.ts'
import { cleanCode, cleanText } from '../../kernel/text.ts'
import { type Duck, literal, quoted } from '../../platform/sheets/index.ts'
import type { RecordRow } from '../persons/server.ts'
import { FIELDS_OF } from './fields.ts'
import type { ImportKind } from './kinds.ts'
import { STATUS_GROUPS } from './statuses.ts'
import { tagsOf } from './tags.ts'

interface CheckedRows {
  readonly kind: ImportKind
  readonly asOf: PlainDate
  /** What `writeRows` left. */
  readonly parquet: string
}

const DERIVED = [
  'row',
  'id17',
  'born',
  'sex_code',
  'other_code',
  'unit_id',
  'school_id',
  'grade_number',
  'class_number',
  'status_group',
  'refused',
  'needs_repair',
  'id_key',
  'name_key',
  'student_key',
]
/** Rows handed over at once: one statement of the store. */
const ROWS_A_CHUNK = 10_000

/** A record with the keys that the check has made of it. */
export interface CheckedRow {
  readonly record: RecordRow
  readonly idKey: bigint | null
  readonly nameKey: bigint | null
  readonly studentKey: bigint | null
}

/** [IMP-11] Checked rows as records, a chunk at a time; those that are refused with little more than their number. */
export async function* readCheckedRows(duck: Duck, rows: CheckedRows): AsyncGenerator<readonly CheckedRow[]> {
  const columns = [...DERIVED, ...FIELDS_OF[rows.kind].map(({ id }) => id)]
  const at = new Map(columns.map((column, index) => [column, index]))
  let chunk: CheckedRow[] = []
  const select = `SELECT ${columns.map(quoted).join(', ')} FROM read_parquet(${literal(rows.parquet)}) ORDER BY row`
  for await (const batch of duck.stream(select)) {
    for (const line of batch) {
      const read: Read = (column) => line[at.get(column) ?? -1] ?? null
      chunk.push({
        record: recordOf(rows, read),
        idKey: key(read('id_key')),
        nameKey: key(read('name_key')),
        studentKey: key(read('student_key')),
      })
    }
    if (chunk.length < ROWS_A_CHUNK) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

function key(value: DuckDBValue): bigint | null {
  return typeof value === 'bigint' ? value : null
}

type Read = (column: string) => DuckDBValue

function recordOf({ kind, asOf }: CheckedRows, read: Read): RecordRow {
  const text = (column: string) => {
    const value = read(column)
    const clean = typeof value === 'string' ? cleanText(value) : ''
    return clean === '' ? null : clean
  }
  const number = (column: string) => (read(column) === null ? null : Number(read(column)))
  const id17 = read('id17') === null ? null : String(read('id17'))
  const refused = read('refused') === true
  return {
    row: Number(read('row')),
    name: cleanName(text('name') ?? ''),
    formerName: text('formerName'),
    citizenId: id17 === null ? null : id17 + checkDigit(id17),
    otherId: id17 === null ? text('other_code') : null,
    sex: sexOf(number('sex_code')),
    birth: dayOf(number('born')),
    ethnicity: text('ethnicity'),
    studentNo: text('studentNo') === null ? null : cleanCode(text('studentNo')!),
    phones: unique([text('phone')]),
    address: text(kind === 'floating' ? 'livingAddress' : 'address'),
    guardians: guardiansOf(text),
    householdNo: text('householdNo'),
    unitId: kind === 'roll' ? null : number('unit_id'),
    roll: kind === 'roll' && !refused ? rollOf(asOf, read, text, number) : undefined,
    tags: tagsOf(text),
    needsRepair: read('needs_repair') === true,
    refused,
  }
}

type ReadText = (column: string) => string | null

function guardiansOf(text: ReadText): RecordRow['guardians'] {
  const head = {
    name: text('headName'),
    citizenId: soundOf(text('headCitizenId')),
    phone: null,
    relation: text('relationToHead'),
  }
  const pair = (['guardian1', 'guardian2'] as const).map((place) => ({
    name: text(`${place}Name`),
    citizenId: soundOf(text(`${place}CitizenId`)),
    phone: text(`${place}Phone`),
    relation: null,
  }))
  const others = pair.filter(({ name, citizenId }) => name !== null || citizenId !== null)
  const isThere = others.some(({ name, citizenId }) => name === head.name && citizenId === head.citizenId)
  return isThere || (head.name === null && head.citizenId === null) ? others : [...others, head]
}

function soundOf(cell: string | null): string | null {
  const code = cleanCode(cell ?? '')
  const whole =
    code.length === 15 && /^\d{15}$/.test(code) ? `${code.slice(0, 6)}19${code.slice(6)}` : code.slice(0, 17)
  if (!/^\d{17}$/.test(whole)) return null
  return code.length === 15 || checkDigit(whole) === code[17] ? whole + checkDigit(whole) : null
}

function rollOf(
  asOf: PlainDate,
  read: Read,
  text: ReadText,
  number: (column: string) => number | null,
): RecordRow['roll'] {
  const classNumber = number('class_number')
  const boarding = text('boarding')
  return {
    schoolId: number('school_id'),
    schoolYear: schoolYearOf(asOf),
    grade: number('grade_number'),
    className: classNumber === null ? text('className') : String(classNumber),
    statusGroup: STATUS_GROUPS[Number(read('status_group') ?? 0)] ?? 'in-school',
    status: text('status'),
    boarding: boarding === null ? null : BOARDS.test(boarding) ? true : DAYS.test(boarding) ? false : null,
    enrolledOn: enrolledOn(text('enrolledOn')),
  }
}

/** 就读方式 of JY/T 1001: 1 走读, 2 住校, 3 借宿; 是否寄宿 says it by yes and no. */
const BOARDS = /^(?:0?2|住校|寄宿|住宿|是|y)/iu
const DAYS = /^(?:0?1|走读|否|不|n)/iu

/** A day, or the first day of a month as 入学年月 is written: 202309, 2023-09. */
function enrolledOn(cell: string | null): PlainDate | null {
  if (cell === null) return null
  const month = /^(\d{4})\D?(\d{1,2})\D?$/.exec(cell)
  return (month === null ? findDayInSheet(cell) : findDayOf(Number(month[1]), Number(month[2]), 1)) ?? null
}

function dayOf(ymd: number | null): PlainDate | null {
  if (ymd === null) return null
  return findDayOf(Math.floor(ymd / 10_000), Math.floor(ymd / 100) % 100, ymd % 100) ?? null
}

function sexOf(code: number | null): 1 | 2 | null {
  return code === 1 || code === 2 ? code : null
}

function unique(texts: readonly (string | null)[]): readonly string[] {
  return [...new Set(texts.filter((one) => one !== null))]
}
