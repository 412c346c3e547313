import type { Sex } from '../../kernel/citizen-id.ts'
import { type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import type { DemoUnit } from './demo-unit.ts'
import { drawAdultGivenName, drawSurname } from './names.ts'
import type { DemoOptions } from './options.ts'
import { randomFor } from './random.ts'

/** A person at work; who has a login is one of the demo accounts. */
export interface DemoStaff {
  readonly name: string
  /** Null: holds posts, does not sign in. */
  readonly login: string | null
  readonly posts: readonly { readonly unitCode: string; readonly roleId: string; readonly from: PlainDate }[]
}

/** Where the demo's officers work. */
export const DEMO_DISTRICT = { name: '南川区', code: '500119' }
export const OTHER_DISTRICT = { name: '万州区', code: '500101' }
const CITY = '500000'

/** [DEMO-14] One account a role, and a second district's officer who must not see the first one's work. */
export function staffOf(options: DemoOptions, units: readonly DemoUnit[]): readonly DemoStaff[] {
  const random = randomFor(options.seed, 'staff')
  const from = plainDate(`${options.schoolYear - 1}-09-01`)
  const school = schoolIn(units, DEMO_DISTRICT)
  const township = firstOf(units, (unit) => unit.kind === 'township' && unit.parentCode === DEMO_DISTRICT.code)
  const village = firstOf(units, (unit) => unit.kind === 'village' && unit.parentCode === township.code)
  const centre = firstOf(units, (unit) => unit.kind === 'centre' && unit.parentCode === DEMO_DISTRICT.code)
  const accounts: readonly (readonly [login: string, roleId: string, unitCode: string])[] = [
    ['city', 'city-admin', CITY],
    ['inspector', 'inspector', CITY],
    ['nanchuan-admin', 'district-admin', DEMO_DISTRICT.code],
    ['nanchuan', 'district-officer', DEMO_DISTRICT.code],
    ['nanchuan-review', 'review-officer', DEMO_DISTRICT.code],
    ['wanzhou', 'district-officer', OTHER_DISTRICT.code],
    ['centre', 'centre-officer', centre.code],
    ['township', 'township-officer', township.code],
    ['village', 'village-officer', village.code],
    ['head', 'head-teacher', school.code],
    ['teacher', 'class-teacher', school.code],
    ['aid', 'aid-officer', school.code],
    ['system', 'system-admin', CITY],
    ['security', 'security-admin', CITY],
    ['audit', 'audit-admin', CITY],
  ]
  function person(login: string | null, roleId: string, unitCode: string): DemoStaff {
    const sex: Sex = random.chance(0.5) ? 'male' : 'female'
    return { name: drawSurname(random) + drawAdultGivenName(random, sex), login, posts: [{ unitCode, roleId, from }] }
  }
  const withLogin = accounts.map(([login, roleId, unitCode]) => person(login, roleId, unitCode))
  const heads = units
    .filter((unit) => unit.kind === 'school' && unit.code !== school.code)
    .map((unit) => person(null, 'head-teacher', unit.code))
  // Who answers for children by default needs a person in every township.
  const offices = units
    .filter((unit) => unit.kind === 'township' && unit.code !== township.code)
    .map((unit) => person(null, 'township-officer', unit.code))
  return [...withLogin, ...heads, ...offices]
}

function schoolIn(units: readonly DemoUnit[], district: { readonly name: string; readonly code: string }): DemoUnit {
  return firstOf(
    units,
    (unit) => unit.kind === 'school' && unit.school?.schoolType === '312' && unit.parentCode.startsWith(district.code),
  )
}

function firstOf(units: readonly DemoUnit[], isWanted: (unit: DemoUnit) => boolean): DemoUnit {
  const found = units.find(isWanted)
  if (found === undefined) throw new RangeError('the demo lacks a unit for one of its accounts')
  return found
}
