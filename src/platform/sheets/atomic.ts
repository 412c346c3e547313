import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { asProblem } from './duck.ts'

/** [SHEET-18] A file appears whole or not at all: it is written beside its place, synced, and moved there; on any trouble nothing is left. */
export async function writeFileWhole(out: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const draft = draftOf(out)
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await write(file)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, out)
  } catch (error) {
    await rm(draft, { force: true })
    throw asProblem(error)
  }
}

/** The same for a folder. In a folder that is already there, files that `isOurs` are replaced and leftovers of an earlier, longer result removed; foreign files stay. */
export async function writeFolderWhole(
  out: string,
  isOurs: (name: string) => boolean,
  write: (folder: string) => Promise<void>,
): Promise<void> {
  const draft = draftOf(out)
  try {
    await mkdir(draft, { mode: 0o700 })
    await write(draft)
    if (await isFolder(out)) await moveInto(draft, out, isOurs)
    else await rename(draft, out)
  } catch (error) {
    throw asProblem(error)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function moveInto(draft: string, out: string, isOurs: (name: string) => boolean): Promise<void> {
  const written = await readdir(draft)
  for (const name of written) await rename(join(draft, name), join(out, name))
  for (const name of await readdir(out)) {
    if (isOurs(name) && !written.includes(name)) await rm(join(out, name), { force: true })
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() === true
}

function draftOf(out: string): string {
  const path = resolve(out)
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.partial`)
}
