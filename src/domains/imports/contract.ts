import { z } from 'zod'
import { UUID_SHAPE } from '../../kernel/ids.ts'
import { defineRoute, idInPath, pageOf, pageQuery } from '../../kernel/route.ts'
import { IMPORT_KINDS, SEVERITIES, SHEET_STATES } from './kinds.ts'
import { ImportReport } from './report-contract.ts'
import { MOST_COLUMNS } from './rules.ts'

export { FindingCount, ImportNote, ImportReport } from './report-contract.ts'

const instant = z.iso.datetime({ offset: true })
const day = z.iso.date()
const uuid = z.string().regex(UUID_SHAPE)
const count = z.number().int().min(0)

const Kind = z.enum(IMPORT_KINDS)
const FieldId = z.string().regex(/^[a-z][A-Za-z0-9]{1,40}$/)
/** Field → 0-based column. */
const Columns = z.record(FieldId, z.number().int().min(0).max(MOST_COLUMNS))
const UnitName = z.object({ unitId: z.number().int(), name: z.string() })

export const ImportColumn = z.object({
  /** 0-based place in the sheet. */
  index: z.number().int(),
  /** As a spreadsheet names it: A, B, AA. */
  letter: z.string(),
  heading: z.string(),
  /** Up to three values, masked by the field the column is taken for. */
  samples: z.array(z.string()),
})

export const ImportProgress = z.object({
  percent: z.number().min(0).max(100),
  /** What is being done, in Chinese. */
  stage: z.string(),
  rows: count.nullable(),
  rowsPerSecond: count.nullable(),
  remainingSeconds: count.nullable(),
})
export type ImportProgress = z.infer<typeof ImportProgress>

const problemSaid = z.object({ code: z.string(), message: z.string() })

export const ImportLine = z.object({
  sheetId: uuid,
  kind: Kind,
  fileName: z.string(),
  rows: count.nullable(),
  asOfDay: day,
  state: z.enum(SHEET_STATES),
  unit: UnitName,
  createdBy: z.string(),
  createdAt: instant,
  /** Of the last check; null before it. */
  refusedRows: count.nullable(),
  repairRows: count.nullable(),
  batchId: z.number().int().nullable(),
})
export type ImportLine = z.infer<typeof ImportLine>

/** Headings that came, went or moved since this unit mapped such a sheet last time; columns are 0-based. */
export const ColumnsChanged = z.object({
  added: z.array(z.object({ column: z.number().int(), heading: z.string() })),
  gone: z.array(z.object({ heading: z.string(), field: FieldId.nullable(), label: z.string().nullable() })),
  moved: z.array(z.object({ heading: z.string(), from: z.number().int(), to: z.number().int() })),
})
export type ColumnsChanged = z.infer<typeof ColumnsChanged>

export const ImportSheet = ImportLine.extend({
  bytes: count,
  /** Short SHA-256 of the content, for the officer to compare. */
  fingerprint: z.string(),
  format: z.enum(['csv', 'tsv', 'xlsx', 'parquet']),
  encoding: z.string().nullable(),
  worksheet: z.string().nullable(),
  otherWorksheets: z.array(z.string()),
  /** 1-based row of the (lower) heading. */
  headerRow: z.number().int(),
  sheetColumns: z.array(ImportColumn),
  /** All fields of this kind, for the mapping step. */
  fields: z.array(z.object({ field: FieldId, label: z.string(), isRequired: z.boolean() })),
  /** Required fields without a column, by the columns chosen now. */
  missing: z.array(z.object({ field: FieldId, label: z.string() })),
  /** Columns in use. */
  columns: Columns,
  columnsBy: z.enum(['recognised', 'remembered', 'chosen']),
  columnsChanged: ColumnsChanged.nullable(),
  /** The kind that the headings fit better than `kind`, and the sentence that says so. */
  otherKind: z.object({ kind: Kind, text: z.string() }).nullable(),
  /** Columns beyond those listed were not read. */
  isCut: z.boolean(),
  /** While checking or committing. */
  progress: ImportProgress.nullable(),
  report: ImportReport.nullable(),
  problem: problemSaid.nullable(),
  /** Whether who asks may change, check, commit and drop it. */
  mayWork: z.boolean(),
  /** The raw sheet is still there: the marked copy can be made. */
  hasRaw: z.boolean(),
})
export type ImportSheet = z.infer<typeof ImportSheet>

export const Finding = z.object({
  /** 0-based column; null: the whole row. */
  column: z.number().int().nullable(),
  /** `C`; null: the whole row. */
  letter: z.string().nullable(),
  field: FieldId.nullable(),
  label: z.string().nullable(),
  code: z.string(),
  severity: z.enum(SEVERITIES),
  /** One Chinese line: what is wrong and what it should be. */
  reason: z.string(),
})
export type Finding = z.infer<typeof Finding>

/** One row of the sheet with what was found in it. */
export const FoundRow = z.object({
  /** Row number as the spreadsheet shows it. */
  sheetRow: z.number().int(),
  /** Of its worst finding; null: nothing found. */
  severity: z.enum(SEVERITIES).nullable(),
  /** Masked, one for each of `columns` of the page; null: empty. */
  cells: z.array(z.string().nullable()),
  findings: z.array(Finding),
})
export type FoundRow = z.infer<typeof FoundRow>

export const FindingsPage = pageOf(FoundRow).extend({
  /** The columns that were read, in the order of the sheet. */
  columns: z.array(
    z.object({
      column: z.number().int(),
      letter: z.string(),
      heading: z.string(),
      field: FieldId,
      label: z.string(),
    }),
  ),
})
export type FindingsPage = z.infer<typeof FindingsPage>

export const BatchLine = z.object({
  batchId: z.number().int(),
  kind: Kind,
  unit: UnitName,
  asOfDay: day,
  rowCount: count,
  storedCount: count,
  refusedCount: count,
  /** Of no age that is looked for: counted, and left. */
  asideCount: count,
  repairCount: count,
  committedAt: instant,
  committedBy: z.string(),
  undoneAt: instant.nullable(),
  undoneBy: z.string().nullable(),
  /** It still speaks for one unit at least: no newer batch covers all of its units. */
  isCurrent: z.boolean(),
  /** Under way, or broken off with a problem. */
  undo: z
    .object({ state: z.enum(['waiting', 'running', 'failed']), percent: z.number(), problem: problemSaid.nullable() })
    .nullable(),
})
export type BatchLine = z.infer<typeof BatchLine>

export const Batch = BatchLine.extend({
  covers: z.array(UnitName.extend({ rows: count, isCurrent: z.boolean() })),
  coverCount: count,
  /** The sheet it was made of. */
  sheetId: uuid.nullable(),
  fileName: z.string().nullable(),
  /** Runs whose postings stand on it: they are reversed with it. */
  postedRuns: count,
  mayUndo: z.boolean(),
})
export type Batch = z.infer<typeof Batch>

const sheetParams = z.object({ sheetId: uuid })
const batchParams = z.object({ batchId: idInPath })
const reason = z.string().trim().max(200)

const SHEET_PROBLEMS = [
  'FILE.EMPTY',
  'FILE.TRUNCATED',
  'FILE.UNREADABLE',
  'FILE.TYPE',
  'FILE.MACRO',
  'FILE.BOMB',
  'SHEET.NO_HEADER',
  'SHEET.NO_ROWS',
  'SHEET.TOO_WIDE',
  'SHEET.ENCODING',
  'REQUEST.TOO_LARGE',
  'SYSTEM.DISK_FULL',
  'IMPORT.FUTURE_DAY',
  'IMPORT.KIND_NOT_HERE',
] as const

export const uploadSheet = defineRoute({
  id: 'import.upload',
  method: 'POST',
  path: '/imports',
  summary: '上传一张要入库的表',
  access: 'import.write',
  kind: 'upload',
  query: z.object({ kind: Kind, asOf: day.optional() }),
  answer: ImportSheet,
  problems: SHEET_PROBLEMS,
})

export const listSheets = defineRoute({
  id: 'import.list',
  method: 'GET',
  path: '/imports',
  summary: '本单位及下属导入的表',
  access: 'import.read',
  query: pageQuery.extend({ kind: Kind.optional(), state: z.enum(SHEET_STATES).optional() }),
  answer: pageOf(ImportLine),
})

export const readSheet = defineRoute({
  id: 'import.read',
  method: 'GET',
  path: '/imports/:sheetId',
  summary: '一张导入的表：列、进度、查错结果',
  access: 'import.read',
  params: sheetParams,
  answer: ImportSheet,
})

export const changeSheet = defineRoute({
  id: 'import.change',
  method: 'PATCH',
  path: '/imports/:sheetId',
  summary: '改列名对应或数据日期',
  access: 'import.write',
  params: sheetParams,
  body: z.object({ columns: Columns.optional(), asOf: day.optional() }),
  answer: ImportSheet,
  problems: ['IMPORT.FUTURE_DAY', 'IMPORT.BUSY', 'IMPORT.ENDED', 'IMPORT.COLUMN_TWICE'],
})

export const checkSheet = defineRoute({
  id: 'import.check',
  method: 'POST',
  path: '/imports/:sheetId/check',
  summary: '试算查错',
  access: 'import.write',
  params: sheetParams,
  answer: ImportSheet,
  problems: ['IMPORT.BUSY', 'IMPORT.ENDED', 'SHEET.UNKNOWN_LAYOUT'],
})

export const readFindings = defineRoute({
  id: 'import.findings',
  method: 'GET',
  path: '/imports/:sheetId/findings',
  summary: '错与提醒，逐行逐格（遮盖）',
  access: 'import.read',
  params: sheetParams,
  query: pageQuery.extend({
    /** Rows whose worst finding is of this severity; `all`: every row of the sheet; left out: every row with a finding. */
    severity: z.enum([...SEVERITIES, 'all']).optional(),
    /** Rows with a finding of this code. */
    code: z.string().max(40).optional(),
  }),
  answer: FindingsPage,
  problems: ['IMPORT.NOT_CHECKED', 'IMPORT.RAW_GONE'],
})

export const downloadMarked = defineRoute({
  id: 'import.marked',
  method: 'POST',
  path: '/imports/:sheetId/marked',
  summary: '下载标好错的原表（写明用途，留痕）',
  access: 'import.write',
  kind: 'download',
  params: sheetParams,
  body: z.object({ reason }),
  problems: ['IMPORT.NOT_CHECKED', 'RUN.REASON_NEEDED', 'REQUEST.REASON_NUMBER', 'IMPORT.RAW_GONE'],
})

export const commitSheet = defineRoute({
  id: 'import.commit',
  method: 'POST',
  path: '/imports/:sheetId/commit',
  summary: '入库',
  access: 'import.write',
  params: sheetParams,
  body: z.object({
    /** `whole`: every row or none; `good-rows`: rows that must be corrected stay out and are counted. */
    mode: z.enum(['whole', 'good-rows']),
    /** Needed when a newer batch already speaks for one of its units. */
    acceptOlder: z.boolean().optional(),
    /** Needed when the headings are those of another kind of sheet. */
    acceptOtherKind: z.boolean().optional(),
    /** Only a part of what its units have (one class, one village): it adds, and whom it does not name is not gone. */
    partial: z.boolean().optional(),
  }),
  answer: ImportSheet,
  problems: [
    'IMPORT.NOT_CHECKED',
    'IMPORT.BUSY',
    'IMPORT.ENDED',
    'IMPORT.ROWS_REFUSED',
    'IMPORT.NO_GOOD_ROW',
    'IMPORT.OLDER',
    'IMPORT.OTHER_KIND',
  ],
})

export const dropSheet = defineRoute({
  id: 'import.drop',
  method: 'DELETE',
  path: '/imports/:sheetId',
  summary: '放弃一张没有入库的表',
  access: 'import.write',
  params: sheetParams,
  answer: ImportSheet,
  problems: ['IMPORT.BUSY', 'IMPORT.ENDED'],
})

export const listBatches = defineRoute({
  id: 'batch.list',
  method: 'GET',
  path: '/batches',
  summary: '已入库的批次',
  access: 'import.read',
  query: pageQuery.extend({ kind: Kind.optional() }),
  answer: pageOf(BatchLine),
})

export const readBatch = defineRoute({
  id: 'batch.read',
  method: 'GET',
  path: '/batches/:batchId',
  summary: '一个批次',
  access: 'import.read',
  params: batchParams,
  answer: Batch,
})

export const undoBatch = defineRoute({
  id: 'batch.undo',
  method: 'POST',
  path: '/batches/:batchId/undo',
  summary: '撤销一个批次及其记账（写明原因，留痕）',
  access: 'import.undo',
  params: batchParams,
  body: z.object({ reason }),
  answer: Batch,
  problems: ['IMPORT.UNDONE', 'IMPORT.BUSY', 'RUN.REASON_NEEDED', 'REQUEST.REASON_NUMBER'],
})

export const importRoutes = [
  uploadSheet,
  listSheets,
  readSheet,
  changeSheet,
  checkSheet,
  readFindings,
  downloadMarked,
  commitSheet,
  dropSheet,
  listBatches,
  readBatch,
  undoBatch,
] as const
