import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixedClock } from '../../platform/testing/clock.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { type Client, testHouse } from './house.test.server.ts'
import { loadTestTown, NANCHUAN, type TestTown, YUZHONG } from './town.test.server.ts'

const database = await testDatabase()
const clock = fixedClock('2026-11-24T09:00:00+08:00')
const house = await testHouse(database, clock)
let town: TestTown
let city: Client
let district: Client
let other: Client
let head: Client

beforeAll(async () => {
  town = await loadTestTown(database.db, clock)
  ;[city, district, other, head] = (await Promise.all(
    ['city-admin', 'nanchuan-admin', 'yuzhong-admin', 'head'].map((login) => house.signIn(login)),
  )) as [Client, Client, Client, Client]
})
afterAll(() => house.close())

const NOT_FOUND = { status: 404, body: { code: 'REQUEST.NOT_FOUND' } }
const schoolDetail = {
  schoolCode: null,
  schoolType: '312',
  settlementClass: '220',
  founder: '教育部门',
  isBoarding: true,
}

describe('[REG-17] a unit works with itself and what is below it; anything else is not found', () => {
  test('reading: own, below, above, beside', async () => {
    expect((await district.get(`/units/${town.id(NANCHUAN)}`)).body).toMatchObject({
      name: '南川区',
      kindLabel: '区县',
      ancestors: [{ name: '重庆市' }],
      divisions: [{ code: '500119', name: '南川区' }],
    })
    expect((await district.get(`/units/${town.id('2150000001')}`)).body).toMatchObject({
      school: { schoolTypeLabel: '小学', settlementClassLabel: '镇中心区' },
      ancestors: [{ name: '重庆市' }, { name: '南川区' }],
      posts: [{ role: '校长' }, { role: '学校资助专干' }, { role: '班主任' }, { role: '班主任' }],
    })
    expect(await district.get(`/units/${town.id('500000')}`)).toMatchObject(NOT_FOUND)
    expect(await district.get(`/units/${town.id(YUZHONG)}`)).toMatchObject(NOT_FOUND)
    expect(await district.get('/units/999999')).toMatchObject(NOT_FOUND)
    expect(await head.get(`/units/${town.id('2150000002')}`)).toMatchObject(NOT_FOUND)
  })

  test('lists: below a parent, by name, and never beyond the own branch', async () => {
    const list = async (client: Client, query: string) => (await client.get(`/units?${query}`)).body
    expect(await list(district, `parentId=${town.id(NANCHUAN)}&kind=school`)).toMatchObject({
      total: 2,
      rows: [{ name: '第1小学校' }, { name: '第2小学校' }],
    })
    expect((await list(district, 'q=小学校')).total).toBe(2)
    expect((await list(city, 'q=小学校')).total).toBe(4)
    expect((await list(district, 'q=%25')).total).toBe(0)
    expect((await list(district, 'kind=district')).rows.map((row: { name: string }) => row.name)).toEqual(['南川区'])
    expect(await district.get(`/units?parentId=${town.id('500000')}`)).toMatchObject(NOT_FOUND)
    expect((await list(city, 'kind=district&asOf=2025-11-05')).total).toBe(38)
    expect((await list(city, 'kind=district&asOf=2025-11-06')).total).toBe(37)
    expect(await district.get('/units?asOf=0000-01-01')).toMatchObject({
      status: 400,
      body: { code: 'REQUEST.MALFORMED' },
    })
  })

  test('setting up: below oneself only', async () => {
    const draft = { kind: 'school', code: 'NC-NEW', name: '新设学校', from: '2026-09-01', school: schoolDetail }
    expect(await other.post('/units', { ...draft, parentId: town.id(NANCHUAN) })).toMatchObject(NOT_FOUND)
    expect(await district.post('/units', { ...draft, parentId: town.id('500000') })).toMatchObject(NOT_FOUND)
    const made = await district.post('/units', { ...draft, parentId: town.id(NANCHUAN) })
    expect(made).toMatchObject({
      status: 200,
      body: { name: '新设学校', school: { schoolTypeLabel: '九年一贯制学校' } },
    })
    expect((await district.post('/units', { ...draft, parentId: town.id(NANCHUAN) })).body).toMatchObject({
      code: 'UNIT.CODE_TAKEN',
    })
    expect((await head.post('/units', { ...draft, parentId: town.id('2150000001') })).status).toBe(403)
  })

  test('changing: not the own unit, not one beside', async () => {
    expect(await other.patch(`/units/${town.id('2150000002')}`, { name: '抢来的学校' })).toMatchObject(NOT_FOUND)
    expect((await district.patch(`/units/${town.id(NANCHUAN)}`, { name: '改名区' })).body).toMatchObject({
      code: 'REQUEST.NOT_ALLOWED',
    })
    expect((await district.patch(`/units/${town.id('2150000002')}`, { name: '南川第二小学校' })).body).toMatchObject({
      name: '南川第二小学校',
    })
  })
})

test('[REG-3] a school code is held by one school at a time', async () => {
  const draft = { kind: 'school', code: 'NC-TWIN', name: '同码学校', from: '2026-09-01', parentId: town.id(NANCHUAN) }
  const taken = await district.post('/units', { ...draft, school: { ...schoolDetail, schoolCode: '2150000003' } })
  expect(taken.body).toMatchObject({ code: 'UNIT.CODE_TAKEN', words: { code: '2150000003' } })
})

test('[REG-4] a unit closes after its lower units, its people leave with it, and it changes no more', async () => {
  const township = await city.get(`/units?parentId=${town.id(NANCHUAN)}&kind=township`)
  const [first] = township.body.rows
  expect((await district.patch(`/units/${first.unitId}`, { until: '2026-11-24' })).body).toMatchObject({
    code: 'UNIT.HAS_LOWER',
    words: { count: 2 },
  })

  const made = await district.post('/units', {
    kind: 'school',
    code: 'NC-OLD',
    name: '旧校',
    from: '2026-01-01',
    parentId: town.id(NANCHUAN),
    school: schoolDetail,
  })
  const old = made.body.unitId
  const account = await district.post('/accounts', {
    login: 'old-head',
    person: '旧校长',
    unitId: old,
    roleId: 'head-teacher',
    from: '2026-01-01',
  })
  const closed = await district.patch(`/units/${old}`, { until: '2026-11-24' })
  expect(closed.body).toMatchObject({ until: '2026-11-24', posts: [] })
  expect((await district.patch(`/units/${old}`, { name: '再改' })).body).toMatchObject({ code: 'UNIT.CLOSED' })
  const leaving = await house.client().post('/session', { login: 'old-head', password: account.body.firstPassword })
  expect(leaving.body).toMatchObject({ code: 'SESSION.NO_POST' })
  // The code is free again for a new school.
  const next = await district.post('/units', {
    kind: 'school',
    code: 'NC-OLD',
    name: '新校',
    from: '2026-11-24',
    parentId: town.id(NANCHUAN),
    school: schoolDetail,
  })
  expect(next.status).toBe(200)
})

describe('[REG-13] moving a branch', () => {
  test('needs sight of both parents, and a parent it may stand under', async () => {
    const [township] = (await city.get(`/units?parentId=${town.id('CQ-GX')}&kind=township`)).body.rows
    const move = (client: Client, unitId: number, parentId: number) =>
      client.post(`/units/${unitId}/move`, { parentId, from: '2026-12-01' })
    expect(await move(district, township.unitId, town.id(NANCHUAN))).toMatchObject(NOT_FOUND)
    const [own] = (await city.get(`/units?parentId=${town.id(NANCHUAN)}&kind=township`)).body.rows
    expect(await move(district, own.unitId, town.id('CQ-GX'))).toMatchObject(NOT_FOUND)
    expect((await move(city, own.unitId, town.id('500000'))).body).toMatchObject({ code: 'UNIT.WRONG_PARENT' })
  })

  test('new ids, the old ones end; schools, covers, posts and accounts go on; history keeps the old', async () => {
    const townships = (await city.get(`/units?parentId=${town.id(NANCHUAN)}&kind=township`)).body.rows
    const old = townships[0]
    const moved = await city.post(`/units/${old.unitId}/move`, { parentId: town.id(YUZHONG), from: '2026-11-24' })
    expect(moved.body).toMatchObject({
      name: old.name,
      code: old.code,
      from: '2026-11-24',
      childCount: 2,
      ancestors: [{ name: '重庆市' }, { name: '渝中区' }],
    })
    expect(moved.body.unitId).not.toBe(old.unitId)
    expect(moved.body.posts).toMatchObject([{ role: '镇街干部' }])
    expect(moved.body.divisions).toMatchObject([{ name: old.name, from: '2026-11-24' }])
    expect((await city.get(`/units/${old.unitId}`)).body).toMatchObject({ until: '2026-11-24', posts: [] })
    expect((await district.get(`/units?parentId=${town.id(NANCHUAN)}&kind=township&asOf=2026-11-23`)).body.total).toBe(
      townships.length,
    )
    expect((await district.get(`/units?parentId=${town.id(NANCHUAN)}&kind=township`)).body.total).toBe(
      townships.length - 1,
    )
    expect(await district.get(`/units/${moved.body.unitId}`)).toMatchObject(NOT_FOUND)
    expect((await other.get('/accounts?q=town')).body).toMatchObject({ total: 1, rows: [{ login: 'town-officer' }] })
    expect((await district.get('/accounts?q=town')).body).toMatchObject({ total: 0 })
    const officer = await house.signIn('town-officer')
    expect((await officer.get('/session')).body.unit).toMatchObject({ unitId: moved.body.unitId, parentName: '渝中区' })
    const successors =
      await database.admin(`select s.successor_id, next.kind from unit_successor s join unit old using (unit_id)
      join unit next on next.unit_id = s.successor_id where old.path @> array[${old.unitId}] order by 2`)
    expect(successors).toMatchObject([
      { successor_id: moved.body.unitId, kind: 'township' },
      { kind: 'village' },
      { kind: 'village' },
    ])
  })

  test('a school keeps its code and its people', async () => {
    const moved = await city.post(`/units/${town.id('2150000002')}/move`, {
      parentId: town.id('CQ-GX'),
      from: '2026-11-24',
    })
    expect(moved.body).toMatchObject({
      code: '2150000002',
      school: { schoolCode: '2150000002' },
      posts: [{ role: '校长' }],
    })
    expect((await city.get(`/units/${town.id('2150000002')}`)).body.school).toMatchObject({ schoolCode: '2150000002' })
  })
})

test('every change leaves one line of audit with its target, and a refusal one too', async () => {
  const made = await district.post('/units', {
    kind: 'school',
    code: 'NC-AUD',
    name: '留痕学校',
    from: '2026-09-01',
    parentId: town.id(NANCHUAN),
    school: schoolDetail,
  })
  await other.patch(`/units/${made.body.unitId}`, { name: '越权' })
  const lines = await database.admin(
    `select action, kind, outcome from audit_event where target = 'unit:${made.body.unitId}' order by audit_id`,
  )
  expect(lines).toEqual([
    { action: 'unit.create', kind: 'write', outcome: 'ok' },
    { action: 'unit.change', kind: 'refused', outcome: 'REQUEST.NOT_FOUND' },
  ])
})
