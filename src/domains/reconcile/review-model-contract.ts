import { z } from 'zod'
import { defineRoute } from '../../kernel/route.ts'

const instant = z.iso.datetime({ offset: true })

export const LinkageModelLine = z.object({
  version: z.number().int(),
  sha256: z.string(),
  labels: z.number().int(),
  heldPairs: z.number().int(),
  rightBefore: z.number().int(),
  rightAfter: z.number().int(),
  madeBy: z.string(),
  madeAt: instant,
  isOn: z.boolean(),
  /** It was estimated for an earlier definition of the linkage and fits no more. */
  isOutdated: z.boolean(),
})
export type LinkageModelLine = z.infer<typeof LinkageModelLine>

const Models = z.object({
  /** Decided pairs that a new one would learn from. */
  labels: z.number().int(),
  /** Fewer than this teach nothing. */
  least: z.number().int(),
  rows: z.array(LinkageModelLine),
})

export const listModels = defineRoute({
  id: 'run.models',
  method: 'GET',
  path: '/run-models',
  summary: '用已核对的对重新估计的模型',
  access: 'run.read',
  answer: Models,
})

export const estimateModel = defineRoute({
  id: 'run.model-estimate',
  method: 'POST',
  path: '/run-models',
  summary: '用已核对的对重新估计（不启用）',
  access: 'run.create',
  answer: Models,
  problems: ['REVIEW.TOO_FEW'],
})

export const switchModel = defineRoute({
  id: 'run.model-switch',
  method: 'POST',
  path: '/run-models/switch',
  summary: '启用一个模型，或改回每次自学',
  access: 'run.create',
  body: z.object({ version: z.number().int().positive().max(1_000_000).nullable() }),
  answer: Models,
  problems: ['REVIEW.MODEL_OUTDATED'],
})

export const modelRoutes = [listModels, estimateModel, switchModel] as const
