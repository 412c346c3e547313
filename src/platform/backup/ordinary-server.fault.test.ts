import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { listCatalogueFaults } from '../db/catalogue.ts'
import { openDatabase } from '../db/index.ts'
import { findOrMakeLogin } from '../db/login.ts'
import { connectAdmin, migrate } from '../db/migrate.ts'
import { startPostgres } from '../postgres/index.ts'
import { temporaryFolder } from '../testing/folder.ts'
import { memoryLog } from '../testing/log.ts'
import { MIGRATIONS, onServer, withDatabase } from '../testing/server.ts'
import { backup, restore } from './index.ts'

const folder = await temporaryFolder()
const { log } = memoryLog()
const server = await startPostgres({ dataDir: folder, log, isThrowaway: true })
afterAll(() => server.stop())

/** What an administrator gives the product: a login without superuser rights, and databases that it owns. */
const clerkOf = (name: string) => {
  const url = new URL(withDatabase(server.adminUrl, name))
  url.username = 'dba'
  url.password = 'dba'
  return url.href
}

test('[DB-7] an ordinary administrator, owner of his database with CREATEROLE, is enough for start, backup and restore', async () => {
  await onServer(
    server.adminUrl,
    `create role dba login createrole password 'dba'`,
    'create database first owner dba',
    'create database second owner dba',
    'create database strange',
  )
  const login = await findOrMakeLogin(join(folder, 'keys'))
  const parts = {
    adminUrl: clerkOf('first'),
    sealedFolder: join(folder, 'files'),
    keyFile: join(folder, 'keys', 'none'),
    log,
  }
  const { appUrl, applied } = await migrate({ ...parts, folder: MIGRATIONS, login })
  expect(await migrate({ ...parts, folder: MIGRATIONS, login })).toMatchObject({ applied: [] })
  const db = await openDatabase({ url: appUrl, log })
  const names = await db.asSystem('test', (tx) =>
    tx.selectFrom('applied_migration').select('name').orderBy('name').execute(),
  )
  await db.close()
  expect(names.map(({ name }) => name)).toEqual(applied)

  const taken = join(folder, 'taken')
  const manifest = await backup(parts, taken, new Date())
  await restore({ ...parts, adminUrl: clerkOf('second'), migrations: MIGRATIONS, login }, taken)
  const again = await backup({ ...parts, adminUrl: clerkOf('second') }, join(folder, 'again'), new Date())
  expect(again.tables.map(({ name, rows }) => [name, rows])).toEqual(
    manifest.tables.map(({ name, rows }) => [name, rows]),
  )
})

test('[DB-7] who does not own the database, or may not make roles, is told what to ask for', async () => {
  const login = await findOrMakeLogin(join(folder, 'keys'))
  const start = (name: string) => migrate({ adminUrl: clerkOf(name), folder: MIGRATIONS, login, log })
  await expect(start('strange')).rejects.toMatchObject({
    code: 'SYSTEM.CONFIG',
    message: expect.stringMatching(/所有者/),
  })
  await onServer(server.adminUrl, 'alter role dba nocreaterole', 'create database third owner dba')
  await expect(start('third')).rejects.toMatchObject({
    code: 'SYSTEM.CONFIG',
    message: expect.stringMatching(/createrole/),
  })
})

test('[DB-7] a database that is not UTF8 is refused', async () => {
  await onServer(
    server.adminUrl,
    `create database latin template template0 encoding 'LATIN1' locale_provider libc locale 'C'`,
  )
  const login = await findOrMakeLogin(join(folder, 'keys'))
  const start = migrate({ adminUrl: withDatabase(server.adminUrl, 'latin'), folder: MIGRATIONS, login, log })
  await expect(start).rejects.toMatchObject({ code: 'SYSTEM.CONFIG', message: expect.stringMatching(/LATIN1/) })
})

test('[ROW-6] a role of the product that is too powerful is found', async () => {
  const admin = await connectAdmin(withDatabase(server.adminUrl, 'first'))
  try {
    await admin.query(
      `create role baoxue_app_ffffffff login bypassrls in role baoxue_owner; create role baoxue_other login noinherit`,
    )
    expect(await listCatalogueFaults(admin)).toEqual([
      'baoxue_app_ffffffff: the application may become the owner',
      'baoxue_app_ffffffff: too powerful a role',
      'baoxue_other: only the application logs in',
    ])
  } finally {
    await admin.end()
  }
})
