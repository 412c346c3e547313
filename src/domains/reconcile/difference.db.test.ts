import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { ended } from '../../app/testing/sheets.ts'
import { temporaryFolder } from '../../platform/testing/folder.ts'
import { entriesByName, giveBatch, type TestRow, testChild } from './books.test.server.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const nanchuan = await house.actor('nanchuan-officer')
const yuzhong = await house.actor('yuzhong-admin')
const school = house.town.id('2150000001')
const far = house.town.id('2150000003')
const [village = 0] = [...house.town.unitIds].filter(([code]) => /^500119\d{6}$/.test(code)).map(([, id]) => id)

const NAMES = ['甲离册', '乙补册', '丙外省', '丁待审', '戊外区', '己新来', '庚没变']
const child = (n: number, name = NAMES[n]!): TestRow => testChild(11 + n, '2016-01-01', name)
const registered = (n: number): TestRow => ({ ...child(n), unitId: village })
const pupil = (n: number, name?: string, schoolId = school): TestRow => ({
  ...child(n, name),
  schoolId,
  grade: '四年级',
  status: '在读',
})
const crowd = Array.from({ length: 60 }, (_, n) => testChild(30 + n, '2015-05-05', `众人${n}`))
const all = (rows: readonly TestRow[], more: Partial<TestRow>) => [
  ...rows,
  ...crowd.map((row) => ({ ...row, ...more })),
]

async function compare() {
  const { body } = await officer.ask('POST', '/runs/books', { body: {} })
  const run = await ended(officer, body.runId, 60)
  expect(run.state).toBe('done')
  return run
}
const give = (kind: 'population' | 'roll', asOf: string, rows: readonly TestRow[]) =>
  giveBatch(house.services, nanchuan, {
    kind,
    asOf,
    rows: all(
      rows,
      kind === 'population' ? { unitId: village } : { schoolId: school, grade: '五年级', status: '在读' },
    ),
  })

await give('population', '2026-09-10', [0, 1, 2, 3, 4, 6].map(registered))
await give('roll', '2026-09-10', [pupil(0), pupil(3, '苟同号'), pupil(6)])
const first = await compare()

const before = await entriesByName(house)
await officer.ask('POST', `/children/${before.get('丙外省')!.child}/entries`, {
  body: { account: 'other-province', evidence: 'registry-reply', from: '2026-09-20' },
})
await house.admin('update review_pair set needs_second = false')
const claimed = await officer.ask('POST', `/runs/${first.runId}/review/claims`, { body: { most: 1 } })
await officer.ask('POST', `/review-pairs/${claimed.body.pairs[0].pairId}/answers`, { body: { verdict: 'same' } })
await giveBatch(house.services, yuzhong, { kind: 'roll', asOf: '2026-09-15', rows: [pupil(4, undefined, far)] })
await give('population', '2026-10-10', [0, 1, 2, 3, 4, 5, 6].map(registered))
await give('roll', '2026-10-10', [pupil(1), pupil(3, '苟同号'), pupil(5), pupil(6)])
const run = await compare()

const lines = async (query = '') =>
  (await officer.ask('GET', `/runs/${run.runId}/difference/children${query}`)).body.rows as {
    name: string
    kind: string
    why: string
    from: string | null
    to: string | null
  }[]

describe('[DIFF-1] [DIFF-2] the difference from the run before', () => {
  test.each([
    ['甲离册', 'new', 'input', 'here', 'to-verify'],
    ['乙补册', 'resolved', 'input', 'to-verify', 'here'],
    ['丙外省', 'resolved', 'officer', 'to-verify', 'other-province'],
    ['丁待审', 'resolved', 'decision', 'to-verify', 'here'],
    ['戊外区', 'resolved', 'others', 'to-verify', 'elsewhere-in-city'],
    ['己新来', 'entered', 'input', null, 'here'],
  ])('%s: %s, because of %s', async (name, kind, why, from, to) => {
    expect((await lines()).find((line) => line.name === name)).toMatchObject({ kind, why, from, to })
  })

  test('names nobody who stands where he stood, and nobody for the first run', async () => {
    const names = (await lines()).map(({ name }) => name)
    expect(names).not.toContain('庚没变')
    expect(names).toHaveLength(6)
    const { body } = await officer.ask('GET', `/runs/${first.runId}/difference`)
    expect(body).toEqual({ before: null, counts: [] })
  })
})

test('[DIFF-3] every figure leads to its children', async () => {
  const { body } = await officer.ask('GET', `/runs/${run.runId}/difference`)
  expect(body.before).toEqual({ number: 1, asOf: '2026-09-10' })
  for (const { kind, why, count } of body.counts) {
    expect(await lines(`?kind=${kind}&why=${why}`)).toHaveLength(count)
  }
  expect(body.counts.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(6)
})

test('[DIFF-4] it goes out as a workbook for a purpose, with masked numbers', async () => {
  const path = `/runs/${run.runId}/difference/workbook`
  expect((await officer.ask('POST', path, { body: { reason: '1' } })).body.code).toBe('RUN.REASON_NEEDED')
  const { bytes } = await officer.ask('POST', path, { body: { reason: '周例会通报' } })
  const file = join(await temporaryFolder(), 'difference.xlsx')
  await writeFile(file, bytes)
  const [list, stamp] = (await readXlsx(bytes)).sheets
  expect(list!.rows).toHaveLength(7)
  expect(list!.rows.flat().join(' ')).toMatch(/甲离册.*500\*+/)
  expect(list!.rows.flat().join(' ')).not.toContain(child(0).id)
  expect(stamp!.rows.flat().join(' ')).toContain('周例会通报')
})

test('it is seen by nobody else', async () => {
  const zone = await house.actor('zone-officer')
  const { rows } = await house.db.inScope(zone.scope, (tx) =>
    sql<{ n: number }>`select count(*)::int as n from run_difference`.execute(tx),
  )
  expect(rows[0]?.n).toBe(0)
  const other = await house.signIn('zone-officer')
  expect((await other.ask('GET', `/runs/${run.runId}/difference`)).body.code).toBe('REQUEST.NOT_FOUND')
})
