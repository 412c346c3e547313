import { expect, test } from 'vitest'
import { fileId, unitId } from './ids.ts'

test.each([0, -1, 1.5, Number.NaN, 2 ** 53])('%d is no id', (id) => {
  expect(() => unitId(id)).toThrow(RangeError)
})

test('a UUID is taken in its canonical form only, and a bad one is not repeated in the error', () => {
  expect(fileId('0190a6f2-7c1e-7a3b-8c4d-1e2f3a4b5c6d')).toBe('0190a6f2-7c1e-7a3b-8c4d-1e2f3a4b5c6d')
  for (const id of ['0190A6F2-7C1E-7A3B-8C4D-1E2F3A4B5C6D', '500103201508310012', '', '../../etc']) {
    expect(() => fileId(id)).toThrow(/^not a UUID$/)
  }
})
