import { daysBetween, type PlainDate } from '../../kernel/plain-date.ts'
import { words } from './page-words.web.ts'

/** In the officer's words, and whether the day is passing. */
export function showDue(dueDay: string, today: string): { readonly text: string; readonly isPassing: boolean } {
  const left = daysBetween(today as PlainDate, dueDay as PlainDate)
  if (left < 0) return { text: words.due.overdue(-left), isPassing: true }
  return left === 0 ? { text: words.due.today, isPassing: true } : { text: words.due.left(left), isPassing: false }
}

export function showAge(confirmed: string | null, today: string): string {
  if (confirmed === null) return words.age.never
  const days = daysBetween(confirmed as PlainDate, today as PlainDate)
  return days <= 0 ? words.age.today : words.age.days(days)
}
