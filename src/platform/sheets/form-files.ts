import { createWriteStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Problem } from '../../kernel/problem.ts'
import { ChildCrash, runInChild } from '../child.ts'
import type { SealedFiles } from '../files.ts'
import type { Log } from '../log.ts'
import type { WorkFolder, WorkFolders } from '../work-folder.ts'
import type { FormColumn, FormReading } from './form.ts'
import type { FormTask } from './form-read.ts'
import { type OutSheet, writeXlsx } from './xlsx-writer.ts'
import { openZipWriter, type ZipWriter } from './zip-writer.ts'

export interface FormServices {
  readonly files: Pick<SealedFiles, 'stage' | 'openStaged' | 'discard'>
  readonly workFolders: WorkFolders
  readonly log: Log
}

export interface GivenForm {
  readonly fileName: string
  readonly content: Readable
}

export interface FormFile {
  readonly fileName: string
  readonly mediaType: string
  readonly bytes: number
  readonly content: Readable
}

const ENTRY = new URL('./form-child.ts', import.meta.url)
const HEAP_MB = 384
/** A full form, its Parquet and the spill. */
const ROOM_BYTES = 64 << 20
const MOST_BYTES = 10 << 20
const MOST_ROWS = 20_000
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** [FORM-3] The rows of an uploaded form, read in a process of its own; the file itself is gone when this returns. */
export async function readFormUpload<Id extends string>(
  services: FormServices,
  upload: GivenForm,
  columns: readonly FormColumn<Id>[],
  { signal, mostRows = MOST_ROWS }: { readonly signal: AbortSignal; readonly mostRows?: number },
): Promise<FormReading<Id>> {
  const { files, log } = services
  const staged = await files.stage(upload.content, { limitBytes: MOST_BYTES })
  try {
    return await inFolder(services, async (folder) => {
      const path = join(folder.path, 'form')
      await pipeline(files.openStaged(staged), createWriteStream(path, { mode: 0o600 }))
      const task: FormTask = { path, fileName: upload.fileName, workDir: folder.path, columns, mostRows }
      return await runInChild<FormTask, never, FormReading<Id>>(ENTRY, task, { heapMb: HEAP_MB, signal })
    })
  } catch (error) {
    if (!(error instanceof ChildCrash)) throw error
    log.error('form.child-crashed', { where: error.message })
    throw new Problem('FILE.UNREADABLE', { file: upload.fileName }, { where: error.message })
  } finally {
    await files.discard(staged)
  }
}

/** A workbook to be downloaded. */
export async function formFile(
  services: FormServices,
  fileName: string,
  sheets: readonly OutSheet[],
): Promise<FormFile> {
  return inFolder(services, async (folder) => fileOf(fileName, XLSX, await writeBook(folder, sheets)))
}

/** [FORM-5] Many workbooks as one archive, one in memory at a time. */
export async function formArchive(
  services: FormServices,
  fileName: string,
  books: AsyncIterable<{ readonly name: string; readonly sheets: readonly OutSheet[] }>,
): Promise<FormFile> {
  return inFolder(services, async (folder) => {
    const path = join(folder.path, 'out.zip')
    const file = await open(path, 'wx', 0o600)
    try {
      const zip = openZipWriter(file)
      for await (const { name, sheets } of books) await addBook(zip, name, await writeBook(folder, sheets))
      await zip.end()
    } finally {
      await file.close()
    }
    return fileOf(fileName, 'application/zip', await readFile(path))
  })
}

/** A workbook is packed already. */
function addBook(zip: ZipWriter, name: string, bytes: Buffer): Promise<void> {
  return zip.addStored(name, bytes)
}

async function writeBook(folder: WorkFolder, sheets: readonly OutSheet[]): Promise<Buffer> {
  const path = join(folder.path, 'out.xlsx')
  const file = await open(path, 'w', 0o600)
  try {
    await writeXlsx(file, sheets)
  } finally {
    await file.close()
  }
  return await readFile(path)
}

function fileOf(fileName: string, mediaType: string, bytes: Buffer): FormFile {
  return { fileName, mediaType, bytes: bytes.length, content: Readable.from([bytes]) }
}

async function inFolder<T>({ workFolders }: FormServices, work: (folder: WorkFolder) => Promise<T>): Promise<T> {
  const folder = await workFolders.open(ROOM_BYTES)
  try {
    return await work(folder)
  } finally {
    await folder.remove()
  }
}
