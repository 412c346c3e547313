import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountId, unitId } from '../../kernel/ids.ts'
import type { Scope } from '../../kernel/scope.ts'
import { testDatabase } from '../testing/database.ts'
import { openDatabase, type PlatformTables, violatedConstraint } from './index.ts'

const { db, appUrl, admin, log, lines } = await testDatabase()
const clerk: Scope = { kind: 'unit', unitId: unitId(2), accountId: accountId(7) }

beforeAll(async () => {
  await admin(`begin; set local role baoxue_owner; create table thing (thing_id int primary key, label text unique);
    grant select, insert on thing to baoxue_unit, baoxue_system; commit`)
})

/** A cable between program and server: what went through it can be read, and it can be cut. */
async function cable() {
  const sockets = new Set<Socket>()
  const sent: Buffer[] = []
  const { hostname, port } = new URL(appUrl)
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    near.on('data', (chunk) => sent.push(chunk))
    near.pipe(far)
    far.pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterAll(() => void server.close())
  const url = new URL(appUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    sent: () => Buffer.concat(sent).toString('latin1'),
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    close: () => server.close(),
  }
}

test('[DB-1] begin, role and settings travel in one message', async () => {
  const { url, sent } = await cable()
  const far = await openDatabase({ url, log, connections: 1 })
  await far.inScope(clerk, (tx) => sql`select 1`.execute(tx))
  await far.close()
  expect(sent()).toContain("begin; set local role baoxue_unit; set local app.unit = '2'; set local app.account = '7'\0")
})

test('[DB-1] an id that is no whole positive number never reaches the server', async () => {
  const forged = { ...clerk, unitId: "2'; reset role; --" as unknown as Scope['unitId'] }
  await expect(async () => await db.inScope(forged, (tx) => sql`select 1`.execute(tx))).rejects.toThrow(RangeError)
})

test('[DB-2] the log says why the system was asked', async () => {
  await db.asSystem('test.reason', (tx) => sql`select 1`.execute(tx))
  expect(lines.join('')).toContain('"event":"database.as-system","why":"test.reason"')
})

test('[DB-11] work that swallowed a refused statement does not pass as saved', async () => {
  const swallow = db.asSystem('test', async (tx) => {
    await sql`insert into thing values (1, 'a')`.execute(tx)
    await sql`insert into thing values (1, 'b')`.execute(tx).catch(() => 'never mind')
    return 'saved'
  })
  await expect(swallow).rejects.toThrow()
  expect(await admin('select * from thing')).toEqual([])
})

test('[DB-11] a transaction inside a transaction is refused instead of committing the outer one', async () => {
  const nested = (tx: Kysely<PlatformTables>) => tx.transaction().execute(async () => 1)
  await expect(db.asSystem('test', nested)).rejects.toThrow('transaction')
})

test('[DB-5] a command can still learn which constraint stopped it', async () => {
  await admin(`insert into thing values (2, 'taken')`)
  const error = await db.inScope(clerk, (tx) => sql`insert into thing values (3, 'taken')`.execute(tx)).catch((e) => e)
  expect(violatedConstraint(error)).toBe('thing_label_key')
})

test('a missing grant is a fault of the program, not the clerk’s', async () => {
  const work = db.inScope(clerk, (tx) => sql`delete from thing`.execute(tx))
  await expect(work).rejects.toMatchObject({ name: 'DatabaseFault', sqlState: '42501' })
})

test('[DB-12] a cut connection answers that the database is away, and the next request has a new one', async () => {
  const line = await cable()
  const far = await openDatabase({ url: line.url, log, connections: 1 })
  const asleep = far.inScope(clerk, (tx) => sql`select pg_sleep(20)`.execute(tx))
  setTimeout(line.cut, 100)
  await expect(asleep).rejects.toMatchObject({ code: 'SYSTEM.DATABASE_AWAY' })
  await expect(far.inScope(clerk, (tx) => sql`select 1`.execute(tx))).resolves.toBeDefined()
  line.cut()
  await far.close()
})

test('[DB-12] a session ended by the server, and a server that is not there, are away too', async () => {
  const ended = db.asSystem('test', (tx) => sql`select pg_sleep(20), 'to be ended'`.execute(tx))
  const end = `select pg_terminate_backend(pid) from pg_stat_activity where query like '%to be ended%' and pid <> pg_backend_pid()`
  setTimeout(() => void admin(end), 200)
  await expect(ended).rejects.toMatchObject({ code: 'SYSTEM.DATABASE_AWAY' })
  const gone = await cable()
  gone.close()
  await expect(openDatabase({ url: gone.url, log })).rejects.toMatchObject({ code: 'SYSTEM.DATABASE_AWAY' })
})

test('[DB-15] a statement that takes too long, and a pool without a free connection, answer that the system is busy', async () => {
  const one = await openDatabase({ url: appUrl, log, connections: 1 })
  const holding = one.inScope(clerk, (tx) => sql`select pg_sleep(6)`.execute(tx))
  const waiting = one.inScope(clerk, (tx) => sql`select 1`.execute(tx))
  const slow = db.inScope(clerk, (tx) => sql`select pg_sleep(5)`.execute(tx), { statementSeconds: 1 })
  await expect(slow).rejects.toMatchObject({ code: 'SYSTEM.BUSY' })
  await expect(waiting).rejects.toMatchObject({ code: 'SYSTEM.BUSY' })
  await holding
  await one.close()
})
