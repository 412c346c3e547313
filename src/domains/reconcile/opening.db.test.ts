import { describe, expect, test } from 'vitest'
import { type Answer, testHouse } from '../../app/testing/house.ts'
import { csv, ended } from '../../app/testing/sheets.ts'
import { addDays, plainDate } from '../../kernel/plain-date.ts'
import { closeDaysUntil } from '../cases/server.ts'
import { entriesByName, giveBatch, type TestRow, testChild } from './books.test.server.ts'

/** Last term's ledgers, the first run after them, and what becomes of them when their papers end. */
const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const nanchuan = await house.actor('nanchuan-officer')
const school = house.town.id('2150000001')
const [village = 0] = [...house.town.unitIds].filter(([code]) => /^500119\d{6}$/.test(code)).map(([, id]) => id)

const birthOf = (n: number) => `2016-03-${String(n).padStart(2, '0')}`
const child = (n: number, name: string): TestRow => ({ ...testChild(21, birthOf(n), name), unitId: village })
const settled = child(1, '冉在黔')
const deferred = child(2, '冉缓学')
const gone = child(3, '冉已故')
const back = child(4, '冉又回')
const open = child(5, '冉辍学')
const unknown = child(6, '冉未见')

async function give(kind: string, rows: readonly (readonly string[])[]): Promise<string> {
  const answer = await officer.ask('POST', `/ledgers?kind=${kind}&asOf=2026-07-15`, {
    file: { name: '台账.csv', content: csv(rows.map((row) => [...row])) },
  })
  expect(answer.body).toMatchObject({ counts: { refused: 0 } })
  return answer.body.sheetId
}
const commit = (sheetId: string): Promise<Answer> =>
  officer.ask('POST', `/ledgers/${sheetId}/commit`, { body: { mode: 'whole' } })

const outside = [
  ['姓名', '身份证号', '就读省', '就读学校', '年级', '凭据', '凭据日期', '有效期至'],
  ['冉在黔', settled.id ?? '', '贵州省', '遵义市第二小学', '四年级', '就读证明', '2026-09-20', '2027-02-28'],
  ['冉又回', back.id ?? '', '广东', '东莞市第一小学', '四年级', '就读证明', '2026-04-10', ''],
]
const sheets = {
  outside: await give('outside', outside),
  deferred: await give('deferred', [
    ['姓名', '身份证号', '批准日期', '到期日期', '缓学原因'],
    ['冉缓学', deferred.id ?? '', '2026-07-01', '2027-06-30', '心脏病'],
  ]),
  closed: await give('closed', [
    ['姓名', '身份证号', '核减类别', '凭据日期'],
    ['冉已故', gone.id ?? '', '死亡', '2026-05-06'],
  ]),
  open: await give('open', [
    ['姓名', '身份证号', '出生日期', '辍学类型', '发现日期', '辍学原因'],
    ['冉辍学', open.id ?? '', '', '辍学', '2026-03-02', '外出务工'],
    ['冉无证', '', birthOf(7), '疑似辍学', '2026-05-20', '厌学'],
  ]),
}
for (const sheetId of Object.values(sheets)) expect((await commit(sheetId)).status).toBe(200)

await giveBatch(house.services, nanchuan, {
  kind: 'population',
  asOf: '2026-10-08',
  rows: [settled, deferred, gone, back, open, unknown],
})
await giveBatch(house.services, nanchuan, {
  kind: 'roll',
  asOf: '2026-10-08',
  rows: [{ ...back, schoolId: school, grade: '四年级', status: '在读' }],
})
const beforeRun = await entriesByName(house)
const { body } = await officer.ask('POST', '/runs/books', { body: {} })
const run = await ended(officer, body.runId, 60)
const afterRun = await entriesByName(house)

describe('[OUT-22] last term’s ledgers before the first run', () => {
  test('stand in the books as old as their papers, with a file where one is owed', () => {
    expect(beforeRun.get('冉在黔')).toMatchObject({
      code: 'other-province',
      from_day: '2026-09-20',
      s: null,
      open_files: 0,
    })
    expect(beforeRun.get('冉缓学')).toMatchObject({ code: 'deferred', pause_until: '2027-06-30' })
    expect(beforeRun.get('冉已故')).toMatchObject({ code: 'died', from_day: '2026-05-06' })
    expect(beforeRun.get('冉辍学')).toMatchObject({ code: 'dropped-out', from_day: '2026-03-02', open_files: 1 })
    expect(beforeRun.get('冉无证')).toMatchObject({ code: 'suspected', open_files: 1 })
  })

  test('stay settled: nobody of them is on the unexplained list of the run', () => {
    expect(run.posting.state).toBe('posted')
    expect(afterRun.get('冉在黔')).toMatchObject({
      code: 'other-province',
      from_day: '2026-09-20',
      r: expect.any(Number),
    })
    expect(afterRun.get('冉缓学')).toMatchObject({ code: 'deferred' })
    expect(afterRun.get('冉已故')).toMatchObject({ code: 'died' })
    expect(afterRun.get('冉辍学')).toMatchObject({ code: 'dropped-out', open_files: 1 })
    expect(afterRun.get('冉未见')).toMatchObject({ code: 'to-verify', open_files: 1 })
  })

  test('give way to a newer roll that shows the child in school', () => {
    expect(afterRun.get('冉又回')).toMatchObject({ code: 'here', s: school, from_day: '2026-10-08' })
  })

  test('[OUT-24] who was made by a ledger is the child that the register names afterwards', async () => {
    const names = [...afterRun.keys()].filter((name) => name === '冉在黔')
    expect(names).toHaveLength(1)
    const [count] = await house.admin<{ n: number }>('select count(*)::int as n from child where merged_into is null')
    expect(count?.n).toBe(7)
  })

  test('[OUT-25] the same sheet twice is told, and stands once', async () => {
    const again = await officer.ask('POST', '/ledgers?kind=outside&asOf=2026-07-15', {
      file: { name: '又一次.csv', content: csv(outside) },
    })
    expect([again.status, again.body.code]).toEqual([409, 'LEDGER.SAME'])
  })
})

describe('[OUT-27] a paper of a ledger ends', () => {
  test('and the child is asked for on that day, not before', async () => {
    let today = plainDate('2027-03-02')
    const clock = { ...house.services.clock, today: () => today }
    const services = { ...house.services, clock }
    await closeDaysUntil(services, plainDate('2027-02-28'))
    expect((await entriesByName(house)).get('冉在黔')).toMatchObject({ code: 'other-province' })
    today = addDays(today, 1)
    await closeDaysUntil(services, plainDate('2027-03-01'))
    expect((await entriesByName(house)).get('冉在黔')).toMatchObject({
      code: 'to-verify',
      from_day: '2027-03-01',
      open_files: 1,
    })
  })
})
