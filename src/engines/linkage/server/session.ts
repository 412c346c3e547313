import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'
import { Problem } from '../../../kernel/problem.ts'
import { text as literal } from '../dialect.ts'

export interface SessionOptions {
  /** An existing folder that only this run uses; the database and its spill files live in it and leave with `close`. */
  readonly workDir: string
  /** What DuckDB's buffers may hold. The process takes about 350 MB more (Node, code, results in flight). */
  readonly memoryLimitMb: number
  readonly threads: number
  readonly signal?: AbortSignal
}

/** What can be appended. */
export type Cell = string | number | bigint | boolean | null
export type SqlRow = Readonly<Record<string, DuckDBValue>>

/**
 * [LINK-8] [LINK-9] One DuckDB database on disk for one run. Every statement stops within a
 * moment of the signal; a full disk is told as what it is.
 */
export interface Session {
  run(sql: string): Promise<void>
  rows(sql: string): Promise<readonly SqlRow[]>
  /** Columns of a result chunk by chunk, so that the whole never stands in memory twice. */
  chunks(sql: string, take: (columns: readonly (readonly DuckDBValue[])[]) => void): Promise<void>
  count(sql: string): Promise<number>
  append(table: string, rows: Iterable<readonly Cell[]>): Promise<void>
  close(): void
}

export async function openSession(options: SessionOptions): Promise<Session> {
  options.signal?.throwIfAborted()
  const file = join(options.workDir, 'linkage.duckdb')
  const instance = await DuckDBInstance.create(file, {
    threads: String(options.threads),
    memory_limit: `${options.memoryLimitMb}MB`,
    temp_directory: join(options.workDir, 'spill'),
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  // The database is thrown away: a checkpoint would only write it twice.
  await connection.run("SET checkpoint_threshold = '1TB'")
  return sessionOn(instance, connection, file, options)
}

function sessionOn(
  instance: DuckDBInstance,
  connection: DuckDBConnection,
  file: string,
  options: SessionOptions,
): Session {
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    options.signal?.throwIfAborted()
    const interrupt = () => connection.interrupt()
    options.signal?.addEventListener('abort', interrupt, { once: true })
    try {
      return await work()
    } catch (error) {
      options.signal?.throwIfAborted()
      throw told(error)
    } finally {
      options.signal?.removeEventListener('abort', interrupt)
    }
  }
  const session: Session = {
    run: (sql) =>
      guarded(async () => {
        await connection.run(sql)
      }),
    rows: (sql) => guarded(async () => (await connection.runAndReadAll(sql)).getRowObjects()),
    chunks: (sql, take) =>
      guarded(async () => {
        const result = await connection.stream(sql)
        for (
          let chunk = await result.fetchChunk();
          chunk !== null && chunk.rowCount > 0;
          chunk = await result.fetchChunk()
        ) {
          options.signal?.throwIfAborted()
          take(chunk.getColumns())
        }
      }),
    count: async (sql) => Number((await session.rows(`SELECT count(*) AS n FROM (${sql})`))[0]?.['n'] ?? 0),
    append: (table, rows) => guarded(() => appendRows(connection, table, rows, options.signal)),
    close: () => {
      connection.closeSync()
      instance.closeSync()
      rmSync(file, { force: true })
      rmSync(`${file}.wal`, { force: true })
      rmSync(join(options.workDir, 'spill'), { recursive: true, force: true })
    },
  }
  return session
}

/** Rows of one appended chunk, DuckDB's own vector size. */
const CHUNK = 2048
/** Chunks between two looks at the signal and two turns of the event loop. */
const CHUNKS_A_TURN = 8

async function appendRows(
  connection: DuckDBConnection,
  table: string,
  rows: Iterable<readonly Cell[]>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const appender = await connection.createAppender(table)
  try {
    const types = Array.from({ length: appender.columnCount }, (_, index) => appender.columnType(index))
    let columns: Cell[][] = types.map(() => [])
    let chunks = 0
    const flush = async () => {
      const chunk = DuckDBDataChunk.create(types, columns[0]!.length)
      chunk.setColumns(columns)
      appender.appendDataChunk(chunk)
      columns = types.map(() => [])
      if (++chunks % CHUNKS_A_TURN === 0) {
        await new Promise(setImmediate)
        signal?.throwIfAborted()
      }
    }
    for (const row of rows) {
      for (let column = 0; column < types.length; column++) columns[column]!.push(row[column] ?? null)
      if (columns[0]!.length === CHUNK) await flush()
    }
    if (columns[0]!.length > 0) await flush()
    appender.flushSync()
  } finally {
    appender.closeSync()
  }
}

const DISK_FULL = /No space left|disk full|ENOSPC|max_temp_directory_size|Could not write|failed to offload/i

function told(error: unknown): unknown {
  if (error instanceof Problem) return error
  const message = error instanceof Error ? error.message : String(error)
  return DISK_FULL.test(message) ? new Problem('SYSTEM.DISK_FULL', {}, { engine: message.slice(0, 120) }) : error
}

/** A Parquet file as a table expression. */
export function parquet(path: string): string {
  return `read_parquet(${literal(path)})`
}
