import { describe, expect, test } from 'vitest'
import { type TestHouse, testHouse, type Visitor } from '../../app/testing/house.ts'
import {
  csv,
  findInDatabase,
  populationRows,
  rollRows,
  secretsOf,
  type TestPerson,
  testPerson,
  xlsx,
} from '../../app/testing/sheets.ts'
import { temporaryFolder } from '../../platform/testing/folder.ts'
import type { ImportSheet } from './contract.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const head = await house.signIn('head')
const folder = await temporaryFolder()

type Table = readonly (readonly string[])[]

const people = Array.from({ length: 8 }, (_, n) => testPerson(n, `2016-0${1 + n}-1${n}`))
const [first, second, third, stranger, noNumber] = people as [
  TestPerson,
  TestPerson,
  TestPerson,
  TestPerson,
  TestPerson,
]
const known = [first, second, third, noNumber]
await stored(officer, 'population', populationRows(known.map((person) => ({ person }))))
await stored(
  officer,
  'roll',
  rollRows(known.map((person) => ({ person, grade: '四年级' }))).map((row, n) =>
    n === 0 ? row : row.map((cell) => (cell === '南川区第一小学校' ? '第1小学校' : cell)),
  ),
)

async function settled(visitor: Visitor, sheetId: string): Promise<ImportSheet> {
  for (let tries = 0; tries < 400; tries += 1) {
    const { body } = await visitor.ask('GET', `/imports/${sheetId}`)
    if (body.state !== 'checking' && body.state !== 'committing') return body
    await new Promise((resume) => setTimeout(resume, 50))
  }
  throw new Error('did not end')
}

async function checked(visitor: Visitor, kind: string, rows: Table, name = 'a.csv'): Promise<ImportSheet> {
  const content = name.endsWith('.xlsx') ? await xlsx(rows, folder) : csv(rows)
  const answer = await visitor.ask('POST', `/imports?kind=${kind}&asOf=2026-11-10`, { file: { name, content } })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  await visitor.ask('POST', `/imports/${answer.body.sheetId}/check`)
  return settled(visitor, answer.body.sheetId)
}

async function stored(visitor: Visitor, kind: string, rows: Table, name = 'a.csv'): Promise<ImportSheet> {
  const sheet = await checked(visitor, kind, rows, name)
  const asked = await visitor.ask('POST', `/imports/${sheet.sheetId}/commit`, { body: { mode: 'good-rows' } })
  if (asked.status !== 200) throw new Error(JSON.stringify(asked.body))
  const done = await settled(visitor, sheet.sheetId)
  if (done.state !== 'committed') throw new Error(JSON.stringify(done.problem))
  return done
}

async function childOf({ admin }: Pick<TestHouse, 'admin'>, batchId: number | null, row: number): Promise<number> {
  const [found] = await admin<{ child_id: string }>(
    'select child_id from source_record where batch_id = $1 and row = $2',
    [batchId, row],
  )
  return Number(found?.child_id)
}

const CLASS_HEADS = [
  '学校名称',
  '年级',
  '班级',
  '学生姓名',
  '身份证号',
  '学籍主号',
  '是否在校',
  '连续缺勤天数',
  '休学中',
]

describe('[ROST-1] a list of a class', () => {
  test('a school gives its own in a workbook; who is there, with leave, absent and for how long is kept beside the class', async () => {
    const rows = [
      CLASS_HEADS,
      ['', '四年级', '1班', first.name, first.id, '', '在校', '', ''],
      ['', '四年级', '1班', second.name, second.id, '', '未到校', '12天', ''],
      ['', '四年级', '1班', third.name, third.id, '', '', '', '是'],
      ['', '四年级', '1班', noNumber.name, '', `G${noNumber.id}`, '说不清', '', ''],
    ]
    const sheet = await stored(head, 'attendance', rows, '花名册.xlsx')
    expect(sheet.report).toMatchObject({
      rows: 4,
      goodRows: 4,
      repairRows: 1,
      effect: { newChildren: 0 },
      covers: [{ name: '第1小学校', rows: 4 }],
    })
    expect(sheet.report?.counts.map(({ code }) => code)).toContain('presence-unread')
    const marks = await house.admin<{ mark: string; absent_days: number | null }>(
      'select p.mark, p.absent_days from class_presence p join source_record r using (record_id) where r.batch_id = $1 order by r.row',
      [sheet.batchId],
    )
    expect(marks).toEqual([
      { mark: 'present', absent_days: null },
      { mark: 'absent', absent_days: 12 },
      { mark: 'leave', absent_days: null },
      { mark: 'unclear', absent_days: null },
    ])
    const ties = await house.admin('select 1 from tie where child_id = $1 and kind = $2 and upper_inf(valid)', [
      await childOf(house, sheet.batchId, 1),
      'school',
    ])
    expect(ties).toHaveLength(1)
  })

  test('[ROST-2] names of nobody, without number, birthday or student number, are refused with what is missing', async () => {
    const sheet = await checked(head, 'attendance', [
      CLASS_HEADS,
      ['', '四年级', '1班', '某某', '', '', '在校', '', ''],
    ])
    expect(sheet.report).toMatchObject({ rows: 1, refusedRows: 1 })
  })
})

const POVERTY_HEADS = [
  '区县',
  '镇街',
  '村社区',
  '户编号',
  '姓名',
  '证件号',
  '出生日期',
  '与户主关系',
  '户主',
  '户类型',
  '在校生状况',
]
const at = ['南川区', '东城街道', '']

function povertyRows(): Table {
  const line = (no: string, name: string, id: string, birth: string, relation: string, kind: string) => [
    ...at,
    no,
    name,
    id,
    birth,
    relation,
    first.guardian,
    kind,
    '',
  ]
  return [
    POVERTY_HEADS,
    line('8801', first.guardian, '', '1980-02-03', '户主', '脱贫户'),
    line('8801', first.name, first.id, first.birth, '之子', '脱贫户'),
    line('8801', '别名小', second.id, second.birth, '之女', '边缘易致贫户'),
    line('8802', noNumber.name, '', noNumber.birth, '之子', '脱贫不稳定户'),
    line('8803', stranger.name, stranger.id, stranger.birth, '之子', '脱贫户'),
    line('8803', '婴小小', '', '2025-01-01', '之女', '脱贫户'),
  ]
}

describe('[ROST-4] [ROST-6] [ROST-7] a list of households', () => {
  test('finds its children by number whatever the name, else by name and birthday; who is grown is counted and left', async () => {
    const sheet = await stored(officer, 'poverty', povertyRows())
    expect(sheet.report).toMatchObject({
      rows: 6,
      refusedRows: 0,
      asideRows: 2,
      goodRows: 4,
      effect: { newChildren: 1, changed: 3, unchanged: 0, repeats: 0 },
    })
    expect(sheet.report?.notes.map(({ code }) => code)).toContain('left-aside')
    const [batch] = await house.admin(
      'select row_count, stored_count, aside_count from source_batch where batch_id = $1',
      [sheet.batchId],
    )
    expect(batch).toEqual({ row_count: 6, stored_count: 4, aside_count: 2 })
    const registered = await house.admin<{ row: number }>(
      `select r.row from source_record r where r.batch_id = $1 and exists (select from source_record o join source_batch b using (batch_id)
         where o.child_id = r.child_id and b.kind = 'population') order by r.row`,
      [sheet.batchId],
    )
    expect(registered.map(({ row }) => row)).toEqual([2, 3, 4])
    expect(await house.admin('select 1 from source_record where batch_id = $1 and shares_id', [sheet.batchId])).toEqual(
      [],
    )
    const stray = await childOf(house, sheet.batchId, 5)
    expect(
      await house.admin('select 1 from child where child_id = $1 and made_by = $2', [stray, sheet.batchId]),
    ).toHaveLength(1)
    const file = await officer.ask('POST', `/children/${stray}/open`, { body: { reason: '核对脱贫户名单' } })
    expect(file.body.tags?.map(({ code }: { code: string }) => code)).toEqual(['out-of-poverty'])
    expect(await findInDatabase(house, secretsOf(stranger).slice(0, 2))).toEqual([])
  })

  test('[ROST-5] a newer list of the district speaks instead of the old one; undone, the old one speaks again', async () => {
    const tags = async () => {
      const [row] = await house.admin<{ child_id: string }>(
        `select r.child_id from source_record r join source_batch b using (batch_id) where b.kind = 'poverty' and r.row = 5 limit 1`,
      )
      const answer = await officer.ask('POST', `/children/${row!.child_id}/open`, {
        body: { reason: '核对脱贫户名单' },
      })
      return (answer.body.tags ?? []).map(({ code }: { code: string }) => code)
    }
    const rows = povertyRows().filter((row) => row[3] !== '8803')
    const content = csv(rows)
    const given = await officer.ask('POST', '/imports?kind=poverty&asOf=2026-11-15', {
      file: { name: 'b.csv', content },
    })
    await officer.ask('POST', `/imports/${given.body.sheetId}/check`)
    await settled(officer, given.body.sheetId)
    await officer.ask('POST', `/imports/${given.body.sheetId}/commit`, { body: { mode: 'whole' } })
    const { batchId } = await settled(officer, given.body.sheetId)
    expect(await tags()).toEqual([])
    await officer.ask('POST', `/batches/${batchId}/undo`, { body: { reason: '给错了名单' } })
    for (let tries = 0; tries < 200; tries += 1) {
      if ((await officer.ask('GET', `/batches/${batchId}`)).body.undo === null) break
      await new Promise((resume) => setTimeout(resume, 50))
    }
    expect(await tags()).toEqual(['out-of-poverty'])
  })

  test('[IMP-22] a list of households given as a register is told before it is stored', async () => {
    const heads = [...POVERTY_HEADS, '人编号', '失学或辍学原因', '健康状况', '风险是否消除']
    const sheet = await checked(officer, 'population', [
      heads,
      ...povertyRows()
        .slice(1)
        .map((row) => [...row, '', '', '', '']),
    ])
    expect(sheet.otherKind).toMatchObject({ kind: 'poverty' })
  })

  test('[IMP-3] a school gives no list of households', async () => {
    const answer = await head.ask('POST', '/imports?kind=poverty', {
      file: { name: 'a.csv', content: csv(povertyRows()) },
    })
    expect(answer.body.code).toBe('IMPORT.KIND_NOT_HERE')
  })
})
