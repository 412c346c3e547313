import { Problem } from '../../kernel/problem.ts'

/** A reason shorter than this tells nobody anything: 核对, 看看. */
export const LEAST_REASON = 4
/** A sheet of 3.3 million rows is about 850 MB as CSV. */
export const MAX_SHEET_BYTES = 2 * 1024 ** 3

/** Columns of a sheet that are read; a roll has 80. */
export const MOST_COLUMNS = 1_000

/** Neither a digit nor a sign: 用途 12345 tells nobody anything. */
const WORD_CHARACTER = /[^\p{N}\p{P}\p{S}\s]/gu
const LEAST_WORD_CHARACTERS = 2

/** [RUN-9] Seeing a number and taking a list away both need a reason in words. */
export function decideReason(reason: string): string {
  const said = reason.trim()
  const wordCharacters = said.match(WORD_CHARACTER)?.length ?? 0
  if ([...said].length < LEAST_REASON || wordCharacters < LEAST_WORD_CHARACTERS)
    throw new Problem('RUN.REASON_NEEDED', { least: LEAST_REASON })
  return said
}
