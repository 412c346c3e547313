import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import {
  childrenAtWork,
  csv,
  ended,
  give,
  openedFolders,
  populationRows,
  rollRows,
  testPerson,
  xlsx,
} from '../../app/testing/sheets.ts'
import { valueOn } from '../../engines/policy/index.ts'
import { temporaryFolder } from '../../platform/testing/folder.ts'
import { rawExtractDays } from './policy.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const folder = await temporaryFolder()
const child = testPerson(0, '2015-03-14')
const other = testPerson(1, '2014-07-02')
const population = csv(populationRows([{ person: child }, { person: other }]))
const roll = csv(rollRows([{ person: child, grade: '六年级' }]))
const sheets = {
  populationSheetId: await give(officer, 'population', population),
  rollSheetId: await give(officer, 'roll', roll),
}
const start = async () => (await officer.ask('POST', '/runs', { body: { ...sheets, schoolYear: 2026 } })).body.runId
const drafts = () => readdir(join(house.dataDir, 'files', 'drafts')).catch(() => [])
const counts = async () =>
  (
    await house.admin(
      'select (select count(*) from reconcile_sheet) as sheets, (select count(*) from sealed_file) as files',
    )
  )[0]

/** While the run's process works: after the sheets were recognised, before the lists are there. */
async function midway(runId: string): Promise<number> {
  await expect.poll(() => childrenAtWork(process.pid).length, { timeout: 20_000, interval: 20 }).toBe(1)
  expect((await officer.ask('GET', `/runs/${runId}`)).body.state).toBe('running')
  return childrenAtWork(process.pid)[0]!
}

describe('[RUN-1] a sheet that cannot be read is refused in words and leaves nothing', () => {
  test.each<[string, () => Promise<{ name: string; content: Buffer | string }>, number, string]>([
    ['an empty file', async () => ({ name: 'a.csv', content: '' }), 422, 'FILE.EMPTY'],
    ['a heading alone', async () => ({ name: 'a.csv', content: population.split('\r\n')[0]! }), 422, 'SHEET.NO_ROWS'],
    [
      'data without a heading',
      async () => ({ name: 'a.csv', content: `${population.split('\r\n')[1]}\r\n`.repeat(3) }),
      422,
      'SHEET.NO_HEADER',
    ],
    [
      'a workbook cut off on its way',
      async () => ({
        name: 'a.xlsx',
        content: (await xlsx(populationRows([{ person: child }]), folder)).subarray(0, 900),
      }),
      422,
      'FILE.TRUNCATED',
    ],
    [
      'a picture',
      async () => ({ name: 'a.png', content: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') }),
      415,
      'FILE.TYPE',
    ],
  ])('%s', async (_, file, status, code) => {
    const before = await counts()
    const answer = await officer.ask('POST', '/runs/sheets?role=population', { file: await file() })
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect([await counts(), await drafts(), await openedFolders(house.dataDir)]).toEqual([before, [], []])
  })

  test('but one in GB18030 with unknown headings is taken, and says what it lacks', async () => {
    const content = Buffer.concat([Buffer.from('d0d5c3fb2cb1e0bac50a', 'hex'), Buffer.from('d5c5c8fd2c31320a', 'hex')])
    const answer = await officer.ask('POST', '/runs/sheets?role=roll', { file: { name: 'a.csv', content } })
    expect(answer).toMatchObject({
      status: 200,
      body: { encoding: 'gb18030', rows: 1, missing: [{ field: 'citizenId' }] },
    })
    expect(answer.body.columns[0].samples).toEqual(['张*'])
  })
})

describe('[RUN-2] an order', () => {
  test('of a sheet that was given for the other side, or that nobody gave, is not found', async () => {
    const { rollSheetId } = sheets
    for (const populationSheetId of [rollSheetId, house.services.ids.uuid()]) {
      const answer = await officer.ask('POST', '/runs', { body: { populationSheetId, rollSheetId, schoolYear: 2026 } })
      expect(answer).toMatchObject({ status: 404, body: { code: 'REQUEST.NOT_FOUND' } })
    }
  })

  test('[RUN-10] of the same sheet for both sides is refused', async () => {
    const order = { ...sheets, populationSheetId: await give(officer, 'population', roll), schoolYear: 2026 }
    expect(await officer.ask('POST', '/runs', { body: order })).toMatchObject({
      status: 422,
      body: { code: 'RUN.SAME_SHEET' },
    })
  })

  test('[RUN-19] with one column for two fields is refused, whatever the page let through', async () => {
    const order = { ...sheets, schoolYear: 2026, populationColumns: { name: 0, citizenId: 1, township: 1 } }
    expect(await officer.ask('POST', '/runs', { body: order })).toMatchObject({
      status: 422,
      body: { code: 'IMPORT.COLUMN_TWICE', words: { column: 'B', first: '公民身份号码', second: '街道（乡镇）' } },
    })
  })

  test('whose sheet lacks a column needs one chosen by hand, and takes it', async () => {
    const renamed = population.replace('公民身份号码', '编码')
    const order = { ...sheets, populationSheetId: await give(officer, 'population', renamed), schoolYear: 2026 }
    const refused = await officer.ask('POST', '/runs', { body: order })
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'SHEET.UNKNOWN_LAYOUT', words: { file: 'population.csv', columns: '公民身份号码' } },
    })
    const answer = await officer.ask('POST', '/runs', {
      body: { ...order, populationColumns: { name: 0, citizenId: 1, township: 5 } },
    })
    expect(await ended(officer, answer.body.runId)).toMatchObject({
      state: 'done',
      summary: { balances: true, personsToAccountFor: 2, unexplained: 1 },
    })
  })
})

describe('[RUN-3] cancelling', () => {
  test('ends the process within seconds and leaves a cancelled run and nothing else', async () => {
    const runId = await start()
    const before = await counts()
    const pid = await midway(runId)
    const answer = await officer.ask('POST', `/runs/${runId}/cancel`)
    expect(answer).toMatchObject({ status: 200, body: { state: 'cancelled', mayCancel: false, summary: null } })
    await expect.poll(() => childrenAtWork(process.pid).includes(pid), { timeout: 6_000 }).toBe(false)
    await expect.poll(() => openedFolders(house.dataDir), { timeout: 3_000 }).toEqual([])
    expect(await ended(officer, runId)).toMatchObject({
      state: 'cancelled',
      progress: null,
      summary: null,
      problem: null,
    })
    expect([await counts(), await drafts()]).toEqual([before, []])
    expect(await officer.ask('GET', `/runs/${runId}/lists/linked`)).toMatchObject({
      status: 409,
      body: { code: 'RUN.CANCELLED' },
    })
    expect(await officer.ask('POST', `/runs/${runId}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'RUN.NOT_RUNNING' },
    })
    const [job] = await house.admin('select state, problem ->> $2 as code from job where job_id = $1', [runId, 'code'])
    expect(job).toEqual({ state: 'cancelled', code: 'JOB.CANCELLED' })
  })
})

describe('[RUN-8] a run that fails says why', () => {
  test('when its process dies: interrupted, and nothing else remains', async () => {
    const runId = await start()
    const before = await counts()
    expect(await officer.ask('GET', `/runs/${runId}/lists/linked`)).toMatchObject({
      status: 409,
      body: { code: 'RUN.NOT_FINISHED' },
    })
    process.kill(await midway(runId), 'SIGKILL')
    expect(await ended(officer, runId)).toMatchObject({
      state: 'failed',
      summary: null,
      problem: { code: 'JOB.INTERRUPTED', message: expect.stringContaining('请重做一次') },
    })
    expect([await counts(), await drafts(), await openedFolders(house.dataDir)]).toEqual([before, [], []])
    expect(house.lines.join('')).toContain('"event":"reconcile.child-crashed"')
  })

  test('when a sealed sheet was damaged meanwhile: its Problem', async () => {
    const populationSheetId = await give(officer, 'population', `${population}\r\n`)
    const [file] = await house.admin<{ hash: string }>(
      `select encode(content_hash, 'hex') as hash from reconcile_sheet join sealed_file using (file_id) where sheet_id = $1`,
      [populationSheetId],
    )
    const path = join(house.dataDir, 'files', file!.hash.slice(0, 2), file!.hash)
    const bytes = await readFile(path)
    bytes[bytes.length - 30]! ^= 1
    await writeFile(path, bytes)
    const { runId } = (await officer.ask('POST', '/runs', { body: { ...sheets, populationSheetId, schoolYear: 2026 } }))
      .body
    expect(await ended(officer, runId)).toMatchObject({ state: 'failed', problem: { code: 'FILE.SEAL_BROKEN' } })
    expect(await openedFolders(house.dataDir)).toEqual([])
  })
})

describe('[RUN-13] the raw sheets', () => {
  test('go after their day; the run stays readable, and cannot be ordered anew', async () => {
    const runId = await start()
    await ended(officer, runId)
    const [kept] = await house.admin<{ days: number }>(
      `select extract(day from keep_until - now())::int as days from reconcile_sheet s join sealed_file using (file_id) where sheet_id = $1`,
      [sheets.populationSheetId],
    )
    expect(kept!.days).toBe(valueOn(rawExtractDays, house.services.clock.today()) - 1)
    await house.admin("update sealed_file set keep_until = now() - interval '1 second' where purpose = 'sheet'")
    await house.services.files.sweep()
    const files = await house.admin('select purpose from sealed_file group by purpose')
    expect(files).toEqual([{ purpose: 'list' }])
    const { body } = await officer.ask('GET', `/runs/${runId}`)
    expect(body).toMatchObject({ state: 'done', populationFile: 'population.csv', sheets: { population: { rows: 2 } } })
    expect((await officer.ask('GET', `/runs/${runId}/lists/not-found`)).body).toMatchObject({
      total: 1,
      rows: [{ name: other.name }],
    })
    expect(await officer.ask('POST', '/runs', { body: { ...sheets, schoolYear: 2026 } })).toMatchObject({
      status: 404,
      body: { code: 'REQUEST.NOT_FOUND' },
    })
  })
})
