import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { accountId, unitId } from '../../kernel/ids.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Tx } from '../../platform/db/index.ts'
import { fixedClock } from '../../platform/testing/clock.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { loadTestTown, NANCHUAN, type TestTown, YUZHONG } from './town.test.server.ts'

/** Row security itself, past every command: what each scope sees and what the database refuses it. */
const { db, admin } = await testDatabase()
/** The column or the table is not granted: a fault of the program, not of who asks. */
const NO_PRIVILEGE = '42501'
const clock = fixedClock('2026-11-24T09:00:00+08:00')
let town: TestTown

beforeAll(async () => {
  town = await loadTestTown(db, clock)
})

function scope(code: string): Scope {
  return { kind: code === '500000' ? 'city' : 'unit', unitId: unitId(town.id(code)), accountId: accountId(1) }
}

async function names(code: string): Promise<string[]> {
  return db.inScope(scope(code), async (tx) => {
    const { rows } = await sql<{
      name: string
    }>`select s.name from staff s join post using (staff_id) order by s.name`.execute(tx)
    return rows.map((row) => row.name)
  })
}

const attempt = (code: string, work: (tx: Tx) => Promise<unknown>) =>
  db.inScope(scope(code), work).then(
    () => 'done',
    (error: { code?: string; sqlState?: string }) => error.code ?? error.sqlState,
  )

describe('[REG-16] staff, posts and accounts are seen by the unit of a live post and by those above it', () => {
  test('own, above, beside, below', async () => {
    expect(await names('2150000001')).toEqual(['人aid', '人head', '人teacher', '无账号'])
    expect(await names(NANCHUAN)).toEqual(
      [
        '人nanchuan-admin',
        '人nanchuan-officer',
        '人nanchuan-review',
        '人town-officer',
        '人village-officer',
        '人aid',
        '人head',
        '人head-two',
        '人teacher',
        '无账号',
      ].sort(),
    )
    expect(await names(YUZHONG)).toEqual(['人yuzhong-admin'])
    expect(await names('2150000003')).toEqual([])
    expect(await names('500000')).toHaveLength(17)
  })

  test('a query without a scope sees no person, and no reference data either', async () => {
    const counts = await db.asSystem('test', async (tx) => {
      await sql`set local role baoxue_unit`.execute(tx)
      return sql`select (select count(*) from staff)::int as staff, (select count(*) from post)::int as posts,
        (select count(*) from account)::int as accounts, (select count(*) from unit)::int as units`.execute(tx)
    })
    expect(counts.rows).toEqual([{ staff: 0, posts: 0, accounts: 0, units: 0 }])
  })

  test('the views of the slice see no more than their reader', async () => {
    const persons = await db.inScope(scope(YUZHONG), (tx) => sql`select * from published.account_person`.execute(tx))
    expect(persons.rows).toHaveLength(1)
    const leaks =
      await admin(`select c.relname from pg_class c where c.relnamespace = 'published'::regnamespace and c.relkind = 'v'
      and not coalesce(c.reloptions::text, '') like '%security_invoker=true%'`)
    expect(leaks).toEqual([])
  })

  test('every table of the slice forces row security', async () => {
    const open =
      await admin(`select relname from pg_class where relkind = 'r' and relname = any (array['division', 'division_successor', 'unit', 'unit_successor',
      'unit_division', 'school', 'role', 'staff', 'post']) and not (relrowsecurity and relforcerowsecurity)`)
    expect(open).toEqual([])
  })
})

describe('[REG-16] what a unit cannot write', () => {
  const postSql = (staff: string, unit: string, units: string) => sql`
    insert into post (staff_id, unit_id, role_id, duty, from_day, units)
    select ${sql.raw(staff)}, ${town.id(unit)}, 'class-teacher', 'none', '2026-09-01', ${sql.raw(units)}`

  test('a post for a person of another district: a foreign key alone would accept it', async () => {
    const [foreign] = await admin<{ staff_id: number }>(`select staff_id from staff where name = '人yuzhong-admin'`)
    const own = `(select path from unit where code = '2150000001')`
    expect(await attempt(NANCHUAN, (tx) => postSql(String(foreign?.staff_id), '2150000001', own).execute(tx))).toBe(
      'REQUEST.NOT_SAVED',
    )
    const known = `(select staff_id from staff where name = '人teacher')`
    expect(
      await attempt(NANCHUAN, (tx) =>
        postSql(known, '2150000002', `(select path from unit where code = '2150000002')`).execute(tx),
      ),
    ).toBe('done')
  })

  test('a post at a unit beside or above it, or under a path that is not the unit’s', async () => {
    const known = `(select staff_id from staff where name = '人head')`
    expect(
      await attempt(NANCHUAN, (tx) =>
        postSql(known, '2150000003', `(select path from unit where code = '2150000003')`).execute(tx),
      ),
    ).toBe('REQUEST.NOT_SAVED')
    expect(
      await attempt('2150000001', (tx) =>
        postSql(known, NANCHUAN, `(select path from unit where code = '${NANCHUAN}')`).execute(tx),
      ),
    ).toBe('REQUEST.NOT_SAVED')
    const hidden = `array[${town.id('2150000001')}]`
    expect(await attempt('2150000001', (tx) => postSql(known, '2150000001', hidden).execute(tx))).toBe(
      'REQUEST.NOT_SAVED',
    )
  })

  test('units outside its branch, itself, or where a unit stands', async () => {
    const add = (parent: string) =>
      sql`insert into unit (parent_id, kind, code, name, from_day) values (${town.id(parent)}, 'school', 'X-9', '新校', '2026-01-01')`
    expect(await attempt(NANCHUAN, (tx) => add(YUZHONG).execute(tx))).toBe('REQUEST.NOT_SAVED')
    expect(await attempt(NANCHUAN, (tx) => add('500000').execute(tx))).toBe('REQUEST.NOT_SAVED')
    const rename = async (code: string) =>
      db.inScope(scope(NANCHUAN), async (tx) =>
        Number((await sql`update unit set name = '改名' where code = ${code}`.execute(tx)).numAffectedRows),
      )
    expect(await rename(YUZHONG)).toBe(0)
    expect(await rename(NANCHUAN)).toBe(0)
    expect(await rename('2150000002')).toBe(1)
    const move = sql`update unit set parent_id = ${town.id(NANCHUAN)} where code = '2150000002'`
    expect(await attempt(NANCHUAN, (tx) => move.execute(tx))).toBe(NO_PRIVILEGE)
  })

  test('roles, divisions and who may see a person', async () => {
    for (const statement of [
      sql`update role set permissions = '{}' where role_id = 'head-teacher'`,
      sql`insert into division (level, parent_id, name, from_day) values ('district', 1, '新区', '2026-01-01')`,
      sql`update staff set units = '{}'`,
      sql`update post set units = '{}'`,
      sql`update account set units = '{}'`,
      sql`select password_hash from account`,
      sql`select post_id from session`,
      sql`delete from post`,
    ]) {
      expect(await attempt(NANCHUAN, (tx) => statement.execute(tx))).toBe(NO_PRIVILEGE)
    }
  })
})

test('[REG-4] a unit that moves is a new unit: parent, kind, code and first day never change, not even by the system', async () => {
  for (const change of [`parent_id = ${town.id(YUZHONG)}`, `code = 'X-8'`, `from_day = '2020-01-01'`, `path = '{1}'`]) {
    const refused = admin(`update unit set ${change} where code = '2150000002'`).then(
      () => 'done',
      (error: { constraint?: string }) => error.constraint,
    )
    expect(await refused).toBe('unit_moves_never')
  }
})

test('[REG-2] the database refuses a school under a village and a path that is not the parent’s', async () => {
  const [line] = await admin<{ unit_id: number }>(`select unit_id from unit where kind = 'village' limit 1`)
  const refused = admin(
    `insert into unit (parent_id, kind, code, name, from_day) values (${line?.unit_id}, 'school', 'X-7', '村校', '2026-01-01')`,
  )
  await expect(refused).rejects.toMatchObject({ constraint: 'unit_stands_under' })
  const [made] = await admin<{ path: number[]; parent_kind: string }>(`
    insert into unit (parent_id, parent_kind, kind, code, name, from_day, path)
    values (${town.id(NANCHUAN)}, 'city', 'township', 'X-6', '新镇', '2026-01-01', '{1}') returning path[1:2] as path, parent_kind`)
  expect(made).toEqual({ path: [town.id('500000'), town.id(NANCHUAN)], parent_kind: 'district' })
})

test('[REG-6] the database keeps the three duties apart, whoever writes', async () => {
  const refused = admin(`insert into post (staff_id, unit_id, role_id, duty, from_day, units)
    select staff_id, unit_id, 'audit-admin', 'audit', '2026-09-01', post.units from post join staff using (staff_id) where name = '人sysadmin'`)
  await expect(refused).rejects.toMatchObject({ constraint: 'post_duties_apart' })
  const disguised = admin(`insert into post (staff_id, unit_id, role_id, duty, from_day, units)
    select staff_id, unit_id, 'audit-admin', 'none', '2026-09-01', post.units from post join staff using (staff_id) where name = '人sysadmin'`)
  await expect(disguised).rejects.toMatchObject({ code: '23503' })
})
