import { describe, expect, test } from 'vitest'
import { type Answer, testHouse } from '../../app/testing/house.ts'
import { NANCHUAN, YUZHONG } from '../registry/town.test.server.ts'
import { type Planted, plantChildren } from './planted.test.server.ts'

const house = await testHouse()
const { town, admin } = house
const school = town.id('2150000001')
const otherSchool = town.id('2150000003')
const [place] = await admin<{ village: number; township: number }>(
  `select p.unit_id as village, u.parent_id as township from post p join unit u using (unit_id) where p.role_id = 'village-officer'`,
)
const { village, township } = place!
const officer = await house.signIn('nanchuan-officer')
const author = (await house.actor('nanchuan-officer')).accountId

let made = 0

/** Children of the village unless said otherwise, each with its file. */
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

describe('the list', () => {
  test('[CASE-14] begins with who waits longest, tells who holds it, and narrows', async () => {
    const planted = await plant(
      { name: '冉迟到', account: 'suspected', unit: township },
      { name: '罗在册', school },
      { name: '谭今天' },
    )
    const days = ['2026-11-18', '2026-11-24', '2026-11-20']
    for (const [index, { caseId }] of planted.entries()) {
      await admin('update case_file set due_day = $2 where case_id = $1', [caseId, days[index]])
    }
    const { body } = await officer.ask('GET', '/cases?size=10')
    expect(body.rows.map((row: { name: string }) => row.name)).toEqual(['冉迟到', '谭今天', '罗在册'])
    expect(body.counts).toEqual({ all: 3, overdue: 1, today: 1, tasks: 2, cases: 1 })
    expect(body.today).toBe('2026-11-20')
    expect(body.rows[2]).toMatchObject({
      stage: 'task',
      account: 'to-verify',
      since: '2026-11-01',
      dueDay: '2026-11-24',
      place: '第1小学校',
      evidence: 'population',
      confirmed: null,
      holder: { unit: { unitId: school, kind: 'school' }, person: '人head', isStandIn: false },
    })
    for (const [query, names] of [
      ['stage=case', ['冉迟到']],
      ['due=overdue', ['冉迟到']],
      ['due=today', ['谭今天']],
      ['account=to-verify', ['谭今天', '罗在册']],
      [`unitId=${school}`, ['罗在册']],
      [`unitId=${town.id(YUZHONG)}`, []],
      ['due=week&stage=task', ['谭今天', '罗在册']],
    ] as const) {
      const answer = await officer.ask('GET', `/cases?${query}`)
      expect([query, answer.body.rows.map((row: { name: string }) => row.name)]).toEqual([query, names])
      expect(answer.body.total).toBe(names.length)
    }
    const head = await house.signIn('head')
    expect((await head.ask('GET', '/cases')).body.rows.map((row: { name: string }) => row.name)).toEqual(['罗在册'])
    const elsewhere = await house.signIn('zone-officer')
    expect((await elsewhere.ask('GET', '/cases')).body).toMatchObject({ total: 0, counts: { all: 0 } })
  })

  test('[CASE-14] a file is found by who is tied to the child; a village reads no reasons', async () => {
    const [file] = await plant({})
    const path = `/cases/${file?.caseId}`
    const entry = { account: 'suspected', from: '2026-11-19', evidence: 'visit', note: '随亲戚外出，家里无人' }
    expect(await codeOf(officer.ask('POST', `/children/${file?.childId}/entries`, { body: entry }))).toBe(200)
    expect((await officer.ask('GET', path)).body).toMatchObject({
      stage: 'case',
      isOpen: true,
      account: 'suspected',
      since: '2026-11-19',
      living: { unitId: village },
      holder: { unit: { unitId: township } },
      notes: [{ kind: 'entry', text: '随亲戚外出，家里无人', person: '人nanchuan-officer' }],
    })
    expect((await (await house.signIn('town-officer')).ask('GET', path)).body).toMatchObject({
      notes: [{ text: '随亲戚外出，家里无人' }],
      candidates: null,
    })
    expect((await (await house.signIn('village-officer')).ask('GET', path)).body).toMatchObject({ notes: null })
    for (const login of ['head-two', 'zone-officer']) {
      expect([login, await codeOf((await house.signIn(login)).ask('GET', path))]).toEqual([login, 'REQUEST.NOT_FOUND'])
    }
    const seen = await house.db.inScope((await house.actor('village-officer')).scope, async (tx) =>
      tx.withTables<{ case_note: { note_id: number } }>().selectFrom('case_note').select('note_id').execute(),
    )
    expect(seen).toEqual([])
    const [sealed] = await admin<{ sealed: Buffer }>('select sealed from case_note order by note_id desc limit 1')
    expect(sealed?.sealed.toString('utf8')).not.toContain('亲戚')
  })
})

test('[CASE-14] a unit of registration reads no reasons while the child lives elsewhere', async () => {
  const [child] = await plant({})
  const entry = { account: 'suspected', from: '2026-11-19', evidence: 'visit', note: '住在外婆家，无人接送' }
  await officer.ask('POST', `/children/${child?.childId}/entries`, { body: entry })
  const read = async () => (await officer.ask('GET', `/cases/${child?.caseId}`)).body.notes.length
  expect(await read()).toBe(1)
  await admin(
    `update case_file set owner_unit_id = $2, owner_id = (select staff_id from post where unit_id = $2 limit 1) where case_id = $1`,
    [child?.caseId, town.id(YUZHONG)],
  )
  await admin(`update tie set unit_id = $2 where child_id = $1 and kind = 'answers'`, [
    child?.childId,
    town.id(YUZHONG),
  ])
  await admin(
    `insert into tie (child_id, kind, unit_id, valid, source) values ($1, 'living', $2, '[2026-11-19,)', 'officer')`,
    [child?.childId, town.id(YUZHONG)],
  )
  expect(await read()).toBe(0)
})

describe('an officer’s entry', () => {
  const today = '2026-11-20'
  const entry = { account: 'other-province', from: today, evidence: 'registry-reply' }

  test.each([
    ['tomorrow', { from: '2026-11-21' }],
    ['a day before the obligation', { from: '2026-10-31' }],
    ['a pause without an end', { account: 'sick-leave' }],
    ['a pause that ends before it begins', { account: 'sick-leave', pauseUntil: today }],
    ['a pause of more than a year', { account: 'sick-leave', pauseUntil: '2027-11-22', evidence: 'certificate' }],
    ['an end day without a pause', { pauseUntil: '2026-12-01' }],
    ['a closing on the officer’s own word', { account: 'moved-out', evidence: 'officer' }],
    ['a child on a roll only, who is registered', { account: 'roll-foreign' }],
    ['in school here without a school', { account: 'here' }],
    ['in school here at another district’s school', { account: 'here', unitId: otherSchool }],
    ['in school elsewhere at a school of here', { account: 'elsewhere-in-city', unitId: school }],
    ['a school that is a township', { account: 'here', unitId: township }],
  ])('[CASE-13] refuses %s', async (_, wrong) => {
    const [file] = await plant({})
    const answer = officer.ask('POST', `/children/${file?.childId}/entries`, { body: { ...entry, ...wrong } })
    expect(await codeOf(answer)).toBe('ENTRY.NOT_LAWFUL')
  })

  test.each([
    ['in school here', { account: 'here', unitId: school, evidence: 'attendance' }, null],
    ['in another district', { account: 'elsewhere-in-city', unitId: otherSchool, evidence: 'certificate' }, null],
    ['on sick leave', { account: 'sick-leave', pauseUntil: '2027-02-15', evidence: 'certificate' }, null],
    ['moved out with a receipt', { account: 'moved-out', evidence: 'certificate' }, null],
    ['found out of school', { account: 'dropped-out', evidence: 'visit' }, 'case'],
  ])('[CASE-13] posts %s', async (_, right, stage) => {
    const [file] = await plant({})
    const answer = await officer.ask('POST', `/children/${file?.childId}/entries`, { body: { ...entry, ...right } })
    expect([answer.status, answer.body.caseId]).toEqual([200, stage === null ? null : file?.caseId])
    const [row] = await admin<{ stage: string; open: boolean | null }>(
      'select stage, open from case_file where child_id = $1',
      [file?.childId],
    )
    expect(row).toEqual(stage === null ? { stage: 'task', open: null } : { stage, open: true })
    const [span] = await admin<{ code: string; confirmed: string; author: number }>(
      `select a.code, k.confirmed_day::text as confirmed, p.author_id::int as author from whereabouts_span s
         join book_account a using (account_id) join posting p on p.posting_id = s.posted_by
         join evidence_confirmation k using (evidence_id)
       where s.child_id = $1 and s.superseded_by is null and upper_inf(s.valid)`,
      [file?.childId],
    )
    expect(span).toEqual({ code: right.account, confirmed: today, author })
  })

  test('[CASE-13] a correction is a newer entry: what was said before is kept as superseded', async () => {
    const [file] = await plant({})
    const post = (body: object) => officer.ask('POST', `/children/${file?.childId}/entries`, { body })
    await post({ ...entry, from: '2026-11-10' })
    await post({ ...entry, account: 'here', unitId: school, evidence: 'attendance', from: '2026-11-05' })
    const spans = await admin<{ line: string; known: boolean }>(
      `select concat_ws(' ', a.code, lower(valid), upper(valid)) as line, superseded_by is null as known
       from whereabouts_span join book_account a using (account_id) where child_id = $1 order by valid, span_id`,
      [file?.childId],
    )
    expect(spans.filter(({ known }) => known).map(({ line }) => line)).toEqual([
      'to-verify 2026-11-01 2026-11-05',
      'here 2026-11-05',
    ])
    expect(spans.filter(({ known }) => !known).map(({ line }) => line)).toContain('other-province 2026-11-10')
  })

  test('[CASE-13] a child that is not tied to the officer’s unit is not found, one outside the books cannot be posted', async () => {
    const [far] = await plant({ unit: town.id(YUZHONG) })
    expect(await codeOf(officer.ask('POST', `/children/${far?.childId}/entries`, { body: entry }))).toBe(
      'REQUEST.NOT_FOUND',
    )
    const stray = await admin<{ id: number }>(
      `insert into child (units, made_by) select path, (select max(batch_id) from source_batch) from unit where unit_id = $1
       returning child_id::int as id`,
      [village],
    )
    expect(await codeOf(officer.ask('POST', `/children/${stray[0]?.id}/entries`, { body: entry }))).toBe(
      'ENTRY.NOT_IN_BOOKS',
    )
  })
})

describe('another day, another holder', () => {
  test('[CASE-15] moves with a reason, to a person who answers at a unit of the child', async () => {
    const [file] = await plant({})
    const change = (body: object) => officer.ask('PATCH', `/cases/${file?.caseId}`, { body })
    expect(await codeOf(change({ dueDay: '2026-12-01', reason: '因故' }))).toBe('CASE.REASON_NEEDED')
    expect(await codeOf(change({ dueDay: '2026-11-19', reason: '家长外出未归' }))).toBe('ENTRY.NOT_LAWFUL')
    expect(await codeOf(change({ dueDay: '2027-06-01', reason: '家长外出未归' }))).toBe('ENTRY.NOT_LAWFUL')
    const moved = await change({ dueDay: '2026-12-01', reason: '家长外出未归' })
    expect(moved.body).toMatchObject({ dueDay: '2026-12-01', notes: [{ kind: 'due', text: '家长外出未归' }] })

    const [holder] = await admin<{ id: number }>(
      `select staff_id::int as id from staff join account using (account_id) where login = 'nanchuan-officer'`,
    )
    const owner = { unitId: town.id(NANCHUAN), staffId: holder?.id }
    expect(moved.body.candidates).toContainEqual(expect.objectContaining({ staffId: holder?.id }))
    const reason = '镇街请区里直接办'
    expect(await codeOf(change({ owner: { ...owner, unitId: township }, reason }))).toBe('ENTRY.NOT_LAWFUL')
    expect(await codeOf(change({ owner: { ...owner, unitId: town.id(YUZHONG) }, reason }))).toBe('ENTRY.NOT_LAWFUL')
    const given = await change({ owner, reason })
    expect(given.body.holder).toMatchObject({ unit: { unitId: owner.unitId }, person: '人nanchuan-officer' })
    const ties = await admin<{ unit: number }>(
      `select unit_id as unit from tie where child_id = $1 and kind = 'answers' and upper_inf(valid)`,
      [file?.childId],
    )
    expect(ties).toEqual([{ unit: owner.unitId }])
  })

  test('[CASE-8] the former holder loses sight of child and file with it', async () => {
    const [file] = await plant({ school: otherSchool })
    const unitsOf = async () => {
      const [row] = await admin<{ child: number[]; file: number[] }>(
        'select c.units as child, f.units as file from child c join case_file f using (child_id) where f.case_id = $1',
        [file?.caseId],
      )
      return [row?.child.includes(otherSchool), row?.file.includes(otherSchool)]
    }
    expect(await unitsOf()).toEqual([true, true])
    const { body } = await officer.ask('GET', `/cases/${file?.caseId}`)
    const mine = body.candidates.find((one: { unit: { unitId: number } }) => one.unit.unitId === town.id(NANCHUAN))
    const owner = { unitId: town.id(NANCHUAN), staffId: mine.staffId }
    const change = { owner, reason: '学校在别的区县，改由区里办' }
    expect(await codeOf(officer.ask('PATCH', `/cases/${file?.caseId}`, { body: change }))).toBe(200)
    expect(await unitsOf()).toEqual([false, false])
  })

  test('[CASE-15] a closed file changes no more', async () => {
    const [file] = await plant({})
    const body = { account: 'other-province', from: '2026-11-20', evidence: 'certificate' }
    await officer.ask('POST', `/children/${file?.childId}/entries`, { body })
    const change = { dueDay: '2026-12-01', reason: '家长外出未归' }
    expect(await codeOf(officer.ask('PATCH', `/cases/${file?.caseId}`, { body: change }))).toBe('CASE.CLOSED')
    const { body: closed } = await officer.ask('GET', `/cases/${file?.caseId}`)
    expect(closed).toMatchObject({ isOpen: false, dueDay: null, outcome: 'explained', candidates: null })
  })
})

test('[CASE-10] an officer merges two children and takes it back, each with a reason that is kept', async () => {
  const [one, two, far] = await plant({ name: '向双' }, { name: '向双' }, { unit: town.id(YUZHONG) })
  const merge = (body: object) => officer.ask('POST', `/children/${one?.childId}/merge`, { body })
  const reason = '同一个孩子登记了两次'
  expect(await codeOf(merge({ intoChildId: two?.childId, reason: '重复' }))).toBe('CASE.REASON_NEEDED')
  expect(await codeOf(merge({ intoChildId: one?.childId, reason }))).toBe('CASE.SAME_CHILD')
  expect(await codeOf(merge({ intoChildId: far?.childId, reason }))).toBe('REQUEST.NOT_FOUND')
  const { body } = await merge({ intoChildId: two?.childId, reason })
  expect(body).toMatchObject({ childId: two?.childId })
  expect((await officer.ask('GET', `/cases/${one?.caseId}`)).body).toMatchObject({ code: 'REQUEST.NOT_FOUND' })
  const undo = (asked: string) => officer.ask('POST', `/merges/${body.mergeId}/undo`, { body: { reason: asked } })
  expect(
    await codeOf(
      (await house.signIn('zone-officer')).ask('POST', `/merges/${body.mergeId}/undo`, { body: { reason } }),
    ),
  ).toBe('REQUEST.NOT_FOUND')
  expect((await undo('确认是两个孩子')).body).toEqual({ childId: two?.childId, fromChildId: one?.childId })
  expect(await codeOf(undo('确认是两个孩子'))).toBe('REQUEST.NOT_FOUND')
  const { body: list } = await officer.ask('GET', '/cases?size=200')
  expect(list.rows.filter((row: { name: string }) => row.name === '向双')).toHaveLength(2)
})

test('[CASE-10] of officers who merge the same children at once, the first is done and the others are told', async () => {
  const [one, two, three] = await plant({ name: '向同' }, { name: '向同' }, { name: '向同' })
  const merge = (from: number | undefined, into: number | undefined) =>
    officer.ask('POST', `/children/${from}/merge`, { body: { intoChildId: into, reason: '同一个孩子登记了两次' } })
  const answers = await Promise.all([
    merge(one?.childId, two?.childId),
    merge(two?.childId, one?.childId),
    merge(one?.childId, three?.childId),
  ])
  const done = answers.filter(({ status }) => status === 200)
  expect(answers.filter(({ status }) => status !== 200).map(({ body }) => body.code)).toEqual(
    done.length === 1 ? ['CASE.SAME_CHILD', 'CASE.SAME_CHILD'] : ['CASE.SAME_CHILD'],
  )
  const merges = await admin<{ from_child: number; into_child: number }>(
    'select from_child::int, into_child::int from child_merge where undone_at is null and from_child = any ($1)',
    [[one?.childId, two?.childId]],
  )
  expect(merges.map((row) => row.into_child).toSorted()).toEqual(done.map(({ body }) => body.childId).toSorted())
})

test('[CASE-11] the city closes a day by hand', async () => {
  const city = await house.signIn('city-admin')
  expect((await city.ask('POST', '/book/close', { body: { day: '2026-11-02' } })).body).toMatchObject({ isNew: true })
  expect((await city.ask('POST', '/book/close', { body: { day: '2026-11-02' } })).body).toMatchObject({ isNew: false })
  expect(await codeOf(city.ask('POST', '/book/close', { body: { day: '2026-11-04' } }))).toBe('BOOK.DAY_ORDER')
})
