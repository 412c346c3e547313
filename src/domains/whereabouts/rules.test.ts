import { describe, expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { ACCOUNT_CODES, accountCodeOf, accountsOfGroup, BOOK_ACCOUNTS } from './accounts.ts'
import { matrixOf, type PlaceSum } from './matrix.ts'
import { ageBoundsOn, evidenceExpiryOn, termStartOn } from './policy.ts'
import { decideClose } from './rules.ts'

const at = plainDate

test('[BOOK-1] five groups, one account each; unexplained is group 4, a pause group 2, closing group 3', () => {
  expect(ACCOUNT_CODES).toHaveLength(36)
  expect([1, 2, 3, 4, 5].map((group) => accountsOfGroup(group as 1).length)).toEqual([10, 5, 4, 10, 7])
  expect(BOOK_ACCOUNTS['to-verify']).toMatchObject({ group: 4, isUnexplained: true, isPause: false })
  expect(BOOK_ACCOUNTS.suspended.isPause && BOOK_ACCOUNTS.finished.isClosing).toBe(true)
  for (const code of ACCOUNT_CODES) expect(accountCodeOf(BOOK_ACCOUNTS[code].id)).toBe(code)
})

describe('[BOOK-10] days close in order, once', () => {
  const last = at('2026-11-20')
  const refusal = (day: string, today: string, closed: typeof last | undefined = last) => {
    try {
      return decideClose(closed, at(day), at(today))
    } catch (error) {
      return error instanceof Problem ? error.message : error
    }
  }
  test.each([
    ['the next day, over', '2026-11-21', '2026-11-22', 'close'],
    ['closed twice', '2026-11-20', '2026-11-22', 'already'],
    ['long closed', '2026-10-01', '2026-11-22', 'already'],
    ['skipped', '2026-11-22', '2026-11-24', expect.stringContaining('次日')],
    ['today', '2026-11-21', '2026-11-21', expect.stringContaining('没有过完')],
    ['in the future', '2026-11-25', '2026-11-22', expect.stringContaining('没有过完')],
    ['clock set back', '2026-11-19', '2026-11-18', expect.stringContaining('系统日期')],
  ])('%s', (_what, day, today, answer) => {
    expect(refusal(day, today)).toEqual(answer)
  })
  test('books that are not open', () => {
    expect(() => decideClose(undefined, at('2026-11-21'), at('2026-11-22'))).toThrow('没有开账')
  })
})

describe('[BOOK-11] ages', () => {
  test('30 days count the day itself; the term begins on 1 September and 15 February', () => {
    expect(ageBoundsOn(at('2026-11-22'))).toEqual({ recent: '2026-10-24', fresh: '2026-08-25', term: '2026-09-01' })
    expect(termStartOn(at('2026-02-14'))).toBe('2025-09-01')
    expect(termStartOn(at('2026-02-15'))).toBe('2026-02-15')
    expect(termStartOn(at('2026-08-31'))).toBe('2026-02-15')
  })
})

describe('[BOOK-12] validity', () => {
  test('an extract, a roll and a certificate hold for the term and 30 days of the next', () => {
    expect(evidenceExpiryOn('roll', at('2026-09-05'))).toBe('2027-03-18')
    expect(evidenceExpiryOn('certificate', at('2027-02-14'))).toBe('2027-03-18')
    expect(evidenceExpiryOn('population', at('2027-02-15'))).toBe('2027-10-02')
  })
  test('what somebody saw holds 180 days', () => {
    expect(evidenceExpiryOn('visit', at('2026-09-05'))).toBe('2027-03-04')
  })
})

describe('[BOOK-20] registered × at school', () => {
  const sum = (
    base: 'R' | 'S',
    districtId: number,
    otherId: number | null,
    account: PlaceSum['account'],
    count: number,
  ): PlaceSum => ({ base, districtId, otherId, account, count })
  const district = [
    sum('R', 1, 1, 'here', 90),
    sum('R', 1, 2, 'elsewhere-in-city', 7),
    sum('R', 1, null, 'other-province', 3),
    sum('R', 1, 1, 'suspected', 2),
    sum('S', 1, 1, 'here', 90),
    sum('S', 1, 1, 'suspected', 2),
    sum('S', 1, 2, 'elsewhere-in-city', 5),
    sum('S', 1, null, 'roll-other-province', 4),
    sum('S', 1, null, 'roll-ghost', 1),
  ]
  test('of a district: its row from registration, its column from its schools', () => {
    const matrix = matrixOf(district, 'district')
    const line = (row: string) =>
      Object.fromEntries(matrix.rows.find((one) => one.row === row)!.cells.map((cell) => [cell.column, cell.count]))
    expect(line('own')).toEqual({ own: 90, 'other-district': 7, 'other-province': 3, 'no-school': 2 })
    expect(line('other-district')).toEqual({ own: 5 })
    expect(line('other-province')).toEqual({ own: 4 })
    expect(line('unclear')).toEqual({ own: 1 })
    expect(matrix.districts).toEqual([{ unitId: 2, sent: 7, received: 5 }])
    expect(matrix).toMatchObject({ ownByRegistration: 90, ownBySchool: 90, agrees: true })
  })
  test('a difference between the two sides shows', () => {
    expect(matrixOf([...district, sum('S', 1, 1, 'here', 1)], 'district').agrees).toBe(false)
    const city = [sum('R', 1, 2, 'elsewhere-in-city', 7), sum('R', 2, 1, 'elsewhere-in-city', 3)]
    expect(
      matrixOf([...city, sum('S', 2, 1, 'elsewhere-in-city', 7), sum('S', 1, 2, 'elsewhere-in-city', 3)], 'city')
        .agrees,
    ).toBe(true)
    expect(
      matrixOf([...city, sum('S', 2, 1, 'elsewhere-in-city', 3), sum('S', 1, 2, 'elsewhere-in-city', 7)], 'city')
        .agrees,
    ).toBe(false)
  })
})
