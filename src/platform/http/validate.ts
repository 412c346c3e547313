import { z } from 'zod'
import { Problem } from '../../kernel/problem.ts'
import { httpWords as words } from './words.ts'

const { localeError } = z.locales.zhCN()

/** Zod's own Chinese sentences for limits; for a wrong type its sentence names types, which tell a clerk nothing. */
const told: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type') return issue.input === undefined ? words.missing : words.wrongKind
  if (issue.code === 'invalid_format') return words.wrongShape
  if (issue.code === 'unrecognized_keys') return words.unknown(issue.keys.join('，'))
  if (issue.code === 'too_small') return words.atLeast(String(issue.minimum), unitOf(issue.origin))
  if (issue.code === 'too_big') return words.atMost(String(issue.maximum), unitOf(issue.origin))
  return localeError(issue)
}

function unitOf(origin: string): string {
  if (origin === 'string') return words.characters
  return origin === 'array' || origin === 'set' ? words.items : ''
}

/**
 * [SEC-41] Parses one part of a request; a fault says in Chinese which field it is and what it should be. A condition of a
 * list that is not known is refused: without it the answer would be the whole list, and look like what was asked for.
 */
export function validated<Schema extends z.ZodType>(schema: Schema, value: unknown, part: string): z.output<Schema> {
  if (holdsNul(value))
    throw new Problem('REQUEST.MALFORMED', { where: part, advice: words.badCharacter }, { where: part })
  const asked = part === words.query && schema instanceof z.ZodObject ? schema.strict() : schema
  const parsed = asked.safeParse(value ?? {}, { error: told })
  if (parsed.success) return parsed.data as z.output<Schema>
  const issue = parsed.error.issues[0]
  const where = [part, ...(issue?.path ?? [])].join(' · ')
  throw new Problem('REQUEST.MALFORMED', { where, advice: issue?.message ?? '' }, { where })
}

/** The database takes no NUL in a text, and no clerk types one. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0')
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, member]) => key.includes('\0') || holdsNul(member))
}
