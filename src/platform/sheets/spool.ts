import { type FileHandle, open, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Duck, literal, quoted } from './duck.ts'
import type { IngestResult, KnownIngest } from './ingest.ts'

/** Bytes gathered before they are written. */
const BATCH = 1024 * 1024
/** 25 fields of the longest cell in UTF-8; DuckDB takes buffers of sixteen times this. */
const LONGEST_LINE = 4 * 1024 * 1024

/** Rows on their way from a reader in JavaScript to Parquet: a regular text file in the work folder, removed afterwards. */
export interface Spool {
  /** `cells` by 0-based column of the sheet. */
  add(row: number, cells: readonly (string | undefined)[]): void
  addFault(row: number, fault: string): void
  /** Waits for the disk when enough has been gathered. */
  flush(): Promise<void>
  writeParquet(duck: Duck): Promise<IngestResult>
  remove(): Promise<void>
}

export async function openSpool({ workDir, fields, columns, out }: KnownIngest): Promise<Spool> {
  const path = join(resolve(workDir), `rows-${spoolNumber++}.csv`)
  const file = await open(path, 'wx', 0o600)
  const places = fields.map(({ id }) => columns[id])
  let isOpen = true
  let text = ''
  let rows = 0
  let faults = 0
  const write = async (handle: FileHandle) => {
    const batch = text
    text = ''
    await handle.appendFile(batch)
  }
  const close = async () => {
    if (!isOpen) return
    isOpen = false
    await file.close()
  }
  return {
    add(row, cells) {
      rows++
      text += String(row)
      for (const place of places) text += `,${place === undefined ? '' : asCell(cells[place])}`
      text += ',\n'
    },
    addFault(row, fault) {
      rows++
      faults++
      text += `${row}${','.repeat(places.length + 1)}${asCell(fault)}\n`
    },
    async flush() {
      if (text.length > BATCH) await write(file)
    },
    async writeParquet(duck) {
      await write(file)
      await close()
      const names = ['row', ...fields.map(({ id }) => id), 'fault']
      const types = names.map((name) => `${literal(name)}: ${name === 'row' ? "'BIGINT'" : "'VARCHAR'"}`).join(', ')
      const from = `read_csv(${literal(path)}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', strict_mode = true,
        new_line = '\\n', max_line_size = ${LONGEST_LINE}, columns = {${types}})`
      await duck.run(copyToParquet(`SELECT ${names.map(quoted).join(', ')} FROM ${from}`, out))
      return { rows, faults }
    },
    async remove() {
      await close()
      await rm(path, { force: true })
    },
  }
}

let spoolNumber = 0

export function copyToParquet(select: string, out: string): string {
  return `COPY (${select}) TO ${literal(resolve(out))} (FORMAT parquet, COMPRESSION lz4)`
}

/** Quoted whenever it is more than digits and letters; NUL, which no text of ours may hold, is dropped. */
function asCell(cell: string | undefined): string {
  if (cell === undefined || cell === '') return ''
  if (!/["\n\r,\0\s]/.test(cell)) return cell
  return `"${cell.replaceAll('\0', '').replaceAll('"', '""')}"`
}
