import { z } from 'zod'
import { findPlainDate, type PlainDate } from '../../kernel/plain-date.ts'
import { defineRoute, givenId, idInPath, pageOf, pageQuery } from '../../kernel/route.ts'
import { AccountCodeSchema, EVIDENCE_KINDS } from '../whereabouts/index.ts'
import { METHODS, RESULT_CODES } from './results.ts'
import { FATES, MISSING, TASK_STATES, WHY } from './rules.ts'

const day = z.iso.date()
const instant = z.iso.datetime({ offset: true })
const askedDay = z.iso
  .date()
  .refine((text) => findPlainDate(text) !== undefined)
  .transform((text) => text as PlainDate)
/** Ids of eight bytes. */
const longId = z.number().int().positive()
const longIdInPath = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER)
const givenLongId = longId.max(Number.MAX_SAFE_INTEGER)

export const Result = z.enum(RESULT_CODES)
export const CheckMethod = z.enum(METHODS)
export const TaskStateSchema = z.enum(TASK_STATES)
const UnitName = z.object({ unitId: z.number().int(), name: z.string(), kind: z.string() })

/** One open task as the lists show it. */
export const CheckLine = z.object({
  caseId: longId,
  childId: longId,
  name: z.string(),
  birthDay: day.nullable(),
  /** Village or township, and the school where the child is on a roll. */
  place: z.string().nullable(),
  school: z.string().nullable(),
  account: AccountCodeSchema,
  since: day,
  why: z.enum(WHY),
  /** What the difference looks like; null: only who asks can say. */
  proposed: Result.nullable(),
  state: TaskStateSchema,
  /** Of the newest report. */
  report: z
    .object({
      reportId: longId,
      result: Result.nullable(),
      method: CheckMethod,
      checkedDay: day,
      missing: z.array(z.enum(MISSING)),
      /** What it will rest on in the books; null without a result. */
      evidence: z.enum(EVIDENCE_KINDS).nullable(),
    })
    .nullable(),
  owner: z.object({ unit: UnitName, person: z.string().nullable(), isStandIn: z.boolean() }),
  dueDay: day,
  /** False for a missing child: on no list by which somebody calls or goes. */
  isVisited: z.boolean(),
})
export type CheckLine = z.infer<typeof CheckLine>

export const TABS = ['all', ...TASK_STATES, 'overdue'] as const
export const Tab = z.enum(TABS)
export type Tab = z.infer<typeof Tab>

export const CheckList = pageOf(CheckLine).extend({
  counts: z.record(Tab, z.number().int()),
  /** Results that wait, by code: of those, how many show all that is asked. */
  waiting: z.array(z.object({ result: Result, all: z.number().int(), complete: z.number().int() })),
  owners: z.array(UnitName.extend({ count: z.number().int() })),
  today: day,
})
export type CheckList = z.infer<typeof CheckList>

export const listChecks = defineRoute({
  id: 'check.list',
  method: 'GET',
  path: '/checks',
  summary: '核查任务：名单',
  access: 'check.read',
  query: pageQuery.extend({ tab: Tab.default('all'), ownerId: idInPath.optional(), result: Result.optional() }),
  answer: CheckList,
})

export const checkProgress = defineRoute({
  id: 'check.progress',
  method: 'GET',
  path: '/checks/progress',
  summary: '核查任务：按镇街、学校的进度',
  access: 'check.read',
  answer: z.object({
    rows: z.array(
      UnitName.extend({
        open: z.number().int(),
        tried: z.number().int(),
        given: z.number().int(),
        returned: z.number().int(),
        overdue: z.number().int(),
        /** Tasks that ended in the last ninety days. */
        done: z.number().int(),
        /** Whether a form of its own can be given out. */
        hasSheet: z.boolean(),
      }),
    ),
    today: day,
  }),
})
export type CheckProgress = z.infer<typeof checkProgress.answer>
export type ProgressLine = CheckProgress['rows'][number]

export const CheckReport = z.object({
  reportId: longId,
  result: Result.nullable(),
  method: CheckMethod,
  checkedDay: day,
  school: z.string().nullable(),
  province: z.string().nullable(),
  pauseUntil: day.nullable(),
  missing: z.array(z.enum(MISSING)),
  fate: z.enum(FATES),
  /** Closed without anybody's judgement. */
  isAutomatic: z.boolean(),
  unit: z.string().nullable(),
  givenAt: instant,
  decidedAt: instant.nullable(),
  /** Null: not for this unit. */
  words: z
    .object({ checker: z.string(), papers: z.string(), place: z.string(), remark: z.string(), returned: z.string() })
    .nullable(),
})
export type CheckReport = z.infer<typeof CheckReport>

export const CheckDetail = z.object({
  caseId: longId,
  childId: longId,
  name: z.string(),
  birthDay: day.nullable(),
  account: AccountCodeSchema.nullable(),
  since: day.nullable(),
  why: z.enum(WHY).nullable(),
  proposed: Result.nullable(),
  evidence: z.enum(EVIDENCE_KINDS).nullable(),
  confirmed: day.nullable(),
  stage: z.enum(['task', 'case']),
  isOpen: z.boolean(),
  closedDay: day.nullable(),
  /** Who explained the child: a run, the day's close, an officer, a merge ... or a check. */
  closedBy: z.string().nullable(),
  state: TaskStateSchema,
  registered: UnitName.nullable(),
  living: UnitName.nullable(),
  school: UnitName.nullable(),
  owner: z.object({ unit: UnitName, person: z.string().nullable(), isStandIn: z.boolean() }),
  dueDay: day.nullable(),
  isVisited: z.boolean(),
  reports: z.array(CheckReport),
  today: day,
})
export type CheckDetail = z.infer<typeof CheckDetail>

const caseParams = z.object({ caseId: longIdInPath })

export const readCheck = defineRoute({
  id: 'check.read',
  method: 'GET',
  path: '/checks/tasks/:caseId',
  summary: '核查任务：查看一项',
  access: 'check.read',
  params: caseParams,
  answer: CheckDetail,
  problems: ['REQUEST.NOT_FOUND'],
})

const shortText = z.string().trim().max(200).default('')

export const ReportBody = z.object({
  /** Left out: gone or called, no result yet. */
  result: Result.optional(),
  method: CheckMethod,
  checkedDay: askedDay,
  schoolId: givenId.optional(),
  province: z
    .string()
    .regex(/^\d{2}$/)
    .optional(),
  pauseUntil: askedDay.optional(),
  checker: shortText,
  papers: shortText,
  place: shortText,
  remark: shortText,
})

export const giveReport = defineRoute({
  id: 'check.report',
  method: 'POST',
  path: '/checks/tasks/:caseId/reports',
  summary: '核查任务：报走访、电话或结果',
  access: 'check.report',
  params: caseParams,
  body: ReportBody,
  answer: CheckDetail,
  problems: ['REQUEST.NOT_FOUND', 'CHECK.CLOSED', 'CHECK.NOT_LAWFUL'],
})

export const MOST_AT_ONCE = 200

export const acceptReports = defineRoute({
  id: 'check.accept',
  method: 'POST',
  path: '/checks/accept',
  summary: '核查任务：认定结果，入账',
  access: 'check.accept',
  body: z.object({ reportIds: z.array(givenLongId).min(1).max(MOST_AT_ONCE) }),
  answer: z.object({
    accepted: z.number().int(),
    /** What does not fit, each in words; nothing of these was written. */
    refused: z.array(z.object({ reportId: longId, reason: z.string() })),
  }),
  problems: ['CASE.NOBODY_ANSWERS'],
})

/** All results of one code that show what is asked; at most 200 at once. */
export const acceptComplete = defineRoute({
  id: 'check.accept-complete',
  method: 'POST',
  path: '/checks/accept-complete',
  summary: '核查任务：一类里凭据齐全的一并认定',
  access: 'check.accept',
  body: z.object({ result: Result, ownerId: givenId.optional() }),
  answer: acceptReports.answer,
  problems: ['CASE.NOBODY_ANSWERS'],
})

export const returnReport = defineRoute({
  id: 'check.return',
  method: 'POST',
  path: '/checks/reports/:reportId/return',
  summary: '核查任务：退回一项结果，写明理由',
  access: 'check.accept',
  params: z.object({ reportId: longIdInPath }),
  body: z.object({ reason: z.string().max(200) }),
  answer: z.object({ reportId: longId }),
  problems: ['REQUEST.NOT_FOUND', 'CHECK.DECIDED', 'CHECK.REASON_NEEDED'],
})

export const UnitReport = z.object({
  reportId: longId,
  caseId: longId,
  /** Null: the child has left this unit's sight. */
  name: z.string().nullable(),
  result: Result.nullable(),
  checkedDay: day,
  givenAt: instant,
  fate: z.enum(FATES),
  isAutomatic: z.boolean(),
  closedBy: z.string().nullable(),
})
export type UnitReport = z.infer<typeof UnitReport>

/** Results of the own unit and those below, newest first, with what became of them. */
export const listReports = defineRoute({
  id: 'check.reports',
  method: 'GET',
  path: '/checks/reports',
  summary: '核查任务：本单位报过的结果',
  access: 'check.read',
  query: pageQuery,
  answer: pageOf(UnitReport),
})

/** Schools of the whole city: a child may attend one in another district. */
export const findSchools = defineRoute({
  id: 'check.schools',
  method: 'GET',
  path: '/checks/schools',
  summary: '核查任务：按名称找学校（全市）',
  access: 'check.report',
  query: z.object({ q: z.string().trim().max(60).default('') }),
  answer: z.object({ rows: z.array(z.object({ unitId: z.number().int(), name: z.string(), district: z.string() })) }),
})

export const checkRoutes = [
  listChecks,
  checkProgress,
  readCheck,
  giveReport,
  acceptReports,
  acceptComplete,
  returnReport,
  listReports,
  findSchools,
] as const
