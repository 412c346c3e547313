import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Transaction } from 'kysely'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { withClient } from './scope-driver.ts'

export type CopyValue = string | number | bigint | boolean | null | Date | Uint8Array | readonly (number | bigint)[]

interface CopyTarget {
  readonly table: string
  readonly columns: readonly string[]
  /** Each row in the order of `columns`. */
  readonly rows: Iterable<readonly CopyValue[]> | AsyncIterable<readonly CopyValue[]>
}

const STAGING = 'copy_staging'
/** Rows are joined to pieces of about this size: one write a row costs more than the row. */
const PIECE_CHARACTERS = 64 * 1024

/**
 * [DB-14] [ROW-10] Bulk insert; returns the number of rows. The server refuses COPY into a table with row security, so the rows go into
 * a temporary table first and from there through the policies like any insert.
 */
export async function copyInto<DB>(tx: Transaction<DB>, { table, columns, rows }: CopyTarget): Promise<number> {
  const list = columns.map(quoted).join(', ')
  return await withClient(tx, async (client) => {
    await client.query(
      `create temporary table ${STAGING} on commit drop as select ${list} from ${quoted(table)} with no data`,
    )
    await pipeline(Readable.from(piecesOf(rows)), client.query(copyFrom(`copy ${STAGING} from stdin`)))
    const inserted = await client.query(`insert into ${quoted(table)} (${list}) select ${list} from ${STAGING}`)
    await client.query(`drop table ${STAGING}`)
    return inserted.rowCount ?? 0
  })
}

/**
 * Into a temporary table of this transaction, which has no policies: nothing stands in between. `pieces` are made by `copyPiece`,
 * so that a load makes the next ones while the server reads these.
 */
export async function copyIntoTemporary<DB>(
  tx: Transaction<DB>,
  {
    table,
    columns,
    pieces,
  }: { readonly table: string; readonly columns: readonly string[]; readonly pieces: Iterable<string> },
): Promise<void> {
  const list = columns.map(quoted).join(', ')
  await withClient(tx, async (client) => {
    await pipeline(Readable.from(pieces), client.query(copyFrom(`copy pg_temp.${quoted(table)} (${list}) from stdin`)))
  })
}

/** Rows as COPY reads them, each in the order of the columns. */
export function copyPiece(rows: Iterable<readonly CopyValue[]>): string {
  let piece = ''
  for (const row of rows) piece += lineOf(row)
  return piece
}

/** [DB-14] Streams CSV lines, made by the program, into a temporary table of this session: it has no row security. */
export async function copyCsvInto<DB>(
  tx: Transaction<DB>,
  { table, columns, csv }: { readonly table: string; readonly columns: readonly string[]; readonly csv: Readable },
): Promise<void> {
  await withClient(tx, async (client) => {
    await pipeline(
      csv,
      client.query(
        copyFrom(`copy pg_temp.${quoted(table)} (${columns.map(quoted).join(', ')}) from stdin (format csv)`),
      ),
    )
  })
}

/** [ROW-10] Streams the answer of `select` (a constant of the store: COPY takes no parameters) as CSV with a header line. */
export async function copyOut<DB>(tx: Transaction<DB>, select: string, destination: Writable): Promise<void> {
  await withClient(tx, async (client) => {
    await pipeline(client.query(copyTo(`copy (${select}) to stdout (format csv, header)`)), destination)
  })
}

async function* piecesOf(rows: CopyTarget['rows']): AsyncGenerator<string> {
  let piece = ''
  for await (const row of rows) {
    piece += lineOf(row)
    if (piece.length < PIECE_CHARACTERS) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

function lineOf(row: readonly CopyValue[]): string {
  return `${row.map(fieldOf).join('\t')}\n`
}

function fieldOf(value: CopyValue): string {
  if (value === null) return '\\N'
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array)
    return `\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`
  if (typeof value === 'object') return `{${value.join(',')}}`
  return typeof value === 'string' ? value.replace(/[\\\t\n\r]/g, escapeOf) : String(value)
}

function escapeOf(character: string): string {
  if (character === '\t') return '\\t'
  if (character === '\n') return '\\n'
  return character === '\r' ? '\\r' : '\\\\'
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}
