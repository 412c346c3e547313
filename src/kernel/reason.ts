import { Problem, type ProblemCode } from './problem.ts'
import { halfWidth } from './text.ts'

/** A reason shorter than this tells nobody anything: 核对, 看看. */
export const LEAST_REASON = 4

/** Neither a digit nor a sign: 用途 12345 tells nobody anything. */
const WORD_CHARACTER = /[^\p{N}\p{P}\p{S}\s]/gu
const LEAST_WORD_CHARACTERS = 2

/** An ID number of either length or a mobile phone, also when it is written in groups. */
const PERSONAL_NUMBER = /(?<!\d)(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)/u
const BETWEEN_DIGITS = /(?<=\d)[\s\-·.]+(?=[\dXx])/gu

/** [RUN-9] Why somebody looks, takes away or changes: enough characters of which two are letters. The blanks around them do not count. */
export function isReason(text: string, least = LEAST_REASON): boolean {
  const said = text.trim()
  return [...said].length >= least && (said.match(WORD_CHARACTER)?.length ?? 0) >= LEAST_WORD_CHARACTERS
}

type ReasonCode = Extract<ProblemCode, `${string}.REASON_NEEDED`>

/** [REASON-1] The reason without the blanks around it. */
export function decideReason(text: string, code: ReasonCode, least = LEAST_REASON): string {
  if (!isReason(text, least)) throw new Problem(code, { least })
  return text.trim()
}

/** [REASON-2] A reason for the log, where it stands open for years and is read by others: a number of a person is refused. */
export function decideLoggedReason(text: string, code: ReasonCode): string {
  const reason = decideReason(text, code)
  const said = halfWidth(reason)
  if (PERSONAL_NUMBER.test(said) || PERSONAL_NUMBER.test(said.replace(BETWEEN_DIGITS, '')))
    throw new Problem('REQUEST.REASON_NUMBER')
  return reason
}
