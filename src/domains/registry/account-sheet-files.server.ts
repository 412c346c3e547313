import { createReadStream, createWriteStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer, json } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { Problem } from '../../kernel/problem.ts'
import { ChildCrash, runInChild } from '../../platform/child.ts'
import type { SealedFile, StagedFile } from '../../platform/files.ts'
import type { Download, Upload } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { type OutCell, type OutSheet, writeXlsx } from '../../platform/sheets/index.ts'
import type { WorkFolder } from '../../platform/work-folder.ts'
import type { ReadTask } from './account-sheet-read.server.ts'
import type { SheetRow } from './account-sheet-rules.ts'

type Parts = Pick<Services, 'files' | 'workFolders' | 'log'>

/** Ten times a full sheet of five thousand rows. */
const MOST_BYTES = 5 << 20
const ENTRY = new URL('./account-sheet-child.server.ts', import.meta.url)
const HEAP_MB = 384
/** A full sheet, its Parquet and the spill. */
const ROOM_BYTES = 64 << 20
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** The rows of an upload; the sheet itself is gone when this returns. */
export async function readUpload(parts: Parts, upload: Upload, signal: AbortSignal): Promise<readonly SheetRow[]> {
  const { files, log } = parts
  const staged = await files.stage(upload.content, { limitBytes: MOST_BYTES })
  try {
    return await inFolder(parts, async (folder) => {
      const path = join(folder.path, 'sheet')
      await pipeline(files.openStaged(staged), createWriteStream(path, { mode: 0o600 }))
      const task: ReadTask = { path, fileName: upload.fileName, workDir: folder.path }
      return await runInChild<ReadTask, never, readonly SheetRow[]>(ENTRY, task, { heapMb: HEAP_MB, signal })
    })
  } catch (error) {
    if (!(error instanceof ChildCrash)) throw error
    log.error('account-sheet.child-crashed', { where: error.message })
    throw new Problem('FILE.UNREADABLE', { file: upload.fileName }, { where: error.message })
  } finally {
    await files.discard(staged)
  }
}

export function stageRows({ files }: Parts, rows: readonly SheetRow[]): Promise<StagedFile> {
  return files.stage(Readable.from([JSON.stringify(rows)]))
}

export async function openRows({ files }: Parts, file: SealedFile): Promise<readonly SheetRow[]> {
  return (await json(files.open(file))) as readonly SheetRow[]
}

/** A workbook on its way into the sealed store; it is in the clear in a work folder only. */
export function stageWorkbook(parts: Parts, sheets: readonly OutSheet[]): Promise<StagedFile> {
  return inFolder(parts, async (folder) =>
    parts.files.stage(createReadStream(await writeWorkbook(folder, sheets)), { limitBytes: MOST_BYTES }),
  )
}

export async function workbookDownload(parts: Parts, fileName: string, sheets: readonly OutSheet[]): Promise<Download> {
  const bytes = await inFolder(parts, async (folder) => readFile(await writeWorkbook(folder, sheets)))
  return downloadOf(fileName, bytes)
}

/** Read to its end before anything is promised: a seal that does not open is told, and nothing counts as taken. */
export async function openWhole({ files }: Parts, file: SealedFile): Promise<Download> {
  return downloadOf(file.name, await buffer(files.open(file)))
}

function downloadOf(fileName: string, bytes: Buffer): Download {
  return { fileName, mediaType: XLSX, bytes: bytes.length, content: Readable.from([bytes]) }
}

async function writeWorkbook(folder: WorkFolder, sheets: readonly OutSheet[]): Promise<string> {
  const path = join(folder.path, 'out.xlsx')
  const file = await open(path, 'wx', 0o600)
  try {
    await writeXlsx(file, sheets)
  } finally {
    await file.close()
  }
  return path
}

async function inFolder<T>({ workFolders }: Parts, work: (folder: WorkFolder) => Promise<T>): Promise<T> {
  const folder = await workFolders.open(ROOM_BYTES)
  try {
    return await work(folder)
  } finally {
    await folder.remove()
  }
}

/** A worksheet of rows that are at hand. */
export function outSheet(
  name: string,
  columns: readonly (readonly [heading: string, width: number])[],
  rows: readonly (readonly OutCell[])[],
): OutSheet {
  return {
    name,
    isList: true,
    columns: columns.map(([heading, width]) => ({ heading, width })),
    rows: oneBatch(rows),
  }
}

async function* oneBatch(rows: readonly (readonly OutCell[])[]): AsyncGenerator<readonly (readonly OutCell[])[]> {
  if (rows.length > 0) yield rows
}
