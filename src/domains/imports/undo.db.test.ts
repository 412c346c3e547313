import { expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { csv, ended, populationRows, testPerson } from '../../app/testing/sheets.ts'
import { batchId } from '../../kernel/ids.ts'
import type { RunningJob } from '../../platform/jobs.ts'
import { workOnUndo } from './batch.commands.server.ts'
import type { ImportSheet } from './contract.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const actor = await house.actor('nanchuan-officer')
const people = Array.from({ length: 6 }, (_, n) => testPerson(n, `2016-0${1 + n}-1${n}`))

async function store(kind: string, rows: readonly (readonly string[])[]): Promise<number> {
  const { body } = await officer.ask('POST', `/imports?kind=${kind}&asOf=2026-11-01`, {
    file: { name: 'a.csv', content: csv(rows) },
  })
  const { sheetId } = body as ImportSheet
  await officer.ask('POST', `/imports/${sheetId}/check`)
  await reached(sheetId, 'checked')
  await officer.ask('POST', `/imports/${sheetId}/commit`, { body: { mode: 'whole' } })
  return (await reached(sheetId, 'committed')).batchId!
}

async function reached(sheetId: string, state: string): Promise<ImportSheet> {
  for (let tries = 0; tries < 400; tries += 1) {
    const { body } = await officer.ask('GET', `/imports/${sheetId}`)
    if (body.state === state) return body
    await new Promise((resume) => setTimeout(resume, 100))
  }
  throw new Error(`never ${state}`)
}

async function books() {
  const [row] = await house.admin<Record<string, string>>(`select
    (select count(*) from whereabouts_span where superseded_by is null) as entries,
    (select count(*) from case_file where open) as files,
    (select count(*) from child where obliged is not null) as obliged,
    (select coalesce(sum(n), 0) from balance_movement) as balance,
    (select count(*) from source_batch where undone_at is null) as batches`)
  return Object.fromEntries(Object.entries(row!).map(([name, value]) => [name, Number(value)]))
}

const population = await store('population', populationRows(people.map((person) => ({ person }))))
const roll = await store('roll', [
  ['姓名', '身份证件号', '学校标识码', '年级', '学籍状态'],
  ...people.slice(0, 4).map(({ name, id }) => [name, id, '2150000001', '四年级', '在读']),
])
const created = await officer.ask('POST', '/runs/books', { body: {} })
const run = await ended(officer, created.body.runId, 60)

test('[IMP-20] a batch whose run was posted is undone with its postings, however often the work begins again', async () => {
  expect(run.state).toBe('done')
  const before = await books()
  expect(before).toMatchObject({ entries: 6, obliged: 6, files: 2, batches: 2 })
  expect((await officer.ask('GET', `/batches/${roll}`)).body).toMatchObject({ postedRuns: 1, mayUndo: true })
  await house.services.jobs.stop(2)
  const asked = await officer.ask('POST', `/batches/${roll}/undo`, { body: { reason: '学校传错了文件' } })
  expect(asked.body).toMatchObject({ undo: { state: 'waiting' }, mayUndo: false })
  const [row] = await house.admin<{ job_id: string }>('select job_id from batch_undo')
  const job = (signal: AbortSignal): RunningJob => ({
    jobId: row!.job_id,
    name: 'imports.undo',
    scope: actor.scope,
    payload: { batchId: batchId(roll) },
    attempt: 1,
    signal,
    report: () => {},
  })

  await expect(workOnUndo(house.services, job(AbortSignal.abort(new Error('killed'))))).rejects.toThrow('killed')
  expect(await books()).toMatchObject({ entries: 6, batches: 1 })
  expect((await officer.ask('GET', `/batches/${roll}`)).body).toMatchObject({
    undo: { state: 'running' },
    isCurrent: false,
  })

  for (let time = 0; time < 2; time += 1) {
    await workOnUndo(house.services, job(new AbortController().signal))
    expect(await books()).toMatchObject({ entries: 0, files: 0, obliged: 0, batches: 1 })
  }
  expect((await officer.ask('GET', `/batches/${roll}`)).body).toMatchObject({ undo: null, mayUndo: false })
  expect((await officer.ask('GET', `/batches/${population}`)).body).toMatchObject({ isCurrent: true, undoneAt: null })
}, 90_000)
