import { mkdir, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'
import { Problem } from '../../kernel/problem.ts'

export interface DuckOptions {
  /** An existing folder of this work alone, mode 0700: spill and copies of the input go there. */
  readonly workDir: string
  readonly memoryLimitMb?: number
  readonly threads?: number
  readonly signal?: AbortSignal
}

/** Half of what one comparison may take; the writer of Parquet holds one row group a thread. */
const MEMORY_LIMIT_MB = 700
const THREADS = 2
const LOOK_EVERY_MS = 250

/** A DuckDB in memory for reading and writing sheets; it spills into the work folder and leaves with `close`. */
export interface Duck {
  run(sql: string, onDone?: (share: number) => void): Promise<void>
  rows(sql: string): Promise<readonly (readonly DuckDBValue[])[]>
  /** Rows in batches of about two thousand, as they are computed. */
  stream(sql: string): AsyncGenerator<readonly (readonly DuckDBValue[])[]>
  close(): void
}

export async function openDuck({ workDir, memoryLimitMb, threads, signal }: DuckOptions): Promise<Duck> {
  signal?.throwIfAborted()
  const spill = join(workDir, 'sheet-spill')
  await mkdir(spill, { recursive: true, mode: 0o700 })
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads ?? THREADS),
    memory_limit: `${Math.min(memoryLimitMb ?? MEMORY_LIMIT_MB, MEMORY_LIMIT_MB)}MB`,
    temp_directory: spill,
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  // Progress is asked for, never printed.
  await connection.run('SET enable_progress_bar = true')
  await connection.run('SET enable_progress_bar_print = false')
  return {
    run: async (sql, onDone) => {
      await guarded(connection, signal, onDone, async () => void (await connection.run(sql)))
    },
    rows: (sql) => guarded(connection, signal, undefined, async () => (await connection.runAndReadAll(sql)).getRows()),
    stream: (sql) => streamRows(connection, signal, sql),
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

async function* streamRows(connection: DuckDBConnection, signal: AbortSignal | undefined, sql: string) {
  const next = <T>(work: () => Promise<T>) => guarded(connection, signal, undefined, work)
  const result = await next(() => connection.stream(sql))
  for (;;) {
    const chunk = await next(() => result.fetchChunk())
    if (chunk === null || chunk.rowCount === 0) return
    yield chunk.getRows()
  }
}

async function guarded<T>(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  onDone: ((share: number) => void) | undefined,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const interrupt = () => connection.interrupt()
  signal?.addEventListener('abort', interrupt, { once: true })
  const watch =
    onDone === undefined
      ? undefined
      : setInterval(() => onDone(Math.max(0, connection.progress.percentage) / 100), LOOK_EVERY_MS)
  try {
    return await work()
  } catch (error) {
    signal?.throwIfAborted()
    throw asProblem(error)
  } finally {
    clearInterval(watch)
    signal?.removeEventListener('abort', interrupt)
  }
}

const DISK_FULL = /No space left|disk full|ENOSPC|EDQUOT|max_temp_directory_size|failed to offload/i

/** [SHEET-13] A full disk is told as a full disk, wherever it was met; anything else stays what it is. */
export function asProblem(error: unknown): unknown {
  if (error instanceof Problem) return error
  const message = error instanceof Error ? error.message : String(error)
  return DISK_FULL.test(message) ? new Problem('SYSTEM.DISK_FULL', {}, { cause: message.slice(0, 120) }) : error
}

/** A string literal of SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** An identifier of SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A name without signs for a file: DuckDB reads `*`, `?` and `[1]` in a path as patterns. */
export async function plainPath(path: string, workDir: string, suffix: string): Promise<string> {
  const link = join(resolve(workDir), `input-${linkNumber++}${suffix}`)
  await symlink(resolve(path), link)
  return link
}

let linkNumber = 0

/**
 * SQL that holds when a row has anything but spaces in a cell. The first columns are judged by their first character
 * alone (ASCII signs, or Chinese from U+3400 on), which settles nearly every row ten times faster than trimming.
 */
export function hasContentSql(columns: readonly string[]): string {
  const quick = columns.slice(0, 2).map((column) => `(${column} >= '!' AND ${column} <= '~') OR ${column} >= '\u3400'`)
  const trimmed = columns.map((column) => `nullif(trim(${column}, ${literal(' \t\r\n\u00a0\u3000')}), '')`)
  return `(${quick.join(' OR ')} OR coalesce(${trimmed.join(', ')}) IS NOT NULL)`
}
