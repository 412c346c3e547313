import { expect, test } from 'vitest'
import { decideReason, isSameModel, isSameSet, LEAST_REASON, refuseSameSheet } from './run-rules.ts'

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

test('[RUN-17] [RUN-18] inputs are the same by content in any order, models by engine and definition', () => {
  expect(isSameSet(['a', 'b'], ['b', 'a'])).toBe(true)
  expect(isSameSet(['a'], ['b'])).toBe(false)
  expect(isSameSet(['a', 'a'], ['a', 'b'])).toBe(false)
  const model = { version: '3', model: 'register-to-roll@3' }
  expect(isSameModel(model, { version: '3', model: 'register-to-roll@3 dropped-blocks:2' })).toBe(true)
  expect(isSameModel(model, { ...model, version: '4' })).toBe(false)
  expect(isSameModel(undefined, undefined)).toBe(false)
})
