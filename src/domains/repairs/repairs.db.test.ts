import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { checkDigit } from '../../kernel/citizen-id.ts'
import { childId } from '../../kernel/ids.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { mergeChildren, unmerge } from '../persons/server.ts'
import { giveSheet, record, recordAt, type TestRow, undoSheet } from './repairs.test.server.ts'
import { closeAgreed, type RecordPair, recordRepairsOfChild } from './server.ts'

const house = await testHouse()
const { services, admin } = house
const officer = await house.signIn('nanchuan-officer')
const nanchuan = await house.actor('nanchuan-officer')
const [school = 0, other = 0] = ['2150000001', '2150000002'].map((code) => house.town.id(code))
const [village = 0] = [...house.town.unitIds].filter(([code]) => /^500119\d{6}$/.test(code)).map(([, id]) => id)

const idOf = (birth: string, n: number) => {
  const first = `500119${birth.replaceAll('-', '')}${String(n).padStart(3, '0')}`
  return first + checkDigit(first)
}
const YUE = idOf('2016-01-01', 11)
const YUE_SLIP = `${YUE.slice(0, 15)}${(Number(YUE[15]) + 1) % 10}${YUE.slice(16)}`
const WEI = idOf('2016-02-02', 21)
const LIN = idOf('2016-03-03', 31)

const REGISTER: readonly TestRow[] = [
  { name: '冉月', citizenId: YUE, at: village },
  { name: '冉玮', citizenId: WEI, at: village },
  { name: '林一', citizenId: LIN, at: village },
]
const ROLL: readonly TestRow[] = [
  {
    name: '冉月',
    otherId: YUE_SLIP,
    birth: '2016-01-01',
    needsRepair: true,
    at: school,
    studentNo: 'G500119201601010011',
  },
  { name: '冉伟', citizenId: WEI, at: school },
  { name: '林一', citizenId: LIN, at: other },
]
const mended = (rows: readonly TestRow[], change: Partial<TestRow>, row: number) =>
  rows.map((one, at) => (at === row ? { ...one, ...change } : one))

let registerBatch = 0
let rollBatch = 0
const ids: Record<string, number> = {}
const stateOf = async (name: string) =>
  (
    await admin<{ state: string; rounds: number; mends: string }>(
      'select state, rounds, mends from repair where repair_id = $1',
      [ids[name]],
    )
  )[0]
const close = () => services.db.asSystem('test.close', (tx) => closeAgreed(tx, services.keys))
const pairs = async () => {
  const found: RecordPair[] = []
  for (const row of ROLL.keys()) {
    const { recordId: rollRecord } = await recordAt(admin, rollBatch, row + 1)
    found.push({ rollRecord, registerRecord: (await recordAt(admin, registerBatch, row + 1)).recordId })
  }
  return found
}
const mergeInto = (from: number, into: number) =>
  services.db.asSystem('test.merge', (tx) =>
    mergeChildren(tx, [{ from: childId(from), into: childId(into), grounds: null }], {
      source: 'run',
      sourceKey: 'test',
      now: services.clock.now(),
      today: services.clock.today(),
    }),
  )
const decide = (name: string, body: object) => officer.ask('POST', `/repairs/${ids[name]}/right`, { body })

beforeAll(async () => {
  registerBatch = await giveSheet(services, nanchuan, { kind: 'population', asOf: '2026-09-10', rows: REGISTER })
  rollBatch = await giveSheet(services, nanchuan, { kind: 'roll', asOf: '2026-09-10', rows: ROLL })
  // As a run leaves its pairs: one child each.
  for (const row of [1, 2]) {
    const { childId: from } = await recordAt(admin, rollBatch, row)
    await mergeInto(from, (await recordAt(admin, registerBatch, row)).childId)
  }
})

describe('[REP-9] recording', () => {
  test('finds each difference once', async () => {
    expect(await record(services, await pairs())).toBe(2)
    expect(await record(services, await pairs())).toBe(0)
    for (const { repair_id, field } of await admin<{ repair_id: string; field: string }>(
      'select repair_id, field from repair',
    )) {
      ids[field] = Number(repair_id)
    }
    expect(Object.keys(ids).sort()).toEqual(['citizen-id', 'name'])
  })

  test('[REP-3] [REP-5] is shown with the register suggested and what differs marked', async () => {
    const { body } = await officer.ask('GET', '/repairs')
    expect(body.counts.roll).toMatchObject({ open: 2, toDecide: 2, toSend: 0 })
    const name = body.rows.find((row: { field: string }) => row.field === 'name')
    expect(name).toMatchObject({
      name: '冉伟',
      suggested: 'register',
      state: 'found',
      grade: 4,
      register: [
        { text: '冉', isDifferent: false },
        { text: '玮', isDifferent: true },
      ],
      roll: [
        { text: '冉', isDifferent: false },
        { text: '伟', isDifferent: true },
      ],
    })
    const number = body.rows.find((row: { field: string }) => row.field === 'citizen-id')
    expect(number).toMatchObject({ hint: 'id-unsound' })
    const text = number.roll.map((piece: { text: string }) => piece.text).join('')
    expect(text).toBe(`500${'*'.repeat(11)}${YUE_SLIP.slice(14)}`)
    expect(JSON.stringify(body)).not.toContain(YUE)
  })
})

describe('[REP-4] deciding', () => {
  test('an ID number is right only when its check character holds', async () => {
    const answer = await decide('citizen-id', { right: 'roll' })
    expect([answer.status, answer.body.code]).toEqual([422, 'REPAIR.NOT_RIGHT'])
  })

  test('is taken back until it is sent', async () => {
    expect((await decide('name', { right: 'roll' })).body).toMatchObject({ state: 'confirmed', mends: 'register' })
    expect((await officer.ask('POST', `/repairs/${ids.name}/undo`)).body).toMatchObject({
      state: 'found',
      mends: 'roll',
    })
  })

  test('a dismissal is taken back, and what is dismissed is not found again', async () => {
    const body = { cause: 'both-lawful' }
    expect((await officer.ask('POST', `/repairs/${ids.name}/dismissal`, { body })).body).toMatchObject({
      state: 'dismissed',
    })
    expect(await record(services, await pairs())).toBe(0)
    expect((await officer.ask('POST', `/repairs/${ids.name}/undo`)).body).toMatchObject({ state: 'found' })
  })

  test('[REP-12] the list holds what is confirmed, under the next number', async () => {
    const nothing = await officer.ask('POST', '/repairs/lists', { body: { mends: 'roll' } })
    expect([nothing.status, nothing.body.code]).toEqual([409, 'REPAIR.NOTHING_TO_SEND'])
    await decide('name', { right: 'register', page: '户 0119-3 第 4 页', seenDay: '2026-11-01' })
    await decide('citizen-id', { right: 'register' })
    const made = await officer.ask('POST', '/repairs/lists', { body: { mends: 'roll', schoolId: school } })
    expect(made.body).toMatchObject({ number: 1, count: 2, agreed: 0, mends: 'roll', isOwn: true })
    expect((await decide('name', { right: 'roll' })).body.code).toBe('REPAIR.MOVED_ON')
    const file = await officer.ask('POST', `/repairs/lists/${made.body.listId}/workbook`, {
      body: { reason: '交学籍管理员更正' },
    })
    expect([file.status, String(file.headers['content-type'])]).toEqual([200, expect.stringContaining('spreadsheetml')])
    expect(await stateOf('name')).toMatchObject({ state: 'sent' })
    const [line] = await admin<{ kind: string; reason: string }>(
      `select kind, reason from audit_event where action = 'repair.download-list' order by at desc limit 1`,
    )
    expect(line).toEqual({ kind: 'export', reason: '交学籍管理员更正' })
  })
})

test('[REP-13] a list that no export has answered is withdrawn, and its number is not given again', async () => {
  const early = await officer.ask('GET', '/repairs/lists')
  const { listId } = early.body.rows[0]
  expect((await officer.ask('POST', `/repairs/lists/${listId}/withdrawal`)).body).toMatchObject({ isWithdrawn: true })
  expect(await stateOf('name')).toMatchObject({ state: 'confirmed' })
  const taken = await officer.ask('POST', `/repairs/lists/${listId}/workbook`, { body: { reason: '交学籍管理员更正' } })
  expect(taken.body.code).toBe('REPAIR.LIST_WITHDRAWN')
  expect((await officer.ask('POST', '/repairs/lists', { body: { mends: 'roll' } })).body).toMatchObject({
    number: 2,
    count: 2,
  })
})

describe('[REP-6] closing', () => {
  let good = 0

  test('[REP-7] an export that carries the old value is a round', async () => {
    await giveSheet(services, nanchuan, { kind: 'roll', asOf: '2026-11-21', rows: mended(ROLL, { name: '冉　伟' }, 1) })
    await close()
    await close()
    expect(await stateOf('name')).toMatchObject({ state: 'unchanged', rounds: 1 })
    expect(await stateOf('citizen-id')).toMatchObject({ state: 'unchanged', rounds: 1 })
  })

  test('the newer export that carries the right value closes it', async () => {
    good = await giveSheet(services, nanchuan, {
      kind: 'roll',
      asOf: '2026-11-22',
      rows: mended(ROLL, { name: '冉玮' }, 1),
    })
    await close()
    expect(await stateOf('name')).toMatchObject({ state: 'agreed' })
    expect(await stateOf('citizen-id')).toMatchObject({ state: 'unchanged', rounds: 2 })
    const { body } = await officer.ask('GET', '/repairs/lists')
    expect(body.rows[0]).toMatchObject({ count: 2, agreed: 1, unchanged: 1 })
  })

  test('[REP-13] a list that an export has answered stays', async () => {
    const { body } = await officer.ask('GET', '/repairs/lists')
    const answer = await officer.ask('POST', `/repairs/lists/${body.rows[0].listId}/withdrawal`)
    expect([answer.status, answer.body.code]).toEqual([409, 'REPAIR.LIST_ANSWERED'])
  })

  test('[REP-8] undoing that batch opens it again at once', async () => {
    await undoSheet(services, nanchuan, good)
    expect(await stateOf('name')).toMatchObject({ state: 'unchanged', rounds: 1 })
    expect(await record(services, await pairs())).toBe(0)
  })

  test('[REP-12] what the export did not carry is sent again', async () => {
    const made = await officer.ask('POST', '/repairs/lists', { body: { mends: 'roll' } })
    expect(made.body).toMatchObject({ number: 3, count: 2 })
    expect(await stateOf('name')).toMatchObject({ state: 'sent', rounds: 1 })
    expect((await officer.ask('POST', `/repairs/lists/${made.body.listId}/withdrawal`)).status).toBe(200)
    expect(await stateOf('name')).toMatchObject({ state: 'unchanged', rounds: 1 })
    expect((await officer.ask('POST', '/repairs/lists', { body: { mends: 'roll' } })).body.number).toBe(4)
  })

  test('an older export closes nothing', async () => {
    await giveSheet(services, nanchuan, { kind: 'roll', asOf: '2026-09-01', rows: mended(ROLL, { name: '冉玮' }, 1) })
    await close()
    expect(await stateOf('name')).toMatchObject({ state: 'sent' })
  })

  test('[REP-7] a later wrong export opens an agreed one again', async () => {
    await giveSheet(services, nanchuan, { kind: 'roll', asOf: '2026-11-23', rows: mended(ROLL, { name: '冉玮' }, 1) })
    await close()
    expect(await stateOf('name')).toMatchObject({ state: 'agreed' })
    await giveSheet(services, nanchuan, { kind: 'roll', asOf: '2026-11-24', rows: ROLL })
    await close()
    expect(await stateOf('name')).toMatchObject({ state: 'unchanged', rounds: 2 })
  })
})

test('[REP-9] a repair follows the child of its record through a merge and back', async () => {
  const child = async () => {
    const { body } = await officer.ask('GET', '/repairs')
    return body.rows.find((row: { field: string }) => row.field === 'name').childId as number
  }
  const before = await child()
  const into = (await recordAt(admin, registerBatch, 3)).childId
  await mergeInto(before, into)
  expect(await child()).toBe(into)
  const [merge] = await admin<{ merge_id: string }>('select max(merge_id) as merge_id from child_merge')
  await services.db.asSystem('test.unmerge', (tx) =>
    unmerge(tx, Number(merge!.merge_id), {
      accountId: nanchuan.accountId,
      now: services.clock.now(),
      today: services.clock.today(),
    }),
  )
  expect(await child()).toBe(before)
})

describe('[REP-10] is seen', () => {
  const TABLES = ['repair', 'repair_list', 'repair_list_line', 'repair_round']
  const seenBy = async (login: string) => {
    const { scope } = await house.actor(login)
    return services.db.inScope(scope, async (tx) => {
      const seen: boolean[] = []
      for (const table of TABLES) {
        const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(tx)
        seen.push(rows[0]!.n > 0)
      }
      return seen
    })
  }
  test.each([
    ['by the district of the school', 'nanchuan-officer', [true, true, true, true]],
    ['by the city', 'city-admin', [true, true, true, true]],
    ['by the school, without the list of the district', 'head', [true, false, true, true]],
    ['by no other school', 'head-two', [false, false, false, false]],
    ['by no other district', 'zone-officer', [false, false, false, false]],
    ['by no township', 'town-officer', [false, false, false, false]],
    ['by no village', 'village-officer', [false, false, false, false]],
  ] as const)('%s', async (_, login, seen) => {
    expect(await seenBy(login)).toEqual(seen)
  })

  test('the school decides its own, another does not find it', async () => {
    const reveal = (login: string) =>
      house
        .signIn(login)
        .then((visitor) =>
          visitor.ask('POST', `/repairs/${ids['citizen-id']}/reveal`, { body: { reason: '对照户口簿' } }),
        )
    expect((await reveal('head')).body).toMatchObject({
      register: YUE,
      roll: YUE_SLIP,
      studentNo: 'G500119201601010011',
    })
    expect((await reveal('head-two')).status).toBe(404)
  })
})

test('[REP-11] counts what is to decide, to send, waiting, unchanged and old', async () => {
  const { body } = await officer.ask('GET', '/repairs/counts')
  expect(body.roll).toEqual({
    open: 2,
    toDecide: 0,
    toSend: 2,
    waiting: 0,
    unchanged: 2,
    agreed: 0,
    dismissed: 0,
    old: 2,
  })
  expect((await officer.ask('GET', '/repairs?work=old')).body.total).toBe(2)
  await admin(`update repair set found_day = '2026-09-21'`)
  expect((await officer.ask('GET', '/repairs/counts')).body.roll.old).toBe(0)
})

test('[REP-8] what only an undone sheet said lapses, and lives again when it is found again', async () => {
  await undoSheet(services, nanchuan, rollBatch)
  expect(await stateOf('name')).toMatchObject({ state: 'lapsed' })
  const [newest] = await admin<{ batch_id: string }>(
    `select batch_id from source_batch where kind = 'roll' and undone_at is null order by as_of_day desc limit 1`,
  )
  const { recordId: rollRecord } = await recordAt(admin, Number(newest!.batch_id), 2)
  const { recordId: registerRecord } = await recordAt(admin, registerBatch, 2)
  expect(await record(services, [{ rollRecord, registerRecord }])).toBe(0)
  expect(await stateOf('name')).toMatchObject({ state: 'unchanged', rounds: 2 })
})

test('[REP-9] newer rows with another wrong value replace the older difference', async () => {
  const other = await giveSheet(services, nanchuan, {
    kind: 'roll',
    asOf: '2026-11-25',
    rows: mended(ROLL, { name: '冉炜' }, 1),
  })
  const { recordId: rollRecord, childId: made } = await recordAt(admin, other, 2)
  const { recordId: registerRecord, childId: known } = await recordAt(admin, registerBatch, 2)
  if (made !== known) await mergeInto(made, known)
  expect(await record(services, [{ rollRecord, registerRecord }])).toBe(1)
  expect(await stateOf('name')).toMatchObject({ state: 'lapsed' })
  const open = (await officer.ask('GET', '/repairs?field=name')).body.rows
  expect(open.map(({ state, name }: { state: string; name: string }) => [name, state])).toEqual([['冉炜', 'found']])
})

test('[REP-9] what a check at the door found of one child is the repair that a run has found', async () => {
  const { childId: known } = await recordAt(admin, registerBatch, 2)
  const atTheDoor = (child: number) =>
    services.db.asSystem('test.door', (tx) =>
      recordRepairsOfChild(
        tx,
        services.keys,
        { source: 'check', sourceKey: '17', day: plainDate('2026-11-20') },
        childId(child),
      ),
    )
  expect(await atTheDoor(known)).toBe(0)
  const lone = await giveSheet(services, nanchuan, {
    kind: 'roll',
    asOf: '2026-11-12',
    rows: [{ name: '孤无证', birth: '2016-05-05', at: school, needsRepair: true }],
  })
  // The acceptance of such a check says so once or more often; it stays one repair.
  const { childId: loneChild } = await recordAt(admin, lone, 1)
  for (let told = 0; told < 2; told++) {
    await services.db.asSystem('test.accepted', (tx) =>
      services.outbox.publish(tx, {
        topic: 'check.data-wrong',
        key: `18-${told}`,
        payload: { reportId: 18, childId: loneChild },
      }),
    )
    await services.outbox.deliver()
  }
  const [count] = await admin<{ n: number }>(`select count(*)::int as n from repair where source = 'check'`)
  expect(count?.n).toBe(1)
})
