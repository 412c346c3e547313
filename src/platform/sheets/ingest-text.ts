import { rm } from 'node:fs/promises'
import { type Delimiter, fitCells } from './delimited.ts'
import { type Duck, hasContentSql, literal, openDuck, quoted } from './duck.ts'
import { readTextTraits } from './encoding.ts'
import type { IngestResult, KnownIngest } from './ingest.ts'
import { copyToParquet, openSpool } from './spool.ts'
import { hasContent, isCsvFault, rowsByLines, sourceOf } from './text-sheet.ts'
import { asUtf8, isRegular, readRecords, strictCsv, type TextSource } from './text-source.ts'

/**
 * [SHEET-3] A regular sheet goes through DuckDB as a whole. At the first row it cannot split, and in sheets with blank
 * lines or damaged characters, the tolerant reader takes the sheet from its beginning: slower, every row keeps its number.
 */
export async function ingestText(input: KnownIngest): Promise<IngestResult> {
  const { layout } = input
  const traits = await readTextTraits(input.path, input.fileName)
  const source: TextSource = { ...sourceOf(input.path, layout, (layout.delimiter ?? ',') as Delimiter), traits }
  const duck = await openDuck(input)
  try {
    return (
      (isRegular(source) ? await tryWhole(duck, input, source) : undefined) ?? (await rowByRow(duck, input, source))
    )
  } finally {
    duck.close()
  }
}

async function tryWhole(duck: Duck, input: KnownIngest, source: TextSource): Promise<IngestResult | undefined> {
  const utf8 = await asUtf8(source, input.workDir)
  try {
    const all = Array.from({ length: source.width.columns }, (_, index) => `c${index}`)
    const cells = input.fields.map(({ id }) => {
      const column = input.columns[id]
      return `${column === undefined ? 'NULL::VARCHAR' : `c${column}`} AS ${quoted(id)}`
    })
    const rows = `SELECT row_number() OVER () AS row, * FROM ${strictCsv(utf8, source)}`
    await duck.run(
      copyToParquet(
        `SELECT row, ${cells.join(', ')}, NULL::VARCHAR AS fault FROM (${rows}) WHERE ${hasContentSql(all)}`,
        input.out,
      ),
      input.onProgress,
    )
    const written = await readWritten(duck, input.out)
    const isSame = written.lastRow === rowsByLines(source) && (await startsAlike(duck, input, source))
    return isSame ? { rows: written.rows, faults: 0 } : undefined
  } catch (error) {
    if (!isCsvFault(error)) throw error
    return undefined
  } finally {
    await rm(utf8, { force: true })
  }
}

/** Both readers must see the same first row: a title above the heading may hold an odd quote that shifts the rows of one of them. */
async function startsAlike(duck: Duck, input: KnownIngest, source: TextSource): Promise<boolean> {
  const [first] = await duck.rows(
    `SELECT row, ${input.fields.map(({ id }) => quoted(id)).join(', ')} FROM read_parquet(${literal(input.out)}) LIMIT 1`,
  )
  if (first === undefined) return true
  let row = 0
  for await (const records of readRecords(source)) {
    for (const record of records) {
      row++
      if (!hasContent(record)) continue
      if ('fault' in record || Number(first[0]) !== row) return false
      return input.fields.every(({ id }, index) => (first[index + 1] ?? '') === cellAt(record.cells, input.columns[id]))
    }
  }
  return false
}

function cellAt(cells: readonly string[], column: number | undefined): string {
  return column === undefined ? '' : (cells[column] ?? '')
}

async function readWritten(duck: Duck, path: string): Promise<{ rows: number; lastRow: number }> {
  const [row] = await duck.rows(`SELECT count(*), max(row) FROM read_parquet(${literal(path)})`)
  return { rows: Number(row?.[0]), lastRow: Number(row?.[1]) }
}

async function rowByRow(duck: Duck, input: KnownIngest, source: TextSource): Promise<IngestResult> {
  const spool = await openSpool(input)
  try {
    let row = 0
    for await (const records of readRecords(source, input.onProgress)) {
      input.signal?.throwIfAborted()
      for (const record of records) {
        row++
        const fitted = fitCells(record, source.width)
        if (!hasContent(fitted)) continue
        if ('fault' in fitted) spool.addFault(row, fitted.fault)
        else spool.add(row, fitted.cells)
      }
      await spool.flush()
    }
    return await spool.writeParquet(duck)
  } finally {
    await spool.remove()
  }
}
