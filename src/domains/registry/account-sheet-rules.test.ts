import { describe, expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import { decideSheet, type KnownAccount, type SheetFacts, type SheetRow } from './account-sheet-rules.ts'
import { type BranchUnit, branchIndex } from './branch-index.ts'
import { freeLogin, LOGIN_SHAPE, loginStem } from './login-name.ts'
import type { RoleFacts } from './rules.ts'

const FROM = plainDate('2026-01-01')
const TODAY = plainDate('2026-11-20')

function unit(unitId: number, kind: BranchUnit['kind'], name: string, more: Partial<BranchUnit> = {}): BranchUnit {
  return {
    unitId,
    kind,
    name,
    code: `C${unitId}`,
    schoolCode: null,
    from: FROM,
    until: null,
    path: [1, 2, unitId],
    ...more,
  }
}

const CITY = unit(1, 'city', '重庆市', { path: [1] })
const DISTRICT = unit(2, 'district', '南川区', { path: [1, 2] })
const TOWNSHIP = unit(3, 'township', '东城街道')
const VILLAGE = unit(4, 'village', '灌坝村', { path: [1, 2, 3, 4] })
const OTHER_TOWNSHIP = unit(5, 'township', '西城街道')
const NAMESAKE = unit(6, 'village', '灌坝村', { path: [1, 2, 5, 6] })
const CENTRE = unit(7, 'centre', '第一片区')
const SCHOOL = unit(8, 'school', '中心小学校', { path: [1, 2, 7, 8], schoolCode: '2150000001' })
const TOWN_SCHOOL = unit(9, 'school', '东城街道')
const CLOSED = unit(10, 'school', '老学校', { until: plainDate('2026-09-01') })
const OUTSIDE = unit(20, 'school', '外区小学校', { path: [1, 19, 20] })
const UNITS = [
  CITY,
  DISTRICT,
  TOWNSHIP,
  VILLAGE,
  OTHER_TOWNSHIP,
  NAMESAKE,
  CENTRE,
  SCHOOL,
  TOWN_SCHOOL,
  CLOSED,
  OUTSIDE,
]

function role(
  roleId: string,
  label: string,
  unitKinds: RoleFacts['unitKinds'],
  mayAssign: readonly string[] = [],
): RoleFacts {
  return { roleId, label, unitKinds, permissions: [], mayAssign, duty: 'none' }
}

const TEACHER = role('class-teacher', '班主任', ['school'])
const AID = role('aid-officer', '学校资助专干', ['school'])
const VILLAGER = role('village-officer', '村社干部', ['village'])
const TOWNSMAN = role('township-officer', '镇街干部', ['township'])
const CHIEF = role('city-admin', '市级管理员', ['city'])
const ADMIN = role(
  'district-admin',
  '区县管理员',
  ['district'],
  ['class-teacher', 'aid-officer', 'village-officer', 'township-officer'],
)

function known(
  accountId: number,
  login: string,
  person: string,
  at: BranchUnit,
  held: RoleFacts = TEACHER,
): KnownAccount {
  const post = { roleId: held.roleId, duty: held.duty, unitPath: at.path, from: FROM, until: null }
  return {
    accountId,
    staffId: accountId,
    login,
    person,
    isDisabled: false,
    posts: [{ ...post, unitId: at.unitId, unit: at.name }],
  }
}

function facts(more: Partial<SheetFacts> = {}): SheetFacts {
  const accounts = more.accounts ?? []
  return {
    manager: { accountId: 99, unitId: 2, role: ADMIN },
    mayGivePosts: true,
    today: TODAY,
    roles: [TEACHER, AID, VILLAGER, TOWNSMAN, CHIEF, ADMIN],
    units: branchIndex(UNITS, 2),
    accounts,
    takenLogins: new Set(accounts.map(({ login }) => login)),
    ...more,
  }
}

function rows(
  ...given: readonly (readonly [person: string, login: string, role: string, unit: string, from?: string])[]
): SheetRow[] {
  return given.map(([person, login, role, unit, from = ''], index) => ({
    row: index + 2,
    person,
    login,
    role,
    unit,
    from,
  }))
}

function outcomes(given: readonly SheetRow[], held: SheetFacts = facts()) {
  return decideSheet(given, held).rows.map(({ outcome, login, findings }) => [outcome, findings[0]?.column ?? login])
}

describe('[REG-21] units by code, name and name path', () => {
  const index = branchIndex(UNITS, 2)
  const ids = (text: string) => index.find(text).map(({ unitId }) => unitId)
  test('in every way people write them', () => {
    for (const text of [
      'C4',
      ' c4 ',
      '东城街道/灌坝村',
      '东城街道 灌坝村',
      '南川区东城街道灌坝村',
      '重庆市＞南川区＞东城街道＞灌坝村',
    ])
      expect([text, ids(text)]).toEqual([text, [4]])
    expect(ids('灌坝村')).toEqual([4, 6])
    for (const text of ['2150000001', '２１５００００００１', '中心小学校', '南川区中心小学校', '第一片区/中心小学校'])
      expect([text, ids(text)]).toEqual([text, [8]])
  })
  test('never beyond the own branch', () => {
    for (const text of ['C20', '外区小学校', '重庆市', 'C1']) expect(ids(text)).toEqual([])
    expect(ids('南川区')).toEqual([2])
  })
  test('of one name those count where the role can stand, then those in force', () => {
    expect(outcomes(rows(['赵一二', '', '镇街干部', '东城街道'], ['钱一二', '', '班主任', '东城街道']))).toEqual([
      ['opened', 'zhaoyier'],
      ['opened', 'qianyier'],
    ])
    expect(outcomes(rows(['赵一二', '', '村社干部', '灌坝村'], ['钱一二', '', '班主任', '老学校']))).toEqual([
      ['refused', 'unit'],
      ['refused', 'unit'],
    ])
    const { rows: told } = decideSheet(rows(['赵一二', '', '村社干部', '灌坝村']), facts())
    expect(told[0]?.findings[0]?.reason).toContain('东城街道/灌坝村、西城街道/灌坝村')
    expect(index.pathName(DISTRICT)).toBe('南川区')
  })
})

describe('[REG-20] who is one person', () => {
  test('the same login, or the same name at the same unit', () => {
    const { persons } = decideSheet(
      rows(
        ['王芳', '', '班主任', 'C8'],
        ['王芳', '', '学校资助专干', 'C8'],
        ['王芳', '', '班主任', 'C9'],
        ['李雷', 'li.lei', '班主任', 'C8'],
        ['李雷', 'li.lei', '班主任', 'C9'],
      ),
      facts(),
    )
    expect(persons.map(({ login, posts }) => [login, posts.length])).toEqual([
      ['wangfang', 2],
      ['wangfang2', 1],
      ['li.lei', 2],
    ])
  })
  test('two namesakes at one unit are told apart by logins, all of them or none', () => {
    expect(outcomes(rows(['王芳', 'wf1', '班主任', 'C8'], ['王芳', 'wf2', '班主任', 'C8']))).toEqual([
      ['opened', 'wf1'],
      ['opened', 'wf2'],
    ])
    expect(outcomes(rows(['王芳', '', '班主任', 'C8'], ['王芳', 'wf2', '班主任', 'C8']))).toEqual([
      ['refused', 'login'],
      ['opened', 'wf2'],
    ])
    expect(outcomes(rows(['王芳', 'wf1', '班主任', 'C8'], ['王方', 'wf1', '班主任', 'C8']))).toEqual([
      ['opened', 'wf1'],
      ['refused', 'login'],
    ])
    const two = [known(1, 'wf1', '王芳', SCHOOL), known(2, 'wf2', '王芳', SCHOOL)]
    expect(outcomes(rows(['王芳', '', '学校资助专干', 'C8']), facts({ accounts: two }))).toEqual([['refused', 'login']])
  })
  test('the same row twice', () => {
    expect(outcomes(rows(['王芳', '', '班主任', 'C8'], ['王 芳', '', '班主任', '中心小学校']))).toEqual([
      ['opened', 'wangfang'],
      ['refused', 'person'],
    ])
  })
  test('an account that is there gets the post, or has it', () => {
    const accounts = [known(1, 'wfang', '王芳', SCHOOL)]
    const named = rows(
      ['王芳', '', '班主任', 'C8'],
      ['王芳', '', '学校资助专干', 'C8'],
      ['王芳', 'wfang', '班主任', 'C9'],
    )
    expect(outcomes(named, facts({ accounts }))).toEqual([
      ['held', 'wfang'],
      ['given', 'wfang'],
      ['given', 'wfang'],
    ])
    const elsewhere = decideSheet(rows(['王芳', '', '班主任', 'C9']), facts({ accounts }))
    expect(elsewhere.rows[0]).toMatchObject({
      outcome: 'opened',
      login: 'wangfang',
      note: expect.stringContaining('wfang'),
    })
  })
  test('a login of somebody else, in sight or not, is refused', () => {
    const accounts = [known(1, 'wfang', '王芳', SCHOOL)]
    expect(outcomes(rows(['王方', 'wfang', '班主任', 'C8']), facts({ accounts }))).toEqual([['refused', 'login']])
    const hidden = facts({ takenLogins: new Set(['far', 'wangfang']) })
    expect(outcomes(rows(['王方', 'far', '班主任', 'C8'], ['王芳', '', '班主任', 'C8']), hidden)).toEqual([
      ['refused', 'login'],
      ['opened', 'wangfang2'],
    ])
  })
})

describe('[REG-20] every row goes by the rule of a single post', () => {
  test('[REG-7] a role out of reach, oneself, and posts to accounts without the right', () => {
    expect(outcomes(rows(['赵一二', '', '市级管理员', 'C2'], ['赵一二', '', '区县管理员', 'C2']))).toEqual([
      ['refused', 'role'],
      ['refused', 'role'],
    ])
    const own = facts({ accounts: [known(99, 'myself', '本人', SCHOOL)] })
    expect(outcomes(rows(['本人', 'myself', '学校资助专干', 'C8']), own)).toEqual([['refused', 'role']])
    const accounts = [known(1, 'wfang', '王芳', SCHOOL)]
    expect(outcomes(rows(['王芳', 'wfang', '学校资助专干', 'C8']), facts({ accounts, mayGivePosts: false }))).toEqual([
      ['refused', 'role'],
    ])
  })
  test('an empty day is today, and a day before the unit began is refused', () => {
    const { persons } = decideSheet(
      rows(['赵一二', '', '班主任', 'C8'], ['钱一二', '', '班主任', 'C8', '2026年9月1日']),
      facts(),
    )
    expect(persons.map(({ posts }) => posts[0]?.from)).toEqual([TODAY, '2026-09-01'])
    expect(
      outcomes(rows(['赵一二', '', '班主任', 'C8', '2025-09-01'], ['钱一二', '', '班主任', 'C8', '2026-02-30'])),
    ).toEqual([
      ['refused', 'from'],
      ['refused', 'from'],
    ])
  })
})

describe('[REG-22] logins', () => {
  test('are the pinyin of the name, and always fit', () => {
    expect(['单雨涵', '欧阳修', '吕布', '买买提·艾合买提', '于一'].map(loginStem)).toEqual([
      'shanyuhan',
      'ouyangxiu',
      'lvbu',
      'maimaitiaihemaiti',
      'yuyi',
    ])
    for (const person of ['阿哦', '𠮷野', '･･', '阿'.repeat(30)])
      expect(freeLogin(person, () => false)).toMatch(LOGIN_SHAPE)
  })
  test('take the first number that is free', () => {
    const taken = new Set(['wangfang', 'wangfang2', 'wangfang4'])
    expect(freeLogin('王芳', (login) => taken.has(login))).toBe('wangfang3')
  })
})
