import { dayText, idText } from '../../engines/linkage/citizen-id-sql.ts'
import { cleanName } from '../../kernel/chinese-name.ts'
import { checkDigit } from '../../kernel/citizen-id.ts'
import { findDayInSheet } from '../../kernel/day-reading.ts'
import { findDayOf, type PlainDate } from '../../kernel/plain-date.ts'
import { schoolYearOf } from '../../kernel/school-year.ts'
import { cleanCode, cleanText } from '../../kernel/text.ts'
import { type Duck, literal, quoted } from '../../platform/sheets/index.ts'
import { PRESENCE_MARKS } from '../persons/index.ts'
import type { Guardian, RecordRow, RollFacts } from '../persons/server.ts'
import { FIELDS_OF } from './fields.ts'
import { type ImportKind, shapeOf } from './kinds.ts'
import { absentDaysOf, isSaidYes } from './presence.ts'
import { STATUS_GROUPS } from './statuses.ts'
import { tagsOf } from './tags.ts'

interface CheckedRows {
  readonly kind: ImportKind
  readonly asOf: PlainDate
  /** What `writeRows` left. */
  readonly parquet: string
}

/** What was derived, as text, in the order of `writeRows`. */
const DERIVED: Readonly<Record<string, string>> = {
  row: 'row',
  citizenId: idText('id17'),
  born: dayText('born'),
  sex_code: 'sex_code',
  other_code: 'other_code',
  unit_id: 'unit_id',
  school_id: 'school_id',
  grade_number: 'grade_number',
  class_number: 'class_number',
  status_group: 'status_group',
  refused: 'refused::INTEGER',
  needs_repair: 'needs_repair::INTEGER',
  aside: 'aside::INTEGER',
  id_key: 'id_key',
  name_key: 'name_key',
  student_key: 'student_key',
}
/** Cells that are not stored: what the derived columns say better, and what only a run asks for. */
const NOT_STORED =
  /^(?:citizenId|birthDay|sex|idType|schoolCode|schoolName|grade|district|township|village|policeStation|registeredDivision|cancelled|cancelReason|permit.*|arrivedOn)$/
/** Between the cells of a line; taken out of the cells. */
const BETWEEN = '\u001f'
/** Rows handed over at once: one statement of the store. */
const ROWS_A_CHUNK = 10_000

/**
 * [IMP-11] Checked rows as records, a chunk at a time; those that are refused with little more than their number. A row
 * comes as one text: taking thirty values a row out of DuckDB one by one costs ten times as much.
 */
export async function* readCheckedRows(duck: Duck, rows: CheckedRows): AsyncGenerator<readonly RecordRow[]> {
  const fields = FIELDS_OF[rows.kind].map(({ id }) => id).filter((id) => !NOT_STORED.test(id))
  const columns = [...Object.keys(DERIVED), ...fields]
  const at = Object.fromEntries(columns.map((column, index) => [column, index]))
  const cells = [...Object.values(DERIVED), ...fields.map((field) => `replace(${quoted(field)}, '${BETWEEN}', '')`)]
  const line = `concat_ws('${BETWEEN}', ${cells.map((cell) => `coalesce((${cell})::VARCHAR, '')`).join(', ')})`
  let chunk: RecordRow[] = []
  for await (const batch of duck.stream(`SELECT ${line} FROM read_parquet(${literal(rows.parquet)})`)) {
    for (const [value] of batch) {
      const text = String(value)
      const parts = (NEEDS_CLEANING.test(text) ? text.split(BETWEEN).map(cleanText) : text.split(BETWEEN)) as string[]
      const read = (column: string) => parts[at[column] ?? -1] || null
      chunk.push(recordOf(rows, read))
    }
    if (chunk.length < ROWS_A_CHUNK) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

/** Anything that `cleanText` might change; nearly no line has it. */
const NEEDS_CLEANING = /[^\u001f\u0021-\u007e\u00b7\u4e00-\u9fff\uff01-\uff5e\u3001\u3002]/u

/** Made by the check already; a row without a name has none and is refused. */
function keysOf(read: Read): RecordRow['keys'] {
  const [id, name, student] = [read('id_key'), read('name_key'), read('student_key')]
  if (name === null) return undefined
  return { id: keyOf(id), name: BigInt(name), student: keyOf(student) }
}

function keyOf(text: string | null): bigint | null {
  return text === null ? null : BigInt(text)
}

/** A cell as text; null where it is empty. */
type Read = (column: string) => string | null

function recordOf({ kind, asOf }: CheckedRows, read: Read): RecordRow {
  const citizenId = read('citizenId')
  const refused = read('refused') === '1'
  const phone = read('phone')
  const studentNo = read('studentNo')
  return {
    row: Number(read('row')),
    name: cleanName(read('name') ?? ''),
    formerName: read('formerName'),
    citizenId,
    otherId: citizenId === null ? read('other_code') : null,
    sex: sexOf(read('sex_code')),
    birth: read('born') as PlainDate | null,
    ethnicity: read('ethnicity'),
    studentNo: studentNo === null ? null : cleanCode(studentNo),
    phones: phone === null ? [] : [phone],
    address: read(kind === 'floating' ? 'livingAddress' : 'address'),
    guardians: guardiansOf(read),
    householdNo: read('householdNo'),
    unitId: shapeOf(kind) === 'place' ? numberOf(read('unit_id')) : null,
    ...(refused ? {} : schoolingOf(kind, asOf, read)),
    keys: keysOf(read),
    tags: allTagsOf(kind, read),
    needsRepair: read('needs_repair') === '1',
    refused,
    aside: read('aside') === '1',
  }
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text)
}

function guardiansOf(read: Read): RecordRow['guardians'] {
  const found: Guardian[] = []
  for (const place of PLACES) {
    const name = read(place.name)
    const citizenId = soundOf(read(place.citizenId))
    if (name === null && citizenId === null) continue
    const known = found.findIndex((other) => isOne(other, { name, citizenId }))
    if (known >= 0) found[known] = { ...found[known]!, citizenId: found[known]!.citizenId ?? citizenId }
    else found.push({ name, citizenId, phone: read(place.phone), relation: place.relation })
  }
  return found
}

/** One adult in two columns: the same number, or the same name where one of the two has no number. */
function isOne(one: Pick<Guardian, 'name' | 'citizenId'>, other: Pick<Guardian, 'name' | 'citizenId'>): boolean {
  if (one.citizenId !== null && other.citizenId !== null) return one.citizenId === other.citizenId
  return one.name === other.name
}

/**
 * Parents first; a head of household who is none of them is reached too. What the sheet calls 与户主关系 is the child's
 * relation to the head, not the other way round.
 */
const PLACES = [
  { name: 'guardian1Name', citizenId: 'guardian1CitizenId', phone: 'guardian1Phone', relation: null },
  { name: 'guardian2Name', citizenId: 'guardian2CitizenId', phone: 'guardian2Phone', relation: null },
  { name: 'headName', citizenId: 'headCitizenId', phone: '', relation: '户主' },
] as const

function soundOf(cell: string | null): string | null {
  if (cell === null) return null
  const code = cleanCode(cell)
  const isOld = code.length === 15
  const whole = isOld ? `${code.slice(0, 6)}19${code.slice(6)}` : code.slice(0, 17)
  if (!/^\d{17}$/.test(whole)) return null
  const check = checkDigit(whole)
  return isOld || (check === code[17] && code.length === 18) ? whole + check : null
}

function allTagsOf(kind: ImportKind, read: Read): readonly string[] {
  const tags = tagsOf(read, kind)
  if (kind !== 'aid') return tags
  const boarding = boardingOf(read)
  return boarding === null ? tags : [...tags, boarding ? 'poor-boarder' : 'poor-day-pupil']
}

function schoolingOf(kind: ImportKind, asOf: PlainDate, read: Read): Pick<RecordRow, 'roll' | 'presence'> {
  if (kind === 'roll') return { roll: rollOf(asOf, read) }
  if (kind !== 'attendance') return {}
  const said = PRESENCE_MARKS[Number(read('status_group') ?? 0)] ?? 'unclear'
  const mark = said === 'present' && isSaidYes(read('suspended')) ? 'leave' : said
  return {
    roll: {
      ...rollOf(asOf, read),
      statusGroup: mark === 'gone' || mark === 'lost' ? 'left' : 'in-school',
      status: read('presence'),
    },
    presence: { mark, absentDays: absentDaysOf(read('absentDays')) },
  }
}

function boardingOf(read: Read): boolean | null {
  const cell = read('boarding')
  return cell === null ? null : BOARDS.test(cell) ? true : DAYS.test(cell) ? false : null
}

function rollOf(asOf: PlainDate, read: Read): RollFacts {
  return {
    schoolId: numberOf(read('school_id')),
    schoolYear: schoolYearOf(asOf),
    grade: numberOf(read('grade_number')),
    className: read('class_number') ?? read('className'),
    statusGroup: STATUS_GROUPS[Number(read('status_group') ?? 0)] ?? 'in-school',
    status: read('status'),
    boarding: boardingOf(read),
    enrolledOn: enrolledOn(read('enrolledOn')),
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

function sexOf(code: string | null): 1 | 2 | null {
  return code === '1' ? 1 : code === '2' ? 2 : null
}
