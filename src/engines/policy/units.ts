import { fen, formatYuan } from '../../kernel/money.ts'
import { policyWords as words } from './words.ts'

/** What a parameter's value may be: a number of its unit, a text (`08-31`), or yes and no. */
export type PolicyAmount = number | string | boolean

/** What a value counts. A further unit is one line here and one word. */
export const POLICY_UNITS = [
  'age',
  'years',
  'days',
  'hours',
  'minutes',
  'times',
  'characters',
  'kinds',
  'rows',
  'persons',
  'fen',
  'share',
  'score',
  'month-day',
  'yes-no',
  'text',
] as const
export type PolicyUnit = (typeof POLICY_UNITS)[number]

/** [POLICY-7] A value as people read it: `15 分钟`, `1,250.00 元`, `5%`, `8月31日`, `是`. */
export function showAmount(value: PolicyAmount, unit: PolicyUnit): string {
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (unit === 'month-day') return monthDay(String(value))
  if (typeof value === 'string') return value
  if (unit === 'fen') return `${formatYuan(fen(value))} ${words.unit.fen}`
  if (unit === 'share') return `${rounded(value * 100)}%`
  const suffix = words.unit[unit]
  return suffix === '' ? rounded(value) : `${rounded(value)} ${suffix}`
}

/** `08-31` as 8月31日. */
function monthDay(value: string): string {
  const [month, day] = value.split('-')
  return words.monthDay(Number(month), Number(day))
}

/** At most four decimals, so that 0.07 × 100 is 7. */
function rounded(value: number): string {
  return String(Math.round(value * 10_000) / 10_000)
}
