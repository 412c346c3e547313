import { access, constants, mkdtemp, realpath, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { FIELDS_OF } from '../domains/imports/index.ts'
import { LIST_NAMES, type RunProgress, type SheetRole } from '../domains/reconcile/contract.ts'
import { compareSheets, inspectRoleSheet, type SheetToCompare } from '../domains/reconcile/sheets.server.ts'
import { isWorkbookPath, writeWorkbook } from '../domains/reconcile/workbook.server.ts'
import type { PlainDate } from '../kernel/plain-date.ts'
import { Problem } from '../kernel/problem.ts'
import { chooseColumns, type SheetLayout } from '../platform/sheets/index.ts'
import { commandWords as words } from './command-words.ts'
import { describeResult } from './result-lines.ts'

export interface ReconcileOptions {
  readonly population: string
  readonly roll: string
  readonly schoolYear: number
  /** Undefined: by the number of rows. */
  readonly out: string | undefined
  readonly today: PlainDate
  readonly memoryMb: number | undefined
  /** The caller's folder; relative paths start here. */
  readonly cwd: string
}

/** What the command says while it works: notices line by line, progress as often as it likes. */
export interface CommandVoice {
  notice(line: string): void
  progress(progress: RunProgress): void
}

/** Wrong use of the command, as opposed to trouble with a sheet. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Above this a list no longer fits one worksheet. */
const MOST_WORKBOOK_ROWS = 1_000_000
/** What is left is writing the result. */
const COMPARING_SHARE = 0.93
const STANDARD_WORKBOOK = 'baoxue-result.xlsx'
const STANDARD_FOLDER = 'baoxue-result'

/** [CLI-4] The comparison without server and database: two sheets in, a workbook or a folder of the same rows out. Answers the lines to print. */
export async function reconcileCommand(
  options: ReconcileOptions,
  voice: CommandVoice,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const startedAt = performance.now()
  const population = resolve(options.cwd, options.population)
  const roll = resolve(options.cwd, options.roll)
  const candidates = options.out === undefined ? [STANDARD_WORKBOOK, STANDARD_FOLDER] : [options.out]
  for (const out of candidates) await checkOut(resolve(options.cwd, out), out, [population, roll])
  const workDir = await mkdtemp(join(tmpdir(), 'baoxue-'))
  try {
    const recognise = async (role: SheetRole, path: string) => {
      const sheet = await recogniseSheet(role, path, workDir, signal)
      for (const line of describeSheet(role, sheet)) voice.notice(line)
      return sheet
    }
    const result = await compareSheets({
      population: await recognise('population', population),
      roll: await recognise('roll', roll),
      schoolYear: options.schoolYear,
      today: options.today,
      workDir,
      ...(options.memoryMb === undefined ? {} : { memoryLimitMb: options.memoryMb }),
      signal,
      onProgress: (progress) => voice.progress({ ...progress, percent: progress.percent * COMPARING_SHARE }),
    })
    const { populationRows, rollRows } = result.summary
    const isLarge = Math.max(populationRows, rollRows) > MOST_WORKBOOK_ROWS
    const out = resolve(options.cwd, options.out ?? (isLarge ? STANDARD_FOLDER : STANDARD_WORKBOOK))
    voice.progress({
      percent: 100 * COMPARING_SHARE,
      stage: words.writing,
      rowsPerSecond: null,
      remainingSeconds: null,
    })
    await writeWorkbook(result, out, { workDir, signal })
    return describeResult(result.summary, out, (performance.now() - startedAt) / 1000)
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

async function recogniseSheet(
  role: SheetRole,
  path: string,
  workDir: string,
  signal: AbortSignal,
): Promise<SheetToCompare> {
  const fileName = basename(path)
  const layout = await inspectRoleSheet({ role, path, fileName, workDir, countRows: false, signal })
  return { path, fileName, layout, columns: chooseColumns(layout, FIELDS_OF[role], fileName) }
}

function describeSheet(role: SheetRole, { fileName, layout }: SheetToCompare): readonly string[] {
  const lines = [words.recognised(words.role[role], fileName, factsOf(layout))]
  return layout.otherWorksheets.length === 0 ? lines : [...lines, words.otherWorksheets(layout.otherWorksheets)]
}

function factsOf(layout: SheetLayout): readonly string[] {
  return [
    layout.format.toUpperCase(),
    ...(layout.encoding === null ? [] : [layout.encoding.toUpperCase()]),
    ...(layout.worksheet === null ? [] : [words.worksheet(layout.worksheet)]),
    ...(layout.headerRow === 0 ? [] : [words.headerRow(layout.headerRow)]),
    words.columns(layout.columns.filter(({ field }) => field !== null).length, layout.columns.length),
  ]
}

/** [CLI-2] The result never lands on an input, on a folder of the same name, or under a name that promises another kind of file. */
async function checkOut(path: string, said: string, inputs: readonly string[]): Promise<void> {
  const isWorkbook = isWorkbookPath(path)
  if (!isWorkbook && /\.(csv|tsv|txt|xls|xlsm|xlsb|ods|parquet|zip)$/i.test(path))
    throw new UsageError(words.wrongOut(said))
  const found = await stat(path).catch(() => undefined)
  if (isWorkbook && found?.isDirectory() === true) throw new UsageError(words.outIsFolder(said))
  if (!isWorkbook && found !== undefined && !found.isDirectory()) throw new UsageError(words.outIsFile(said))
  if (!(await isWritable(dirname(path)))) throw new UsageError(words.noWrite(said))
  const targets = isWorkbook ? [path] : ['balance', ...LIST_NAMES].map((name) => join(path, `${name}.csv`))
  const places = await Promise.all(targets.map(placeOf))
  for (const input of inputs) {
    if (places.includes(await placeOf(input))) throw new UsageError(words.outIsInput(basename(input)))
  }
}

/** Told before the work and not after it. Folders that are not there yet will be made in the first one that is. */
async function isWritable(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined)
  if (found === undefined) return dirname(folder) !== folder && isWritable(dirname(folder))
  const mayWrite = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
  return found.isDirectory() && mayWrite
}

async function placeOf(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}

/** What a signal from the terminal aborts with. */
export function cancelled(): Problem {
  return new Problem('RUN.CANCELLED')
}
