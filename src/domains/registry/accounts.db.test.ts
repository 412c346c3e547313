import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountId, unitId } from '../../kernel/ids.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import type { Permission } from '../../kernel/scope.ts'
import { fixedClock } from '../../platform/testing/clock.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { type Client, testHouse } from './house.test.server.ts'
import { closeStaffDay, stillAllowed } from './server.ts'
import { loadTestTown, NANCHUAN, PASSWORD, type TestTown, YUZHONG } from './town.test.server.ts'

const database = await testDatabase()
const clock = fixedClock('2026-11-24T09:00:00+08:00')
const house = await testHouse(database, clock)
let town: TestTown
let clients: Record<string, Client>
let serial = 0

const LOGINS = [
  'city-admin',
  'sysadmin',
  'secadmin',
  'auditor',
  'nanchuan-admin',
  'nanchuan-officer',
  'yuzhong-admin',
  'town-officer',
  'head',
  'head-two',
  'teacher',
]

beforeAll(async () => {
  town = await loadTestTown(database.db, clock)
  clients = Object.fromEntries(
    await Promise.all(LOGINS.map(async (login) => [login, await house.signIn(login)] as const)),
  )
})
afterAll(() => house.close())

const as = (login: string) => clients[login]!
const NOT_FOUND = { status: 404, body: { code: 'REQUEST.NOT_FOUND' } }
const NOT_ALLOWED = { status: 403, body: { code: 'REQUEST.NOT_ALLOWED' } }

async function idOf(login: string): Promise<number> {
  const [row] = await database.admin<{ account_id: string }>('select account_id from account where login = $1', [login])
  return Number(row?.account_id)
}

/** A class teacher of school 1, opened by its head. */
async function newTeacher(more: object = {}) {
  serial += 1
  const draft = {
    login: `new-teacher-${serial}`,
    person: '新教师',
    unitId: town.id('2150000001'),
    roleId: 'class-teacher',
    from: '2026-09-01',
    ...more,
  }
  return { draft, answer: await as('head').post('/accounts', draft) }
}

describe('[REG-17] accounts beyond the own branch are not found', () => {
  test('the list holds the own unit and what is below, never above or beside', async () => {
    const logins = async (login: string, query = '') =>
      (await as(login).get(`/accounts?size=200${query}`)).body.rows.map((row: { login: string }) => row.login)
    expect(await logins('head')).toEqual(expect.arrayContaining(['aid', 'head', 'teacher']))
    expect(await logins('head')).not.toEqual(expect.arrayContaining(['head-two']))
    expect(await logins('yuzhong-admin')).toEqual(['yuzhong-admin'])
    expect(await logins('nanchuan-admin', `&unitId=${town.id('2150000002')}`)).toEqual(['head-two'])
    expect(await logins('city-admin', '&q=sys')).toEqual(['sysadmin'])
    expect(await as('yuzhong-admin').get(`/accounts?unitId=${town.id(NANCHUAN)}`)).toMatchObject(NOT_FOUND)
    expect(await as('head').get(`/accounts?unitId=${town.id(NANCHUAN)}`)).toMatchObject(NOT_FOUND)
  })

  test('every act on an account of another branch, or of a unit above', async () => {
    for (const target of ['teacher', 'nanchuan-admin', 'city-admin']) {
      const id = await idOf(target)
      const acts = [
        as('yuzhong-admin').post(`/accounts/${id}/state`, { action: 'disable' }),
        as('yuzhong-admin').post(`/accounts/${id}/password`),
        as('yuzhong-admin').post(`/accounts/${id}/posts`, {
          unitId: town.id(YUZHONG),
          roleId: 'district-officer',
          from: '2026-09-01',
        }),
      ]
      for (const act of acts) expect(await act).toMatchObject(NOT_FOUND)
    }
    expect(await as('head').post(`/accounts/${await idOf('nanchuan-admin')}/password`)).toMatchObject(NOT_FOUND)
    const [post] = await database.admin<{ post_id: number }>(
      `select post_id from post join staff using (staff_id) where name = '人teacher'`,
    )
    expect(await as('yuzhong-admin').post(`/posts/${post?.post_id}/end`, { until: '2026-11-24' })).toMatchObject(
      NOT_FOUND,
    )
    expect((await as('teacher').get('/session')).status).toBe(200)
  })

  test('an account opened at a unit beside or above', async () => {
    expect((await newTeacher({ unitId: town.id('2150000002') })).answer).toMatchObject(NOT_FOUND)
    expect((await newTeacher({ unitId: town.id(NANCHUAN) })).answer).toMatchObject(NOT_FOUND)
  })

  test('without the permission nothing is asked at all', async () => {
    expect(await as('teacher').get('/accounts')).toMatchObject(NOT_ALLOWED)
    expect(await as('nanchuan-officer').post(`/accounts/${await idOf('teacher')}/password`)).toMatchObject(NOT_ALLOWED)
    expect(
      await as('sysadmin').post(`/accounts/${await idOf('teacher')}/posts`, {
        unitId: 1,
        roleId: 'inspector',
        from: '2026-09-01',
      }),
    ).toMatchObject(NOT_ALLOWED)
    expect(await as('nanchuan-admin').get('/audit')).toMatchObject(NOT_ALLOWED)
  })
})

describe('opening an account', () => {
  test('[REG-9] the first password is shown once, stored as a hash, and must be changed before anything else', async () => {
    const { draft, answer } = await newTeacher()
    expect(answer).toMatchObject({
      status: 200,
      body: { account: { login: draft.login, state: 'active', posts: [{ role: '班主任', unit: '第1小学校' }] } },
    })
    const { firstPassword } = answer.body
    const [row] = await database.admin<{ password_hash: string }>(
      'select password_hash from account where login = $1',
      [draft.login],
    )
    expect(row?.password_hash).toMatch(/^\$argon2id\$/)
    expect(database.lines.join('\n')).not.toContain(firstPassword)

    const browser = house.client()
    expect((await browser.post('/session', { login: draft.login, password: firstPassword })).body).toMatchObject({
      mustChangePassword: true,
    })
    expect((await browser.get(`/units/${town.id('2150000001')}`)).body).toMatchObject({
      code: 'SESSION.CHANGE_PASSWORD',
    })
    expect((await browser.post('/session/password', { current: firstPassword, next: 'short' })).body).toMatchObject({
      code: 'SESSION.PASSWORD_WEAK',
    })
    expect(
      (await browser.post('/session/password', { current: firstPassword, next: 'Anders-2026' })).body,
    ).toMatchObject({ mustChangePassword: false })
    expect((await browser.get(`/units/${town.id('2150000001')}`)).status).toBe(200)
  })

  test('a login is taken only once, whoever has it', async () => {
    const answer = (await newTeacher({ login: 'yuzhong-admin' })).answer
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'ACCOUNT.LOGIN_TAKEN', words: { login: 'yuzhong-admin' } },
    })
  })

  test('[REG-7] nobody opens an account with a role his own may not give', async () => {
    expect((await newTeacher({ roleId: 'head-teacher' })).answer).toMatchObject(NOT_ALLOWED)
    const draft = { login: 'climber', person: '攀升者', unitId: town.id('500000'), from: '2026-09-01' }
    expect(await as('sysadmin').post('/accounts', { ...draft, roleId: 'audit-admin' })).toMatchObject(NOT_ALLOWED)
    expect(await as('city-admin').post('/accounts', { ...draft, roleId: 'system-admin' })).toMatchObject(NOT_ALLOWED)
    expect(
      await as('nanchuan-admin').post('/accounts', { ...draft, unitId: town.id(NANCHUAN), roleId: 'district-admin' }),
    ).toMatchObject(NOT_ALLOWED)
    expect(
      await as('head').post('/accounts', { ...draft, unitId: town.id('2150000001'), roleId: 'cook' }),
    ).toMatchObject(NOT_FOUND)
  })

  test('[REG-5] a role is given only where it stands', async () => {
    const draft = {
      login: 'misplaced',
      person: '错放者',
      unitId: town.id('2150000001'),
      roleId: 'township-officer',
      from: '2026-09-01',
    }
    expect((await as('nanchuan-admin').post('/accounts', draft)).body).toMatchObject({ code: 'ACCOUNT.ROLE_NOT_HERE' })
  })
})

describe('[REG-8] managing accounts', () => {
  test('disabling ends the open session with the next click; enabling lets in again', async () => {
    const teacher = as('teacher')
    const id = await idOf('teacher')
    expect((await as('head').post(`/accounts/${id}/state`, { action: 'disable' })).body).toMatchObject({
      state: 'disabled',
    })
    expect((await teacher.get('/session')).body).toMatchObject({ code: 'SESSION.REQUIRED' })
    expect((await house.client().post('/session', { login: 'teacher', password: PASSWORD })).body).toMatchObject({
      code: 'SESSION.DISABLED',
    })
    expect((await as('head').post(`/accounts/${id}/state`, { action: 'enable' })).body).toMatchObject({
      state: 'active',
    })
    // Enabled again, the old session stays dead.
    expect((await teacher.get('/session')).body).toMatchObject({ code: 'SESSION.REQUIRED' })
    clients.teacher = await house.signIn('teacher')
    expect((await as('teacher').get('/session')).status).toBe(200)
  })

  test('five wrong passwords lock; an administrator unlocks; the clock does too', async () => {
    const { draft, answer } = await newTeacher()
    const id = answer.body.account.accountId
    const wrong = () => house.client().post('/session', { login: draft.login, password: 'wrong-Password-1' })
    const right = () => house.client().post('/session', { login: draft.login, password: answer.body.firstPassword })
    const left = []
    for (let n = 0; n < 5; n += 1) left.push((await wrong()).body.words?.left ?? 'locked')
    expect(left).toEqual([4, 3, 2, 1, 'locked'])
    expect((await right()).body).toMatchObject({ code: 'SESSION.LOCKED' })
    expect((await as('head').get(`/accounts?q=${draft.login}`)).body.rows[0]).toMatchObject({
      state: 'locked',
      lockedUntil: '2026-11-24T01:15:00.000Z',
    })
    expect((await as('head').post(`/accounts/${id}/state`, { action: 'unlock' })).body).toMatchObject({
      state: 'active',
      lockedUntil: null,
    })
    expect((await right()).status).toBe(200)
  })

  test('a new password ends the sessions and must be changed', async () => {
    const { draft, answer } = await newTeacher()
    const browser = await house.signIn(draft.login, answer.body.firstPassword)
    const reset = await as('head').post(`/accounts/${answer.body.account.accountId}/password`)
    expect((await browser.get('/session')).body).toMatchObject({ code: 'SESSION.REQUIRED' })
    expect(
      (await house.client().post('/session', { login: draft.login, password: answer.body.firstPassword })).body,
    ).toMatchObject({ code: 'SESSION.WRONG_PASSWORD' })
    expect(
      (await house.client().post('/session', { login: draft.login, password: reset.body.firstPassword })).body,
    ).toMatchObject({ mustChangePassword: true })
  })

  test('a reset is no way into higher rights: not for an equal, not for a duty of another, not for oneself', async () => {
    const reset = async (who: string, target: string) => as(who).post(`/accounts/${await idOf(target)}/password`)
    expect(await reset('sysadmin', 'auditor')).toMatchObject(NOT_ALLOWED)
    expect(await reset('sysadmin', 'secadmin')).toMatchObject(NOT_ALLOWED)
    expect(await reset('city-admin', 'sysadmin')).toMatchObject(NOT_ALLOWED)
    expect(await reset('town-officer', 'teacher')).toMatchObject(NOT_FOUND)
    expect((await reset('head', 'head')).body).toMatchObject({ code: 'ACCOUNT.NOT_SELF' })
    expect((await reset('secadmin', 'auditor')).status).toBe(200)
    await database.admin(
      `update account set password_hash = (select password_hash from account where login = 'sysadmin'), must_change_password = false where login = 'auditor'`,
    )
    clients.auditor = await house.signIn('auditor')
  })

  test('an account that also works elsewhere is not one district’s to disable', async () => {
    const id = await idOf('head-two')
    const given = await as('city-admin').post(`/accounts/${id}/posts`, {
      unitId: town.id(YUZHONG),
      roleId: 'district-officer',
      from: '2026-09-01',
    })
    expect(given.body.posts).toHaveLength(2)
    expect((await as('yuzhong-admin').get('/accounts?q=head-two')).body.rows).toMatchObject([
      { posts: [{ role: '区县控辍专干' }] },
    ])
    expect(await as('nanchuan-admin').post(`/accounts/${id}/state`, { action: 'disable' })).toMatchObject(NOT_ALLOWED)
    expect(await as('yuzhong-admin').post(`/accounts/${id}/state`, { action: 'disable' })).toMatchObject(NOT_ALLOWED)
    const [post] = given.body.posts
    expect((await as('yuzhong-admin').post(`/posts/${post.postId}/end`, { until: '2026-11-24' })).status).toBe(200)
    expect(await as('yuzhong-admin').post(`/accounts/${id}/state`, { action: 'disable' })).toMatchObject(NOT_FOUND)
    expect((await as('nanchuan-admin').post(`/accounts/${id}/state`, { action: 'unlock' })).status).toBe(200)
  })
})

describe('posts', () => {
  test('[REG-6] the three duties never meet in one account', async () => {
    const id = await idOf('sysadmin')
    const give = (roleId: string) =>
      as('secadmin').post(`/accounts/${id}/posts`, { unitId: town.id('500000'), roleId, from: '2026-09-01' })
    expect((await give('audit-admin')).body).toMatchObject({ code: 'ACCOUNT.DUTIES_CLASH' })
    expect((await give('system-admin')).body).toMatchObject({ code: 'ACCOUNT.POST_HELD' })
  })

  test('[REG-7] nobody gives himself a post, or ends his own', async () => {
    const own = await idOf('secadmin')
    expect(
      await as('secadmin').post(`/accounts/${own}/posts`, {
        unitId: town.id('500000'),
        roleId: 'city-admin',
        from: '2026-09-01',
      }),
    ).toMatchObject(NOT_ALLOWED)
    const me = await as('head').get('/session')
    expect((await as('head').post(`/posts/${me.body.post.postId}/end`, { until: '2026-11-24' })).body).toMatchObject({
      code: 'ACCOUNT.NOT_SELF',
    })
  })

  test('[REG-14] a second post is worked in by switching, and only one’s own', async () => {
    const { draft, answer } = await newTeacher({ login: `both-${serial}` })
    await database.admin(`update account set must_change_password = false where login = $1`, [draft.login])
    await as('head').post(`/accounts/${answer.body.account.accountId}/posts`, {
      unitId: town.id('2150000001'),
      roleId: 'aid-officer',
      from: '2026-09-01',
    })
    const browser = await house.signIn(draft.login, answer.body.firstPassword)
    const me = (await browser.get('/session')).body
    expect(me).toMatchObject({ post: { roleId: 'class-teacher' }, otherPosts: [{ role: '学校资助专干' }] })
    expect((await browser.post('/session/post', { postId: me.otherPosts[0].postId })).body).toMatchObject({
      post: { roleId: 'aid-officer' },
    })
    expect((await browser.get('/session')).body.post.roleId).toBe('aid-officer')
    const foreign = (await as('head').get('/session')).body.post.postId
    expect(await browser.post('/session/post', { postId: foreign })).toMatchObject(NOT_FOUND)
  })

  test('[REG-14] an ended post ends the session with the next click', async () => {
    const { draft, answer } = await newTeacher()
    await database.admin(`update account set must_change_password = false where login = $1`, [draft.login])
    const browser = await house.signIn(draft.login, answer.body.firstPassword)
    const [post] = answer.body.account.posts
    await as('head').post(`/posts/${post.postId}/end`, { until: '2026-11-24' })
    expect((await browser.get('/session')).body).toMatchObject({ code: 'SESSION.NO_POST' })
  })

  test('[REG-16] who left is seen by the unit of his last post until he works elsewhere, and the day’s close follows the calendar', async () => {
    const { draft, answer } = await newTeacher({ until: '2026-12-01' })
    const id = answer.body.account.accountId
    await as('city-admin').post(`/accounts/${id}/posts`, {
      unitId: town.id(YUZHONG),
      roleId: 'district-officer',
      from: '2026-12-01',
    })
    const units = async () => {
      const [row] = await database.admin<{ units: number[] }>('select units from account where login = $1', [
        draft.login,
      ])
      return row?.units
    }
    expect(await units()).toContain(town.id('2150000001'))
    const seen = async (login: string) => (await as(login).get(`/accounts?q=${draft.login}`)).body.total
    await database.db.asSystem('test', (tx) => closeStaffDay(tx, plainDate('2026-12-01')))
    expect(await units()).toEqual([town.id('500000'), town.id(YUZHONG)].sort((a, b) => a - b))
    expect([await seen('head'), await seen('yuzhong-admin')]).toEqual([0, 1])
  })
})

test('[REG-19] a job of an account that is disabled, left its post, or never had the right does not start', async () => {
  const accountIdOf = async (login: string) => accountId(await idOf(login))
  const may = async (login: string, code: string, permission: Permission = 'run.create') => {
    const scope = { kind: 'unit' as const, unitId: unitId(town.id(code)), accountId: await accountIdOf(login) }
    return database.db.asSystem('test', (tx) => stillAllowed(clock)(tx, scope, permission))
  }
  expect(await may('nanchuan-officer', NANCHUAN)).toBe(true)
  expect(await may('nanchuan-officer', YUZHONG)).toBe(false)
  expect(await may('nanchuan-officer', NANCHUAN, 'unit.write')).toBe(false)
  const id = await idOf('nanchuan-officer')
  await as('nanchuan-admin').post(`/accounts/${id}/state`, { action: 'disable' })
  expect(await may('nanchuan-officer', NANCHUAN)).toBe(false)
  await as('nanchuan-admin').post(`/accounts/${id}/state`, { action: 'enable' })
  const [post] = (await as('nanchuan-admin').get('/accounts?q=nanchuan-officer')).body.rows[0].posts
  await as('nanchuan-admin').post(`/posts/${post.postId}/end`, { until: '2026-11-24' })
  expect(await may('nanchuan-officer', NANCHUAN)).toBe(false)
})

test('[REG-18] the audit page: by day, kind and word, with the action in Chinese; a district’s auditor would see his own only', async () => {
  await as('yuzhong-admin').post(`/accounts/${await idOf('teacher')}/password`)
  const all = await as('auditor').get('/audit?kind=refused&q=account.reset&from=2026-11-24&until=2026-11-24')
  expect(all.body.rows[0]).toMatchObject({
    person: '人yuzhong-admin',
    unit: '渝中区',
    actionLabel: '重置密码',
    outcome: 'REQUEST.NOT_FOUND',
    kind: 'refused',
  })
  expect((await as('auditor').get('/audit?until=2026-11-23')).body.total).toBe(0)
  expect((await as('auditor').get('/audit?q=%E4%BA%BAyuzhong')).body.total).toBeGreaterThan(0)

  const given = await as('secadmin').post('/accounts', {
    login: 'nc-auditor',
    person: '区审计',
    unitId: town.id(NANCHUAN),
    roleId: 'audit-admin',
    from: '2026-09-01',
  })
  await database.admin(`update account set must_change_password = false where login = 'nc-auditor'`)
  const local = await house.signIn('nc-auditor', given.body.firstPassword)
  const lines = (await local.get('/audit?size=200')).body.rows as { unit: string | null }[]
  expect(new Set(lines.map((line) => line.unit))).not.toContain('渝中区')
  expect(lines.length).toBeGreaterThan(0)
})

test('signing out and idling: the session is gone', async () => {
  const browser = await house.signIn('teacher')
  await browser.delete('/session')
  expect((await browser.get('/session')).body).toMatchObject({ code: 'SESSION.REQUIRED' })
  const idle = await house.signIn('teacher')
  clock.advance(15 * 60_000)
  expect((await idle.get('/session')).body).toMatchObject({ code: 'SESSION.EXPIRED', words: { minutes: 15 } })
})
