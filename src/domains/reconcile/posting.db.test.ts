import { describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { ended } from '../../app/testing/sheets.ts'
import { type AccountCode, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import { entriesByName, giveBatch, type TestRow, testChild } from './books.test.server.ts'
import { idOf } from './pipeline-testing.server.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const nanchuan = await house.actor('nanchuan-officer')
const yuzhong = await house.actor('yuzhong-admin')
const schools = ['2150000001', '2150000002', '2150000003'].map((code) => house.town.id(code))
const [first = 0, second = 0, far = 0] = schools
const [village = 0] = [...house.town.unitIds].filter(([code]) => /^500119\d{6}$/.test(code)).map(([, id]) => id)

const registered = (n: number, birth: string, name: string, cells: TestRow['cells'] = {}): TestRow => ({
  ...testChild(n, birth, name),
  unitId: village,
  cells,
})
const onRoll = (n: number, birth: string, name: string, more: Partial<TestRow> = {}): TestRow => ({
  ...testChild(n, birth, name),
  schoolId: first,
  grade: '四年级',
  status: '在读',
  ...more,
})

const POPULATION: readonly TestRow[] = [
  registered(11, '2016-01-01', '甲在读'),
  registered(11, '2016-01-02', '乙在外'),
  registered(11, '2016-01-03', '丙休学'),
  registered(11, '2016-01-04', '丁未见'),
  registered(11, '2016-01-05', '戊流失'),
  registered(11, '2016-01-06', '己幼儿'),
  registered(11, '2016-01-07', '庚两校'),
  registered(11, '2016-01-08', '辛亡故', { cancelled: '是', cancelReason: '死亡' }),
  registered(11, '2016-01-09', '壬空册', { cancelled: '是', cancelReason: '迁出市外' }),
  registered(11, '2021-01-10', '癸未满'),
  registered(11, '2009-01-11', '子超龄'),
  registered(11, '2016-01-12', '丑毕业'),
  { name: '', unitId: village, refused: true },
  registered(11, '2016-01-01', '甲在读'),
  registered(11, '2016-01-15', '寅证坏', {
    guardian1Name: '寅父',
    guardian1CitizenId: idOf('19850101', 5),
    phone: '13900001111',
  }),
]
const ROLL: readonly TestRow[] = [
  onRoll(11, '2016-01-01', '甲在读'),
  onRoll(11, '2016-01-03', '丙休学', { status: '休学' }),
  onRoll(11, '2016-01-05', '戊流失', { status: '流失' }),
  onRoll(11, '2016-01-06', '己幼儿', { grade: '大班' }),
  onRoll(11, '2016-01-07', '庚两校'),
  onRoll(11, '2016-01-09', '壬空册'),
  onRoll(11, '2016-01-12', '丑毕业', { status: '毕业', grade: '九年级' }),
  { ...onRoll(11, '2016-01-20', '卯邻区'), id: idOf('20160120', 11, '500103') },
  { ...onRoll(11, '2016-01-21', '辰外省'), id: idOf('20160121', 11, '510104') },
  onRoll(11, '2016-01-22', '巳无户'),
  { name: '午护照', birth: '2016-01-23', schoolId: first, grade: '四年级', status: '在读', cells: { idType: '护照' } },
  { name: '未证坏', birth: '2016-01-24', schoolId: first, grade: '四年级', status: '在读' },
  onRoll(11, '2021-01-25', '申早入', { grade: '一年级' }),
  {
    name: '寅证坏',
    birth: '2016-01-15',
    schoolId: second,
    grade: '四年级',
    status: '在读',
    cells: { sex: '男', guardian1Name: '寅父', guardian1CitizenId: idOf('19850101', 5), guardian1Phone: '13900001111' },
  },
]
const FAR_ROLL: readonly TestRow[] = [
  onRoll(11, '2016-01-02', '乙在外', { schoolId: far }),
  onRoll(11, '2016-01-07', '庚两校', { schoolId: far }),
]

const populationBatch = await giveBatch(house.services, nanchuan, {
  kind: 'population',
  asOf: '2026-09-10',
  rows: POPULATION,
})
const rollBatch = await giveBatch(house.services, nanchuan, { kind: 'roll', asOf: '2026-09-10', rows: ROLL })
const farBatch = await giveBatch(house.services, yuzhong, { kind: 'roll', asOf: '2026-09-08', rows: FAR_ROLL })

const created = await officer.ask('POST', '/runs/books', { body: {} })
const run = await ended(officer, created.body.runId, 60)

const entries = () => entriesByName(house)
const code = async (name: string) => (await entries()).get(name)?.code ?? null
const movements = () => house.admin<{ n: number }>('select count(*)::int as n from posting')

describe('[POST-19] a books run, from the sheet to the entry', () => {
  test('is done when its entries stand, with what it posted', () => {
    expect(run).toMatchObject({
      purpose: 'books',
      state: 'done',
      sheets: null,
      inputs: [
        { kind: 'population', asOf: '2026-09-10', giver: '南川区', rows: 15 },
        { kind: 'roll', asOf: '2026-09-10', giver: '南川区', rows: 14 },
      ],
      posting: { state: 'posted', asOf: '2026-09-10', posted: 15, merged: 1 },
    })
    expect(run.posting.changes).toContainEqual({ from: null, to: 'here', count: 2 })
  })

  test.each([
    ['[POST-2] at school in the district', '甲在读', 'here', { r: village, p: village, s: first }],
    ['[POST-14] on the roll of another district', '乙在外', 'elsewhere-in-city', { r: village, p: null, s: far }],
    ['[POST-20] paused, until a day', '丙休学', 'suspended', { s: first, pause_until: '2027-09-10' }],
    ['[POST-2] on no roll', '丁未见', 'to-verify', { r: village, p: village, s: null }],
    ['[POST-9] a word of dropping out', '戊流失', 'suspected', { s: first }],
    ['[POST-2] over six in a kindergarten', '己幼儿', 'late-or-private', { s: first }],
    ['[POST-17] in two schools', '庚两校', 'conflict', { r: village }],
    ['[POST-4] cancelled and on a roll', '壬空册', 'roll-ghost', { r: null, s: first }],
    ['[POST-12] linked without an ID', '寅证坏', 'here', { r: village, s: second }],
    ['[POST-6] registered in another district', '卯邻区', 'roll-other-district', { r: null, p: null, s: first }],
    ['[POST-6] registered in another province', '辰外省', 'roll-other-province', { r: null, s: first }],
    ['[POST-6] registered nowhere', '巳无户', 'roll-no-registration', { r: null, s: first }],
    ['[POST-10] a passport', '午护照', 'roll-foreign', { r: null, s: first }],
    ['[POST-6] no ID', '未证坏', 'roll-id-to-repair', { r: null, s: first }],
    ['[POST-6] too young', '申早入', 'roll-outside-ages', { r: null, s: first }],
  ] as const)('%s', async (_, name, account, places) => {
    const entry = (await entries()).get(name)
    expect(entry).toMatchObject({ code: account, ...places })
    expect(entry?.open_files).toBe(entry !== undefined && isUnexplained(account) ? 1 : 0)
  })

  test('[POST-1] who need not be accounted for stays out of the books', async () => {
    for (const name of ['辛亡故', '癸未满', '子超龄', '丑毕业']) expect(await code(name), name).toBeNull()
  })

  test('[POST-17] every source of a conflict says what it says', async () => {
    const claims = await house.admin<{ unit_id: number; code: string }>(
      'select unit_id, code from claim join book_account using (account_id) order by unit_id',
    )
    expect(claims).toEqual([
      { unit_id: first, code: 'here' },
      { unit_id: far, code: 'elsewhere-in-city' },
    ])
  })

  test('[POST-18] the bridge adds up to the persons who stand as registered', async () => {
    const [bridge] = await house.admin('select * from book_bridge where source_key = $1', [run.runId])
    expect(bridge).toMatchObject({
      unit_id: house.town.id('500119'),
      received: 15,
      errors: 1,
      duplicates: 1,
      cancelled: 2,
      not_begun: 1,
      closed: 2,
      persons: 8,
    })
    const [booked] = await house.admin<{ n: number }>(
      'select count(*)::int as n from whereabouts_span where superseded_by is null and upper_inf(valid) and r_unit_id is not null',
    )
    expect(booked?.n).toBe(8)
    expect(run.summary.personsToAccountFor).toBe(8)
  })

  test('[POST-11] it is known what the run stands on, and the rolls of others are confirmed for their own day', async () => {
    const ground = await house.admin<{ batch_id: string }>(
      'select batch_id from posting_ground where source_key = $1',
      [run.runId],
    )
    expect(ground.map((line) => Number(line.batch_id)).sort()).toEqual([populationBatch, rollBatch].sort())
    expect(await confirmations()).toEqual(
      new Set([
        `population ${nanchuan.unitId} 2026-09-10`,
        `roll ${first} 2026-09-10`,
        `roll ${second} 2026-09-10`,
        `roll ${far} 2026-09-08`,
      ]),
    )
  })
})

/** When each ground was confirmed last: a district's register, a school's roll. */
async function confirmations(): Promise<ReadonlySet<string>> {
  const rows = await house.admin<{ line: string }>(
    `select concat_ws(' ', kind, unit_id, max(confirmed_day)) as line
     from evidence_confirmation join evidence using (evidence_id) group by kind, unit_id`,
  )
  return new Set(rows.map(({ line }) => line))
}

test('[RUN-22] the school year is the one of the newest sheet, whatever is asked', async () => {
  expect(run.schoolYear).toBe(2026)
  const { body } = await officer.ask('POST', '/runs/books', { body: { schoolYear: 2001 } })
  expect(body).toMatchObject({ runId: run.runId, schoolYear: 2026 })
})

test('[RUN-17] the same inputs answer the run before, and nothing is posted', async () => {
  const before = await movements()
  const again = await officer.ask('POST', '/runs/books', { body: {} })
  expect(again.body).toMatchObject({ runId: run.runId, isSame: true, number: run.number })
  expect(await movements()).toEqual(before)
})

test('[POST-19] the same rows given again post no entry', async () => {
  const spans = () => house.admin('select count(*)::int as n from whereabouts_span')
  const before = await spans()
  await giveBatch(house.services, nanchuan, { kind: 'population', asOf: '2026-09-12', rows: POPULATION })
  await giveBatch(house.services, nanchuan, { kind: 'roll', asOf: '2026-09-12', rows: ROLL })
  const { body } = await officer.ask('POST', '/runs/books', { body: {} })
  expect(body.isSame).toBe(false)
  const next = await ended(officer, body.runId, 60)
  expect(next).toMatchObject({
    state: 'done',
    posting: { state: 'posted', posted: 0, merged: 0, changes: [] },
    previous: { number: run.number, isSameModel: true },
  })
  expect(await spans()).toEqual(before)
})

test('[POST-22] a sheet of one school confirms that school and no other', async () => {
  await giveBatch(house.services, nanchuan, {
    kind: 'roll',
    asOf: '2026-09-14',
    rows: ROLL.filter(({ schoolId }) => schoolId === second),
  })
  const { body } = await officer.ask('POST', '/runs/books', { body: {} })
  expect(await ended(officer, body.runId, 60)).toMatchObject({ state: 'done', posting: { posted: 0 } })
  expect(await confirmations()).toEqual(
    new Set([
      `population ${nanchuan.unitId} 2026-09-12`,
      `roll ${first} 2026-09-12`,
      `roll ${second} 2026-09-14`,
      `roll ${far} 2026-09-08`,
    ]),
  )
})

describe('[RUN-16] whose batches', () => {
  test('of another unit are not there', async () => {
    const { status, body } = await officer.ask('POST', '/runs/books', {
      body: { batchIds: [farBatch] },
    })
    expect([status, body.code]).toEqual([404, 'REQUEST.NOT_FOUND'])
  })

  test('that a newer one replaced are refused', async () => {
    const body = { batchIds: [populationBatch, rollBatch] }
    const answer = await officer.ask('POST', '/runs/books', { body })
    expect([answer.status, answer.body.code]).toEqual([409, 'RUN.BATCH_SUPERSEDED'])
  })

  test('a unit without a register and a roll has nothing to compare', async () => {
    const answer = await (await house.signIn('zone-officer')).ask('POST', '/runs/books', { body: {} })
    expect([answer.status, answer.body.code]).toEqual([422, 'RUN.NO_BATCHES'])
  })

  test('the run is seen from above and from nowhere else', async () => {
    expect((await (await house.signIn('zone-officer')).ask('GET', `/runs/${run.runId}`)).status).toBe(404)
    expect((await (await house.signIn('city-admin')).ask('GET', `/runs/${run.runId}`)).body).toMatchObject({
      posting: { posted: 15 },
    })
  })
})

function isUnexplained(account: AccountCode): boolean {
  return BOOK_ACCOUNTS[account].isUnexplained
}
