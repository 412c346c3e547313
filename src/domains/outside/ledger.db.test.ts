import { beforeAll, describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { csv, testPerson } from '../../app/testing/sheets.ts'
import { plantChildren } from '../cases/planted.test.server.ts'
import type { LedgerRow, LedgerSheet } from './ledger-contract.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const zone = await house.signIn('zone-officer')
const city = await house.signIn('city-admin')
const [village = 0] = [...house.town.unitIds].filter(([code]) => /^500119\d{6}$/.test(code)).map(([, id]) => id)

const [one, two, three] = [testPerson(1, '2015-03-01'), testPerson(2, '2015-03-02'), testPerson(3, '2015-03-03')]

async function give(kind: string, rows: readonly (readonly string[])[], visitor = officer): Promise<LedgerSheet> {
  const file = { name: '台账.csv', content: csv(rows.map((row) => [...row])) }
  const answer = await visitor.ask('POST', `/ledgers?kind=${kind}&asOf=2026-07-15`, { file })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body
}
const commit = (sheetId: string, mode = 'whole') =>
  officer.ask('POST', `/ledgers/${sheetId}/commit`, { body: { mode } })
const rowOf = (sheet: LedgerSheet, row: number): LedgerRow => sheet.rows.find((line) => line.row === row)!
const standing = () =>
  house.admin<{ child: number; code: string; from: string; files: number }>(
    `select s.child_id::int as child, a.code, lower(s.valid)::text as from, (select count(*)::int from case_file f where f.child_id = s.child_id and f.open) as files
     from whereabouts_span s join book_account a using (account_id) where s.superseded_by is null and upper_inf(s.valid) order by 1`,
  )

beforeAll(async () => {
  await plantChildren(
    house.services,
    [
      { name: '冉在查', unit: village, account: 'to-verify', birth: '2015-05-05', from: '2026-11-01' },
      { name: '冉双胞', unit: village, account: 'to-verify', birth: '2015-06-06' },
      { name: '冉双胞', unit: village, account: 'to-verify', birth: '2015-06-06' },
      { name: '冉在校', unit: village, account: 'here', birth: '2015-07-07', from: '2026-11-01' },
    ],
    (await house.actor('nanchuan-officer')).accountId,
  )
})

describe('[OUT-20] the dry run of a ledger', () => {
  test('tells what is wrong by row and column, and posts nothing', async () => {
    const before = await standing()
    const sheet = await give('outside', [
      ['学生姓名', '身份证', '出生年月日', '就读区县', '就读学校名称', '证明材料', '开具日期', '有效期'],
      [one.name, one.id, '', '北京市海淀区', '中关村小学', '就读证明', '2026-09-01', '2026-08-01'],
      [
        two.name,
        `${two.id.slice(0, 17)}${two.id[17] === '1' ? '2' : '1'}`,
        '',
        '贵州省',
        '遵义二小',
        '',
        '2026-09-01',
        '',
      ],
      [three.name, three.id, '', '南川区', '第1小学校', '', '2026-09-01', ''],
      ['冉无地', testPerson(34, '2015-03-04').id, '', '某地', '某校', '', '2026-09-01', ''],
      ['冉后日', testPerson(35, '2015-03-05').id, '', '四川省', '成都某校', '', '2026-12-01', ''],
      ['冉坏日', testPerson(36, '2015-03-06').id, '', '四川省', '成都某校', '', '2026年2月30日', ''],
      ['冉旧纸', testPerson(37, '2015-03-07').id, '', '渝中', '某校', '', '2026-02-20', ''],
    ])
    expect(sheet.counts).toMatchObject({ rows: 7, refused: 6, made: 1 })
    const said = (row: number) => rowOf(sheet, row).findings.map(({ heading, reason }) => `${heading}：${reason}`)
    expect(said(2)).toContain('有效期至：要晚于凭据日期')
    expect(said(3)).toContain('出生日期：没有出生日期，也没有能用的身份证号，认不出是哪个孩子')
    expect(said(4)).toContain('就读区县：就读地就是本区县，不属于区外就读')
    expect(said(5)).toContain('就读区县：看不出就读地：本市的写区县，外省的写省')
    expect(said(6)).toContain('凭据日期：不能晚于今天')
    expect(said(7)).toContain('凭据日期：要写成 2026-09-01 这样的日期')
    expect(rowOf(sheet, 8)).toMatchObject({ outcome: 'made', account: 'elsewhere-in-city' })
    expect(said(8)).toContain('凭据日期：凭据已经过期，结转后要重新核查')
    expect(rowOf(sheet, 2).citizenId).toMatch(/^\d{3}\*+\w{4}$/)
    const refused = await commit(sheet.sheetId)
    expect([refused.status, refused.body.code]).toEqual([409, 'LEDGER.REFUSED'])
    expect(await standing()).toEqual(before)
  })

  test('[OUT-21] words of exclusion and of dropping out name their account', async () => {
    const words = ['死亡注销', '公安立案失踪', '专门学校', '服刑人员', '已出国', '户籍迁出', '初中毕业']
    const sheet = await give('closed', [
      ['姓名', '身份证号', '核减原因', '凭据日期'],
      ...words.map((word, at) => [
        `冉核${'甲乙丙丁戊己庚'[at]}`,
        testPerson(50 + at, '2012-03-01').id,
        word,
        '2026-05-01',
      ]),
    ])
    const accounts = words.map((_, at) => rowOf(sheet, at + 2).account)
    expect(accounts).toEqual([
      'died',
      'missing',
      'special-school',
      'custody-schooled',
      'settled-abroad',
      'moved-out',
      'finished',
    ])
  })

  test('a sheet of another kind is told by the columns that it lacks', async () => {
    const answer = await officer.ask('POST', '/ledgers?kind=deferred&asOf=2026-07-15', {
      file: {
        name: '台账.csv',
        content: csv([
          ['姓名', '备注'],
          ['冉某', ''],
        ]),
      },
    })
    expect([answer.status, answer.body.code]).toEqual([422, 'SHEET.UNKNOWN_LAYOUT'])
  })
})

describe('[OUT-23] [OUT-24] rows that speak of children of the books', () => {
  const heads = ['姓名', '出生日期', '就读省', '就读学校', '凭据', '凭据日期']
  test('find them by name and birthday; twins are not guessed at; a newer account stays', async () => {
    const sheet = await give('outside', [
      heads,
      ['冉在查', '2015-05-05', '四川省', '成都一小', '学籍查询回复', '2026-10-20'],
      ['冉双胞', '2015-06-06', '四川省', '成都一小', '学籍查询回复', '2026-10-20'],
      ['冉在校', '2015-07-07', '四川省', '成都一小', '就读证明', '2026-09-20'],
      ['冉在查', '2015-05-05', '四川省', '成都一小', '学籍查询回复', '2026-10-20'],
    ])
    expect(rowOf(sheet, 2)).toMatchObject({ outcome: 'found', from: '2026-11-01' })
    expect(rowOf(sheet, 3).findings).toMatchObject([{ reason: '同名同生日的有 2 个，请补身份证号或监护人姓名' }])
    expect(rowOf(sheet, 4)).toMatchObject({ outcome: 'held', note: expect.stringContaining('比这张凭据新') })
    expect(rowOf(sheet, 5).findings).toMatchObject([{ reason: '和第 2 行是同一个孩子' }])
    const done = await commit(sheet.sheetId, 'good-rows')
    expect(done.body).toMatchObject({ committedAt: expect.any(String), counts: { found: 1, held: 1, refused: 2 } })
    expect(await standing()).toContainEqual(
      expect.objectContaining({ code: 'other-province', from: '2026-11-01', files: 0 }),
    )
    const list = await officer.ask('GET', '/outside?direction=out')
    expect(list.body.rows).toMatchObject([
      { name: '冉在查', host: '四川', state: 'confirmed', proof: 'registry-reply' },
    ])
  })
})

describe('[OUT-26] [CASE-18] a ledger that was a mistake', () => {
  test('is taken back whole: who was known stands as before, who was made leaves the books', async () => {
    const before = await standing()
    const sheet = await give('outside', [
      ['姓名', '身份证号', '监护人', '联系电话', '就读省', '就读学校', '凭据日期'],
      [one.name, one.id, one.guardian, one.phone, '广东', '东莞一小', '2026-09-01'],
    ])
    expect((await commit(sheet.sheetId)).body.counts).toMatchObject({ made: 1 })
    expect(await standing()).toHaveLength(before.length + 1)
    const imports = await officer.ask('GET', '/batches')
    expect(imports.body.rows.filter(({ rowCount }: { rowCount: number }) => rowCount === 1)).toEqual([])
    const short = await officer.ask('POST', `/ledgers/${sheet.sheetId}/undo`, { body: { reason: '错' } })
    expect(short.body.code).toBe('RUN.REASON_NEEDED')
    const undone = await officer.ask('POST', `/ledgers/${sheet.sheetId}/undo`, { body: { reason: '传错了年份的台账' } })
    expect(undone.body).toMatchObject({ undoneAt: expect.any(String) })
    expect(await standing()).toEqual(before)
    expect((await officer.ask('GET', '/outside?direction=out&filter=ended')).body.rows).toMatchObject([
      { name: one.name, state: 'ended' },
    ])
    const again = await officer.ask('POST', `/ledgers/${sheet.sheetId}/undo`, { body: { reason: '传错了年份的台账' } })
    expect(again.body.code).toBe('LEDGER.NOT_POSTED')
  })
})

test('[CASE-16] every row of a ledger rests on a paper of its own day', async () => {
  const sheet = await give('deferred', [
    ['姓名', '身份证号', '批准日期', '到期日期'],
    [two.name, two.id, '2026-08-01', '2027-07-31'],
    [three.name, three.id, '2026-09-02', '2027-08-31'],
  ])
  await commit(sheet.sheetId)
  const papers = await house.admin(
    `select c.confirmed_day::text as day, s.pause_until::text as until from whereabouts_span s join posting p on p.posting_id = s.posted_by
       join evidence_confirmation c using (evidence_id) where p.source = 'ledger' and p.source_key = $1 order by 1`,
    [sheet.sheetId],
  )
  expect(papers).toEqual([
    { day: '2026-08-01', until: '2027-07-31' },
    { day: '2026-09-02', until: '2027-08-31' },
  ])
})

test('[OUT-20] a ledger is seen by the unit that gave it and those above, and no other', async () => {
  const { body } = await officer.ask('GET', '/ledgers')
  const sheetId = body.rows[0].sheetId
  expect((await zone.ask('GET', `/ledgers/${sheetId}`)).status).toBe(404)
  expect((await zone.ask('GET', '/ledgers')).body.rows).toEqual([])
  expect((await city.ask('GET', `/ledgers/${sheetId}`)).body).toMatchObject({ mayUndo: false })
})
