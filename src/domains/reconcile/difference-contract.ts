import { z } from 'zod'
import { UUID_SHAPE } from '../../kernel/ids.ts'
import { defineRoute, pageOf, pageQuery } from '../../kernel/route.ts'
import { AccountCodeSchema } from '../whereabouts/index.ts'
import { DIFFERENCE_CAUSES, DIFFERENCE_KINDS } from './difference-rules.ts'

const uuid = z.string().regex(UUID_SHAPE)
const runParams = z.object({ runId: uuid })
const Kind = z.enum(DIFFERENCE_KINDS)
const Cause = z.enum(DIFFERENCE_CAUSES)

export const readDifference = defineRoute({
  id: 'run.difference',
  method: 'GET',
  path: '/runs/:runId/difference',
  summary: '与上一次入账比对相比，变了多少、为什么',
  access: 'run.read',
  params: runParams,
  answer: z.object({
    /** Null: the first books run that speaks of the unit, or a trial. Its number: null where a unit above made it. */
    before: z.object({ number: z.number().int().nullable(), asOf: z.iso.date() }).nullable(),
    counts: z.array(z.object({ kind: Kind, why: Cause, count: z.number().int() })),
  }),
  problems: ['RUN.NOT_FINISHED', 'RUN.CANCELLED'],
})

export const DifferenceLine = z.object({
  childId: z.number().int().positive(),
  /** Null: out of sight by now. */
  name: z.string().nullable(),
  birth: z.iso.date().nullable(),
  citizenId: z.string().nullable(),
  kind: Kind,
  why: Cause,
  from: AccountCodeSchema.nullable(),
  to: AccountCodeSchema.nullable(),
})
export type DifferenceLine = z.infer<typeof DifferenceLine>

export const listDifference = defineRoute({
  id: 'run.difference-list',
  method: 'GET',
  path: '/runs/:runId/difference/children',
  summary: '与上一次相比变了的孩子',
  access: 'run.read',
  params: runParams,
  query: pageQuery.extend({ kind: Kind.optional(), why: Cause.optional() }),
  answer: pageOf(DifferenceLine),
  problems: ['RUN.NOT_FINISHED', 'RUN.CANCELLED'],
})

export const downloadDifference = defineRoute({
  id: 'run.difference-download',
  method: 'POST',
  path: '/runs/:runId/difference/workbook',
  summary: '下载变动名单（写明用途，留痕）',
  access: 'run.export',
  kind: 'download',
  params: runParams,
  body: z.object({ reason: z.string().trim().max(200) }),
  problems: ['RUN.REASON_NEEDED', 'REQUEST.REASON_NUMBER', 'RUN.NOT_FINISHED', 'RUN.CANCELLED'],
})

export const differenceRoutes = [readDifference, listDifference, downloadDifference] as const
