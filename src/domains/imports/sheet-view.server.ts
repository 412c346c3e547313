import type { Actor } from '../../platform/http/index.ts'
import type { Keys } from '../../platform/keys.ts'
import type { SheetLayout } from '../../platform/sheets/index.ts'
import { letterOf, missingFields } from './column-map.ts'
import type { ColumnsChanged, ImportLine, ImportNote, ImportReport, ImportSheet } from './contract.ts'
import { FIELDS_OF } from './fields.ts'
import { maskCell } from './masked.ts'
import { otherKindOf } from './other-kind.server.ts'
import type { StoredNote, StoredReport } from './report.ts'
import { MOST_COLUMNS } from './rules.ts'
import type { SheetFound } from './store.ts'
import { importWords as words } from './words.ts'

export const NAME_SEAL = 'import_sheet.name_sealed'
export const LAYOUT_SEAL = 'import_sheet.layout_sealed'

/** What is kept of a sheet beside its content, sealed: samples and headings can hold anything. */
export interface SealedLayout {
  readonly layout: SheetLayout
  readonly columnsChanged: ColumnsChanged | null
}

export function sealLayout(keys: Pick<Keys, 'seal'>, sealed: SealedLayout): Buffer {
  return keys.seal(JSON.stringify(sealed), LAYOUT_SEAL)
}

export function openLayout(keys: Pick<Keys, 'open'>, sheet: Pick<SheetFound, 'layout_sealed'>): SealedLayout {
  return JSON.parse(keys.open(sheet.layout_sealed, LAYOUT_SEAL)) as SealedLayout
}

/** What stands beside a sheet in other slices. */
export interface Company {
  unitName(unitId: number): string
  personName(accountId: number): string
}

/** Units and persons whose names a view of these sheets prints. */
export function namesNeeded(sheets: readonly SheetFound[]): { units: number[]; accounts: number[] } {
  const units = sheets.flatMap(({ unit_id, report }) => [
    unit_id,
    ...(report?.covers ?? []).map(({ unitId }) => unitId),
    ...(report?.notes ?? []).flatMap(({ unitId }) => unitId ?? []),
  ])
  return { units: [...new Set(units)], accounts: [...new Set(sheets.map(({ created_by }) => created_by))] }
}

export function lineOf(sheet: SheetFound, keys: Pick<Keys, 'open'>, company: Company): ImportLine {
  return {
    sheetId: sheet.sheet_id,
    kind: sheet.kind,
    fileName: keys.open(sheet.name_sealed, NAME_SEAL),
    rows: sheet.report?.rows ?? openLayout(keys, sheet).layout.rows,
    asOfDay: sheet.as_of_day,
    state: sheet.state,
    unit: { unitId: sheet.unit_id, name: company.unitName(sheet.unit_id) },
    createdBy: company.personName(sheet.created_by),
    createdAt: sheet.created_at.toISOString(),
    refusedRows: sheet.report?.refusedRows ?? null,
    repairRows: sheet.report?.repairRows ?? null,
    batchId: sheet.batch_id,
  }
}

export function sheetOf(sheet: SheetFound, keys: Pick<Keys, 'open'>, company: Company, actor: Actor): ImportSheet {
  const { layout, columnsChanged } = openLayout(keys, sheet)
  const fieldAt = new Map(Object.entries(sheet.columns).map(([field, column]) => [column, field]))
  const fields = FIELDS_OF[sheet.kind].map(({ id, label, isRequired }) => ({ field: id, label, isRequired }))
  const isOwn = sheet.unit_id === actor.unitId
  const other = otherKindOfSheet(sheet.kind, layout)
  return {
    ...lineOf(sheet, keys, company),
    bytes: sheet.bytes,
    fingerprint: sheet.fingerprint,
    format: layout.format,
    encoding: layout.encoding,
    worksheet: layout.worksheet,
    otherWorksheets: [...layout.otherWorksheets],
    headerRow: layout.headerRow,
    sheetColumns: layout.columns.slice(0, MOST_COLUMNS).map(({ index, heading, samples }) => ({
      index,
      letter: letterOf(index),
      heading,
      samples: isOwn ? samples.map((sample) => maskCell(fieldAt.get(index) ?? null, sample)) : [],
    })),
    fields,
    missing: missingFields({ fields }, sheet.columns),
    columns: { ...sheet.columns },
    columnsBy: sheet.columns_by,
    columnsChanged,
    otherKind: other,
    isCut: isCut(layout),
    progress: progressOf(sheet),
    report: sheet.report === null ? null : reportOf(sheet.report, company, other),
    problem: sheet.problem === null ? null : { code: sheet.problem.code, message: sheet.problem.message },
    mayWork: isOwn && actor.permissions.has('import.write') && isOpen(sheet.state),
    hasRaw: sheet.file_id !== null,
  }
}

/** [IMP-22] Told from the headings, which are sealed: the report beside the sheet holds no word of them. */
export function otherKindOfSheet(
  kind: SheetFound['kind'],
  { columns }: Pick<SheetLayout, 'columns'>,
): ImportSheet['otherKind'] {
  const other = otherKindOf(
    kind,
    columns.map(({ heading }) => heading),
  )
  if (other === null) return null
  return { kind: other.kind, text: words.note['other-kind'](words.kind[other.kind], other.headings.join('、')) }
}

/** A workbook is read up to its thousandth column, so that one of a thousand may have been cut. */
export function isCut({ columns }: Pick<SheetLayout, 'columns'>): boolean {
  return columns.length >= MOST_COLUMNS
}

/** Nothing more happens to a sheet that is stored or given up. */
export function isOpen(state: SheetFound['state']): boolean {
  return state !== 'committed' && state !== 'dropped'
}

export function isBusy(state: SheetFound['state']): boolean {
  return state === 'checking' || state === 'committing'
}

function progressOf(sheet: SheetFound): ImportSheet['progress'] {
  if (!isBusy(sheet.state)) return null
  return sheet.progress ?? { percent: 0, stage: words.waiting, rows: null, rowsPerSecond: null, remainingSeconds: null }
}

function reportOf(report: StoredReport, company: Company, other: ImportSheet['otherKind']): ImportReport {
  const stored = report.notes.map((note) => ({
    code: note.code,
    text: noteText(note, report, company),
    batchId: note.batchId,
  }))
  return {
    rows: report.rows,
    refusedRows: report.refusedRows,
    repairRows: report.repairRows,
    remindedRows: report.remindedRows,
    asideRows: report.asideRows ?? 0,
    goodRows: report.rows - report.refusedRows - (report.asideRows ?? 0),
    counts: [...report.counts],
    effect: report.effect,
    notes: other === null ? stored : [{ code: 'other-kind', text: other.text, batchId: null }, ...stored],
    covers: report.covers.map(({ unitId, rows }) => ({ unitId, name: company.unitName(unitId), rows })),
    coverCount: report.coverCount,
    seconds: report.seconds,
  }
}

function noteText(
  { code, count, unitId, day, batchId }: StoredNote,
  { repairRows }: StoredReport,
  company: Company,
): ImportNote['text'] {
  const { note } = words
  if (code === 'older-extract') return note[code](unitId === null ? '' : company.unitName(unitId), day ?? '')
  if (code === 'same-content') return note[code](batchId ?? 0)
  if (code === 'stored-numbers') return note[code](count ?? 0, repairRows + (count ?? 0))
  if (code === 'columns-changed' || code === 'heading-rows') return note[code]()
  return note[code](count ?? 0)
}
