import { sql } from 'kysely'
import type { Database } from './db/index.ts'
import type { Keys } from './keys.ts'

/** A column of sealed values, with what it was sealed for. Every slice that seals values names its columns. */
export interface SealedColumn {
  readonly table: string
  /** A unique column to walk by. */
  readonly key: string
  readonly column: string
  readonly context: string
}

/** Rows a transaction: their locks are held for some milliseconds. */
const ROWS_A_STEP = 2_000
/** The key's id within a sealed value. */
const KEY_ID = { from: 2, bytes: 8 }

/**
 * [SEC-18] Seals anew with the current key what older keys sealed, a few rows at a time, while the server runs. What is
 * written meanwhile is sealed with the new key anyway. Answers how many values.
 */
export async function resealColumns(
  { db, keys }: { readonly db: Database; readonly keys: Keys },
  columns: readonly SealedColumn[],
  signal: AbortSignal,
): Promise<number> {
  let resealed = 0
  for (const column of columns) {
    let after: string | null = null
    do {
      signal.throwIfAborted()
      const step = await resealStep({ db, keys }, column, after)
      resealed += step.count
      after = step.last
    } while (after !== null)
  }
  return resealed
}

/** The key is compared as the database orders it, and written as text, since ids may be bigint or uuid. */
async function resealStep(
  { db, keys }: { readonly db: Database; readonly keys: Keys },
  { table, key, column, context }: SealedColumn,
  after: string | null,
): Promise<{ readonly count: number; readonly last: string | null }> {
  const current = Buffer.from(keys.currentId, 'hex')
  const [tableRef, keyRef, columnRef] = [sql.table(table), sql.ref(key), sql.ref(column)]
  return await db.asSystem('keys.reseal', async (tx) => {
    const type = await sql<{ type: string }>`
      select format_type(atttypid, atttypmod) as type from pg_attribute
      where attrelid = ${table}::regclass and attname = ${key}`.execute(tx)
    const typeName = sql.raw(type.rows[0]!.type)
    const beyond = after === null ? sql`true` : sql`${keyRef} > ${after}::${typeName}`
    const { rows } = await sql<{ id: string; sealed: Buffer }>`
      select ${keyRef}::text as id, ${columnRef} as sealed from ${tableRef}
      where ${beyond} and ${columnRef} is not null
        and substring(${columnRef} from ${KEY_ID.from}::int for ${KEY_ID.bytes}::int) <> ${current}
      order by ${keyRef} limit ${ROWS_A_STEP} for update`.execute(tx)
    if (rows.length === 0) return { count: 0, last: null }
    const ids = rows.map(({ id }) => id)
    const sealed = rows.map((row) => keys.seal(keys.open(row.sealed, context), context).toString('hex'))
    await sql`update ${tableRef} set ${columnRef} = decode(fresh.sealed, 'hex')
      from unnest(${ids}::text[], ${sealed}::text[]) as fresh (id, sealed)
      where ${keyRef} = fresh.id::${typeName}`.execute(tx)
    return { count: rows.length, last: ids.at(-1) ?? null }
  })
}
