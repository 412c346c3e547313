import { CompiledQuery, type DatabaseConnection, PostgresDriver, type Transaction } from 'kysely'
import type pg from 'pg'
import Cursor from 'pg-cursor'

const clients = new WeakMap<DatabaseConnection, pg.PoolClient>()

/** Begins a transaction with the one message that also sets role and settings, and remembers the client for COPY. */
export class ScopeDriver extends PostgresDriver {
  readonly #opening: string
  readonly #holder: { client?: pg.PoolClient }

  constructor(pool: pg.Pool, opening: string) {
    const holder: { client?: pg.PoolClient } = {}
    super({
      pool: {
        options: pool.options,
        connect: async () => {
          holder.client = await pool.connect()
          return holder.client
        },
        end: async () => {},
      },
      cursor: Cursor,
    })
    this.#opening = opening
    this.#holder = holder
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection()
    if (this.#holder.client !== undefined) clients.set(connection, this.#holder.client)
    return connection
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(this.#opening))
  }
}

/** The driver's client under a transaction, for COPY, which Kysely does not speak. */
export async function withClient<T, DB>(tx: Transaction<DB>, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return await tx.getExecutor().provideConnection(async (connection) => {
    const client = clients.get(connection)
    if (client === undefined) throw new Error('this transaction was not opened by openDatabase')
    return await work(client)
  })
}
