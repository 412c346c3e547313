import { expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import { stageOf } from '../cases/rules.ts'
import { ACCOUNT_CODES, accountsOfGroup, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import { PROVINCES } from './provinces.ts'
import { classOf, findProvince, METHODS, RESULTS, resultOf } from './results.ts'
import {
  accountOf,
  closesItself,
  evidenceOf,
  fateOf,
  faultsOf,
  isOnVisitLists,
  missingOf,
  proposalOf,
  type ReportFacts,
  taskStateOf,
  whyOf,
} from './rules.ts'
import { checksWords } from './words.ts'

const day = plainDate
const facts: ReportFacts = {
  result: 'A1',
  method: 'visit',
  schoolId: null,
  province: null,
  pauseUntil: null,
  hasPapers: false,
  hasPlace: false,
}

test('[CHECK-1] every class of the national list has its codes, each with its account, words and destination', () => {
  expect([...new Set(RESULTS.map(({ code }) => classOf(code)))].join(' ')).toBe(
    'A1 A2 A3 A4 B1 B2 B3 B4 B5 B6 C1 C2 C3 D1 D2 D3 E1',
  )
  for (const { code } of RESULTS) {
    expect(checksWords.results[code]).not.toBe('')
    expect(checksWords.asked[code]).not.toBe('')
  }
  const pauses = RESULTS.filter(({ account }) => BOOK_ACCOUNTS[account].isPause).map(({ code }) => code)
  expect(pauses).toEqual(RESULTS.filter(({ code }) => resultOf(code).needs.pauseUntil === true).map(({ code }) => code))
  const closing = RESULTS.filter(({ account }) => BOOK_ACCOUNTS[account].isClosing)
  expect(closing.every(({ code }) => resultOf(code).needs.papers === true)).toBe(true)
})

test('[CHECK-5] only the D classes post to an account that opens a case', () => {
  const cases = RESULTS.filter(({ account }) => BOOK_ACCOUNTS[account].isUnexplained && stageOf(account) === 'case')
  expect(cases.map(({ code }) => code)).toEqual(['D1', 'D2', 'D3'])
  expect(RESULTS.filter(({ goesTo }) => goesTo === 'case').map(({ code }) => code)).toEqual(['D1', 'D2', 'D3'])
})

test('[CHECK-1] here or elsewhere follows the school', () => {
  const at = (code: 'A1' | 'A2-1' | 'B1' | 'B4', schoolDistrict: number | null, homeDistrict: number | null) =>
    accountOf(resultOf(code), { schoolDistrict, homeDistrict })
  expect([at('A1', 3, 3), at('A1', 4, 3), at('A2-1', 3, 3), at('B1', 4, 3), at('A1', 4, null), at('B4', 4, 3)]).toEqual(
    ['here', 'elsewhere-in-city', 'here', 'elsewhere-in-city', 'here', 'died'],
  )
})

test('[CHECK-2] every unexplained account has a reason in words, and 待核 one by its evidence', () => {
  for (const account of accountsOfGroup(4)) {
    const why = whyOf(account, { evidence: 'population', isExpired: false, isRegistered: true })
    expect(checksWords.why[why]).not.toBe('')
  }
  const of = (evidence: 'population' | 'roll' | 'none' | 'visit', isExpired = false, isRegistered = true) =>
    whyOf('to-verify', { evidence, isExpired, isRegistered })
  expect([of('population'), of('roll'), of('none'), of('roll', true), of('visit'), of('visit', false, false)]).toEqual([
    'not-on-roll',
    'not-registered',
    'no-evidence',
    'expired',
    'said-so',
    'found',
  ])
  const looks = [
    proposalOf('to-verify', 'not-on-roll', false),
    proposalOf('to-verify', 'found', false),
    proposalOf('missing', 'missing', true),
    proposalOf('conflict', 'conflict', true),
    proposalOf('conflict', 'conflict', false),
  ]
  expect(looks).toEqual([null, 'E1-1', 'B5', 'A1', 'B2'])
})

test('[CHECK-3] the newest report says where a task stands; after an acceptance that explained nothing it is open', () => {
  expect(
    [null, 'tried', 'given', 'returned', 'accepted', 'replaced'].map((state) => taskStateOf(state as never)),
  ).toEqual(['open', 'tried', 'given', 'returned', 'open', 'open'])
})

test('[CHECK-8] what still waited when the file closed was overtaken; what was decided stays decided', () => {
  expect([fateOf('given', false), fateOf('given', true), fateOf('accepted', false), fateOf('returned', false)]).toEqual(
    ['overtaken', 'given', 'accepted', 'returned'],
  )
})

test('[CHECK-4] a result shows what its class asks for, or says what is missing', () => {
  expect(missingOf(facts, false)).toEqual(['school'])
  expect(missingOf(facts, true)).toEqual([])
  expect(missingOf({ ...facts, result: 'A2-2' }, false)).toEqual(['province', 'place', 'papers'])
  expect(missingOf({ ...facts, result: 'C1-2', hasPapers: true }, true)).toEqual(['pauseUntil'])
  expect(missingOf({ ...facts, result: 'D3', method: 'phone' }, true)).toEqual(['method'])
  expect(missingOf({ ...facts, result: 'B5', hasPapers: true }, true)).toEqual(['method'])
})

test('[CHECK-5] the evidence is what was fetched, and no closing rests on a bare word', () => {
  const kinds = METHODS.map((method) => evidenceOf(resultOf('B3'), { ...facts, result: 'B3', method }))
  expect(kinds).toEqual(['officer', 'visit', 'certificate', 'registry-reply', 'certificate'])
  for (const { code, account } of RESULTS) {
    if (!BOOK_ACCOUNTS[account].isClosing) continue
    const complete = METHODS.map((method): ReportFacts => ({ ...facts, result: code, method, hasPapers: true })).filter(
      (report) => missingOf(report, true).length === 0,
    )
    expect(complete.map((report) => evidenceOf(resultOf(code), report))).not.toContain('officer')
  }
})

test('[CHECK-6] days and classes that cannot be meant', () => {
  const terms = { today: day('2026-11-20'), oldestDays: 60, isRegistered: true }
  const draft = { result: 'C1-1' as const, checkedDay: day('2026-11-20'), pauseUntil: day('2027-02-01') }
  expect(faultsOf(draft, terms)).toEqual([])
  expect(faultsOf({ ...draft, checkedDay: day('2026-09-21') }, terms)).toEqual([])
  expect(faultsOf({ ...draft, checkedDay: day('2026-09-20') }, terms)).toEqual(['day'])
  expect(faultsOf({ ...draft, pauseUntil: day('2026-11-20') }, terms)).toEqual(['pausePast'])
  expect(faultsOf({ ...draft, result: 'B3' }, terms)).toEqual(['pauseWithout'])
  expect(faultsOf({ ...draft, result: 'E1-1', pauseUntil: null }, terms)).toEqual(['registered'])
})

test('[CHECK-7] only what a roll newer than the difference says of the same school closes itself', () => {
  const roll = { schoolId: 7, asOf: day('2026-11-15'), isInSchool: true }
  const ground = { roll, since: day('2026-11-01'), classes: new Set(['A1']) }
  const report = { result: 'A1' as const, schoolId: 7 }
  expect(closesItself(report, ground)).toBe(true)
  expect(closesItself({ ...report, schoolId: null }, ground)).toBe(true)
  expect(closesItself({ ...report, schoolId: 8 }, ground)).toBe(false)
  expect(closesItself({ ...report, result: 'B4' }, ground)).toBe(false)
  expect(closesItself(report, { ...ground, classes: new Set() })).toBe(false)
  expect(closesItself(report, { ...ground, since: day('2026-11-15') })).toBe(false)
  expect(closesItself(report, { ...ground, roll: { ...roll, isInSchool: false } })).toBe(false)
  expect(closesItself(report, { ...ground, roll: null })).toBe(false)
})

test('[CHECK-9] neither the missing nor the dead are called on', () => {
  const kept = ACCOUNT_CODES.filter((account) => BOOK_ACCOUNTS[account].isUnexplained || account === 'died')
  expect(kept.filter((account) => !isOnVisitLists(account))).toEqual(['died', 'missing'])
})

test('[CHECK-1] a province is found as clerks write it', () => {
  expect(['贵州', '贵州省', '52', '广西壮族自治区', '北京市', '火星'].map(findProvince)).toEqual([
    '52',
    '52',
    '52',
    '45',
    '11',
    undefined,
  ])
  expect(new Set(PROVINCES.map(({ code }) => code)).size).toBe(33)
})
