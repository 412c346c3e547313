import { z } from 'zod'
import { findPlainDate, type PlainDate } from '../../kernel/plain-date.ts'
import { defineRoute, idInPath, pageOf, pageQuery } from '../../kernel/route.ts'
import { ACCOUNT_CODES, AGES, BASES, EVIDENCE_KINDS } from '../whereabouts/index.ts'

const day = z.iso.date()
const askedDay = z.iso
  .date()
  .refine((text) => findPlainDate(text) !== undefined)
  .transform((text) => text as PlainDate)
/** Ids of eight bytes. */
const longId = z.number().int().positive()

/** One child as a list shows it: the name for those with a tie, no number, no telephone, no address. */
export const ChildLine = z.object({
  childId: longId,
  name: z.string(),
  /** 1 male, 2 female. */
  sex: z.number().int().nullable(),
  birthDay: day.nullable(),
  /** Where a child of this age should be: 1 to 9; below and above when not of age. */
  nominalGrade: z.number().int().nullable(),
  /** Null: not in the books. */
  account: z.enum(ACCOUNT_CODES).nullable(),
  since: day.nullable(),
  /** Village, township or district of registration, or else of residence. */
  place: z.string().nullable(),
  school: z.string().nullable(),
  evidence: z.enum(EVIDENCE_KINDS).nullable(),
  confirmed: day.nullable(),
  caseId: longId.nullable(),
})
export type ChildLine = z.infer<typeof ChildLine>

/** The children behind a figure of the balance. */
export const listChildLines = defineRoute({
  id: 'child.list',
  method: 'GET',
  path: '/children',
  summary: '名单：一个数背后的孩子',
  access: 'child.read',
  query: pageQuery.extend({
    unitId: idInPath.optional(),
    base: z.enum(BASES).default('R'),
    account: z.enum(ACCOUNT_CODES).optional(),
    group: z.coerce.number().int().min(1).max(5).optional(),
    age: z.enum(AGES).optional(),
    asOf: askedDay.optional(),
    knownAt: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  }),
  answer: pageOf(ChildLine).extend({ asOf: day, knownAt: z.number().int(), unit: z.string() }),
  problems: ['REQUEST.NOT_FOUND', 'BOOK.NOT_OPEN', 'BOOK.DAY_NOT_CLOSED'],
})

/** By full name, ID number or student number, in the body so that none of them stands in an address. */
export const findChildLines = defineRoute({
  id: 'child.find',
  method: 'POST',
  path: '/children/find',
  summary: '名单：按姓名、证件号或学籍号找孩子',
  access: 'child.read',
  body: z.object({ text: z.string().trim().min(2).max(40) }),
  answer: z.object({ rows: z.array(ChildLine) }),
})

export const childrenRoutes = [listChildLines, findChildLines] as const
