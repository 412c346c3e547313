import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { birthOf, commandOf } from './processes.ts'

/** `postmaster.pid`, which the server keeps in its data directory: line 1 its process, line 8 its state. */
export interface PidFile {
  readonly pid: number
  readonly isReady: boolean
}

export function readPidFile(cluster: string): PidFile | undefined {
  const lines = read(cluster)?.split('\n')
  const pid = Number(lines?.[0])
  return Number.isSafeInteger(pid) && pid > 0 ? { pid, isReady: lines?.[7]?.trim() === 'ready' } : undefined
}

/** Is the process a server on this very data directory? */
export function isServerOf(cluster: string, pid: number): boolean {
  const command = commandOf(pid) ?? ''
  return command.includes('postgres') && command.includes(` -D ${cluster} `)
}

/**
 * [PG-3] After a crash the number in the file may belong to an unrelated process, and the server would refuse to start.
 * The number of this process is written over it: the server takes its own parent's number as void. The file itself stays,
 * because its line 7 lets the server see backends of the crashed one that still use the shared memory.
 */
export function disownPidFile(cluster: string): void {
  const text = read(cluster)
  const stale = readPidFile(cluster)
  if (text === undefined || stale === undefined || birthOf(stale.pid) === undefined) return
  writeFileSync(join(cluster, 'postmaster.pid'), text.replace(/^\d+/, String(process.pid)))
}

function read(cluster: string): string | undefined {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8')
  } catch {
    return undefined
  }
}
