import { readXlsx } from 'hucre/xlsx'
import { describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { giveList, type Line, plantPupils } from './lists.test.server.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const townOfficer = await house.signIn('town-officer')
const DISTRICT = house.town.id('500119')
const ONE = house.town.id('2150000001')
const [village] = await house.admin<{ unit_id: number; parent_id: number }>(
  `select p.unit_id, u.parent_id from post p join unit u using (unit_id) where p.role_id = 'village-officer'`,
)
const GUARDIAN = { name: '佘望山', citizenId: '500119198001010033', phone: '13987650001', relation: '父亲' }
const line = (n: number, name: string, more: Partial<Line> = {}): Line => ({
  name,
  citizenId: `5001192016050503${10 + n}`,
  unitId: village!.unit_id,
  guardians: [GUARDIAN],
  address: '重庆市南川区东城街道翠竹巷17号',
  ...more,
})
await plantPupils(house, { giver: DISTRICT, unit: village!.unit_id }, [
  { ...line(0, '在甲'), account: 'here', school: ONE },
  { ...line(1, '疑乙'), account: 'suspected', school: ONE },
  { ...line(2, '辍丙'), account: 'dropped-out' },
])
/** Six on or before 31 August 2027; the last one a day later. */
const young = (n: number, name: string, birth: string): Line => ({ ...line(n, name), birth: plainDate(birth) })
await giveList(house, { kind: 'population', giver: DISTRICT, asOf: '2026-11-02', isPartial: true }, [
  young(4, '到龄甲', '2021-08-31'),
  young(5, '到龄乙', '2020-09-01'),
  young(6, '未到丙', '2021-09-01'),
])
await giveList(house, { kind: 'floating', giver: DISTRICT, asOf: '2026-11-02', isPartial: true }, [
  young(7, '随迁丁', '2021-03-03'),
])
await giveList(house, { kind: 'roll', giver: ONE, asOf: '2026-11-03', isPartial: true }, [
  { ...young(5, '到龄乙', '2020-09-01'), unitId: null, school: ONE, grade: 1 },
])

async function sheetsOf(path: string, body: object) {
  const answer = await officer.ask('POST', path, { body })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  const { sheets } = await readXlsx(answer.bytes)
  const [list, stamp] = sheets
  const [heads = [], ...rows] = list!.rows
  return {
    name: list!.name,
    heads: heads.map(String),
    rows: rows.map((row) => Object.fromEntries(heads.map((head, at) => [String(head), row[at]]))),
    stamp: stamp!.rows.flat().join(' '),
  }
}

describe('[ROST-18] before the term', () => {
  test('who is six by 31 August, of the register and of the floating apart, and who is on a roll already', async () => {
    const { body } = await townOfficer.ask('GET', '/rosters/term')
    expect(body).toMatchObject({ year: 2027, from: '2020-09-01', until: '2021-08-31', mayExport: false })
    const told = body.rows.map((row: { name: string; base: string; state: string }) => [row.name, row.base, row.state])
    expect(told.sort()).toEqual(
      [
        ['到龄甲', 'registered', 'none'],
        ['到龄乙', 'registered', 'enrolled'],
        ['随迁丁', 'migrant', 'none'],
      ].sort(),
    )
    expect(body.places).toEqual([expect.objectContaining({ registered: 2, migrant: 1, none: 2 })])
    const some = await townOfficer.ask('GET', '/rosters/term?base=migrant')
    expect([some.body.total, some.body.rows.length]).toEqual([1, 1])
  })

  test('the list for 告知入学 has numbers and addresses in full, for a purpose that is kept', async () => {
    const { rows, stamp } = await sheetsOf('/rosters/term/workbook', { reason: '入学告知上门用' })
    expect(rows.find((row) => row['姓名'] === '到龄甲')).toMatchObject({
      身份证号: '500119201605050314',
      监护人: '佘望山',
      详细住址: '重庆市南川区东城街道翠竹巷17号',
      签收人: null,
    })
    expect(stamp).toContain('入学告知上门用')
    const [kept] = await house.admin<{ reason: string; kind: string }>(
      `select reason, kind from audit_event where action = 'roster.term-workbook' and outcome = 'ok'`,
    )
    expect(kept).toEqual({ reason: '入学告知上门用', kind: 'export' })
    expect(
      (await townOfficer.ask('POST', '/rosters/term/workbook', { body: { reason: '入学告知上门用' } })).status,
    ).toBe(403)
  })
})

describe('[ROST-20] the three ledgers', () => {
  test('each has its children and the columns of the notice; what we do not hold is an empty column', async () => {
    const all = await sheetsOf('/rosters/ledgers/of-age', { reason: '季度复核用' })
    expect(all.name).toBe('适龄儿童台账')
    expect(all.heads).toHaveLength(40)
    expect(all.rows.map((row) => row['姓名']).sort()).toEqual(['在甲', '疑乙', '辍丙'].sort())
    const suspected = await sheetsOf('/rosters/ledgers/suspected', { reason: '季度复核用' })
    expect(suspected.heads).toEqual(
      expect.arrayContaining(['发现日期', '连续缺勤天数', '包保责任人(七长各一)', '审核人']),
    )
    expect(suspected.rows).toHaveLength(1)
    expect(suspected.rows[0]).toMatchObject({
      姓名: '疑乙',
      身份证号: '500119201605050311',
      '辍学类型(失学/疑似/辍学)': '疑似辍学',
      监护人身份证号: GUARDIAN.citizenId,
      未就学原因: null,
    })
    const out = await sheetsOf('/rosters/ledgers/out', { reason: '季度复核用' })
    expect(out.rows.map((row) => row['姓名'])).toEqual(['辍丙'])
  })

  test('without a purpose nothing leaves', async () => {
    const answer = await officer.ask('POST', '/rosters/ledgers/out', { body: { reason: '看' } })
    expect(answer.body.code).toBe('RUN.REASON_NEEDED')
  })
})
