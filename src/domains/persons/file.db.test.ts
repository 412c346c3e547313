import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { type ChildId, childId, unitId } from '../../kernel/ids.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import type { BatchKind } from './kinds.ts'
import { onRoll, recordRow } from './persons.test.server.ts'
import type { NewBatch } from './record.ts'
import { addTie, mergeChildren, retie, storeRecords } from './server.ts'

const house = await testHouse()
const { admin, town, services } = house
const TODAY = services.clock.today()
const DISTRICT = town.id('500119')
const SCHOOL = town.id('2150000001')
const FIRST_ID = '500119201503140012'
let child: ChildId
let twin: ChildId
let numbered: ChildId
const officer = await house.signIn('nanchuan-officer')
const stranger = await house.signIn('zone-officer')

beforeAll(async () => {
  const { accountId } = await house.actor('nanchuan-officer')
  const [{ path }] = (await admin<{ path: number[] }>('select path from unit where unit_id = $1', [DISTRICT])) as [
    { path: number[] },
  ]
  async function* rows() {
    const contact = {
      phones: ['13987654321'],
      address: '重庆市南川区东城街道和平路88号',
      guardians: [{ name: '慕容大山', citizenId: '500119198001010013', phone: '13987654321', relation: '父' }],
    }
    yield [
      recordRow(1, { name: '欧阳小凤', citizenId: FIRST_ID, tags: ['orphan'], roll: onRoll(SCHOOL), ...contact }, null),
      recordRow(2, { name: '欧阳小凤', otherId: '坏号', roll: onRoll(SCHOOL), ...contact }, null),
    ]
  }
  const batch = {
    kind: 'roll' as BatchKind,
    unitId: unitId(DISTRICT),
    units: path,
    asOf: plainDate('2026-11-01'),
    contentKey: randomBytes(32),
    rowsFileId: null,
    accountId,
    now: services.clock.now(),
    today: TODAY,
  }
  const { batchId } = await services.db.asSystem('test', (tx) => storeRecords(tx, services.keys, batch, rows()))
  const found = await admin<{ child_id: string }>(
    'select child_id from source_record where batch_id = $1 order by row',
    [batchId],
  )
  child = childId(Number(found[0]!.child_id))
  twin = childId(Number(found[1]!.child_id))
  numbered = await storeTwice(batch)
})

/** [PERS-12] A child on the roll, with a number there, and in the register, which has none and is what is shown. */
async function storeTwice(batch: NewBatch): Promise<ChildId> {
  const citizenId = '500119201503140020'
  for (const [kind, draft] of [
    ['roll', { studentNo: `G${citizenId}`, roll: onRoll(SCHOOL) }],
    ['population', {}],
  ] as const) {
    async function* rows() {
      yield [recordRow(1, { name: '冉小明', citizenId, ...draft }, kind === 'roll' ? null : DISTRICT)]
    }
    const given = { ...batch, kind, contentKey: randomBytes(32), isPartial: true }
    await services.db.asSystem('test', (tx) => storeRecords(tx, services.keys, given, rows()))
  }
  const [found] = await admin<{ child_id: string }>('select max(child_id) as child_id from child')
  return childId(Number(found!.child_id))
}

const lines = () =>
  admin<{ kind: string; action: string; target: string; reason: string | null; outcome: string }>(
    `select kind, action, target, reason, outcome from audit_event where target like 'child:%' order by audit_id`,
  )

describe('[PERS-14] reading a file', () => {
  test('a reason is typed first, holds for twelve hours, and everything is logged', async () => {
    const refused = await officer.ask('GET', `/children/${child}`)
    expect([refused.status, refused.body.code]).toEqual([422, 'CHILD.REASON_NEEDED'])
    expect((await officer.ask('POST', `/children/${child}/open`, { body: { reason: '看' } })).body.code).toBe(
      'CHILD.REASON_NEEDED',
    )
    const numbered = { reason: '核对学籍 13912345678' }
    expect((await officer.ask('POST', `/children/${child}/open`, { body: numbered })).body.code).toBe(
      'REQUEST.REASON_NUMBER',
    )
    const opened = await officer.ask('POST', `/children/${child}/open`, { body: { reason: '核对学籍 第 1234567 号' } })
    expect(opened.status).toBe(200)
    expect((await officer.ask('GET', `/children/${child}`)).status).toBe(200)
    expect((await officer.ask('GET', `/children/${twin}`)).status).toBe(422)
    expect(await lines()).toEqual([
      {
        kind: 'read',
        action: 'child.read-file',
        target: `child:${child}`,
        reason: null,
        outcome: 'CHILD.REASON_NEEDED',
      },
      { kind: 'write', action: 'child.open', target: `child:${child}`, reason: null, outcome: 'CHILD.REASON_NEEDED' },
      { kind: 'write', action: 'child.open', target: `child:${child}`, reason: null, outcome: 'REQUEST.REASON_NUMBER' },
      { kind: 'read', action: 'child.open', target: `child:${child}`, reason: '核对学籍 第 … 号', outcome: 'ok' },
      { kind: 'read', action: 'child.read-file', target: `child:${child}`, reason: null, outcome: 'ok' },
      {
        kind: 'read',
        action: 'child.read-file',
        target: `child:${twin}`,
        reason: null,
        outcome: 'CHILD.REASON_NEEDED',
      },
    ])
  })

  test('the reason of another officer, or of yesterday, is none', async () => {
    const head = await house.signIn('head')
    expect((await head.ask('GET', `/children/${child}`)).body.code).toBe('CHILD.REASON_NEEDED')
    const { accountId } = await house.actor('teacher')
    await admin(
      `insert into audit_event (at, kind, action, account_id, unit_id, units, target, outcome)
       select now() - interval '13 hours', 'read', 'child.open', $1, unit_id, path, $2, 'ok' from unit where unit_id = $3`,
      [accountId, `child:${child}`, SCHOOL],
    )
    const teacher = await house.signIn('teacher')
    expect((await teacher.ask('GET', `/children/${child}`)).body.code).toBe('CHILD.REASON_NEEDED')
  })

  test('who answers for the open file needs no reason', async () => {
    const teacher = await house.signIn('teacher')
    expect((await teacher.ask('GET', `/children/${twin}`)).body.code).toBe('CHILD.REASON_NEEDED')
    await services.db.asSystem('test', async (tx) => {
      await addTie(tx, { childId: twin, kind: 'answers', unitId: unitId(SCHOOL), from: TODAY, source: 'case' })
      await retie(tx, [twin], TODAY)
    })
    expect((await teacher.ask('GET', `/children/${twin}`)).status).toBe(200)
  })

  test('without a tie the child is not found, whatever reason is typed', async () => {
    expect((await stranger.ask('GET', `/children/${child}`)).status).toBe(404)
    expect((await stranger.ask('POST', `/children/${child}/open`, { body: { reason: '我就想看看' } })).status).toBe(404)
    expect((await stranger.ask('GET', '/children/999999')).status).toBe(404)
  })
})

describe('what the file holds', () => {
  test('masked facts, places, groups, rows and siblings', async () => {
    const { body } = await officer.ask('POST', `/children/${child}/open`, { body: { reason: '核对学籍信息' } })
    expect(body).toMatchObject({
      childId: child,
      identity: { name: '欧阳小凤', citizenId: '500***********0012' },
      contact: { phones: ['139****4321'], address: expect.stringContaining('***'), guardians: [{ name: '慕***' }] },
      isCallable: true,
      needsRepair: false,
      ties: [{ kind: 'roll', unitId: SCHOOL, from: '2026-11-01', until: null }],
      tags: [{ code: 'orphan', label: '孤儿', isSensitive: true }],
      sources: [
        { kind: 'roll', asOf: '2026-11-01', row: 1, roll: { grade: 5, className: '1', statusGroup: 'in-school' } },
      ],
      siblings: [{ childId: twin, name: '欧阳小凤' }],
    })
    expect(JSON.stringify(body)).not.toMatch(/13987654321|500119201503140012|和平路/)
  })

  test('a unit below the giver sees where the rows come from', async () => {
    const head = await house.signIn('head')
    const { body } = await head.ask('POST', `/children/${child}/open`, { body: { reason: '核对学籍信息' } })
    expect(body.sources).toHaveLength(1)
  })

  test('a merged child is the one it has become', async () => {
    const merged = await services.db.asSystem('test', (tx) =>
      mergeChildren(tx, [{ from: twin, into: child, grounds: null }], {
        source: 'officer',
        sourceKey: '1',
        now: services.clock.now(),
        today: TODAY,
      }),
    )
    expect(merged).toBe(1)
    const city = await house.signIn('city-inspector')
    const { body } = await city.ask('POST', `/children/${twin}/open`, { body: { reason: '督查抽看' } })
    expect([body.childId, body.sources.length, body.merges[0].fromChildId]).toEqual([child, 2, twin])
  })
})

describe('[PERS-15] revealing', () => {
  test('only what was asked for, with a reason that is logged', async () => {
    const path = `/children/${child}/reveal`
    expect((await officer.ask('POST', path, { body: { reason: '', fields: ['id'] } })).body.code).toBe(
      'CHILD.REASON_NEEDED',
    )
    const { body } = await officer.ask('POST', path, { body: { reason: '上门核查', fields: ['phone'] } })
    expect(body).toMatchObject({
      identity: { citizenId: '500***********0012' },
      contact: { phones: ['13987654321'], guardians: [{ name: '慕容大山', phone: '13987654321' }] },
    })
    expect(body.contact.address).toContain('***')
    const all = await officer.ask('POST', path, { body: { reason: '上门核查', fields: ['id', 'address'] } })
    expect(all.body).toMatchObject({
      identity: { citizenId: FIRST_ID },
      contact: { phones: ['139****4321'], address: '重庆市南川区东城街道和平路88号' },
    })
    expect((await lines()).filter(({ action, outcome }) => action === 'child.reveal' && outcome === 'ok')).toEqual([
      { kind: 'reveal', action: 'child.reveal', target: `child:${child}`, reason: '上门核查', outcome: 'ok' },
      { kind: 'reveal', action: 'child.reveal', target: `child:${child}`, reason: '上门核查', outcome: 'ok' },
    ])
    expect((await stranger.ask('POST', path, { body: { reason: '上门核查', fields: ['id'] } })).status).toBe(404)
  })

  test('[PERS-12] the student number of the roll stands beside what the register says, before and after', async () => {
    const opened = await officer.ask('POST', `/children/${numbered}/open`, { body: { reason: '核对学籍信息' } })
    expect(opened.body.sources).toHaveLength(2)
    expect(opened.body.identity.studentNo).toMatch(/^G5\S*\*+\S*$/)
    const { body } = await officer.ask('POST', `/children/${numbered}/reveal`, {
      body: { reason: '核对学籍信息', fields: ['id'] },
    })
    expect(body.identity).toMatchObject({
      citizenId: '500119201503140020',
      studentNo: opened.body.identity.studentNo,
    })
  })

  test('a child that the books hold for dead or missing is called by nobody', async () => {
    const { personsCommands } = await import('./commands.ts')
    const commands = personsCommands(services, { isCallable: async () => false })
    const actor = await house.actor('nanchuan-officer')
    const audit = { note: () => {}, record: async () => {} }
    const asker = { actor, audit }
    const file = await commands.openFile(asker, child, '核对学籍信息')
    expect(file.isCallable).toBe(false)
    const revealed = await commands.reveal(asker, child, { reason: '核对学籍信息', fields: ['phone', 'id'] })
    expect([revealed.isCallable, revealed.contact?.phones, revealed.identity?.citizenId]).toEqual([
      false,
      ['139****4321'],
      FIRST_ID,
    ])
  })
})
