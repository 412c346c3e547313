import { describe, expect, test } from 'vitest'
import { type Answer, testHouse } from '../../app/testing/house.ts'
import { type Planted, plantChildren } from '../cases/planted.test.server.ts'
import { NANCHUAN, YUZHONG } from '../registry/town.test.server.ts'

const house = await testHouse()
const { town, admin } = house
const school = town.id('2150000001')
const otherSchool = town.id('2150000003')
const [place] = await admin<{ village: number; township: number }>(
  `select p.unit_id as village, u.parent_id as township from post p join unit u using (unit_id) where p.role_id = 'village-officer'`,
)
const { village, township } = place!
const officer = await house.signIn('nanchuan-officer')
const township1 = await house.signIn('town-officer')
const villager = await house.signIn('village-officer')
const author = (await house.actor('nanchuan-officer')).accountId

let made = 0

/** Children of the village unless said otherwise, each with its open task. */
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
  return ids.map((childId) => ({ childId, caseId: files.find(({ child }) => child === childId)?.id ?? 0 }))
}

async function codeOf(answer: Promise<Answer>): Promise<string | number> {
  const { status, body } = await answer
  return status === 200 ? 200 : body.code
}

const VISIT = { method: 'visit', checkedDay: '2026-11-18' }
const give = (visitor: typeof officer, caseId: number, body: object) =>
  visitor.ask('POST', `/checks/tasks/${caseId}/reports`, { body: { ...VISIT, ...body } })
const accept = (...reportIds: number[]) => officer.ask('POST', '/checks/accept', { body: { reportIds } })
const reportOf = async (caseId: number) =>
  (await officer.ask('GET', `/checks/tasks/${caseId}`)).body.reports[0] as { reportId: number; fate: string }

async function standing(childId: number) {
  const [row] = await admin<{
    code: string
    day: string
    kind: string
    confirmed: string
    case_id: number
    stage: string
  }>(
    `select a.code, lower(s.valid)::text as day, e.kind, k.confirmed_day::text as confirmed, s.case_id::int, f.stage
     from whereabouts_span s join book_account a using (account_id) join evidence e using (evidence_id)
       left join evidence_confirmation k using (evidence_id) left join case_file f on f.case_id = s.case_id
     where s.child_id = $1 and s.superseded_by is null and upper_inf(s.valid)`,
    [childId],
  )
  return row
}

describe('a task', () => {
  test('[CHECK-3] is one line a child, from open over visited and returned to accepted', async () => {
    const [task, other] = await plant({ name: '冉核查' }, { name: '谭另外' })
    const { caseId, childId } = task!
    const list = async (tab: string) =>
      (await officer.ask('GET', `/checks?tab=${tab}`)).body.rows.map((row: { name: string }) => row.name)
    expect(await list('open')).toEqual(['冉核查', '谭另外'])
    expect((await officer.ask('GET', '/checks')).body).toMatchObject({
      total: 2,
      counts: { all: 2, open: 2, tried: 0, given: 0, returned: 0, overdue: 0 },
      rows: [{ name: '冉核查', why: 'not-on-roll', proposed: null, state: 'open', report: null, isVisited: true }, {}],
    })
    expect(await codeOf(give(villager, caseId, { checker: '周社长', remark: '家里没人' }))).toBe(200)
    expect(await list('tried')).toEqual(['冉核查'])
    const given = await give(township1, caseId, { result: 'B6-1', papers: '迁移回执', checker: '李干部' })
    expect(given.body).toMatchObject({
      state: 'given',
      reports: [{ result: 'B6-1', missing: [], fate: 'given' }, { fate: 'tried' }],
    })
    const { reportId } = await reportOf(caseId)
    const back = (reason: string) => officer.ask('POST', `/checks/reports/${reportId}/return`, { body: { reason } })
    expect(await codeOf(back('x'))).toBe('CHECK.REASON_NEEDED')
    expect(await codeOf(back('回执看不清，请重新拍'))).toBe(200)
    expect(await codeOf(back('回执看不清，请重新拍'))).toBe('CHECK.DECIDED')
    expect(await list('returned')).toEqual(['冉核查'])
    expect((await township1.ask('GET', `/checks/tasks/${caseId}`)).body.reports[0]).toMatchObject({
      fate: 'returned',
      words: { checker: '李干部', papers: '迁移回执', returned: '回执看不清，请重新拍' },
    })
    await give(township1, caseId, { result: 'B6-1', papers: '迁移回执原件', checker: '李干部' })
    expect((await accept((await reportOf(caseId)).reportId)).body).toEqual({ accepted: 1, refused: [] })
    expect(await standing(childId)).toMatchObject({
      code: 'moved-out',
      kind: 'certificate',
      confirmed: '2026-11-18',
      case_id: null,
    })
    expect(await list('all')).toEqual(['谭另外'])
    expect((await officer.ask('GET', `/checks/tasks/${caseId}`)).body).toMatchObject({
      isOpen: false,
      closedBy: 'check',
    })
    expect(other).toBeDefined()
  })

  test('[CASE-16] [CHECK-5] the kind and the day of the check go into the entry; the check of a day before the difference does not rewrite it', async () => {
    const [late, early] = await plant({ from: '2026-11-10' }, { from: '2026-11-19' })
    for (const { caseId } of [late!, early!]) await give(township1, caseId, { result: 'B3' })
    const ids = [(await reportOf(late!.caseId)).reportId, (await reportOf(early!.caseId)).reportId]
    expect((await accept(...ids)).body).toEqual({ accepted: 2, refused: [] })
    expect(await standing(late!.childId)).toMatchObject({
      code: 'not-located',
      day: '2026-11-18',
      kind: 'visit',
      confirmed: '2026-11-18',
    })
    expect(await standing(early!.childId)).toMatchObject({
      code: 'not-located',
      day: '2026-11-19',
      kind: 'visit',
      confirmed: '2026-11-18',
    })
  })

  test('[CASE-17] [CHECK-5] 失学, 辍学 and 疑似 go on as cases with the same file; 查无此人 stays a task with a new term', async () => {
    const planted = await plant({}, {}, {}, {})
    const results = ['D1', 'D2', 'D3', 'B3']
    for (const [at, { caseId }] of planted.entries()) {
      await admin("update case_file set due_day = '2026-11-02' where case_id = $1", [caseId])
      await give(township1, caseId, { result: results[at] })
    }
    const ids = []
    for (const { caseId } of planted) ids.push((await reportOf(caseId)).reportId)
    expect((await accept(...ids)).body.accepted).toBe(4)
    const after = []
    for (const { childId, caseId } of planted) {
      const now = await standing(childId)
      after.push([now?.code, now?.stage, now?.case_id === caseId])
    }
    expect(after).toEqual([
      ['suspected', 'case', true],
      ['never-enrolled', 'case', true],
      ['dropped-out', 'case', true],
      ['not-located', 'task', true],
    ])
    const [file] = await admin<{ due: string }>('select due_day::text as due from case_file where case_id = $1', [
      planted[3]!.caseId,
    ])
    expect(file?.due).toBe('2026-11-27')
    expect((await officer.ask('GET', `/checks/tasks/${planted[3]!.caseId}`)).body.state).toBe('open')
  })

  test('[CHECK-4] what lacks its evidence is told and holds nobody else up; a class is accepted as far as it is complete', async () => {
    const planted = await plant({}, {}, {})
    const [without, whole, second] = planted.map(({ caseId }) => caseId)
    await give(township1, without!, { result: 'B4' })
    for (const caseId of [whole!, second!]) await give(township1, caseId, { result: 'B4', papers: '死亡证明' })
    const { body } = await officer.ask('GET', '/checks?result=B4')
    expect(body.waiting).toEqual([{ result: 'B4', all: 3, complete: 2 }])
    const one = await accept((await reportOf(without!)).reportId, (await reportOf(whole!)).reportId)
    expect(one.body).toEqual({
      accepted: 1,
      refused: [{ reportId: (await reportOf(without!)).reportId, reason: '还缺：佐证材料' }],
    })
    const rest = await officer.ask('POST', '/checks/accept-complete', { body: { result: 'B4' } })
    expect(rest.body).toEqual({ accepted: 1, refused: [] })
    expect((await reportOf(without!)).fate).toBe('given')
  })

  test('[CHECK-4] what the books do not allow is told by child and the others are posted', async () => {
    const [bad, good] = await plant({}, {})
    // A school of another district is 市内他区县, whatever code was chosen.
    await give(township1, bad!.caseId, { result: 'C1-1', papers: '批准文件', pauseUntil: '2027-08-31' })
    await give(township1, good!.caseId, { result: 'A1', schoolId: otherSchool })
    await admin("update check_report set pause_until = '2029-01-01' where case_id = $1", [bad!.caseId])
    const answer = await accept((await reportOf(bad!.caseId)).reportId, (await reportOf(good!.caseId)).reportId)
    expect(answer.body).toMatchObject({ accepted: 1, refused: [{ reason: expect.stringContaining('一次最长') }] })
    expect((await standing(good!.childId))?.code).toBe('elsewhere-in-city')
    expect((await standing(bad!.childId))?.code).toBe('to-verify')
  })

  test('[CHECK-6] a day ahead or long ago, an end day without a pause and E1 for a registered child are refused by field', async () => {
    const [task] = await plant({})
    const said = async (body: object) => (await give(township1, task!.caseId, body)).body.message ?? 200
    const answers = []
    for (const body of [
      { result: 'B3', checkedDay: '2026-11-21' },
      { result: 'B3', checkedDay: '2026-09-01' },
      { result: 'B3', pauseUntil: '2027-01-01' },
      { result: 'C1-2', pauseUntil: '2026-11-20' },
      { result: 'E1-2' },
      { result: 'A1', schoolId: village },
    ])
      answers.push(await said(body))
    expect(answers).toEqual([
      expect.stringContaining('核查日期不对'),
      expect.stringContaining('60 天以前'),
      expect.stringContaining('到期日不对'),
      expect.stringContaining('到期日不对'),
      expect.stringContaining('结果不对'),
      expect.stringContaining('就读学校或去向不对'),
    ])
  })
})

test('[CHECK-10] the same words again from the page are nothing', async () => {
  const [task] = await plant({})
  const body = { result: 'B3', checker: '李干部', remark: '邻居也不知道' }
  await give(township1, task!.caseId, body)
  expect((await give(township1, task!.caseId, body)).body.reports).toHaveLength(1)
  expect((await give(township1, task!.caseId, { ...body, remark: '邻居说去了广东' })).body.reports).toMatchObject([
    { fate: 'given' },
    { fate: 'replaced' },
  ])
})

test('[CHECK-8] [CHECK-14] a task explained by another source leaves every list; a result that waited is told and kept', async () => {
  const [task] = await plant({ name: '罗已明' })
  const { caseId, childId } = task!
  await give(township1, caseId, { result: 'D3', checker: '李干部' })
  const { reportId } = await reportOf(caseId)
  const entry = { account: 'other-province', from: '2026-11-19', evidence: 'registry-reply' }
  await officer.ask('POST', `/children/${childId}/entries`, { body: entry })
  for (const visitor of [officer, township1, villager]) {
    const { body } = await visitor.ask('GET', '/checks?size=200')
    expect(body.rows.map((row: { name: string }) => row.name)).not.toContain('罗已明')
  }
  expect((await accept(reportId)).body).toEqual({
    accepted: 0,
    refused: [{ reportId, reason: '这项任务已由别的来源说明，不必再认定' }],
  })
  expect((await township1.ask('GET', '/checks/reports')).body.rows[0]).toMatchObject({
    caseId,
    result: 'D3',
    fate: 'overtaken',
    closedBy: 'case',
  })
  expect(await codeOf(give(township1, caseId, { result: 'D2' }))).toBe('CHECK.CLOSED')
  expect(await admin('select 1 from check_text where report_id = $1', [reportId])).toHaveLength(1)
})

/** A roll of the school that names the children as in school, as an import would leave it. */
async function enrol(children: readonly number[], asOf: string) {
  await admin(
    `with batch as (
       insert into source_batch (kind, unit_id, units, as_of_day, content_key, row_count, stored_count, refused_count, repair_count,
         account_id, committed_at)
       select 'roll', unit_id, path, $3::text::date, convert_to($3::text, 'UTF8'), 0, 0, 0, 0, (select min(account_id) from account), now()
       from unit where unit_id = $1 returning batch_id
     ), record as (
       insert into source_record (batch_id, row, child_id, content_key, unit_id)
       select batch_id, row_number() over (), c, c, $1 from batch, unnest($2::bigint[]) c returning record_id, child_id
     ), rolled as (
       insert into roll_entry (record_id, child_id, school_id, grade, status_group, status, units)
       select record_id, child_id, $1, 5, 'in-school', '在读', (select path from unit where unit_id = $1) from record)
     insert into tie (child_id, kind, unit_id, valid, source)
     select child_id, 'roll', $1, daterange($3::text::date, null), 'batch' from record`,
    [school, children, asOf],
  )
}

test('[CHECK-7] a result that a newer roll says too closes itself; an older roll, another school, two schools or another class wait', async () => {
  const [sure, old, other, judged, twice] = await plant({}, {}, {}, {}, {})
  await enrol([sure!.childId, other!.childId, judged!.childId, twice!.childId], '2026-11-15')
  await admin(
    `insert into tie (child_id, kind, unit_id, valid, source) values ($1, 'roll', $2, '[2026-11-15,)', 'batch')`,
    [twice!.childId, otherSchool],
  )
  await enrol([old!.childId], '2026-10-20')
  const answers = []
  for (const [task, body] of [
    [sure, { result: 'A1', schoolId: school }],
    [old, { result: 'A1', schoolId: school }],
    [other, { result: 'A2-1', schoolId: otherSchool }],
    [judged, { result: 'B1', schoolId: school, papers: '户口簿' }],
    [twice, { result: 'A1', schoolId: school }],
  ] as const) {
    const { body: detail } = await give(township1, task!.caseId, body)
    answers.push([detail.isOpen, detail.reports[0].fate, detail.reports[0].isAutomatic])
  }
  expect(answers).toEqual([
    [false, 'accepted', true],
    [true, 'given', false],
    [true, 'given', false],
    [true, 'given', false],
    [true, 'given', false],
  ])
  expect(await standing(sure!.childId)).toMatchObject({ code: 'here', kind: 'visit', confirmed: '2026-11-18' })
  const [row] = await admin(
    'select decided_by, decided_at is not null as is_decided from check_report where case_id = $1',
    [sure!.caseId],
  )
  expect(row).toEqual({ decided_by: null, is_decided: true })
})

test('[CHECK-5] a name or number that was found wrong is handed on to be mended, when it is accepted and not before', async () => {
  const [wrong, right] = await plant({}, {})
  const told = async () =>
    (
      await admin<{ child: number }>(
        `select (payload::jsonb ->> 'childId')::int as child from outbox where topic = 'check.data-wrong'`,
      )
    ).map(({ child }) => child)
  await give(township1, wrong!.caseId, { result: 'B1', schoolId: school, papers: '户口簿' })
  await give(township1, right!.caseId, { result: 'A1', schoolId: school })
  const reports = await Promise.all([wrong!, right!].map(({ caseId }) => reportOf(caseId)))
  expect(await told()).not.toContain(wrong!.childId)
  expect((await accept(...reports.map(({ reportId }) => reportId))).body.accepted).toBe(2)
  expect(await told()).toContain(wrong!.childId)
  expect(await told()).not.toContain(right!.childId)
})

describe('who sees', () => {
  test('[CHECK-13] a village gives results and reads no words; who has no tie finds nothing', async () => {
    const [task] = await plant({ name: '谭封存' })
    const { caseId } = task!
    await give(township1, caseId, { result: 'D1', checker: '李干部', remark: '父母在外，地址不明' })
    expect((await villager.ask('GET', `/checks/tasks/${caseId}`)).body.reports[0]).toMatchObject({
      result: 'D1',
      words: null,
    })
    const seen = await house.db.inScope((await house.actor('village-officer')).scope, (tx) =>
      tx.withTables<{ check_text: { report_id: number } }>().selectFrom('check_text').select('report_id').execute(),
    )
    expect(seen).toEqual([])
    const [sealed] = await admin<{ sealed: Buffer }>('select sealed from check_text order by report_id desc limit 1')
    expect(sealed?.sealed.toString('utf8')).not.toContain('父母')
    const { reportId } = await reportOf(caseId)
    for (const login of ['head-two', 'zone-officer']) {
      const visitor = await house.signIn(login)
      expect(await codeOf(visitor.ask('GET', `/checks/tasks/${caseId}`))).toBe('REQUEST.NOT_FOUND')
      if (login === 'head-two') expect(await codeOf(give(visitor, caseId, { result: 'D1' }))).toBe('REQUEST.NOT_FOUND')
      const reports = await house.db.inScope((await house.actor(login)).scope, (tx) =>
        tx
          .withTables<{ check_report: { report_id: number } }>()
          .selectFrom('check_report')
          .select('report_id')
          .execute(),
      )
      expect(reports).toEqual([])
    }
    const zone = await house.signIn('zone-officer')
    expect((await zone.ask('POST', '/checks/accept', { body: { reportIds: [reportId] } })).body).toMatchObject({
      accepted: 0,
    })
    expect(
      await codeOf(zone.ask('POST', `/checks/reports/${reportId}/return`, { body: { reason: '材料不全请补' } })),
    ).toBe('REQUEST.NOT_FOUND')
    expect((await reportOf(caseId)).fate).toBe('given')
  })

  test('[CHECK-9] a missing child is one line of the district and on no list by which somebody calls or goes', async () => {
    const [task] = await plant({ name: '冉失踪', account: 'missing' })
    const names = async (visitor: typeof officer) =>
      (await visitor.ask('GET', '/checks?size=200')).body.rows.map((row: { name: string }) => row.name)
    expect(await names(officer)).toContain('冉失踪')
    for (const visitor of [township1, villager]) expect(await names(visitor)).not.toContain('冉失踪')
    expect((await officer.ask('GET', `/checks/tasks/${task!.caseId}`)).body).toMatchObject({
      isVisited: false,
      proposed: 'B5',
    })
  })

  test('[CHECK-3] every unexplained child of the own branch who is no case is exactly one line', async () => {
    const { body } = await officer.ask('GET', '/checks?size=200')
    const [count] = await admin<{ n: number }>(
      `select count(*)::int as n from whereabouts_span s join case_file f on f.case_id = s.case_id
       where s.needs_file and f.stage = 'task' and f.open and f.units @> array[$1::int]`,
      [town.id(NANCHUAN)],
    )
    const lines = body.rows.map((row: { childId: number }) => row.childId)
    expect(lines).toHaveLength(count?.n ?? 0)
    expect(new Set(lines).size).toBe(lines.length)
    const { rows } = (await officer.ask('GET', '/checks/progress')).body
    const sum = rows.reduce((all: number, row: { open: number }) => all + row.open, 0)
    expect(sum).toBe(count?.n)
    expect((await officer.ask('GET', `/checks?ownerId=${town.id(YUZHONG)}`)).body.total).toBe(0)
    expect((await officer.ask('GET', `/checks?ownerId=${township}&size=200`)).body.total).toBe(
      sum - (rows.find((row: { unitId: number }) => row.unitId === school)?.open ?? 0),
    )
  })
})
