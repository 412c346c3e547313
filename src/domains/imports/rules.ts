import { Problem } from '../../kernel/problem.ts'

/** A reason shorter than this tells nobody anything: 核对, 看看. */
export const LEAST_REASON = 4
/** A sheet of 3.3 million rows is about 850 MB as CSV. */
export const MAX_SHEET_BYTES = 2 * 1024 ** 3

/** [RUN-9] Seeing a number and taking a list away both need a reason in words. */
export function decideReason(reason: string): string {
  const said = reason.trim()
  if ([...said].length < LEAST_REASON) throw new Problem('RUN.REASON_NEEDED', { least: LEAST_REASON })
  return said
}
