import { describe, expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import type { UnitKind } from '../registry/index.ts'
import { addWorkingDays, type Chain, type ChainUnit, decideDueDay, decideOwner, stageOf } from './rules.ts'

/** city 1 > district 2 (centre 7 > school 8; school 5; township 3 > village 4, township 9), district 6. */
function chainOf(holders: Readonly<Record<number, Readonly<Record<string, number>>>>): Chain {
  const lines: readonly (readonly [id: number, kind: UnitKind, parent: number | null])[] = [
    [1, 'city', null],
    [2, 'district', 1],
    [3, 'township', 2],
    [4, 'village', 3],
    [5, 'school', 2],
    [6, 'district', 1],
    [7, 'centre', 2],
    [8, 'school', 7],
    [9, 'township', 2],
  ]
  const units = lines.map(
    ([unitId, kind, parentId]): ChainUnit => ({
      unitId,
      kind,
      parentId,
      name: `单位${unitId}`,
      holders: new Map(Object.entries(holders[unitId] ?? {})),
    }),
  )
  return { rootId: 1, units: new Map(units.map((unit) => [unit.unitId, unit])) }
}

const FULL = chainOf({
  1: { 'city-admin': 10 },
  2: { 'district-admin': 21, 'district-officer': 20 },
  3: { 'township-officer': 30 },
  4: { 'village-officer': 40 },
  5: { 'head-teacher': 50, 'class-teacher': 51 },
  6: { 'district-officer': 60 },
  7: { 'centre-officer': 70 },
  9: { 'township-officer': 90 },
})

describe('who answers', () => {
  test.each([
    ['on a roll: the school, wherever it lives', { schoolId: 5, livingId: 6, registeredId: 3 }, 5, 50],
    ['not on a roll: the township of residence', { schoolId: null, livingId: 3, registeredId: 9 }, 3, 30],
    ['a village has a township that answers', { schoolId: null, livingId: 4, registeredId: null }, 3, 30],
    ['address unknown: the township of registration', { schoolId: null, livingId: null, registeredId: 4 }, 3, 30],
    ['only the district of residence known: the township of registration in it', at(null, 2, 9), 9, 90],
    ['only another district of residence known: that district', at(null, 6, 3), 6, 60],
    ['nothing known: the city', at(null, null, null), 1, 10],
  ])('[CASE-2] %s', (_, child, unitId, staffId) => {
    expect(decideOwner(child, FULL)).toEqual({ unitId, staffId, isStandIn: false })
  })

  test.each([
    [
      'the district’s officer for a township',
      { 2: { 'district-officer': 20, 'district-admin': 21 } },
      at(null, 3, null),
      20,
    ],
    ['its administrator where it has no officer', { 2: { 'district-admin': 21 } }, at(null, 3, null), 21],
    ['the city where the district has nobody', { 1: { 'city-admin': 10 } }, at(5, null, null), 10],
    [
      'the centre for its school',
      { 2: { 'district-officer': 20 }, 7: { 'centre-officer': 70 } },
      at(8, null, null),
      70,
    ],
    ['the administrator for the officer of a district', { 2: { 'district-admin': 21 } }, at(null, 2, null), 21],
    [
      'not who holds another post there',
      { 1: { 'city-admin': 10 }, 5: { 'class-teacher': 51 } },
      at(5, null, null),
      10,
    ],
  ])('[CASE-3] stands in: %s', (_, holders, child, staffId) => {
    expect(decideOwner(child, chainOf(holders))).toMatchObject({ staffId, isStandIn: true })
  })

  test('[CASE-3] nobody at all is trouble that names the unit', () => {
    expect(() => decideOwner(at(5, null, null), chainOf({ 6: { 'district-officer': 60 } }))).toThrowError(
      expect.objectContaining({ code: 'CASE.NOBODY_ANSWERS', words: { unit: '单位5' } }),
    )
  })
})

function at(schoolId: number | null, livingId: number | null, registeredId: number | null) {
  return { schoolId, livingId, registeredId }
}

test.each([
  ['suspected', 'case'],
  ['never-enrolled', 'case'],
  ['dropped-out', 'case'],
  ['to-verify', 'task'],
  ['not-located', 'task'],
  ['missing', 'task'],
  ['conflict', 'task'],
  ['over-age', 'task'],
  ['disabled-unplaced', 'task'],
  ['late-or-private', 'task'],
])('[CASE-1] %s is a %s', (account, stage) => {
  expect(stageOf(account)).toBe(stage)
})

describe('due days', () => {
  const rules = { taskDays: 5, caseDays: 3, missingDays: 365 }
  test.each([
    // 2026-11-20 is a Friday.
    ['a task over the weekend', 'task', 'to-verify', '2026-11-20', '2026-11-27'],
    ['a task from a Sunday', 'task', 'conflict', '2026-11-22', '2026-11-27'],
    ['a case in calendar days', 'case', 'suspected', '2026-11-20', '2026-11-23'],
    ['a missing child a year later', 'task', 'missing', '2026-11-20', '2027-11-20'],
  ] as const)('[CASE-4] %s', (_, stage, account, from, due) => {
    expect(decideDueDay(stage, account, plainDate(from), rules)).toBe(due)
  })

  test('[CASE-4] one working day after a Friday is Monday', () => {
    expect(addWorkingDays(plainDate('2026-11-20'), 1)).toBe('2026-11-23')
  })
})
