import { ageOn, daysBetween, type PlainDate } from '../../kernel/plain-date.ts'
import { words } from './page-words.web.ts'

/** In the officer's words; amber once the day is passing. */
export function DueCell({ day, today }: { readonly day: string; readonly today: string }) {
  const left = daysBetween(today as PlainDate, day as PlainDate)
  const text = left < 0 ? words.due.overdue(-left) : left === 0 ? words.due.today : words.due.left(left)
  return (
    <span className={left <= 0 ? 'check-due passing' : 'check-due'} title={day}>
      {text}
    </span>
  )
}

export function showYears(birthDay: string, today: string): string {
  return words.years(ageOn(birthDay as PlainDate, today as PlainDate))
}
