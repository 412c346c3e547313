import { Problem, type ProblemCode, type ProblemJson } from '../../kernel/problem.ts'
import { words } from '../words.ts'

/** Trouble on this side of the wire, beside the codes of the problem table. */
export type ClientCode = 'CLIENT.OFFLINE' | 'CLIENT.UNREADABLE' | 'CLIENT.STOPPED'

/** Every failed call ends as this: a code for the page, a Chinese sentence for the clerk. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly code: ProblemCode | ClientCode
  /** 0 when no answer came. */
  readonly status: number
  /** What fills the sentence: the number of what is named, for a page that leads there. */
  readonly words: ProblemJson['words']

  constructor(code: ProblemCode | ClientCode, message: string, status: number, words: ProblemJson['words'] = {}) {
    super(message)
    this.code = code
    this.status = status
    this.words = words
  }
}

export function offline(): ApiProblem {
  return new ApiProblem('CLIENT.OFFLINE', words.client.offline, 0)
}

export function stopped(): ApiProblem {
  return new ApiProblem('CLIENT.STOPPED', words.client.stopped, 0)
}

export function unreadable(status: number): ApiProblem {
  return new ApiProblem('CLIENT.UNREADABLE', words.client.unreadable, status)
}

/** The sentence of an answer that is not 2xx; a proxy's own page counts as unreadable, or as offline from 502 to 504. */
export function problemOfAnswer(status: number, text: string): ApiProblem {
  const body = findProblemJson(text)
  if (body !== undefined) return new ApiProblem(body.code, body.message, status, body.words)
  return status >= 502 && status <= 504 ? offline() : unreadable(status)
}

/** What to show for anything thrown in a page. */
export function sentenceOf(fault: unknown): string {
  return fault instanceof ApiProblem || fault instanceof Problem ? fault.message : words.client.unreadable
}

export function isCode(fault: unknown, ...codes: readonly (ProblemCode | ClientCode)[]): boolean {
  return fault instanceof ApiProblem && codes.includes(fault.code)
}

function findProblemJson(text: string): ProblemJson | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return isProblemJson(body) ? body : undefined
  } catch {
    return undefined
  }
}

function isProblemJson(body: unknown): body is ProblemJson {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    typeof body.code === 'string' &&
    'message' in body &&
    typeof body.message === 'string'
  )
}
