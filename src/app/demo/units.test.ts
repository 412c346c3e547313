import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { schoolYear } from '../../kernel/school-year.ts'
import { divisionsOf } from './divisions.ts'
import { demoUnits } from './units.ts'

const small = demoUnits()

describe('[DEMO-2] districts and townships', () => {
  test('are those in force on 1 September of the school year: 37 from 2026 on, 38 before', () => {
    const now = divisionsOf(schoolYear(2026))
    const before = divisionsOf(schoolYear(2025))
    expect([now.length, before.length]).toEqual([37, 38])
    expect(now.find((district) => district.name === '两江新区')?.code).toBeNull()
    expect(now.some((district) => district.name === '江北区')).toBe(false)
    expect(before.some((district) => district.name === '江北区')).toBe(true)
    expect(now.find((district) => district.name === '北碚区')?.townships.some(({ name }) => name === '统景镇')).toBe(
      true,
    )
  })
})

describe('[DEMO-4] units', () => {
  test('every unit stands under a district or zone of the pack or under an earlier one, no code twice', () => {
    const known = new Set(
      divisionsOf(schoolYear(2026)).flatMap((district) => [
        district.unitCode,
        ...district.townships.map(({ unitCode }) => unitCode),
      ]),
    )
    for (const unit of small.units) {
      expect(known.has(unit.parentCode), unit.name).toBe(true)
      expect(known.has(unit.code), unit.name).toBe(false)
      known.add(unit.code)
    }
  })

  test('a small city has at least three schools of compulsory education a district and one for special education where the demo is', () => {
    const compulsory = small.units.filter(({ school }) => school !== null && /^(2|31|341)/.test(school.schoolType))
    expect(compulsory.length).toBe(111)
    const special = small.units.filter(({ school }) => school?.schoolType === '514')
    expect(special.map(({ name }) => name)).toContain('重庆市南川区特殊教育学校')
  })

  test('the whole city has 3,759, and about eleven thousand villages', () => {
    const { units } = demoUnits({ scale: 1 })
    expect(units.filter(({ school }) => school !== null && /^(2|31|341|5)/.test(school.schoolType)).length).toBe(3759)
    const villages = units.filter(({ kind }) => kind === 'village').length
    expect(villages).toBeGreaterThan(10_000)
    expect(villages).toBeLessThan(13_000)
  })

  test('names of schools are not repeated within a district', () => {
    const names = demoUnits({ scale: 0.3 }).units.flatMap(({ name, school }) => (school === null ? [] : [name]))
    expect(new Set(names).size).toBe(names.length)
  })
})

test('[DEMO-14] one account for every role of the pack, at a unit of a kind where the role may stand, and an officer of another district', () => {
  const pack = JSON.parse(readFileSync(new URL('../../../packs/chongqing/roles.json', import.meta.url), 'utf8')) as {
    readonly roles: readonly { readonly roleId: string; readonly unitKinds: readonly string[] }[]
  }
  const accounts = small.staff.filter(({ login }) => login !== null)
  const kinds = new Map<string, string>(small.units.map(({ code, kind }) => [code, kind]))
  for (const { roleId, unitKinds } of pack.roles) {
    const post = accounts.flatMap(({ posts }) => posts).find((candidate) => candidate.roleId === roleId)
    expect(post, roleId).toBeDefined()
    expect(unitKinds, roleId).toContain(
      kinds.get(post!.unitCode) ?? (post!.unitCode === '500000' ? 'city' : 'district'),
    )
  }
  const officers = accounts
    .filter(({ posts }) => posts[0]?.roleId === 'district-officer')
    .map(({ posts }) => posts[0]!.unitCode)
  expect(officers).toEqual(['500119', '500101'])
  const logins = accounts.map(({ login }) => login!)
  expect(logins.every((login) => /^[a-z0-9][a-z0-9._-]{2,31}$/.test(login))).toBe(true)
  expect(new Set(logins).size).toBe(logins.length)
})
