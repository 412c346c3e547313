import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeFileWhole, writeFolderWhole } from './atomic.ts'
import { asProblem } from './duck.ts'
import { type TestFolder, testFolder } from './testing.ts'
import { writeXlsx } from './xlsx-writer.ts'
import { writeWhole } from './zip-writer.ts'

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
})
afterEach(() => folder.remove())

test('[SHEET-18] trouble while writing leaves the old file as it was and nothing beside it', async () => {
  const out = join(folder.path, 'result.xlsx')
  await writeFile(out, 'old')
  const failing = writeFileWhole(out, async (file) => {
    await file.write('half')
    throw new Error('trouble')
  })
  await expect(failing).rejects.toThrow('trouble')
  expect(await readFile(out, 'utf8')).toBe('old')
  expect(await readdir(folder.path)).toEqual(['result.xlsx'])
  await writeFileWhole(out, async (file) => void (await file.write('new')))
  expect(await readFile(out, 'utf8')).toBe('new')
})

test('[SHEET-18] a folder is replaced file by file: leftovers of ours go, foreign files stay', async () => {
  const out = join(folder.path, 'result')
  await mkdir(out)
  for (const name of ['linked.csv', 'linked-2.csv', 'mine.txt']) await writeFile(join(out, name), 'old')
  const isOurs = (name: string) => name.endsWith('.csv')
  await expect(writeFolderWhole(out, isOurs, () => Promise.reject(new Error('trouble')))).rejects.toThrow('trouble')
  expect((await readdir(out)).sort()).toEqual(['linked-2.csv', 'linked.csv', 'mine.txt'])
  await writeFolderWhole(out, isOurs, (draft) => writeFile(join(draft, 'linked.csv'), 'new'))
  expect((await readdir(out)).sort()).toEqual(['linked.csv', 'mine.txt'])
  expect(await readFile(join(out, 'linked.csv'), 'utf8')).toBe('new')
  expect(await readdir(folder.path)).toEqual(['result'])
})

test('[SHEET-13] a full disk is told as a full disk, by the file system and by DuckDB', async () => {
  const full = await open('/dev/full', 'w')
  try {
    const row = Array.from({ length: 50_000 }, (_, at) => [`第${at}行`])
    async function* rows() {
      yield row
    }
    const sheet = { name: 'a', isList: true, columns: [{ heading: 'x', width: 9 }], rows: rows() }
    const problem = await writeXlsx(full, [sheet]).catch(asProblem)
    expect(problem).toMatchObject({ code: 'SYSTEM.DISK_FULL' })
    await expect(writeWhole(full, Buffer.from('x'), 0)).rejects.toMatchObject({ code: 'ENOSPC' })
  } finally {
    await full.close()
  }
  expect(asProblem(new Error('IO Error: Could not write file: No space left on device'))).toMatchObject({
    code: 'SYSTEM.DISK_FULL',
  })
  const other = new Error('something else')
  expect(asProblem(other)).toBe(other)
})
