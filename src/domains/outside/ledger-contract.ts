import { z } from 'zod'
import { findPlainDate, type PlainDate } from '../../kernel/plain-date.ts'
import { defineRoute } from '../../kernel/route.ts'
import { ACCOUNT_CODES } from '../whereabouts/index.ts'
import { LEDGER_COLUMNS, LEDGER_KINDS } from './ledger-kinds.ts'

const instant = z.iso.datetime({ offset: true })
const day = z.iso.date()
const askedDay = z.iso
  .date()
  .refine((text) => findPlainDate(text) !== undefined)
  .transform((text) => text as PlainDate)

export const LedgerKindSchema = z.enum(LEDGER_KINDS)

/** A child is found or gets a file of its own; what stands already is left; the row must be mended. */
export const LEDGER_OUTCOMES = ['found', 'made', 'held', 'refused'] as const
export type LedgerOutcome = (typeof LEDGER_OUTCOMES)[number]

export const LedgerRow = z.object({
  /** As the spreadsheet prints it in front. */
  row: z.number().int(),
  name: z.string(),
  /** Masked. */
  citizenId: z.string(),
  birth: day.nullable(),
  outcome: z.enum(LEDGER_OUTCOMES),
  account: z.enum(ACCOUNT_CODES).nullable(),
  from: day.nullable(),
  /** First day on which the paper proves nothing any more; a pause ends on its day. */
  until: day.nullable(),
  note: z.string().nullable(),
  findings: z.array(
    z.object({
      column: z.enum(LEDGER_COLUMNS),
      heading: z.string(),
      reason: z.string(),
      isRefusing: z.boolean(),
    }),
  ),
})
export type LedgerRow = z.infer<typeof LedgerRow>

export const LedgerCounts = z.object({
  rows: z.number().int(),
  found: z.number().int(),
  made: z.number().int(),
  held: z.number().int(),
  refused: z.number().int(),
  /** By account, of the rows that go in. */
  accounts: z.array(z.object({ account: z.enum(ACCOUNT_CODES), count: z.number().int() })),
})
export type LedgerCounts = z.infer<typeof LedgerCounts>

export const LedgerLine = z.object({
  sheetId: z.uuid(),
  kind: LedgerKindSchema,
  asOf: day,
  createdAt: instant,
  createdBy: z.string(),
  committedAt: instant.nullable(),
  undoneAt: instant.nullable(),
  counts: LedgerCounts.nullable(),
  /** Not confirmed within a day: its rows have been deleted. */
  isGone: z.boolean(),
})
export type LedgerLine = z.infer<typeof LedgerLine>

export const LedgerSheet = LedgerLine.extend({
  /** What must be mended first; not all where there are very many, none once it is written. */
  rows: z.array(LedgerRow),
  mayUndo: z.boolean(),
})
export type LedgerSheet = z.infer<typeof LedgerSheet>

const sheetParams = z.object({ sheetId: z.uuid() })

export const ledgerTemplate = defineRoute({
  id: 'ledger.template',
  method: 'GET',
  path: '/ledgers/template',
  summary: '上期台账结转：空表',
  access: 'outside.write',
  kind: 'download',
  query: z.object({ kind: LedgerKindSchema }),
})

/** Reads and checks the sheet; posts nothing. */
export const uploadLedger = defineRoute({
  id: 'ledger.upload',
  method: 'POST',
  path: '/ledgers',
  summary: '上期台账结转：上传一张，逐行查错',
  access: 'outside.write',
  kind: 'upload',
  query: z.object({ kind: LedgerKindSchema, asOf: askedDay }),
  answer: LedgerSheet,
  problems: [
    'SHEET.UNKNOWN_LAYOUT',
    'SHEET.NO_ROWS',
    'SHEET.NO_HEADER',
    'FILE.UNREADABLE',
    'REQUEST.TOO_LARGE',
    'LEDGER.SAME',
  ],
})

export const listLedgers = defineRoute({
  id: 'ledger.list',
  method: 'GET',
  path: '/ledgers',
  summary: '上期台账结转：传过的台账',
  access: 'outside.read',
  answer: z.object({ rows: z.array(LedgerLine), today: day }),
})

export const readLedger = defineRoute({
  id: 'ledger.read',
  method: 'GET',
  path: '/ledgers/:sheetId',
  summary: '上期台账结转：看一张',
  access: 'outside.read',
  params: sheetParams,
  answer: LedgerSheet,
  problems: ['REQUEST.NOT_FOUND'],
})

export const commitLedger = defineRoute({
  id: 'ledger.commit',
  method: 'POST',
  path: '/ledgers/:sheetId/commit',
  summary: '上期台账结转：入账',
  access: 'outside.write',
  params: sheetParams,
  body: z.object({
    /** `whole`: every row or none; `good-rows`: those that must be mended stay out. */
    mode: z.enum(['whole', 'good-rows']),
  }),
  answer: LedgerSheet,
  problems: ['REQUEST.NOT_FOUND', 'LEDGER.REFUSED', 'LEDGER.GONE', 'LEDGER.SAME', 'CASE.NOBODY_ANSWERS'],
})

export const undoLedger = defineRoute({
  id: 'ledger.undo',
  method: 'POST',
  path: '/ledgers/:sheetId/undo',
  summary: '上期台账结转：撤销',
  access: 'outside.write',
  params: sheetParams,
  body: z.object({ reason: z.string().max(500) }),
  answer: LedgerSheet,
  problems: ['REQUEST.NOT_FOUND', 'LEDGER.NOT_POSTED', 'RUN.REASON_NEEDED'],
})

export const ledgerRoutes = [ledgerTemplate, uploadLedger, listLedgers, readLedger, commitLedger, undoLedger] as const
