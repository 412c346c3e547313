import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { ended } from '../../app/testing/sheets.ts'
import { giveBatch, type TestRow, testChild } from './books.test.server.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const nanchuan = await house.actor('nanchuan-officer')
const school = house.town.id('2150000001')
const [village = 0] = [...house.town.unitIds].filter(([code]) => /^500119\d{6}$/.test(code)).map(([, id]) => id)
const PAIRS = 96

/** [LINK-1] One ID number under two names: the machine asks. */
const child = (n: number, name: string): TestRow => testChild(11, dayOf(n), name)
const dayOf = (n: number) =>
  `2016-${String(1 + (n % 8)).padStart(2, '0')}-${String(1 + Math.floor(n / 8) * 2).padStart(2, '0')}`
const surnames = '冉苟佘郗鄢逯璩亓郄逄阚蔺'
const nameOf = (n: number, last: string) => `${surnames[n % 12]}${'东南西北'[n % 4]}${last}`
const crowd = Array.from({ length: 60 }, (_, n) => testChild(11 + n, '2015-05-05', `众人${n}`))
await giveBatch(house.services, nanchuan, {
  kind: 'population',
  asOf: '2026-09-10',
  rows: [...Array.from({ length: PAIRS }, (_, n) => child(n, nameOf(n, '甲'))), ...crowd].map((row) => ({
    ...row,
    unitId: village,
  })),
})
await giveBatch(house.services, nanchuan, {
  kind: 'roll',
  asOf: '2026-09-10',
  rows: [...Array.from({ length: PAIRS }, (_, n) => child(n, nameOf(n + 5, '乙'))), ...crowd].map((row) => ({
    ...row,
    schoolId: school,
    grade: '四年级',
    status: '在读',
  })),
})
const compare = async () => {
  const { body } = await officer.ask('POST', '/runs/books', { body: {} })
  return { isSame: body.isSame as boolean, run: await ended(officer, body.runId, 60) }
}
const { run: first } = await compare()
await house.admin('update review_pair set needs_second = false')

async function decide(most: number) {
  for (let done = 0; done < most; ) {
    const { body } = await officer.ask('POST', `/runs/${first.runId}/review/claims`, { body: { most: 5 } })
    if (body.pairs.length === 0) return
    for (const { pairId } of body.pairs) {
      await officer.ask('POST', `/review-pairs/${pairId}/answers`, { body: { verdict: 'different' } })
      done += 1
    }
  }
}

test('[ESTIMATE-2] too few decided pairs are refused', async () => {
  const { body } = await officer.ask('POST', '/run-models')
  expect(body).toMatchObject({ code: 'REVIEW.TOO_FEW', words: { count: 0, least: 40 } })
})

test('[ESTIMATE-2] [ESTIMATE-3] a model is made of what was decided, used when switched on, and told by name', async () => {
  await decide(PAIRS)
  const [decided] = await house.admin<{ n: number }>('select count(*)::int as n from pair_decision')
  const labels = decided!.n
  expect(labels).toBeGreaterThanOrEqual(40)
  const { body: made } = await officer.ask('POST', '/run-models')
  expect(made).toMatchObject({ labels, rows: [{ version: 1, labels, isOn: false, isOutdated: false }] })
  const [row] = made.rows
  expect(row.heldPairs).toBeGreaterThan(0)
  expect(row.heldPairs).toBeLessThan(labels)
  const { run: without } = await compare()
  expect(without.summary.engine.model).not.toContain('#')
  expect((await compare()).isSame).toBe(true)

  const { body: on } = await officer.ask('POST', '/run-models/switch', { body: { version: 1 } })
  expect(on.rows).toMatchObject([{ version: 1, isOn: true }])
  const { isSame, run } = await compare()
  expect(isSame).toBe(false)
  expect(run.summary.engine.model).toMatch(/#1$/)
  const { body: signed } = await officer.ask('GET', `/runs/${run.runId}/manifest`)
  expect(signed.model).toEqual({ version: 1, sha256: row.sha256 })
  expect((await compare()).isSame).toBe(true)

  const { body: off } = await officer.ask('POST', '/run-models/switch', { body: { version: null } })
  expect(off.rows).toMatchObject([{ isOn: false }])
  expect((await compare()).isSame).toBe(false)
})

test('[ESTIMATE-3] one is on at a time, also when two officers switch at once', async () => {
  await officer.ask('POST', '/run-models')
  const second = await house.signIn('nanchuan-officer')
  await Promise.all([
    officer.ask('POST', '/run-models/switch', { body: { version: 1 } }),
    second.ask('POST', '/run-models/switch', { body: { version: 2 } }),
  ])
  const { body } = await officer.ask('GET', '/run-models')
  expect(body.rows.filter(({ isOn }: { isOn: boolean }) => isOn)).toHaveLength(1)
})

test('[ESTIMATE-3] a model of another definition fits no more', async () => {
  await house.admin(
    "update linkage_model set definition = 'register-to-roll@1', on_at = null, on_by = null, off_at = null, off_by = null",
  )
  const { body } = await officer.ask('POST', '/run-models/switch', { body: { version: 1 } })
  expect(body.code).toBe('REVIEW.MODEL_OUTDATED')
})

test('another unit sees and switches none of it', async () => {
  const zone = await house.actor('zone-officer')
  const seen = await house.db.inScope(zone.scope, (tx) =>
    sql<{ n: number }>`select count(*)::int as n from linkage_model`.execute(tx),
  )
  expect(seen.rows[0]?.n).toBe(0)
  const other = await house.signIn('zone-officer')
  expect((await other.ask('POST', '/run-models/switch', { body: { version: 1 } })).body.code).toBe('REQUEST.NOT_FOUND')
})
