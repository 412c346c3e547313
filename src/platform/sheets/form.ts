/**
 * Forms that go out as a workbook and come back filled in: columns as data, and what a cell of each kind may hold. No words of
 * what a form is about; who reads one gives them with the columns.
 */
import { findDayInSheet } from '../../kernel/day-reading.ts'
import { cleanText, halfWidth } from '../../kernel/text.ts'
import type { SheetField } from './types.ts'
import { sheetWords } from './words.ts'
import type { OutCell, OutSheet } from './xlsx-writer.ts'

const words = sheetWords.form

export interface FormChoice {
  readonly code: string
  /** What the clerk picks, behind the code; may be the code itself. */
  readonly label: string
}

/** A column as data: it crosses to a child process. */
export interface FormColumn<Id extends string = string> {
  readonly id: Id
  readonly heading: string
  /** In characters. */
  readonly width: number
  /** `text` unless given. */
  readonly kind?: 'text' | 'day' | 'choice'
  readonly choices?: readonly FormChoice[]
  /** A sheet without this column is no such form. */
  readonly isRequired?: boolean
  readonly aliases?: readonly string[]
  /** 200 unless given. */
  readonly mostCharacters?: number
}

export interface FormRow<Id extends string = string> {
  /** As the spreadsheet prints it in front. */
  readonly row: number
  /** Cleaned; a day as `YYYY-MM-DD`, a choice as its code; '' where the cell is empty, absent or was found faulty. */
  readonly cells: Readonly<Record<Id, string>>
}

export interface FormFinding<Id extends string = string> {
  readonly row: number
  /** Null: the row as a whole. */
  readonly column: Id | null
  /** What is wrong and what to write, without the place. */
  readonly reason: string
}

export interface FormReading<Id extends string = string> {
  readonly rows: readonly FormRow<Id>[]
  readonly findings: readonly FormFinding<Id>[]
  /** Columns that the sheet does not have: their cells are not empty, they are unsaid. */
  readonly absent: readonly Id[]
}

const MOST_CHARACTERS = 200

/** [FORM-1] What the cells of one row mean, and what does not mean anything. A faulty cell does not spoil its neighbours. */
export function readFormRow<Id extends string>(
  columns: readonly FormColumn<Id>[],
  row: number,
  given: Readonly<Record<string, string>>,
): { readonly row: FormRow<Id>; readonly findings: readonly FormFinding<Id>[] } {
  const findings: FormFinding<Id>[] = []
  const cells = Object.fromEntries(
    columns.map((column) => {
      const read = readCell(column, cleanText(given[column.id] ?? ''))
      if ('reason' in read) findings.push({ row, column: column.id, reason: read.reason })
      return [column.id, 'reason' in read ? '' : read.value]
    }),
  ) as Record<Id, string>
  return { row: { row, cells }, findings }
}

type CellRead = { readonly value: string } | { readonly reason: string }

function readCell(column: FormColumn, text: string): CellRead {
  if (text === '') return { value: '' }
  if (column.kind === 'day') return readDay(text)
  if (column.kind === 'choice') return readChoice(column.choices ?? [], text)
  const most = column.mostCharacters ?? MOST_CHARACTERS
  return [...text].length > most ? { reason: words.tooLong(most) } : { value: text }
}

function readDay(text: string): CellRead {
  const day = findDayInSheet(text)
  return day === undefined ? { reason: words.day } : { value: day }
}

/** [FORM-2] By its code, by its label, or by both as the drop-down prints them; wide letters, spaces and case do not matter. */
function readChoice(choices: readonly FormChoice[], text: string): CellRead {
  const asked = foldChoice(text)
  const found = choices.filter(({ code, label }) =>
    [code, label, printChoice({ code, label })].some((form) => foldChoice(form) === asked),
  )
  if (found.length === 1) return { value: found[0]!.code }
  return { reason: words.choice(choices.map(printChoice).join('、')) }
}

function foldChoice(text: string): string {
  return halfWidth(text)
    .replace(/[\s·.、:-]/g, '')
    .toUpperCase()
}

/** As it stands in a drop-down. */
export function printChoice({ code, label }: FormChoice): string {
  return code === label ? label : `${code} ${label}`
}

/** What a column is recognised by when the form comes back. */
export function fieldsOfForm(columns: readonly FormColumn[]): readonly SheetField[] {
  return columns.map(({ id, heading, kind, isRequired = false, aliases = [] }) => ({
    id,
    label: heading,
    isRequired,
    kind: kind === 'day' ? 'day' : 'text',
    aliases,
  }))
}

/** A worksheet of a form: what is known stands in it, choices are drop-downs, empty lines below are for additions. */
export function formSheet<Id extends string>(
  name: string,
  columns: readonly FormColumn<Id>[],
  rows: readonly Readonly<Partial<Record<Id, OutCell>>>[],
): OutSheet {
  const lines = rows.map((row) => columns.map(({ id }) => row[id] ?? ''))
  return {
    name,
    isList: true,
    columns: columns.map(({ heading, width, kind, choices }) => ({
      heading,
      width,
      ...(kind === 'choice' && choices !== undefined ? { choices: choices.map(printChoice) } : {}),
    })),
    rows: oneBatch(lines),
  }
}

/** Worksheet rows that are at hand. */
export async function* oneBatch(
  rows: readonly (readonly OutCell[])[],
): AsyncGenerator<readonly (readonly OutCell[])[]> {
  if (rows.length > 0) yield rows
}
