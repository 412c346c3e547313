import { type Cell, parquet, type Session } from '../../engines/linkage/server/session.ts'
import { findDocumentKind, fitsDocument } from '../../kernel/identity-document.ts'
import { PRESENCE_MARKS } from '../persons/index.ts'
import { columnOf, isState, type SheetToCheck } from './check-read.server.ts'
import { gradeOfRow, gradeText, readClass } from './class-reading.ts'
import { codeNumber, type FindingCode } from './findings.ts'
import type { Place, PlaceCells } from './places.ts'
import { presenceOf } from './presence.ts'
import { gradesOfSchool, type SchoolCells, type SchoolFound } from './schools.ts'
import { STATUS_GROUPS, statusGroupOf } from './statuses.ts'

/** What a dictionary entry suffers from: every row that has the entry has the finding. */
export type EntryFinding = readonly [entry: number, code: number, field: string | null, said: string | null]

/** Numbers of no citizen ID that fit the document they are said to be, or one that has a form of its own. */
export async function readOtherIds(session: Session, { kind, parquet: path, today }: SheetToCheck): Promise<void> {
  await session.run('CREATE TABLE other_id (row INTEGER)')
  const found: Cell[][] = []
  await session.chunks(
    `SELECT t.row, t.code, ${columnOf(kind, 'idType')} AS said FROM t JOIN ${parquet(path)} w ON w.row = t.row WHERE ${isState('other')}`,
    ([rows, codes, said]) => {
      for (const [index, row] of rows!.entries()) {
        const document = findDocumentKind(cell(said![index]) ?? '')
        const code = String(codes![index])
        const fits =
          document === undefined || document === 'citizen-id' || document === 'household-book'
            ? fitsDocument('hong-kong', code, today) || FOREIGN_RESIDENT.test(code)
            : fitsDocument(document, code, today)
        if (fits) found.push([Number(row)])
      }
    },
  )
  await session.append('other_id', found)
}

/** 外国人永久居留身份证 of before 2023; no damaged ID number has letters in front. */
const FOREIGN_RESIDENT = /^[A-Z]{3}\d{12}$/

/** Units of every place that occurs. */
export async function readPlaces(
  session: Session,
  find: (cells: PlaceCells) => Place,
  addressField: string,
): Promise<void> {
  await session.run('CREATE TABLE place (place INTEGER, unit_id INTEGER, answers_id INTEGER)')
  await session.run('CREATE TABLE place_finding (entry INTEGER, code UTINYINT, field VARCHAR, said VARCHAR)')
  const places: Cell[][] = []
  const findings: EntryFinding[] = []
  await session.chunks('SELECT place, district, township, village, head FROM place_cell ORDER BY place', (columns) => {
    for (let index = 0; index < columns[0]!.length; index++) {
      const [entry, district, township, village, head] = columns.map((column) => column[index])
      const cells = { district: cell(district), township: cell(township), village: cell(village), head: cell(head) }
      const found = find(cells)
      places.push([Number(entry), found.unitId, found.answersId])
      if (found.fault !== null)
        findings.push([
          Number(entry),
          codeNumber(found.fault),
          placeField(found.fault, cells, addressField),
          found.answersName,
        ])
    }
  })
  await session.append('place', places)
  await session.append('place_finding', findings)
}

function placeField(fault: FindingCode, cells: PlaceCells, addressField: string): string {
  if (fault === 'village-unknown') return 'village'
  if (fault === 'township-unknown') return 'township'
  if (cells.district !== null) return 'district'
  return cells.head === null && cells.township !== null ? 'township' : addressField
}

export interface SpotReader {
  findSchool(cells: SchoolCells): SchoolFound
  /** 办学类型 of a school by its unit. */
  typeOf(schoolId: number): string
  /** A list of a class: its status says who is there. */
  readonly isClassList: boolean
}

/** School, grade, class and status of every combination that occurs on a roll. */
export async function readSpots(session: Session, reader: SpotReader): Promise<void> {
  await session.run(
    'CREATE TABLE spot (spot INTEGER, school_id INTEGER, grade UTINYINT, class_number UTINYINT, status_group UTINYINT)',
  )
  await session.run('CREATE TABLE spot_finding (entry INTEGER, code UTINYINT, field VARCHAR, said VARCHAR)')
  const spots: Cell[][] = []
  const findings: EntryFinding[] = []
  await session.chunks(
    'SELECT spot, school_code, school_name, grade, class_name, status FROM spot_cell ORDER BY spot',
    (columns) => {
      for (let index = 0; index < columns[0]!.length; index++) {
        const [entry, ...cells] = columns.map((column) => column[index])
        const [code = null, name = null, grade = null, className = null, status = null] = cells.map(cell)
        const read = readSpot(reader, { code, name, grade, className, status })
        spots.push([Number(entry), ...read.values])
        findings.push(
          ...read.findings.map(([found, field, said]) => [Number(entry), codeNumber(found), field, said] as const),
        )
      }
    },
  )
  await session.append('spot', spots)
  await session.append('spot_finding', findings)
}

interface SpotCells {
  readonly code: string | null
  readonly name: string | null
  readonly grade: string | null
  readonly className: string | null
  readonly status: string | null
}

type SpotFinding = readonly [FindingCode, field: string, said: string | null]

function readSpot(reader: SpotReader, cells: SpotCells): { values: Cell[]; findings: SpotFinding[] } {
  const school = reader.findSchool({ code: cells.code, name: cells.name, district: null })
  const grade = gradeOfRow(cells.grade, cells.className)
  const schoolClass = readClass(cells.className, cells.grade)
  const findings: SpotFinding[] = []
  const schoolField = cells.code === null ? 'schoolName' : 'schoolCode'
  if (school.fault !== null) findings.push([school.fault, schoolField, school.said])
  if (school.hasOtherName) findings.push(['school-name-differs', 'schoolName', school.said])
  if (grade === null && (cells.grade ?? '').trim() !== '') findings.push(['grade-unread', 'grade', null])
  if (grade !== null && school.schoolId !== null) {
    const [first, last] = gradesOfSchool(reader.typeOf(school.schoolId))
    if (grade < first || grade > last)
      findings.push(['grade-not-here', cells.grade === null ? 'className' : 'grade', gradeText(grade)])
  }
  if (schoolClass.formerFor !== null) findings.push(['class-former', 'className', schoolClass.formerFor])
  const status = reader.isClassList ? presenceStatus(cells.status) : rollStatus(cells.status, grade)
  findings.push(...status.findings)
  return { values: [school.schoolId, grade, schoolClass.number, status.number], findings }
}

interface StatusRead {
  readonly number: number
  readonly findings: readonly SpotFinding[]
}

function rollStatus(cell: string | null, grade: number | null): StatusRead {
  const status = statusGroupOf(cell)
  const findings: SpotFinding[] = status.isKnown ? [] : [['status-unread', 'status', null]]
  if (FORBIDDEN.test(cell ?? '') && grade !== null && grade >= 1 && grade <= 9)
    findings.push(['status-forbidden', 'status', null])
  return { number: STATUS_GROUPS.indexOf(status.group), findings }
}

function presenceStatus(cell: string | null): StatusRead {
  const mark = presenceOf(cell)
  return {
    number: PRESENCE_MARKS.indexOf(mark),
    findings: mark === 'unclear' ? [['presence-unread', 'presence', null]] : [],
  }
}

/** 义务教育法 art. 27. */
const FORBIDDEN = /退学|开除|^(?:0?3|14)$/u

function cell(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
