import { z } from 'zod'
import { UUID_SHAPE } from '../../kernel/ids.ts'
import { defineRoute, pageOf, pageQuery } from '../../kernel/route.ts'
import { PAIR_STATES, VERDICTS } from './review-rules.ts'

const instant = z.iso.datetime({ offset: true })
const runParams = z.object({ runId: z.string().regex(UUID_SHAPE) })
/** Ids of tables that grow with every run. */
const longId = z.number().int().positive()
const longIdInPath = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER)
const Verdict = z.enum(VERDICTS)
const PairState = z.enum(PAIR_STATES)

export const REVIEW_FIELDS = [
  'name',
  'formerName',
  'sex',
  'birth',
  'citizenId',
  'guardian',
  'phone',
  'address',
  'place',
  'school',
  'grade',
  'status',
] as const

/** Characters that the other side has too, or has not. */
const Piece = z.object({ text: z.string(), differs: z.boolean() })

/** One thing that both records may say. */
export const ReviewLine = z.object({
  field: z.enum(REVIEW_FIELDS),
  left: z.array(Piece).nullable(),
  right: z.array(Piece).nullable(),
  /** By what stands under the mask; null where only one says it. */
  isSame: z.boolean().nullable(),
})
export type ReviewLine = z.infer<typeof ReviewLine>

const Weight = z.object({ label: z.string(), weight: z.number() })

/** Two records side by side: of the population extract on the left, of the roll on the right. */
export const ReviewPair = z.object({
  pairId: longId,
  kind: z.enum(['review', 'sample']),
  state: PairState,
  /** 1 first look, 2 second, 3 who settles; null when nobody's turn. */
  turn: z.union([z.literal(1), z.literal(2), z.literal(3)]).nullable(),
  lines: z.array(ReviewLine),
  /** What the linkage weighed, in bits, and in words. They add up to the total. */
  weights: z.array(Weight),
  total: z.number(),
  /** From which total the machine would have decided by itself. */
  linkAt: z.number(),
  /** What was said before: only where the pair is to be settled, or is decided. */
  answers: z.array(
    z.object({ turn: z.number().int(), verdict: Verdict, who: z.string(), at: instant, note: z.string().nullable() }),
  ),
  decisionId: longId.nullable(),
})
export type ReviewPair = z.infer<typeof ReviewPair>

const Agreement = z.object({ pairs: z.number().int(), agreed: z.number().int(), kappa: z.number().nullable() })

export const ReviewOverview = z.object({
  total: z.number().int(),
  /** Of the total: decided, or left undecided by two. */
  done: z.number().int(),
  byState: z.array(z.object({ state: PairState, count: z.number().int() })),
  /** What the reader may take up now. */
  forMe: z.number().int(),
  mine: z.object({
    answered: z.number().int(),
    /** Pairs an hour of this sitting. */
    pace: z.number().int().nullable(),
    /** With the other person, where two looked. */
    agreement: Agreement,
    /** The newest first; what `u` takes back after the page was left. */
    recent: z.array(z.object({ pairId: longId, verdict: Verdict })),
  }),
  /** Everybody's, of this run. */
  agreement: Agreement,
  /** Decisions that no run of the unit has read yet. */
  unread: z.number().int(),
})
export type ReviewOverview = z.infer<typeof ReviewOverview>

export const readReview = defineRoute({
  id: 'run.review',
  method: 'GET',
  path: '/runs/:runId/review',
  summary: '人工核对的进度',
  access: 'run.read',
  params: runParams,
  answer: ReviewOverview,
})

export const claimPairs = defineRoute({
  id: 'run.review-claim',
  method: 'POST',
  path: '/runs/:runId/review/claims',
  summary: '领取要核对的对（几分钟内不会给别人）',
  access: 'run.review',
  params: runParams,
  body: z.object({ most: z.number().int().min(1).max(5) }),
  answer: z.object({ pairs: z.array(ReviewPair) }),
})

export const claimDisputes = defineRoute({
  id: 'run.review-claim-disputes',
  method: 'POST',
  path: '/runs/:runId/review/disputes',
  summary: '领取两人意见不一的对',
  access: 'run.review-settle',
  params: runParams,
  body: z.object({ most: z.number().int().min(1).max(5) }),
  answer: z.object({ pairs: z.array(ReviewPair) }),
})

export const REVIEW_REFUSALS = ['REVIEW.CONTRADICTS', 'REVIEW.TAKEN_APART', 'REVIEW.ONE_CHILD'] as const

const answerBody = z.object({ verdict: Verdict, note: z.string().trim().max(200).optional() })
const answered = z.object({ state: PairState, decisionId: longId.nullable() })

export const answerPair = defineRoute({
  id: 'run.review-answer',
  method: 'POST',
  path: '/review-pairs/:pairId/answers',
  summary: '判一对：同一人、不是同一人、看不准',
  access: 'run.review',
  params: z.object({ pairId: longIdInPath }),
  body: answerBody,
  answer: answered,
  problems: ['REVIEW.NOT_YOURS', ...REVIEW_REFUSALS],
})

export const settlePair = defineRoute({
  id: 'run.review-settle',
  method: 'POST',
  path: '/review-pairs/:pairId/settle',
  summary: '两人意见不一的，由第三人定',
  access: 'run.review-settle',
  params: z.object({ pairId: longIdInPath }),
  body: answerBody,
  answer: answered,
  problems: ['REVIEW.NOT_YOURS', ...REVIEW_REFUSALS],
})

export const undoAnswer = defineRoute({
  id: 'run.review-undo',
  method: 'POST',
  path: '/review-pairs/:pairId/undo',
  summary: '撤回自己判的一对',
  access: 'run.read',
  params: z.object({ pairId: longIdInPath }),
  answer: ReviewPair,
  problems: ['REVIEW.NOTHING_TO_UNDO'],
})

export const readPair = defineRoute({
  id: 'run.review-pair',
  method: 'GET',
  path: '/review-pairs/:pairId',
  summary: '一对记录（遮盖）',
  access: 'run.read',
  params: z.object({ pairId: longIdInPath }),
  answer: ReviewPair,
})

export const revealPair = defineRoute({
  id: 'run.review-reveal',
  method: 'POST',
  path: '/review-pairs/:pairId/reveal',
  summary: '显示一对记录的证件号、电话、住址（写明事由，留痕）',
  access: 'run.reveal',
  params: z.object({ pairId: longIdInPath }),
  body: z.object({ reason: z.string().trim().max(200) }),
  answer: z.object({ lines: z.array(ReviewLine) }),
  problems: ['REVIEW.REASON_NEEDED', 'REQUEST.REASON_NUMBER', 'REQUEST.TOO_MANY'],
})

export const ReviewPairLine = z.object({
  pairId: longId,
  kind: z.enum(['review', 'sample']),
  state: PairState,
  name: z.string().nullable(),
  rollName: z.string().nullable(),
  birth: z.string().nullable(),
  school: z.string().nullable(),
  score: z.number(),
  decisionId: longId.nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
})
export type ReviewPairLine = z.infer<typeof ReviewPairLine>

export const listPairs = defineRoute({
  id: 'run.review-pairs',
  method: 'GET',
  path: '/runs/:runId/review/pairs',
  summary: '核对过和待核对的对',
  access: 'run.read',
  params: runParams,
  query: pageQuery.extend({ state: PairState.optional() }),
  answer: pageOf(ReviewPairLine),
})

export const readDecision = defineRoute({
  id: 'run.decision',
  method: 'GET',
  path: '/decisions/:decisionId',
  summary: '一条核对决定',
  access: 'run.read',
  params: z.object({ decisionId: longIdInPath }),
  answer: z.object({
    decisionId: longId,
    verdict: z.enum(['same', 'different']),
    who: z.string(),
    at: instant,
    withdrawnAt: instant.nullable(),
    pair: ReviewPair.nullable(),
  }),
})

export const withdrawDecision = defineRoute({
  id: 'run.decision-withdraw',
  method: 'POST',
  path: '/decisions/:decisionId/withdraw',
  summary: '撤销一条核对决定（写明事由）',
  access: 'run.review',
  params: z.object({ decisionId: longIdInPath }),
  body: z.object({ reason: z.string().trim().max(200) }),
  answer: z.object({ state: PairState }),
  problems: ['REVIEW.REASON_NEEDED', 'REQUEST.REASON_NUMBER'],
})

export const reviewRoutes = [
  readReview,
  claimPairs,
  claimDisputes,
  listPairs,
  readPair,
  answerPair,
  settlePair,
  undoAnswer,
  revealPair,
  readDecision,
  withdrawDecision,
] as const
