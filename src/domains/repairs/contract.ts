import { z } from 'zod'
import { findPlainDate, type PlainDate } from '../../kernel/plain-date.ts'
import { defineRoute, idInPath, pageOf, pageQuery } from '../../kernel/route.ts'
import { DISMISS_CAUSES, FIELDS, HINTS, RIGHTS, SIDES, STATES } from './kinds.ts'

const day = z.iso.date()
const askedDay = z.iso
  .date()
  .refine((text) => findPlainDate(text) !== undefined)
  .transform((text) => text as PlainDate)
/** Ids of eight bytes. */
const longId = z.number().int().positive()
const repairParams = z.object({ repairId: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })
const listParams = z.object({ listId: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })
const reason = z.string().trim().max(200)

/** A value in pieces: what the other side does not say is marked. ID numbers are masked. */
const Marked = z.array(z.object({ text: z.string(), isDifferent: z.boolean() })).nullable()
const Evidence = z.object({ page: z.string(), day: day.nullable() })

export const RepairLine = z.object({
  repairId: longId,
  childId: longId,
  name: z.string(),
  /** Where it is mended: the school, or the place of registration. */
  group: z.object({ id: z.number().int(), name: z.string() }).nullable(),
  grade: z.number().int().nullable(),
  className: z.string().nullable(),
  field: z.enum(FIELDS),
  register: Marked,
  roll: Marked,
  /** Only the side that mends has a row. */
  isAlone: z.boolean(),
  hint: z.enum(HINTS).nullable(),
  suggested: z.enum(SIDES).nullable(),
  rightSide: z.enum(RIGHTS).nullable(),
  /** What neither side says, typed by who decided; masked. */
  rightValue: z.string().nullable(),
  evidence: Evidence.nullable(),
  mends: z.enum(SIDES),
  state: z.enum(STATES),
  foundDay: day,
  isOld: z.boolean(),
  sentDay: day.nullable(),
  listNumber: z.number().int().nullable(),
  /** Exports since it was first sent that did not carry the right value. */
  rounds: z.number().int(),
  agreedDay: day.nullable(),
  dismissCause: z.enum(DISMISS_CAUSES).nullable(),
})
export type RepairLine = z.infer<typeof RepairLine>

export const RepairCounts = z.object({
  /** Found, confirmed, sent or unchanged. */
  open: z.number().int(),
  /** Nobody said yet which side is right. */
  toDecide: z.number().int(),
  /** Confirmed, or unchanged after the last export: ready for the next list. */
  toSend: z.number().int(),
  /** Sent, and no export since. */
  waiting: z.number().int(),
  unchanged: z.number().int(),
  agreed: z.number().int(),
  dismissed: z.number().int(),
  /** Open for more days than the parameter allows. */
  old: z.number().int(),
})
export type RepairCounts = z.infer<typeof RepairCounts>

export const WORKS = ['open', 'to-decide', 'to-send', 'waiting', 'unchanged', 'agreed', 'dismissed', 'old'] as const
export type Work = (typeof WORKS)[number]

export const listRepairs = defineRoute({
  id: 'repair.list',
  method: 'GET',
  path: '/repairs',
  summary: '修正清单：姓名、证件号等两边不一致的',
  access: 'repair.read',
  query: pageQuery.extend({
    mends: z.enum(SIDES).default('roll'),
    work: z.enum(WORKS).default('open'),
    field: z.enum(FIELDS).optional(),
    schoolId: idInPath.optional(),
  }),
  answer: pageOf(RepairLine).extend({
    mends: z.enum(SIDES),
    counts: z.object({ roll: RepairCounts, register: RepairCounts }),
    schools: z.array(z.object({ unitId: z.number().int(), name: z.string(), count: z.number().int() })),
    oldDays: z.number().int(),
    today: day,
    /** The reader decides and sends. */
    mayDecide: z.boolean(),
  }),
})
export type RepairPage = z.infer<typeof listRepairs.answer>

export const countRepairLines = defineRoute({
  id: 'repair.counts',
  method: 'GET',
  path: '/repairs/counts',
  summary: '修正清单：各环节件数',
  access: 'repair.read',
  answer: z.object({ roll: RepairCounts, register: RepairCounts }),
})

export const decideRepair = defineRoute({
  id: 'repair.decide',
  method: 'POST',
  path: '/repairs/:repairId/right',
  summary: '修正清单：认定哪一边对，或填写户口簿上的写法',
  access: 'repair.decide',
  params: repairParams,
  body: z.object({
    right: z.enum(RIGHTS),
    value: z.string().trim().max(60).optional(),
    /** Page number or number of the household book. */
    page: z.string().trim().max(40).optional(),
    seenDay: askedDay.optional(),
  }),
  answer: RepairLine,
  problems: ['REQUEST.NOT_FOUND', 'REPAIR.NOT_RIGHT', 'REPAIR.MOVED_ON'],
})

export const undoRepair = defineRoute({
  id: 'repair.undo',
  method: 'POST',
  path: '/repairs/:repairId/undo',
  summary: '修正清单：收回认定，或收回“不用改”',
  access: 'repair.decide',
  params: repairParams,
  answer: RepairLine,
  problems: ['REQUEST.NOT_FOUND', 'REPAIR.MOVED_ON'],
})

export const dismissRepair = defineRoute({
  id: 'repair.dismiss',
  method: 'POST',
  path: '/repairs/:repairId/dismissal',
  summary: '修正清单：两边可以不同，不用改',
  access: 'repair.decide',
  params: repairParams,
  body: z.object({ cause: z.enum(DISMISS_CAUSES) }),
  answer: RepairLine,
  problems: ['REQUEST.NOT_FOUND', 'REPAIR.MOVED_ON'],
})

export const revealRepair = defineRoute({
  id: 'repair.reveal',
  method: 'POST',
  path: '/repairs/:repairId/reveal',
  summary: '修正清单：写明事由，看完整的两边',
  access: 'repair.decide',
  params: repairParams,
  body: z.object({ reason }),
  answer: z.object({
    roll: z.string().nullable(),
    register: z.string().nullable(),
    right: z.string().nullable(),
    studentNo: z.string().nullable(),
    citizenId: z.string().nullable(),
  }),
  problems: ['REQUEST.NOT_FOUND', 'RUN.REASON_NEEDED', 'REQUEST.REASON_NUMBER'],
})

export const ChangeList = z.object({
  listId: longId,
  number: z.number().int(),
  mends: z.enum(SIDES),
  unit: z.string(),
  /** Null: every school of the unit. */
  school: z.string().nullable(),
  madeDay: day,
  count: z.number().int(),
  agreed: z.number().int(),
  unchanged: z.number().int(),
  /** Given by the own unit: it may be taken again. */
  isOwn: z.boolean(),
  isWithdrawn: z.boolean(),
})
export type ChangeList = z.infer<typeof ChangeList>

export const listChangeLists = defineRoute({
  id: 'repair.lists',
  method: 'GET',
  path: '/repairs/lists',
  summary: '更正清单：发出了哪些，已一致多少',
  access: 'repair.read',
  query: pageQuery,
  answer: pageOf(ChangeList),
})

export const makeChangeList = defineRoute({
  id: 'repair.make-list',
  method: 'POST',
  path: '/repairs/lists',
  summary: '更正清单：把待发出的编成一号清单',
  access: 'repair.decide',
  body: z.object({ mends: z.enum(SIDES), schoolId: idInPath.optional() }),
  answer: ChangeList,
  problems: ['REPAIR.NOTHING_TO_SEND', 'REQUEST.NOT_FOUND'],
})

export const downloadChangeList = defineRoute({
  id: 'repair.download-list',
  method: 'POST',
  path: '/repairs/lists/:listId/workbook',
  summary: '下载更正清单（写明用途，留痕）',
  access: 'repair.decide',
  kind: 'download',
  params: listParams,
  body: z.object({ reason }),
  problems: ['REQUEST.NOT_FOUND', 'REPAIR.LIST_WITHDRAWN', 'RUN.REASON_NEEDED', 'REQUEST.REASON_NUMBER'],
})

export const withdrawChangeList = defineRoute({
  id: 'repair.withdraw-list',
  method: 'POST',
  path: '/repairs/lists/:listId/withdrawal',
  summary: '更正清单：没有交出去的，收回',
  access: 'repair.decide',
  params: listParams,
  answer: ChangeList,
  problems: ['REQUEST.NOT_FOUND', 'REPAIR.LIST_ANSWERED'],
})

export const repairRoutes = [
  listRepairs,
  countRepairLines,
  decideRepair,
  undoRepair,
  dismissRepair,
  revealRepair,
  listChangeLists,
  makeChangeList,
  downloadChangeList,
  withdrawChangeList,
] as const
