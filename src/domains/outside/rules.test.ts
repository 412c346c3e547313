import { describe, expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import type { NamedUnit } from './ledger-store.server.ts'
import { hostOf } from './places.server.ts'
import { decideDenied, decideMove, decideProven, expiresWithin, isSilent, type LineFacts } from './rules.ts'

const today = plainDate('2026-11-20')
const line = (more: Partial<LineFacts> = {}): LineFacts => ({
  state: 'asked',
  isHome: true,
  isHost: false,
  hostIsOurs: true,
  ...more,
})
const codeOf = (work: () => void): string | undefined => {
  try {
    work()
    return undefined
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('[OUT-2] who may move a line', () => {
  test.each([
    ['the home side proves by paper', 'confirm', line(), 'certificate', undefined],
    ['the home side gives no word of the other', 'confirm', line(), 'other-side', 'OUTSIDE.OTHER_SIDE'],
    ['the school side gives its own', 'confirm', line({ isHome: false, isHost: true }), 'other-side', undefined],
    ['a third side nothing', 'confirm', line({ isHome: false }), 'certificate', 'OUTSIDE.OTHER_SIDE'],
    ['another province is answered for by the home side', 'deny', line({ hostIsOurs: false }), null, undefined],
    ['the school side does not end a line', 'end', line({ isHome: false, isHost: true }), null, 'OUTSIDE.OTHER_SIDE'],
    ['what is asked is not asked again', 'ask', line(), null, 'OUTSIDE.NOT_NOW'],
    ['what has ended is over', 'confirm', line({ state: 'ended' }), 'certificate', 'OUTSIDE.NOT_NOW'],
  ] as const)('%s', (_, move, facts, proof, wanted) => {
    expect(codeOf(() => decideMove(move, facts, proof))).toBe(wanted)
  })
})

test('[OUT-3] today counts as a day on which somebody looked, and as one on which a proof is over', () => {
  const until = (validUntil: string, checkedDay = '2026-11-20') =>
    codeOf(() => decideProven({ checkedDay: plainDate(checkedDay), validUntil: plainDate(validUntil) }, today))
  expect(until('2026-11-21')).toBeUndefined()
  expect(until('2026-11-20')).toBe('REQUEST.MALFORMED')
  expect(until('2027-03-01', '2026-11-21')).toBe('REQUEST.MALFORMED')
})

test('[OUT-5] only what says the child is outside is moved by a denial', () => {
  expect(decideDenied({ stands: 'other-province', isOfLine: true })).toBe('to-verify')
  expect(decideDenied({ stands: 'elsewhere-in-city', isOfLine: false })).toBe('conflict')
  expect(decideDenied({ stands: 'here', isOfLine: false })).toBeNull()
  expect(decideDenied({ stands: 'dropped-out', isOfLine: false })).toBeNull()
  expect(decideDenied({ stands: null, isOfLine: false })).toBeNull()
})

test('[OUT-6] the day by which an answer is due still counts', () => {
  expect(isSilent({ state: 'asked', dueDay: today }, today)).toBe(false)
  expect(isSilent({ state: 'asked', dueDay: plainDate('2026-11-19') }, today)).toBe(true)
  expect(isSilent({ state: 'confirmed', dueDay: plainDate('2026-11-19') }, today)).toBe(false)
})

test('[OUT-7] a proof runs out from thirty days before its end until that day', () => {
  expect(expiresWithin(plainDate('2026-12-20'), today, 30)).toBe(true)
  expect(expiresWithin(plainDate('2026-12-21'), today, 30)).toBe(false)
  expect(expiresWithin(today, today, 30)).toBe(false)
})

describe('[OUT-8] where a child is at school', () => {
  const unit = (unitId: number, name: string, code: string, kind = 'district'): NamedUnit => ({
    unitId,
    name,
    code,
    kind,
    districtId: unitId,
  })
  const units = [
    unit(1, '重庆市', '500000', 'city'),
    unit(2, '渝中区', '500103'),
    unit(3, '城口县', '500229'),
    unit(4, '重庆高新区', 'CQ-GX', 'zone'),
  ]
  test.each([
    [{ county: '渝中区' }, { place: '500103', unitId: 2 }],
    [{ county: '渝中' }, { place: '500103', unitId: 2 }],
    [
      { province: '重庆市', county: '城口县' },
      { place: '500229', unitId: 3 },
    ],
    [{ county: '重庆市渝中区' }, { place: '500103', unitId: 2 }],
    [{ county: '重庆高新区' }, { place: '500000', unitId: 4 }],
    [
      { province: '贵州省', county: '遵义市' },
      { place: '520000', unitId: null },
    ],
    [{ county: '广东省东莞市' }, { place: '440000', unitId: null }],
    [{ city: '四川成都' }, { place: '510000', unitId: null }],
    [{ county: '朝阳区' }, undefined],
    [{ province: '重庆市' }, undefined],
  ])('%j', (said, wanted) => {
    expect(hostOf({ province: '', city: '', county: '', ...said }, units)).toEqual(wanted)
  })
})
