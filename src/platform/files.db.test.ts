import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, fileId, unitId } from '../kernel/ids.ts'
import { Problem } from '../kernel/problem.ts'
import type { Scope } from '../kernel/scope.ts'
import { createFiles, type KeepOptions, type SealedFile, type SealedFiles } from './files.ts'
import { createIds } from './ids.ts'
import { openKeys } from './keys.ts'
import { diskFaultOf } from './sealed-store.ts'
import { fixedClock } from './testing/clock.ts'
import { testDatabase } from './testing/database.ts'
import { createWorkFolders } from './work-folder.ts'

const { db, admin } = await testDatabase()
const MIB = 1 << 20
const HOUR = 3600 * 1000
const clock = fixedClock('2026-09-01T08:00:00Z')
const ids = createIds({ clock, random: randomBytes })

let root: string
let files: SealedFiles

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'baoxue-files-'))
  await admin('delete from sealed_file; delete from key_check')
  const keys = await openKeys({ path: join(root, 'key'), db, clock })
  files = createFiles({ folder: join(root, 'files'), keys, db, clock, ids })
  return () => rm(root, { recursive: true, force: true })
})

const scopeOf = (unit: number): Scope => ({ kind: 'unit', unitId: unitId(unit), accountId: accountId(1) })

function keep(unit: number, more: Partial<KeepOptions> = {}): KeepOptions {
  return {
    units: [1, unit],
    accountId: null,
    purpose: 'sheet',
    name: '张三的表.csv',
    mediaType: 'text/csv',
    keepUntil: null,
    ...more,
  }
}

function put(content: Buffer | string, unit = 10, more: Partial<KeepOptions> = {}): Promise<SealedFile> {
  return files.put(Readable.from([Buffer.from(content)]), { ...keep(unit, more), scope: scopeOf(unit) })
}

/** Sealed contents and drafts on disk. */
async function onDisk(): Promise<readonly string[]> {
  const names = await readdir(join(root, 'files'), { recursive: true, withFileTypes: true }).catch(() => [])
  return names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

const read = async (file: SealedFile): Promise<string> => (await buffer(files.open(file))).toString()
const find = (unit: number, file: SealedFile) => db.inScope(scopeOf(unit), (tx) => files.find(tx, file.fileId))

describe('a sealed file', () => {
  test('comes back as it was, with its facts', async () => {
    const file = await put('姓名,身份证件号\n')
    expect(await find(10, file)).toEqual(file)
    expect(file).toMatchObject({
      name: '张三的表.csv',
      bytes: 23,
      purpose: 'sheet',
      fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
    })
    expect(await read(file)).toBe('姓名,身份证件号\n')
  })

  test('[SEC-15] leaves no plain text and no name, in the row or on the disk', async () => {
    await put('张小明,500101201609011234\n'.repeat(100))
    const paths = await onDisk()
    expect(paths).toHaveLength(1)
    const bytes = await readFile(paths[0]!)
    const row = JSON.stringify(await admin("select *, encode(name_sealed, 'escape') from sealed_file"))
    for (const secret of ['张小明', '500101201609011234', '张三']) {
      expect(bytes.includes(secret)).toBe(false)
      expect(paths[0]).not.toContain(secret)
      expect(row).not.toContain(secret)
    }
  })

  test('changed on the disk does not open', async () => {
    const file = await put(randomBytes(2 * MIB))
    const [path] = await onDisk()
    const sealed = await readFile(path!)
    sealed[MIB] = sealed[MIB]! ^ 1
    await writeFile(path!, sealed)
    await expect(buffer(files.open(file))).rejects.toMatchObject({ code: 'FILE.SEAL_BROKEN' })
    await writeFile(path!, sealed.subarray(0, MIB))
    await expect(buffer(files.open(file))).rejects.toMatchObject({ code: 'FILE.SEAL_BROKEN' })
    await rm(path!)
    await expect(buffer(files.open(file))).rejects.toMatchObject({ code: 'FILE.SEAL_BROKEN' })
  })

  test('[SEC-7] of another unit is not found, by reading, by removing, or by keeping one in its name', async () => {
    const file = await put('x')
    expect(await find(20, file)).toBeUndefined()
    await expect(db.inScope(scopeOf(20), (tx) => files.get(tx, file.fileId))).rejects.toMatchObject({
      code: 'REQUEST.NOT_FOUND',
    })
    await expect(files.remove(scopeOf(20), file.fileId)).rejects.toMatchObject({ code: 'REQUEST.NOT_FOUND' })
    const foreign = files.put(Readable.from(['y']), { ...keep(10), scope: scopeOf(20) })
    await expect(foreign).rejects.toMatchObject({ code: 'REQUEST.NOT_SAVED' })
    expect(await read(file)).toBe('x')
  })

  test('opens into a work folder for its owner only', async () => {
    const folder = await createWorkFolders({ dataDir: root }).open(1)
    const path = await files.materialise(await put('abc'), folder, 'sheet.csv')
    expect((await readFile(path)).toString()).toBe('abc')
    await folder.remove()
  })
})

describe('equal content', () => {
  test('is on the disk once, and stays until the last owner has removed it', async () => {
    const [mine, other] = [await put('same', 10), await put('same', 20)]
    expect(await onDisk()).toHaveLength(1)
    await files.remove(scopeOf(10), mine.fileId)
    expect(await read(other)).toBe('same')
    await files.remove(scopeOf(20), other.fileId)
    expect(await onDisk()).toEqual([])
  })

  test('that one is about to keep is not removed under it by another', async () => {
    const old = await put('contended', 10)
    const staged = await files.stage(Readable.from(['contended']))
    let removing: Promise<void> | undefined
    const kept = await db.inScope(scopeOf(20), async (tx) => {
      const file = await files.keep(tx, staged, keep(20))
      removing = files.remove(scopeOf(10), old.fileId)
      await new Promise((resume) => setTimeout(resume, 300))
      return file
    })
    await removing
    expect(await read(kept)).toBe('contended')
  })
})

describe('[SEC-15] nothing is half-written', () => {
  test('when the upload breaks off', async () => {
    const broken = new Readable({ read() {} })
    broken.push(randomBytes(3 * MIB))
    setTimeout(() => broken.destroy(new Problem('FILE.TRUNCATED', { file: 'x' })), 50)
    await expect(files.stage(broken)).rejects.toMatchObject({ code: 'FILE.TRUNCATED' })
    expect(await onDisk()).toEqual([])
  })

  test('when it is larger than allowed', async () => {
    const large = Readable.from(Array.from({ length: 8 }, () => randomBytes(MIB)))
    await expect(files.stage(large, { limitBytes: 5 * MIB })).rejects.toMatchObject({
      code: 'REQUEST.TOO_LARGE',
      words: { limit: '5 MB' },
    })
    expect(await onDisk()).toEqual([])
  })

  test('when the row is refused', async () => {
    await expect(put('x', 10, { accountId: 999 })).rejects.toMatchObject({ code: 'REQUEST.NOT_SAVED' })
    await rm(join(root, 'files', 'drafts'), { recursive: true, force: true })
    clock.advance(2 * HOUR)
    await files.sweep()
    expect(await onDisk()).toEqual([])
  })

  test('when the disk is full', async () => {
    const small = join(root, 'files')
    if (!(await mountSmallDisk(small))) {
      const full = pipeline(Readable.from([Buffer.alloc(MIB)]), createWriteStream('/dev/full'))
      return expect(diskFaultOf(await full.catch((error: unknown) => error))).toMatchObject({
        code: 'SYSTEM.DISK_FULL',
      })
    }
    try {
      const kept = await put(randomBytes(MIB))
      await expect(put(randomBytes(6 * MIB))).rejects.toMatchObject({ code: 'SYSTEM.DISK_FULL' })
      expect(await onDisk()).toHaveLength(1)
      expect(await admin('select 1 from sealed_file')).toHaveLength(1)
      expect((await buffer(files.open(kept))).length).toBe(MIB)
    } finally {
      // Lazily: a process that another test starts meanwhile holds it for a moment.
      execFileSync('umount', ['-l', small])
    }
  })

  /** Needs an administrator of the machine. */
  async function mountSmallDisk(path: string): Promise<boolean> {
    await mkdir(path, { recursive: true })
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', path], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  }
})

describe('the sweep', () => {
  test('removes what is past its time and leaves the rest', async () => {
    const overdue = await put('old', 10, { keepUntil: new Date(clock.now().getTime() + HOUR) })
    const current = await put('new', 10, { keepUntil: new Date(clock.now().getTime() + 100 * HOUR) })
    clock.advance(3 * HOUR)
    expect(await files.sweep()).toBe(1)
    expect(await find(10, overdue)).toBeUndefined()
    expect(await read(current)).toBe('new')
  })

  test('removes content whose transaction was rolled back, but not within its hour', async () => {
    const staged = await files.stage(Readable.from(['orphan']))
    const work = db.inScope(scopeOf(10), async (tx) => {
      await files.keep(tx, staged, keep(10))
      throw new Error('rolled back')
    })
    await expect(work).rejects.toThrow('rolled back')
    clock.advance(HOUR / 2)
    expect(await files.sweep()).toBe(0)
    clock.advance(4 * HOUR)
    expect(await files.sweep()).toBe(1)
    expect(await onDisk()).toEqual([])
  })
})

test('[SEC-13] sealing anew leaves nothing that needs the old key, and every file as it was', async () => {
  const keys = await openKeys({ path: join(root, 'key'), db, clock })
  files = createFiles({ folder: join(root, 'files'), keys, db, clock, ids })
  const kept = [await put('one'), await put(randomBytes(2 * MIB), 20)]
  const before = keys.currentId
  await keys.rotate()
  expect(await files.reseal(new AbortController().signal)).toBe(2)
  expect(await files.reseal(new AbortController().signal)).toBe(0)
  for (const path of await onDisk()) expect((await readFile(path)).subarray(4, 12).toString('hex')).toBe(keys.currentId)
  const names = await admin<{ key: string }>(
    "select encode(substring(name_sealed from 2 for 8), 'hex') as key from sealed_file",
  )
  expect(names.map(({ key }) => key)).toEqual([keys.currentId, keys.currentId])
  expect(keys.currentId).not.toBe(before)
  expect(await read(kept[0]!)).toBe('one')
  expect((await find(20, kept[1]!))?.name).toBe('张三的表.csv')
})

test('an id that is no file is not found', async () => {
  const id = fileId('01990000-0000-7000-8000-000000000000')
  expect(await db.inScope(scopeOf(10), (tx) => files.find(tx, id))).toBeUndefined()
})
