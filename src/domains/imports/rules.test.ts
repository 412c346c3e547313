import { expect, test } from 'vitest'
import { decideReason } from './rules.ts'

test('[RUN-9] digits and signs are no reason in words', () => {
  for (const reason of ['12345', '2026年', '123-456', '……！！', '１２３４５']) {
    expect(() => decideReason(reason), reason).toThrow(expect.objectContaining({ code: 'RUN.REASON_NEEDED' }))
  }
  expect(decideReason('第3批重报')).toBe('第3批重报')
  expect(decideReason('2026年报')).toBe('2026年报')
})
