import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import { UNIT_KINDS } from './contract.ts'
import { accountLimitsOn } from './policy.ts'
import {
  decideManage,
  decideMoveDay,
  decidePlace,
  decidePost,
  decidePostEnd,
  decideUnit,
  decideUnitChange,
  firstPassword,
  isInForce,
  isNever,
  type Manager,
  mayStandUnder,
  type PostFacts,
  type RoleFacts,
} from './rules.ts'

const day = plainDate
const district = { kind: 'district', name: '南川区', from: day('2017-01-01'), until: null } as const

function role(roleId: string, more: Partial<RoleFacts> = {}): RoleFacts {
  return { roleId, label: roleId, unitKinds: ['school'], permissions: [], mayAssign: [], duty: 'none', ...more }
}

function held(roleId: string, more: Partial<PostFacts> = {}): PostFacts {
  return { roleId, duty: 'none', unitPath: [1, 2, 3], from: day('2026-01-01'), until: null, ...more }
}

test('[REG-1] the first day counts, the last day named does not', () => {
  const span = { from: day('2017-01-01'), until: day('2025-11-06') }
  expect(
    [day('2016-12-31'), day('2017-01-01'), day('2025-11-05'), day('2025-11-06')].map((on) => isInForce(span, on)),
  ).toEqual([false, true, true, false])
  expect(isInForce({ from: day('2017-01-01'), until: null }, day('2999-01-01'))).toBe(true)
})

describe('[REG-2] what may stand under what', () => {
  const allowed = UNIT_KINDS.flatMap((parent) =>
    UNIT_KINDS.filter((kind) => mayStandUnder(kind, parent)).map((kind) => `${parent} > ${kind}`),
  )

  test('the whole table', () => {
    expect(allowed.sort()).toEqual([
      'centre > school',
      'city > district',
      'city > school',
      'city > zone',
      'district > centre',
      'district > school',
      'district > township',
      'township > village',
      'zone > centre',
      'zone > school',
      'zone > township',
    ])
  })

  test('a school never stands under a village, and nothing stands under a school', () => {
    expect(allowed).not.toContain('village > school')
    expect(allowed.filter((line) => line.startsWith('school >'))).toEqual([])
    const village = { kind: 'village', name: '大湾村', from: day('2017-01-01'), until: null } as const
    expect(() => decidePlace({ kind: 'school', from: day('2026-01-01') }, village)).toThrowError(
      expect.objectContaining({ code: 'UNIT.WRONG_PARENT', words: { kind: '学校' } }),
    )
  })

  test('a unit begins while its parent stands', () => {
    const closed = { ...district, until: day('2025-11-06') }
    expect(() => decidePlace({ kind: 'township', from: day('2025-11-05') }, closed)).not.toThrow()
    expect(() => decidePlace({ kind: 'township', from: day('2025-11-06') }, closed)).toThrow('2025-11-06')
    expect(() => decidePlace({ kind: 'township', from: day('2016-12-31') }, district)).toThrow('2017-01-01')
  })
})

describe('[REG-3] a school', () => {
  const school = { schoolCode: '2150000001', schoolType: '211', settlementClass: '121' }
  const draft = { kind: 'school', from: day('2026-01-01') } as const

  test('says what kind of school it is, and only a school does', () => {
    expect(() => decideUnit({ ...draft, school }, district)).not.toThrow()
    expect(() =>
      decideUnit({ ...draft, school: { ...school, schoolCode: null, settlementClass: null } }, district),
    ).not.toThrow()
    expect(() => decideUnit(draft, district)).toThrow('办学类型')
    expect(() => decideUnit({ kind: 'township', from: draft.from, school }, district)).toThrow('只有学校')
  })

  test.each([
    ['a code of nine digits', { schoolCode: '215000001' }],
    ['a code with a letter', { schoolCode: '215000000A' }],
    ['a type outside the code table', { schoolType: '999' }],
    ['a type named like a property of every object', { schoolType: 'constructor' }],
    ['a settlement class that is only a heading', { settlementClass: '110' }],
  ])('is refused with %s', (_, fault) => {
    expect(() => decideUnit({ ...draft, school: { ...school, ...fault } }, district)).toThrowError(
      expect.objectContaining({ code: 'REQUEST.MALFORMED' }),
    )
  })
})

describe('[REG-4] abolishing a unit', () => {
  const today = day('2026-11-24')

  test('an abolished unit changes no more; one that will be abolished still does', () => {
    const gone = { ...district, until: day('2026-11-24') }
    expect(() => decideUnitChange(gone, {}, { today, lowerUnits: 0 })).toThrowError(
      expect.objectContaining({ code: 'UNIT.CLOSED', words: { name: '南川区', day: '2026-11-24' } }),
    )
    expect(() => decideUnitChange({ ...gone, until: day('2026-11-25') }, {}, { today, lowerUnits: 0 })).not.toThrow()
  })

  test('not before it began, and not before its lower units', () => {
    expect(() => decideUnitChange(district, { until: day('2016-12-31') }, { today, lowerUnits: 0 })).toThrow(
      '2017-01-01',
    )
    expect(() => decideUnitChange(district, { until: today }, { today, lowerUnits: 2 })).toThrowError(
      expect.objectContaining({ code: 'UNIT.HAS_LOWER', words: { name: '南川区', count: 2 } }),
    )
    expect(() => decideUnitChange(district, {}, { today, lowerUnits: 2 })).not.toThrow()
  })

  test('[REG-25] on the day it began a unit set up by mistake is abolished, and never was in force', () => {
    const until = day('2017-01-01')
    expect(() => decideUnitChange(district, { until }, { today, lowerUnits: 0 })).not.toThrow()
    const never = { from: until, until }
    expect([isNever(never), isInForce(never, until)]).toEqual([true, false])
    expect([isNever(district), isNever({ from: until, until: day('2017-01-02') })]).toEqual([false, false])
  })

  test('[REG-13] but it does not move to another parent on that day', () => {
    expect(() => decideMoveDay(district, day('2017-01-01'))).toThrow('2017-01-01')
    expect(() => decideMoveDay(district, day('2017-01-02'))).not.toThrow()
  })
})

describe('giving a post', () => {
  const manager: Manager = { accountId: 7, unitId: 2, role: role('head-teacher', { mayAssign: ['class-teacher'] }) }
  const school = { kind: 'school', name: '第一小学校', from: day('2026-01-01'), until: null } as const
  const teacher = role('class-teacher')
  const post = { role: teacher, unit: school, from: day('2026-09-01'), until: null }
  const nobody = { accountId: null, posts: [] }
  const give =
    (
      more: Partial<typeof post> | { role: RoleFacts },
      holder: Parameters<typeof decidePost>[2] = nobody,
      who = manager,
    ) =>
    () =>
      decidePost(who, { ...post, ...more }, holder)

  test('[REG-5] only where the role stands, while the unit does', () => {
    expect(give({})).not.toThrow()
    expect(give({ role: role('class-teacher', { unitKinds: ['township'] }) })).toThrowError(
      expect.objectContaining({ code: 'ACCOUNT.ROLE_NOT_HERE' }),
    )
    expect(give({ from: day('2025-12-31') })).toThrow('2026-01-01')
    const closed = { ...school, until: day('2026-09-01') }
    expect(() => decidePost(manager, { ...post, unit: closed }, nobody)).toThrowError(
      expect.objectContaining({ code: 'UNIT.CLOSED' }),
    )
    expect(() => decidePost(manager, { ...post, until: day('2026-08-31') }, nobody)).toThrow('离任')
  })

  test('[REG-6] the three duties are kept apart in every pair, while their days overlap', () => {
    const duties = ['system', 'security', 'audit'] as const
    for (const first of duties) {
      for (const second of duties) {
        const wanted = role('duty', { duty: second })
        const giver = { ...manager, role: role('giver', { mayAssign: ['duty'] }) }
        const holder = { accountId: 9, posts: [held('other', { duty: first })] }
        const act = give({ role: wanted }, holder, giver)
        if (first === second) expect(act).not.toThrow()
        else expect(act).toThrowError(expect.objectContaining({ code: 'ACCOUNT.DUTIES_CLASH' }))
      }
    }
  })

  test('[REG-6] a duty that ended the day before does not clash, and ordinary posts never do', () => {
    const giver = { ...manager, role: role('giver', { mayAssign: ['duty', 'class-teacher'] }) }
    const wanted = role('duty', { duty: 'audit' })
    const until = (text: string) => ({
      accountId: 9,
      posts: [held('other', { duty: 'system' as const, until: day(text) })],
    })
    expect(give({ role: wanted }, until('2026-09-01'), giver)).not.toThrow()
    expect(give({ role: wanted }, until('2026-09-02'), giver)).toThrow()
    expect(give({}, { accountId: 9, posts: [held('other', { duty: 'system' })] }, giver)).not.toThrow()
  })

  test('[REG-7] only a role one may give, and never to oneself', () => {
    expect(give({ role: role('district-admin') })).toThrowError(
      expect.objectContaining({ code: 'REQUEST.NOT_ALLOWED' }),
    )
    expect(give({}, { accountId: 7, posts: [] })).toThrowError(expect.objectContaining({ code: 'REQUEST.NOT_ALLOWED' }))
  })

  test('[REG-7] what one may give one may take, but not from oneself and not before it began', () => {
    const own = { ...held('class-teacher'), role: '班主任', accountId: 9 }
    const end =
      (more: object, until = day('2026-06-01')) =>
      () =>
        decidePostEnd(manager, { ...own, ...more }, until)
    expect(end({})).not.toThrow()
    expect(end({ roleId: 'district-admin' })).toThrowError(expect.objectContaining({ code: 'REQUEST.NOT_ALLOWED' }))
    expect(end({ accountId: 7 })).toThrowError(expect.objectContaining({ code: 'ACCOUNT.NOT_SELF' }))
    expect(end({}, day('2025-12-31'))).toThrowError(expect.objectContaining({ code: 'REQUEST.MALFORMED' }))
  })
})

describe('[REG-8] managing an account', () => {
  const manager: Manager = { accountId: 7, unitId: 2, role: role('district-admin', { mayAssign: ['class-teacher'] }) }
  const today = day('2026-11-24')
  const manage =
    (posts: readonly PostFacts[], elsewhere = false, accountId = 9) =>
    () =>
      decideManage(manager, { accountId, posts, elsewhere }, today)
  const notAllowed = expect.objectContaining({ code: 'REQUEST.NOT_ALLOWED' })

  test('needs every live post to be below and of a role one may give', () => {
    expect(manage([held('class-teacher')])).not.toThrow()
    expect(manage([held('class-teacher'), held('district-admin')])).toThrowError(notAllowed)
    expect(manage([held('class-teacher', { unitPath: [1, 5] })])).toThrowError(notAllowed)
    expect(manage([held('class-teacher')], true)).toThrowError(notAllowed)
    expect(manage([])).toThrowError(notAllowed)
  })

  test('an ended post of a higher role does not protect; without a live post the last one decides', () => {
    const past = { until: day('2026-06-01') }
    expect(manage([held('class-teacher'), held('district-admin', past)])).not.toThrow()
    expect(manage([held('district-admin', past), held('class-teacher', { until: day('2025-06-01') })])).toThrowError(
      notAllowed,
    )
    expect(manage([held('class-teacher', past), held('district-admin', { until: day('2025-06-01') })])).not.toThrow()
  })

  test('is never for oneself', () => {
    expect(manage([held('class-teacher')], false, 7)).toThrowError(
      expect.objectContaining({ code: 'ACCOUNT.NOT_SELF' }),
    )
  })
})

test('[REG-9] a first password has twelve signs in three groups, of three kinds, and is never the same', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (bytes) => {
      let at = 0
      const password = firstPassword((length) => Uint8Array.from({ length }, () => bytes[at++ % 64]! % 192))
      expect(password).toMatch(/^([a-km-z][A-HJ-NP-Z][2-9][a-zA-Z2-9]-?){3}$/)
      expect(password).toHaveLength(14)
      seen.add(password)
    }),
  )
  expect(seen.size).toBeGreaterThan(50)
})

test('[REG-12] limits of sign-in and session carry the numbers of 等保三级', () => {
  expect(accountLimitsOn(day('2026-11-24'))).toEqual({
    maxFailures: 5,
    lockMinutes: 15,
    idleMinutes: 15,
    absoluteHours: 12,
  })
  expect(() => accountLimitsOn(day('2019-11-30'))).toThrowError(
    expect.objectContaining({ code: 'POLICY.NO_VALUE_IN_FORCE' }),
  )
})
