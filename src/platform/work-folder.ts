import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { access, constants, mkdir, readdir, rm, statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** [SEC-16] A folder for opened personal data, mode 0700, in memory where the machine has room. Removed at the end of the work, or at the next start. */
export interface WorkFolder {
  readonly path: string
  readonly isInMemory: boolean
  remove(): Promise<void>
}

export interface WorkFolders {
  /** `needBytes` decides whether memory has room. Always `remove()` it in a `finally`. */
  open(needBytes: number): Promise<WorkFolder>
  /** Removes what processes that are gone left behind; called once at start. Answers how many. */
  sweep(): Promise<number>
}

interface WorkFolderOptions {
  /** Folders go below it when memory has no room; also tells installations on one machine apart. */
  readonly dataDir: string
  /** A file system in memory. */
  readonly memoryDir?: string
}

/** Left for everybody else on the machine: a full /dev/shm stops other programs. */
const SPARE_BYTES = 256 << 20

export function createWorkFolders({ dataDir, memoryDir = '/dev/shm' }: WorkFolderOptions): WorkFolders {
  const installation = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12)
  const inMemory = join(memoryDir, `baoxue-${installation}`)
  const onDisk = join(resolve(dataDir), 'work')

  return {
    async open(needBytes) {
      const isInMemory = await hasRoom(memoryDir, needBytes + SPARE_BYTES)
      const root = isInMemory ? inMemory : onDisk
      const path = join(root, `${ownerOf(process.pid)}-${randomBytes(8).toString('hex')}`)
      await mkdir(root, { recursive: true, mode: 0o700 })
      await mkdir(path, { mode: 0o700 })
      return { path, isInMemory, remove: () => rm(path, { recursive: true, force: true }) }
    },
    async sweep() {
      let removed = 0
      for (const root of [inMemory, onDisk]) {
        for (const name of await readdir(root).catch(() => [])) {
          if (isAlive(name)) continue
          await rm(join(root, name), { recursive: true, force: true })
          removed += 1
        }
      }
      return removed
    },
  }
}

async function hasRoom(folder: string, bytes: number): Promise<boolean> {
  try {
    await access(folder, constants.W_OK)
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize >= bytes
  } catch {
    return false
  }
}

/** Process id and start time: a number that was given out again after a crash must not keep an old folder alive. */
function ownerOf(pid: number): string {
  return `${pid}-${startTicks(pid)}`
}

function isAlive(folderName: string): boolean {
  const [pid, ticks] = folderName.split('-')
  return pid !== undefined && ticks !== undefined && ticks !== GONE && startTicks(Number(pid)) === ticks
}

const GONE = 'gone'

/** Field 22 of /proc/PID/stat (proc(5)); the command in field 2 may hold spaces and brackets. Elsewhere than on Linux a running process has 0. */
function startTicks(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? GONE
  } catch {
    return isRunning(pid) ? '0' : GONE
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
