import { readXlsx } from 'hucre/xlsx'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { TODAY, testHouse } from '../../app/testing/house.ts'
import { csv } from '../../app/testing/sheets.ts'
import type { ChildId } from '../../kernel/ids.ts'
import { addDays, plainDate } from '../../kernel/plain-date.ts'
import { plantChildren } from '../cases/planted.test.server.ts'
import { sendBackSilent } from './server.ts'

const house = await testHouse()
const home = await house.signIn('nanchuan-officer')
const host = await house.signIn('zone-officer')
const city = await house.signIn('city-admin')
const township = await house.signIn('town-officer')
const ZONE = house.town.id('CQ-GX')
const ZONE_SCHOOL = house.town.id('2150000004')
const [village = 0] = [...house.town.unitIds].filter(([code]) => /^500119\d{6}$/.test(code)).map(([, id]) => id)

const names = ['冉一', '冉二', '冉三', '冉四', '冉五', '冉六', '冉七'] as const
let children: readonly ChildId[] = []
beforeAll(async () => {
  children = await plantChildren(
    house.services,
    names.map((name) => ({ name, unit: village, account: name === '冉四' ? 'elsewhere-in-city' : 'to-verify' })),
    (await house.actor('nanchuan-officer')).accountId,
  )
})

const childOf = (name: (typeof names)[number]) => children[names.indexOf(name)] ?? 0
const add = (name: (typeof names)[number], more: object = {}) =>
  home.ask('POST', '/outside', {
    body: { childId: childOf(name), hostUnitId: ZONE, school: '第4小学校', reason: 'with-parents', ...more },
  })
const answer = (lineId: number, body: object) => host.ask('POST', `/outside/${lineId}/answer`, { body })
const HERE = { is: 'here', seenDay: '2026-11-19', schoolId: ZONE_SCHOOL }

async function stands(name: (typeof names)[number]) {
  const [row] = await house.admin<{ code: string; s: number | null; kind: string; confirmed: string; files: number }>(
    `select a.code, s.s_school_id as s, e.kind, (select max(confirmed_day)::text from evidence_confirmation k where k.evidence_id = e.evidence_id) as confirmed,
       (select count(*)::int from case_file f where f.child_id = s.child_id and f.open) as files
     from whereabouts_span s join book_account a using (account_id) join evidence e using (evidence_id)
     where s.child_id = $1 and s.superseded_by is null and upper_inf(s.valid)`,
    [childOf(name)],
  )
  return row
}

describe('[OUT-1] [OUT-4] a child at school in another district of the city', () => {
  test('is asked about; the sender stays answerable until the other side has seen it in class', async () => {
    const made = await add('冉一')
    expect(made.body).toMatchObject({
      state: 'asked',
      host: '重庆高新区',
      dueDay: '2026-12-04',
      isHome: true,
      isHost: false,
    })
    expect(await stands('冉一')).toMatchObject({ code: 'to-verify', files: 1 })
    const confirmed = await answer(made.body.lineId, HERE)
    expect(confirmed.body).toMatchObject({ state: 'confirmed', proof: 'other-side', checkedDay: '2026-11-19' })
    expect(await stands('冉一')).toEqual({
      code: 'elsewhere-in-city',
      s: ZONE_SCHOOL,
      kind: 'attendance',
      confirmed: '2026-11-19',
      files: 0,
    })
  })

  test('[OUT-2] the home side does not give the other district’s word', async () => {
    const { body } = await add('冉二')
    const own = await home.ask('POST', `/outside/${body.lineId}/answer`, {
      body: { is: 'here', seenDay: '2026-11-19' },
    })
    expect([own.status, own.body.code]).toEqual([409, 'OUTSIDE.OTHER_SIDE'])
    const denial = await home.ask('POST', `/outside/${body.lineId}/denial`, { body: { answer: 'left' } })
    expect([denial.status, denial.body.code]).toEqual([409, 'OUTSIDE.OTHER_SIDE'])
    const end = await host.ask('POST', `/outside/${body.lineId}/end`, { body: { ending: 'left', day: TODAY } })
    expect([end.status, end.body.code]).toEqual([409, 'OUTSIDE.OTHER_SIDE'])
  })

  test('[OUT-3] a day to come, and a paper that is over, prove nothing', async () => {
    const { body } = await home.ask('GET', '/outside?direction=out&filter=asked')
    const lineId = body.rows[0].lineId
    expect((await answer(lineId, { ...HERE, seenDay: '2026-11-21' })).status).toBe(400)
    const over = { proof: 'certificate', checkedDay: '2026-03-01', lastDay: '2026-06-30' }
    expect((await home.ask('POST', `/outside/${lineId}/proof`, { body: over })).status).toBe(400)
  })

  test('[OUT-1] has one line that has not ended', async () => {
    const again = await add('冉一')
    expect([again.status, again.body.code]).toEqual([409, 'OUTSIDE.HAS_LINE'])
  })
})

describe('[OUT-5] the other side says that the child is not there', () => {
  test('who is looked for anyway stays so', async () => {
    const { body } = await add('冉三')
    const denied = await answer(body.lineId, { is: 'not-here', answer: 'never-came' })
    expect(denied.body).toMatchObject({ state: 'denied', answer: 'never-came' })
    expect(await stands('冉三')).toMatchObject({ code: 'to-verify', files: 1 })
  })

  test('another source that says it is there is contradicted', async () => {
    const { body } = await add('冉四')
    await answer(body.lineId, { is: 'not-here', answer: 'not-on-roll' })
    expect(await stands('冉四')).toMatchObject({ code: 'conflict', files: 1 })
  })

  test('what was confirmed before and is taken back is to be verified', async () => {
    const { body } = await add('冉五')
    await answer(body.lineId, HERE)
    await answer(body.lineId, { is: 'not-here', answer: 'left' })
    expect(await stands('冉五')).toMatchObject({ code: 'to-verify', files: 1 })
    expect((await home.ask('GET', `/outside/${body.lineId}`)).body.events[0]).toMatchObject({ kind: 'denied' })
  })
})

describe('[OUT-6] silence', () => {
  test('past its day the line is back with the sender, and the city sees it', async () => {
    const [line] = await house.admin<{ id: number; due: string }>(
      `select line_id::int as id, due_day::text as due from outside_line where state = 'asked'`,
    )
    const at = (day: string) => ({ ...house.services, clock: { ...house.services.clock, today: () => plainDate(day) } })
    expect(await sendBackSilent(at(line?.due ?? ''))).toBe(0)
    expect(await sendBackSilent(at(addDays(plainDate(line?.due ?? TODAY), 1)))).toBe(1)
    expect(await sendBackSilent(at(addDays(plainDate(line?.due ?? TODAY), 1)))).toBe(0)
    for (const visitor of [home, city]) {
      const { body } = await visitor.ask('GET', '/outside?direction=out&filter=silent')
      expect(body.rows.map((row: { lineId: number }) => row.lineId)).toEqual([line?.id])
    }
    expect((await answer(line?.id ?? 0, HERE)).body.state).toBe('confirmed')
  })
})

describe('[OUT-9] what a side sees', () => {
  test('the receiving one: name, birthday, masked number; no family, no reason, not the child’s file', async () => {
    const { body } = await host.ask('GET', '/outside?direction=in')
    const line = body.rows.find((row: { name: string }) => row.name === '冉一')
    expect(line).toMatchObject({ childId: null, birth: '2015-05-05', home: '南川区' })
    const detail = (await host.ask('GET', `/outside/${line.lineId}`)).body
    expect(detail).toMatchObject({ family: null, account: null, isHost: true, mayConfirm: true, mayWrite: false })
    expect((await host.ask('GET', `/children/${childOf('冉一')}`)).status).toBe(404)
    expect((await home.ask('GET', `/outside/${line.lineId}`)).body.family).toMatchObject({ reason: 'with-parents' })
  })

  test('a third district and a township without the child find nothing', async () => {
    const { body } = await home.ask('GET', '/outside')
    const [other] = [...house.town.unitIds].filter(([code]) => /^500119/.test(code) && code.length === 9).slice(1)
    await house.admin('update post set unit_id = $1 where unit_id = $2 and role_id = $3', [
      other?.[1] ?? 0,
      house.town.id([...house.town.unitIds].find(([code]) => /^500119\d{3}$/.test(code))?.[0] ?? ''),
      'township-officer',
    ])
    expect((await township.ask('GET', `/outside/${body.rows[0].lineId}`)).status).toBe(404)
    expect((await township.ask('GET', '/outside')).body.total).toBe(0)
  })

  test('in the database: neither the line, nor the person, nor the family leaks to another unit', async () => {
    const scope = { kind: 'unit', unitId: house.town.id('500103') as never, accountId: 1 as never } as const
    for (const table of ['outside_line', 'person_outside', 'outside_home', 'outside_event', 'ledger_sheet']) {
      const rows = await house.services.db.inScope(scope, async (tx) => {
        return (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(tx)).rows[0]?.n
      })
      expect(rows, table).toBe(0)
    }
    const zone = { ...scope, unitId: ZONE as never }
    const count = async (table: string) =>
      house.services.db.inScope(zone, async (tx) => {
        return (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(tx)).rows[0]?.n
      })
    expect(await count('person_outside')).toBeGreaterThan(0)
    expect(await count('outside_home')).toBe(0)
  })
})

describe('[OUT-12] another province', () => {
  test('is asked by a workbook with row ids, and what comes back is taken row by row, twice the same', async () => {
    const { body } = await add('冉六', { hostUnitId: undefined, hostPlace: '520000', school: '遵义市第二小学' })
    expect(body).toMatchObject({ state: 'open', host: '贵州' })
    await add('冉七', { hostUnitId: undefined, hostPlace: '520000', school: '遵义市第三小学' })
    const out = await home.ask('POST', '/outside-requests', { body: { place: '520000' } })
    const [heads = [], ...rows] = ((await readXlsx(out.bytes)).sheets[0]?.rows ?? []).map((row) =>
      row.map((cell) => String(cell ?? '')),
    )
    const at = (heading: string) => heads.indexOf(heading)
    const filled = rows.map((row) => {
      const cells = [...row]
      const isSix = cells[at('姓名')] === '冉六'
      cells[at('查询结果')] = isSix ? '在读' : '查无此人'
      cells[at('查实日期')] = isSix ? '2026-11-18' : ''
      return cells
    })
    const replies = {
      name: '贵州.csv',
      content: csv([
        heads,
        ...filled,
        [...filled[0]!.map(() => '')].with(0, 'XXXXX-00000').with(at('查询结果'), '在读'),
      ]),
    }
    const report = await home.ask('POST', '/outside-replies', { file: replies })
    expect(report.body).toMatchObject({
      confirmed: 1,
      denied: 1,
      unanswered: 0,
      findings: [{ heading: '编号（勿改）' }],
    })
    expect(await stands('冉六')).toMatchObject({
      code: 'other-province',
      kind: 'registry-reply',
      confirmed: '2026-11-18',
      files: 0,
    })
    expect(await stands('冉七')).toMatchObject({ code: 'to-verify', files: 1 })
    const before = await house.admin('select count(*)::int as n from whereabouts_span')
    const again = await home.ask('POST', '/outside-replies', { file: replies })
    expect(again.body).toMatchObject({ confirmed: 0, denied: 0, unchanged: 2 })
    expect(await house.admin('select count(*)::int as n from whereabouts_span')).toEqual(before)
  })
})

describe('[OUT-10] [OUT-11] a child comes back', () => {
  test('to a school of the own district, in the books and among those who returned', async () => {
    const { body } = await home.ask('GET', '/outside?direction=out')
    const line = body.rows.find((row: { name: string }) => row.name === '冉一')
    const school = house.town.id('2150000001')
    const ended = await home.ask('POST', `/outside/${line.lineId}/end`, {
      body: { ending: 'returned', day: '2026-11-20', schoolId: school },
    })
    expect(ended.body).toMatchObject({ state: 'ended', ending: 'returned' })
    expect(await stands('冉一')).toMatchObject({ code: 'here', s: school, kind: 'attendance' })
    const flows = (await home.ask('GET', '/outside-flows')).body
    const row = flows.rows.find((one: { returned: number }) => one.returned > 0)
    expect(row).toMatchObject({ schoolYear: 2026, group: 'district', returned: 1 })
    const behind = await home.ask('GET', '/outside-flows/children?schoolYear=2026&group=district&way=returned')
    expect(behind.body.rows).toMatchObject([{ name: '冉一', place: '重庆高新区', day: '2026-11-20' }])
  })
})
