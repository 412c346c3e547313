import { openDuck } from './duck.ts'
import type { IngestResult, KnownIngest } from './ingest.ts'
import { openSpool } from './spool.ts'
import { unreadable } from './unzip.ts'
import { readMerges } from './xlsx-merges.ts'
import { openWorkbook, readSharedTexts } from './xlsx-parts.ts'
import { readRows } from './xlsx-rows.ts'

export async function ingestWorkbook(input: KnownIngest): Promise<IngestResult> {
  const { layout, columns, fields } = input
  const workbook = await openWorkbook(input.path, input.fileName, input.limits)
  const worksheet = workbook.worksheets.find(({ name }) => name === layout.worksheet)
  if (worksheet === undefined) throw unreadable(input.fileName)
  const texts = await readSharedTexts(workbook)
  const dayColumns = fields
    .filter(({ kind, id }) => kind === 'day' && columns[id] !== undefined)
    .map(({ id }) => columns[id]!)
  const merges = layout.mergedCells === 0 ? [] : await readMerges(workbook, worksheet)
  const wanted = { columns: new Set(Object.values(columns)), days: new Set(dayColumns), merges }
  const duck = await openDuck(input)
  const spool = await openSpool(input)
  try {
    let lastRow = layout.headerRow
    for await (const batch of readRows(workbook, worksheet, texts, wanted)) {
      input.signal?.throwIfAborted()
      for (const { row, cells, isBlank } of batch) {
        if (row > layout.headerRow && !isBlank) spool.add(row - layout.headerRow, cells)
        lastRow = row
      }
      await spool.flush()
      if (layout.rows !== null && layout.rows > 0)
        input.onProgress?.(Math.min(1, (lastRow - layout.headerRow) / layout.rows))
    }
    return await spool.writeParquet(duck)
  } finally {
    await spool.remove()
    duck.close()
  }
}
