import { z } from 'zod'
import { findPlainDate, type PlainDate } from '../../kernel/plain-date.ts'
import { defineRoute, givenId, pageOf, pageQuery } from '../../kernel/route.ts'
import { ACCOUNT_CODES } from '../whereabouts/index.ts'
import { ledgerRoutes } from './ledger-contract.ts'
import { AIDS, ANSWERS, ENDINGS, LINE_STATES, PROOFS, REASONS } from './rules.ts'

const day = z.iso.date()
const askedDay = z.iso
  .date()
  .refine((text) => findPlainDate(text) !== undefined)
  .transform((text) => text as PlainDate)
const longId = z.number().int().positive()
const longIdInPath = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER)
const givenLongId = longId.max(Number.MAX_SAFE_INTEGER)
const givenPlace = z.string().regex(/^\d{6}$/)

/** `out`: children of the own branch at school elsewhere; `in`: children of elsewhere at school in the own branch. */
export const DIRECTIONS = ['out', 'in'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** What a list may be narrowed to beside the states of a line. */
export const FILTERS = ['to-answer', 'expiring', 'expired', ...LINE_STATES] as const
export type LineFilter = (typeof FILTERS)[number]

export const OutsideLine = z.object({
  lineId: longId,
  /** Null: no tie of the own unit; the child's file cannot be opened from here. */
  childId: longId.nullable(),
  direction: z.enum(DIRECTIONS),
  name: z.string(),
  birth: day.nullable(),
  /** Masked. */
  citizenId: z.string().nullable(),
  home: z.string(),
  host: z.string(),
  school: z.string(),
  grade: z.number().int().nullable(),
  state: z.enum(LINE_STATES),
  answer: z.enum(ANSWERS).nullable(),
  proof: z.enum(PROOFS).nullable(),
  checkedDay: day.nullable(),
  validUntil: day.nullable(),
  dueDay: day.nullable(),
})
export type OutsideLine = z.infer<typeof OutsideLine>

export const OutsideList = pageOf(OutsideLine).extend({
  today: day,
  /** Of the direction, before the other filters. */
  counts: z.object({
    out: z.number().int(),
    in: z.number().int(),
    toAnswer: z.number().int(),
    open: z.number().int(),
    silent: z.number().int(),
    denied: z.number().int(),
    expiring: z.number().int(),
    expired: z.number().int(),
  }),
  /** Places of the direction, the most first. */
  places: z.array(z.object({ place: z.string(), name: z.string(), count: z.number().int() })),
  expiringDays: z.number().int(),
})
export type OutsideList = z.infer<typeof OutsideList>

export const OutsideDetail = OutsideLine.extend({
  account: z.enum(ACCOUNT_CODES).nullable(),
  sinceDay: day.nullable(),
  askedDay: day.nullable(),
  ending: z.enum(ENDINGS).nullable(),
  endedDay: day.nullable(),
  /** Null: not for this side. */
  family: z
    .object({ reason: z.enum(REASONS).nullable(), aid: z.enum(AIDS).nullable(), phones: z.array(z.string()) })
    .nullable(),
  isHome: z.boolean(),
  isHost: z.boolean(),
  hostIsOurs: z.boolean(),
  mayWrite: z.boolean(),
  mayConfirm: z.boolean(),
  events: z.array(z.object({ kind: z.string(), day, answer: z.string().nullable(), unit: z.string().nullable() })),
  today: day,
})
export type OutsideDetail = z.infer<typeof OutsideDetail>

export const listLines = defineRoute({
  id: 'outside.list',
  method: 'GET',
  path: '/outside',
  summary: '区外就读：台账',
  access: 'outside.read',
  query: pageQuery.extend({
    direction: z.enum(DIRECTIONS).default('out'),
    filter: z.enum(FILTERS).optional(),
    place: givenPlace.optional(),
  }),
  answer: OutsideList,
})

const lineParams = z.object({ lineId: longIdInPath })

export const readLine = defineRoute({
  id: 'outside.read',
  method: 'GET',
  path: '/outside/:lineId',
  summary: '区外就读：看一条',
  access: 'outside.read',
  params: lineParams,
  answer: OutsideDetail,
  problems: ['REQUEST.NOT_FOUND'],
})

const proven = {
  proof: z.enum(PROOFS),
  checkedDay: askedDay,
  /** Last day of the paper, where it says one; it never holds longer than the rules of the books. */
  lastDay: askedDay.optional(),
}

export const addLine = defineRoute({
  id: 'outside.add',
  method: 'POST',
  path: '/outside',
  summary: '区外就读：记一条',
  access: 'outside.write',
  body: z.object({
    childId: givenLongId,
    /** A district or zone of the city ... */
    hostUnitId: givenId.optional(),
    /** ... or a province, of six digits. */
    hostPlace: givenPlace.optional(),
    schoolId: givenId.optional(),
    school: z.string().trim().min(2).max(60),
    grade: z.number().int().min(1).max(9).optional(),
    sinceDay: askedDay.optional(),
    reason: z.enum(REASONS).optional(),
    aid: z.enum(AIDS).optional(),
    /** Left out: a district of the city is asked at once. */
    proven: z.object(proven).optional(),
  }),
  answer: OutsideDetail,
  problems: ['REQUEST.NOT_FOUND', 'OUTSIDE.HAS_LINE', 'CASE.NOBODY_ANSWERS'],
})

const MOVE_PROBLEMS = ['REQUEST.NOT_FOUND', 'OUTSIDE.NOT_NOW', 'OUTSIDE.OTHER_SIDE'] as const

export const askOther = defineRoute({
  id: 'outside.ask',
  method: 'POST',
  path: '/outside/:lineId/ask',
  summary: '区外就读：请对方确认',
  access: 'outside.write',
  params: lineParams,
  answer: OutsideDetail,
  problems: MOVE_PROBLEMS,
})

export const proveLine = defineRoute({
  id: 'outside.prove',
  method: 'POST',
  path: '/outside/:lineId/proof',
  summary: '区外就读：登记查询回复或就读证明',
  access: 'outside.write',
  params: lineParams,
  body: z.object({
    proof: z.enum(['registry-reply', 'certificate']),
    checkedDay: askedDay,
    /** Last day of the paper, where it says one. */
    lastDay: askedDay.optional(),
  }),
  answer: OutsideDetail,
  problems: [...MOVE_PROBLEMS, 'CASE.NOBODY_ANSWERS'],
})

/** The side where the child is at school: seen in class, or not here. */
export const answerLine = defineRoute({
  id: 'outside.answer',
  method: 'POST',
  path: '/outside/:lineId/answer',
  summary: '区外就读：答复对方区县',
  access: 'outside.confirm',
  params: lineParams,
  body: z.discriminatedUnion('is', [
    z.object({ is: z.literal('here'), seenDay: askedDay, schoolId: givenId.optional() }),
    z.object({ is: z.literal('not-here'), answer: z.enum(ANSWERS) }),
  ]),
  answer: OutsideDetail,
  problems: [...MOVE_PROBLEMS, 'CASE.NOBODY_ANSWERS'],
})

/** The side of the home, for a place out of the city: what came back is that the child is not there. */
export const denyLine = defineRoute({
  id: 'outside.deny',
  method: 'POST',
  path: '/outside/:lineId/denial',
  summary: '区外就读：登记对方称不在',
  access: 'outside.write',
  params: lineParams,
  body: z.object({ answer: z.enum(ANSWERS) }),
  answer: OutsideDetail,
  problems: [...MOVE_PROBLEMS, 'CASE.NOBODY_ANSWERS'],
})

export const endLine = defineRoute({
  id: 'outside.end',
  method: 'POST',
  path: '/outside/:lineId/end',
  summary: '区外就读：结束一条',
  access: 'outside.write',
  params: lineParams,
  body: z.object({ ending: z.enum(ENDINGS), day: askedDay, schoolId: givenId.optional() }),
  answer: OutsideDetail,
  problems: [...MOVE_PROBLEMS, 'CASE.NOBODY_ANSWERS', 'ENTRY.NOT_LAWFUL'],
})

/** Districts of the city and provinces that a child may be at school in. */
export const listPlaces = defineRoute({
  id: 'outside.places',
  method: 'GET',
  path: '/outside-places',
  summary: '区外就读：可选的就读地',
  access: 'outside.read',
  answer: z.object({
    districts: z.array(z.object({ unitId: z.number().int(), name: z.string() })),
    provinces: z.array(z.object({ place: z.string(), name: z.string() })),
  }),
})

/** Children that wait for another province, as one workbook a province. */
export const requestList = defineRoute({
  id: 'outside.request',
  method: 'POST',
  path: '/outside-requests',
  summary: '区外就读：导出查询表',
  access: 'outside.write',
  kind: 'download',
  body: z.object({ place: givenPlace }),
  problems: ['OUTSIDE.NOTHING_TO_ASK'],
})

export const ReplyReport = z.object({
  confirmed: z.number().int(),
  denied: z.number().int(),
  /** Told so already. */
  unchanged: z.number().int(),
  /** Nothing was written in them. */
  unanswered: z.number().int(),
  findings: z.array(z.object({ row: z.number().int(), heading: z.string().nullable(), reason: z.string() })),
})
export type ReplyReport = z.infer<typeof ReplyReport>

export const uploadReplies = defineRoute({
  id: 'outside.replies',
  method: 'POST',
  path: '/outside-replies',
  summary: '区外就读：收回查询表',
  access: 'outside.write',
  kind: 'upload',
  answer: ReplyReport,
  problems: ['SHEET.UNKNOWN_LAYOUT', 'SHEET.NO_ROWS', 'SHEET.NO_HEADER', 'FILE.UNREADABLE', 'REQUEST.TOO_LARGE'],
})

export const FLOW_GROUPS = ['core', 'district', 'province'] as const
export type FlowGroup = (typeof FLOW_GROUPS)[number]
/** Own children that left, own that came back, and children of elsewhere that came. */
export const FLOW_WAYS = ['left', 'returned', 'came'] as const
export type FlowWay = (typeof FLOW_WAYS)[number]

const schoolYear = z.coerce.number().int().min(2000).max(2100)

export const readFlows = defineRoute({
  id: 'outside.flows',
  method: 'GET',
  path: '/outside-flows',
  summary: '区外就读：流出、回流与流入',
  access: 'outside.read',
  answer: z.object({
    /** The day up to which it is counted. */
    day: day,
    unit: z.string(),
    rows: z.array(
      z.object({
        schoolYear: z.number().int(),
        group: z.enum(FLOW_GROUPS),
        left: z.number().int(),
        returned: z.number().int(),
        came: z.number().int(),
      }),
    ),
    core: z.object({ names: z.array(z.string()), source: z.string(), isToVerify: z.boolean() }),
  }),
})

export const listFlowChildren = defineRoute({
  id: 'outside.flow-children',
  method: 'GET',
  path: '/outside-flows/children',
  summary: '区外就读：流动的孩子',
  access: 'outside.read',
  query: z.object({ schoolYear, group: z.enum(FLOW_GROUPS), way: z.enum(FLOW_WAYS) }),
  answer: z.object({
    rows: z.array(
      z.object({
        childId: longId.nullable(),
        lineId: longId.nullable(),
        name: z.string(),
        birth: day.nullable(),
        place: z.string(),
        day: day,
      }),
    ),
  }),
})

export const outsideRoutes = [
  listLines,
  readLine,
  addLine,
  askOther,
  proveLine,
  answerLine,
  denyLine,
  endLine,
  listPlaces,
  requestList,
  uploadReplies,
  readFlows,
  listFlowChildren,
  ...ledgerRoutes,
] as const
