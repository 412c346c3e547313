import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor, Upload } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { type FormReading, readFormUpload } from '../../platform/sheets/index.ts'
import type { Asked } from './commands.ts'
import { COLUMNS } from './form-columns.server.ts'
import { formWords as words } from './form-words.ts'
import { foundRows, keepFound } from './found.server.ts'
import { listTasksById } from './list.store.server.ts'
import { keepReport, postClosing } from './report.server.ts'
import { findSheet, insertSheet, listSheets, type SheetFound, setCommitted } from './sheet.store.server.ts'
import { type CheckSheet, type FormColumnId, ROW_OUTCOMES, type SheetCounts } from './sheet-contract.ts'
import { decideRows, type RowVerdict } from './sheet-decide.server.ts'

type Reading = FormReading<FormColumnId>

/** A day is enough to look a sheet through, and short enough for what it holds. */
const KEEP_MS = 24 * 3600_000
/** A page shows what must be mended or looked at; who has more mends the first five hundred and asks again. */
const ROWS_SHOWN = 500
const SHEETS_LISTED = 20
/** Children named in one line of the audit. */
const MOST_TOLD = 20

/** [CHECK-10] The dry run: of the upload only its rows are kept, sealed, for a day; nothing is written of any child. */
export async function uploadForm(
  services: Services,
  { actor, audit }: Asked,
  upload: Upload,
  signal: AbortSignal,
): Promise<CheckSheet> {
  const { db, files, ids, clock } = services
  const reading = await readFormUpload(services, upload, COLUMNS, { signal })
  const staged = await files.stage(Readable.from([JSON.stringify(reading)]))
  try {
    return await db.inScope(actor.scope, async (tx) => {
      const file = await files.keep(tx, staged, {
        units: actor.unitPath,
        accountId: actor.accountId,
        purpose: 'check-sheet',
        name: words.rowsFile,
        mediaType: 'application/json',
        keepUntil: new Date(clock.now().getTime() + KEEP_MS),
      })
      const sheetId = ids.uuid()
      await insertSheet(tx, {
        sheetId,
        unitId: actor.unitId,
        units: actor.unitPath,
        createdBy: actor.accountId,
        createdAt: clock.now(),
        rowsFileId: file.fileId,
      })
      await audit.record(tx, { target: `check-sheet:${sheetId}` })
      return sheetView(await getSheet(tx, sheetId), await decideRows(tx, services, actor, reading))
    })
  } catch (error) {
    await files.discard(staged)
    throw error
  }
}

export async function listOwnSheets({ db }: Services, actor: Actor) {
  const sheets = await db.inScope(actor.scope, (tx) => listSheets(tx, SHEETS_LISTED))
  return { rows: sheets.map((sheet) => omitRows(sheetView(sheet))) }
}

/** Decided anew: what was closed or said elsewhere meanwhile is told. */
export async function readSheet(services: Services, actor: Actor, sheetId: string): Promise<CheckSheet> {
  const reading = await readingOf(services, actor, sheetId)
  return services.db.inScope(actor.scope, async (tx) => {
    const sheet = await getSheet(tx, sheetId)
    return sheetView(sheet, reading && (await decideRows(tx, services, actor, reading)))
  })
}

/**
 * [CHECK-10] Writes the good rows in one transaction; those to be mended come with the next sheet, in which what was said here is the
 * same. Decided in the scope of who uploads, written as the system; of two at once the second finds it written.
 */
export async function commitSheet(services: Services, { actor, audit }: Asked, sheetId: string): Promise<CheckSheet> {
  const { db, clock } = services
  const reading = await readingOf(services, actor, sheetId)
  const { sheet, verdicts } = await db.inScope(actor.scope, async (tx) => ({
    sheet: await getSheet(tx, sheetId),
    verdicts: reading && (await decideRows(tx, services, actor, reading)),
  }))
  if (sheet.committedAt !== null) return sheetView(sheet)
  if (verdicts === undefined) throw new Problem('CHECK.SHEET_GONE')
  return db.asSystem('checks.commit-sheet', async (tx) => {
    const locked = await findSheet(tx, sheetId, 'locked')
    if (locked === undefined || locked.committedAt !== null) return sheetView(locked ?? sheet)
    const met = await writeRows(tx, services, actor, verdicts)
    await setCommitted(tx, sheetId, countsOf(verdicts), clock.now())
    const children = met.slice(0, MOST_TOLD).map((id) => ` child:${id}`)
    await audit.record(tx, { target: `check-sheet:${sheetId}${children.join('')}` })
    return sheetView(await getSheet(tx, sheetId))
  })
}

/** Answers the known children that were met at a door: they are in sight of the uploader from now on. */
async function writeRows(
  tx: Tx,
  services: Services,
  actor: Actor,
  verdicts: readonly RowVerdict[],
): Promise<readonly number[]> {
  const found = await keepFound(tx, services, actor, foundRows(verdicts, services.clock.today()))
  const caseIds = verdicts.flatMap(({ task, row }) => task?.caseId ?? found.get(row)?.caseId ?? [])
  const tasks = new Map((await listTasksById(tx, caseIds)).map((task) => [task.caseId, task]))
  const closing = new Map<number, RowVerdict>()
  for (const verdict of verdicts) {
    const { outcome, draft, row } = verdict
    if (outcome === 'new' && found.get(row)?.isNew !== true) verdict.outcome = found.has(row) ? 'known' : 'same'
    if (draft === null || (outcome !== 'given' && outcome !== 'tried' && outcome !== 'new')) continue
    const task = tasks.get(verdict.task?.caseId ?? found.get(row)?.caseId ?? 0)
    // Closed between the reading and the writing.
    if (task === undefined) {
      if (outcome !== 'new') verdict.outcome = 'closed'
      continue
    }
    const kept = await keepReport(tx, services, { task, draft, actor, via: 'sheet' })
    if (kept.isSame && outcome !== 'new') verdict.outcome = 'same'
    if (kept.closing !== null) closing.set(kept.closing, verdict)
  }
  const closed = await postClosing(tx, services, [...closing.keys()], actor)
  if (closed === closing.size) for (const verdict of closing.values()) verdict.outcome = 'closes'
  return verdicts.flatMap(({ outcome, row }) => (outcome === 'known' ? (found.get(row)?.childId ?? []) : []))
}

async function getSheet(tx: Tx, sheetId: string): Promise<SheetFound> {
  const sheet = await findSheet(tx, sheetId)
  if (sheet === undefined) throw new Problem('REQUEST.NOT_FOUND')
  return sheet
}

/** The rows of a sheet that is not written yet. */
async function readingOf({ db, files }: Services, actor: Actor, sheetId: string): Promise<Reading | undefined> {
  const file = await db.inScope(actor.scope, async (tx) => {
    const { rowsFileId, committedAt } = await getSheet(tx, sheetId)
    return rowsFileId === null || committedAt !== null ? undefined : await files.get(tx, rowsFileId)
  })
  return file && ((await json(files.open(file))) as Reading)
}

function countsOf(verdicts: readonly RowVerdict[]): SheetCounts {
  const counted = ROW_OUTCOMES.map((outcome) => [outcome, verdicts.filter((row) => row.outcome === outcome).length])
  return { rows: verdicts.length, ...Object.fromEntries(counted) } as SheetCounts
}

function sheetView(sheet: SheetFound, verdicts?: readonly RowVerdict[]): CheckSheet {
  const worth = (verdicts ?? []).filter(({ outcome, note }) => outcome === 'refused' || note !== null)
  const order = (row: RowVerdict) => (row.outcome === 'refused' ? 0 : 1)
  return {
    sheetId: sheet.sheetId,
    createdAt: sheet.createdAt.toISOString(),
    committedAt: sheet.committedAt?.toISOString() ?? null,
    counts: sheet.counts ?? (verdicts === undefined ? null : countsOf(verdicts)),
    rows: worth
      .toSorted((a, b) => order(a) - order(b) || a.row - b.row)
      .slice(0, ROWS_SHOWN)
      .map(({ row, name, outcome, note, findings }) => ({
        row,
        name,
        outcome,
        note,
        findings: findings.map(({ column, reason }) => ({
          column,
          heading: column === null ? '' : words.headings[column],
          reason,
        })),
      })),
  }
}

function omitRows({ rows: _, ...line }: CheckSheet) {
  return line
}
