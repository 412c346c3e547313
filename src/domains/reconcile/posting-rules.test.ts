import { describe, expect, test } from 'vitest'
import { ACCOUNT_CODES, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import {
  cancellationOf,
  decideChange,
  decideEntry,
  type EntryFacts,
  isForeignDocument,
  isLostWord,
  ORIGINS,
  REGISTRATIONS,
  type Registration,
  ROLLS,
  type Roll,
} from './posting-rules.ts'

const entry = (registration: Registration, roll: Roll, more: Partial<EntryFacts> = {}) =>
  decideEntry({ registration, roll, origin: 'no-registration', isInBooks: false, isWatchedAge: false, ...more })
const inBooks = { isInBooks: true }

test('[POST-1] only who is registered here with an open obligation, or at school, enters the books', () => {
  const entering = new Set<string>()
  for (const registration of REGISTRATIONS)
    for (const roll of ROLLS) if (entry(registration, roll) !== null) entering.add(`${registration} ${roll}`)
  const atSchool = ['here', 'elsewhere', 'two', 'paused']
  for (const line of entering) {
    const [registration = '', roll = ''] = line.split(' ')
    expect(['open', 'review', 'gone'].includes(registration) || atSchool.includes(roll), line).toBe(true)
  }
  expect(entering.has('open finished')).toBe(false)
})

test('[POST-1] a child of the books is never without an answer but where the sheets say nothing new', () => {
  for (const registration of REGISTRATIONS) {
    for (const roll of ROLLS) {
      const decided = entry(registration, roll, inBooks)
      const saysNothing =
        (registration === 'not-begun' || registration === 'none') &&
        !['here', 'elsewhere', 'two', 'paused'].includes(roll)
      if (!saysNothing) expect(decided, `${registration} ${roll}`).not.toBeNull()
    }
  }
})

describe('[POST-2] registered here, obligation open', () => {
  test.each([
    ['here', 'here'],
    ['elsewhere', 'elsewhere-in-city'],
    ['two', 'conflict'],
    ['paused', 'suspended'],
    ['lost', 'suspected'],
    ['kindergarten', 'late-or-private'],
    ['left', 'to-verify'],
    ['none', 'to-verify'],
    ['finished', null],
    ['beyond', null],
  ] as const)('%s: %s', (roll, account) => expect(entry('open', roll)).toBe(account))

  test('who finished grade nine is closed only where the books asked for it', () => {
    expect(entry('open', 'finished', inBooks)).toBe('finished')
    expect(entry('open', 'beyond', inBooks)).toBe('finished')
  })
})

test('[POST-3] no birthday closes an account', () => {
  expect(entry('over-age', 'none')).toBeNull()
  expect(entry('over-age', 'none', inBooks)).toBe('to-verify')
  expect(entry('over-age', 'none', { ...inBooks, isWatchedAge: true })).toBe('over-age')
  expect(entry('over-age', 'elsewhere')).toBe('elsewhere-in-city')
  expect(entry('over-age', 'finished', inBooks)).toBe('finished')
})

test('[POST-4] a cancelled registration closes an account of the books by its reason, and is a ghost on a roll', () => {
  const accounts = { died: 'died', abroad: 'settled-abroad', moved: 'moved-out', cancelled: 'to-verify' } as const
  for (const [registration, account] of Object.entries(accounts)) {
    expect(entry(registration as Registration, 'none', inBooks)).toBe(account)
    expect(entry(registration as Registration, 'none')).toBeNull()
    expect(entry(registration as Registration, 'here')).toBe('roll-ghost')
    expect(entry(registration as Registration, 'left', inBooks)).toBe(account)
  }
})

test('[POST-5] who no longer stands in the extract is asked for, unless a roll shows the child', () => {
  expect(entry('gone', 'none', inBooks)).toBe('to-verify')
  expect(entry('gone', 'lost', inBooks)).toBe('suspected')
  expect(entry('gone', 'here', inBooks)).toBe('roll-no-registration')
})

test('[POST-6] on a roll and in no extract: the reason is the account', () => {
  const accounts = ORIGINS.map((origin) => entry('none', 'here', { origin }))
  expect(accounts.every((account) => account !== null && BOOK_ACCOUNTS[account].group === 5)).toBe(true)
  expect(new Set(accounts).size).toBe(ORIGINS.length)
  expect(entry('none', 'left')).toBeNull()
  expect(entry('none', 'none', inBooks)).toBe('to-verify')
  expect(entry('none', 'two')).toBe('conflict')
  expect(entry('not-begun', 'here')).toBe('roll-outside-ages')
})

describe('[POST-7] over what stands', () => {
  test('a run replaces what a run posted, whatever it is', () => {
    for (const wanted of ACCOUNT_CODES)
      expect(decideChange({ by: 'run', stands: 'here', wanted, isNewer: false })).toBe(wanted)
  })

  test('what an officer wrote outlives a sheet that did not find the child, and any older sheet', () => {
    const officer = { by: 'officer', stands: 'other-province', isNewer: true } as const
    expect(decideChange({ ...officer, wanted: 'to-verify' })).toBeNull()
    expect(decideChange({ ...officer, wanted: 'suspected' })).toBeNull()
    expect(decideChange({ ...officer, wanted: 'here' })).toBe('here')
    expect(decideChange({ ...officer, wanted: 'here', isNewer: false })).toBeNull()
    expect(decideChange({ ...officer, stands: 'missing', wanted: 'to-verify' })).toBeNull()
    expect(decideChange({ ...officer, stands: 'missing', wanted: 'here' })).toBe('here')
  })

  test('a roll against an officer’s closing evidence is a conflict', () => {
    expect(decideChange({ by: 'officer', stands: 'died', wanted: 'here', isNewer: true })).toBe('conflict')
    expect(decideChange({ by: 'officer', stands: 'died', wanted: 'moved-out', isNewer: true })).toBe('moved-out')
  })

  test('a pause that the close ended is not begun again by the same word', () => {
    expect(decideChange({ by: 'close', stands: 'to-verify', wanted: 'suspended', isNewer: true })).toBeNull()
    expect(decideChange({ by: 'close', stands: 'to-verify', wanted: 'here', isNewer: true })).toBe('here')
    expect(decideChange({ by: 'close', stands: 'over-age', wanted: 'to-verify', isNewer: true })).toBeNull()
  })
})

test('[ROST-16] a roll does not seat who is in no class, and no register unseats who is in one', () => {
  const byClass = { by: 'class-list', isNewer: true } as const
  for (const stands of ['suspected', 'to-verify', 'conflict'] as const) {
    expect(decideChange({ ...byClass, stands, wanted: 'here' })).toBeNull()
    expect(decideChange({ ...byClass, stands, wanted: 'to-verify' })).toBeNull()
    expect(decideChange({ ...byClass, stands, wanted: 'suspended' })).toBe('suspended')
    expect(decideChange({ ...byClass, stands, wanted: 'died' })).toBe('died')
  }
  expect(decideChange({ ...byClass, stands: 'without-roll', wanted: 'to-verify' })).toBeNull()
  expect(decideChange({ ...byClass, stands: 'without-roll', wanted: 'here' })).toBe('here')
})

test('[POST-8] reasons of a cancellation', () => {
  expect(['死亡', '迁出市外', '出国定居', '重复户口', null].map(cancellationOf)).toEqual([
    'died',
    'moved',
    'abroad',
    'cancelled',
    'cancelled',
  ])
})

test('[POST-9] words of dropping out', () => {
  expect(['流失', '06辍学', '疑似辍学', '失学'].every(isLostWord)).toBe(true)
  expect(['转出', '辍学复学', '退学', null].some(isLostWord)).toBe(false)
})

test('[POST-10] documents of pupils who have no registration anywhere in the country', () => {
  expect(['护照', '港澳居民来往内地通行证', '台湾居民居住证'].every(isForeignDocument)).toBe(true)
  expect(['居民身份证', '', null].some(isForeignDocument)).toBe(false)
})
