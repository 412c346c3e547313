import { z } from 'zod'
import { defineRoute } from '../../kernel/route.ts'
import { instant } from './contract-days.ts'

/** Columns of the sheet, in its order. */
export const SHEET_COLUMNS = ['person', 'login', 'role', 'unit', 'from'] as const
export type SheetColumn = (typeof SHEET_COLUMNS)[number]

/** What becomes of a row: an account is opened, an account there gets the post, all is there already, the row must be mended. */
export const ROW_OUTCOMES = ['opened', 'given', 'held', 'refused'] as const
export type RowOutcome = (typeof ROW_OUTCOMES)[number]

export const AccountSheetRow = z.object({
  /** As the spreadsheet prints it in front. */
  row: z.number().int(),
  person: z.string(),
  /** As given, or as it will be made. */
  login: z.string(),
  role: z.string(),
  unit: z.string(),
  /** The unit that is meant, by name path. */
  place: z.string().nullable(),
  from: z.string(),
  outcome: z.enum(ROW_OUTCOMES),
  note: z.string().nullable(),
  findings: z.array(z.object({ column: z.enum(SHEET_COLUMNS), heading: z.string(), reason: z.string() })),
})
export type AccountSheetRow = z.infer<typeof AccountSheetRow>

export const SheetCounts = z.object({
  rows: z.number().int(),
  opened: z.number().int(),
  given: z.number().int(),
  held: z.number().int(),
  refused: z.number().int(),
})
export type SheetCounts = z.infer<typeof SheetCounts>

/** `gone`: the day is over in which they could be taken. */
export const PASSWORD_STATES = ['none', 'drawing', 'failed', 'ready', 'taken', 'gone'] as const

export const AccountSheet = z.object({
  sheetId: z.uuid(),
  createdAt: instant,
  committedAt: instant.nullable(),
  /** Null where the rows have been deleted and nothing was written. */
  counts: SheetCounts.nullable(),
  /** What must be mended first; not all where there are very many, none once it is written. */
  rows: z.array(AccountSheetRow),
  passwords: z.object({
    state: z.enum(PASSWORD_STATES),
    done: z.number().int(),
    total: z.number().int(),
    until: instant.nullable(),
    takenAt: instant.nullable(),
    problem: z.string().nullable(),
    /** Accounts of this sheet in which nobody has signed in yet. */
    unused: z.number().int(),
  }),
})
export type AccountSheet = z.infer<typeof AccountSheet>

export const AccountSheetLine = z.object({
  sheetId: z.uuid(),
  createdAt: instant,
  committedAt: instant.nullable(),
  counts: SheetCounts.nullable(),
  /** Not confirmed within a day: its rows have been deleted. */
  isGone: z.boolean(),
  hasPasswords: z.boolean(),
})
export type AccountSheetLine = z.infer<typeof AccountSheetLine>

const sheetParams = z.object({ sheetId: z.uuid() })

export const accountSheetTemplate = defineRoute({
  id: 'account-sheet.template',
  method: 'GET',
  path: '/account-sheets/template',
  summary: '开账号的空表，带可填的角色和机构',
  access: 'account.write',
  kind: 'download',
})

/** Reads and checks the sheet; writes no account. */
export const uploadAccountSheet = defineRoute({
  id: 'account-sheet.upload',
  method: 'POST',
  path: '/account-sheets',
  summary: '上传开账号的表，逐行查错',
  access: 'account.write',
  kind: 'upload',
  answer: AccountSheet,
  problems: ['SHEET.UNKNOWN_LAYOUT', 'SHEET.NO_ROWS', 'SHEET.NO_HEADER', 'FILE.UNREADABLE', 'REQUEST.TOO_LARGE'],
})

export const listAccountSheets = defineRoute({
  id: 'account-sheet.list',
  method: 'GET',
  path: '/account-sheets',
  summary: '自己上传过的开账号的表',
  access: 'account.write',
  answer: z.object({ rows: z.array(AccountSheetLine) }),
})

export const readAccountSheet = defineRoute({
  id: 'account-sheet.read',
  method: 'GET',
  path: '/account-sheets/:sheetId',
  summary: '一张开账号的表',
  access: 'account.write',
  params: sheetParams,
  answer: AccountSheet,
})

/** All rows in one transaction, or none. */
export const commitAccountSheet = defineRoute({
  id: 'account-sheet.commit',
  method: 'POST',
  path: '/account-sheets/:sheetId/commit',
  summary: '按表开账号',
  access: 'account.write',
  params: sheetParams,
  answer: AccountSheet,
  problems: ['ACCOUNT.SHEET_REFUSED', 'ACCOUNT.SHEET_GONE', 'REQUEST.NOT_SAVED'],
})

/** Once, and only by who asked for them. */
export const takeFirstPasswords = defineRoute({
  id: 'account-sheet.take-passwords',
  method: 'POST',
  path: '/account-sheets/:sheetId/passwords',
  summary: '领取初始密码册（只能一次）',
  access: 'account.write',
  kind: 'download',
  params: sheetParams,
  problems: ['ACCOUNT.PASSWORDS_GONE'],
})

/** New first passwords for the accounts of the sheet in which nobody has signed in yet. */
export const redrawFirstPasswords = defineRoute({
  id: 'account-sheet.redraw-passwords',
  method: 'POST',
  path: '/account-sheets/:sheetId/redraw',
  summary: '给还没登录过的人重发初始密码',
  access: 'account.write',
  params: sheetParams,
  answer: AccountSheet,
  problems: ['ACCOUNT.ALL_SIGNED_IN'],
})

export const accountSheetRoutes = [
  accountSheetTemplate,
  uploadAccountSheet,
  listAccountSheets,
  readAccountSheet,
  commitAccountSheet,
  takeFirstPasswords,
  redrawFirstPasswords,
] as const
