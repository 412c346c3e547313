import { addDays, plainDate } from '../../kernel/plain-date.ts'
import { showSpan } from '../../web/format.ts'
import { words } from './page-words.web.ts'
import { isNever } from './rules.ts'

/**
 * Days in force as people read them: the books have the first day that is out [REG-1], the screen the last that is in.
 * [REG-25] What ended on its first day never was in force, and is not shown as a span that ends before it begins.
 */
export function showTerm(
  from: string,
  until: string | null,
  never: (day: string) => string = words.term.never,
): string {
  if (isNever({ from, until })) return never(from)
  return showSpan(from, until === null ? null : addDays(plainDate(until), -1))
}
