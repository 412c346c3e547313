import { z } from 'zod'
import { findPlainDate, type PlainDate } from '../../kernel/plain-date.ts'
import { defineRoute, givenId, idInPath, pageOf, pageQuery } from '../../kernel/route.ts'
import { ACCOUNT_CODES, EVIDENCE_KINDS } from '../whereabouts/index.ts'
import { STAGES } from './rules.ts'

const day = z.iso.date()
const askedDay = z.iso
  .date()
  .refine((text) => findPlainDate(text) !== undefined)
  .transform((text) => text as PlainDate)
/** Ids of eight bytes. */
const longId = z.number().int().positive()
const longIdInPath = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER)
const givenLongId = longId.max(Number.MAX_SAFE_INTEGER)

export const Stage = z.enum(STAGES)
export const Account = z.enum(ACCOUNT_CODES)
export const EvidenceKind = z.enum(EVIDENCE_KINDS)

/** What an officer may rest an entry on; extracts and rolls come by their sheets. */
export const OFFICER_EVIDENCE = ['registry-reply', 'certificate', 'visit', 'attendance', 'officer'] as const
export type OfficerEvidence = (typeof OFFICER_EVIDENCE)[number]

const UnitName = z.object({ unitId: z.number().int(), name: z.string(), kind: z.string() })
export type UnitName = z.infer<typeof UnitName>

export const Holder = z.object({
  unit: UnitName,
  /** Null where the scope does not see who works there. */
  person: z.string().nullable(),
  isStandIn: z.boolean(),
})
export type Holder = z.infer<typeof Holder>

export const DUES = ['overdue', 'today', 'week'] as const
export const Due = z.enum(DUES)

/** One open file as the list shows it. */
export const CaseLine = z.object({
  caseId: longId,
  childId: longId,
  stage: Stage,
  name: z.string(),
  birthDay: day.nullable(),
  /** Class on the roll, else village or township. */
  place: z.string().nullable(),
  account: Account,
  /** The child has stood there since this day. */
  since: day,
  holder: Holder,
  dueDay: day,
  evidence: EvidenceKind,
  /** What the entry rests on was last confirmed on this day; null never. */
  confirmed: day.nullable(),
})
export type CaseLine = z.infer<typeof CaseLine>

export const CaseList = pageOf(CaseLine).extend({
  /** Open files in sight, before the filters. */
  counts: z.object({
    all: z.number().int(),
    overdue: z.number().int(),
    today: z.number().int(),
    tasks: z.number().int(),
    cases: z.number().int(),
  }),
  /** Units that hold open files in sight, the most first; at most 200. */
  holders: z.array(UnitName.extend({ count: z.number().int() })),
  /** The business day the terms are counted from. */
  today: day,
})
export type CaseList = z.infer<typeof CaseList>

export const NOTE_KINDS = ['entry', 'due', 'owner', 'merge', 'unmerge'] as const

export const CaseNote = z.object({
  kind: z.enum(NOTE_KINDS),
  text: z.string(),
  person: z.string().nullable(),
  at: z.iso.datetime({ offset: true }),
})
export type CaseNote = z.infer<typeof CaseNote>

export const Candidate = z.object({ unit: UnitName, staffId: longId, person: z.string() })
export type Candidate = z.infer<typeof Candidate>

export const CaseDetail = z.object({
  caseId: longId,
  childId: longId,
  stage: Stage,
  isOpen: z.boolean(),
  name: z.string(),
  birthDay: day.nullable(),
  place: z.string().nullable(),
  /** Where the child stands now; null: in no account any more. */
  account: Account.nullable(),
  since: day.nullable(),
  evidence: EvidenceKind.nullable(),
  confirmed: day.nullable(),
  expires: day.nullable(),
  holder: Holder,
  openedDay: day,
  /** Null: closed. */
  dueDay: day.nullable(),
  closedDay: day.nullable(),
  outcome: z.enum(['explained', 'reversed', 'merged']).nullable(),
  registered: UnitName.nullable(),
  living: UnitName.nullable(),
  school: UnitName.nullable(),
  /** What officers wrote, newest first. Null: not for this unit. */
  notes: z.array(CaseNote).nullable(),
  /** Where and with whom else the file may lie. Null: the viewer may not change it. */
  candidates: z.array(Candidate).nullable(),
  today: day,
})
export type CaseDetail = z.infer<typeof CaseDetail>

export const listCases = defineRoute({
  id: 'case.list',
  method: 'GET',
  path: '/cases',
  summary: '核查任务与个案：名单',
  access: 'case.read',
  query: pageQuery.extend({
    stage: Stage.optional(),
    unitId: idInPath.optional(),
    account: Account.optional(),
    due: Due.optional(),
  }),
  answer: CaseList,
})

export const readCase = defineRoute({
  id: 'case.read',
  method: 'GET',
  path: '/cases/:caseId',
  summary: '核查任务与个案：查看一份',
  access: 'case.read',
  params: z.object({ caseId: longIdInPath }),
  answer: CaseDetail,
  problems: ['REQUEST.NOT_FOUND'],
})

/** Another day, or another holder: a person who answers at a unit of the child's. */
export const changeCase = defineRoute({
  id: 'case.change',
  method: 'PATCH',
  path: '/cases/:caseId',
  summary: '核查任务与个案：改期限或换责任人',
  access: 'book.post',
  params: z.object({ caseId: longIdInPath }),
  body: z
    .object({
      dueDay: askedDay.optional(),
      owner: z.object({ unitId: givenId, staffId: givenLongId }).optional(),
      reason: z.string().max(500),
    })
    .refine((body) => body.dueDay !== undefined || body.owner !== undefined),
  answer: CaseDetail,
  problems: ['REQUEST.NOT_FOUND', 'CASE.CLOSED', 'CASE.REASON_NEEDED'],
})

/** What an officer has before him when he says where a child is. */
export const ChildStanding = z.object({
  childId: longId,
  name: z.string(),
  birthDay: day.nullable(),
  account: Account,
  since: day,
  obligedFrom: day.nullable(),
  caseId: longId.nullable(),
  registered: UnitName.nullable(),
  living: UnitName.nullable(),
  school: UnitName.nullable(),
  today: day,
})
export type ChildStanding = z.infer<typeof ChildStanding>

export const readStanding = defineRoute({
  id: 'case.standing',
  method: 'GET',
  path: '/children/:childId/standing',
  summary: '总账：认定去向之前，孩子现在记在哪里',
  access: 'book.post',
  params: z.object({ childId: longIdInPath }),
  answer: ChildStanding,
  problems: ['REQUEST.NOT_FOUND', 'ENTRY.NOT_IN_BOOKS'],
})

/** Schools of the whole city: a child may attend one in another district. */
export const findSchools = defineRoute({
  id: 'case.schools',
  method: 'GET',
  path: '/book/schools',
  summary: '总账：按名称找学校（全市）',
  access: 'book.post',
  query: z.object({ q: z.string().trim().max(60).default('') }),
  answer: z.object({ rows: z.array(z.object({ unitId: z.number().int(), name: z.string(), district: z.string() })) }),
})

export const postEntry = defineRoute({
  id: 'case.post-entry',
  method: 'POST',
  path: '/children/:childId/entries',
  summary: '总账：认定一个孩子的去向',
  access: 'book.post',
  params: z.object({ childId: longIdInPath }),
  body: z.object({
    account: Account,
    /** The first day of which this is said. */
    from: askedDay,
    evidence: z.enum(OFFICER_EVIDENCE),
    /** The school attended. */
    unitId: givenId.optional(),
    /** Last day of a lawful pause. */
    pauseUntil: askedDay.optional(),
    note: z.string().max(500).optional(),
  }),
  answer: z.object({ postingId: longId, caseId: longId.nullable() }),
  problems: ['REQUEST.NOT_FOUND', 'ENTRY.NOT_IN_BOOKS', 'ENTRY.NOT_LAWFUL', 'CASE.NOBODY_ANSWERS'],
})

export const mergeChildren = defineRoute({
  id: 'case.merge',
  method: 'POST',
  path: '/children/:childId/merge',
  summary: '总账：两份档案是同一个孩子，合并',
  access: 'book.post',
  params: z.object({ childId: longIdInPath }),
  body: z.object({ intoChildId: givenLongId, reason: z.string().max(500) }),
  answer: z.object({ mergeId: longId, childId: longId }),
  problems: ['REQUEST.NOT_FOUND', 'CASE.SAME_CHILD', 'CASE.REASON_NEEDED'],
})

export const undoMerge = defineRoute({
  id: 'case.undo-merge',
  method: 'POST',
  path: '/merges/:mergeId/undo',
  summary: '总账：合并错了，拆开',
  access: 'book.post',
  params: z.object({ mergeId: longIdInPath }),
  body: z.object({ reason: z.string().max(500) }),
  answer: z.object({ childId: longId, fromChildId: longId }),
  problems: ['REQUEST.NOT_FOUND', 'CASE.REASON_NEEDED'],
})

export const closeBookDay = defineRoute({
  id: 'book.close',
  method: 'POST',
  path: '/book/close',
  summary: '总账：日结',
  access: 'book.close',
  body: z.object({ day: askedDay }),
  answer: z.object({
    day,
    /** False: it was closed before. */
    isNew: z.boolean(),
    posted: z.number().int(),
  }),
  problems: ['BOOK.DAY_ORDER', 'CASE.NOBODY_ANSWERS'],
})

export const caseRoutes = [listCases, readCase, changeCase, postEntry, mergeChildren, undoMerge, closeBookDay] as const
