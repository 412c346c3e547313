import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { Problem } from '../../kernel/problem.ts'
import { birthOf } from './processes.ts'
import { postgresWords as words } from './words.ts'

const Owner = z.object({ pid: z.int().positive(), birth: z.string() })

/** [PG-2] One program a data folder. A lock whose process is gone, or whose number was given to another process, is void. */
export function holdFolder(lockFile: string): () => void {
  const own = JSON.stringify({ pid: process.pid, birth: birthOf(process.pid) })
  // Twice at most: a void lock is removed once, and a lock made meanwhile by another start is alive.
  for (const isLast of [false, true]) {
    if (write(lockFile, own)) return () => rmSync(lockFile, { force: true })
    const owner = readOwner(lockFile)
    if (isLast || isAlive(owner)) throw inUse(owner?.pid ?? 0)
    rmSync(lockFile, { force: true })
  }
  throw new Error('unreachable')
}

/** Does a living program hold the folder? */
export function isHeld(lockFile: string): boolean {
  return isAlive(readOwner(lockFile))
}

function isAlive(owner: z.infer<typeof Owner> | undefined): boolean {
  return owner !== undefined && birthOf(owner.pid) === owner.birth
}

function inUse(pid: number): Problem {
  return new Problem('SYSTEM.CONFIG', { setting: 'BAOXUE_DATA', advice: words.inUse(pid) })
}

function write(lockFile: string, text: string): boolean {
  try {
    writeFileSync(lockFile, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function readOwner(lockFile: string): z.infer<typeof Owner> | undefined {
  try {
    return Owner.parse(JSON.parse(readFileSync(lockFile, 'utf8')))
  } catch {
    return undefined
  }
}
