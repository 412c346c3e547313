import { addDays, type PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { whereaboutsWords } from './words.ts'

const words = whereaboutsWords.close

/**
 * [BOOK-10] Whether `day` is closed now: `already` when it was (a day closed twice changes nothing). Days close in order
 * from the day after the last one, once they are over. Refuses a skipped day, a day that is not over, and any day when the
 * clock stands before the last closed one.
 */
export function decideClose(lastClosed: PlainDate | undefined, day: PlainDate, today: PlainDate): 'close' | 'already' {
  if (lastClosed === undefined) throw new Problem('BOOK.DAY_ORDER', { day, advice: words.notOpen })
  if (today < lastClosed) throw new Problem('BOOK.DAY_ORDER', { day, advice: words.setBack }, { today, lastClosed })
  if (day <= lastClosed) return 'already'
  if (day >= today) throw new Problem('BOOK.DAY_ORDER', { day, advice: words.future }, { today })
  if (day !== addDays(lastClosed, 1))
    throw new Problem('BOOK.DAY_ORDER', { day, advice: words.skipped }, { lastClosed })
  return 'close'
}
