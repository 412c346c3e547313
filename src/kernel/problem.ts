import { PROBLEMS } from './problem-table.ts'

export type ProblemCode = keyof typeof PROBLEMS

/**
 * Trouble that was expected: a code for programs, a Chinese sentence for the
 * clerk, details for the log. Anything else that is thrown is a bug and answers
 * as `SYSTEM.FAULT`.
 *
 * `words` fill the `{placeholders}` of the sentence and reach the screen;
 * `detail` reaches the log only. Neither may hold an ID number, a phone number or an address.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly words: Readonly<Record<string, string | number>>
  readonly detail: Readonly<Record<string, unknown>>

  constructor(
    code: ProblemCode,
    words: Readonly<Record<string, string | number>> = {},
    detail: Readonly<Record<string, unknown>> = {},
  ) {
    super(sentenceOf(code, words))
    this.code = code
    this.words = words
    this.detail = detail
  }

  get status(): number {
    return PROBLEMS[this.code].status
  }
}

/** What crosses the wire and the job's child process. */
export interface ProblemJson {
  readonly code: ProblemCode
  readonly message: string
  readonly words: Readonly<Record<string, string | number>>
}

export function problemToJson(problem: Problem): ProblemJson {
  return { code: problem.code, message: problem.message, words: problem.words }
}

export function problemFromJson(json: ProblemJson): Problem {
  return new Problem(json.code, json.words)
}

export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEMS, text)
}

function sentenceOf(code: ProblemCode, words: Readonly<Record<string, string | number>>): string {
  return PROBLEMS[code].sentence.replace(/\{(\w+)\}/g, (_, key: string) => {
    const word = words[key]
    if (word === undefined) throw new Error(`problem ${code} needs the word "${key}"`)
    return String(word)
  })
}
