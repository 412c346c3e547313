import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Keys, keysOf, openKeys } from './keys.ts'
import { fixedClock } from './testing/clock.ts'
import { testDatabase } from './testing/database.ts'

const { db, admin } = await testDatabase()
const clock = fixedClock('2026-09-01T08:00:00Z')
let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baoxue-keys-'))
  path = join(folder, 'keys', 'baoxue.key')
  await admin('delete from key_check')
  return () => rm(folder, { recursive: true, force: true })
})

const open = (): Promise<Keys> => openKeys({ path, db, clock })
const CONTEXT = 'table.column'

describe('[SEC-14] one key file for one body of data', () => {
  test('made at the first start, for its owner only, and the same afterwards', async () => {
    const sealed = (await open()).seal('龙门浩', CONTEXT)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(join(folder, 'keys'))).toEqual(['baoxue.key'])
    expect((await open()).open(sealed, CONTEXT)).toBe('龙门浩')
  })

  test('two first starts at once agree on one file', async () => {
    const [one, other] = await Promise.all([open(), open()])
    expect(other.open(one.seal('x', CONTEXT), CONTEXT)).toBe('x')
  })

  test('a missing file is refused, and none is made in its place', async () => {
    await open()
    await rm(path)
    await expect(open()).rejects.toMatchObject({ code: 'FILE.KEY_MISSING', words: { path } })
    await expect(stat(path)).rejects.toThrow('ENOENT')
  })

  test("another installation's file is refused", async () => {
    await open()
    const before = await admin('select * from key_check order by key_id')
    await rm(path)
    await admin('delete from key_check')
    await open()
    const foreign = await readFile(path)
    await admin('delete from key_check')
    for (const { key_id, check_value } of before)
      await admin('insert into key_check values ($1, $2)', [key_id, check_value])
    await writeFile(path, foreign)
    await expect(open()).rejects.toMatchObject({ code: 'FILE.KEY_WRONG' })
  })

  test('a key with the right id and other bytes is refused', async () => {
    await open()
    const file = JSON.parse(await readFile(path, 'utf8'))
    file.sealing[0].key = Buffer.alloc(32, 7).toString('base64')
    await writeFile(path, JSON.stringify(file))
    await expect(open()).rejects.toMatchObject({ code: 'FILE.KEY_WRONG' })
  })

  test.each(['', '{}', 'not json'])('a file that says %j is refused', async (text) => {
    await open()
    await writeFile(path, text)
    await expect(open()).rejects.toMatchObject({ code: 'FILE.KEY_WRONG' })
  })

  test('a file that others could read is closed to them', async () => {
    await open()
    await rm(join(folder, 'copy'), { force: true })
    await cp(path, join(folder, 'copy'))
    await rm(path)
    await writeFile(path, await readFile(join(folder, 'copy')), { mode: 0o644 })
    await open()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  test('the database holds no key', async () => {
    await open()
    const file = JSON.parse(await readFile(path, 'utf8'))
    const rows = await admin<{ check_value: Buffer }>('select check_value from key_check')
    expect(rows).toHaveLength(2)
    for (const { key } of [...file.sealing, file.index]) {
      expect(rows.some(({ check_value }) => check_value.equals(Buffer.from(key, 'base64')))).toBe(false)
    }
  })
})

describe('[SEC-13] rotation', () => {
  test('new seals use the new key, old ones still open, and so after a restart', async () => {
    const keys = await open()
    const before = keys.currentId
    const old = keys.seal('旧', CONTEXT)
    expect(await keys.rotate()).toBe(keys.currentId)
    expect(keys.currentId).not.toBe(before)
    const fresh = keys.seal('新', CONTEXT)
    for (const ring of [keys, await open()]) {
      expect(ring.open(old, CONTEXT)).toBe('旧')
      expect(ring.open(fresh, CONTEXT)).toBe('新')
    }
    expect(await admin('select * from key_check')).toHaveLength(3)
  })

  test('a process that did not rotate opens what another sealed with the new key', async () => {
    const [rotating, running] = [await open(), await open()]
    await rotating.rotate()
    expect(running.open(rotating.seal('新', CONTEXT), CONTEXT)).toBe('新')
    const stream = Readable.from([Buffer.from('表')]).pipe(rotating.sealStream())
    expect((await buffer(stream.pipe((await open()).openStream()))).toString()).toBe('表')
  })

  test('the blind index stays, or every look-up would miss', async () => {
    const keys = await open()
    const before = keys.blindIndex('citizen-id', 'x')
    await keys.rotate()
    expect(keys.blindIndex('citizen-id', 'x').equals(before)).toBe(true)
  })
})

describe('[SEC-11] a sealed value', () => {
  test('differs each time, and opens only in its own column', async () => {
    const keys = await open()
    const [one, other] = [keys.seal('同', CONTEXT), keys.seal('同', CONTEXT)]
    expect(one.equals(other)).toBe(false)
    expect(() => keys.open(one, 'table.other')).toThrow(expect.objectContaining({ code: 'FILE.SEAL_BROKEN' }))
  })

  test('with a changed or missing byte does not open', async () => {
    const keys = await open()
    const sealed = keys.seal('一二三', CONTEXT)
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed[at]! ^= 1
      expect(() => keys.open(changed, CONTEXT), `byte ${at}`).toThrow(/封存|密钥/)
      expect(() => keys.open(sealed.subarray(0, at), CONTEXT), `${at} bytes`).toThrow(/封存|密钥/)
    }
  })
})

test('[SEC-12] blind indexes of two fields do not meet, and need the key', async () => {
  const keys = await open()
  expect(keys.blindIndex('citizen-id', '1').equals(keys.blindIndex('phone', '1'))).toBe(false)
  await rm(path)
  await admin('delete from key_check')
  expect((await open()).blindIndex('phone', '1').equals(keys.blindIndex('phone', '1'))).toBe(false)
})

describe('[SEC-17] a child process works with the keys of its parent', () => {
  test('each opens what the other sealed, and both look up by the same index', async () => {
    const parent = await open()
    const child = keysOf(structuredClone(parent.material()))
    expect(child.open(parent.seal('龙门浩', CONTEXT), CONTEXT)).toBe('龙门浩')
    expect(parent.open(child.seal('磁器口', CONTEXT), CONTEXT)).toBe('磁器口')
    expect(child.indexKey('person.name', '龙门浩')).toBe(parent.indexKey('person.name', '龙门浩'))
    expect('rotate' in child).toBe(false)
  })

  test('[SEC-12] the short index of one field says nothing about another', async () => {
    const keys = await open()
    expect(keys.indexKey('person.name', 'x')).not.toBe(keys.indexKey('person.student', 'x'))
    expect(keys.indexKey('person.name', 'x')).toBe(keys.blindIndex('person.name', 'x').readBigInt64BE())
  })

  test('what was sealed with a key made after the child started is refused, not misread', async () => {
    const parent = await open()
    const child = keysOf(structuredClone(parent.material()))
    await parent.rotate()
    const sealed = parent.seal('x', CONTEXT)
    expect(() => child.open(sealed, CONTEXT)).toThrow(expect.objectContaining({ code: 'FILE.KEY_WRONG' }))
  })
})
