import { Problem, type ProblemCode } from '../kernel/problem.ts'

/** The code under which an error is told and recorded; what is no Problem is a fault of ours. */
export function codeOf(error: unknown): ProblemCode {
  return error instanceof Problem ? error.code : 'SYSTEM.FAULT'
}
