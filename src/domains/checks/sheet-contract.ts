import { z } from 'zod'
import { defineRoute } from '../../kernel/route.ts'

const instant = z.iso.datetime({ offset: true })

/** Columns of the form, in its order. */
export const FORM_COLUMNS = [
  'rowId',
  'village',
  'household',
  'name',
  'sex',
  'birth',
  'citizenId',
  'guardian',
  'phone',
  'address',
  'rollSchool',
  'why',
  'due',
  'result',
  'method',
  'checker',
  'checkedDay',
  'papers',
  'province',
  'school',
  'pauseUntil',
  'remark',
] as const
export type FormColumnId = (typeof FORM_COLUMNS)[number]

/**
 * What becomes of a row: a result or a visit is noted, it closes by itself, it was said before, nothing was filled in, the task was
 * closed meanwhile, a child found at the door is new or known, or the row has to be mended.
 */
export const ROW_OUTCOMES = ['given', 'tried', 'closes', 'same', 'empty', 'closed', 'new', 'known', 'refused'] as const
export type RowOutcome = (typeof ROW_OUTCOMES)[number]

export const SheetCounts = z.object({
  rows: z.number().int(),
  ...Object.fromEntries(ROW_OUTCOMES.map((outcome) => [outcome, z.number().int()])),
}) as z.ZodObject<Record<'rows' | RowOutcome, z.ZodNumber>>
export type SheetCounts = z.infer<typeof SheetCounts>

export const CheckSheetRow = z.object({
  /** As the spreadsheet prints it in front. */
  row: z.number().int(),
  name: z.string(),
  outcome: z.enum(ROW_OUTCOMES),
  note: z.string().nullable(),
  findings: z.array(z.object({ column: z.enum(FORM_COLUMNS).nullable(), heading: z.string(), reason: z.string() })),
})
export type CheckSheetRow = z.infer<typeof CheckSheetRow>

export const CheckSheet = z.object({
  sheetId: z.uuid(),
  createdAt: instant,
  committedAt: instant.nullable(),
  /** Null where the rows have been deleted and nothing was written. */
  counts: SheetCounts.nullable(),
  /** What must be mended or deserves a look; not all where there are very many. */
  rows: z.array(CheckSheetRow),
})
export type CheckSheet = z.infer<typeof CheckSheet>

const reason = z.string().trim().max(200)
const sheetParams = z.object({ sheetId: z.uuid() })

/** One unit's form; without a unit, those of all units below the own one as an archive. */
export const downloadForm = defineRoute({
  id: 'check.form',
  method: 'POST',
  path: '/checks/forms',
  summary: '下发核查表（写明用途，留痕）',
  access: 'check.export',
  kind: 'download',
  body: z.object({ unitId: z.number().int().positive().optional(), reason }),
  problems: ['CHECK.REASON_NEEDED', 'REQUEST.REASON_NUMBER', 'CHECK.NO_TASKS', 'REQUEST.NOT_FOUND'],
})

export const PrintRow = z.object({
  caseId: z.number().int(),
  village: z.string(),
  household: z.string(),
  name: z.string(),
  sex: z.string(),
  birth: z.string(),
  citizenId: z.string(),
  guardian: z.string(),
  phone: z.string(),
  address: z.string(),
  rollSchool: z.string(),
  why: z.string(),
  due: z.string(),
})
export type PrintRow = z.infer<typeof PrintRow>

/** [CHECK-9] The list for the door-to-door check, by village and household. */
export const printForm = defineRoute({
  id: 'check.print',
  method: 'POST',
  path: '/checks/print',
  summary: '打印走访单（写明用途，留痕）',
  access: 'check.export',
  body: z.object({ unitId: z.number().int().positive(), reason }),
  answer: z.object({
    unit: z.string(),
    day: z.string(),
    person: z.string(),
    blank: z.number().int(),
    rows: z.array(PrintRow),
  }),
  problems: ['CHECK.REASON_NEEDED', 'REQUEST.REASON_NUMBER', 'CHECK.NO_TASKS', 'REQUEST.NOT_FOUND'],
})
export type PrintForm = z.infer<typeof printForm.answer>

/** Reads and checks the form; writes nothing. */
export const uploadForm = defineRoute({
  id: 'check-sheet.upload',
  method: 'POST',
  path: '/checks/sheets',
  summary: '上传核查表，逐行查错',
  access: 'check.report',
  kind: 'upload',
  answer: CheckSheet,
  problems: ['SHEET.UNKNOWN_LAYOUT', 'SHEET.NO_ROWS', 'SHEET.NO_HEADER', 'FILE.UNREADABLE', 'REQUEST.TOO_LARGE'],
})

export const listSheets = defineRoute({
  id: 'check-sheet.list',
  method: 'GET',
  path: '/checks/sheets',
  summary: '自己上传过的核查表',
  access: 'check.report',
  answer: z.object({ rows: z.array(CheckSheet.omit({ rows: true })) }),
})

export const readSheet = defineRoute({
  id: 'check-sheet.read',
  method: 'GET',
  path: '/checks/sheets/:sheetId',
  summary: '一张核查表',
  access: 'check.report',
  params: sheetParams,
  answer: CheckSheet,
})

/** The good rows; those to be mended come with the next sheet. */
export const commitSheet = defineRoute({
  id: 'check-sheet.commit',
  method: 'POST',
  path: '/checks/sheets/:sheetId/commit',
  summary: '按表记下核查结果',
  access: 'check.report',
  params: sheetParams,
  answer: CheckSheet,
  problems: ['CHECK.SHEET_GONE', 'CASE.NOBODY_ANSWERS'],
})

export const checkSheetRoutes = [downloadForm, printForm, uploadForm, listSheets, readSheet, commitSheet] as const
