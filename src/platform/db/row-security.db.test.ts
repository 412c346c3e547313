import { Writable } from 'node:stream'
import { sql } from 'kysely'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { accountId, unitId } from '../../kernel/ids.ts'
import type { Problem } from '../../kernel/problem.ts'
import type { Scope } from '../../kernel/scope.ts'
import { testDatabase } from '../testing/database.ts'
import { listCatalogueFaults } from './catalogue.ts'
import { copyInto, copyOut, type Database, openDatabase, type Tx } from './index.ts'
import { connectAdmin } from './migrate.ts'

/** A parcel belongs to a district (2 or 3) of the city (1); a note belongs to a parcel. */
type Tables = {
  parcel: { parcel_id: number; label: string; units: number[] }
  note: { note_id: number; parcel_id: number }
  parcel_view: { parcel_id: number }
}

const POLICIES = `
  create table parcel (parcel_id bigint primary key, label text not null unique, units int[] not null);
  create index on parcel using gin (units);
  create table note (note_id bigint primary key, parcel_id bigint not null references parcel);
  alter table parcel enable row level security; alter table parcel force row level security;
  alter table note enable row level security; alter table note force row level security;
  grant select, insert, update, delete on parcel, note to baoxue_unit, baoxue_city, baoxue_system;
  create policy seen on parcel to baoxue_unit
    using (units @> array[(select nullif(current_setting('app.unit', true), '')::int)]);
  create policy city on parcel to baoxue_city using ((select nullif(current_setting('app.unit', true), '')) is not null);
  create policy system on parcel to baoxue_system using (true) with check (true);
  create policy seen on note to baoxue_unit, baoxue_city
    using (exists (select 1 from parcel p where p.parcel_id = note.parcel_id))
    with check (exists (select 1 from parcel p where p.parcel_id = note.parcel_id));
  create policy system on note to baoxue_system using (true) with check (true);
  create view parcel_view with (security_invoker = true) as select parcel_id from parcel;
  grant select on parcel_view to baoxue_unit, baoxue_city;`

const { db, adminUrl, appUrl, log, admin } = await testDatabase()
const clerk: Scope = { kind: 'unit', unitId: unitId(2), accountId: accountId(1) }
const other: Scope = { kind: 'unit', unitId: unitId(3), accountId: accountId(2) }
const city: Scope = { kind: 'city', unitId: unitId(1), accountId: accountId(3) }

beforeAll(async () => {
  await asOwner(POLICIES)
  await admin(`insert into parcel values (21, 'north', '{1,2}'), (22, 'south', '{1,2}'), (31, 'west', '{1,3}')`)
})

async function asOwner(statements: string): Promise<void> {
  await admin(`begin; set local role baoxue_owner; ${statements}; commit`)
}

function parcels(tx: Tx): Promise<number[]> {
  const read = tx.withTables<Tables>().selectFrom('parcel').select('parcel_id').orderBy('parcel_id').execute()
  return read.then((rows) => rows.map((row) => row.parcel_id))
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  return await work.then(
    () => Promise.reject(new Error('nothing was refused')),
    (error: Problem) => error,
  )
}

async function withOneConnection<T>(work: (one: Database) => Promise<T>): Promise<T> {
  const one = await openDatabase({ url: appUrl, log, connections: 1 })
  return await work(one).finally(() => one.close())
}

/** What the application's login gets without any scope. */
async function raw(...statements: readonly string[]): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: appUrl })
  await client.connect()
  try {
    let result = await client.query('select 1')
    for (const statement of statements) result = await client.query(statement)
    return result
  } finally {
    await client.end()
  }
}

test('[DB-1] a unit sees the rows of its units, the city all, the system all', async () => {
  expect(await db.inScope(clerk, parcels)).toEqual([21, 22])
  expect(await db.inScope(other, parcels)).toEqual([31])
  expect(await db.inScope(city, parcels)).toEqual([21, 22, 31])
  expect(await db.asSystem('test', parcels)).toEqual([21, 22, 31])
})

describe('[ROW-1] a pooled session', () => {
  test('keeps neither role nor unit after the commit, where the setting reads as an empty text', async () => {
    await withOneConnection(async (one) => {
      await one.inScope(clerk, parcels)
      const after = await one.asSystem('test', async (tx) => {
        const { rows } = await sql<{ unit: string }>`select current_setting('app.unit', true) as unit`.execute(tx)
        await sql`set local role baoxue_unit`.execute(tx)
        return { unit: rows[0]?.unit, seen: await parcels(tx) }
      })
      expect(after).toEqual({ unit: '', seen: [] })
    })
  })

  test('shows each of many interleaved scopes its own rows, with errors in between', async () => {
    await withOneConnection(async (one) => {
      const asked = Array.from({ length: 60 }, async (_, turn) => {
        if (turn % 5 === 4) {
          await expect(one.inScope(other, (tx) => sql`select 1 / 0`.execute(tx))).rejects.toThrow('22012')
          return
        }
        const scope = turn % 2 === 0 ? clerk : other
        expect(await one.inScope(scope, parcels)).toEqual(scope === clerk ? [21, 22] : [31])
      })
      await Promise.all(asked)
    })
  })
})

test('[ROW-2] without a scope nothing is seen, as any role the login may take', async () => {
  await expect(raw('select * from public.parcel')).rejects.toThrow('permission denied for schema public')
  for (const role of ['baoxue_unit', 'baoxue_city']) {
    expect((await raw(`set role ${role}`, 'select * from parcel')).rowCount).toBe(0)
    expect((await raw(`set role ${role}`, `set app.unit = ''`, 'select * from parcel')).rowCount).toBe(0)
  }
})

describe('[ROW-3] a view', () => {
  test('shows what its reader may see', async () => {
    const seen = await db.inScope(clerk, (tx) =>
      tx.withTables<Tables>().selectFrom('parcel_view').selectAll().execute(),
    )
    expect(seen).toEqual([{ parcel_id: 21 }, { parcel_id: 22 }])
  })

  test('of the superuser without security_invoker would show all, and the catalogue check finds it', async () => {
    await admin('create view leak as select parcel_id from parcel')
    await admin('grant select on leak to baoxue_unit')
    const leaked = await db.inScope(clerk, (tx) => sql`select * from leak`.execute(tx))
    expect(leaked.rows).toHaveLength(3)
    expect(await catalogueFaults()).toContain('public.leak: view without security_invoker')
    await admin('drop view leak')
  })
})

async function catalogueFaults(): Promise<readonly string[]> {
  const client = await connectAdmin(adminUrl)
  return await listCatalogueFaults(client).finally(() => client.end())
}

describe('the catalogue', () => {
  test('[ROW-3] [ROW-4] [ROW-5] [ROW-6] [ROW-13] has no fault after all migrations', async () => {
    expect(await catalogueFaults()).toEqual([])
  })

  test.each([
    ['[ROW-4]', 'create table bare (units int[])', 'drop table bare', 'public.bare: row security is not forced'],
    [
      '[ROW-4]',
      'alter table parcel no force row level security',
      'alter table parcel force row level security',
      'public.parcel: row security is not forced',
    ],
    [
      '[ROW-4]',
      'create policy loose on parcel using (true)',
      'drop policy loose on parcel',
      'public.parcel: policy loose is open to PUBLIC',
    ],
    [
      '[ROW-4]',
      'grant select on parcel to public',
      'revoke select on parcel from public',
      'public.parcel: PUBLIC has rights',
    ],
    [
      '[ROW-5]',
      'create function leak() returns bigint language sql security definer as $$ select count(*) from parcel $$',
      'drop function leak()',
      'leak(): runs as baoxue_owner instead of baoxue_system',
    ],
    [
      '[ROW-13]',
      'create table unread (a int)',
      'drop table unread',
      'public.unread: baoxue_system does not read every row',
    ],
    [
      '[ROW-13]',
      'alter policy system on note using (note_id > 0)',
      'alter policy system on note using (true)',
      'public.note: baoxue_system does not read every row',
    ],
  ])('%s finds: %s', async (_rule, plant, undo, fault) => {
    await asOwner(plant)
    const faults = await catalogueFaults()
    await asOwner(undo)
    expect(faults).toContain(fault)
    expect(await catalogueFaults()).toEqual([])
  })
})

describe('[ROW-5] a function', () => {
  test('of the caller sees what the caller sees', async () => {
    await asOwner('create function counted() returns bigint language sql as $$ select count(*) from parcel $$')
    const { rows } = await db.inScope(clerk, (tx) => sql<{ n: number }>`select counted() as n`.execute(tx))
    expect(rows).toEqual([{ n: 2 }])
  })

  test('of the owner sees nothing under FORCE; handed to baoxue_system it sees all, and nobody may call it unasked', async () => {
    await asOwner(`create function all_of() returns bigint language sql security definer set search_path = public, pg_temp
      as $$ select count(*) from parcel $$`)
    const count = (tx: Tx) => sql<{ n: number }>`select all_of() as n`.execute(tx)
    expect((await db.inScope(clerk, count)).rows).toEqual([{ n: 0 }])
    await asOwner(`call own_by_system('all_of()')`)
    await expect(db.inScope(clerk, count)).rejects.toThrow('permission denied for function all_of')
    await asOwner('grant execute on function all_of() to baoxue_unit')
    expect((await db.inScope(clerk, count)).rows).toEqual([{ n: 3 }])
    expect(await catalogueFaults()).toEqual([])
  })
})

describe('[ROW-7] a reference', () => {
  const note = (noteId: number, parcelId: number) => (tx: Tx) =>
    tx.withTables<Tables>().insertInto('note').values({ note_id: noteId, parcel_id: parcelId }).execute()

  test('to a row of another unit is refused, although the foreign key alone would accept it', async () => {
    expect((await problemOf(db.inScope(clerk, note(1, 31)))).code).toBe('REQUEST.NOT_SAVED')
    await db.inScope(clerk, note(2, 21))
    expect(await admin('select note_id from note')).toEqual([{ note_id: '2' }])
  })

  test('[DB-5] to a foreign row and to no row answer alike', async () => {
    const foreign = await problemOf(db.inScope(clerk, note(3, 31)))
    const missing = await problemOf(db.inScope(clerk, note(3, 99)))
    expect([foreign.message, foreign.status]).toEqual([missing.message, missing.status])
  })
})

describe('[ROW-8] a deferred check', () => {
  test('runs in the scope of the transaction, and sees all only when it belongs to baoxue_system', async () => {
    await asOwner(`create function at_most_three() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
      begin if (select count(*) from parcel) > 3 then raise exception 'too many' using errcode = 'check_violation'; end if; return null; end $$;
      create constraint trigger at_most_three after insert on parcel deferrable initially deferred for each row execute function at_most_three()`)
    const add = (tx: Tx) =>
      tx
        .withTables<Tables>()
        .insertInto('parcel')
        .values({ parcel_id: 23, label: 'east', units: [1, 2] })
        .execute()
    await db.inScope(clerk, add)
    await admin('delete from parcel where parcel_id = 23')
    await asOwner(`call own_by_system('at_most_three()')`)
    await expect(db.inScope(clerk, add)).rejects.toThrow('23514')
    expect(await admin('select 1 from parcel where parcel_id = 23')).toEqual([])
    await asOwner('drop trigger at_most_three on parcel; drop function at_most_three()')
  })
})

describe('[ROW-9] the owner', () => {
  test('sees and changes nothing, and with row_security = off is told so', async () => {
    const client = await connectAdmin(adminUrl)
    try {
      await client.query('begin; set local role baoxue_owner')
      expect((await client.query(`update parcel set label = 'x'`)).rowCount).toBe(0)
      await client.query('set local row_security = off')
      await expect(client.query(`update parcel set label = 'x'`)).rejects.toThrow('row-level security')
    } finally {
      await client.end()
    }
  })
})

describe('[ROW-10] COPY', () => {
  const target = (rows: readonly (readonly [number, string, readonly number[]])[]) => ({
    table: 'parcel',
    columns: ['parcel_id', 'label', 'units'],
    rows,
  })

  test('out of the database takes the rows of the scope only', async () => {
    let text = ''
    const sink = new Writable({
      write: (chunk, _, done) => {
        text += String(chunk)
        done()
      },
    })
    await db.inScope(clerk, (tx) => copyOut(tx, 'select parcel_id from parcel order by 1', sink))
    expect(text).toBe('parcel_id\n21\n22\n')
  })

  test('[DB-14] into the database passes the policies like an insert, odd characters and all', async () => {
    const label = 'a\tb\\N\nc\r"é保'
    expect(await db.inScope(clerk, (tx) => copyInto(tx, target([[24, label, [1, 2]]])))).toBe(1)
    expect(await admin('select label, units from parcel where parcel_id = 24')).toEqual([{ label, units: [1, 2] }])
    const refused = await problemOf(
      db.inScope(clerk, (tx) =>
        copyInto(
          tx,
          target([
            [25, 'b', [1, 2]],
            [32, 'c', [1, 3]],
          ]),
        ),
      ),
    )
    expect(refused.code).toBe('REQUEST.NOT_SAVED')
    expect(await admin('select 1 from parcel where parcel_id in (25, 32)')).toEqual([])
    await admin('delete from parcel where parcel_id = 24')
  })
})

describe('[ROW-11] the text of an error', () => {
  const add = (parcelId: number, label: string, units: number[]) => (tx: Tx) =>
    tx.withTables<Tables>().insertInto('parcel').values({ parcel_id: parcelId, label, units }).execute()

  test('[DB-5] is the same for a value that exists elsewhere and for a row that is not allowed', async () => {
    const exists = await problemOf(db.inScope(clerk, add(40, 'west', [1, 2])))
    const foreign = await problemOf(db.inScope(clerk, add(41, 'new', [1, 3])))
    expect(exists).toMatchObject({ code: 'REQUEST.NOT_SAVED', words: {} })
    expect([exists.message, exists.status]).toEqual([foreign.message, foreign.status])
  })

  test('[DB-13] holds no value of a row, and no value that was sent', async () => {
    const secret = 'zhang-san'
    for (const work of [
      add(42, secret, [1, 2]),
      (tx: Tx) => sql`insert into parcel (parcel_id, label) values (43, ${secret})`.execute(tx),
      (tx: Tx) => sql`select ${secret}::int`.execute(tx),
      (tx: Tx) => sql`select * from parcel where label = ${secret}::date::text`.execute(tx),
    ]) {
      const error = await db
        .inScope(clerk, async (tx) => await work(tx).then(() => add(42, secret, [1, 2])(tx)))
        .then(
          () => undefined,
          (refused: Error) => refused,
        )
      expect(`${error?.message} ${error?.stack} ${JSON.stringify(error)}`).not.toContain(secret)
      expect(error?.cause).toBeUndefined()
    }
  })

  test('a leaking operator in a condition runs after the policy: a foreign row cannot make it fail', async () => {
    const probe = (tx: Tx) => sql`select 1 from parcel where 1 / (parcel_id - 31) > 1000`.execute(tx)
    expect((await db.inScope(clerk, probe)).rows).toEqual([])
    await expect(db.inScope(city, probe)).rejects.toThrow('22012')
  })
})

describe('[ROW-12] the application login', () => {
  test('may become the scope roles and the queue, and nothing else', async () => {
    for (const role of ['baoxue_unit', 'baoxue_city', 'baoxue_system', 'baoxue_boss']) {
      await expect(raw(`set role ${role}`)).resolves.toBeDefined()
    }
    const [superuser] = await admin<{ name: string }>('select current_user as name')
    for (const role of ['baoxue_owner', `"${superuser?.name}"`, 'pg_read_all_data', 'pg_write_server_files']) {
      await expect(raw(`set role ${role}`)).rejects.toThrow('permission denied')
    }
  })

  test('makes no object, switches no policy off and reads no password', async () => {
    for (const statement of [
      'create table public.mine (a int)',
      'alter table parcel disable row level security',
      'alter table parcel no force row level security',
      'drop policy seen on parcel',
      'create policy mine on parcel using (true)',
      `set session_replication_role = 'replica'`,
      'alter role current_user superuser',
      'grant baoxue_owner to current_user',
      'select rolpassword from pg_authid',
      `copy parcel to program 'cat'`,
    ]) {
      await expect(raw('set role baoxue_system', statement), statement).rejects.toThrow(
        /permission denied|must be owner|must be superuser|must have admin option/,
      )
    }
    await expect(raw('set role baoxue_unit', 'set row_security = off', 'select * from parcel')).rejects.toThrow(
      'row-level security',
    )
  })

  test('[DB-3] openDatabase refuses a superuser and an owner', async () => {
    expect((await problemOf(openDatabase({ url: adminUrl, log }))).code).toBe('SYSTEM.CONFIG')
  })
})
