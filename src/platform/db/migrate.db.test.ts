import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { memoryLog } from '../testing/log.ts'
import { MIGRATIONS, onServer, withDatabase } from '../testing/server.ts'
import { openDatabase } from './index.ts'
import { findOrMakeLogin } from './login.ts'
import { connectAdmin, migrate } from './migrate.ts'
import { readMigrations } from './migration-files.ts'

const { adminUrl: templateUrl, login, template } = inject('testServer')
const serverUrl = withDatabase(templateUrl, 'postgres')
const folder = await temporaryFolder()
const { log } = memoryLog()
const made: string[] = []
let adminUrl = ''

async function emptyDatabase(): Promise<string> {
  const name = `${template}_${randomUUID().slice(0, 8)}`
  await onServer(serverUrl, `create database ${name} template template0 encoding 'UTF8'`)
  made.push(name)
  return withDatabase(serverUrl, name)
}

const file = (name: string, text: string) => writeFile(join(folder, name), text)
const run = () => migrate({ adminUrl, folder, login, log })

async function rows(statement: string, url = adminUrl): Promise<unknown[]> {
  const admin = await connectAdmin(url)
  return await admin
    .query(statement)
    .then((result) => result.rows)
    .finally(() => admin.end())
}

beforeEach(async () => {
  adminUrl = await emptyDatabase()
  await rm(folder, { recursive: true })
  await mkdir(folder)
  await file('202601010000-first.sql', 'create table first (a int); grant select on first to baoxue_system;')
  await file('202601020000-second.sql', 'create table second (a int); grant select on second to baoxue_system;')
})

afterAll(async () => {
  await onServer(serverUrl, ...made.map((name) => `drop database ${name} with (force)`))
})

describe('[DB-9] migrate', () => {
  test('applies what is missing, in order, once', async () => {
    expect(await run()).toMatchObject({
      applied: ['202601010000-first', '202601020000-second'],
      version: '202601020000-second',
    })
    expect(await run()).toMatchObject({ applied: [], version: '202601020000-second' })
    await file('202601030000-third.sql', 'alter table first add b int;')
    expect(await run()).toMatchObject({ applied: ['202601030000-third'] })
  })

  test('of two programs at once applies each file once', async () => {
    const both = await Promise.all([run(), run()])
    expect(both.flatMap(({ applied }) => applied).sort()).toEqual(['202601010000-first', '202601020000-second'])
  })

  test('leaves nothing of a file that fails, keeps those before it, and says where it stands', async () => {
    await file('202601030000-third.sql', 'create table third (a int); select no_such_function();')
    await expect(run()).rejects.toMatchObject({
      code: 'SYSTEM.MIGRATION',
      message: expect.stringMatching(/202601030000-third.*no_such_function/),
    })
    expect(await rows(`select to_regclass('second')::text as second, to_regclass('third') as third`)).toEqual([
      { second: 'second', third: null },
    ])
  })

  test('makes everything the owner’s', async () => {
    await run()
    expect(await rows(`select distinct tableowner from pg_tables where schemaname = 'public'`)).toEqual([
      { tableowner: 'baoxue_owner' },
    ])
  })
})

describe('[DB-8] refuses', () => {
  test.each([
    ['a file changed after it was applied', '202601010000-first.sql', 'create table first (b int);', /被改过/],
    ['a new file older than an applied one', '202601010001-late.sql', 'create table late (a int);', /早于/],
    ['a file that commits', '202601030000-third.sql', 'create table third (a int);\ncommit;', /commit/],
    ['a file without a time', 'third.sql', 'create table third (a int);', /文件名/],
  ])('%s', async (_what, name, text, message) => {
    await run()
    await file(name, text)
    await expect(run()).rejects.toMatchObject({ code: 'SYSTEM.MIGRATION', message: expect.stringMatching(message) })
  })

  test('a database newer than the program', async () => {
    await run()
    await rm(join(folder, '202601020000-second.sql'))
    await expect(run()).rejects.toMatchObject({ code: 'SYSTEM.MIGRATION', message: expect.stringMatching(/新版程序/) })
  })

  test('[DB-10] rows moved as the owner under FORCE, which would touch none in silence', async () => {
    const table = `create table kept (a int, units int[]); alter table kept enable row level security;
      alter table kept force row level security; grant select, update on kept to baoxue_system;
      create policy system on kept to baoxue_system using (true);`
    await file('202601030000-third.sql', `${table} update kept set a = 1;`)
    await expect(run()).rejects.toMatchObject({ message: expect.stringMatching(/row-level security/) })
    await file(
      '202601030000-third.sql',
      `${table} set local role baoxue_system; set local row_security = on; update kept set a = 1;`,
    )
    await expect(run()).resolves.toMatchObject({ applied: ['202601030000-third'] })
  })

  test('a warning of the server, such as a grant without effect', async () => {
    await file('202601030000-third.sql', 'grant select on pg_authid to baoxue_unit;')
    await expect(run()).rejects.toMatchObject({ code: 'SYSTEM.MIGRATION' })
    await file('202601030000-third.sql', `do $$ begin raise warning 'no effect'; end $$`)
    await expect(run()).rejects.toMatchObject({ message: expect.stringMatching(/no effect/) })
  })

  test('[ROW-4] a table with units that is not protected', async () => {
    await file('202601030000-third.sql', 'create table bare (units int[]); grant select on bare to baoxue_system;')
    await expect(run()).rejects.toMatchObject({ message: expect.stringMatching(/bare: row security is not forced/) })
  })
})

describe('[DB-6] the login', () => {
  test('is made once and kept; two installations on one cluster both work', async () => {
    const keys = [await temporaryFolder(), await temporaryFolder()]
    const logins = await Promise.all(keys.map(findOrMakeLogin))
    expect(await findOrMakeLogin(keys[0]!)).toEqual(logins[0])
    const otherUrl = await emptyDatabase()
    const [mine, theirs] = await Promise.all([
      migrate({ adminUrl, folder, login: logins[0]!, log }),
      migrate({ adminUrl: otherUrl, folder, login: logins[1]!, log }),
    ])
    await migrate({ adminUrl, folder, login: logins[0]!, log })
    for (const url of [mine.appUrl, theirs.appUrl]) await (await openDatabase({ url, log })).close()
    await expect(
      openDatabase({ url: withDatabase(theirs.appUrl, new URL(adminUrl).pathname.slice(1)), log }),
    ).rejects.toThrow()
    await onServer(serverUrl, ...made.splice(0).map((name) => `drop database ${name} with (force)`))
    await onServer(serverUrl, ...logins.map(({ name }) => `drop role ${name}`))
  })

  test('of another cluster’s keys is refused with advice', async () => {
    await expect(
      migrate({ adminUrl, folder, login: { ...login, password: 'x'.repeat(40) }, log }),
    ).rejects.toMatchObject({
      code: 'SYSTEM.CONFIG',
      message: expect.stringMatching(/database-login\.json/),
    })
  })

  test.each([
    ['no such database', (url: string) => withDatabase(url, 'nowhere'), /没有这个库/],
    ['no server', (url: string) => url.replace(/:\d+\//, ':9/'), /连不上/],
  ])('an administrator’s URL with %s is told apart', async (_what, wrong, message) => {
    await expect(migrate({ adminUrl: wrong(adminUrl), folder, login, log })).rejects.toMatchObject({
      code: 'SYSTEM.CONFIG',
      message: expect.stringMatching(message),
    })
  })
})

test('[DB-8] what has landed is unchanged, and the rest applies on top of it', async () => {
  const text = await readFile(join(MIGRATIONS, 'landed.txt'), 'utf8')
  const landed = text.split('\n').flatMap((line) => (line === '' ? [] : [line.split('  ')]))
  const migrations = await readMigrations(MIGRATIONS)
  for (const [checksum, name] of landed)
    expect(migrations.find((one) => one.name === name)?.checksum, name).toBe(checksum)
  const until = landed.at(-1)?.[1] ?? ''
  await migrate({ adminUrl, folder: MIGRATIONS, login, log, until })
  const rest = await migrate({ adminUrl, folder: MIGRATIONS, login, log })
  expect(rest.applied).toEqual(migrations.map(({ name }) => name).filter((name) => name > until))
})
