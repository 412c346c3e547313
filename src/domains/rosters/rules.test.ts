import { describe, expect, test } from 'vitest'
import { ACCOUNT_CODES, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import { decideListed, decideSeat, decideSeatEntry, type SeatFacts } from './rules.ts'

const seated: SeatFacts = {
  roll: 'in',
  isHandedIn: true,
  seatedAt: 1,
  isOwnSeat: true,
  mark: null,
  absentDays: null,
  account: 'here',
  isAskedByClass: false,
}
const away = { ...seated, seatedAt: 0, isOwnSeat: false }
const WEEK = 7
const seat = (facts: SeatFacts) => decideSeat(facts, WEEK)

describe('[ROST-8] what a class says against the roll', () => {
  test('who sits in the class of his roll is nothing to tell', () => {
    expect(seat(seated)).toBeNull()
  })

  test('a school that handed in nothing says nothing of its pupils', () => {
    expect(seat({ ...away, isHandedIn: false })).toBeNull()
    expect(seat(away)).toEqual({ class: 'named-absent', ground: 'unnamed' })
  })

  test('who is taught outside classes is not missed in one, and a pause or leave is no absence', () => {
    for (const account of ['home-teaching', 'special-school', 'other-province', 'moved-out'] as const)
      expect(seat({ ...away, account })).toBeNull()
    expect(seat({ ...away, roll: 'paused' })?.class).toBe('on-leave')
    expect(seat({ ...away, mark: 'leave' })?.class).toBe('on-leave')
  })

  test('in another school, in two, on no roll, suspended and there', () => {
    expect(seat({ ...seated, isOwnSeat: false })?.class).toBe('seated-elsewhere')
    expect(seat({ ...seated, seatedAt: 2 })?.class).toBe('two-schools')
    expect(seat({ ...seated, roll: 'none', isOwnSeat: false })?.class).toBe('without-roll')
    expect(seat({ ...seated, roll: 'paused' })?.class).toBe('paused-present')
    expect(seat({ ...seated, roll: 'none', isOwnSeat: false, account: 'without-roll' })).toBeNull()
  })

  test('who was asked for by a class list, and by nothing else, is back by one', () => {
    expect(seat({ ...seated, account: 'suspected', isAskedByClass: true })?.class).toBe('back-in-class')
    expect(seat({ ...seated, account: 'suspected', isAskedByClass: false })).toBeNull()
  })
})

test('[ROST-9] one absent day makes no suspicion; the words or the days of the list do', () => {
  const ground = (more: Partial<SeatFacts>) => seat({ ...away, ...more })?.ground
  expect(ground({ mark: 'absent', absentDays: 1 })).toBe('short')
  expect(ground({ mark: 'absent', absentDays: null })).toBe('short')
  expect(ground({ mark: 'absent', absentDays: WEEK - 1 })).toBe('short')
  expect(ground({ mark: 'absent', absentDays: WEEK })).toBe('days')
  expect(ground({ mark: 'lost' })).toBe('said')
  expect(ground({ mark: 'gone' })).toBe('gone')
})

describe('[ROST-10] what is posted over what stands', () => {
  const absent = (ground: 'said' | 'unnamed') => ({ class: 'named-absent', ground }) as const

  test('名在人不在 is suspected by words, asked for else, and never asked for twice', () => {
    expect(decideSeatEntry(absent('said'), { account: 'here', before: null })).toBe('suspected')
    expect(decideSeatEntry(absent('unnamed'), { account: 'here', before: null })).toBe('to-verify')
    expect(decideSeatEntry(absent('said'), { account: 'to-verify', before: null })).toBe('suspected')
    expect(decideSeatEntry(absent('unnamed'), { account: 'to-verify', before: null })).toBeNull()
    for (const account of ACCOUNT_CODES.filter((code) => BOOK_ACCOUNTS[code].isPause))
      expect(decideSeatEntry(absent('said'), { account, before: null })).toBeNull()
  })

  test('what somebody found out stays', () => {
    for (const account of ['suspected', 'never-enrolled', 'dropped-out', 'missing'] as const)
      expect(decideSeatEntry(absent('said'), { account, before: null })).toBeNull()
  })

  test('who is back stands as before', () => {
    const back = { class: 'back-in-class', ground: null } as const
    expect(decideSeatEntry(back, { account: 'suspected', before: 'elsewhere-in-city' })).toBe('elsewhere-in-city')
    expect(decideSeatEntry(back, { account: 'suspected', before: 'to-verify' })).toBe('here')
  })
})

test('[ROST-13] [ROST-14] a child of a list closes when it is accounted for, and on a roll where it has to be', () => {
  expect(decideListed({ account: 'here', isOnRoll: true })).toBeNull()
  expect(decideListed({ account: 'home-teaching', isOnRoll: false })).toBe('no-roll')
  expect(decideListed({ account: 'other-province', isOnRoll: false })).toBeNull()
  expect(decideListed({ account: 'suspended', isOnRoll: false })).toBeNull()
  expect(decideListed({ account: 'moved-out', isOnRoll: false })).toBeNull()
  expect(decideListed({ account: 'never-enrolled', isOnRoll: false })).toBe('out')
  expect(decideListed({ account: 'to-verify', isOnRoll: false })).toBe('unexplained')
  expect(decideListed({ account: null, isOnRoll: false })).toBe('unknown')
})
