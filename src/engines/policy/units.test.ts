import { expect, test } from 'vitest'
import { showAmount } from './units.ts'

test.each([
  [15, 'minutes', '15 分钟'],
  [6, 'age', '6 周岁'],
  [125050, 'fen', '1,250.50 元'],
  [0.07, 'share', '7%'],
  [0.055, 'share', '5.5%'],
  [1.25, 'score', '1.25'],
  ['08-31', 'month-day', '8月31日'],
  [true, 'yes-no', '是'],
  [false, 'yes-no', '否'],
  ['双随机', 'text', '双随机'],
] as const)('[POLICY-7] %j %s is shown as %s', (value, unit, shown) => {
  expect(showAmount(value, unit)).toBe(shown)
})
