import { z } from 'zod'
import { defineRoute, idInPath, pageOf, pageQuery } from '../../kernel/route.ts'
import { ACCOUNT_CODES, BASES } from '../whereabouts/index.ts'
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

export const rosterRoutes = [readOverview, compareLists, listFound] as const
