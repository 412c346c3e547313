import { z } from 'zod'
import { defineRoute, givenId, idInPath, pageOf, pageQuery } from '../../kernel/route.ts'
import { ACCOUNT_CODES, BASES, EVIDENCE_KINDS } from '../whereabouts/index.ts'
import { COMPARED, GROUNDS, LIST_CLASSES, SEAT_CLASSES } from './rules.ts'

const day = z.iso.date()
const count = z.number().int().min(0)
const longId = z.number().int().positive()
const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
const UnitName = z.object({ unitId: z.number().int(), name: z.string() })

export const FOUND_CLASSES = [...SEAT_CLASSES, ...LIST_CLASSES] as const
const FoundCounts = z.partialRecord(z.enum(FOUND_CLASSES), count)

/** Roll against classes. */
const ClassCount = z.object({
  schools: count,
  rows: count,
  onRoll: count,
  seated: count,
  from: day.nullable(),
  until: day.nullable(),
  found: FoundCounts,
})

/** A list of an office against the books; persons and households are counted apart. */
export const ListCount = z.object({
  kind: z.enum(['poverty', 'relief', 'disability']),
  batches: count,
  rows: count,
  /** Of no age that is looked for. */
  aside: count,
  from: day,
  until: day,
  /** 人 in nominal grades 1 to 9. */
  children: count,
  accounted: count,
  /** 户 with a child of age, and those of which every child is accounted for and on a roll. */
  households: count,
  householdsClosed: count,
  onRoll: count,
  primary: count,
  primaryOnRoll: count,
  found: FoundCounts,
})
export type ListCount = z.infer<typeof ListCount>

export const RunCounts = z.object({ class: ClassCount, lists: z.array(ListCount).readonly() })
export type RunCounts = z.infer<typeof RunCounts>

export const RosterRun = z.object({
  runId: uuid,
  unit: UnitName,
  madeBy: z.string(),
  madeAt: z.iso.datetime({ offset: true }),
  day,
  counts: RunCounts,
  posted: count,
  opened: count,
  /** One of its lists was undone: what it posted was taken back. */
  isUndone: z.boolean(),
  /** A newer list has come since. */
  isOld: z.boolean(),
})
export type RosterRun = z.infer<typeof RosterRun>

export const CHECKS = ['population', 'roll', 'attendance', 'poverty'] as const

/** One of the four checks (四查): what came in, of which day, from how many of how many. */
export const Check = z.object({
  check: z.enum(CHECKS),
  from: day.nullable(),
  until: day.nullable(),
  rows: count,
  /** Units that should hand in: schools with compulsory grades, or districts. */
  due: count,
  handedIn: count,
  /** The first of those that have not, by name. */
  missing: z.array(UnitName),
})
export type Check = z.infer<typeof Check>

export const BaseCount = z.object({
  base: z.enum(BASES),
  schooled: count,
  paused: count,
  closed: count,
  unexplained: count,
  /** On a roll, registered elsewhere: closes S only. */
  rollOnly: count,
  /** 疑似, 失学, 辍学. */
  out: count,
  /** Persons in the books there, counted one by one: the accounts above must add up to them. */
  persons: count,
})
export type BaseCount = z.infer<typeof BaseCount>

export const Overview = z.object({
  unit: UnitName.extend({ kind: z.string() }),
  today: day,
  month: z.string(),
  checks: z.array(Check),
  bases: z.array(BaseCount),
  /** Null: the books are not open. */
  booksDay: day.nullable(),
  run: RosterRun.nullable(),
  /** The newest comparison of each unit below. */
  below: z.array(RosterRun),
  mayCompare: z.boolean(),
  mayExport: z.boolean(),
})
export type Overview = z.infer<typeof Overview>

export const readOverview = defineRoute({
  id: 'roster.overview',
  method: 'GET',
  path: '/rosters/overview',
  summary: '四查三比对：各查的来源和三次比对的结果',
  access: 'roster.read',
  query: z.object({ unitId: idInPath.optional() }),
  answer: Overview,
  problems: ['REQUEST.NOT_FOUND'],
})

export const compareLists = defineRoute({
  id: 'roster.compare',
  method: 'POST',
  path: '/rosters/runs',
  summary: '四查三比对：用最新的名单比对并入账',
  access: 'roster.compare',
  answer: RosterRun,
  problems: ['BOOK.NOT_OPEN', 'ROSTER.NO_LISTS'],
})

export const FoundChild = z.object({
  childId: longId,
  name: z.string(),
  sex: z.number().int().nullable(),
  birthDay: day.nullable(),
  nominalGrade: z.number().int().nullable(),
  class: z.enum(FOUND_CLASSES),
  ground: z.enum(GROUNDS).nullable(),
  school: z.string().nullable(),
  other: z.string().nullable(),
  absentDays: z.number().int().nullable(),
  place: z.string().nullable(),
  /** Number of the household in this list of rows; null: the list counts none. */
  household: z.number().int().nullable(),
  /** As it stood when it was compared, and as it stands now. */
  stood: z.enum(ACCOUNT_CODES).nullable(),
  account: z.enum(ACCOUNT_CODES).nullable(),
  caseId: longId.nullable(),
})
export type FoundChild = z.infer<typeof FoundChild>

export const listFound = defineRoute({
  id: 'roster.found',
  method: 'GET',
  path: '/rosters/runs/:runId/found',
  summary: '四查三比对：一次比对找到的孩子',
  access: 'roster.read',
  params: z.object({ runId: uuid }),
  query: pageQuery.extend({
    compared: z.enum(COMPARED),
    class: z.enum(FOUND_CLASSES).optional(),
    ground: z.enum(GROUNDS).optional(),
  }),
  answer: pageOf(FoundChild).extend({ run: RosterRun }),
  problems: ['REQUEST.NOT_FOUND'],
})

export const Member = z.object({
  childId: longId,
  name: z.string(),
  sex: z.number().int().nullable(),
  birthDay: day.nullable(),
  nominalGrade: z.number().int().nullable(),
  /** Of an age that has to be accounted for, or in the books all the same. */
  isOfAge: z.boolean(),
  account: z.enum(ACCOUNT_CODES).nullable(),
  since: day.nullable(),
  school: z.string().nullable(),
  /** As its newest roll entry says it; null: on no roll in sight. */
  roll: z
    .object({ school: z.string().nullable(), grade: z.number().int().nullable(), status: z.string().nullable() })
    .nullable(),
  evidence: z.enum(EVIDENCE_KINDS).nullable(),
  confirmed: day.nullable(),
  caseId: longId.nullable(),
  /** Groups, the sensitive ones only where the child's duties lie and never for a village. */
  tags: z.array(z.string()),
})
export type Member = z.infer<typeof Member>

/** 一户一页: one household with all its children in sight. Masked like the child's file. */
export const Family = z.object({
  /** The child by whom the household is known. */
  childId: longId,
  place: z.string().nullable(),
  head: z.string().nullable(),
  householdNo: z.string().nullable(),
  phones: z.array(z.string()),
  /** 人 of age, and those of them who are not accounted for. */
  ofAge: count,
  open: count,
  members: z.array(Member),
})
export type Family = z.infer<typeof Family>

const familiesOnly = ['open', 'all'] as const

export const listFamilies = defineRoute({
  id: 'roster.families',
  method: 'GET',
  path: '/rosters/families',
  summary: '一户一页：本单位的户，先列有孩子没有说清的',
  access: 'child.read',
  query: pageQuery.extend({ unitId: idInPath.optional(), only: z.enum(familiesOnly).default('open') }),
  /** `total` counts households (户); `children` the children of age in them (人). */
  answer: pageOf(Family).extend({ unit: UnitName.extend({ kind: z.string() }), children: count }),
  problems: ['REQUEST.NOT_FOUND', 'ROSTER.UNIT_TOO_LARGE'],
})

export const findFamilies = defineRoute({
  id: 'roster.find-families',
  method: 'POST',
  path: '/rosters/families/find',
  summary: '一户一页：按户号、户主或监护人证件号、孩子姓名找户',
  access: 'child.read',
  body: z.object({ text: z.string().trim().min(2).max(40) }),
  answer: z.object({ rows: z.array(Family) }),
})

export const readFamily = defineRoute({
  id: 'roster.family',
  method: 'GET',
  path: '/rosters/families/:childId',
  summary: '一户一页：一个孩子所在的户',
  access: 'child.read',
  params: z.object({ childId: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) }),
  answer: Family,
  problems: ['REQUEST.NOT_FOUND'],
})

export const TERM_BASES = ['registered', 'migrant'] as const
export const TERM_STATES = ['none', 'kindergarten', 'enrolled'] as const

export const TermChild = z.object({
  childId: longId,
  name: z.string(),
  sex: z.number().int().nullable(),
  birthDay: day.nullable(),
  base: z.enum(TERM_BASES),
  state: z.enum(TERM_STATES),
  registered: z.string().nullable(),
  living: z.string().nullable(),
  school: z.string().nullable(),
})
export type TermChild = z.infer<typeof TermChild>

/** Children of one township: registered, only living there, and on no roll in sight. */
export const TermPlace = UnitName.extend({ registered: count, migrant: count, none: count })
export type TermPlace = z.infer<typeof TermPlace>

const termAsked = {
  unitId: idInPath.optional(),
  /** School year that begins in this calendar year; left out: the coming one. */
  year: z.coerce.number().int().min(2000).max(2099).optional(),
}

export const readTerm = defineRoute({
  id: 'roster.term',
  method: 'GET',
  path: '/rosters/term',
  summary: '开学前：到龄应入学的孩子',
  access: 'child.read',
  query: pageQuery.extend({
    ...termAsked,
    base: z.enum(TERM_BASES).optional(),
    state: z.enum(TERM_STATES).optional(),
  }),
  answer: pageOf(TermChild).extend({
    unit: UnitName.extend({ kind: z.string() }),
    year: z.number().int(),
    /** Birthdays of those who are to start. */
    from: day,
    until: day,
    places: z.array(TermPlace),
    mayExport: z.boolean(),
  }),
  problems: ['REQUEST.NOT_FOUND'],
})

const purpose = z.string().trim().max(200)

export const downloadTerm = defineRoute({
  id: 'roster.term-workbook',
  method: 'POST',
  path: '/rosters/term/workbook',
  summary: '开学前：下载到龄儿童名册，用于告知入学（写明用途，留痕）',
  access: 'roster.export',
  kind: 'download',
  body: z.object({
    unitId: givenId.optional(),
    year: z.number().int().min(2000).max(2099).optional(),
    reason: purpose,
  }),
  problems: ['REQUEST.NOT_FOUND', 'RUN.REASON_NEEDED', 'REQUEST.REASON_NUMBER'],
})

export const LEDGERS = ['of-age', 'suspected', 'out'] as const
export type Ledger = (typeof LEDGERS)[number]

export const downloadLedger = defineRoute({
  id: 'roster.ledger',
  method: 'POST',
  path: '/rosters/ledgers/:ledger',
  summary: '下载台账：适龄儿童、疑似辍学、辍学（写明用途，留痕）',
  access: 'roster.export',
  kind: 'download',
  params: z.object({ ledger: z.enum(LEDGERS) }),
  body: z.object({ unitId: givenId.optional(), reason: purpose }),
  problems: ['REQUEST.NOT_FOUND', 'BOOK.NOT_OPEN', 'RUN.REASON_NEEDED', 'REQUEST.REASON_NUMBER'],
})

export const rosterRoutes = [
  readOverview,
  compareLists,
  listFound,
  listFamilies,
  findFamilies,
  readFamily,
  readTerm,
  downloadTerm,
  downloadLedger,
] as const
