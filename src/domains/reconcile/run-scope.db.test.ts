import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { csv, ended, populationRows, rollRows, startRun, testPerson } from '../../app/testing/sheets.ts'
import type { Actor } from '../../platform/http/index.ts'

const house = await testHouse()
const { db } = house
const officer = await house.signIn('nanchuan-officer')
const population = csv(
  populationRows([{ person: testPerson(0, '2015-03-14') }, { person: testPerson(1, '2014-07-02') }]),
)
const roll = csv(rollRows([{ person: testPerson(0, '2015-03-14'), grade: '六年级' }]))
const runId: string = await startRun(officer, population, roll)
await ended(officer, runId)
const nanchuan = await house.actor('nanchuan-officer')
const zone = await house.actor('zone-officer')
const city = await house.actor('city-admin')
const school = await house.actor('head')
/** The zone's own sheet, so that its attempts fail for the foreign half only. */
const zoneRunId: string = await startRun(await house.signIn('zone-officer'), population, roll)
const TABLES = ['reconcile_sheet', 'reconcile_run', 'reconcile_list']

const idsOf = async (id: string) => {
  const [row] = await house.admin<{ population: string; roll: string; file: string }>(
    `select population_sheet_id as population, roll_sheet_id as roll, file_id as file
     from reconcile_run join reconcile_sheet on sheet_id = population_sheet_id where run_id = $1`,
    [id],
  )
  return row!
}

function asActor<T>(actor: Actor, statement: ReturnType<typeof sql<T>>) {
  return db.inScope(actor.scope, (tx) => statement.execute(tx))
}

async function seenBy(actor: Actor): Promise<readonly number[]> {
  const counts = TABLES.map(async (table) => {
    const owner = table === 'reconcile_list' ? sql`run_id = ${runId}` : sql`unit_id = ${nanchuan.unitId}`
    const { rows } = await asActor(
      actor,
      sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)} where ${owner}`,
    )
    return rows[0]!.n
  })
  return Promise.all(counts)
}

describe('[RUN-12] sheets, runs and lists are seen', () => {
  test('by the unit they belong to and by the city', async () => {
    expect(await seenBy(nanchuan)).toEqual([2, 1, 7])
    expect(await seenBy(city)).toEqual([2, 1, 7])
  })

  test('by no other district and by no unit below', async () => {
    expect(await seenBy(zone)).toEqual([0, 0, 0])
    expect(await seenBy(school)).toEqual([0, 0, 0])
  })

  test('in lists of one’s own and those below, each with its unit', async () => {
    const numbersOf = async (login: string) => {
      const { body } = await (await house.signIn(login)).ask('GET', '/runs')
      return body.rows.map((row: { unit: { name: string }; number: number }) => `${row.unit.name} ${row.number}`).sort()
    }
    expect(await numbersOf('nanchuan-officer')).toEqual(['南川区 1'])
    expect(await numbersOf('city-inspector')).toEqual(expect.arrayContaining(['南川区 1']))
    expect((await numbersOf('city-inspector')).length).toBe(2)
    expect((await (await house.signIn('town-officer')).ask('GET', '/runs')).status).toBe(403)
  })
})

interface Sheet {
  readonly unitId: number
  readonly units: readonly number[]
  readonly fileId: string
}

function insertSheet({ unitId, units, fileId }: Sheet) {
  return sql`insert into reconcile_sheet (sheet_id, file_id, role, name_sealed, fingerprint, layout, unit_id, units, created_by, created_at)
    values (gen_random_uuid(), ${fileId}::uuid, 'roll', '\\x00', 'aa', '{}', ${unitId}, ${sql.val(units)}, ${zone.accountId}, now())`
}

function insertRun(population: string, roll: string, units = zone.unitPath) {
  return sql`insert into reconcile_run (run_id, unit_id, number, school_year, state, population_sheet_id, roll_sheet_id,
      population_columns, roll_columns, units, created_by, created_at)
    values (gen_random_uuid(), ${zone.unitId}, 90, 2026, 'waiting', ${population}, ${roll}, '{}', '{}', ${sql.val(units)}, ${zone.accountId}, now())`
}

describe('[RUN-12] they are written', () => {
  let own: Awaited<ReturnType<typeof idsOf>>
  let foreign: typeof own
  beforeAll(async () => {
    await ended(await house.signIn('zone-officer'), zoneRunId)
    own = await idsOf(zoneRunId)
    foreign = await idsOf(runId)
  })

  test('by the unit itself under its own path: the same statements pass', async () => {
    await asActor(zone, insertSheet({ unitId: zone.unitId, units: zone.unitPath, fileId: own.file }))
    await asActor(zone, insertRun(own.population, own.roll))
  })

  test('under no other unit, and under no path that shows them to another one', async () => {
    const paths: readonly (readonly [number, readonly number[]])[] = [
      [nanchuan.unitId, nanchuan.unitPath],
      [zone.unitId, [...nanchuan.unitPath, zone.unitId]],
      [zone.unitId, [zone.unitId]],
      [nanchuan.unitId, zone.unitPath],
    ]
    for (const [unitId, units] of paths) {
      await expect(asActor(zone, insertSheet({ unitId, units, fileId: own.file }))).rejects.toMatchObject({
        code: 'REQUEST.NOT_SAVED',
      })
    }
    await expect(
      asActor(zone, insertRun(own.population, own.roll, [...nanchuan.unitPath, zone.unitId])),
    ).rejects.toMatchObject({
      code: 'REQUEST.NOT_SAVED',
    })
  })

  test('with no reference to what the writer cannot see, which a foreign key alone would take', async () => {
    const attempts = [
      insertSheet({ unitId: zone.unitId, units: zone.unitPath, fileId: foreign.file }),
      insertRun(foreign.population, own.roll),
      insertRun(own.population, foreign.roll),
      sql`insert into reconcile_list values (${runId}, 'linked', ${own.file}, 1, ${sql.val(zone.unitPath)})`,
      sql`insert into reconcile_list select ${zoneRunId}, 'extra', ${foreign.file}::uuid, 1, ${sql.val(zone.unitPath)}`,
    ]
    for (const attempt of attempts)
      await expect(asActor(zone, attempt)).rejects.toMatchObject({ code: 'REQUEST.NOT_SAVED' })
  })

  test('and changed by nobody else, the units above included', async () => {
    const cancel = sql`update reconcile_run set state = 'failed', ended_at = now() where run_id = ${runId}`
    for (const actor of [zone, city, school]) expect((await asActor(actor, cancel)).numAffectedRows).toBe(0n)
    const [row] = await house.admin('select state from reconcile_run where run_id = $1', [runId])
    expect(row).toEqual({ state: 'done' })
  })

  test('only where a run moves: its sheets, its year and its unit stay, and nobody deletes', async () => {
    for (const change of [sql`school_year = 2020`, sql`roll_sheet_id = population_sheet_id`, sql`units = '{1}'`]) {
      await expect(asActor(nanchuan, sql`update reconcile_run set ${change}`)).rejects.toThrow('42501')
    }
    for (const table of TABLES)
      await expect(asActor(nanchuan, sql`delete from ${sql.table(table)}`)).rejects.toThrow('42501')
  })
})

test('[RUN-2] officers who order at once get numbers one after the other', async () => {
  const { population, roll } = await idsOf(runId)
  const body = { populationSheetId: population, rollSheetId: roll, schoolYear: 2026 }
  const answers = await Promise.all(Array.from({ length: 8 }, () => officer.ask('POST', '/runs', { body })))
  expect(answers.map((answer) => answer.body.number).sort()).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
  for (const answer of answers) await officer.ask('POST', `/runs/${answer.body.runId}/cancel`)
})

test('[RUN-3] the city sees a run of a district and does not cancel it', async () => {
  const { population, roll } = await idsOf(runId)
  const { body } = await officer.ask('POST', '/runs', {
    body: { populationSheetId: population, rollSheetId: roll, schoolYear: 2026 },
  })
  const admin = await house.signIn('city-admin')
  expect(await admin.ask('GET', `/runs/${body.runId}`)).toMatchObject({ status: 200, body: { mayCancel: false } })
  expect(await admin.ask('POST', `/runs/${body.runId}/cancel`)).toMatchObject({
    status: 404,
    body: { code: 'REQUEST.NOT_FOUND' },
  })
  expect(await ended(officer, body.runId)).toMatchObject({ state: 'done' })
})
