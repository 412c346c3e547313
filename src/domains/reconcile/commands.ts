import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { valueOn } from '../../engines/policy/index.ts'
import type { RunId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { decideLoggedReason } from '../../kernel/reason.ts'
import { ChildCrash } from '../../platform/child.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { SealedFile, StagedFile } from '../../platform/files.ts'
import type { Actor, AuditPen, Download, Upload } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { type ColumnChoice, chooseColumns, type SheetLayout } from '../../platform/sheets/index.ts'
import { doubledColumns, FIELDS_OF, letterOf } from '../imports/index.ts'
import { findPersons, listUnitsById } from '../registry/server.ts'
import { listUndoneBatches } from './books.store.server.ts'
import { workInChild } from './child-task.server.ts'
import type { ListName, Run, RunLine, SheetInspection, SheetRole } from './contract.ts'
import { inspectionOf } from './inspection.server.ts'
import { findListRow, type ListPage, type ListQuery, type RevealedRow, readListPage } from './lists.store.server.ts'
import { rawExtractDays } from './policy.ts'
import { MAX_SHEET_BYTES, refuseSameSheet } from './run-rules.ts'
import { inputsOf, isOpen, lineOf, runOf, SHEET_NAME_SEAL } from './run-view.server.ts'
import { sliceWords as words } from './slice-words.ts'
import {
  endRun,
  findPreviousRun,
  findRun,
  findSheet,
  insertSheet,
  insertTrial,
  listLists,
  listRuns,
  nextRunNumber,
  type RunFound,
  type SheetFound,
} from './store.ts'

/** Names of the jobs that work on a run; the job has the run's id. */
export const RUN_JOB = 'reconcile.run'
export const BOOKS_JOB = 'reconcile.books'

/** On whose behalf, and the audit line of the request. */
export interface Asked {
  readonly actor: Actor
  readonly audit: AuditPen
  readonly signal?: AbortSignal
}

/** [RUN-1] Seals the sheet as it arrives and recognises it. A sheet that cannot be read leaves nothing behind. */
export async function uploadSheet(
  services: Services,
  { actor, audit, signal }: Asked,
  { role, upload }: { readonly role: SheetRole; readonly upload: Upload },
): Promise<SheetInspection> {
  const { files, ids, keys, clock, db } = services
  const staged = await files.stage(upload.content, { limitBytes: MAX_SHEET_BYTES })
  try {
    const layout = await recognise(services, staged, { role, fileName: upload.fileName, signal })
    const sheetId = ids.uuid()
    await db.inScope(actor.scope, async (tx) => {
      const file = await files.keep(tx, staged, {
        units: actor.unitPath,
        accountId: actor.accountId,
        purpose: 'sheet',
        name: upload.fileName,
        mediaType: 'application/octet-stream',
        keepUntil: rawKeepUntil(services),
      })
      await insertSheet(tx, {
        sheet_id: sheetId,
        file_id: file.fileId,
        role,
        name_sealed: keys.seal(upload.fileName, SHEET_NAME_SEAL),
        fingerprint: staged.fingerprint,
        layout: { ...layout, columns: layout.columns.map(({ samples: _, ...column }) => column) },
        unit_id: actor.unitId,
        units: [...actor.unitPath],
        created_by: actor.accountId,
        created_at: clock.now(),
      })
      await audit.record(tx, { target: `sheet:${sheetId}` })
    })
    return inspectionOf({ sheetId, role, fileName: upload.fileName, staged, layout })
  } catch (error) {
    await files.discard(staged)
    throw error
  }
}

async function recognise(
  { files, workFolders, log }: Services,
  staged: StagedFile,
  {
    role,
    fileName,
    signal,
  }: { readonly role: SheetRole; readonly fileName: string; readonly signal: AbortSignal | undefined },
): Promise<SheetLayout> {
  const folder = await workFolders.open(staged.bytes * 2)
  try {
    const path = join(folder.path, 'sheet')
    await pipeline(files.openStaged(staged), createWriteStream(path, { mode: 0o600 }))
    const task = { kind: 'inspect', role, path, fileName, workDir: folder.path } as const
    return (await workInChild(task, signal === undefined ? {} : { signal })).layout
  } catch (error) {
    if (!(error instanceof ChildCrash)) throw error
    log.error('reconcile.child-crashed', { task: 'inspect', where: error.message })
    throw new Problem('FILE.UNREADABLE', { file: fileName }, { where: error.message })
  } finally {
    await folder.remove()
  }
}

export interface RunOrder {
  readonly populationSheetId: string
  readonly rollSheetId: string
  readonly schoolYear: number
  readonly populationColumns?: ColumnChoice | undefined
  readonly rollColumns?: ColumnChoice | undefined
}

/** [RUN-2] Queues a run over two sheets that the actor can see. */
export async function createRun(services: Services, { actor, audit }: Asked, order: RunOrder): Promise<Run> {
  const { db, jobs, ids, clock } = services
  const id = ids.uuid() as RunId
  await db.inScope(actor.scope, async (tx) => {
    const population = await getSheet(tx, order.populationSheetId, 'population')
    const roll = await getSheet(tx, order.rollSheetId, 'roll')
    refuseSameSheet(population, roll)
    await insertTrial(tx, {
      run_id: id,
      unit_id: actor.unitId,
      number: await nextRunNumber(tx, actor.unitId),
      school_year: order.schoolYear,
      population_sheet_id: population.sheet_id,
      roll_sheet_id: roll.sheet_id,
      population_columns: columnsOf(services, population, order.populationColumns),
      roll_columns: columnsOf(services, roll, order.rollColumns),
      units: [...actor.unitPath],
      created_by: actor.accountId,
      created_at: clock.now(),
    })
    await jobs.send(tx, RUN_JOB, { scope: actor.scope, units: actor.unitPath, payload: { runId: id }, jobId: id })
    await audit.record(tx, { target: `run:${id}` })
  })
  return readRun(services, actor, id)
}

export async function readRun(services: Services, actor: Actor, id: RunId): Promise<Run> {
  return services.db.inScope(actor.scope, async (tx) => {
    const run = await getRun(tx, id)
    const [line] = await linesOf(services, tx, [run])
    const before = await findPreviousRun(tx, run)
    const isOwn = run.unit_id === actor.unitId
    return runOf(
      line!,
      run,
      {
        mayCancel: isOwn && actor.permissions.has('run.create'),
        mayExport: actor.permissions.has('run.export'),
      },
      {
        before,
        inputs: run.inputs === null ? null : await inputsOf(tx, run.inputs),
        isReversed:
          (
            await listUndoneBatches(
              tx,
              (run.inputs ?? []).map(({ batchId }) => batchId),
            )
          ).length > 0,
      },
    )
  })
}

export async function listRunLines(
  services: Services,
  actor: Actor,
  page: { readonly page: number; readonly size: number },
): Promise<{ total: number; page: number; size: number; rows: RunLine[] }> {
  return services.db.inScope(actor.scope, async (tx) => {
    const { total, rows } = await listRuns(tx, page)
    return { total, ...page, rows: await linesOf(services, tx, rows) }
  })
}

/** [RUN-3] Only the unit that started a run cancels it; the units above see it. */
export async function cancelRun(services: Services, { actor, audit }: Asked, id: RunId): Promise<Run> {
  await services.db.inScope(actor.scope, async (tx) => {
    const run = await getRun(tx, id)
    if (run.unit_id !== actor.unitId) throw new Problem('REQUEST.NOT_FOUND')
    if (isOpen(run.state) && run.posting?.state === 'posting') throw new Problem('RUN.POSTING')
    // Job before run, as its worker locks them.
    await services.jobs.cancel(tx, id)
    if (!(await endRun(tx, id, { state: 'cancelled' }, services.clock.now()))) throw new Problem('RUN.NOT_RUNNING')
    await audit.record(tx, { target: `run:${id}` })
  })
  return readRun(services, actor, id)
}

/** [RUN-11] One masked page of a list. */
export async function readList(
  services: Services,
  actor: Actor,
  id: RunId,
  list: ListName,
  query: ListQuery,
): Promise<ListPage> {
  const file = await services.db.inScope(actor.scope, (tx) => getListFile(services, tx, id, list))
  return withOpened(services, file, (path) => readListPage(path, query))
}

/** [RUN-4] Shows one row's numbers, for a reason that is kept with the name of who asked. */
export async function revealRow(
  services: Services,
  { actor, audit }: Asked,
  row: { readonly runId: RunId; readonly list: ListName; readonly seq: number; readonly reason: string },
): Promise<RevealedRow> {
  const reason = decideLoggedReason(row.reason, 'RUN.REASON_NEEDED')
  const file = await services.db.inScope(actor.scope, (tx) => getListFile(services, tx, row.runId, row.list))
  const found = await withOpened(services, file, (path) => findListRow(path, row.seq))
  if (found === undefined) throw new Problem('REQUEST.NOT_FOUND')
  audit.note({ kind: 'reveal', target: `run:${row.runId}/${row.list}/${row.seq}`, reason })
  return found
}

/** [RUN-5] The workbook with full numbers, for a purpose; who took it, when and for what stands on its first sheet. */
export async function downloadWorkbook(
  services: Services,
  { actor, audit, signal }: Asked,
  wanted: { readonly runId: RunId; readonly reason: string },
): Promise<Download> {
  const reason = decideLoggedReason(wanted.reason, 'RUN.REASON_NEEDED')
  const { run, line, lists, person } = await services.db.inScope(actor.scope, async (tx) => {
    const run = await getDoneRun(tx, wanted.runId)
    const [line] = await linesOf(services, tx, [run])
    const found = await listLists(tx, wanted.runId)
    const lists = []
    for (const row of found) lists.push({ ...row, file: await services.files.get(tx, row.file_id) })
    const person = (await findPersons(tx, [actor.accountId])).get(actor.accountId) ?? actor.login
    return { run, line: line!, lists, person }
  })
  const bytes = lists.reduce((sum, { file }) => sum + file.bytes, 0)
  const folder = await services.workFolders.open(bytes * 6)
  try {
    const opened: [ListName, { parquet: string; count: number }][] = []
    for (const { list, file, row_count } of lists) {
      opened.push([
        list,
        { parquet: await services.files.materialise(file, folder, `${list}.parquet`), count: row_count },
      ])
    }
    const out = join(folder.path, 'result.xlsx')
    await workInChild(
      {
        kind: 'workbook',
        result: {
          summary: run.summary!,
          lists: Object.fromEntries(opened) as Record<ListName, { parquet: string; count: number }>,
        },
        out,
        stamp: words.stamp(line.unit.name, person, stampTime(services), reason),
      },
      signal === undefined ? {} : { signal },
    )
    audit.note({ kind: 'export', target: `run:${wanted.runId}`, reason })
    const content = createReadStream(out)
    content.once('close', () => void folder.remove())
    return {
      fileName: words.workbookName(line.unit.name, run.number),
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      content,
    }
  } catch (error) {
    await folder.remove()
    if (!(error instanceof ChildCrash)) throw error
    services.log.error('reconcile.child-crashed', { runId: wanted.runId, task: 'workbook', where: error.message })
    throw new Problem('JOB.INTERRUPTED', {}, { where: error.message })
  }
}

async function getSheet(tx: Tx, sheetId: string, role: SheetRole): Promise<SheetFound> {
  const sheet = await findSheet(tx, sheetId)
  if (sheet === undefined || sheet.role !== role || sheet.file_id === null) throw new Problem('REQUEST.NOT_FOUND')
  return sheet
}

/** [RUN-19] One column is one field: a column chosen for two by hand is refused here too, not on the page only. */
function columnsOf(services: Services, sheet: SheetFound, byHand: ColumnChoice | undefined): ColumnChoice {
  const [double] = doubledColumns(byHand ?? {})
  if (double !== undefined) {
    const [first = '', second = ''] = FIELDS_OF[sheet.role]
      .filter(({ id }) => byHand?.[id] === double)
      .map(({ label }) => label)
    throw new Problem('IMPORT.COLUMN_TWICE', { column: letterOf(double), first, second })
  }
  const layout = { ...sheet.layout, columns: sheet.layout.columns.map((column) => ({ ...column, samples: [] })) }
  return chooseColumns(layout, FIELDS_OF[sheet.role], services.keys.open(sheet.name_sealed, SHEET_NAME_SEAL), byHand)
}

async function getRun(tx: Tx, id: RunId): Promise<RunFound> {
  const run = await findRun(tx, id)
  if (run === undefined) throw new Problem('REQUEST.NOT_FOUND')
  return run
}

export async function getDoneRun(tx: Tx, id: RunId): Promise<RunFound> {
  const run = await getRun(tx, id)
  if (run.state === 'cancelled') throw new Problem('RUN.CANCELLED')
  if (run.state !== 'done') throw new Problem('RUN.NOT_FINISHED')
  return run
}

async function getListFile(services: Services, tx: Tx, id: RunId, list: ListName): Promise<SealedFile> {
  await getDoneRun(tx, id)
  const row = (await listLists(tx, id)).find((found) => found.list === list)
  if (row === undefined) throw new Problem('REQUEST.NOT_FOUND')
  return services.files.get(tx, row.file_id)
}

async function linesOf(services: Services, tx: Tx, runs: readonly RunFound[]): Promise<RunLine[]> {
  const units = new Map(
    (await listUnitsById(tx, unique(runs.map((run) => run.unit_id)))).map((unit) => [unit.unitId as number, unit.name]),
  )
  const persons = await findPersons(tx, unique(runs.map((run) => run.created_by)))
  return runs.map((run) =>
    lineOf(run, { unitName: units.get(run.unit_id) ?? '', person: persons.get(run.created_by) }, services.keys),
  )
}

async function withOpened<T>(services: Services, file: SealedFile, work: (path: string) => Promise<T>): Promise<T> {
  const folder = await services.workFolders.open(file.bytes)
  try {
    return await work(await services.files.materialise(file, folder, 'list.parquet'))
  } finally {
    await folder.remove()
  }
}

function unique(ids: readonly number[]): number[] {
  return [...new Set(ids)]
}

const DAY_MS = 86_400_000

/** [RUN-13] The raw extract goes on this day; what came of it stays. */
function rawKeepUntil({ clock }: Services): Date {
  return new Date(clock.now().getTime() + valueOn(rawExtractDays, clock.today()) * DAY_MS)
}

function stampTime({ clock }: Services): string {
  return new Intl.DateTimeFormat('zh-CN', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Asia/Shanghai' }).format(
    clock.now(),
  )
}
