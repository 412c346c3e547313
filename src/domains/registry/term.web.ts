import { addDays, plainDate } from '../../kernel/plain-date.ts'
import { showSpan } from '../../web/format.ts'

/** Days in force as people read them: the books have the first day that is out [REG-1], the screen the last that is in. */
export function showTerm(from: string, until: string | null): string {
  return showSpan(from, until === null ? null : addDays(plainDate(until), -1))
}
