import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import {
  csv,
  ended,
  findInDatabase,
  give,
  openedFolders,
  populationRows,
  rollRows,
  secretsOf,
  startRun,
  testPerson,
  xlsx,
} from '../../app/testing/sheets.ts'
import { maskCitizenId, maskName } from '../../kernel/mask.ts'
import { SHEET_LIMITS } from '../../platform/sheets/index.ts'
import { readSmallEntry } from '../../platform/sheets/unzip.ts'
import { openWorkbook } from '../../platform/sheets/xlsx-parts.ts'
import { temporaryFolder } from '../../platform/testing/folder.ts'
import { LIST_NAMES } from './contract.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const folder = await temporaryFolder()

const linked = testPerson(0, '2015-03-14')
const absent = testPerson(1, '2014-07-02')
const cancelled = testPerson(2, '2016-01-20')
const small = testPerson(3, '2022-05-05')
const left = testPerson(4, '2013-11-30')
const far = testPerson(5, '2015-10-10')
const stranger = testPerson(6, '2014-02-02')
const everybody = [linked, absent, cancelled, small, left, far, stranger]

const population = populationRows([
  { person: linked },
  { person: absent },
  { person: linked },
  { person: cancelled, cancelled: true },
  { person: small },
  { person: left },
  { person: far, township: '西城街道' },
])
const roll = rollRows([
  { person: linked, grade: '六年级' },
  { person: left, grade: '七年级', status: '转出' },
  { person: far, grade: '五年级' },
  { person: stranger, grade: '七年级' },
])

const inspection = await officer.ask('POST', '/runs/sheets?role=population', {
  file: { name: `${linked.name}的户籍.xlsx`, content: await xlsx(population, folder) },
})
const rollSheetId = await give(officer, 'roll', csv(roll))
const order = { populationSheetId: inspection.body.sheetId, rollSheetId, schoolYear: 2026 }
const created = await officer.ask('POST', '/runs', { body: order })
const runId = created.body.runId
const run = await ended(officer, runId)
const list = async (name: string, query = '') => (await officer.ask('GET', `/runs/${runId}/lists/${name}${query}`)).body
const audit = (action: string) =>
  house.admin<{ kind: string; target: string; reason: string | null; outcome: string }>(
    'select kind, target, reason, outcome from audit_event where action = $1 order by audit_id',
    [action],
  )

describe('[RUN-1] a sheet that is given', () => {
  test('is recognised, with the fingerprint and the masked samples that the officer compares', () => {
    expect(inspection).toMatchObject({
      status: 200,
      body: {
        role: 'population',
        fileName: `${linked.name}的户籍.xlsx`,
        format: 'xlsx',
        headerRow: 1,
        rows: 7,
        missing: [],
      },
    })
    expect(inspection.body.fingerprint).toMatch(/^[0-9a-f]{12}$/)
    const samples = Object.fromEntries(
      inspection.body.columns.map((column: { field: string; samples: string[] }) => [column.field, column.samples[0]]),
    )
    expect(samples).toMatchObject({
      name: maskName(linked.name),
      citizenId: maskCitizenId(linked.id),
      phone: '139****6500',
      address: '重庆市南川区东城街道***',
      sex: linked.sex,
    })
  })

  test('leaves headings and counts in the database, its name sealed, and no cell', async () => {
    const [row] = await house.admin<{ text: string }>(
      'select layout::text as text from reconcile_sheet where sheet_id = $1',
      [order.populationSheetId],
    )
    expect(row?.text).toContain('公民身份号码')
    expect(row?.text).not.toContain('samples')
  })

  test('is in the audit by its id', async () => {
    expect(await audit('run.upload-sheet')).toEqual([
      { kind: 'write', target: `sheet:${order.populationSheetId}`, reason: null, outcome: 'ok' },
      { kind: 'write', target: `sheet:${rollSheetId}`, reason: null, outcome: 'ok' },
    ])
  })
})

describe('[RUN-7] a run', () => {
  test('waits, with its number and the names of its files', () => {
    expect(created.body).toMatchObject({
      number: 1,
      schoolYear: 2026,
      unit: { name: '南川区' },
      createdBy: '人nanchuan-officer',
      populationFile: `${linked.name}的户籍.xlsx`,
      rollFile: 'roll.csv',
      mayCancel: true,
      mayExport: false,
      previous: null,
    })
  })

  test('ends with a balance that closes and says where every person is', () => {
    expect(run).toMatchObject({ state: 'done', problem: null, progress: null, mayCancel: false, mayExport: true })
    const { summary } = run
    expect(summary).toMatchObject({
      balances: true,
      populationRows: 7,
      rollRows: 4,
      personsToAccountFor: 4,
      unexplained: 2,
    })
    const counts = Object.fromEntries(
      summary.lists.map((line: { list: string; count: number }) => [line.list, line.count]),
    )
    expect(counts).toEqual({
      linked: 2,
      review: 0,
      duplicates: 1,
      'not-found': 2,
      'roll-only': 1,
      outside: 2,
      errors: 0,
    })
  })

  test('keeps its lists sealed under its unit', async () => {
    const kept = await house.admin<{ list: string; row_count: number; units: number[]; purpose: string }>(
      'select list, row_count, l.units, purpose from reconcile_list l join sealed_file using (file_id) where run_id = $1',
      [runId],
    )
    expect(kept).toHaveLength(7)
    for (const { units, purpose } of kept) {
      expect(units).toEqual([house.town.id('500000'), house.town.id('500119')])
      expect(purpose).toBe('list')
    }
  })

  test('[RUN-18] is compared with the unit’s run before it, and with what that one read', async () => {
    const next = await ended(officer, await startRun(officer, csv(population), csv(roll)))
    expect(next).toMatchObject({
      number: 2,
      previous: {
        runId,
        number: 1,
        unexplained: 2,
        isSameModel: true,
        // Another file of the same rows: the population was a workbook, the roll the same bytes.
        inputs: [
          { kind: 'population', isSame: false, rows: 7, rowsBefore: 7 },
          { kind: 'roll', isSame: true, rows: 4, rowsBefore: 4 },
        ],
      },
    })
    const { body } = await officer.ask('GET', '/runs?size=1')
    expect(body).toMatchObject({ total: 2, page: 1, size: 1, rows: [{ number: 2, state: 'done', unexplained: 2 }] })
  })
})

describe('[RUN-11] a list', () => {
  test('comes in pages, with names in full, numbers and guardians masked', async () => {
    const first = await list('not-found', '?size=1')
    const second = await list('not-found', '?size=1&page=2')
    expect(first).toMatchObject({ total: 2, page: 1, size: 1 })
    const rows = [...first.rows, ...second.rows]
    expect(rows.map(({ name, class: label }) => [name, label]).sort()).toEqual(
      [
        [absent.name, 'absent'],
        [left.name, 'left'],
      ].sort(),
    )
    expect(rows.find(({ name }) => name === absent.name)).toMatchObject({
      citizenId: maskCitizenId(absent.id),
      guardian: maskName(absent.guardian),
      birthDay: absent.birth,
      township: '东城街道',
      populationRow: 2,
      rollRow: null,
      classLabel: '名册上未见',
    })
    const said = JSON.stringify(rows)
    for (const person of everybody) {
      for (const secret of [person.id, person.phone, person.guardian, '翠竹巷']) expect(said).not.toContain(secret)
    }
  })

  test('is narrowed by class, township and part of a name, together', async () => {
    expect((await list('not-found', '?class=left')).rows).toMatchObject([{ name: left.name }])
    expect((await list('linked', `?township=${encodeURIComponent('西城街道')}`)).rows).toMatchObject([
      { name: far.name },
    ])
    expect((await list('linked', `?q=${encodeURIComponent(far.name.slice(1))}`)).rows).toMatchObject([
      { name: far.name },
    ])
    expect(await list('linked', `?q=${encodeURIComponent("' or 1=1 --")}`)).toMatchObject({ total: 0, rows: [] })
    expect(
      await list('linked', `?q=${encodeURIComponent(far.name)}&township=${encodeURIComponent('东城街道')}`),
    ).toMatchObject({ total: 0 })
  })

  test('names the row by the place it keeps over filters', async () => {
    const all = (await list('linked')).rows
    const [found] = (await list('linked', `?q=${encodeURIComponent(far.name)}`)).rows
    expect(all[found.seq].name).toBe(far.name)
  })
})

describe('[RUN-4] a row’s numbers', () => {
  const path = `/runs/${runId}/lists/not-found`

  test('are shown for a reason, which is kept with the row’s place and no number', async () => {
    const { rows } = await list('not-found', '?class=absent')
    const numbered = `走访前核对 ${absent.id} 的住址`
    const refused = await officer.ask('POST', `${path}/${rows[0].seq}/reveal`, { body: { reason: numbered } })
    expect([refused.status, refused.body.code]).toEqual([422, 'REQUEST.REASON_NUMBER'])
    const reason = '走访前核对 20261120 的住址'
    const answer = await officer.ask('POST', `${path}/${rows[0].seq}/reveal`, { body: { reason } })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        citizenId: absent.id,
        rollCitizenId: null,
        guardian: absent.guardian,
        guardianPhone: absent.phone,
        address: absent.address,
      },
    })
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(await audit('run.reveal-row')).toMatchObject([
      { kind: 'reveal', reason: null, outcome: 'REQUEST.REASON_NUMBER' },
      { kind: 'reveal', target: `run:${runId}/not-found/${rows[0].seq}`, reason: '走访前核对 … 的住址', outcome: 'ok' },
    ])
  })

  test('[RUN-9] stay hidden without one in words', async () => {
    const answer = await officer.ask('POST', `${path}/0/reveal`, { body: { reason: ' 核对 ' } })
    expect(answer).toMatchObject({ status: 422, body: { code: 'RUN.REASON_NEEDED' } })
    expect((await audit('run.reveal-row')).at(-1)).toMatchObject({ outcome: 'RUN.REASON_NEEDED', kind: 'reveal' })
  })

  test('of a row that is not there are not found', async () => {
    for (const seq of [2, 9_999_999_999]) {
      const answer = await officer.ask('POST', `${path}/${seq}/reveal`, { body: { reason: '走访前核对' } })
      expect(answer).toMatchObject({ status: 404, body: { code: 'REQUEST.NOT_FOUND' } })
    }
  })
})

describe('[RUN-5] the workbook', () => {
  test('has every list with full numbers, and says on its first sheet who took it, when and for what', async () => {
    const answer = await officer.ask('POST', `/runs/${runId}/workbook`, { body: { reason: '镇街走访用表' } })
    expect(answer.status).toBe(200)
    expect(decodeURIComponent(String(answer.headers['content-disposition']))).toContain('南川区-第1次比对结果.xlsx')
    const path = join(folder, 'result.xlsx')
    await writeFile(path, answer.bytes)
    const { zip, worksheets } = await openWorkbook(path, 'result.xlsx', SHEET_LIMITS)
    expect(worksheets.map(({ name }) => name)).toEqual(['balance', ...LIST_NAMES])
    const [balance, notFound] = await Promise.all(
      [1, 5].map((n) => readSmallEntry(zip, `xl/worksheets/sheet${n}.xml`, SHEET_LIMITS)),
    )
    expect(balance).toMatch(/南川区 人nanchuan-officer 于 2\d{3}\/\d+\/\d+ \d+:\d+ 下载，用途：镇街走访用表/)
    for (const secret of [absent.name, absent.id, absent.guardian, absent.phone, absent.address])
      expect(notFound).toContain(secret)
    expect(await audit('run.download')).toEqual([
      { kind: 'export', target: `run:${runId}`, reason: '镇街走访用表', outcome: 'ok' },
    ])
  })

  test('[RUN-9] is not given without a purpose in words', async () => {
    const answer = await officer.ask('POST', `/runs/${runId}/workbook`, { body: { reason: '看看' } })
    expect(answer).toMatchObject({ status: 422, body: { code: 'RUN.REASON_NEEDED' } })
  })
})

describe('[RUN-14] after all this', () => {
  test('no name, number, phone or address of the sheets stands in a table, the queue’s included', async () => {
    const secrets = everybody.flatMap(secretsOf)
    expect(await findInDatabase(house, ['人nanchuan-officer'])).not.toEqual([])
    expect(await findInDatabase(house, secrets)).toEqual([])
  })

  test('nor in the log, nor in clear in a file of the data folder, nor in memory', async () => {
    const secrets = everybody.flatMap(secretsOf)
    const inLog = house.lines.join('')
    expect(secrets.filter((secret) => inLog.includes(secret))).toEqual([])
    const files = (await readdir(house.dataDir, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    )
    expect(files.length).toBeGreaterThan(8)
    for (const file of files) {
      const path = join(file.parentPath, file.name)
      const bytes = await readFile(path)
      expect([path, secrets.filter((secret) => bytes.includes(secret) || path.includes(secret))]).toEqual([path, []])
    }
    expect(files.filter(({ parentPath }) => parentPath.endsWith('drafts'))).toEqual([])
    expect(await openedFolders(house.dataDir)).toEqual([])
  })
})
