import { Problem } from '../../kernel/problem.ts'
import { hasContentSql, literal, openDuck, plainPath, quoted } from './duck.ts'
import { findHeading, HEADING_ROWS } from './heading.ts'
import type { KnownInput } from './inspect.ts'
import type { SheetLayout } from './types.ts'

const SAMPLE_ROWS = 3

export async function inspectParquet(input: KnownInput): Promise<SheetLayout> {
  const { fileName, fields } = input
  const duck = await openDuck(input)
  try {
    const path = await plainPath(input.path, input.workDir, '.parquet')
    const columns = await parquetColumns(duck.rows, path, fileName)
    const texts = columns.map(textOf)
    const samples = await readable(fileName, () =>
      duck.rows(`SELECT ${texts.join(', ')} FROM read_parquet(${literal(path)}) LIMIT ${SAMPLE_ROWS}`),
    )
    const names = columns.map(({ name }) => name)
    const heading = findHeading(
      [names, ...samples.map((row) => row.map((cell) => (cell === null ? '' : String(cell))))],
      fields,
    )
    if (heading === undefined || heading.row !== 0)
      throw new Problem('SHEET.NO_HEADER', { file: fileName, rows: HEADING_ROWS })
    const content = hasContentSql(texts)
    const counted = input.countRows
      ? await readable(fileName, () =>
          duck.rows(`SELECT count(*) FILTER (WHERE ${content}) FROM read_parquet(${literal(path)})`),
        )
      : undefined
    return {
      format: 'parquet',
      encoding: null,
      delimiter: null,
      worksheet: null,
      otherWorksheets: [],
      headerRow: 0,
      headerRows: 1,
      mergedCells: 0,
      faultyRows: counted === undefined ? null : 0,
      rows: counted === undefined ? null : Number(counted[0]?.[0]),
      columns: heading.columns,
      missing: heading.missing,
      twice: heading.twice,
    }
  } finally {
    duck.close()
  }
}

export interface ParquetColumn {
  readonly name: string
  readonly type: string
}

type Rows = (sql: string) => Promise<readonly (readonly unknown[])[]>

export async function parquetColumns(rows: Rows, path: string, fileName: string): Promise<readonly ParquetColumn[]> {
  const described = await readable(fileName, () => rows(`DESCRIBE SELECT * FROM read_parquet(${literal(path)})`))
  return described.map(([name, type]) => ({ name: String(name), type: String(type) }))
}

/** [SHEET-14] Any type as the text a clerk would type: days as YYYY-MM-DD, whole numbers without a point (from 16 digits on in scientific form [SHEET-12]), truth as TRUE and FALSE. */
export function textOf({ name, type }: ParquetColumn): string {
  const column = quoted(name)
  if (/^TIMESTAMP/.test(type)) {
    return `CASE WHEN ${column} = date_trunc('day', ${column}) THEN strftime(${column}, '%Y-%m-%d') ELSE strftime(${column}, '%Y-%m-%d %H:%M:%S') END`
  }
  if (/^(DOUBLE|FLOAT)$/.test(type)) {
    return `CASE WHEN ${column} = floor(${column}) AND abs(${column}) < 1e15 THEN ${column}::BIGINT::VARCHAR ELSE ${column}::VARCHAR END`
  }
  if (type === 'BOOLEAN') return `upper(${column}::VARCHAR)`
  return `${column}::VARCHAR`
}

/** What DuckDB says about a damaged Parquet file is for programmers; the clerk is told that it cannot be read. */
export async function readable<T>(fileName: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const isOurs =
      error instanceof Problem || (error instanceof Error && /Out of Memory|INTERRUPT|Interrupted/i.test(error.message))
    throw isOurs
      ? error
      : new Problem(
          'FILE.UNREADABLE',
          { file: fileName },
          { engine: error instanceof Error ? error.message.slice(0, 120) : '' },
        )
  }
}
