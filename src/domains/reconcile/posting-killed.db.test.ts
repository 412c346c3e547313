import { expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { childrenAtWork } from '../../app/testing/sheets.ts'
import { type RunId, runId } from '../../kernel/ids.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { ChildCrash } from '../../platform/child.ts'
import { temporaryFolder } from '../../platform/testing/folder.ts'
import { listRowFiles } from './books.store.server.ts'
import { giveBatch, type TestRow, testChild } from './books.test.server.ts'
import { compareBatches } from './books-input.server.ts'
import { workInChild } from './child-task.server.ts'

const house = await testHouse()
const { services } = house
const nanchuan = await house.actor('nanchuan-officer')
const school = house.town.id('2150000001')
const [village = 0] = [...house.town.unitIds].filter(([code]) => /^500119\d{6}$/.test(code)).map(([, id]) => id)
const COUNT = 80

const child = (n: number) =>
  testChild(11, `201${5 + (n % 3)}-0${1 + (n % 9)}-${10 + (n % 17)}`, `童${String.fromCodePoint(0x4e00 + n)}`)
const rows = (count: number, more: Partial<TestRow>) =>
  Array.from({ length: count }, (_, n) => ({ ...child(n), ...more }))

async function taskOf(id: RunId) {
  const population = await giveBatch(services, nanchuan, {
    kind: 'population',
    asOf: '2026-09-10',
    rows: rows(COUNT, { unitId: village }),
  })
  const roll = await giveBatch(services, nanchuan, {
    kind: 'roll',
    asOf: '2026-09-10',
    rows: rows(COUNT / 2, { schoolId: school, grade: '四年级', status: '在读' }),
  })
  const folder = await temporaryFolder()
  const work = await services.workFolders.open(1_000_000)
  const files = await services.db.asSystem('test.files', async (tx) => {
    const found = []
    for (const { batchId, kind, fileId } of await listRowFiles(tx, [population, roll]))
      found.push({ batchId, kind, file: await services.files.get(tx, fileId!) })
    return found
  })
  const batches = []
  for (const { batchId, kind, file } of files)
    batches.push({ batchId, kind, path: await services.files.materialise(file, work, `${kind}.parquet`) })
  const today = services.clock.today()
  const { factsCsv } = await compareBatches({
    batches,
    outspoken: [],
    schoolYear: 2026,
    cityPrefix: '50',
    today,
    workDir: folder,
  })
  await work.remove()
  return {
    kind: 'post',
    access: services.childAccess(),
    runId: id,
    authorId: nanchuan.accountId,
    batchIds: [population, roll],
    schoolYear: 2026,
    asOf: plainDate('2026-09-10'),
    today,
    now: services.clock.now(),
    factsCsv,
    chunk: 9,
  } as const
}

async function count(what: string): Promise<number> {
  const [row] = await house.admin<{ n: number }>(`select count(*)::int as n from ${what}`)
  return row!.n
}

test('[POST-19] a posting that is killed in the middle goes on and ends the same: nobody is lost, doubled or half posted', async () => {
  const task = await taskOf(runId(services.ids.uuid()))
  let told = 0
  const killed = workInChild(task, {
    onProgress: ({ percent }) => {
      told = percent
      if (percent > 60) for (const pid of childrenAtWork(process.pid)) process.kill(pid, 'SIGKILL')
    },
  })
  await expect(killed).rejects.toThrow(ChildCrash)
  expect(told).toBeGreaterThan(60)
  const half = await count('whereabouts_span')
  expect(half).toBeGreaterThan(0)
  expect(half).toBeLessThan(COUNT)

  const { answer } = await workInChild(task)
  expect(answer).toMatchObject({ posted: COUNT, merged: 0 })
  expect(answer.changes).toEqual(
    expect.arrayContaining([
      { from: null, to: 'here', count: COUNT / 2 },
      { from: null, to: 'to-verify', count: COUNT / 2 },
    ]),
  )
  expect(await count('whereabouts_span')).toBe(COUNT)
  expect(await count('whereabouts_span where superseded_by is null')).toBe(COUNT)
  expect(await count('case_file where open')).toBe(COUNT / 2)
  expect(await count('book_bridge')).toBe(1)

  await workInChild(task)
  expect(await count('whereabouts_span')).toBe(COUNT)
})
