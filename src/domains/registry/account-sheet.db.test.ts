import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { testHouse, type Visitor } from '../../app/testing/house.ts'
import { accountId } from '../../kernel/ids.ts'
import { ingestToParquet, inspectSheet, openDuck, writeXlsx } from '../../platform/sheets/index.ts'
import { temporaryFolder } from '../../platform/testing/folder.ts'
import type { AccountSheet } from './account-sheet-contract.ts'
import { outSheet } from './account-sheet-files.server.ts'
import { setFirstPasswords } from './account-sheet-store.server.ts'
import { NANCHUAN, YUZHONG } from './town.test.server.ts'

const house = await testHouse()
const { admin, town } = house
const officer = await house.signIn('nanchuan-admin')
const HEAD = '姓名,登录名,角色,机构,起始日'
let serial = 0

async function upload(visitor: Visitor, rows: readonly string[], head = HEAD): Promise<AccountSheet> {
  const content = [head, ...rows].join('\n')
  const answer = await visitor.ask('POST', '/account-sheets', { file: { name: '人员.csv', content } })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return answer.body
}

async function commit(visitor: Visitor, sheetId: string): Promise<AccountSheet> {
  const answer = await visitor.ask('POST', `/account-sheets/${sheetId}/commit`)
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return answer.body
}

async function ready(visitor: Visitor, sheetId: string): Promise<AccountSheet> {
  for (let tried = 0; tried < 150; tried += 1) {
    const { body } = await visitor.ask('GET', `/account-sheets/${sheetId}`)
    if (body.passwords.state !== 'drawing') return body
    await sleep(200)
  }
  throw new Error('no passwords after thirty seconds')
}

/** Rows of a downloaded workbook by heading. */
async function readBook(bytes: Buffer, headings: readonly string[]): Promise<readonly (readonly string[])[]> {
  const workDir = await temporaryFolder()
  const path = join(workDir, 'book.xlsx')
  await writeFile(path, bytes)
  const fields = headings.map((label, index) => ({
    id: `f${index}`,
    label,
    isRequired: true,
    kind: 'text' as const,
    aliases: [label],
  }))
  const given = { path, fileName: 'book.xlsx', workDir, fields }
  const layout = await inspectSheet({ ...given, countRows: true })
  const out = join(workDir, 'book.parquet')
  const columns = Object.fromEntries(layout.columns.flatMap(({ field, index }) => (field ? [[field, index]] : [])))
  await ingestToParquet({ ...given, layout, columns, out, threads: 1 })
  const duck = await openDuck({ workDir, threads: 1 })
  try {
    return (
      await duck.rows(`select ${fields.map(({ id }) => id).join(', ')} from read_parquet('${out}') order by row`)
    ).map((row) => row.map(String))
  } finally {
    duck.close()
  }
}

const BOOK = ['姓名', '登录名', '初始密码', '角色', '机构']

async function take(visitor: Visitor, sheetId: string) {
  const answer = await visitor.ask('POST', `/account-sheets/${sheetId}/passwords`)
  return { ...answer, rows: answer.status === 200 ? await readBook(answer.bytes, BOOK) : [] }
}

async function count(sql: string): Promise<number> {
  const [row] = await admin<{ count: string }>(`select count(*) from ${sql}`)
  return Number(row?.count)
}

const totals = async () => ({
  accounts: await count('account'),
  staff: await count('staff'),
  posts: await count('post'),
})

test('[REG-20] a dry run writes nothing and says of every wrong row where and why', async () => {
  const before = await totals()
  const sheet = await upload(officer, [
    '周明华,,班主任,2150000001,2026-09-01',
    '吴1,,班主任,2150000001,',
    '郑好,Wrong Login,班主任,2150000001,',
    '王一,head,班主任,2150000001,',
    '冯二,,校长助理,2150000001,',
    '陈三,,市级管理员,2150000001,',
    '褚四,,班主任,没有这所学校,',
    '卫五,,村社干部,2150000001,',
    '蒋六,,班主任,2150000001,二〇二六年',
    '沈七,,班主任,2150000001,2020-01-01',
    '周明华,,班主任,第1小学校,2026-09-01',
    ',,,,2026-09-01',
    '韩八,,班主任,2150000003,',
  ])
  expect(sheet.counts).toEqual({ rows: 13, opened: 1, given: 0, held: 0, refused: 12 })
  expect(
    sheet.rows
      .filter(({ outcome }) => outcome === 'refused')
      .map(({ row, findings }) => [row, ...findings.map(({ heading, reason }) => `${heading}：${reason}`)]),
  ).toEqual([
    [3, '姓名：要 2 到 30 个字，不含数字'],
    [4, '登录名：用小写字母、数字、点或横线，3 到 32 位；不填则由拼音生成'],
    [5, '登录名：账号名 head 已被使用，请换一个'],
    [
      6,
      '角色：没有这个角色。可填：督学、区县控辍专干、区县比对复核员、片区教育管理中心干部、镇街干部、村社干部、校长、学校资助专干、班主任',
    ],
    [7, '角色：您的岗位没有这项权限：授予“市级管理员”。如确需办理，请联系本单位管理员'],
    [8, '机构：没有这个机构，或不在您的工作范围内'],
    [9, '角色：村社干部 不能设在这类单位'],
    [10, '起始日：要写成 2026-09-01 这样'],
    [11, '起始日：第1小学校 2026-01-01 才设立，请改成这一天或以后'],
    [12, '姓名：与第 2 行重复：同一个人、同一机构、同一岗位'],
    [13, '姓名：没有填', '角色：没有填', '机构：没有填'],
    [14, '机构：没有这个机构，或不在您的工作范围内'],
  ])
  expect(await totals()).toEqual(before)
  const refused = await officer.ask('POST', `/account-sheets/${sheet.sheetId}/commit`)
  expect(refused).toMatchObject({ status: 409, body: { code: 'ACCOUNT.SHEET_REFUSED' } })
  expect(await totals()).toEqual(before)
})

test('[REG-20] [REG-22] [REG-23] all rows or none; the passwords are taken once and changed at once', {
  timeout: 60_000,
}, async () => {
  const village = (
    await admin<{ name: string; parent: string }>(
      `select v.name, t.name as parent from unit v join unit t on t.unit_id = v.parent_id where v.kind = 'village' limit 1`,
    )
  )[0]!
  const rows = [
    '单雨涵,,班主任,2150000001,2026-09-01',
    '单雨涵,,班主任,第2小学校,2026-09-01',
    '单雨涵,,学校资助专干,第2小学校,',
    `张伟,zhang.wei,村社干部,南川区/${village.parent}/${village.name},2026-09-01`,
  ]
  const sheet = await upload(officer, rows)
  expect(sheet.counts).toEqual({ rows: 4, opened: 3, given: 1, held: 0, refused: 0 })
  const before = await totals()
  const [first, second] = await Promise.all([commit(officer, sheet.sheetId), commit(officer, sheet.sheetId)])
  expect(first.committedAt).toBe(second.committedAt)
  expect(await totals()).toEqual({
    accounts: before.accounts + 3,
    staff: before.staff + 3,
    posts: before.posts + 4,
  })
  expect(await ready(officer, sheet.sheetId)).toMatchObject({ passwords: { state: 'ready', unused: 3 } })
  const [one, other] = await Promise.all([take(officer, sheet.sheetId), take(officer, sheet.sheetId)])
  expect([one.status, other.status].toSorted()).toEqual([200, 410])
  const book = [...one.rows, ...other.rows]
  expect(book.map(([person, login, , role]) => [person, login, role]).toSorted()).toEqual([
    ['单雨涵', 'shanyuhan', '班主任'],
    ['单雨涵', 'shanyuhan2', '学校资助专干、班主任'],
    ['张伟', 'zhang.wei', '村社干部'],
  ])
  expect(await take(officer, sheet.sheetId)).toMatchObject({ status: 410, body: { code: 'ACCOUNT.PASSWORDS_GONE' } })
  expect(await count(`sealed_file where purpose = 'first-passwords'`)).toBe(0)
  expect((await officer.ask('GET', `/account-sheets/${sheet.sheetId}`)).body.passwords.state).toBe('taken')
  for (const [, login, password] of book) {
    const visitor = house.visitor()
    const me = await visitor.ask('POST', '/session', { body: { login, password } })
    expect(me).toMatchObject({ status: 200, body: { mustChangePassword: true } })
    expect(await visitor.ask('GET', '/units')).toMatchObject({ body: { code: 'SESSION.CHANGE_PASSWORD' } })
  }
  const after = await totals()
  const again = await upload(officer, rows)
  expect(again.counts).toEqual({ rows: 4, opened: 0, given: 0, held: 4, refused: 0 })
  expect(await commit(officer, again.sheetId)).toMatchObject({ passwords: { state: 'none' } })
  expect(await totals()).toEqual(after)
})

test('[REG-20] a person who has an account gets the post alone, and nobody without the right gives it', async () => {
  const one = await upload(officer, ['人teacher,teacher,学校资助专干,2150000001,', '人aid,,班主任,2150000001,'])
  expect(one.rows.map(({ outcome, login, note }) => [outcome, login, note])).toEqual([
    ['given', 'teacher', '已有账号 teacher，只加岗位'],
    ['given', 'aid', '已有账号 aid，只加岗位'],
  ])
  const before = await totals()
  await commit(officer, one.sheetId)
  expect(await totals()).toEqual({ ...before, posts: before.posts + 2 })
  // 系统管理员 opens accounts but gives no posts to those that are there.
  const sysadmin = await house.signIn('sysadmin')
  const other = await upload(sysadmin, ['人city-inspector,city-inspector,市级管理员,重庆市,'])
  expect(other.rows[0]?.findings[0]?.reason).toMatch(/给已有的账号安排岗位/)
})

test('[REG-6] the three duties stay apart within one sheet and against what is held', async () => {
  const secadmin = await house.signIn('secadmin')
  const sheet = await upload(secadmin, [
    '钱三员,qian.sanyuan,系统管理员,500000,',
    '钱三员,qian.sanyuan,审计管理员,500000,',
    '人auditor,auditor,系统管理员,500000,',
    '人secadmin,secadmin,市级管理员,500000,',
  ])
  expect(
    sheet.rows.filter(({ outcome }) => outcome === 'refused').map(({ row, findings }) => [row, findings[0]?.reason]),
  ).toEqual([
    [3, '系统管理、安全管理、审计管理须由不同的人担任'],
    [4, '系统管理、安全管理、审计管理须由不同的人担任'],
    [5, '您的岗位没有这项权限：给自己安排岗位。如确需办理，请联系本单位管理员'],
  ])
})

test('[REG-22] what was written in between is found at the confirmation, and a login taken meanwhile is made anew', async () => {
  const rows = ['欧阳修远,,班主任,2150000001,2026-09-01']
  const sheet = await upload(officer, rows)
  expect(sheet.rows[0]?.login).toBe('ouyangxiuyuan')
  await admin(
    `insert into account (login, password_hash, created_at, units) values ('ouyangxiuyuan', 'x', now(), '{}')`,
  )
  await commit(officer, sheet.sheetId)
  expect(await count(`account where login = 'ouyangxiuyuan2'`)).toBe(1)
  const next = await upload(officer, ['欧阳修竹,,班主任,2150000001,2026-09-01'])
  await admin(`update unit set until_day = '2026-11-01' where code = '2150000002'`)
  const closed = await upload(officer, ['欧阳修武,,班主任,2150000002,2026-11-02'])
  expect(closed.rows[0]?.findings).toEqual([
    { column: 'unit', heading: '机构', reason: '第2小学校 已在 2026-11-01 撤销，不能再改' },
  ])
  await admin(`update unit set until_day = null where code = '2150000002'`)
  expect(next.counts).toMatchObject({ opened: 1 })
})

test('[REG-24] a sheet is its maker’s alone: not of the unit, not of those above', async () => {
  serial += 1
  const sheet = await upload(officer, [`孙秘密${'甲乙丙'[serial % 3]},,班主任,2150000001,`])
  for (const login of ['city-admin', 'yuzhong-admin', 'head', 'secadmin', 'town-officer']) {
    const other = await house.signIn(login)
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/commit'],
      ['POST', '/passwords'],
      ['POST', '/redraw'],
    ] as const) {
      expect([login, path, (await other.ask(method, `/account-sheets/${sheet.sheetId}${path}`)).status]).toEqual([
        login,
        path,
        404,
      ])
    }
    expect((await other.ask('GET', '/account-sheets')).body.rows.map((row: AccountSheet) => row.sheetId)).not.toContain(
      sheet.sheetId,
    )
  }
  const actor = await house.actor('nanchuan-admin')
  const stranger = { ...actor.scope, accountId: (await house.actor('nanchuan-officer')).accountId }
  const seen = (scope: typeof actor.scope) =>
    house.services.db.inScope(scope, (tx) =>
      tx.withTables<{ account_sheet: { sheet_id: string } }>().selectFrom('account_sheet').select('sheet_id').execute(),
    )
  expect((await seen(actor.scope)).map((row) => row.sheet_id)).toContain(sheet.sheetId)
  expect(await seen(stranger)).toEqual([])
  const forged = house.services.db.inScope(actor.scope, (tx) =>
    tx
      .withTables<{ account_sheet: Record<string, unknown> }>()
      .insertInto('account_sheet')
      .values({
        sheet_id: house.services.ids.uuid(),
        unit_id: town.id(YUZHONG),
        units: [town.id(YUZHONG)],
        created_by: actor.accountId,
        created_at: new Date(),
      })
      .execute(),
  )
  await expect(forged).rejects.toMatchObject({ code: 'REQUEST.NOT_SAVED' })
})

test('[REG-23] passwords that were lost are drawn anew for those who never signed in, and for nobody else', {
  timeout: 60_000,
}, async () => {
  const sheet = await upload(officer, ['李重发,,班主任,2150000001,', '李已登,,班主任,2150000001,'])
  await commit(officer, sheet.sheetId)
  await ready(officer, sheet.sheetId)
  const first = await take(officer, sheet.sheetId)
  const line = (rows: readonly (readonly string[])[], person: string) => rows.find(([name]) => name === person)!
  const [, login, password] = line(first.rows, '李已登')
  await house.visitor().ask('POST', '/session', { body: { login, password } })
  // Signed in between the choice and the writing: the password stays the person's own.
  const { scope } = await house.actor('nanchuan-admin')
  const [own] = await admin<{ id: number }>('select account_id::int as id from account where login = $1', [login])
  const drawn = [{ accountId: accountId(own?.id ?? 0), hash: 'x' }]
  expect((await house.services.db.inScope(scope, (tx) => setFirstPasswords(tx, drawn))).size).toBe(0)
  expect(await officer.ask('POST', `/account-sheets/${sheet.sheetId}/redraw`)).toMatchObject({
    status: 200,
    body: { passwords: { state: 'drawing' } },
  })
  await ready(officer, sheet.sheetId)
  const second = await take(officer, sheet.sheetId)
  expect(second.rows.map(([person]) => person)).toEqual(['李重发'])
  const signIn = (rows: readonly (readonly string[])[]) => {
    const [, name, secret] = line(rows, '李重发')
    return house.visitor().ask('POST', '/session', { body: { login: name, password: secret } })
  }
  expect((await signIn(first.rows)).status).toBe(401)
  expect((await signIn(second.rows)).status).toBe(200)
  expect(await officer.ask('POST', `/account-sheets/${sheet.sheetId}/redraw`)).toMatchObject({
    status: 409,
    body: { code: 'ACCOUNT.ALL_SIGNED_IN' },
  })
})

test('[REG-23] passwords that nobody took are gone after a day, and a sheet that nobody confirmed with its rows', async () => {
  const sheet = await upload(officer, ['吕过期,,班主任,2150000001,'])
  const idle = await upload(officer, ['吕未办,,班主任,2150000001,'])
  await commit(officer, sheet.sheetId)
  await ready(officer, sheet.sheetId)
  await admin(`update account_sheet set passwords_at = passwords_at - interval '24 hours' where sheet_id = $1`, [
    sheet.sheetId,
  ])
  expect(await take(officer, sheet.sheetId)).toMatchObject({ status: 410, body: { code: 'ACCOUNT.PASSWORDS_GONE' } })
  expect((await officer.ask('GET', `/account-sheets/${sheet.sheetId}`)).body.passwords.state).toBe('gone')
  await admin(
    `update sealed_file set keep_until = now() - interval '1 minute' where purpose in ('account-sheet', 'first-passwords')`,
  )
  await house.services.files.sweep()
  expect((await officer.ask('GET', `/account-sheets/${idle.sheetId}`)).body).toMatchObject({ counts: null, rows: [] })
  expect(await officer.ask('POST', `/account-sheets/${idle.sheetId}/commit`)).toMatchObject({
    status: 410,
    body: { code: 'ACCOUNT.SHEET_GONE' },
  })
})

test('[REG-23] no name, login or password of a sheet stands in the tables, jobs, audit or log', async () => {
  const sheet = await upload(officer, ['慕容无痕,,班主任,2150000001,2026-09-01'])
  await commit(officer, sheet.sheetId)
  await ready(officer, sheet.sheetId)
  for (const table of ['account_sheet', 'job', 'audit_event', 'outbox', 'sealed_file']) {
    const [row] = await admin<{ text: string | null }>(`select string_agg(t::text, ' ') as text from ${table} t`)
    expect([table, row?.text?.match(/慕容无痕|murongwuhen/)]).toEqual([table, null])
  }
  expect(house.lines.join('\n')).not.toMatch(/慕容无痕|murongwuhen/)
  const { rows } = await take(officer, sheet.sheetId)
  const password = rows[0]![2]!
  const [kept] = await admin<{ text: string }>(`select string_agg(t::text, ' ') as text from account t`)
  expect(kept?.text).not.toContain(password)
})

test('[REG-20] the template lists what may be written, and comes back filled as a workbook', async () => {
  const answer = await officer.ask('GET', '/account-sheets/template')
  expect(answer.status).toBe(200)
  const choices = await readBook(answer.bytes, ['角色', '机构', '编号', '类别'])
  expect(choices).toContainEqual(['班主任', '第1小学校', '2150000001', '学校'])
  expect(choices.map(([role]) => role)).not.toContain('市级管理员')
  expect(choices.flatMap(([, , code]) => code)).not.toContain('2150000003')
  const path = join(await temporaryFolder(), 'filled.xlsx')
  const file = await open(path, 'wx')
  const heads = ['姓名', '登录名（可空）', '角色', '机构', '起始日'].map((heading) => [heading, 12] as const)
  const [role = '', unit = ''] = choices.find(([label]) => label === '村社干部')!
  await writeXlsx(file, [outSheet('账号', heads, [['华在表', null, role, unit, '2026-09-01']])])
  await file.close()
  const sent = await officer.ask('POST', '/account-sheets', { file: { name: 'a.xlsx', content: await readFile(path) } })
  expect(sent.body).toMatchObject({ counts: { rows: 1, opened: 1, refused: 0 } })
  const empty = await officer.ask('POST', '/account-sheets', { file: { name: 'a.xlsx', content: answer.bytes } })
  expect(empty).toMatchObject({ status: 422, body: { code: expect.stringMatching(/^SHEET\./) } })
  const junk = await officer.ask('POST', '/account-sheets', { file: { name: 'a.xlsx', content: 'PK\u0003\u0004junk' } })
  expect(junk).toMatchObject({ status: 422, body: { code: expect.stringMatching(/^FILE\./) } })
})

test('[REG-21] the head of a school and the officer of a township see their own units only', async () => {
  const head = await house.signIn('head')
  const own = await upload(head, ['金校内,,班主任,2150000001,', '金校外,,班主任,2150000002,'])
  expect(own.rows.map(({ outcome }) => outcome)).toEqual(['refused', 'opened'])
  const township = await house.signIn('town-officer')
  const [village] = await admin<{ name: string }>(
    `select v.name from unit v join unit t on t.unit_id = v.parent_id join post p on p.unit_id = t.unit_id and p.role_id = 'township-officer' where v.kind = 'village' limit 1`,
  )
  const sheet = await upload(township, [`魏村干,,村社干部,${village?.name},`, `魏不行,,班主任,${NANCHUAN},`])
  expect(sheet.rows.map(({ row, outcome }) => [row, outcome])).toEqual([
    [3, 'refused'],
    [2, 'opened'],
  ])
})
