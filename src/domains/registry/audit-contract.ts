import { z } from 'zod'
import { defineRoute, pageOf, pageQuery } from '../../kernel/route.ts'
import { askedDay, instant } from './contract-days.ts'

export const AuditLine = z.object({
  auditId: z.number().int(),
  at: instant,
  person: z.string().nullable(),
  unit: z.string().nullable(),
  /** Route id or command, and its Chinese label. */
  action: z.string(),
  actionLabel: z.string(),
  /** `read`, `write`, `sign-in`, `export`, `reveal`, `refused`. */
  kind: z.string(),
  /** Ids, as they were written: `unit:20`, `account:17 post:3`. */
  target: z.string().nullable(),
  /** The same things by name, each where the asker may see it. */
  targetNames: z.array(z.object({ id: z.string(), name: z.string() })),
  reason: z.string().nullable(),
  outcome: z.string(),
  address: z.string().nullable(),
})
export type AuditLine = z.infer<typeof AuditLine>

export const listAudit = defineRoute({
  id: 'audit.list',
  method: 'GET',
  path: '/audit',
  summary: '谁看过、谁改过',
  access: 'audit.read',
  query: pageQuery.extend({
    from: askedDay.optional(),
    until: askedDay.optional(),
    kind: z.enum(['read', 'write', 'sign-in', 'export', 'reveal', 'refused']).optional(),
    q: z.string().trim().max(40).optional(),
  }),
  answer: pageOf(AuditLine),
})
