import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createClock } from '../clock.ts'
import { type DatabaseLogin, findOrMakeLogin } from '../db/login.ts'
import { connectAdmin, migrate } from '../db/migrate.ts'
import { startPostgres } from '../postgres/index.ts'
import { openToServer } from './folder.ts'
import { memoryLog } from './log.ts'

/** What a test file needs to make its own database. Plain data: it crosses to the workers. */
export interface TestServer {
  /** Of an administrator, on the template. */
  readonly adminUrl: string
  readonly template: string
  readonly login: DatabaseLogin
}

export const MIGRATIONS = resolve(import.meta.dirname, '../../../migrations')
const PREFIX = 'baoxue_test_'

/** One server a run, `fsync=off`, with a template that has all migrations. `url`: an administrator of another server instead. */
export async function startTestServer(url?: string): Promise<{ server: TestServer; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'baoxue-test-'))
  await openToServer(folder)
  const { log, lines } = memoryLog()
  const embedded = url === undefined ? await startPostgres({ dataDir: folder, log, isThrowaway: true }) : undefined
  const stop = async () => {
    await embedded?.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const serverUrl = url ?? embedded?.adminUrl ?? ''
    const template = `${PREFIX}${createClock().now().getTime().toString(36)}_${process.pid}`
    const login = await findOrMakeLogin(join(folder, 'keys'))
    await onServer(serverUrl, `create database ${template} template template0 encoding 'UTF8'`)
    const adminUrl = withDatabase(serverUrl, template)
    await migrate({ adminUrl, folder: MIGRATIONS, login, log })
    return {
      server: { adminUrl, template, login },
      stop: async () => {
        if (url !== undefined) await clear(url, template, login)
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw new Error(`the test database was not made: ${lines.join('')}`, { cause: error })
  }
}

export function withDatabase(url: string, name: string): string {
  const own = new URL(url)
  own.pathname = `/${name}`
  return own.href
}

export async function onServer(url: string, ...statements: readonly string[]): Promise<void> {
  const admin = await connectAdmin(url)
  try {
    for (const statement of statements) await admin.query(statement)
  } finally {
    await admin.end()
  }
}

/** Another server keeps nothing of the run. */
async function clear(url: string, template: string, login: DatabaseLogin): Promise<void> {
  const admin = await connectAdmin(url)
  try {
    const { rows } = await admin.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [template],
    )
    for (const { datname } of rows) await admin.query(`drop database ${admin.escapeIdentifier(datname)} with (force)`)
    await admin.query(`drop role ${admin.escapeIdentifier(login.name)}`)
  } finally {
    await admin.end()
  }
}
