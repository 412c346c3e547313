import { words } from './words.ts'

const GROUPED = new Intl.NumberFormat('en-US')
const DECIMAL = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** Thousands by comma, as the bureau's printed tables have them. */
export function showCount(count: number): string {
  return GROUPED.format(count)
}

/** One decimal below ten, whole above: `4.6`, `83`. */
export function showDecimal(amount: number): string {
  return amount < 10 ? DECIMAL.format(amount) : GROUPED.format(Math.round(amount))
}

const SIZE_STEPS = ['B', 'KB', 'MB', 'GB'] as const

export function showBytes(bytes: number): string {
  let amount = bytes
  let step = 0
  while (amount >= 1024 && step < SIZE_STEPS.length - 1) {
    amount /= 1024
    step += 1
  }
  return `${step === 0 ? amount : showDecimal(amount)} ${SIZE_STEPS[step]}`
}

/** How long something still takes, coarse on purpose: a rest that jumps by the second is not read. */
export function showRest(seconds: number): string {
  if (seconds < 60) return words.progress.seconds(Math.max(1, Math.round(seconds)))
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return words.progress.minutes(minutes)
  return words.progress.hours(Math.floor(minutes / 60), minutes % 60)
}

const MOMENT = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** `2026-11-22 02:10`, in the bureau's own time wherever the browser is. */
export function showInstant(at: string): string {
  return MOMENT.format(new Date(at)).slice(0, 16)
}

/** `11-22 02:10`: the year is plain from the page. */
export function showShortInstant(at: string): string {
  return showInstant(at).slice(5)
}

export function showDay(day: string): string {
  const weekday = words.weekdays.charAt(new Date(`${day}T00:00:00Z`).getUTCDay())
  return words.today(day, weekday)
}

/** `2019-09-01 起`, or both days when it has ended. */
export function showSpan(from: string, until: string | null): string {
  return until === null ? words.span.from(from) : words.span.until(from, until)
}
