import { z } from 'zod'
import { Problem } from '../../kernel/problem.ts'
import { httpWords as words } from './words.ts'

const { localeError } = z.locales.zhCN()

/** Zod's own Chinese sentences for limits; for a wrong type its sentence names types, which tell a clerk nothing. */
const told: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type') return issue.input === undefined ? words.missing : words.wrongKind
  return localeError(issue)
}

/** [SEC-41] Parses one part of a request; a fault says in Chinese which field it is and what it should be. */
export function validated<Schema extends z.ZodType>(schema: Schema, value: unknown, part: string): z.output<Schema> {
  const parsed = schema.safeParse(value ?? {}, { error: told })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = [part, ...(issue?.path ?? [])].join(' · ')
  throw new Problem('REQUEST.MALFORMED', { where, advice: issue?.message ?? '' }, { where })
}
