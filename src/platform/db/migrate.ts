import pg from 'pg'
import { Problem } from '../../kernel/problem.ts'
import type { Log } from '../log.ts'
import { listCatalogueFaults } from './catalogue.ts'
import { faultOf } from './faults.ts'
import { bossUrl, type DatabaseLogin, urlAs } from './login.ts'
import { type Migration, pendingAfter, readMigrations, refused } from './migration-files.ts'
import { prepareServer } from './roles.ts'
import { databaseWords as words } from './words.ts'

interface MigrateOptions {
  /** Of a superuser, or of the database's owner with CREATEROLE. */
  readonly adminUrl: string
  readonly folder: string
  readonly login: DatabaseLogin
  readonly log: Log
  /** Stop after the migration of this name: a restore goes to the state of the backup first. */
  readonly until?: string
}

export interface Migrated {
  readonly applied: readonly string[]
  /** Name of the last migration in force. */
  readonly version: string | undefined
  /** For `openDatabase`. */
  readonly appUrl: string
  /** For the job queue. */
  readonly bossUrl: string
}

/**
 * Function bodies are not checked when they are made: the check plans an SQL function as the owner, whom `row_security = off`
 * refuses every protected table. Each function is called by a test.
 */
const OPENING = `begin; set local role baoxue_owner; set local row_security = off; set local search_path = public;
  set local check_function_bodies = off`
/** Any number that no other program of this cluster uses. */
const LOCK = 7_262_686_901
const LOCK_SECONDS = 120

/** [DB-9] Brings the database to the state of the files, one transaction a file, one program at a time. */
export async function migrate({ adminUrl, folder, login, log, until }: MigrateOptions): Promise<Migrated> {
  const migrations = await readMigrations(folder)
  const admin = await connectAdmin(adminUrl)
  try {
    await admin.query(
      `set lock_timeout = ${LOCK_SECONDS * 1000}; select pg_advisory_lock(${LOCK}); set lock_timeout = 0`,
    )
    await prepareServer(admin, login)
    const applied = await readApplied(admin)
    const pending = pendingAfter(applied, migrations).filter(({ name }) => until === undefined || name <= until)
    for (const migration of pending) await apply(admin, migration, log)
    const faults = pending.length === 0 ? [] : await listCatalogueFaults(admin)
    if (faults.length > 0) throw refused(pending.at(-1)?.name ?? '', words.catalogueFaults(faults.join(' · ')))
    const appUrl = urlAs(adminUrl, login)
    await refuseForeignLogin(appUrl)
    const names = [...applied, ...pending].map(({ name }) => name).sort()
    return { applied: pending.map(({ name }) => name), version: names.at(-1), appUrl, bossUrl: bossUrl(appUrl) }
  } catch (error) {
    throw faultOf(error)
  } finally {
    await admin.end().catch(() => log.warn('database.connection-lost'))
  }
}

/** A connection of the administrator, with what is wrong with `DATABASE_URL` said plainly. */
export async function connectAdmin(adminUrl: string): Promise<pg.Client> {
  const admin = new pg.Client({
    connectionString: adminUrl,
    application_name: 'baoxue-admin',
    connectionTimeoutMillis: 10_000,
  })
  // Without a listener a connection lost while idle would end the process; the next query reports it anyway.
  admin.on('error', () => {})
  try {
    await admin.connect()
    await admin.query("set timezone = 'Asia/Shanghai'; set datestyle = 'ISO, YMD'; set client_min_messages = warning")
    return admin
  } catch (error) {
    await admin.end().catch(() => {})
    throw new Problem('SYSTEM.CONFIG', { setting: 'DATABASE_URL', advice: adviceOn(error) }, { cause: codeOf(error) })
  }
}

async function readApplied(admin: pg.Client): Promise<readonly { name: string; checksum: string }[]> {
  await admin.query(`
    begin; set local role baoxue_owner;
    create table if not exists public.applied_migration (
      name text primary key, checksum text not null, applied_at timestamptz not null default clock_timestamp());
    grant select on public.applied_migration to baoxue_system;
    commit`)
  const { rows } = await admin.query<{ name: string; checksum: string }>(
    'select name, checksum from public.applied_migration order by name',
  )
  return rows
}

/**
 * [DB-10] [ROW-9] Under FORCE ROW LEVEL SECURITY an owner's update touches no row and says nothing; with `row_security = off`
 * it fails instead. A migration that moves rows works as `baoxue_system` meanwhile: docs/rules/database.md.
 */
async function apply(admin: pg.Client, migration: Migration, log: Log): Promise<void> {
  // "No privileges were granted" is a warning to the server and a hole to us.
  const warnings: string[] = []
  const listen = ({ severity, message }: { severity?: string | undefined; message?: string | undefined }) => {
    if (severity === 'WARNING') warnings.push(message ?? '')
  }
  admin.on('notice', listen)
  try {
    await admin.query(OPENING)
    await admin.query(migration.sql)
    if (warnings.length > 0) throw new Error(warnings.join(' · '))
    await admin.query('set local role baoxue_owner')
    await admin.query('insert into public.applied_migration (name, checksum) values ($1, $2)', [
      migration.name,
      migration.checksum,
    ])
    await admin.query('commit')
  } catch (error) {
    await admin.query('rollback').catch(() => {})
    const fault = faultOf(error)
    if (fault instanceof Problem && fault.code === 'SYSTEM.DATABASE_AWAY') throw fault
    throw refused(migration.name, words.migrationFailed(fault instanceof Error ? fault.message : String(fault)))
  } finally {
    admin.off('notice', listen)
  }
  log.info('database.migrated', { migration: migration.name })
}

/** The login exists but has another password when keys and cluster come from two installations. */
async function refuseForeignLogin(appUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: appUrl, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    if (codeOf(error) !== '28P01') throw error
    throw new Problem('SYSTEM.CONFIG', {
      setting: 'DATABASE_URL',
      advice: words.loginRefused('keys/database-login.json'),
    })
  } finally {
    await client.end().catch(() => {})
  }
}

function adviceOn(error: unknown): string {
  const code = codeOf(error)
  if (code === '3D000') return words.noSuchDatabase
  return code.startsWith('28') ? words.wrongPassword : words.away
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}
