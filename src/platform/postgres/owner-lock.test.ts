import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { holdFolder, isHeld } from './owner-lock.ts'
import { birthOf, commandOf } from './processes.ts'

test('[PG-1] a process is known by number and birth, and a dead one by neither', async () => {
  const child = spawn('sleep', ['60'])
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  expect(birthOf(pid)).toBe(birthOf(pid))
  expect(birthOf(pid)).not.toBe(birthOf(process.pid))
  expect(commandOf(pid)).toBe('sleep 60')
  child.kill()
  await once(child, 'exit')
  expect([birthOf(pid), commandOf(pid)]).toEqual([undefined, undefined])
})

test('[PG-2] a folder is held once, and free again when released', async () => {
  const lock = join(await temporaryFolder(), 'owner.json')
  const release = holdFolder(lock)
  expect(isHeld(lock)).toBe(true)
  expect(() => holdFolder(lock)).toThrowError(
    expect.objectContaining({ code: 'SYSTEM.CONFIG', message: expect.stringContaining(`进程 ${process.pid}`) }),
  )
  release()
  expect(existsSync(lock)).toBe(false)
  holdFolder(lock)()
})

test.each([
  ['[PG-1] whose number belongs to another process by now', () => ({ pid: process.pid, birth: 'long ago' })],
  ['[PG-2] whose process is gone', () => ({ pid: 4_194_000, birth: 'long ago' })],
  ['[PG-2] that was cut while it was written', () => ({ pid: 1 })],
])('a lock %s is void', async (_what, owner) => {
  const lock = join(await temporaryFolder(), 'owner.json')
  await writeFile(lock, JSON.stringify(owner()))
  expect(isHeld(lock)).toBe(false)
  holdFolder(lock)()
})
