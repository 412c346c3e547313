import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type Transaction } from 'kysely'
import pg from 'pg'
import { Problem } from '../../kernel/problem.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Log } from '../log.ts'
import { faultOf } from './faults.ts'
import { ScopeDriver } from './scope-driver.ts'
import type { PlatformTables } from './tables.ts'
import { productTypes } from './types.ts'
import { databaseWords } from './words.ts'

/** One transaction on one connection, in one scope. A slice's store names its tables: `tx.withTables<RegistryTables>()`. */
export type Tx = Transaction<PlatformTables>

export interface ScopeOptions {
  /** How long one statement may take, in seconds. 30 for requests; a job that moves millions of rows asks for more. */
  readonly statementSeconds?: number
}

/** There is no way to a query but through a scope. */
export interface Database {
  /**
   * [DB-1] Runs `work` in one transaction as the unit or the city of `scope`, and commits when it returns.
   * [DB-11] A refused statement that `work` swallowed still fails the whole: nothing of it is saved.
   */
  inScope<T>(scope: Scope, work: (tx: Tx) => Promise<T>, options?: ScopeOptions): Promise<T>
  /** [DB-2] Runs `work` as `baoxue_system`, which sees every row. `why` goes to the log: an event name, no personal data. */
  asSystem<T>(why: string, work: (tx: Tx) => Promise<T>, options?: ScopeOptions): Promise<T>
  close(): Promise<void>
}

interface DatabaseOptions {
  /** Of the application's own login, never of the owner. */
  readonly url: string
  readonly log: Log
  /** PostgreSQL serves one query a connection; more connections than a few times the cores only queue inside the server. */
  readonly connections?: number
}

const DEFAULT_CONNECTIONS = 20
const STATEMENT_SECONDS = 30
/** A session that holds locks and does nothing is a hung program; longer than any computation between two queries. */
const IDLE_IN_TRANSACTION_SECONDS = 300

export async function openDatabase({
  url,
  log,
  connections = DEFAULT_CONNECTIONS,
}: DatabaseOptions): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: 'baoxue',
    types: productTypes,
    options: [
      '-c timezone=Asia/Shanghai',
      '-c datestyle=ISO,YMD',
      `-c statement_timeout=${STATEMENT_SECONDS * 1000}`,
      `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_SECONDS * 1000}`,
    ].join(' '),
  })
  // A connection that breaks while it is in use rejects its query and is also announced on the client, where an
  // announcement nobody hears ends the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  let isClosing = false
  pool.on('error', (error) => {
    if (!isClosing) log.warn('database.connection-lost', { sqlState: sqlStateOf(error) })
  })
  try {
    await refusePowerfulLogin(pool)
  } catch (error) {
    await pool.end()
    throw error instanceof Problem ? error : faultOf(error)
  }

  async function run<T>(opening: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const kysely = new Kysely<PlatformTables>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new ScopeDriver(pool, opening),
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    })
    try {
      return await kysely.transaction().execute(work)
    } catch (error) {
      throw faultOf(error)
    }
  }

  // Once a reason: every request asks as the system who is signed in.
  const reasons = new Set<string>()
  return {
    inScope: (scope, work, options) => run(openingOf(scope, options), work),
    asSystem: (why, work, options) => {
      if (!reasons.has(why)) log.info('database.as-system', { why })
      reasons.add(why)
      return run(openingMessage('baoxue_system', [], options), work)
    },
    close: async () => {
      isClosing = true
      await pool.end()
    },
  }
}

function openingOf(scope: Scope, options: ScopeOptions | undefined): string {
  const settings = [`app.unit = '${whole(scope.unitId)}'`, `app.account = '${whole(scope.accountId)}'`]
  return openingMessage(scope.kind === 'city' ? 'baoxue_city' : 'baoxue_unit', settings, options)
}

/**
 * One message to the server, so that no statement can run between `begin` and the settings, and no round trip is added.
 * [ROW-1] The settings are local to the transaction: after the commit they read as an empty text, which every policy
 * takes for nobody. [ROW-2] A session without them sees nothing.
 */
function openingMessage(role: string, settings: readonly string[], options: ScopeOptions | undefined): string {
  const timeout =
    options?.statementSeconds === undefined ? [] : [`statement_timeout = ${whole(options.statementSeconds) * 1000}`]
  return ['begin', ...[`role ${role}`, ...settings, ...timeout].map((setting) => `set local ${setting}`)].join('; ')
}

function whole(value: number): number {
  if (!Number.isSafeInteger(value) || value <= 0) throw new RangeError(`not a whole positive number: ${value}`)
  return value
}

/** [DB-3] A login that is superuser, may bypass row security or owns tables would make every policy void. */
async function refusePowerfulLogin(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ powerful: boolean }>(`
    select rolsuper or rolbypassrls or exists (select 1 from pg_class where relowner = pg_roles.oid) as powerful
    from pg_roles where rolname = session_user`)
  if (rows[0]?.powerful !== false) {
    throw new Problem('SYSTEM.CONFIG', { setting: 'DATABASE_URL', advice: databaseWords.loginTooPowerful })
  }
}

function sqlStateOf(error: Error): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}
