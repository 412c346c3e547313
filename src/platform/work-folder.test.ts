import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { createWorkFolders } from './work-folder.ts'

let dataDir: string
let memoryDir: string

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), 'baoxue-work-'))
  dataDir = join(root, 'data')
  memoryDir = join(root, 'memory')
  await mkdir(memoryDir)
  return () => rm(root, { recursive: true, force: true })
})

const folders = () => createWorkFolders({ dataDir, memoryDir })

describe('[SEC-16] a work folder', () => {
  test('is entered by its owner only, and gone when the work is done', async () => {
    const folder = await folders().open(1)
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700)
    await writeFile(join(folder.path, 'rows.parquet'), 'x')
    await folder.remove()
    await expect(stat(folder.path)).rejects.toThrow('ENOENT')
    await folder.remove()
  })

  test('lies in memory where there is room, else beside the data', async () => {
    expect(await folders().open(1)).toMatchObject({ isInMemory: true, path: expect.stringContaining(memoryDir) })
    const huge = await folders().open(1e15)
    expect(huge).toMatchObject({ isInMemory: false, path: expect.stringContaining(dataDir) })
    const elsewhere = createWorkFolders({ dataDir, memoryDir: join(memoryDir, 'absent') })
    expect(await elsewhere.open(1)).toMatchObject({ isInMemory: false })
  })

  test('of a process that died is removed at the next start; of one that lives, and of another installation, it stays', async () => {
    const own = await folders().open(1)
    const other = await createWorkFolders({ dataDir: join(dataDir, 'other'), memoryDir }).open(1)
    const module = JSON.stringify(join(import.meta.dirname, 'work-folder.ts'))
    const script = `
      const { createWorkFolders } = await import(${module})
      const folders = createWorkFolders(${JSON.stringify({ dataDir, memoryDir })})
      console.log((await folders.open(1)).path, (await folders.open(1e15)).path)
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(child.stdout, 'data')
    const paths = String(line).trim().split(' ')
    expect(await folders().sweep()).toBe(0)
    const isGone = once(child, 'exit')
    child.kill('SIGKILL')
    await isGone
    expect(await folders().sweep()).toBe(2)
    for (const path of paths) await expect(stat(path)).rejects.toThrow('ENOENT')
    expect((await stat(own.path)).isDirectory()).toBe(true)
    expect((await stat(other.path)).isDirectory()).toBe(true)
  })

  test('named by a process number that was given out again is not mistaken for that process', async () => {
    const root = join(dataDir, 'work')
    await mkdir(join(root, `${process.pid}-1-abcdef`), { recursive: true })
    expect(await folders().sweep()).toBe(1)
    expect(await readdir(root)).toEqual([])
  })
})
