import { describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { ended } from '../../app/testing/sheets.ts'
import { childId, unitId } from '../../kernel/ids.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { openAndPost } from '../cases/server.ts'
import { unmerge } from '../persons/server.ts'
import type { AccountCode } from '../whereabouts/index.ts'
import { makeEvidence, stage } from '../whereabouts/server.ts'
import { entriesByName, giveBatch, type TestRow, testChild } from './books.test.server.ts'
import { idOf } from './pipeline-testing.server.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const nanchuan = await house.actor('nanchuan-officer')
const first = house.town.id('2150000001')
const second = house.town.id('2150000002')
const [village = 0] = [...house.town.unitIds].filter(([code]) => /^500119\d{6}$/.test(code)).map(([, id]) => id)

const birthOf = (n: number) => `2016-02-${String(n).padStart(2, '0')}`
const registered = (n: number, name: string, cells: TestRow['cells'] = {}): TestRow => ({
  ...testChild(11, birthOf(n), name),
  unitId: village,
  cells,
})
const onRoll = (n: number, name: string, more: Partial<TestRow> = {}): TestRow => ({
  ...testChild(11, birthOf(n), name),
  schoolId: first,
  grade: '四年级',
  status: '在读',
  ...more,
})
const home = { guardian1Name: '王父', guardian1CitizenId: idOf('19850101', 1), phone: '13900001111' }
const noId = (n: number, name: string): TestRow => ({
  name,
  birth: birthOf(n),
  schoolId: second,
  grade: '四年级',
  status: '在读',
  cells: {
    sex: '男',
    guardian1Name: home.guardian1Name,
    guardian1CitizenId: home.guardian1CitizenId,
    guardian1Phone: home.phone,
  },
})
const twins = [
  { ...testChild(11, birthOf(20), '王子轩'), unitId: village, cells: home },
  { ...testChild(13, birthOf(20), '王子昂'), unitId: village, cells: home },
]

const give = (kind: 'population' | 'roll' | 'floating', asOf: string, rows: readonly TestRow[]) =>
  giveBatch(house.services, nanchuan, { kind, asOf, rows })
const run = async () => {
  const { body } = await officer.ask('POST', '/runs/books', { body: {} })
  return ended(officer, body.runId, 60)
}

/** What an officer found out, from a day on. */
async function postAs(name: string, account: AccountCode, from: string): Promise<void> {
  const entry = (await entriesByName(house)).get(name)!
  await house.services.db.asSystem('test.entry', async (tx) => {
    const evidenceId = await makeEvidence(tx, 'certificate')
    const registeredAt = unitId(village)
    await stage(tx, [
      {
        childId: childId(entry.child),
        from: plainDate(from),
        account,
        registered: registeredAt,
        living: registeredAt,
        evidenceId,
      },
    ])
    const draft = { source: 'case', sourceKey: 'test', authorId: nanchuan.accountId } as const
    await openAndPost(tx, draft, plainDate('2026-11-20'))
  })
}

await give('population', '2026-09-10', [
  registered(1, '甲稳'),
  registered(2, '乙亡'),
  registered(3, '丙失籍在册'),
  registered(4, '丁两失'),
  registered(5, '戊离册'),
  registered(6, '己有证明'),
  registered(7, '庚归来'),
  registered(8, '辛失踪'),
  registered(9, '壬证坏', home),
  registered(10, '癸死而在册'),
  ...twins,
])
await give('roll', '2026-09-10', [
  ...[1, 2, 3, 4, 5].map((n) => onRoll(n, ['甲稳', '乙亡', '丙失籍在册', '丁两失', '戊离册'][n - 1]!)),
  noId(9, '壬证坏'),
  noId(20, '王子昂'),
])
const opening = await run()
const afterOpening = await entriesByName(house)

const [taken] = await house.admin<{ merge_id: number }>('select merge_id::int from child_merge where into_child = $1', [
  afterOpening.get('壬证坏')?.child,
])
await house.services.db.asSystem('test.unmerge', (tx) =>
  unmerge(tx, taken!.merge_id, {
    accountId: nanchuan.accountId,
    now: house.services.clock.now(),
    today: house.services.clock.today(),
  }),
)
await give('roll', '2026-09-11', [
  ...[1, 2, 3, 4, 5].map((n) => onRoll(n, ['甲稳', '乙亡', '丙失籍在册', '丁两失', '戊离册'][n - 1]!)),
  noId(9, '壬证坏'),
  noId(20, '王子昂'),
])
const apart = await run()

await postAs('己有证明', 'other-province', '2026-10-01')
await postAs('庚归来', 'other-province', '2026-10-01')
await postAs('辛失踪', 'missing', '2026-10-01')
await postAs('癸死而在册', 'died', '2026-10-01')
await give('population', '2026-11-10', [
  registered(1, '甲稳'),
  registered(2, '乙亡', { cancelled: '是', cancelReason: '死亡' }),
  registered(5, '戊离册'),
  registered(6, '己有证明'),
  registered(7, '庚归来'),
  registered(8, '辛失踪'),
  registered(9, '壬证坏', home),
  registered(10, '癸死而在册'),
  ...twins,
])
await give('roll', '2026-11-10', [
  onRoll(1, '甲稳', { schoolId: second }),
  onRoll(3, '丙失籍在册'),
  onRoll(7, '庚归来'),
  onRoll(10, '癸死而在册'),
  noId(20, '王子昂'),
])
await give('floating', '2026-11-10', [
  { ...testChild(11, '2016-03-01', '子流动'), id: idOf('20160301', 11, '510104'), unitId: village },
  { ...testChild(11, '2016-03-02', '丑流动在读'), id: idOf('20160302', 11, '510104'), unitId: village },
])
await give('roll', '2026-11-11', [
  onRoll(1, '甲稳', { schoolId: second }),
  onRoll(3, '丙失籍在册'),
  onRoll(7, '庚归来'),
  onRoll(10, '癸死而在册'),
  noId(20, '王子昂'),
  { ...onRoll(1, '丑流动在读'), id: idOf('20160302', 11, '510104') },
])
const november = await run()
const after = await entriesByName(house)

test('[POST-12] twins of one household stay two children, whatever the roll lacks', () => {
  expect(opening).toMatchObject({ state: 'done', posting: { merged: 2 } })
  expect(afterOpening.get('王子昂')?.child).not.toBe(afterOpening.get('王子轩')?.child)
  expect(afterOpening.get('王子昂')).toMatchObject({ code: 'here', s: second })
  expect(afterOpening.get('王子轩')).toMatchObject({ code: 'to-verify' })
})

test('[POST-12] what an officer took apart is not put together again', () => {
  expect(apart.posting).toMatchObject({ state: 'posted', merged: 0 })
})

describe('[POST-13] the next extracts', () => {
  test.each([
    ['at another school here', '甲稳', 'here', { s: second, from_day: '2026-11-11' }],
    ['[POST-4] cancelled: closed by its reason', '乙亡', 'died', { open_files: 0 }],
    ['[POST-5] no longer registered, still on the roll', '丙失籍在册', 'roll-no-registration', { r: null, s: first }],
    ['[POST-5] gone from both', '丁两失', 'to-verify', { r: village, open_files: 1 }],
    ['off the roll', '戊离册', 'to-verify', { s: null, open_files: 1 }],
    ['[POST-7] a paper outlives a sheet that did not find the child', '己有证明', 'other-province', {}],
    ['[POST-7] a newer roll proves presence', '庚归来', 'here', { s: first }],
    ['[POST-7] 失踪 says more than 待核', '辛失踪', 'missing', { open_files: 1 }],
    ['[POST-7] a roll against closing evidence', '癸死而在册', 'conflict', { open_files: 1 }],
    ['[POST-15] lives here, registered nowhere we know', '子流动', 'to-verify', { r: null, p: village }],
    ['[POST-15] lives here and is on the roll', '丑流动在读', 'here', { r: null, p: village, s: first }],
  ] as const)('%s', (_, name, account, more) => {
    expect(after.get(name)).toMatchObject({ code: account, ...more })
  })

  test('[POST-18] who only lives here stands in no bridge', async () => {
    const [bridge] = await house.admin(
      'select received, persons, cancelled, carried from book_bridge where source_key = $1',
      [november.runId],
    )
    expect(bridge).toMatchObject({ received: 10, persons: 10, cancelled: 0, carried: 1 })
    expect(november.summary).toMatchObject({ populationRows: 10, balances: true })
  })

  test('[POST-16] an older extract posts nothing over newer entries', async () => {
    const stood = await entriesByName(house)
    await give('population', '2026-10-15', [registered(1, '甲稳')])
    expect((await run()).posting).toMatchObject({ posted: 0 })
    expect(await entriesByName(house)).toEqual(stood)
  })

  test('[POST-18] who stands on a line that could not be read is carried over, and the bridge closes', async () => {
    const names = ['甲稳', '乙亡', '戊离册', '己有证明', '庚归来', '辛失踪']
    await give('population', '2026-11-12', [
      ...names.map((name, at) => ({ ...registered([1, 2, 5, 6, 7, 8][at]!, name), refused: name === '己有证明' })),
      ...twins,
    ])
    const { runId } = await run()
    const [bridge] = await house.admin<{ persons: number; carried: number; day: string }>(
      'select received, errors, persons, carried, as_of_day::text as day from book_bridge where source_key = $1',
      [runId],
    )
    expect(bridge).toMatchObject({ received: 8, errors: 1, persons: 7 })
    const [movements] = await house.admin<{ n: number }>(
      `select sum(n)::int as n from balance_movement where base = 'R' and level = 'district' and unit_id = $1
         and account_id < 500 and day <= $2`,
      [nanchuan.unitId, bridge!.day],
    )
    expect(bridge!.persons + bridge!.carried).toBe(movements!.n)
    expect(bridge!.carried).toBeGreaterThan(0)
    expect((await entriesByName(house)).get('己有证明')).toMatchObject({ code: 'other-province', r: village })
  })

  test('[RUN-18] what differs from the run before is told by content', () => {
    expect(november.previous.inputs).toEqual([
      { kind: 'population', isSame: false, rows: 10, rowsBefore: 12 },
      { kind: 'floating', isSame: false, rows: 2, rowsBefore: 0 },
      { kind: 'roll', isSame: false, rows: 6, rowsBefore: 7 },
    ])
  })

  test('[RUN-21] a run whose batch was undone says that it was reversed', async () => {
    await house.admin('update source_batch set undone_at = now(), undone_by = account_id where batch_id = $1', [
      november.inputs[0].batchId,
    ])
    const { body } = await officer.ask('GET', `/runs/${november.runId}`)
    expect(body.posting.state).toBe('reversed')
  })

  test('[RUN-20] a run that posts is not cancelled', async () => {
    await house.admin(
      `update reconcile_run set state = 'running', summary = null, ended_at = null, posting = posting || '{"state": "posting"}'
       where run_id = $1`,
      [november.runId],
    )
    const { body } = await officer.ask('GET', `/runs/${november.runId}`)
    expect(body).toMatchObject({ state: 'running', mayCancel: false })
    const answer = await officer.ask('POST', `/runs/${november.runId}/cancel`)
    expect([answer.status, answer.body.code]).toEqual([409, 'RUN.POSTING'])
  })
})
