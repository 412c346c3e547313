import { randomUUID } from 'node:crypto'
import type { QueryResultRow } from 'pg'
import { afterAll, inject } from 'vitest'
import { type Database, openDatabase } from '../db/index.ts'
import { bossUrl, urlAs } from '../db/login.ts'
import { connectAdmin } from '../db/migrate.ts'
import { grantDatabase } from '../db/roles.ts'
import type { Log } from '../log.ts'
import './global-setup.ts'
import { memoryLog } from './log.ts'
import { onServer, withDatabase } from './server.ts'

export interface TestDatabase {
  readonly db: Database
  readonly adminUrl: string
  readonly appUrl: string
  /** For the job queue. */
  readonly bossUrl: string
  readonly log: Log
  /** What was logged, line by line. */
  readonly lines: readonly string[]
  /** As the administrator, past row security: to plant rows and to look at what is really there. */
  admin<Row extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>
}

/** A database of the test file's own, with all migrations, dropped at its end. Call it at the top of the file. */
export async function testDatabase(): Promise<TestDatabase> {
  const { adminUrl: templateUrl, template, login } = inject('testServer')
  const name = `${template}_${randomUUID().replaceAll('-', '').slice(0, 12)}`
  // Not from inside the template: a session there would block every other copy.
  const serverUrl = withDatabase(templateUrl, 'postgres')
  await onServer(serverUrl, `create database ${name} template ${template}`)
  const adminUrl = withDatabase(templateUrl, name)
  const admin = await connectAdmin(adminUrl)
  // The rights on a database are not copied with it.
  await grantDatabase(admin, login)
  const { log, lines } = memoryLog()
  const appUrl = urlAs(adminUrl, login)
  const db = await openDatabase({ url: appUrl, log, connections: 8 })
  afterAll(async () => {
    await db.close()
    await admin.end()
    await onServer(serverUrl, `drop database ${name} with (force)`)
  })
  return {
    db,
    adminUrl,
    appUrl,
    bossUrl: bossUrl(appUrl),
    log,
    lines,
    admin: async <Row extends QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
      (await admin.query<Row>(sql, [...values])).rows,
  }
}
