import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { enter, type Visitor } from '../src/app/demo-visitor.ts'
import { findDemo } from '../src/app/first-load.ts'
import { openHttp } from '../src/app/product.ts'
import { memoryFolder } from '../src/app/testing/sheets.ts'
import type { PlainDate } from '../src/kernel/plain-date.ts'
import { bossUrl, urlAs } from '../src/platform/db/login.ts'
import { connectAdmin } from '../src/platform/db/migrate.ts'
import { grantDatabase } from '../src/platform/db/roles.ts'
import type { Services } from '../src/platform/services.ts'
import { onServer, type TestServer, withDatabase } from '../src/platform/testing/server.ts'
import type { Ask } from './invariants.ts'
import { FACTS_FILE, openPlace, type Place } from './operation.ts'

/** A database with its data folder: the installation that is copied, or a copy of it. */
export interface Town {
  readonly database: string
  readonly dataDir: string
}

export function placeOf(server: TestServer, { database, dataDir }: Town, today: PlainDate): Place {
  const appUrl = urlAs(withDatabase(server.adminUrl, database), server.login)
  return { appUrl, bossUrl: bossUrl(appUrl), dataDir, today }
}

/** Nobody may be connected to `town`. Of the data folder, what operations need: keys, sealed files, who signs in. */
export async function copyTown(server: TestServer, town: Town, to: Town): Promise<Town> {
  // As the server would have done by itself a minute later.
  await onServer(withDatabase(server.adminUrl, town.database), 'analyze')
  await makeDatabase(server, to.database, town.database)
  for (const part of ['keys', 'files', 'demo/accounts.json', FACTS_FILE]) {
    await cp(join(town.dataDir, part), join(to.dataDir, part), { recursive: true }).catch(ignoreMissing)
  }
  return to
}

export async function makeDatabase(server: TestServer, database: string, template: string): Promise<void> {
  await onServer(withDatabase(server.adminUrl, 'postgres'), `create database ${database} template ${template}`)
  // The rights on a database are not copied with it.
  const admin = await connectAdmin(withDatabase(server.adminUrl, database))
  await grantDatabase(admin, server.login)
  await admin.end()
}

export async function dropTown(server: TestServer, { database, dataDir }: Town): Promise<void> {
  await onServer(withDatabase(server.adminUrl, 'postgres'), `drop database if exists ${database} with (force)`)
  await rm(dataDir, { recursive: true, force: true })
  await rm(memoryFolder(dataDir), { recursive: true, force: true })
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
}

export interface OpenTown {
  readonly services: Services
  /** Signs in over HTTP as one of the demo's people. */
  visit(login: string): Promise<Visitor>
  close(): Promise<void>
}

/** With its port, so that what is ordered is ordered as people do; job workers stand still. */
export async function openTown(place: Place): Promise<OpenTown> {
  const { services, close } = await openPlace(place)
  const demo = await findDemo(services.config)
  const http = await openHttp(services, demo)
  const address = await http.listen({ host: '127.0.0.1', port: 0 })
  return {
    services,
    visit: (login) => enter(address, login, demo?.password ?? ''),
    async close() {
      await http.close()
      await close()
    },
  }
}

/** One snapshot of everything, whoever writes meanwhile. Nothing it makes stays. */
export async function look<T>(adminUrl: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  const admin = await connectAdmin(adminUrl)
  try {
    await admin.query('begin isolation level repeatable read')
    return await work(askOf(admin))
  } finally {
    await admin.query('rollback').catch(() => {})
    await admin.end()
  }
}

export function askOf(admin: pg.Client): Ask {
  return async <Row extends object>(sql: string, values: readonly unknown[] = []) =>
    (await admin.query(sql, [...values])).rows as Row[]
}
