import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { valueOn } from '../../engines/policy/index.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { ChildCrash } from '../../platform/child.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { StagedFile } from '../../platform/files.ts'
import type { Actor, AuditPen, Upload } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import type { SheetLayout } from '../../platform/sheets/index.ts'
import { findPersons, findUnit, listUnitsById } from '../registry/server.ts'
import { findNewerCover } from './batch.store.server.ts'
import { workInChild } from './child-task.server.ts'
import { type ColumnMap, doubledColumns, letterOf } from './column-map.ts'
import type { ImportLine, ImportSheet } from './contract.ts'
import { FIELDS_OF } from './fields.ts'
import { type ImportKind, shapeOf } from './kinds.ts'
import { proposedFor, rememberColumns } from './memory.server.ts'
import { rawSheetDays } from './policy.ts'
import { MAX_SHEET_BYTES } from './rules.ts'
import {
  type Company,
  isBusy,
  isOpen,
  lineOf,
  NAME_SEAL,
  namesNeeded,
  openLayout,
  otherKindOfSheet,
  sealLayout,
  sheetOf,
} from './sheet-view.server.ts'
import {
  findSheet,
  insertSheet,
  listSheets,
  lockSheet,
  type SheetFound,
  type SheetSearch,
  updateSheet,
} from './store.ts'
import { importWords as words } from './words.ts'

export const CHECK_JOB = 'imports.check'
export const COMMIT_JOB = 'imports.commit'

/** On whose behalf, and the audit line of the request. */
export interface Asked {
  readonly actor: Actor
  readonly audit: AuditPen
  readonly signal?: AbortSignal
}

/** [IMP-1] Seals the sheet as it arrives, recognises it and proposes its columns. A sheet that cannot be read leaves nothing behind. */
export async function uploadSheet(
  services: Services,
  { actor, audit, signal }: Asked,
  { kind, asOf, upload }: { readonly kind: ImportKind; readonly asOf: string | undefined; readonly upload: Upload },
): Promise<ImportSheet> {
  const { files, ids, keys, clock, db } = services
  const asOfDay = decideAsOf(asOf, clock.today())
  const staged = await files.stage(upload.content, { limitBytes: MAX_SHEET_BYTES })
  try {
    await refuseKind(services, actor, kind)
    const layout = await recognise(services, staged, { kind, fileName: upload.fileName, signal })
    const sheetId = ids.uuid()
    const sheet = await db.inScope(actor.scope, async (tx) => {
      const file = await files.keep(tx, staged, {
        units: actor.unitPath,
        accountId: actor.accountId,
        purpose: 'sheet',
        name: upload.fileName,
        mediaType: 'application/octet-stream',
        keepUntil: rawKeepUntil(services),
      })
      const proposed = await proposedFor(tx, keys, { unitId: actor.unitId, kind, layout })
      await insertSheet(tx, {
        sheet_id: sheetId,
        kind,
        file_id: file.fileId,
        name_sealed: keys.seal(upload.fileName, NAME_SEAL),
        layout_sealed: sealLayout(keys, { layout, columnsChanged: proposed.changed }),
        fingerprint: staged.fingerprint,
        bytes: staged.bytes,
        as_of_day: asOfDay,
        columns: proposed.columns,
        columns_by: proposed.by,
        unit_id: actor.unitId,
        units: [...actor.unitPath],
        created_by: actor.accountId,
        created_at: clock.now(),
      })
      await audit.record(tx, { target: `import:${sheetId}` })
      return viewOf(services, tx, actor, await getSheet(tx, sheetId))
    })
    return sheet
  } catch (error) {
    await files.discard(staged)
    throw error
  }
}

/** [IMP-3] The day the extract speaks of: today when it is not told, and never one that is still to come. */
export function decideAsOf(asOf: string | undefined, today: PlainDate): PlainDate {
  const day = asOf === undefined ? today : plainDate(asOf)
  if (day > today) throw new Problem('IMPORT.FUTURE_DAY', { day })
  return day
}

/** Who speaks for the registered, the floating and the households is the district; a school speaks for its pupils. */
async function refuseKind({ db }: Services, actor: Actor, kind: ImportKind): Promise<void> {
  if (shapeOf(kind) !== 'place') return
  const unit = await db.inScope(actor.scope, (tx) => findUnit(tx, actor.unitId))
  if (unit?.kind === 'school') throw new Problem('IMPORT.KIND_NOT_HERE')
}

async function recognise(
  { files, workFolders, log }: Services,
  staged: StagedFile,
  {
    kind,
    fileName,
    signal,
  }: { readonly kind: ImportKind; readonly fileName: string; readonly signal: AbortSignal | undefined },
): Promise<SheetLayout> {
  const folder = await workFolders.open(staged.bytes * 2)
  try {
    const path = join(folder.path, 'sheet')
    await pipeline(files.openStaged(staged), createWriteStream(path, { mode: 0o600 }))
    const task = { kind: 'inspect', sheetKind: kind, path, fileName, workDir: folder.path } as const
    return (await workInChild(task, signal === undefined ? {} : { signal })).layout
  } catch (error) {
    if (!(error instanceof ChildCrash)) throw error
    log.error('imports.child-crashed', { task: 'inspect', where: error.message })
    throw new Problem('FILE.UNREADABLE', { file: fileName }, { where: error.message })
  } finally {
    await folder.remove()
  }
}

export async function readSheet(services: Services, actor: Actor, sheetId: string): Promise<ImportSheet> {
  return services.db.inScope(actor.scope, async (tx) => viewOf(services, tx, actor, await getSheet(tx, sheetId)))
}

export async function listSheetLines(
  services: Services,
  actor: Actor,
  search: SheetSearch,
): Promise<{ total: number; page: number; size: number; rows: ImportLine[] }> {
  return services.db.inScope(actor.scope, async (tx) => {
    const { total, rows } = await listSheets(tx, search)
    const company = await companyOf(tx, rows)
    return {
      total,
      page: search.page,
      size: search.size,
      rows: rows.map((sheet) => lineOf(sheet, services.keys, company)),
    }
  })
}

/** [IMP-1] Columns by hand, or another day; what was found before does not hold any more. */
export async function changeSheet(
  services: Services,
  { actor, audit }: Asked,
  sheetId: string,
  change: { readonly columns?: ColumnMap | undefined; readonly asOf?: string | undefined },
): Promise<ImportSheet> {
  return services.db.inScope(actor.scope, async (tx) => {
    const sheet = await takeSheet(tx, actor, sheetId)
    const columns =
      change.columns === undefined
        ? undefined
        : decideColumns(sheet.kind, openLayout(services.keys, sheet).layout, change.columns)
    await updateSheet(
      tx,
      sheetId,
      {
        ...(columns === undefined ? {} : { columns, columns_by: 'chosen' as const }),
        ...(change.asOf === undefined ? {} : { as_of_day: decideAsOf(change.asOf, services.clock.today()) }),
        state: 'uploaded',
        report: null,
        problem: null,
      },
      services.clock.now(),
    )
    await audit.record(tx, { target: `import:${sheetId}` })
    return viewOf(services, tx, actor, await getSheet(tx, sheetId))
  })
}

/** [IMP-1] One column is one field: two that claim it are refused rather than guessed. */
function decideColumns(kind: ImportKind, layout: SheetLayout, chosen: ColumnMap): ColumnMap {
  const fields = FIELDS_OF[kind]
  const columns = Object.fromEntries(
    Object.entries(chosen).filter(
      ([field, column]) =>
        fields.some(({ id }) => id === field) && layout.columns.some(({ index }) => index === column),
    ),
  )
  const [doubled] = doubledColumns(columns)
  if (doubled !== undefined) {
    const claims = fields.filter(({ id }) => columns[id] === doubled)
    throw new Problem('IMPORT.COLUMN_TWICE', {
      column: letterOf(doubled),
      first: claims[0]!.label,
      second: claims[1]!.label,
    })
  }
  return columns
}

/** [IMP-4] Queues the dry run. */
export async function checkSheet(services: Services, { actor, audit }: Asked, sheetId: string): Promise<ImportSheet> {
  const { db, jobs, ids, clock } = services
  return db.inScope(actor.scope, async (tx) => {
    const sheet = await takeSheet(tx, actor, sheetId)
    if (sheet.file_id === null) throw new Problem('IMPORT.RAW_GONE')
    const missing = FIELDS_OF[sheet.kind].filter(({ id, isRequired }) => isRequired && sheet.columns[id] === undefined)
    if (missing.length > 0) {
      const file = services.keys.open(sheet.name_sealed, NAME_SEAL)
      throw new Problem('SHEET.UNKNOWN_LAYOUT', { file, columns: missing.map(({ label }) => label).join('、') })
    }
    if (sheet.columns_by === 'chosen') {
      const { layout } = openLayout(services.keys, sheet)
      const { kind, units, columns } = sheet
      await rememberColumns(tx, services.keys, { unitId: sheet.unit_id, kind, layout, units, columns, at: clock.now() })
    }
    const jobId = ids.uuid()
    await updateSheet(
      tx,
      sheetId,
      { state: 'checking', job_id: jobId, report: null, progress: null, problem: null },
      clock.now(),
    )
    await jobs.send(tx, CHECK_JOB, { scope: actor.scope, units: actor.unitPath, payload: { sheetId }, jobId })
    await audit.record(tx, { target: `import:${sheetId}` })
    return viewOf(services, tx, actor, await getSheet(tx, sheetId))
  })
}

export interface CommitOrder {
  readonly mode: 'whole' | 'good-rows'
  readonly acceptOlder?: boolean | undefined
  readonly acceptOtherKind?: boolean | undefined
  readonly partial?: boolean | undefined
}

/** [IMP-17] Queues the storing of a checked sheet. */
export async function commitSheet(
  services: Services,
  { actor, audit }: Asked,
  sheetId: string,
  order: CommitOrder,
): Promise<ImportSheet> {
  const { db, jobs, ids, clock } = services
  return db.inScope(actor.scope, async (tx) => {
    const sheet = await takeSheet(tx, actor, sheetId)
    if (sheet.state !== 'checked' || sheet.report === null) throw new Problem('IMPORT.NOT_CHECKED')
    const { rows, refusedRows, asideRows = 0, covers } = sheet.report
    if (order.mode === 'whole' && refusedRows > 0) throw new Problem('IMPORT.ROWS_REFUSED', { count: refusedRows })
    if (rows === refusedRows + asideRows) throw new Problem('IMPORT.NO_GOOD_ROW')
    if (order.acceptOtherKind !== true) {
      const other = otherKindOfSheet(sheet.kind, openLayout(services.keys, sheet).layout)
      if (other !== null)
        throw new Problem('IMPORT.OTHER_KIND', { like: words.kind[other.kind], given: words.kind[sheet.kind] })
    }
    if (order.acceptOlder !== true) {
      const newer = await findNewerCover(
        tx,
        sheet.kind,
        covers.map(({ unitId }) => unitId),
        sheet.as_of_day,
      )
      if (newer !== undefined) {
        const [unit] = await listUnitsById(tx, [newer.unitId])
        throw new Problem('IMPORT.OLDER', { unit: unit?.name ?? '', day: newer.day })
      }
    }
    const jobId = ids.uuid()
    await updateSheet(
      tx,
      sheetId,
      { state: 'committing', job_id: jobId, is_partial: order.partial ?? false, progress: null, problem: null },
      clock.now(),
    )
    await jobs.send(tx, COMMIT_JOB, { scope: actor.scope, units: actor.unitPath, payload: { sheetId }, jobId })
    await audit.record(tx, { target: `import:${sheetId}` })
    return viewOf(services, tx, actor, await getSheet(tx, sheetId))
  })
}

/** [IMP-1] Gives a sheet up; a check that is under way ends. A commit under way is not stopped: it is undone. */
export async function dropSheet(services: Services, { actor, audit }: Asked, sheetId: string): Promise<ImportSheet> {
  const { db, jobs, clock, files } = services
  const { view, fileIds } = await db.inScope(actor.scope, async (tx) => {
    const sheet = await lockOwn(tx, actor, sheetId)
    if (!isOpen(sheet.state)) throw new Problem('IMPORT.ENDED')
    if (sheet.state === 'committing') throw new Problem('IMPORT.BUSY')
    if (sheet.job_id !== null) await jobs.cancel(tx, sheet.job_id)
    await updateSheet(tx, sheetId, { state: 'dropped', job_id: null, progress: null, problem: null }, clock.now())
    await audit.record(tx, { target: `import:${sheetId}` })
    const fileIds = [sheet.file_id, sheet.rows_file_id, sheet.findings_file_id].filter((id) => id !== null)
    return { view: await viewOf(services, tx, actor, await getSheet(tx, sheetId)), fileIds }
  })
  for (const fileId of fileIds) await files.remove(actor.scope, fileId)
  return { ...view, hasRaw: false }
}

async function getSheet(tx: Tx, sheetId: string): Promise<SheetFound> {
  const sheet = await findSheet(tx, sheetId)
  if (sheet === undefined) throw new Problem('REQUEST.NOT_FOUND')
  return sheet
}

/** [IMP-21] Only the unit that gave a sheet works on it; the units above see it. */
async function lockOwn(tx: Tx, actor: Actor, sheetId: string): Promise<SheetFound> {
  const seen = await getSheet(tx, sheetId)
  if (seen.unit_id !== actor.unitId) throw new Problem('REQUEST.NOT_FOUND')
  return (await lockSheet(tx, sheetId)) ?? seen
}

async function takeSheet(tx: Tx, actor: Actor, sheetId: string): Promise<SheetFound> {
  const sheet = await lockOwn(tx, actor, sheetId)
  if (!isOpen(sheet.state)) throw new Problem('IMPORT.ENDED')
  if (isBusy(sheet.state)) throw new Problem('IMPORT.BUSY')
  return sheet
}

async function viewOf(services: Services, tx: Tx, actor: Actor, sheet: SheetFound): Promise<ImportSheet> {
  return sheetOf(sheet, services.keys, await companyOf(tx, [sheet]), actor)
}

async function companyOf(tx: Tx, sheets: readonly SheetFound[]): Promise<Company> {
  const { units, accounts } = namesNeeded(sheets)
  const unitNames = new Map((await listUnitsById(tx, units)).map((unit) => [unit.unitId as number, unit.name]))
  const persons = await findPersons(tx, accounts)
  return {
    unitName: (id) => unitNames.get(id) ?? '',
    personName: (id) => persons.get(id) ?? words.unknownPerson,
  }
}

const DAY_MS = 86_400_000

/** [IMP-18] The raw extract and the list of its faults go on this day; the rows that were stored stay. */
export function rawKeepUntil({ clock }: Pick<Services, 'clock'>): Date {
  return new Date(clock.now().getTime() + valueOn(rawSheetDays, clock.today()) * DAY_MS)
}
