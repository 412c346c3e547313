import { createReadStream } from 'node:fs'
import type { FileId } from '../../kernel/ids.ts'
import { Problem, problemToJson } from '../../kernel/problem.ts'
import { ChildCrash } from '../../platform/child.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { StagedFile } from '../../platform/files.ts'
import type { Job, RunningJob } from '../../platform/jobs.ts'
import type { Services } from '../../platform/services.ts'
import { countUncovered, findNewerCover, findSameBatch, sizeOfNewest } from './batch.store.server.ts'
import type { Checked } from './check.server.ts'
import { MOST_FOUND_ROWS } from './check-write.server.ts'
import { workInChild } from './child-task.server.ts'
import { rawKeepUntil } from './commands.ts'
import type { ImportProgress } from './contract.ts'
import { noteOf, type StoredNote, type StoredReport } from './report.ts'
import { MOST_COLUMNS } from './rules.ts'
import { isCut, openLayout } from './sheet-view.server.ts'
import { findSheet, lockSheet, type SheetFound, saveProgress, updateSheet } from './store.ts'
import { importWords as words } from './words.ts'

/** The ingested sheet, the database of the check with its spill, and the checked rows, in bytes of input. */
const ROOM_FACTOR = 4
/** The page asks about once a second. */
const PROGRESS_EVERY_MS = 700
/** Units of which a report names the rows. */
const COVERS_TOLD = 50

/** [IMP-4] The dry run: in a process of its own, over a folder that only the service can enter. It stores nothing but its report and two sealed files. */
export async function workOnCheck(services: Services, job: RunningJob): Promise<void> {
  const { db, files, workFolders, clock } = services
  const opened = await db.inScope(job.scope, async (tx) => {
    const sheet = await findSheet(tx, sheetOfJob(job))
    if (sheet?.state !== 'checking' || sheet.job_id !== job.jobId) return undefined
    if (sheet.file_id === null) throw new Problem('IMPORT.RAW_GONE')
    return { sheet, file: await files.get(tx, sheet.file_id) }
  })
  if (opened === undefined) return
  const { sheet, file } = opened
  const folder = await workFolders.open(file.bytes * ROOM_FACTOR)
  try {
    const { layout } = openLayout(services.keys, sheet)
    const path = await files.materialise(file, folder, 'import.sheet')
    const { checked } = await inChild(services, job, sheet.sheet_id, () =>
      workInChild(
        {
          kind: 'check',
          access: services.childAccess(),
          sheetKind: sheet.kind,
          path,
          // [IMP-1] Not its own name: what is wrong with it is kept in clear beside the sheet, and a file name may be a person's.
          fileName: words.sheetFile(words.kind[sheet.kind]),
          layout,
          columns: sheet.columns,
          asOf: sheet.as_of_day,
          today: clock.today(),
          giverId: sheet.unit_id,
          workDir: folder.path,
        },
        { signal: job.signal, onProgress: reporter(services, job, sheet.sheet_id) },
      ),
    )
    await saveChecked(services, job, sheet, checked)
  } finally {
    await folder.remove()
  }
}

/** A crash of the child is a fault, not an answer: the job is tried again. */
async function inChild<T>({ log }: Services, job: RunningJob, sheetId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ChildCrash)) throw error
    log.error('imports.child-crashed', { sheetId, job: job.name, where: error.message })
    throw new Error('child crashed')
  }
}

async function saveChecked(services: Services, job: RunningJob, sheet: SheetFound, checked: Checked): Promise<void> {
  const { db, files, clock } = services
  const staged: StagedFile[] = []
  try {
    const rows = await files.stage(createReadStream(checked.rowsParquet))
    staged.push(rows)
    const found = await files.stage(createReadStream(checked.foundParquet))
    staged.push(found)
    const old = await db.inScope(job.scope, async (tx) => {
      const now = await lockSheet(tx, sheet.sheet_id)
      if (now?.state !== 'checking' || now.job_id !== job.jobId) throw new Problem('JOB.CANCELLED')
      const options = { units: sheet.units, accountId: sheet.created_by, mediaType: 'application/vnd.apache.parquet' }
      const rowsFile = await files.keep(tx, rows, { ...options, purpose: 'import-rows', name: 'rows', keepUntil: null })
      const foundFile = await files.keep(tx, found, {
        ...options,
        purpose: 'import-findings',
        name: 'findings',
        keepUntil: rawKeepUntil(services),
      })
      const contentKey = Buffer.from(checked.contentKey, 'hex')
      await updateSheet(
        tx,
        sheet.sheet_id,
        {
          state: 'checked',
          report: await reportOf(services, tx, now, checked, contentKey),
          rows_file_id: rowsFile.fileId,
          findings_file_id: foundFile.fileId,
          content_key: contentKey,
          job_id: null,
          progress: null,
          problem: null,
        },
        clock.now(),
      )
      return [now.rows_file_id, now.findings_file_id].filter((id): id is FileId => id !== null)
    })
    for (const fileId of old) await files.remove(job.scope, fileId)
  } finally {
    // What was kept has left its draft; discarding it is nothing.
    for (const draft of staged) await files.discard(draft)
  }
}

async function reportOf(
  services: Services,
  tx: Tx,
  sheet: SheetFound,
  checked: Checked,
  contentKey: Buffer,
): Promise<StoredReport> {
  const { rows, refusedRows, repairRows, remindedRows, asideRows, counts, effect, covers, seconds } = checked
  return {
    rows,
    refusedRows,
    repairRows,
    remindedRows,
    asideRows,
    counts,
    effect,
    notes: await notesOf(services, tx, sheet, checked, contentKey),
    covers: covers.slice(0, COVERS_TOLD),
    coverCount: covers.length,
    seconds,
  }
}

/** [IMP-19] What stands beside the rows: earlier batches, the layout, the day. */
async function notesOf(
  services: Services,
  tx: Tx,
  sheet: SheetFound,
  checked: Checked,
  contentKey: Buffer,
): Promise<readonly StoredNote[]> {
  const { layout, columnsChanged } = openLayout(services.keys, sheet)
  const giver = { unitId: sheet.unit_id, kind: sheet.kind }
  const units = checked.covers.map(({ unitId }) => unitId)
  const notes: StoredNote[] = []
  const { districtOnlyRows, storedNumberRows, rows, refusedRows, asideRows } = checked
  if (districtOnlyRows * 2 > rows - refusedRows - asideRows)
    notes.push(noteOf('no-township', { count: districtOnlyRows }))
  const same = await findSameBatch(tx, { ...giver, contentKey })
  if (same !== undefined) notes.push(noteOf('same-content', { batchId: same }))
  const newer = await findNewerCover(tx, sheet.kind, units, sheet.as_of_day)
  if (newer !== undefined) notes.push(noteOf('older-extract', newer))
  const closed = checked.counts.find(({ code }) => code === 'school-closed')
  if (closed !== undefined) notes.push(noteOf('closed-school', { count: closed.rows }))
  const uncovered = await countUncovered(tx, giver, units)
  if (uncovered > 0) notes.push(noteOf('covers-less', { count: uncovered }))
  const before = await sizeOfNewest(tx, giver, units)
  if (before > FEWER_FROM && rows * 2 < before) notes.push(noteOf('far-fewer', { count: before }))
  if (storedNumberRows > 0) notes.push(noteOf('stored-numbers', { count: storedNumberRows }))
  if (asideRows > 0) notes.push(noteOf('left-aside', { count: asideRows }))
  if (isCut(layout)) notes.push(noteOf('columns-cut', { count: MOST_COLUMNS }))
  if (columnsChanged !== null) notes.push(noteOf('columns-changed'))
  if (layout.otherWorksheets.length > 0)
    notes.push(noteOf('other-worksheets', { count: layout.otherWorksheets.length }))
  const merged = layout.mergedCells ?? 0
  if (merged > 0) notes.push(noteOf('merged-cells', { count: merged }))
  if ((layout.headerRows ?? 1) > 1) notes.push(noteOf('heading-rows'))
  if (checked.zerosRows > 0) notes.push(noteOf('rounded-numbers', { count: checked.zerosRows }))
  if (checked.listedRows === MOST_FOUND_ROWS) notes.push(noteOf('findings-cut', { count: checked.listedRows }))
  return notes
}

/** A handful of rows halves easily. */
const FEWER_FROM = 20

/** [IMP-17] The storing, in a process of its own with its own connection; the parent only opens the sealed rows and waits. */
export async function workOnCommit(services: Services, job: RunningJob): Promise<void> {
  const { db, files, workFolders, clock } = services
  const opened = await db.inScope(job.scope, async (tx) => {
    const sheet = await findSheet(tx, sheetOfJob(job))
    if (sheet?.state !== 'committing' || sheet.job_id !== job.jobId || sheet.rows_file_id === null) return undefined
    return { sheet, file: await files.get(tx, sheet.rows_file_id) }
  })
  if (opened === undefined) return
  const folder = await workFolders.open(opened.file.bytes * 2)
  try {
    const rowsParquet = await files.materialise(opened.file, folder, 'rows.parquet')
    const { sheet_id: sheetId } = opened.sheet
    await inChild(services, job, sheetId, () =>
      workInChild(
        {
          kind: 'commit',
          access: services.childAccess(),
          sheetId,
          jobId: job.jobId,
          accountId: job.scope.accountId,
          rowsParquet,
          today: clock.today(),
          workDir: folder.path,
        },
        { signal: job.signal, onProgress: reporter(services, job, sheetId) },
      ),
    )
  } finally {
    await folder.remove()
  }
}

/** After the last try, on a cancel, or when the worker died: the sheet says why, and what was checked may be committed again. */
export async function endSheetOfJob(services: Services, tx: Tx, job: Job, problem: Problem): Promise<void> {
  const sheet = await lockSheet(tx, sheetOfJob(job))
  if (sheet === undefined || sheet.job_id !== job.jobId) return
  const state = sheet.state === 'committing' ? 'checked' : 'failed'
  await updateSheet(
    tx,
    sheet.sheet_id,
    { state, job_id: null, progress: null, problem: problemToJson(problem) },
    services.clock.now(),
  )
}

/** Writes the newest progress, one write at a time; a database that is away loses a step of the bar, not the work. */
function reporter({ db, log, clock }: Services, job: RunningJob, sheetId: string): (progress: ImportProgress) => void {
  let lastAt = 0
  let isWriting = false
  return (progress) => {
    const now = clock.now().getTime()
    if (isWriting || now - lastAt < PROGRESS_EVERY_MS) return
    lastAt = now
    isWriting = true
    db.inScope(job.scope, (tx) => saveProgress(tx, sheetId, job.jobId, progress))
      .catch(() => log.warn('imports.progress-lost', { sheetId }))
      .finally(() => {
        isWriting = false
      })
  }
}

function sheetOfJob(job: Job): string {
  return String(job.payload['sheetId'])
}
