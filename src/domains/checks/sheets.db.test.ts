import { readXlsx } from 'hucre/xlsx'
import { expect, test } from 'vitest'
import { testHouse, type Visitor } from '../../app/testing/house.ts'
import { checkDigit } from '../../kernel/citizen-id.ts'
import { formRowId } from '../../platform/sheets/index.ts'
import { type Planted, plantChildren } from '../cases/planted.test.server.ts'
import { formRows } from './form-rows.server.ts'
import { formWords } from './form-words.ts'
import { FORM_COLUMNS, type FormColumnId } from './sheet-contract.ts'

const house = await testHouse()
const { town, admin } = house
const school = town.id('2150000001')
const [place] = await admin<{ village: number; township: number; name: string }>(
  `select p.unit_id as village, u.parent_id as township, u.name from post p join unit u using (unit_id) where p.role_id = 'village-officer'`,
)
const { village, township } = place!
const officer = await house.signIn('nanchuan-officer')
const townOfficer = await house.signIn('town-officer')
const villager = await house.signIn('village-officer')
const author = (await house.actor('nanchuan-officer')).accountId
const REASON = '秋季开学铁脚板摸排'

let made = 0

async function plant(...children: readonly Partial<Planted>[]) {
  const whole = children.map((child) => ({
    name: `孩子${String(++made)}`,
    unit: village,
    account: 'to-verify' as const,
    ...child,
  }))
  const ids = await plantChildren(house.services, whole, author)
  const files = await admin<{ child: number; id: number }>(
    'select child_id::int as child, case_id::int as id from case_file where open and child_id = any ($1::bigint[])',
    [ids],
  )
  return ids.map((childId) => files.find(({ child }) => child === childId)?.id ?? 0)
}

type Line = Partial<Record<FormColumnId, string>>
const idOf = (caseId: number) => formRowId(house.services.keys, 'check-task', caseId)
const DONE: Line = { method: '入户', checkedDay: '2026.11.18', checker: '周社长' }

function csv(lines: readonly Line[], columns: readonly FormColumnId[] = FORM_COLUMNS): string {
  const cells = [
    columns.map((id) => formWords.headings[id]),
    ...lines.map((line) => columns.map((id) => line[id] ?? '')),
  ]
  return `${cells.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\n')}\n`
}

async function upload(visitor: Visitor, content: string | Buffer, name = '核查表.csv') {
  return (await visitor.ask('POST', '/checks/sheets', { file: { name, content } })).body
}

const commit = async (visitor: Visitor, sheetId: string) =>
  (await visitor.ask('POST', `/checks/sheets/${sheetId}/commit`)).body
const reports = (caseIds: readonly number[]) =>
  admin<{ id: number; result: string | null; state: string; method: string; day: string }>(
    `select case_id::int as id, result, state, method, checked_day::text as day from check_report where case_id = any ($1::bigint[]) order by report_id`,
    [caseIds],
  )

test('[CHECK-12] [CHECK-9] a form goes out with its row ids, by village and household, without the missing; who took it and why is kept', async () => {
  await plant({ name: '冉甲' }, { name: '冉失踪', account: 'missing' }, { name: '罗在校', school })
  const refused = await officer.ask('POST', '/checks/forms', { body: { unitId: township, reason: '看' } })
  expect(refused.body.code).toBe('CHECK.REASON_NEEDED')
  const file = await officer.ask('POST', '/checks/forms', { body: { unitId: township, reason: REASON } })
  expect(file.status).toBe(200)
  const book = await readXlsx(file.bytes)
  expect(book.sheets.map(({ name }) => name)).toEqual(['核查表', '结果代码', '填写说明'])
  const [head, ...rows] = book.sheets[0]!.rows
  expect(head).toEqual(FORM_COLUMNS.map((id) => formWords.headings[id]))
  const names = rows.map((row) => row[FORM_COLUMNS.indexOf('name')]).filter((name) => name !== null)
  expect(names).toEqual(['冉甲'])
  expect(rows.filter((row) => row[0] === '新增')).toHaveLength(20)
  expect(book.sheets[2]!.rows.at(-1)?.[0]).toContain(REASON)
  const archive = await officer.ask('POST', '/checks/forms', { body: { reason: REASON } })
  expect(archive.bytes.subarray(0, 2).toString()).toBe('PK')
  expect(archive.headers['content-disposition']).toContain('.zip')
  const log = await admin(
    `select action, kind, target, reason from audit_event where action = 'check.form' and outcome = 'ok' order by at`,
  )
  expect(log).toMatchObject([{ target: `unit:${township}`, reason: REASON }, { reason: REASON }])
  expect((await townOfficer.ask('POST', '/checks/forms', { body: { unitId: school, reason: REASON } })).body.code).toBe(
    'REQUEST.NOT_FOUND',
  )
  const printed = await townOfficer.ask('POST', '/checks/print', { body: { unitId: township, reason: REASON } })
  expect(printed.body.rows.map((row: { name: string }) => row.name)).toEqual(['冉甲'])
})

test('[CHECK-10] a form that comes back as it went out says nothing; filled in where it stands it is read', async () => {
  const [caseId] = (await plant({ name: '谭往返' })) as [number]
  const file = await townOfficer.ask('POST', '/checks/forms', { body: { unitId: township, reason: REASON } })
  const untouched = await upload(townOfficer, file.bytes, '核查表.xlsx')
  expect(untouched.counts).toMatchObject({ refused: 0, given: 0, tried: 0, new: 0 })
  expect(untouched.counts.empty).toBe(untouched.counts.rows)
  const [, ...rows] = (await readXlsx(file.bytes)).sheets[0]!.rows
  const lines = rows.map((row): Line => {
    const line = Object.fromEntries(FORM_COLUMNS.map((id, at) => [id, String(row[at] ?? '')])) as Line
    return line.name === '谭往返' ? { ...line, ...DONE, result: 'D1 长年外出失联（疑似辍学）' } : line
  })
  const filled = await upload(townOfficer, csv(lines))
  expect(filled.counts).toMatchObject({ given: 1, refused: 0 })
  await commit(townOfficer, filled.sheetId)
  expect(await reports([caseId])).toMatchObject([{ result: 'D1', state: 'given' }])
})

test('[CHECK-10] sorted, cut and with columns left out, rows find their tasks; the same sheet twice is nothing twice', async () => {
  const [a, b, c] = (await plant({}, {}, {})) as [number, number, number]
  const columns: readonly FormColumnId[] = ['result', 'rowId', 'checkedDay', 'method', 'name', 'papers']
  const lines: Line[] = [
    { ...DONE, rowId: idOf(c), result: 'B3 空挂户、人户分离、查无此人' },
    { ...DONE, rowId: ` ${idOf(a).toLowerCase()} `, result: 'b4', papers: '死亡证明' },
    { rowId: idOf(b), method: '电话', checkedDay: '2026-11-19' },
  ]
  const sheet = await upload(townOfficer, csv(lines, columns))
  expect(sheet.counts).toMatchObject({ rows: 3, given: 2, tried: 1, refused: 0 })
  expect(await reports([a, b, c])).toEqual([])
  expect(await commit(townOfficer, sheet.sheetId)).toMatchObject({ counts: { given: 2, tried: 1, same: 0 } })
  expect(await reports([a, b, c])).toMatchObject([
    { id: c, result: 'B3', state: 'given', method: 'visit', day: '2026-11-18' },
    { id: a, result: 'B4', state: 'given' },
    { id: b, result: null, state: 'tried', method: 'phone', day: '2026-11-19' },
  ])
  expect(await commit(townOfficer, sheet.sheetId)).toMatchObject({ counts: { given: 2, tried: 1 } })
  const again = await upload(townOfficer, csv(lines.toReversed(), columns))
  expect(again.counts).toMatchObject({ same: 3, given: 0 })
  expect(await commit(townOfficer, again.sheetId)).toMatchObject({ counts: { same: 3 } })
  expect(await reports([a, b, c])).toHaveLength(3)
})

test('[CHECK-10] what has to be mended is told by row and column, the rest is written; a closed task is told', async () => {
  const [a, b, c, d] = (await plant({}, {}, {}, {})) as [number, number, number, number]
  await officer.ask(
    'POST',
    `/children/${(await admin<{ c: number }>('select child_id::int as c from case_file where case_id = $1', [d]))[0]!.c}/entries`,
    {
      body: { account: 'other-province', from: '2026-11-19', evidence: 'registry-reply' },
    },
  )
  const sheet = await upload(
    townOfficer,
    csv([
      { ...DONE, rowId: idOf(a), result: 'Z9' },
      { ...DONE, rowId: idOf(b), result: 'A2-2', province: '火星', school: '某校', papers: '回函' },
      { ...DONE, rowId: idOf(c), result: 'A2-2', province: '贵州省', school: '遵义某小学' },
      { ...DONE, rowId: idOf(c), result: 'B3' },
      { ...DONE, rowId: idOf(d), result: 'B3' },
      { ...DONE, rowId: 'AAAAA-AAAAA-AAAAA-AAAAA', result: 'B3' },
      { rowId: idOf(b), result: 'B4' },
    ]),
  )
  expect(sheet.counts).toMatchObject({ rows: 7, given: 1, closed: 1, refused: 5 })
  const told = sheet.rows.map((row: { row: number; findings: { heading: string }[]; note: string | null }) => [
    row.row,
    row.findings.map(({ heading }) => heading).join() || row.note,
  ])
  expect(told).toEqual([
    [2, '结果'],
    [3, '就读省份'],
    [5, '行号（勿改）'],
    [7, '行号（勿改）'],
    [8, '行号（勿改）'],
    [4, '记下了，区县认定前还要补：佐证材料'],
    [6, '这项任务已由别的来源说明，不用再核'],
  ])
  await commit(townOfficer, sheet.sheetId)
  expect(await reports([a, b, c, d])).toMatchObject([{ id: c, result: 'A2-2', state: 'given' }])
})

test('[CHECK-10] a true row id of another district, another school or another form is no key', async () => {
  const [own] = (await plant({})) as [number]
  const other = await house.signIn('head-two')
  const line = { ...DONE, result: 'D3' }
  const sheet = await upload(other, csv([{ ...line, rowId: idOf(own) }]))
  expect(sheet).toMatchObject({
    counts: { given: 0, refused: 1 },
    rows: [{ findings: [{ reason: '没有这一行的孩子，或者不归本单位' }] }],
  })
  await commit(other, sheet.sheetId)
  const foreign = await upload(townOfficer, csv([{ ...line, rowId: formRowId(house.services.keys, 'repair', own) }]))
  expect(foreign.counts).toMatchObject({ refused: 1 })
  expect(await reports([own])).toEqual([])
  expect((await officer.ask('GET', `/checks/sheets/${foreign.sheetId}`)).body.code).toBe('REQUEST.NOT_FOUND')
})

const FOUND: Line = {
  ...DONE,
  rowId: '新增',
  sex: '女',
  citizenId: '无',
  guardian: '石大姐',
  phone: '13900000001',
  village: place!.name,
}

async function childrenNamed(name: string) {
  const { body } = await officer.ask('GET', '/checks?size=200')
  return body.rows.filter((row: { name: string }) => row.name === name)
}

test('[CHECK-11] a child met at the door becomes one living here with a task of its own; met again it is the same', async () => {
  const lines = [
    { ...FOUND, name: '石榴花', birth: '2016-03-04', school: '没有上学' },
    { ...FOUND, name: '石小小', birth: '2024-03-04' },
    { ...FOUND, name: '石', birth: '' },
  ]
  const sheet = await upload(townOfficer, csv(lines))
  expect(sheet.counts).toMatchObject({ new: 2, refused: 1 })
  expect(await childrenNamed('石榴花')).toEqual([])
  expect(await commit(townOfficer, sheet.sheetId)).toMatchObject({ counts: { new: 2 } })
  const [found] = await childrenNamed('石榴花')
  expect(found).toMatchObject({
    account: 'to-verify',
    why: 'found',
    proposed: 'E1-1',
    place: place!.name,
    owner: { unit: { unitId: township } },
  })
  const [span] = await admin(
    `select r_unit_id, p_unit_id, e.kind, lower(c.obliged)::text as obliged, lower(s.valid)::text as day, k.confirmed_day::text as confirmed
     from whereabouts_span s join child c using (child_id) join evidence e using (evidence_id) join evidence_confirmation k using (evidence_id)
     where child_id = $1 and superseded_by is null`,
    [found.childId],
  )
  expect(span).toEqual({
    r_unit_id: null,
    p_unit_id: village,
    kind: 'visit',
    obliged: '2026-11-18',
    day: '2026-11-18',
    confirmed: '2026-11-18',
  })
  expect(await childrenNamed('石小小')).toEqual([])
  const phones = async (isRevealing: boolean) => {
    const actor = await house.actor('nanchuan-officer')
    const permissions = new Set([...actor.permissions].filter((one) => isRevealing || one !== 'child.reveal'))
    const rows = await house.db.inScope(actor.scope, (tx) =>
      formRows(
        tx,
        house.services,
        { ...actor, permissions },
        { unitId: township, today: house.services.clock.today() },
      ),
    )
    return rows.filter(({ name }) => name === '石榴花').map(({ phone }) => phone)
  }
  // [CHECK-9] In full for roles that may read it, else masked.
  expect(await phones(true)).toEqual(['13900000001'])
  expect(await phones(false)).toEqual(['139****0001'])
  const again = await upload(
    townOfficer,
    csv([...lines.slice(0, 2), { ...FOUND, name: '石三妹', birth: '2015-01-01', result: 'D2' }]),
  )
  await commit(townOfficer, again.sheetId)
  expect(await childrenNamed('石榴花')).toHaveLength(1)
  const [third] = await childrenNamed('石三妹')
  expect(third).toMatchObject({ state: 'given', report: { result: 'D2' } })
  const third2 = await upload(
    townOfficer,
    csv([...lines.slice(0, 2), { ...FOUND, name: '石三妹', birth: '2015-01-01', result: 'D2' }]),
  )
  expect(await commit(townOfficer, third2.sheetId)).toMatchObject({ counts: { new: 0, same: 3 } })
  expect(await admin(`select 1 from source_batch where kind = 'floating'`)).toHaveLength(2)
})

test('[CHECK-11] by ID and name an existing child is met again; a school reports nobody new; a wrong ID is told', async () => {
  const citizenId = `50011920150314002${checkDigit('50011920150314002')}`
  const first = await upload(villager, csv([{ ...FOUND, village: '', name: '向有证', citizenId, birth: '' }]))
  expect(first.counts).toMatchObject({ new: 1 })
  await commit(villager, first.sheetId)
  const second = await upload(townOfficer, csv([{ ...FOUND, name: '向有证', citizenId, phone: '13900000002' }]))
  expect(await commit(townOfficer, second.sheetId)).toMatchObject({ counts: { known: 1, new: 0 } })
  const [same, ...others] = await childrenNamed('向有证')
  expect(others).toEqual([])
  const [line] = await admin(
    `select target from audit_event where action = 'check-sheet.commit' order by audit_id desc limit 1`,
  )
  expect(line).toEqual({ target: `check-sheet:${second.sheetId} child:${same.childId}` })
  const wrong = await upload(
    townOfficer,
    csv([{ ...FOUND, name: '向错证', citizenId: `${citizenId.slice(0, 17)}${citizenId.endsWith('1') ? '2' : '1'}` }]),
  )
  expect(wrong.rows[0].findings).toMatchObject([{ heading: '身份证号' }])
  const head = await house.signIn('head')
  const refused = await upload(head, csv([{ ...FOUND, name: '向学生', birth: '2015-01-01' }]))
  expect(refused.rows[0].findings).toMatchObject([{ reason: '新增的孩子由镇街、村社上报' }])
})
