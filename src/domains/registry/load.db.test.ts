import { beforeAll, describe, expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import { fixedClock } from '../../platform/testing/clock.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { findAnswerableUnit, findDivision } from './division-store.server.ts'
import { loadPack, registryDataOf } from './load.server.ts'
import type { UnitLoad } from './load-store.server.ts'
import { readPack } from './pack.server.ts'
import { findUnitByCode, searchUnits } from './store.ts'
import { CHONGQING, loadTestTown, type TestTown, townshipUnitsOf } from './town.test.server.ts'

const { db, admin } = await testDatabase()
const clock = fixedClock('2026-11-24T09:00:00+08:00')
const pack = await readPack(CHONGQING)
const before = plainDate('2025-11-05')
const after = plainDate('2025-11-06')
let town: TestTown

beforeAll(async () => {
  town = await loadTestTown(db, clock)
})

describe('the change of 2025-11-06', () => {
  test('[REG-10] 38 districts the day before, 37 from the day on', async () => {
    const count = async (asOf: typeof before) =>
      (
        await db.asSystem('test', (tx) =>
          searchUnits(tx, { within: town.id('500000'), kind: 'district', asOf, page: 1, size: 200 }),
        )
      ).total
    expect(await count(before)).toBe(38)
    expect(await count(after)).toBe(37)
  })

  test('[REG-10] a split district names its successors, and each township its own', async () => {
    const rows = await admin<{ name: string; next: string[] }>(`
      select d.name, array_agg(next_parent.name order by next_parent.name) as next
      from division d join division_successor using (division_id) join division n on n.division_id = successor_id
      left join division next_parent on next_parent.division_id = case n.level when 'district' then n.division_id else n.parent_id end
      where d.name in ('渝北区', '统景镇', '悦来街道', '水土街道') group by d.name order by d.name`)
    expect(Object.fromEntries(rows.map((row) => [row.name, row.next]))).toEqual({
      渝北区: ['两江新区', '北碚区'],
      统景镇: ['北碚区'],
      悦来街道: ['两江新区'],
      水土街道: ['两江新区'],
    })
  })

  test('[REG-10] 两江新区 has no invented code, and its townships keep the last published one as a former code', async () => {
    const rows = await admin<{ code: string | null; former: number; townships: number }>(`
      select d.code, count(t.former_code)::int as former, count(*)::int as townships
      from division d join division t on t.parent_id = d.division_id where d.name = '两江新区' group by d.code`)
    expect(rows).toEqual([{ code: null, former: 42, townships: 42 }])
    const found = await db.asSystem('test', (tx) => findDivision(tx, '500112133', after))
    expect(found?.name).toBe('统景镇')
  })

  test('[REG-11] who answers for a township changes with the day', async () => {
    const over = (code: string, on: typeof before) =>
      db.asSystem('test', async (tx) => {
        const division = await findDivision(tx, code, on)
        return (await findAnswerableUnit(tx, division?.divisionId ?? 0, on))?.name
      })
    expect([await over('500112133', before), await over('500112133', after)]).toEqual(['渝北区', '北碚区'])
    expect([await over('500109008', before), await over('500109008', after)]).toEqual(['北碚区', '两江新区'])
    expect([await over('500112007', before), await over('500112007', after)]).toEqual([
      '两江新区（直管区）',
      '两江新区',
    ])
  })
})

test('[REG-11] a functional zone answers for townships of other districts, which their districts cover as a whole', async () => {
  const over = (code: string, on: string) =>
    db.asSystem('test', async (tx) => {
      const day = plainDate(on)
      const division = await findDivision(tx, code, day)
      return (await findAnswerableUnit(tx, division?.divisionId ?? 0, day))?.name
    })
  expect(await over('500107105', '2026-09-01')).toBe('重庆高新区')
  expect(await over('500106016', '2026-09-01')).toBe('重庆高新区')
  expect(await over('500106002', '2026-09-01')).toBe('沙坪坝区')
  // The day before the zone took over.
  expect(await over('500107105', '2019-12-31')).toBe('九龙坡区')
  const township = await db.asSystem('test', (tx) => findUnitByCode(tx, '500107105', plainDate('2026-09-01')))
  expect(township?.path).toEqual([town.id('500000'), town.id('CQ-GX'), town.id('500107105')])
})

test('[REG-15] loading again changes nothing', async () => {
  const count = () =>
    admin(`select (select count(*) from division)::int as divisions, (select count(*) from unit)::int as units,
      (select count(*) from staff)::int as staff, (select count(*) from post)::int as posts, (select count(*) from unit_division)::int as covers`)
  const first = await count()
  await loadTestTown(db, clock)
  expect(await count()).toEqual(first)
})

test('[REG-16] who holds no post any more is seen where he was last, not where he was before', async () => {
  const post = (unitCode: string, from: string, until: string) => ({
    unitCode,
    roleId: 'district-officer',
    from: plainDate(from),
    until: plainDate(until),
  })
  const left = {
    name: '已离任',
    account: null,
    posts: [post('500119', '2026-01-01', '2026-03-01'), post('500103', '2026-03-01', '2026-06-01')],
  }
  await db.asSystem('test', (tx) => loadPack(tx, pack, { now: clock.now(), today: clock.today() }, { staff: [left] }))
  const [row] = await admin<{ units: number[] }>(`select units from staff where name = '已离任'`)
  expect(row?.units).toEqual([town.id('500000'), town.id('500103')].sort((a, b) => a - b))
})

test('[REG-15] a unit under an unknown parent is refused with its code, and nothing of the load stays', async () => {
  const lost: UnitLoad = {
    code: 'X-1',
    parentCode: 'NOWHERE',
    kind: 'school',
    name: '无上级学校',
    from: plainDate('2026-01-01'),
    until: null,
    successorCodes: [],
    covers: [],
    school: null,
  }
  const load = db.asSystem('test', (tx) =>
    loadPack(
      tx,
      pack,
      { now: clock.now(), today: clock.today() },
      { units: [{ ...lost, code: 'X-0', parentCode: '500119' }, lost] },
    ),
  )
  await expect(load).rejects.toMatchObject({ code: 'POLICY.PACK_FAULT', words: { where: 'NOWHERE' } })
  expect(await admin(`select code from unit where code like 'X-%'`)).toEqual([])
})

test('[REG-15] a whole city of units, schools and people loads within seconds', async () => {
  const day = plainDate('2026-09-01')
  const townships = townshipUnitsOf(pack, day)
  const line = { from: plainDate('2026-01-01'), until: null, successorCodes: [], covers: [], school: null }
  const villages = townships.flatMap((township) =>
    Array.from(
      { length: 12 },
      (_, n): UnitLoad => ({
        ...line,
        code: `${township.code}${500 + n}`,
        parentCode: township.code,
        kind: 'village',
        name: `大村${n}`,
      }),
    ),
  )
  const districts = registryDataOf(pack).units.filter((unit) => unit.kind === 'district' && unit.until === null)
  const schools = Array.from(
    { length: 4000 },
    (_, n): UnitLoad => ({
      ...line,
      code: `31500${10_000 + n}`,
      parentCode: districts[n % districts.length]!.code,
      kind: 'school',
      name: `大校${n}`,
      school: {
        schoolCode: `31500${10_000 + n}`,
        schoolType: '312',
        settlementClass: '220',
        founder: null,
        isBoarding: false,
      },
    }),
  )
  const staff = schools.map((school) => ({
    name: '王校长',
    account: null,
    posts: [{ unitCode: school.code, roleId: 'head-teacher', from: line.from, until: null }],
  }))
  const started = performance.now()
  await db.asSystem(
    'test',
    (tx) =>
      loadPack(tx, pack, { now: clock.now(), today: day }, { units: [...townships, ...villages, ...schools], staff }),
    { statementSeconds: 120 },
  )
  expect(performance.now() - started).toBeLessThan(20_000)
  const [found] = await admin<{ villages: number; seen: number }>(`
    select (select count(*) from unit where name like '大村%')::int as villages,
      (select count(*) from staff where name = '王校长' and cardinality(units) = 3)::int as seen`)
  expect(found).toEqual({ villages: townships.length * 12, seen: 4000 })
})
