import { afterAll, beforeAll, expect, test } from 'vitest'
import { fixedClock } from '../../platform/testing/clock.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import type { AuditLine } from './audit-contract.ts'
import type { AccountLine } from './contract.ts'
import { type Client, testHouse } from './house.test.server.ts'
import { loadTestTown, NANCHUAN, type TestTown } from './town.test.server.ts'

const database = await testDatabase()
const clock = fixedClock('2026-11-24T09:00:00+08:00')
const house = await testHouse(database, clock)
let town: TestTown

beforeAll(async () => {
  town = await loadTestTown(database.db, clock)
})
afterAll(() => house.close())

const WHO = [
  'city-admin',
  'sysadmin',
  'secadmin',
  'auditor',
  'nanchuan-admin',
  'nanchuan-officer',
  'head',
  'town-officer',
]

async function lines(client: Client): Promise<readonly AccountLine[]> {
  return (await client.get('/accounts?size=200')).body.rows
}

test('[REG-26] what an account line offers is what the server does, for everybody and every account in sight', async () => {
  let offered = 0
  for (const login of WHO) {
    const client = await house.signIn(login)
    for (const { accountId, posts, may } of await lines(client)) {
      // Unlocking an account that is not locked changes nothing.
      const kept = await client.post(`/accounts/${accountId}/state`, { action: 'unlock' })
      expect([login, accountId, kept.status === 200]).toEqual([login, accountId, may.manage])
      for (const post of posts) {
        // A day before the post began is refused by the rule that follows the right.
        const ended = await client.post(`/posts/${post.postId}/end`, { until: '2020-01-01' })
        expect([login, post.role, ended.body.code === 'REQUEST.MALFORMED']).toEqual([login, post.role, post.mayEnd])
      }
      offered += Number(may.manage)
    }
  }
  expect(offered).toBeGreaterThan(10)
})

test('[REG-26] nobody is offered his own account, and who may only read is offered nothing', async () => {
  const admin = await house.signIn('nanchuan-admin')
  const own = (await lines(admin)).find(({ login }) => login === 'nanchuan-admin')
  expect(own?.may).toEqual({ manage: false, givePost: false })
  const other = (await lines(admin)).find(({ login }) => login === 'teacher')
  expect(other).toMatchObject({ may: { manage: true, givePost: true }, posts: [{ mayEnd: true }] })
  const officer = await lines(await house.signIn('nanchuan-officer'))
  expect(officer.length).toBeGreaterThan(3)
  expect(officer.filter(({ may, posts }) => may.manage || may.givePost || posts.some(({ mayEnd }) => mayEnd))).toEqual(
    [],
  )
})

test('[REG-25] a school and a post set up by mistake today are ended today and never were', async () => {
  const admin = await house.signIn('nanchuan-admin')
  const draft = {
    kind: 'school',
    code: 'NC-WRONG',
    name: '设错的学校',
    from: '2026-11-24',
    parentId: town.id(NANCHUAN),
    school: { schoolCode: null, schoolType: '211', settlementClass: null, founder: null, isBoarding: false },
  }
  const made = await admin.post('/units', draft)
  const account = await admin.post('/accounts', {
    login: 'wrong-head',
    person: '错任者',
    unitId: made.body.unitId,
    roleId: 'head-teacher',
    from: '2026-11-24',
  })
  const before = await admin.patch(`/units/${made.body.unitId}`, { until: '2026-11-23' })
  expect(before.body).toMatchObject({ code: 'REQUEST.MALFORMED' })
  const closed = await admin.patch(`/units/${made.body.unitId}`, { until: '2026-11-24' })
  expect(closed).toMatchObject({ status: 200, body: { from: '2026-11-24', until: '2026-11-24', posts: [] } })
  const line = (await lines(admin)).find(({ accountId }) => accountId === account.body.account.accountId)
  expect(line?.posts).toMatchObject([{ from: '2026-11-24', until: '2026-11-24', mayEnd: false }])
  expect((await admin.get('/units?q=NC-WRONG')).body.total).toBe(0)
  expect((await admin.post('/units', draft)).status).toBe(200)
})

test('[REG-3] a wrong 标识码 is answered with what to write instead', async () => {
  const admin = await house.signIn('nanchuan-admin')
  const made = await admin.post('/units', {
    kind: 'school',
    code: '215000000',
    name: '少一位的学校',
    from: '2026-09-01',
    parentId: town.id(NANCHUAN),
    school: { schoolCode: '215000000', schoolType: '211', settlementClass: null, founder: null, isBoarding: false },
  })
  expect(made.body.message).toContain('学校标识码是十位数字；还没有标识码的，编号用带字母的自编号')
})

test('[REG-27] the audit names units, persons and posts in the auditor’s sight, and no other', async () => {
  const admin = await house.signIn('nanchuan-admin')
  const [teacher] = (await lines(admin)).filter(({ login }) => login === 'teacher')
  await admin.get(`/units/${town.id('2150000001')}`)
  await admin.post(`/accounts/${teacher?.accountId}/state`, { action: 'unlock' })
  await admin.post(`/posts/${teacher?.posts[0]?.postId}/end`, { until: '2020-01-01' })
  const named = async (client: Client) => {
    const { rows } = (await client.get('/audit?size=200')).body as { rows: readonly AuditLine[] }
    return rows.flatMap(({ targetNames }) => targetNames.map(({ id, name }) => `${id.split(':')[0]} ${name}`))
  }
  const seen = await named(await house.signIn('auditor'))
  expect(seen).toEqual(
    expect.arrayContaining(['unit 第1小学校', 'account 人teacher', 'post 人teacher 第1小学校班主任']),
  )
  const given = await (await house.signIn('secadmin')).post('/accounts', {
    login: 'nc-audit',
    person: '区审计员',
    unitId: town.id(NANCHUAN),
    roleId: 'audit-admin',
    from: '2026-09-01',
  })
  await database.admin(`update account set must_change_password = false where login = 'nc-audit'`)
  const local = await house.signIn('nc-audit', given.body.firstPassword)
  const secadmin = await house.signIn('secadmin')
  expect((await lines(secadmin)).some(({ login }) => login === 'sysadmin')).toBe(true)
  const below = await named(local)
  expect(below).toEqual(expect.arrayContaining(['account 人teacher']))
  expect(below.filter((name) => /sysadmin|secadmin|city-admin/.test(name))).toEqual([])
})
