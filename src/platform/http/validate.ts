import { z } from 'zod'
import { Problem } from '../../kernel/problem.ts'

/** Zod's own Chinese sentences. They name types and limits, never the value that was sent. */
const { localeError } = z.locales.zhCN()

/** [SEC-41] Parses one part of a request; a fault says in Chinese which field it is and what it should be. */
export function validated<Schema extends z.ZodType>(schema: Schema, value: unknown, part: string): z.output<Schema> {
  const parsed = schema.safeParse(value ?? {}, { error: localeError })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = [part, ...(issue?.path ?? [])].join(' · ')
  throw new Problem('REQUEST.MALFORMED', { where, advice: issue?.message ?? '' }, { where })
}
