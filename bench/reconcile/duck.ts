import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

/** DuckDB with as many threads as the product's own pipeline takes. */
export async function openBenchDuck(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', preserve_insertion_order: 'true' })
  return instance.connect()
}

export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** A sheet of the demo as a table expression: all columns as text, `row` 1-based below the heading. */
export function sheet(path: string): string {
  const source = path.endsWith('.parquet')
    ? `read_parquet(${text(path)})`
    : `read_csv(${text(path)}, header = true, all_varchar = true, delim = ',', quote = '', escape = '')`
  return `(SELECT row_number() OVER () AS row, * FROM ${source})`
}

export async function objects<T>(duck: DuckDBConnection, sql: string): Promise<readonly T[]> {
  const reader = await duck.runAndReadAll(sql)
  return reader.getRowObjectsJson() as unknown as readonly T[]
}
