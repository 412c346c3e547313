import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FoundRow, ImportSheet } from '../domains/imports/contract.ts'
import type { BookBalance, BookMatrix } from '../domains/whereabouts/contract.ts'
import { maskCitizenId } from '../kernel/mask.ts'
import { SHEET_LIMITS } from '../platform/sheets/index.ts'
import { readSmallEntry } from '../platform/sheets/unzip.ts'
import { openWorkbook } from '../platform/sheets/xlsx-parts.ts'
import { temporaryFolder } from '../platform/testing/folder.ts'
import { testHouse, type Visitor } from './testing/house.ts'
import {
  checkSheet,
  commitSheet,
  FIRST_DAY,
  gb18030,
  giveSheet,
  got,
  importSheet,
  PEOPLE,
  runBooks,
  soundPopulation,
  soundRoll,
  spoiltPopulation,
  spoiltRoll,
  undoBatch,
  villagesOf,
  zoneSheets,
} from './testing/morning.ts'
import { csv, xlsx } from './testing/sheets.ts'

/** One morning after another, in this order: each test goes on where the one before it ended. */
const house = await testHouse()
const [officer, zone, city, town] = (await Promise.all(
  ['nanchuan-officer', 'zone-officer', 'city-admin', 'town-officer'].map((login) => house.signIn(login)),
)) as [Visitor, Visitor, Visitor, Visitor]
const folder = await temporaryFolder()
const villages = await villagesOf(house)
/** Every sheet and every run starts a process of its own. */
const LONG = { timeout: 120_000 }
const REASON = '电话核实孩子去向'

/** What the tests hand on to one another. */
const made = { population: 0, roll: 0, secondRoll: 0, runId: '', sheetId: '' }
const child = new Map<string, number>()
let opened: BookBalance
let before: BookBalance
let after: BookBalance

const balance = (visitor: Visitor, query = ''): Promise<BookBalance> => got(visitor, 'GET', `/book/balance${query}`)
const matrix = (visitor: Visitor, query = ''): Promise<BookMatrix> => got(visitor, 'GET', `/book/matrix${query}`)
const countOf = ({ lines }: BookBalance, account: string) => lines.find((line) => line.account === account)?.total
const nonZero = ({ lines }: BookBalance) =>
  Object.fromEntries(lines.filter(({ total }) => total > 0).map(({ account, total }) => [account, total]))
/** The figures without what changes by asking later. */
const figures = ({ lines, lower, total, totals }: BookBalance) => ({ lines, lower, total, totals })
const findings = async (sheet: ImportSheet) => {
  const { rows }: { rows: FoundRow[] } = await got(officer, 'GET', `/imports/${sheet.sheetId}/findings`)
  return rows.flatMap(({ sheetRow, findings: found }) =>
    found.map(({ letter, code, severity }) => `${letter}${sheetRow} ${severity} ${code}`),
  )
}
const population = async (rows: readonly (readonly string[])[], name = '户籍.xlsx') =>
  ({ kind: 'population', content: await xlsx(rows, folder), name, asOf: FIRST_DAY }) as const
const roll = (rows: readonly (readonly string[])[], asOf = FIRST_DAY) =>
  ({ kind: 'roll', content: gb18030(rows), name: '学籍.csv', asOf }) as const
const find = async (visitor: Visitor, text: string) =>
  (await got(visitor, 'POST', '/children/find', { text })).rows as { childId: number; account: string | null }[]
const refusal = async (visitor: Visitor, method: string, path: string, body?: object) => {
  const answer = await visitor.ask(method, path, body === undefined ? {} : { body })
  return [answer.status, answer.body?.code]
}

describe('[APP-1] the first morning of a district: the sheets', LONG, () => {
  test('the zone beside it has told who lodges there and who is on its roll', async () => {
    const [lodging, zoneRoll] = zoneSheets()
    await importSheet(zone, { kind: 'floating', content: csv(lodging), name: '流动.csv', asOf: FIRST_DAY })
    const { report } = await importSheet(zone, {
      kind: 'roll',
      content: csv(zoneRoll),
      name: '学籍.csv',
      asOf: FIRST_DAY,
    })
    expect(report).toMatchObject({ rows: 1, refusedRows: 0, effect: { newChildren: 0, changed: 1 } })
  })

  test('planted faults are told by row and column', async () => {
    const sheet = await checkSheet(officer, await giveSheet(officer, await population(spoiltPopulation(villages))))
    made.sheetId = sheet.sheetId
    expect(sheet).toMatchObject({ state: 'checked', report: { rows: 9, goodRows: 7, refusedRows: 2, repairRows: 1 } })
    expect(await findings(sheet)).toEqual(['A8 refuse name-missing', 'B9 repair id-check', 'E10 refuse other-district'])
    expect(await refusal(officer, 'POST', `/imports/${sheet.sheetId}/commit`, { mode: 'whole' })).toEqual([
      409,
      'IMPORT.ROWS_REFUSED',
    ])
  })

  test('the marked copy says it in the workbook itself, and read again it is the same sheet', async () => {
    const answer = await officer.ask('POST', `/imports/${made.sheetId}/marked`, { body: { reason: '发派出所更正' } })
    expect(answer.status).toBe(200)
    const path = join(folder, 'marked.xlsx')
    await writeFile(path, answer.bytes)
    const { zip, worksheets } = await openWorkbook(path, 'marked.xlsx', SHEET_LIMITS)
    expect(worksheets).toHaveLength(1)
    const text = await readSmallEntry(zip, 'xl/worksheets/sheet1.xml', SHEET_LIMITS)
    for (const reason of ['姓名必填', '校验位应为', '请由渝中区提供']) expect(text).toContain(reason)
    const again = await giveSheet(officer, {
      kind: 'population',
      content: answer.bytes,
      name: '户籍（已标注）.xlsx',
      asOf: FIRST_DAY,
    })
    const sheet = await checkSheet(officer, again)
    expect(await findings(sheet)).toEqual(['A8 refuse name-missing', 'B9 repair id-check', 'E10 refuse other-district'])
    await got(officer, 'DELETE', `/imports/${sheet.sheetId}`)
  })

  test('corrected it goes in whole; of the roll the good rows', async () => {
    const corrected = await importSheet(officer, await population(soundPopulation(villages), '户籍改.xlsx'))
    expect(corrected.report).toMatchObject({ rows: 8, refusedRows: 0, repairRows: 0 })
    made.population = corrected.batchId
    const sheet = await checkSheet(officer, await giveSheet(officer, roll(spoiltRoll())))
    expect(await findings(sheet)).toEqual(['E2 repair grade-unread', 'D8 refuse school-unknown'])
    made.roll = (await commitSheet(officer, sheet, 'good-rows')).batchId
    expect(await got(officer, 'GET', `/batches/${made.roll}`)).toMatchObject({
      rowCount: 7,
      storedCount: 6,
      refusedCount: 1,
      repairCount: 1,
      isCurrent: true,
      postedRuns: 0,
    })
  })

  test('the same again is the same batch and changes nothing', async () => {
    const count = () =>
      house.admin(
        'select (select count(*) from source_batch) as b, (select count(*) from source_record) as r, (select count(*) from child) as c',
      )
    const held = await count()
    const sheet = await checkSheet(officer, await giveSheet(officer, await population(soundPopulation(villages))))
    expect(sheet.report?.notes).toContainEqual(
      expect.objectContaining({ code: 'same-content', batchId: made.population }),
    )
    expect((await commitSheet(officer, sheet)).batchId).toBe(made.population)
    expect(await count()).toEqual(held)
  })

  test('nobody is in the books by importing alone', async () => {
    expect(await refusal(officer, 'GET', '/book/balance')).toEqual([409, 'BOOK.NOT_OPEN'])
    expect(await find(officer, PEOPLE.atSchool.name)).toMatchObject([{ account: null }])
  })
})

describe('[APP-1] the books', LONG, () => {
  test('a run posts everybody once, and the balance adds up', async () => {
    const run = await runBooks(officer)
    made.runId = run.runId
    expect(run).toMatchObject({ posting: { state: 'posted', posted: 8 }, summary: { balances: true } })
    opened = await balance(officer)
    expect(opened).toMatchObject({
      asOf: FIRST_DAY,
      closes: true,
      total: 7,
      waiting: { batches: 0, rows: 0 },
      bridge: { received: 8, errors: 0, duplicates: 0, cancelled: 0, notBegun: 1, closed: 0, persons: 7, since: 0 },
    })
    expect(nonZero(opened)).toEqual({ here: 5, 'elsewhere-in-city': 1, 'to-verify': 1 })
    expect(nonZero(await balance(officer, '?base=S'))).toEqual({ here: 5, 'roll-no-registration': 1 })
    expect(nonZero(await balance(zone, '?base=S'))).toEqual({ 'elsewhere-in-city': 1 })
    for (const { account, total, ages, cells, group } of opened.lines) {
      const { recent, term, older, none } = ages
      expect([account, recent + term + older + none]).toEqual([account, total])
      if (group === 5) continue
      expect([account, cells.reduce((sum, { count }) => sum + count, 0)]).toEqual([account, total])
    }
    expect(opened.lower.reduce((sum, { total }) => sum + total, 0)).toBe(opened.total)
  })

  test('the same batches again answer the same run', async () => {
    expect(await runBooks(officer)).toMatchObject({ runId: made.runId, isSame: true })
    expect(figures(await balance(officer))).toEqual(figures(opened))
  })

  test('registered here and at school elsewhere is the same child from both sides', async () => {
    const here = await matrix(officer)
    const rows = Object.fromEntries(
      here.rows.flatMap(({ row, cells }) =>
        cells.filter(({ count }) => count > 0).map(({ column, count }) => [`${row}/${column}`, count]),
      ),
    )
    expect(rows).toEqual({ 'own/own': 5, 'own/other-district': 1, 'own/no-school': 1, 'no-registration/own': 1 })
    expect(here).toMatchObject({ agrees: true, ownByRegistration: 5, ownBySchool: 5 })
    expect(here.districts).toMatchObject([{ unitId: house.town.id('CQ-GX'), sent: 1, received: 0 }])
    const there = await matrix(zone)
    expect(there.districts).toMatchObject([{ unitId: house.town.id('500119'), sent: 0, received: 1 }])
    expect(there.agrees).toBe(true)
    for (const unit of ['500119', 'CQ-GX'])
      expect(await matrix(city, `?unitId=${house.town.id(unit)}`)).toMatchObject({ agrees: true })
  })

  test('every figure leads to as many children', async () => {
    for (const base of ['R', 'P', 'S'] as const) {
      const shown = await balance(officer, `?base=${base}`)
      for (const { account, total, cells } of shown.lines) {
        const path = `/children?base=${base}&account=${account}`
        const all = await got(officer, 'GET', path)
        expect([base, account, all.total, all.rows.length]).toEqual([base, account, total, total])
        for (const { unitId, count } of cells) {
          if (unitId === shown.unit.unitId) continue
          expect([base, account, unitId, (await got(officer, 'GET', `${path}&unitId=${unitId}`)).total]).toEqual([
            base,
            account,
            unitId,
            count,
          ])
        }
        for (const row of all.rows) child.set(row.name, row.childId)
      }
    }
    expect(child.size).toBe(8)
  })

  test('a township and a village see their own and nobody else', async () => {
    expect(await balance(town)).toMatchObject({ total: 7, unit: { name: '东城街道' } })
    const village = await house.signIn('village-officer')
    expect((await balance(village)).total).toBe(6)
    expect(await find(village, PEOPLE.inVillage.name)).toEqual([])
    expect(await find(town, PEOPLE.inVillage.name)).toHaveLength(1)
  })
})

describe('[APP-1] the child', LONG, () => {
  test('leads to the batch and the row it came from; whose task it is need not say why', async () => {
    const id = child.get(PEOPLE.absent.name)
    const file = await got(town, 'GET', `/children/${id}`)
    expect(file.identity).toMatchObject({ name: PEOPLE.absent.name, citizenId: maskCitizenId(PEOPLE.absent.id) })
    expect(file.sources).toMatchObject([{ batchId: made.population, row: 3, kind: 'population', asOf: FIRST_DAY }])
    const read = `select count(*)::int as n from audit_event where action = 'child.read-file' and outcome = 'ok' and target = $1`
    expect(await house.admin(read, [`child:${id}`])).toEqual([{ n: 1 }])
    const { spans } = await got(town, 'GET', `/book/children/${id}/spans`)
    expect(spans).toMatchObject([{ account: 'to-verify', posted: { source: 'run', sourceKey: made.runId } }])
    expect(await got(officer, 'GET', `/batches/${made.population}`)).toMatchObject({ storedCount: 8, postedRuns: 1 })
  })

  test('that is nobody’s task is opened with a reason, and its numbers are shown for one; all is kept', async () => {
    const { name, id: citizenId, phone, address } = PEOPLE.atSchool
    const id = child.get(name)
    expect(await refusal(officer, 'GET', `/children/${id}`)).toEqual([422, 'CHILD.REASON_NEEDED'])
    await got(officer, 'POST', `/children/${id}/open`, { reason: REASON })
    expect((await got(officer, 'GET', `/children/${id}`)).identity.citizenId).toBe(maskCitizenId(citizenId))
    const numbered = { reason: `${REASON} ${citizenId}`, fields: ['id'] }
    expect(await refusal(officer, 'POST', `/children/${id}/reveal`, numbered)).toEqual([422, 'REQUEST.REASON_NUMBER'])
    const reveal = { reason: REASON, fields: ['id', 'phone', 'address'] }
    const shown = await got(officer, 'POST', `/children/${id}/reveal`, reveal)
    expect(shown.identity.citizenId).toBe(citizenId)
    expect(shown.contact).toMatchObject({ phones: [phone], address })
    const kept = await house.admin(
      `select action, kind, reason, outcome from audit_event where target = $1 and action like 'child.%' order by audit_id`,
      [`child:${id}`],
    )
    expect(kept).toMatchObject([
      { action: 'child.read-file', kind: 'read', outcome: 'CHILD.REASON_NEEDED' },
      { action: 'child.open', kind: 'read', outcome: 'ok', reason: REASON },
      { action: 'child.read-file', kind: 'read', outcome: 'ok', reason: null },
      { action: 'child.reveal', kind: 'reveal', outcome: 'REQUEST.REASON_NUMBER', reason: null },
      { action: 'child.reveal', kind: 'reveal', outcome: 'ok', reason: REASON },
    ])
  })

  test('another district finds neither it nor its task, batch and sheet', async () => {
    const id = child.get(PEOPLE.absent.name)
    const { rows } = await got(officer, 'GET', '/cases')
    const [file] = rows.filter(({ childId }: { childId: number }) => childId === id)
    const asked = [
      ['GET', `/children/${id}`],
      ['POST', `/children/${id}/open`, { reason: REASON }],
      ['POST', `/children/${id}/reveal`, { reason: REASON, fields: ['id'] }],
      ['GET', `/book/children/${id}/spans`],
      ['GET', `/cases/${file.caseId}`],
      ['GET', `/batches/${made.population}`],
      ['POST', `/batches/${made.population}/undo`, { reason: REASON }],
      ['GET', `/imports/${made.sheetId}`],
      ['GET', `/imports/${made.sheetId}/findings`],
      ['POST', `/imports/${made.sheetId}/marked`, { reason: REASON }],
      ['GET', `/runs/${made.runId}`],
    ] as const
    for (const [method, path, body] of asked)
      expect([path, ...(await refusal(zone, method, path, body))]).toEqual([path, 404, 'REQUEST.NOT_FOUND'])
    expect(await find(zone, PEOPLE.absent.name)).toEqual([])
    expect((await got(zone, 'GET', '/cases')).rows).toEqual([])
  })

  test('registered here and living elsewhere shows who it is and not how to reach the family', async () => {
    const id = child.get(PEOPLE.far.name)
    const reveal = { reason: REASON, fields: ['id', 'phone', 'address'] }
    const file = await got(officer, 'POST', `/children/${id}/open`, { reason: REASON })
    expect([file.identity.name, file.contact]).toEqual([PEOPLE.far.name, null])
    expect((await got(officer, 'POST', `/children/${id}/reveal`, reveal)).contact).toBeNull()
    await got(zone, 'POST', `/children/${id}/open`, { reason: REASON })
    const shown = await got(zone, 'POST', `/children/${id}/reveal`, reveal)
    expect(shown.identity.citizenId).toBe(PEOPLE.far.id)
    expect(shown.contact.phones).toEqual([PEOPLE.far.phone])
  })
})

describe('[APP-1] the days and the second roll', LONG, () => {
  test('days close once, in order, when they are over', async () => {
    const close = (day: string) => got(city, 'POST', '/book/close', { day })
    expect(await close('2026-11-17')).toMatchObject({ isNew: true, posted: 0 })
    expect(await close('2026-11-17')).toMatchObject({ isNew: false, posted: 0 })
    for (const day of ['2026-11-19', '2026-11-20', '2027-01-01'])
      expect([day, ...(await refusal(city, 'POST', '/book/close', { day }))]).toEqual([day, 409, 'BOOK.DAY_ORDER'])
    await close('2026-11-18')
    before = await balance(officer)
    expect(before.asOf).toBe('2026-11-18')
    expect(figures(before).lines.map(({ account, total }) => [account, total])).toEqual(
      opened.lines.map(({ account, total }) => [account, total]),
    )
  })

  test('a newer roll without one child posts this difference alone', async () => {
    made.secondRoll = (await importSheet(officer, roll(soundRoll({ isLeft: true }), '2026-11-18'))).batchId
    expect((await balance(officer)).waiting).toEqual({ batches: 1, rows: 5 })
    const run = await runBooks(officer)
    expect(run).toMatchObject({
      isSame: false,
      number: 2,
      posting: { state: 'posted', posted: 1, changes: [{ from: 'here', to: 'to-verify', count: 1 }] },
    })
    after = await balance(officer)
    expect([countOf(after, 'here'), countOf(after, 'to-verify'), after.closes]).toEqual([4, 2, true])
    expect(after.bridge?.asOf).toBe('2026-11-18')
    expect(await balance(officer, `?asOf=${FIRST_DAY}`)).toMatchObject({ total: 7 })
    expect(countOf(await balance(officer, '?asOf=2026-11-17'), 'to-verify')).toBe(1)
    const { rows } = await got(officer, 'GET', '/cases')
    expect(rows.map(({ childId }: { childId: number }) => childId).sort()).toEqual(
      [PEOPLE.absent, PEOPLE.leaving].map(({ name }) => child.get(name)).sort(),
    )
  })

  test('as known before, the figures are what they were', async () => {
    expect(figures(await balance(officer, `?knownAt=${before.knownAt}`))).toEqual(figures(before))
    expect(await balance(officer, `?knownAt=${before.knownAt}`)).toMatchObject({ isPast: true })
  })

  test('undoing the newer roll brings the former figures back, and leaves what was known', async () => {
    const undone = await undoBatch(officer, made.secondRoll, '传错了文件')
    expect(undone).toMatchObject({ undo: null, undoneAt: expect.any(String) })
    const restored = await balance(officer)
    expect(nonZero(restored)).toEqual(nonZero(before))
    expect(figures(restored).lower).toEqual(before.lower)
    expect(restored).toMatchObject({ bridge: before.bridge, closes: true })
    expect(figures(await balance(officer, `?knownAt=${before.knownAt}`))).toEqual(figures(before))
    expect(figures(await balance(officer, `?knownAt=${after.knownAt}`))).toEqual(figures(after))
    expect((await got(officer, 'GET', '/cases')).rows).toHaveLength(1)
    expect(await got(officer, 'GET', `/batches/${made.roll}`)).toMatchObject({ isCurrent: true })
    await got(officer, 'POST', `/children/${child.get(PEOPLE.leaving.name)}/open`, { reason: REASON })
    const { spans } = await got(officer, 'GET', `/book/children/${child.get(PEOPLE.leaving.name)}/spans`)
    const holding = spans.filter(({ superseded }: { superseded: object | null }) => superseded === null)
    expect(holding.map(({ account, until }: { account: string; until: string | null }) => [account, until])).toEqual([
      ['here', null],
    ])
  })
})
