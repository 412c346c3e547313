import { hasContentSql, literal, openDuck, plainPath, quoted } from './duck.ts'
import type { IngestResult, KnownIngest } from './ingest.ts'
import { parquetColumns, readable, textOf } from './parquet-sheet.ts'
import { copyToParquet } from './spool.ts'

export async function ingestParquet(input: KnownIngest): Promise<IngestResult> {
  const { fileName } = input
  const duck = await openDuck(input)
  try {
    const path = await plainPath(input.path, input.workDir, '.parquet')
    const columns = await parquetColumns(duck.rows, path, fileName)
    const texts = columns.map(textOf)
    const cells = input.fields.map(({ id }) => {
      const column = input.columns[id]
      return `${column === undefined ? 'NULL::VARCHAR' : `nullif(${texts[column]}, '')`} AS ${quoted(id)}`
    })
    const select = `SELECT file_row_number + 1 AS row, ${cells.join(', ')}, NULL::VARCHAR AS fault
      FROM read_parquet(${literal(path)}, file_row_number = true) WHERE ${hasContentSql(texts)} ORDER BY file_row_number`
    await readable(fileName, () => duck.run(copyToParquet(select, input.out), input.onProgress))
    const [row] = await duck.rows(`SELECT count(*) FROM read_parquet(${literal(input.out)})`)
    return { rows: Number(row?.[0]), faults: 0 }
  } finally {
    duck.close()
  }
}
