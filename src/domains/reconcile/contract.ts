import { z } from 'zod'
import { UUID_SHAPE } from '../../kernel/ids.ts'
import { defineRoute, pageOf, pageQuery } from '../../kernel/route.ts'
import { differenceRoutes } from './difference-contract.ts'
import { manifestRoutes } from './manifest-contract.ts'
import { InputChange, RunInput, RunPosting } from './posting-contract.ts'
import { reviewRoutes } from './review-contract.ts'
import { modelRoutes } from './review-model-contract.ts'

export { InputChange, PostedChange, RunInput, RunPosting } from './posting-contract.ts'

const instant = z.iso.datetime({ offset: true })
const uuid = z.string().regex(UUID_SHAPE)

/** Which of the two sheets: the population extract (户籍) or the school-roll export (学籍). */
export const SHEET_ROLES = ['population', 'roll'] as const
export const SheetRole = z.enum(SHEET_ROLES)
export type SheetRole = z.infer<typeof SheetRole>

/** A field that a column can be mapped to, e.g. `citizenId`, `name`; the alias table is in `fields.server.ts`'s neighbour `rules.ts`. */
export const FieldId = z.string().regex(/^[a-z][A-Za-z0-9]{1,40}$/)

export const SheetColumn = z.object({
  /** 0-based place in the sheet. */
  index: z.number().int(),
  heading: z.string(),
  /** Up to three values, masked by the field they were recognised as. */
  samples: z.array(z.string()),
  field: FieldId.nullable(),
})

export const SheetInspection = z.object({
  sheetId: uuid,
  role: SheetRole,
  fileName: z.string(),
  bytes: z.number().int(),
  format: z.enum(['csv', 'tsv', 'xlsx', 'parquet']),
  encoding: z.string().nullable(),
  /** Name of the worksheet that was taken. */
  worksheet: z.string().nullable(),
  /** 1-based row of the heading. */
  headerRow: z.number().int(),
  /** Data rows below the heading; exact. */
  rows: z.number().int(),
  columns: z.array(SheetColumn),
  /** Required fields that no column was recognised as. */
  missing: z.array(z.object({ field: FieldId, label: z.string() })),
  /** All fields of this role, for the mapping step. */
  fields: z.array(z.object({ field: FieldId, label: z.string(), isRequired: z.boolean() })),
  /** Short SHA-256 of the content, for the officer to compare. */
  fingerprint: z.string(),
})
export type SheetInspection = z.infer<typeof SheetInspection>

/** The lists of a result; each population row and each roll row stands in exactly one of its own side's. */
export const LIST_NAMES = ['linked', 'review', 'duplicates', 'not-found', 'roll-only', 'outside', 'errors'] as const
export const ListName = z.enum(LIST_NAMES)
export type ListName = z.infer<typeof ListName>

/** One line of a sum: what it counts and how many; `list`/`class` lead to the rows behind it. */
export const BalanceLine = z.object({
  id: z.string(),
  label: z.string(),
  count: z.number().int(),
  list: ListName.nullable(),
  class: z.string().nullable(),
  note: z.string().nullable(),
})
export type BalanceLine = z.infer<typeof BalanceLine>

export const RunSummary = z.object({
  /** 户籍收到行 − 错行 − 重复 − 已注销 − 义务未起 − 义务已终 = 应说明的人. First line the rows, last line the persons. */
  bridge: z.array(BalanceLine),
  /** 应说明的人 by where they stand: 对上 (by status), 疑似对应待审, 名册上未见. Adds up to the last line of the bridge. */
  population: z.array(BalanceLine),
  /** Roll rows by where they stand. Adds up to the rows received. */
  roll: z.array(BalanceLine),
  personsToAccountFor: z.number().int(),
  /** 待核: not-found plus review. */
  unexplained: z.number().int(),
  balances: z.boolean(),
  /** By township of registration: persons to account for, linked, review, not found. */
  byTownship: z.array(
    z.object({
      township: z.string(),
      persons: z.number().int(),
      linked: z.number().int(),
      review: z.number().int(),
      notFound: z.number().int(),
    }),
  ),
  lists: z.array(z.object({ list: ListName, label: z.string(), count: z.number().int() })),
  schoolYear: z.number().int(),
  populationRows: z.number().int(),
  rollRows: z.number().int(),
  engine: z.object({ version: z.string(), model: z.string() }),
  elapsedSeconds: z.number(),
})
export type RunSummary = z.infer<typeof RunSummary>

export const RUN_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const

/** `trial`: two sheets given for it, nothing is posted. `books`: committed batches, the differences are posted. */
export const RUN_PURPOSES = ['trial', 'books'] as const

export const RunLine = z.object({
  runId: uuid,
  purpose: z.enum(RUN_PURPOSES),
  /** 第几次比对 of this unit. */
  number: z.number().int(),
  unit: z.object({ unitId: z.number().int(), name: z.string() }),
  schoolYear: z.number().int(),
  state: z.enum(RUN_STATES),
  createdAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  createdBy: z.string(),
  /** Names of both sheets; of a books run, the days its batches speak of. */
  populationFile: z.string(),
  rollFile: z.string(),
  personsToAccountFor: z.number().int().nullable(),
  unexplained: z.number().int().nullable(),
})
export type RunLine = z.infer<typeof RunLine>

export const RunProgress = z.object({
  percent: z.number().min(0).max(100),
  /** What is being done, in Chinese. */
  stage: z.string(),
  rowsPerSecond: z.number().nullable(),
  remainingSeconds: z.number().nullable(),
})
export type RunProgress = z.infer<typeof RunProgress>

const SheetOfRun = z.object({
  fileName: z.string(),
  rows: z.number().int(),
  fingerprint: z.string(),
  encoding: z.string().nullable(),
})

export const Run = RunLine.extend({
  progress: RunProgress.nullable(),
  summary: RunSummary.nullable(),
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** Of a trial. */
  sheets: z.object({ population: SheetOfRun, roll: SheetOfRun }).nullable(),
  /** Of a books run. */
  inputs: z.array(RunInput).nullable(),
  posting: RunPosting.nullable(),
  mayCancel: z.boolean(),
  mayExport: z.boolean(),
  /** The earlier finished run of the unit, of the same purpose and year, and what else differs from it. */
  previous: z
    .object({
      runId: uuid,
      number: z.number().int(),
      unexplained: z.number().int(),
      inputs: z.array(InputChange),
      isSameModel: z.boolean(),
    })
    .nullable(),
})
export type Run = z.infer<typeof Run>

/** One masked row of a list. Which members are filled depends on the list. */
export const ResultRow = z.object({
  /** 0-based place in the list; names the row for revealing. */
  seq: z.number().int(),
  populationRow: z.number().int().nullable(),
  rollRow: z.number().int().nullable(),
  class: z.string().nullable(),
  classLabel: z.string().nullable(),
  /** Why, in words an officer understands. */
  reason: z.string().nullable(),
  name: z.string().nullable(),
  rollName: z.string().nullable(),
  sex: z.string().nullable(),
  birthDay: z.string().nullable(),
  rollBirthDay: z.string().nullable(),
  /** Masked: first three, last four. */
  citizenId: z.string().nullable(),
  rollCitizenId: z.string().nullable(),
  guardian: z.string().nullable(),
  township: z.string().nullable(),
  village: z.string().nullable(),
  school: z.string().nullable(),
  grade: z.string().nullable(),
  status: z.string().nullable(),
  nominalGrade: z.number().int().nullable(),
  score: z.number().nullable(),
})
export type ResultRow = z.infer<typeof ResultRow>

const runParams = z.object({ runId: uuid })
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
] as const

export const uploadSheet = defineRoute({
  id: 'run.upload-sheet',
  method: 'POST',
  path: '/runs/sheets',
  summary: '上传一张表并认列',
  access: 'run.create',
  kind: 'upload',
  query: z.object({ role: SheetRole }),
  answer: SheetInspection,
  problems: SHEET_PROBLEMS,
})

export const createRun = defineRoute({
  id: 'run.create',
  method: 'POST',
  path: '/runs',
  summary: '开始一次户籍 × 学籍比对',
  access: 'run.create',
  body: z.object({
    populationSheetId: uuid,
    rollSheetId: uuid,
    schoolYear: z.number().int().min(2000).max(2100),
    /** Field → 0-based column, where the officer mapped by hand; the recognised mapping otherwise. */
    populationColumns: z.record(FieldId, z.number().int().min(0).max(1000)).optional(),
    rollColumns: z.record(FieldId, z.number().int().min(0).max(1000)).optional(),
  }),
  answer: Run,
  problems: ['RUN.SAME_SHEET', 'SHEET.UNKNOWN_LAYOUT', 'SHEET.COLUMN_TWICE', 'IMPORT.COLUMN_TWICE'],
})

export const listBooksInputs = defineRoute({
  id: 'run.books-inputs',
  method: 'GET',
  path: '/runs/books',
  summary: '可以比对入账的批次',
  access: 'run.create',
  answer: z.object({ rows: z.array(RunInput), openRun: uuid.nullable() }),
})

export const createBooksRun = defineRoute({
  id: 'run.create-books',
  method: 'POST',
  path: '/runs/books',
  summary: '用已入库的批次比对并入账',
  access: 'run.create',
  body: z.object({
    /** Left out: every batch that speaks for the unit now. */
    batchIds: z.array(z.number().int().positive()).min(1).max(5000).optional(),
  }),
  /** `isSame`: the run before read the same and found the same; it is answered, and nothing is posted. */
  answer: Run.extend({ isSame: z.boolean() }),
  problems: ['RUN.NO_BATCHES', 'RUN.BATCH_UNDONE', 'RUN.BATCH_SUPERSEDED', 'RUN.BOOKS_OPEN'],
})

export const listRuns = defineRoute({
  id: 'run.list',
  method: 'GET',
  path: '/runs',
  summary: '本单位及下属的比对',
  access: 'run.read',
  query: pageQuery,
  answer: pageOf(RunLine),
})

export const readRun = defineRoute({
  id: 'run.read',
  method: 'GET',
  path: '/runs/:runId',
  summary: '一次比对：进度或结果',
  access: 'run.read',
  params: runParams,
  answer: Run,
})

export const cancelRun = defineRoute({
  id: 'run.cancel',
  method: 'POST',
  path: '/runs/:runId/cancel',
  summary: '取消比对',
  access: 'run.create',
  params: runParams,
  answer: Run,
  problems: ['RUN.NOT_RUNNING', 'RUN.POSTING'],
})

export const readList = defineRoute({
  id: 'run.read-list',
  method: 'GET',
  path: '/runs/:runId/lists/:list',
  summary: '结果名单（遮盖）',
  access: 'run.read',
  params: runParams.extend({ list: ListName }),
  query: pageQuery.extend({
    class: z.string().max(40).optional(),
    township: z.string().max(60).optional(),
    /** Name, school or village contains. */
    q: z.string().trim().max(40).optional(),
  }),
  answer: pageOf(ResultRow),
  problems: ['RUN.NOT_FINISHED', 'RUN.CANCELLED'],
})

export const revealRow = defineRoute({
  id: 'run.reveal-row',
  method: 'POST',
  path: '/runs/:runId/lists/:list/:seq/reveal',
  summary: '显示一行的证件号、电话、住址（写明事由，留痕）',
  access: 'run.reveal',
  params: runParams.extend({ list: ListName, seq: z.coerce.number().int().min(0) }),
  body: z.object({ reason: z.string().trim().max(200) }),
  answer: z.object({
    citizenId: z.string().nullable(),
    rollCitizenId: z.string().nullable(),
    guardian: z.string().nullable(),
    guardianPhone: z.string().nullable(),
    address: z.string().nullable(),
  }),
  problems: ['RUN.REASON_NEEDED', 'REQUEST.REASON_NUMBER', 'RUN.NOT_FINISHED', 'RUN.CANCELLED', 'REQUEST.TOO_MANY'],
})

export const downloadWorkbook = defineRoute({
  id: 'run.download',
  method: 'POST',
  path: '/runs/:runId/workbook',
  summary: '下载结果册（写明用途，留痕）',
  access: 'run.export',
  kind: 'download',
  params: runParams,
  body: z.object({ reason: z.string().trim().max(200) }),
  problems: ['RUN.REASON_NEEDED', 'REQUEST.REASON_NUMBER', 'RUN.NOT_FINISHED', 'RUN.CANCELLED'],
})

export const listDemoSheets = defineRoute({
  id: 'run.demo-sheets',
  method: 'GET',
  path: '/runs/demo-sheets',
  summary: '本单位的演示表（演示城市才有）',
  access: 'run.create',
  answer: z.object({ rows: z.array(z.object({ name: z.string(), role: SheetRole, bytes: z.number().int() })) }),
})

export const downloadDemoSheet = defineRoute({
  id: 'run.demo-sheet',
  method: 'GET',
  path: '/runs/demo-sheets/:name',
  summary: '下载一张演示表',
  access: 'run.create',
  kind: 'download',
  params: z.object({ name: z.string().min(1).max(120) }),
})

export const reconcileRoutes = [
  uploadSheet,
  createRun,
  listBooksInputs,
  createBooksRun,
  listRuns,
  listDemoSheets,
  downloadDemoSheet,
  readRun,
  cancelRun,
  readList,
  revealRow,
  downloadWorkbook,
  ...reviewRoutes,
  ...manifestRoutes,
  ...differenceRoutes,
  ...modelRoutes,
] as const
