import type { DuckDBValue } from '@duckdb/node-api'
import type { Session } from '../../engines/linkage/server/session.ts'

/** Rows that stand in memory at once. */
const ROWS_A_PAGE = 50_000

interface Paged {
  readonly table: string
  /** Column that counts the rows in their order: pages by it read no more than themselves. */
  readonly place: string
  readonly columns: string
}

/** What only the program can compute (folded names, keyed hashes) takes a table a page at a time, column by column. */
export async function eachPage(
  session: Session,
  { table, place, columns }: Paged,
  take: (columns: readonly (readonly DuckDBValue[])[]) => Promise<void>,
): Promise<void> {
  const [range] = await session.rows(`SELECT min(${place}) AS first, max(${place}) AS last FROM ${table}`)
  if (range === undefined || range['first'] === null) return
  const last = Number(range['last'])
  for (let from = Number(range['first']); from <= last; from += ROWS_A_PAGE) {
    const page: DuckDBValue[][] = []
    await session.chunks(
      `SELECT ${columns} FROM ${table} WHERE ${place} BETWEEN ${from} AND ${from + ROWS_A_PAGE - 1} ORDER BY ${place}`,
      (chunk) => {
        for (const [index, values] of chunk.entries()) {
          const column = page[index] ?? []
          page[index] = column
          for (const value of values) column.push(value)
        }
      },
    )
    if (page.length > 0) await take(page)
  }
}
