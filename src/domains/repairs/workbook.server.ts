import { type OutCell, type OutSheet, writeFileWhole, writeXlsx } from '../../platform/sheets/index.ts'
import type { Identity } from '../persons/index.ts'
import type { RepairField, Side } from './kinds.ts'
import { repairWords } from './words.ts'

/** One change as it is asked for, whole: a workbook that leaves the house. */
export interface Change {
  readonly repairId: number
  readonly field: RepairField
  readonly before: string | null
  readonly after: string | null
  readonly evidence: string
  /** As the register that has to be mended has the child now. */
  readonly identity: Pick<Identity, 'name' | 'citizenId' | 'otherId' | 'studentNo'>
  readonly school: string | null
  readonly place: string | null
  readonly grade: number | null
  readonly className: string | null
}

export interface ListBook {
  readonly mends: Side
  readonly changes: readonly Change[]
  /** Who took it away, when and for what. */
  readonly notes: readonly (readonly [keyof typeof words.noteLines, string])[]
}

const words = repairWords.list
type Column = keyof typeof words.columns

/** Order of the columns: who is meant, what is asked, where to find the child. */
const ASKED = ['name', 'document', 'number', 'field', 'before', 'after', 'evidence'] as const
const COLUMNS: Readonly<Record<Side, readonly Column[]>> = {
  roll: ['studentNo', ...ASKED, 'school', 'grade', 'className', 'row'],
  register: ['registeredId', ...ASKED, 'place', 'school', 'row'],
}
const WIDTHS: Partial<Readonly<Record<Column, number>>> = {
  studentNo: 22,
  registeredId: 22,
  number: 22,
  before: 22,
  after: 22,
  evidence: 30,
  school: 28,
  place: 20,
}
const WIDTH = 12
const ROWS_A_TURN = 1_000

/** [REP-12] A row a change, in the layout of the registry's change import, then what the sheet is. */
export async function writeChangeList(out: string, book: ListBook): Promise<void> {
  const list: OutSheet = {
    name: words.sheet,
    isList: true,
    columns: COLUMNS[book.mends].map((column) => ({ heading: words.columns[column], width: WIDTHS[column] ?? WIDTH })),
    rows: rowsOf(book),
  }
  const notes: OutSheet = {
    name: words.notes,
    isList: false,
    columns: [
      { heading: words.about, width: 12 },
      { heading: words.said, width: 90 },
    ],
    rows: oneBatch([
      ...book.notes.map(([about, said]) => [words.noteLines[about], said]),
      [words.noteLines.columns, words.noteLines.columnsNote],
      [words.noteLines.closing, words.noteLines.closingNote],
    ]),
  }
  await writeFileWhole(out, (file) => writeXlsx(file, [list, notes]))
}

async function* oneBatch(rows: readonly (readonly OutCell[])[]): AsyncGenerator<readonly (readonly OutCell[])[]> {
  yield rows
}

async function* rowsOf({ mends, changes }: ListBook): AsyncGenerator<readonly (readonly OutCell[])[]> {
  for (let from = 0; from < changes.length; from += ROWS_A_TURN) {
    yield changes.slice(from, from + ROWS_A_TURN).map((change) => rowOf(mends, change))
  }
}

function rowOf(mends: Side, change: Change): readonly OutCell[] {
  const { identity, field } = change
  const number = identity.citizenId ?? identity.otherId
  const cells: Readonly<Record<Column, OutCell>> = {
    studentNo: identity.studentNo,
    registeredId: number,
    name: identity.name,
    document: documentOf(number),
    number,
    field: repairWords.fields[field],
    before: written(field, change.before),
    after: written(field, change.after),
    evidence: change.evidence,
    school: change.school,
    place: change.place,
    grade: change.grade,
    className: change.className,
    row: change.repairId,
  }
  return COLUMNS[mends].map((column) => cells[column])
}

/** A number that only misses its check character is of an ID card all the same. */
const LIKE_CITIZEN_ID = /^\d{13,19}[\dX]?$/

function documentOf(number: string | null): string {
  if (number === null) return words.noDocument
  return LIKE_CITIZEN_ID.test(number) ? words.idCard : words.otherDocument
}

/** [REP-12] In words of the registers: a sex by its word, everything else as it is. */
function written(field: RepairField, value: string | null): string | null {
  return field === 'sex' && (value === '1' || value === '2') ? repairWords.sexes[value] : value
}
