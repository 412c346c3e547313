import { z } from 'zod'
import { defineRoute } from '../../kernel/route.ts'

const day = z.iso.date()

export const PolicyValue = z.object({
  from: day,
  /** The day before the next value starts; null while in force. */
  until: day.nullable(),
  /** As printed: `15 分钟`, `6 岁`. */
  shown: z.string(),
  source: z.object({ title: z.string(), article: z.string().nullable(), number: z.string().nullable() }),
  confidence: z.enum(['certain', 'likely', 'to-verify']),
  /** 全国, or the label of the pack (city or district) that overlays it. */
  origin: z.string(),
  inForce: z.boolean(),
})
export type PolicyValue = z.infer<typeof PolicyValue>

export const PolicyLine = z.object({
  id: z.string(),
  label: z.string(),
  area: z.string(),
  unit: z.string(),
  note: z.string().nullable(),
  /** Newest first; overlays of the asked scope included. */
  values: z.array(PolicyValue),
})
export type PolicyLine = z.infer<typeof PolicyLine>

export const readPolicy = defineRoute({
  id: 'policy.read',
  method: 'GET',
  path: '/policy',
  summary: '标准与依据：每个数、哪天起、凭什么',
  access: 'policy.read',
  query: z.object({ day: day.regex(/^(19|20)/).optional(), q: z.string().trim().max(40).optional() }),
  answer: z.object({ day, rows: z.array(PolicyLine) }),
})

export const policyRoutes = [readPolicy] as const
