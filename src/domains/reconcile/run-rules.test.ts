import { expect, test } from 'vitest'
import { isSameModel, isSameSet, refuseSameSheet } from './run-rules.ts'

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
