import { describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { reverseRun } from '../cases/server.ts'
import { undoBatchRecords } from '../persons/server.ts'
import type { Overview, RosterRun } from './contract.ts'
import { accountOf, childOfRow, giveList, type Line, plantPupils } from './lists.test.server.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const city = await house.signIn('city-admin')
const DISTRICT = house.town.id('500119')
const ONE = house.town.id('2150000001')
const [village] = await house.admin<{ unit_id: number }>(
  `select p.unit_id from post p where p.role_id = 'village-officer'`,
)

const NAMES = ['在甲', '辍乙', '核丙', '籍丁', '省戊'] as const
const line = (name: string, more: Partial<Line> = {}): Line => ({
  name,
  citizenId: `5001192016050501${10 + NAMES.indexOf(name as (typeof NAMES)[number])}`,
  unitId: village!.unit_id,
  ...more,
})
const ids = await plantPupils(house, { giver: DISTRICT, unit: village!.unit_id }, [
  { ...line('在甲'), account: 'here', school: ONE },
  { ...line('辍乙'), account: 'dropped-out', school: ONE },
  { ...line('核丙'), account: 'to-verify' },
  { ...line('籍丁'), account: 'here' },
  { ...line('省戊'), account: 'other-province' },
])
await giveList(house, { kind: 'roll', giver: ONE, asOf: '2026-11-02' }, [
  line('在甲', { school: ONE, unitId: null }),
  line('辍乙', { school: ONE, unitId: null }),
])

const inHouse = (householdNo: string): Partial<Line> => ({ householdNo, tags: ['out-of-poverty'] })
const poor = await giveList(house, { kind: 'poverty', giver: DISTRICT, asOf: '2026-11-05' }, [
  line('在甲', inHouse('8801')),
  line('辍乙', inHouse('8802')),
  line('核丙', inHouse('8802')),
  line('籍丁', inHouse('8803')),
  line('省戊', inHouse('8804')),
  { ...line('无名'), citizenId: '500119201703030099', birth: plainDate('2017-03-03'), ...inHouse('8805') },
  { ...line('太小'), citizenId: '500119202203030099', birth: plainDate('2022-03-03'), ...inHouse('8801') },
  { ...line('大人'), citizenId: '500119198003030099', birth: plainDate('1980-03-03'), aside: true },
])
await giveList(house, { kind: 'disability', giver: DISTRICT, asOf: '2026-11-06' }, [
  line('在甲', { tags: ['disabled'] }),
  line('籍丁', { tags: ['disabled'] }),
])

const answer = await officer.ask('POST', '/rosters/runs', { body: {} })
const run: RosterRun = answer.body
const stray = await childOfRow(house, poor.batchId, 6)

describe('books against the lists of other offices', () => {
  test('[ROST-13] [ROST-14] children of age and their households are counted apart, and who does not close is named', async () => {
    expect(answer.status).toBe(200)
    expect(run.counts.lists).toEqual([
      expect.objectContaining({
        kind: 'disability',
        children: 2,
        onRoll: 1,
        primary: 2,
        primaryOnRoll: 1,
        accounted: 1,
      }),
      expect.objectContaining({
        kind: 'poverty',
        rows: 8,
        aside: 1,
        children: 6,
        accounted: 2,
        households: 5,
        householdsClosed: 2,
        found: { out: 1, unexplained: 1, 'no-roll': 1, unknown: 1 },
      }),
    ])
    const { body } = await officer.ask('GET', `/rosters/runs/${run.runId}/found?compared=poverty`)
    const found = body.rows.map((row: { name: string; class: string; household: number }) => [row.name, row.class])
    expect(Object.fromEntries(found)).toEqual({ 辍乙: 'out', 核丙: 'unexplained', 籍丁: 'no-roll', 无名: 'unknown' })
    const [out, asked] = ['辍乙', '核丙'].map((name) => body.rows.find((row: { name: string }) => row.name === name))
    expect(out.household).toBe(asked.household)
  })

  test('[ROST-15] who is on a list of households, in no register and on no roll is looked for where the household lives', async () => {
    expect(await accountOf(house, stray)).toBe('to-verify')
    const [file] = await house.admin<{ stage: string; owner: string }>(
      `select f.stage, u.kind as owner from case_file f join unit u on u.unit_id = f.owner_unit_id where child_id = $1 and open`,
      [stray],
    )
    expect(file).toEqual({ stage: 'task', owner: 'township' })
    expect(run).toMatchObject({ posted: 1, opened: 1 })
  })

  test('[ROST-5] a village reads of no poverty list, and another district of nothing', async () => {
    const villager = await house.actor('village-officer')
    const seen = await house.services.db.inScope(villager.scope, async (tx) => {
      const { sql } = await import('kysely')
      const runs = await sql`select 1 from roster_run`.execute(tx)
      const found = await sql`select 1 from roster_finding`.execute(tx)
      return [runs.rows.length, found.rows.length]
    })
    expect(seen).toEqual([0, 0])
  })

  test('[ROST-12] [ROST-19] the four checks say who handed in and who is missing; every base adds up to its persons', async () => {
    const { body }: { body: Overview } = await officer.ask('GET', '/rosters/overview')
    const checks = Object.fromEntries(body.checks.map((check) => [check.check, check]))
    expect(checks['roll']).toMatchObject({ handedIn: 1, rows: 2 })
    expect(checks['attendance']).toMatchObject({ handedIn: 0, rows: 0 })
    expect(checks['attendance']!.missing.length).toBe(checks['attendance']!.due)
    expect(checks['poverty']).toMatchObject({ handedIn: 1, due: 1, rows: 8 - 1, missing: [] })
    for (const base of body.bases) {
      const { schooled, paused, closed, unexplained, rollOnly, persons } = base
      expect(schooled + paused + closed + unexplained + rollOnly).toBe(persons)
    }
    const above: { body: Overview } = await city.ask('GET', '/rosters/overview')
    expect(above.body.below.map(({ runId }) => runId)).toEqual([run.runId])
    expect(above.body.run).toBeNull()
  })

  test('[ROST-11] undoing the list takes back what was posted from it', async () => {
    await house.services.db.asSystem('test', async (tx) => {
      const at = { now: house.services.clock.now(), accountId: 1, today: house.services.clock.today() }
      await undoBatchRecords(tx, poor.batchId, at)
    })
    const author = (await house.actor('nanchuan-officer')).accountId
    await house.services.db.asSystem('test', (tx) =>
      reverseRun(tx, { runId: run.runId, authorId: author, today: house.services.clock.today() }),
    )
    expect(await accountOf(house, stray)).toBeNull()
    const { body }: { body: Overview } = await officer.ask('GET', '/rosters/overview')
    expect(body.run).toMatchObject({ isUndone: true })
    expect(ids).toHaveLength(NAMES.length)
  })
})
