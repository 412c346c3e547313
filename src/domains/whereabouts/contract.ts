import { z } from 'zod'
import { findPlainDate, type PlainDate } from '../../kernel/plain-date.ts'
import { defineRoute, idInPath, pageOf, pageQuery } from '../../kernel/route.ts'
import { ACCOUNT_CODES, BASES } from './accounts.ts'

const day = z.iso.date()
const instant = z.iso.datetime({ offset: true })
const askedDay = z.iso
  .date()
  .refine((text) => findPlainDate(text) !== undefined)
  .transform((text) => text as PlainDate)
/** Ids of eight bytes. */
const longId = z.number().int().positive()
const askedLongId = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER)

export const Base = z.enum(BASES)
export const AccountCode = z.enum(ACCOUNT_CODES)
export const Group = z.number().int().min(1).max(5)

/** How old what an entry rests on is on the day asked: confirmed within 30 days, this term, earlier; or never, or expired. */
export const AGES = ['recent', 'term', 'older', 'none'] as const
export const Age = z.enum(AGES)
export type Age = z.infer<typeof Age>

export const POSTING_SOURCES = ['run', 'close', 'case', 'undo', 'merge', 'correction', 'ledger'] as const
export const PostingSource = z.enum(POSTING_SOURCES)
export type PostingSource = z.infer<typeof PostingSource>

export const EVIDENCE_KINDS = [
  'population',
  'floating',
  'roll',
  'registry-reply',
  'certificate',
  'visit',
  'attendance',
  'officer',
  'none',
] as const
export const EvidenceKind = z.enum(EVIDENCE_KINDS)
export type EvidenceKind = z.infer<typeof EvidenceKind>

export const UnitName = z.object({ unitId: z.number().int(), name: z.string(), kind: z.string() })
export type UnitName = z.infer<typeof UnitName>

export const AgeCounts = z.object({
  recent: z.number().int(),
  term: z.number().int(),
  older: z.number().int(),
  none: z.number().int(),
})
export type AgeCounts = z.infer<typeof AgeCounts>

/** What a figure is asked of: a closed day (the last one when left out), as known at a posting (the latest when left out). */
const asked = z.object({ asOf: askedDay.optional(), knownAt: askedLongId.optional() })
const askedOfUnit = asked.extend({ unitId: idInPath.optional() })

/** What the figures of an answer stand on: store these two to get the same figures again. */
const standing = z.object({
  asOf: day,
  /** The closed day before, with which the changes compare; null on the opening day. */
  before: day.nullable(),
  knownAt: z.number().int(),
  /** Later postings exist: the page says "as known then". */
  isPast: z.boolean(),
})

export const BookDays = z.object({
  /** Null: the books are not open yet. */
  opening: day.nullable(),
  lastClosed: day.nullable(),
  /** Closed days, newest first, at most 400. */
  days: z.array(z.object({ day, closedAt: instant, postingId: z.number().int().nullable() })),
  /** Acts of posting that moved children of the own unit, newest first, at most 60; one line an act, its last posting. */
  postings: z.array(z.object({ postingId: longId, postedAt: instant, source: PostingSource })),
  /** Highest posting there is: what "latest" means. 0 before the first. */
  latest: z.number().int(),
})
export type BookDays = z.infer<typeof BookDays>

/** From rows received to persons to account for; the sums of the units below when the unit has none of its own. */
export const BookBridge = z.object({
  asOf: day,
  received: z.number().int(),
  errors: z.number().int(),
  duplicates: z.number().int(),
  cancelled: z.number().int(),
  notBegun: z.number().int(),
  closed: z.number().int(),
  persons: z.number().int(),
  /** Registered in the books and on no line of the sheets: gone from the extract, on an unreadable line, or an officer's. */
  carried: z.number().int(),
  /** Groups 1 to 4 by the movements, on the run's day and at its posting. */
  booked: z.number().int(),
  /** What came and went by later days and postings: booked + since = total of the balance. */
  since: z.number().int(),
  /** Runs it is the sum of. */
  runs: z.number().int(),
})
export type BookBridge = z.infer<typeof BookBridge>

export const BalanceCell = z.object({ unitId: z.number().int(), count: z.number().int() })

export const BookBalanceLine = z.object({
  account: AccountCode,
  group: Group,
  total: z.number().int(),
  /** Against the closed day before. */
  change: z.number().int(),
  ages: AgeCounts,
  /** Only lower units that have any. */
  cells: z.array(BalanceCell),
})
export type BookBalanceLine = z.infer<typeof BookBalanceLine>

export const BookBalance = standing.extend({
  unit: UnitName,
  base: Base,
  bridge: BookBridge.nullable(),
  /** Every account, in printing order, also those with nobody. */
  lines: z.array(BookBalanceLine),
  /** The unit's lower units that have any, and the unit itself for whom it has no lower unit known. */
  lower: z.array(UnitName.extend({ total: z.number().int(), unexplained: z.number().int() })),
  /** R: groups 1 to 4, whom the bridge counts; P and S: all five. */
  total: z.number().int(),
  change: z.number().int(),
  /** Totals of the three bases, for the switch. */
  totals: z.object({ R: z.number().int(), P: z.number().int(), S: z.number().int() }),
  /** R only: persons and carried of the bridge = groups 1 to 4 as posted. Null in other bases and without a bridge. */
  closes: z.boolean().nullable(),
  /** Sheets given and not yet compared and posted. */
  waiting: z.object({ batches: z.number().int(), rows: z.number().int() }),
})
export type BookBalance = z.infer<typeof BookBalance>

export const MATRIX_ROWS = [
  'own',
  'other-district',
  'other-province',
  'no-registration',
  'foreign',
  'to-repair',
  'unclear',
] as const
export const MATRIX_COLUMNS = ['own', 'other-district', 'other-province', 'no-school'] as const

export type MatrixRow = (typeof MATRIX_ROWS)[number]
export type MatrixColumn = (typeof MATRIX_COLUMNS)[number]

/** Where registered × where at school: children of the unit by registration, and those at school in it. */
export const BookMatrix = standing.extend({
  unit: UnitName,
  rows: z.array(
    z.object({
      row: z.enum(MATRIX_ROWS),
      cells: z.array(z.object({ column: z.enum(MATRIX_COLUMNS), count: z.number().int() })),
      total: z.number().int(),
    }),
  ),
  /** Other districts one by one: sent there to school, and received from there. City: the pairs are left out. */
  districts: z.array(UnitName.extend({ sent: z.number().int(), received: z.number().int() })),
  /** Children registered and at school here, summed by registration and summed by school: equal when both sides agree. */
  ownByRegistration: z.number().int(),
  ownBySchool: z.number().int(),
  agrees: z.boolean(),
})
export type BookMatrix = z.infer<typeof BookMatrix>

/** Flows between two closed days. Null: came from, or went out of, the unit's books. */
export const BookMovements = z.object({
  unit: UnitName,
  base: Base,
  from: day,
  until: day,
  knownAt: z.number().int(),
  flows: z.array(z.object({ from: AccountCode.nullable(), to: AccountCode.nullable(), count: z.number().int() })),
  totalBefore: z.number().int(),
  totalAfter: z.number().int(),
  unexplainedBefore: z.number().int(),
  unexplainedAfter: z.number().int(),
})
export type BookMovements = z.infer<typeof BookMovements>

export const BookMap = standing.extend({
  base: Base,
  /** Only units in scope that have any. */
  rows: z.array(
    UnitName.extend({
      code: z.string(),
      persons: z.number().int(),
      unexplained: z.number().int(),
      /** Unexplained of 10,000 persons; null without persons. */
      perTenThousand: z.number().nullable(),
      /** Persons whose entry was confirmed within 90 days. */
      fresh: z.number().int(),
    }),
  ),
})
export type BookMap = z.infer<typeof BookMap>

/** One child in a list: ids and places; names are asked for apart, at the slice that has them. */
export const BookChild = z.object({
  childId: longId,
  account: AccountCode,
  since: day,
  registered: UnitName.nullable(),
  living: UnitName.nullable(),
  school: UnitName.nullable(),
  evidence: EvidenceKind,
  /** Last confirmed; null never. */
  confirmed: day.nullable(),
  expires: day.nullable(),
  pauseUntil: day.nullable(),
  caseId: longId.nullable(),
})
export type BookChild = z.infer<typeof BookChild>

export const BookSpan = z.object({
  spanId: longId,
  from: day,
  /** First day it speaks of no more; null open. */
  until: day.nullable(),
  account: AccountCode,
  registered: UnitName.nullable(),
  living: UnitName.nullable(),
  school: UnitName.nullable(),
  evidence: EvidenceKind,
  /** Whose extract or roll. */
  evidenceUnit: UnitName.nullable(),
  confirmed: day.nullable(),
  expires: day.nullable(),
  pauseUntil: day.nullable(),
  caseId: longId.nullable(),
  /** The row of a sheet it stands on. */
  recordId: longId.nullable(),
  posted: z.object({ postingId: longId, postedAt: instant, source: PostingSource, sourceKey: z.string() }),
  /** Null: holds as known. */
  superseded: z
    .object({ postingId: longId, postedAt: instant, source: PostingSource, sourceKey: z.string() })
    .nullable(),
})
export type BookSpan = z.infer<typeof BookSpan>

export const ChildTimeline = z.object({
  childId: longId,
  /** Days for which the child has to be accounted for; null: not in the books. */
  obliged: z.object({ from: day, until: day.nullable() }).nullable(),
  /** Current entries and superseded ones, newest day first, then newest posting. */
  spans: z.array(BookSpan),
  claims: z.array(
    z.object({
      account: AccountCode,
      unit: UnitName.nullable(),
      from: day,
      evidence: EvidenceKind,
      evidenceUnit: UnitName.nullable(),
      recordId: longId.nullable(),
      postingId: longId,
      withdrawnBy: longId.nullable(),
    }),
  ),
})
export type ChildTimeline = z.infer<typeof ChildTimeline>

export const readDays = defineRoute({
  id: 'book.days',
  method: 'GET',
  path: '/book/days',
  summary: '总账：日结到哪天、有哪些过账',
  access: 'book.read',
  answer: BookDays,
})

export const readBalance = defineRoute({
  id: 'book.balance',
  method: 'GET',
  path: '/book/balance',
  summary: '总账：试算平衡',
  access: 'book.read',
  query: askedOfUnit.extend({ base: Base.default('R') }),
  answer: BookBalance,
  problems: ['REQUEST.NOT_FOUND', 'BOOK.NOT_OPEN', 'BOOK.DAY_NOT_CLOSED'],
})

export const readMatrix = defineRoute({
  id: 'book.matrix',
  method: 'GET',
  path: '/book/matrix',
  summary: '总账：户籍地与就读地',
  access: 'book.read',
  query: askedOfUnit,
  answer: BookMatrix,
  problems: ['REQUEST.NOT_FOUND', 'BOOK.NOT_OPEN', 'BOOK.DAY_NOT_CLOSED'],
})

/** `from` is the closed day before `until` when left out. */
export const readMovements = defineRoute({
  id: 'book.movements',
  method: 'GET',
  path: '/book/movements',
  summary: '总账：两个日结之间的变动',
  access: 'book.read',
  query: z.object({
    unitId: idInPath.optional(),
    base: Base.default('R'),
    from: askedDay.optional(),
    until: askedDay.optional(),
    knownAt: askedLongId.optional(),
  }),
  answer: BookMovements,
  problems: ['REQUEST.NOT_FOUND', 'BOOK.NOT_OPEN', 'BOOK.DAY_NOT_CLOSED'],
})

export const readMap = defineRoute({
  id: 'book.map',
  method: 'GET',
  path: '/book/map',
  summary: '总账：各区县一览',
  access: 'book.read',
  query: asked.extend({ base: Base.default('R') }),
  answer: BookMap,
  problems: ['BOOK.NOT_OPEN', 'BOOK.DAY_NOT_CLOSED'],
})

/** The children behind a figure: the same unit, base, account or group, age, day and posting. */
export const listChildren = defineRoute({
  id: 'book.children',
  method: 'GET',
  path: '/book/children',
  summary: '总账：一个数背后的名单',
  access: 'child.read',
  query: pageQuery.extend({
    unitId: idInPath.optional(),
    base: Base.default('R'),
    account: AccountCode.optional(),
    group: z.coerce.number().int().min(1).max(5).optional(),
    age: Age.optional(),
    asOf: askedDay.optional(),
    knownAt: askedLongId.optional(),
  }),
  answer: pageOf(BookChild).extend({ asOf: day, knownAt: z.number().int() }),
  problems: ['REQUEST.NOT_FOUND', 'BOOK.NOT_OPEN', 'BOOK.DAY_NOT_CLOSED'],
})

export const readTimeline = defineRoute({
  id: 'book.timeline',
  method: 'GET',
  path: '/book/children/:childId/spans',
  summary: '总账：一个孩子的去向与改动',
  access: 'child.read',
  params: z.object({ childId: askedLongId }),
  query: z.object({ knownAt: askedLongId.optional() }),
  answer: ChildTimeline,
  problems: ['REQUEST.NOT_FOUND', 'CHILD.REASON_NEEDED'],
})

/** Outlines of the pack, drawn by `src/web/map`. */
export const readMapShapes = defineRoute({
  id: 'book.map-shapes',
  method: 'GET',
  path: '/book/map/shapes',
  summary: '总账：挂图的边界（示意）',
  access: 'book.read',
  answer: z.record(z.string(), z.unknown()),
})

export const bookRoutes = [
  readDays,
  readBalance,
  readMatrix,
  readMovements,
  readMap,
  readMapShapes,
  listChildren,
  readTimeline,
] as const
