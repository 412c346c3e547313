import { expect, test } from 'vitest'
import { decideReason, LEAST_REASON, refuseSameSheet } from './run-rules.ts'

test('[RUN-9] a reason has four characters, blanks around it not counted; a rare character is one', () => {
  expect(decideReason('  走访核对 ')).toBe('走访核对')
  expect(decideReason('𬶭𬶭𬶭𬶭')).toHaveLength(8)
  for (const reason of ['', '核对', ' 核 对 '.trim(), '𬶭𬶭𬶭']) {
    expect(() => decideReason(reason)).toThrow(
      expect.objectContaining({ code: 'RUN.REASON_NEEDED', words: { least: LEAST_REASON } }),
    )
  }
})

test('[RUN-10] equal content is the same sheet, whatever its name', () => {
  expect(() => refuseSameSheet({ fingerprint: '0123456789ab' }, { fingerprint: '0123456789ab' })).toThrow(
    expect.objectContaining({ code: 'RUN.SAME_SHEET' }),
  )
  expect(() => refuseSameSheet({ fingerprint: '0123456789ab' }, { fingerprint: '0123456789ac' })).not.toThrow()
})
