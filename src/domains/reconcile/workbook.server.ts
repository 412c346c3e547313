import { chmod, mkdir, open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import {
  type Duck,
  literal,
  type OutCell,
  type OutSheet,
  openDuck,
  quoted,
  writeFileWhole,
  writeFolderWhole,
  writeXlsx,
} from '../../platform/sheets/index.ts'
import { balanceRows } from './balance-rows.ts'
import { LIST_NAMES, type ListName } from './contract.ts'
import type { ReconcileResult } from './pipeline.server.ts'
import { sliceWords } from './slice-words.ts'
import { workbookWords as words } from './workbook-words.ts'

export interface WorkbookOptions {
  /** Who took the result away, when and for what; on the balance page of what is downloaded in the browser. */
  readonly stamp?: string
  readonly signal?: AbortSignal
  /** For the spill of long lists; the folder of the result unless given. */
  readonly workDir?: string
  readonly memoryLimitMb?: number
  /** Rows a worksheet takes before its list goes on in the next one. */
  readonly rowsASheet?: number
}

/**
 * [SHEET-19] The result as a workbook (`.xlsx`) or as a folder of CSV files of the same names: balance first, then one
 * list each. Every row carries `population_row` and `roll_row`, the data rows of the two sheets, 1-based.
 */
export async function writeWorkbook(
  result: ReconcileResult,
  out: string,
  options: WorkbookOptions = {},
): Promise<void> {
  const path = resolve(out)
  await mkdir(dirname(path), { recursive: true })
  const workDir = options.workDir ?? dirname(Object.values(result.lists)[0]?.parquet ?? path)
  const duck = await openDuck({
    workDir,
    ...(options.memoryLimitMb === undefined ? {} : { memoryLimitMb: options.memoryLimitMb }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  try {
    if (isWorkbookPath(path))
      await writeFileWhole(path, (file) => writeXlsx(file, sheetsOf(duck, result, options.stamp), options.rowsASheet))
    else
      await writeFolderWhole(
        path,
        (name) => OUR_FILES.has(name),
        (folder) => writeCsvFiles(duck, result, folder, options.stamp),
      )
  } finally {
    duck.close()
  }
}

export function isWorkbookPath(path: string): boolean {
  return /\.xlsx$/i.test(path)
}

const BALANCE = 'balance'
const OUR_FILES = new Set([BALANCE, ...LIST_NAMES].map((name) => `${name}.csv`))

/** Columns of the lists behind the two row numbers; those that are always empty in a list are left out of it. */
const PERSON = [
  'class',
  'reason',
  'name',
  'roll_name',
  'sex',
  'birth_day',
  'roll_birth_day',
  'citizen_id',
  'roll_citizen_id',
] as const
const HOME = ['guardian', 'guardian_phone', 'address', 'township', 'village'] as const
const SCHOOL = ['school', 'school_code', 'grade', 'status'] as const
const JUDGED = ['nominal_grade', 'obligation'] as const

type Column = keyof typeof words.columns
type RowColumn = 'population_row' | 'roll_row'

const COLUMNS: Readonly<Record<ListName, readonly Column[]>> = {
  linked: [...PERSON, ...HOME, ...SCHOOL, ...JUDGED, 'score'],
  review: [...PERSON, ...HOME, ...SCHOOL, ...JUDGED, 'score'],
  duplicates: ['side', 'same_as_row', ...PERSON, ...HOME, ...SCHOOL, 'score'],
  'not-found': [...PERSON, ...HOME, ...SCHOOL, ...JUDGED],
  'roll-only': [
    'class',
    'reason',
    'roll_name',
    'sex',
    'roll_birth_day',
    'roll_citizen_id',
    'guardian',
    'guardian_phone',
    'address',
    ...SCHOOL,
    'nominal_grade',
  ],
  outside: [...PERSON, ...HOME, ...SCHOOL, ...JUDGED],
  errors: ['side', ...PERSON, ...HOME, ...SCHOOL],
}

const WIDTHS: Readonly<Partial<Record<Column | RowColumn, number>>> = {
  population_row: 14,
  roll_row: 10,
  class: 14,
  reason: 40,
  sex: 6,
  birth_day: 12,
  roll_birth_day: 14,
  citizen_id: 22,
  roll_citizen_id: 22,
  guardian_phone: 16,
  address: 40,
  township: 16,
  village: 16,
  school: 28,
  school_code: 14,
  nominal_grade: 16,
}
const WIDTH = 12
const BALANCE_WIDTHS = { part: 36, line: 40, count: 12, note: 44 }

function columnsOf(list: ListName): readonly (Column | RowColumn)[] {
  return ['population_row', 'roll_row', ...COLUMNS[list]]
}

function headingOf(column: Column | RowColumn): string {
  return column === 'population_row' || column === 'roll_row' ? column : words.columns[column]
}

function sheetsOf(duck: Duck, { summary, lists }: ReconcileResult, stamp: string | undefined): readonly OutSheet[] {
  const heads = words.balance.columns
  const balance: OutSheet = {
    name: BALANCE,
    isList: false,
    columns: (['part', 'line', 'count', 'note'] as const).map((id) => ({
      heading: heads[id],
      width: BALANCE_WIDTHS[id],
    })),
    rows: oneBatch(balanceRows(summary, stamp)),
  }
  const sheets = LIST_NAMES.map(
    (list): OutSheet => ({
      name: list,
      isList: true,
      columns: columnsOf(list).map((column) => ({ heading: headingOf(column), width: WIDTHS[column] ?? WIDTH })),
      rows: duck.stream(selectList(list, lists[list].parquet, columnsOf(list).map(shown))) as AsyncGenerator<
        readonly (readonly OutCell[])[]
      >,
    }),
  )
  return [balance, ...sheets]
}

async function* oneBatch(rows: readonly (readonly OutCell[])[]): AsyncGenerator<readonly (readonly OutCell[])[]> {
  yield rows
}

/** In the order of the file, which is that of `seq`. */
function selectList(list: ListName, path: string, cells: readonly string[]): string {
  const select = cells.map((cell, index) => `${cell} AS ${quoted(headingOf(columnsOf(list)[index]!))}`)
  return `SELECT ${select.join(', ')} FROM read_parquet(${literal(path)})`
}

/** Codes in the clerk's words. */
function shown(column: Column | RowColumn): string {
  if (column === 'class') return wordsFor(column, sliceWords.classes)
  if (column === 'obligation') return wordsFor(column, words.obligation)
  if (column === 'side') return wordsFor(column, words.side)
  return column === 'score' ? 'round(score, 3)' : column
}

function wordsFor(column: string, said: Readonly<Record<string, string>>): string {
  const cases = Object.entries(said).map(([code, word]) => `WHEN ${literal(code)} THEN ${literal(word)}`)
  return `CASE ${column} ${cases.join(' ')} ELSE ${column} END`
}

const NUMBERS: ReadonlySet<string> = new Set(['population_row', 'roll_row', 'nominal_grade', 'score', 'same_as_row'])
/** Spreadsheets on Chinese Windows take UTF-8 for GBK without it. */
const MARK = '\ufeff'

async function writeCsvFiles(
  duck: Duck,
  { summary, lists }: ReconcileResult,
  folder: string,
  stamp: string | undefined,
): Promise<void> {
  for (const list of LIST_NAMES) {
    const columns = columnsOf(list)
    const cells = columns.map((column) => (NUMBERS.has(column) ? shown(column) : guarded(shown(column))))
    const select = selectList(list, lists[list].parquet, cells).replace(
      '"population_row"',
      quoted(`${MARK}population_row`),
    )
    const path = join(folder, `${list}.csv`)
    await duck.run(
      `COPY (${select}) TO ${literal(path)} (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"')`,
    )
    await chmod(path, 0o600)
  }
  const heads = Object.values(words.balance.columns)
  const lines = [heads, ...balanceRows(summary, stamp)].map((row) => row.map(csvCell).join(','))
  const file = await open(join(folder, `${BALANCE}.csv`), 'wx', 0o600)
  try {
    await file.writeFile(`${MARK}${lines.join('\n')}\n`)
  } finally {
    await file.close()
  }
}

/** Full-width ones too: spreadsheets on Chinese systems take them. */
const FORMULA_STARTS = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']

/** [SHEET-20] A text that a spreadsheet would take for a formula gets an apostrophe in front; CSV has no other way to say text. */
function guarded(cell: string): string {
  return `CASE WHEN left(${cell}, 1) IN (${FORMULA_STARTS.map(literal).join(', ')}) THEN '''' || ${cell} ELSE ${cell} END`
}

function csvCell(cell: OutCell | undefined): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return String(cell)
  const said = typeof cell === 'string' ? cell : cell.text
  const text = FORMULA_STARTS.includes(said.charAt(0)) ? `'${said}` : said
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
