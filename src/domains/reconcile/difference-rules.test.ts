import { describe, expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import { type CauseFacts, causeOf, hasTermBegun, kindOf } from './difference-rules.ts'

const unexplained = { unexplained: true }
const explained = { unexplained: false }

describe('[DIFF-1] what became of a child', () => {
  test.each([
    ['new', null, unexplained],
    ['new', explained, unexplained],
    ['resolved', unexplained, explained],
    ['resolved', unexplained, null],
    ['changed', unexplained, unexplained],
    ['changed', explained, explained],
    ['entered', null, explained],
    ['left', explained, null],
  ] as const)('%s', (kind, before, after) => {
    expect(kindOf({ before, after })).toBe(kind)
  })
})

describe('[DIFF-2] why', () => {
  const run: CauseFacts = {
    isDecided: false,
    writer: 'run',
    hasBegun: false,
    hasOtherRows: false,
    isOtherModel: false,
  }
  test.each<[string, Partial<CauseFacts>]>([
    ['decision', { isDecided: true, hasOtherRows: true }],
    ['officer', { writer: 'case', hasOtherRows: true }],
    ['officer', { writer: 'merge' }],
    ['close', { writer: 'close', hasBegun: true }],
    ['undone', { writer: 'undo' }],
    ['term', { hasBegun: true, hasOtherRows: true }],
    ['input', { hasOtherRows: true, isOtherModel: true }],
    ['model', { isOtherModel: true }],
    ['others', {}],
  ])('%s', (cause, facts) => {
    expect(causeOf({ ...run, ...facts })).toBe(cause)
  })

  test('a term begins on 31 August, whatever years lie around', () => {
    const began = (from: string, until: string) => hasTermBegun(plainDate(from), plainDate(until))
    expect(began('2026-08-30', '2026-08-31')).toBe(true)
    expect(began('2026-08-31', '2026-11-20')).toBe(false)
    expect(began('2026-06-01', '2026-07-01')).toBe(false)
    expect(began('2026-09-10', '2027-09-10')).toBe(true)
    expect(began('2026-11-20', '2027-03-01')).toBe(false)
  })
})
