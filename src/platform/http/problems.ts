import { Problem, type ProblemJson, problemToJson } from '../../kernel/problem.ts'
import { diskFaultOf } from '../sealed-store.ts'
import { httpWords as words } from './words.ts'

/** JSON bodies; files go by upload. */
export const JSON_LIMIT_BYTES = 1 << 20

/** [SEC-40] Whatever was thrown leaves as a Problem: expected trouble as it is, everything else as `SYSTEM.FAULT` with a number to ask for. */
export function problemOf(thrown: unknown, incident: string): Problem {
  const error = diskFaultOf(thrown)
  if (error instanceof Problem) return error
  return frameworkProblem(error) ?? new Problem('SYSTEM.FAULT', { incident })
}

export function problemAnswer(problem: Problem): ProblemJson {
  return problemToJson(problem)
}

/** Seconds after which the same request may pass, for the header `retry-after`. */
export function retrySeconds(problem: Problem): number | undefined {
  const { seconds } = problem.words
  return typeof seconds === 'number' ? seconds : undefined
}

/** Requests that Fastify refuses before a handler of ours sees them. */
function frameworkProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return undefined
  const detail = { cause: String(error.code) }
  if (error.statusCode === 413)
    return new Problem('REQUEST.TOO_LARGE', { limit: `${JSON_LIMIT_BYTES >> 20} MB` }, detail)
  if (error.statusCode === 404) return new Problem('REQUEST.NOT_FOUND', {}, detail)
  const isCallers = typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500
  return isCallers
    ? new Problem('REQUEST.MALFORMED', { where: words.wholeRequest, advice: words.notJson }, detail)
    : undefined
}
