import { describe, expect, test } from 'vitest'
import { type TestHouse, testHouse, type Visitor } from '../../app/testing/house.ts'
import {
  csv,
  openedFolders,
  populationRows,
  secretsOf,
  type TestPerson,
  testPerson,
  xlsx,
} from '../../app/testing/sheets.ts'
import { temporaryFolder } from '../../platform/testing/folder.ts'
import type { Batch, FindingsPage, ImportSheet } from './contract.ts'
import { listCurrentBatches, sweepImports } from './server.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const head = await house.signIn('head')
const folder = await temporaryFolder()

type Table = readonly (readonly string[])[]

async function upload(
  visitor: Visitor,
  kind: string,
  content: Buffer | string,
  name: string,
  more = '',
): Promise<ImportSheet> {
  const answer = await visitor.ask('POST', `/imports?kind=${kind}${more}`, { file: { name, content } })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return answer.body
}

async function until<T>(read: () => Promise<T>, isEnd: (seen: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const seen = await read()
    if (isEnd(seen)) return seen
    await new Promise((resume) => setTimeout(resume, 100))
  }
  throw new Error('did not end')
}

const isSettled = ({ state }: ImportSheet) => state !== 'checking' && state !== 'committing'

async function act(
  visitor: Visitor,
  sheet: ImportSheet,
  verb: 'check' | 'commit',
  body?: object,
): Promise<ImportSheet> {
  const asked = await visitor.ask('POST', `/imports/${sheet.sheetId}/${verb}`, body === undefined ? {} : { body })
  if (asked.status !== 200) throw new Error(JSON.stringify(asked.body))
  return until(async () => (await visitor.ask('GET', `/imports/${sheet.sheetId}`)).body as ImportSheet, isSettled)
}

async function checked(visitor: Visitor, kind: string, rows: Table, name = 'a.csv', more = ''): Promise<ImportSheet> {
  return act(visitor, await upload(visitor, kind, csv(rows), name, more), 'check')
}

async function stored(visitor: Visitor, kind: string, rows: Table, more = ''): Promise<ImportSheet> {
  return act(visitor, await checked(visitor, kind, rows, 'a.csv', more), 'commit', { mode: 'whole' })
}

async function undone(visitor: Visitor, batchId: number): Promise<Batch> {
  const answer = await visitor.ask('POST', `/batches/${batchId}/undo`, { body: { reason: '传错了文件' } })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return until(
    async () => (await visitor.ask('GET', `/batches/${batchId}`)).body as Batch,
    (batch) => batch.undo === null,
  )
}

const HEADS = ['学校标识码', '姓名', '身份证件号', '性别', '年级', '班级', '学籍状态', '监护人1联系电话']

function roll(people: readonly TestPerson[], school: string, heads: readonly string[] = HEADS): Table {
  const cells = (person: TestPerson): Readonly<Record<string, string>> => ({
    学校标识码: school,
    姓名: person.name,
    身份证件号: person.id,
    性别: person.sex,
    年级: '三年级',
    班级: '1班',
    学籍状态: '在读',
    监护人1联系电话: person.phone,
    班号: '1班',
  })
  return [heads, ...people.map((person) => heads.map((heading) => cells(person)[heading] ?? ''))]
}

const people = Array.from({ length: 10 }, (_, n) => testPerson(n, `2017-0${1 + (n % 9)}-1${n % 9}`))
const [FIRST, SECOND] = ['2150000001', '2150000002']
const count = async (sql: string) =>
  Number((await house.admin<{ n: string }>(`select count(*) as n from ${sql}`))[0]!.n)

describe('[IMP-1] the way of a sheet from the upload to the batch', () => {
  test('is recognised, checked and stored, with who, when and what it speaks of', async () => {
    const content = await xlsx(roll(people.slice(0, 4), FIRST), folder)
    const sheet = await upload(head, 'roll', content, `${people[0]!.name}班.xlsx`)
    expect(sheet).toMatchObject({
      state: 'uploaded',
      columnsBy: 'recognised',
      rows: 4,
      missing: [],
      mayWork: true,
      hasRaw: true,
    })
    expect(sheet.sheetColumns[2]!.samples[0]).toMatch(/^500\*+\d{4}$/)
    const report = (await act(head, sheet, 'check')).report!
    expect(report).toMatchObject({
      rows: 4,
      goodRows: 4,
      refusedRows: 0,
      effect: { newChildren: 4, changed: 0, unchanged: 0, repeats: 0 },
      covers: [{ name: '第1小学校', rows: 4 }],
    })
    const done = await act(head, sheet, 'commit', { mode: 'whole' })
    expect(done).toMatchObject({ state: 'committed', mayWork: false })
    const { body } = await officer.ask('GET', `/batches/${done.batchId}`)
    expect(body).toMatchObject({
      kind: 'roll',
      rowCount: 4,
      storedCount: 4,
      isCurrent: true,
      mayUndo: false,
      sheetId: sheet.sheetId,
    })
    expect(await count(`source_record where batch_id = ${done.batchId}`)).toBe(4)
    expect((await officer.ask('GET', '/batches')).body.rows.map((row: Batch) => row.batchId)).toContain(done.batchId)
  }, 60_000)

  test('a second check follows changed columns; one column for two fields and a day to come are refused', async () => {
    const sheet = await checked(officer, 'roll', roll([people[5]!], SECOND))
    const patch = (body: object) => officer.ask('PATCH', `/imports/${sheet.sheetId}`, { body })
    expect((await patch({ columns: { name: 1, citizenId: 1 } })).body.code).toBe('IMPORT.COLUMN_TWICE')
    expect((await patch({ asOf: '2026-12-31' })).body.code).toBe('IMPORT.FUTURE_DAY')
    const { citizenId, ...rest } = sheet.columns
    expect((await patch({ columns: rest })).body).toMatchObject({
      state: 'uploaded',
      report: null,
      columnsBy: 'chosen',
      missing: [{ field: 'citizenId' }],
    })
    expect((await officer.ask('POST', `/imports/${sheet.sheetId}/check`)).body.code).toBe('SHEET.UNKNOWN_LAYOUT')
    expect((await officer.ask('POST', `/imports/${sheet.sheetId}/commit`, { body: { mode: 'whole' } })).body.code).toBe(
      'IMPORT.NOT_CHECKED',
    )
    const dropped = await officer.ask('DELETE', `/imports/${sheet.sheetId}`)
    expect(dropped.body).toMatchObject({ state: 'dropped', hasRaw: false, mayWork: false })
    expect(
      await count(`import_sheet where sheet_id = '${sheet.sheetId}' and file_id is null and rows_file_id is null`),
    ).toBe(1)
    expect((await officer.ask('POST', `/imports/${sheet.sheetId}/check`)).body.code).toBe('IMPORT.ENDED')
  }, 60_000)

  test('[IMP-3] a school brings no residents', async () => {
    const answer = await head.ask('POST', '/imports?kind=population', {
      file: { name: 'a.csv', content: csv(populationRows([{ person: people[0]! }])) },
    })
    expect(answer.body.code).toBe('IMPORT.KIND_NOT_HERE')
  })
})

describe('[IMP-6] what was found', () => {
  const faulty = populationRows(people.slice(0, 3).map((person) => ({ person }))).map((row, index) =>
    index === 2 ? row.with(1, '5.00119E+17') : index === 3 ? row.with(0, `${row[0]![0]}□`) : row,
  )

  test('row by row and cell by cell, masked, by severity and by code', async () => {
    const sheet = await checked(officer, 'population', faulty)
    const page = async (query: string) =>
      (await officer.ask('GET', `/imports/${sheet.sheetId}/findings${query}`)).body as FindingsPage
    const refused = await page('?severity=refuse')
    expect(refused.rows).toMatchObject([{ sheetRow: 3, severity: 'refuse' }])
    expect(refused.rows[0]!.findings[0]).toMatchObject({
      letter: 'B',
      column: 1,
      code: 'id-precision',
      label: '公民身份号码',
    })
    expect((await page('?code=name-unreadable')).rows.map(({ sheetRow }) => sheetRow)).toEqual([4])
    expect((await page('?severity=all')).total).toBe(3)
    const text = JSON.stringify(await page('?severity=all'))
    expect(text).toContain(people[0]!.name)
    for (const secret of people.slice(0, 3).flatMap((person) => secretsOf(person).slice(1)))
      expect(text).not.toContain(secret)
    await officer.ask('DELETE', `/imports/${sheet.sheetId}`)
  }, 60_000)

  test('[IMP-17] the whole sheet goes in or, said so, the good rows; the others are counted', async () => {
    const sheet = await checked(officer, 'population', faulty)
    const commit = (mode: string) => officer.ask('POST', `/imports/${sheet.sheetId}/commit`, { body: { mode } })
    expect((await commit('whole')).body.code).toBe('IMPORT.ROWS_REFUSED')
    const done = await act(officer, sheet, 'commit', { mode: 'good-rows' })
    const { body } = await officer.ask('GET', `/batches/${done.batchId}`)
    expect(body).toMatchObject({ rowCount: 3, storedCount: 2, refusedCount: 1 })
    await undone(officer, done.batchId!)
  }, 60_000)

  test('[IMP-16] the marked workbook is a workbook, asked for with a reason that is kept', async () => {
    const sheet = await checked(officer, 'population', faulty)
    const asked = (reason: string) => officer.ask('POST', `/imports/${sheet.sheetId}/marked`, { body: { reason } })
    expect((await asked('看')).body.code).toBe('RUN.REASON_NEEDED')
    const answer = await asked('交回派出所改正')
    expect(answer.status).toBe(200)
    expect(answer.bytes.subarray(0, 2).toString()).toBe('PK')
    const [line] = await house.admin<{ kind: string; reason: string }>(
      "select kind, reason from audit_event where action = 'import.marked' and outcome = 'ok'",
    )
    expect(line).toEqual({ kind: 'export', reason: '交回派出所改正' })
    await officer.ask('DELETE', `/imports/${sheet.sheetId}`)
  }, 60_000)
})

describe('[IMP-12] the same content', () => {
  test('[IMP-15] [IMP-19] twice, renamed, changes nothing; another day is another batch; undone, it may come again', async () => {
    const rows = roll([people[6]!, people[7]!], SECOND)
    const first = await stored(officer, 'roll', rows)
    const again = await checked(officer, 'roll', rows.with(0, rows[0]!), 'anders.csv')
    expect(again.report).toMatchObject({
      effect: { newChildren: 0, changed: 0, unchanged: 2, repeats: 0 },
      notes: [{ code: 'same-content', batchId: first.batchId }],
    })
    expect(await act(officer, again, 'commit', { mode: 'whole' })).toMatchObject({
      state: 'committed',
      batchId: first.batchId,
    })
    await undone(officer, first.batchId!)
    const third = await stored(officer, 'roll', rows)
    expect(third.batchId).not.toBe(first.batchId)
    await undone(officer, third.batchId!)
  }, 90_000)

  test('from two people at once is one batch', async () => {
    const rows = roll([people[8]!, people[9]!], SECOND)
    const [one, two] = [await checked(officer, 'roll', rows), await checked(officer, 'roll', rows)]
    const [a, b] = await Promise.all([one, two].map((sheet) => act(officer, sheet, 'commit', { mode: 'whole' })))
    expect(a!.batchId).not.toBeNull()
    expect(a!.batchId).toBe(b!.batchId)
    expect(await count(`source_record where batch_id = ${a!.batchId}`)).toBe(2)
    await undone(officer, a!.batchId!)
  }, 90_000)
})

describe('[IMP-13] newer and older', () => {
  test('an older extract needs a word of its own, and the newer one goes on speaking', async () => {
    const newer = await stored(officer, 'roll', roll([people[0]!, people[1]!], SECOND), '&asOf=2026-11-10')
    const older = await checked(officer, 'roll', roll([people[2]!], SECOND), 'a.csv', '&asOf=2026-10-01')
    expect(older.report!.notes).toMatchObject([{ code: 'older-extract', batchId: newer.batchId }])
    const refused = await officer.ask('POST', `/imports/${older.sheetId}/commit`, { body: { mode: 'whole' } })
    expect(refused.body.code).toBe('IMPORT.OLDER')
    const done = await act(officer, older, 'commit', { mode: 'whole', acceptOlder: true })
    const current = await house.services.db.asSystem('test.current', (tx) =>
      listCurrentBatches(tx, house.town.id(SECOND), 'roll'),
    )
    expect(current.map(({ batchId }) => batchId)).toEqual([newer.batchId])
    const isCurrent = async (id: number | null) => (await officer.ask('GET', `/batches/${id}`)).body.isCurrent
    expect([await isCurrent(newer.batchId), await isCurrent(done.batchId)]).toEqual([true, false])
    expect((await undone(officer, newer.batchId!)).undoneBy).toBe('人nanchuan-officer')
    expect(await isCurrent(done.batchId)).toBe(true)
    await undone(officer, done.batchId!)
  }, 90_000)
})

describe('[IMP-2] columns of last time', () => {
  test('are remembered by their headings; what changed is told and kept apart', async () => {
    const heads = HEADS.with(5, '班号')
    await undone(officer, (await stored(officer, 'roll', roll([people[3]!], SECOND, heads))).batchId!)
    const same = await upload(officer, 'roll', csv(roll([people[4]!], SECOND, heads)), 'b.csv')
    expect(same).toMatchObject({ columnsBy: 'remembered', columnsChanged: null })
    const other = await upload(
      officer,
      'roll',
      csv(roll([people[4]!], SECOND, ['备注', ...HEADS.slice(0, 6)])),
      'c.csv',
    )
    expect(other.columnsChanged).toMatchObject({
      added: [
        { column: 0, heading: '备注' },
        { column: 6, heading: '班级' },
      ],
      gone: [
        { heading: '班号' },
        { heading: '学籍状态', field: 'status', label: '学籍状态' },
        { heading: '监护人1联系电话' },
      ],
    })
    expect(other.columns).toMatchObject({ name: 2, citizenId: 3 })
  }, 60_000)
})

describe('[IMP-20] undoing', () => {
  test('needs the giving unit and a reason; twice is told, and both the doing and the reason are kept', async () => {
    const done = await stored(head, 'roll', roll([people[4]!], FIRST))
    const ask = (visitor: Visitor, reason: string) =>
      visitor.ask('POST', `/batches/${done.batchId}/undo`, { body: { reason } })
    expect((await ask(officer, '不是我们给的')).status).toBe(404)
    expect((await ask(head, '错')).body.code).toBe('RUN.REASON_NEEDED')
    const batch = await undone(head, done.batchId!)
    expect(batch).toMatchObject({ isCurrent: false, mayUndo: false, undo: null })
    expect((await ask(head, '再撤一次看看')).body.code).toBe('IMPORT.UNDONE')
    expect(await count(`batch_undo where batch_id = ${done.batchId} and state = 'done'`)).toBe(1)
    const [line] = await house.admin<{ reason: string }>(
      "select reason from audit_event where action = 'batch.undo' and outcome = 'ok' order by audit_id desc limit 1",
    )
    expect(line!.reason).toBe('传错了文件')
  }, 60_000)
})

describe('[IMP-18] what does not stay', () => {
  test('a sheet that nobody stored is given up after its days with everything opened of it', async () => {
    const sheet = await checked(officer, 'roll', roll([people[5]!], SECOND))
    const kept = await stored(officer, 'roll', roll([people[6]!], SECOND))
    expect(await sweepImports(house.services)).toBe(0)
    await house.admin("update import_sheet set changed_at = now() - interval '15 days'")
    expect(await sweepImports(house.services)).toBeGreaterThan(0)
    expect((await officer.ask('GET', `/imports/${sheet.sheetId}`)).body).toMatchObject({
      state: 'dropped',
      hasRaw: false,
    })
    expect((await officer.ask('GET', `/imports/${kept.sheetId}`)).body).toMatchObject({
      state: 'committed',
      hasRaw: true,
    })
    expect(await count(`source_batch where batch_id = ${kept.batchId} and rows_file_id is not null`)).toBe(1)
    await house.admin("update sealed_file set keep_until = now() - interval '1 day' where keep_until is not null")
    await house.services.files.sweep()
    expect((await officer.ask('GET', `/imports/${kept.sheetId}`)).body).toMatchObject({ hasRaw: false })
    expect(await count(`source_batch where batch_id = ${kept.batchId} and rows_file_id is not null`)).toBe(1)
    const marked = await officer.ask('POST', `/imports/${kept.sheetId}/marked`, { body: { reason: '交回学校改正' } })
    expect(marked.body.code).toBe('IMPORT.RAW_GONE')
    await undone(officer, kept.batchId!)
  }, 60_000)
})

describe('[IMP-21] who sees it', () => {
  test('the unit and those above it; another unit finds nothing', async () => {
    const sheet = await upload(head, 'roll', csv(roll([people[5]!], FIRST)), 'd.csv')
    const seenBy = async (login: string) =>
      (await (await house.signIn(login)).ask('GET', `/imports/${sheet.sheetId}`)).status
    expect(
      await Promise.all(['head', 'nanchuan-officer', 'city-admin', 'head-two', 'zone-officer'].map(seenBy)),
    ).toEqual([200, 200, 200, 404, 404])
    expect((await officer.ask('GET', `/imports/${sheet.sheetId}`)).body).toMatchObject({ mayWork: false })
    expect((await officer.ask('DELETE', `/imports/${sheet.sheetId}`)).status).toBe(404)
    expect((await officer.ask('POST', `/imports/${sheet.sheetId}/check`)).status).toBe(404)
  }, 30_000)

  test('no name, number, telephone or address stands in a table, a job or the log, and no opened sheet stays', async () => {
    await stored(officer, 'population', populationRows(people.slice(0, 5).map((person) => ({ person }))))
    const places = await textsOf(house)
    for (const secret of people.flatMap(secretsOf)) {
      expect(places.filter(({ text }) => text.includes(secret)).map(({ where }) => where)).toEqual([])
    }
    expect(await openedFolders(house.dataDir)).toEqual([])
  }, 60_000)
})

/** Every table as text, and the log. */
async function textsOf({
  admin,
  lines,
}: TestHouse): Promise<readonly { readonly where: string; readonly text: string }[]> {
  const tables = await admin<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  )
  const found = [{ where: 'log', text: lines.join('\n') }]
  for (const { name } of tables) {
    const rows = await admin<{ text: string }>(`select t::text as text from ${name} t`)
    found.push({ where: name, text: rows.map(({ text }) => text).join('\n') })
  }
  return found
}
