import { join, resolve } from 'node:path'
import { backup, restore } from '../platform/backup/index.ts'
import { createClock } from '../platform/clock.ts'
import { type Config, readConfig } from '../platform/config.ts'
import { openDatabase } from '../platform/db/index.ts'
import { findOrMakeLogin } from '../platform/db/login.ts'
import { migrate } from '../platform/db/migrate.ts'
import { createFiles } from '../platform/files.ts'
import { createIds } from '../platform/ids.ts'
import { openKeys } from '../platform/keys.ts'
import { createLog, type Log } from '../platform/log.ts'
import { borrowPostgres, startPostgres } from '../platform/postgres/index.ts'
import { resealColumns } from '../platform/reseal.ts'
import { commandWords } from './command-words.ts'
import { createLogSink } from './log-file.ts'
import { root } from './place.ts'
import { UsageError } from './reconcile-command.ts'
import { SEALED_COLUMNS } from './sealed-columns.ts'

const words = commandWords.maintenance

export const MAINTENANCE = ['backup', 'restore', 'rotate-key'] as const
export type Maintenance = (typeof MAINTENANCE)[number]

export function isMaintenance(command: string | undefined): command is Maintenance {
  return MAINTENANCE.some((name) => name === command)
}

interface Ask {
  readonly command: Maintenance
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** The caller's folder: relative paths start here. Settings are read where `npm start` reads them. */
  readonly cwd: string
  readonly random: (length: number) => Uint8Array
}

/** [CLI-10] What an administrator does beside the running product. Answers the lines to print. */
export async function maintenanceCommand({ command, args, env, cwd, random }: Ask): Promise<readonly string[]> {
  const config = readConfig(env, root)
  const clock = createClock(config.today)
  const sink = createLogSink(process.stderr)
  sink.openIn(config.dataDir)
  const log = createLog(sink, clock.now)
  if (command === 'rotate-key') {
    refuseExtra(args)
    return await withServer(config, log, 'beside', (adminUrl) => rotateKey({ config, log, adminUrl, random }))
  }
  const [folder, ...extra] = args
  if (folder === undefined) throw new UsageError(words.needsFolder(command))
  refuseExtra(extra)
  const path = resolve(cwd, folder)
  const parts = { sealedFolder: join(config.dataDir, 'files'), keyFile: config.keyFile, log }
  if (command === 'backup') {
    return await withServer(config, log, 'beside', async (adminUrl) => {
      const made = await backup({ ...parts, adminUrl }, path, clock.now())
      const rows = made.tables.reduce((sum, table) => sum + table.rows, 0)
      return [words.backedUp(path, made.tables.length, rows, made.sealedFiles.length), words.holdsKey]
    })
  }
  return await withServer(config, log, 'alone', async (adminUrl) => {
    const login = await findOrMakeLogin(join(config.dataDir, 'keys'))
    await restore({ ...parts, adminUrl, login, migrations: join(root, 'migrations') }, path)
    return [words.restored(path, config.dataDir)]
  })
}

/** A restore needs the product stopped; a backup and a new key do not. */
async function withServer<T>(
  config: Config,
  log: Log,
  how: 'beside' | 'alone',
  work: (adminUrl: string) => Promise<T>,
): Promise<T> {
  if (config.databaseUrl !== undefined) return await work(config.databaseUrl)
  const start = how === 'beside' ? borrowPostgres : startPostgres
  const server = await start({ dataDir: config.dataDir, log })
  try {
    return await work(server.adminUrl)
  } finally {
    await server.stop()
  }
}

interface Rotation {
  readonly config: Config
  readonly log: Log
  readonly adminUrl: string
  readonly random: (length: number) => Uint8Array
}

/** [SEC-13] A new key seals from now on, and what older keys sealed is sealed anew, while the product runs. */
async function rotateKey({ config, log, adminUrl, random }: Rotation): Promise<readonly string[]> {
  const clock = createClock(config.today)
  const login = await findOrMakeLogin(join(config.dataDir, 'keys'))
  const { appUrl } = await migrate({ adminUrl, folder: join(root, 'migrations'), login, log })
  const db = await openDatabase({ url: appUrl, log, connections: 2 })
  try {
    const keys = await openKeys({ path: config.keyFile, db, clock })
    const keyId = await keys.rotate()
    const ids = createIds({ clock, random })
    const files = createFiles({ folder: join(config.dataDir, 'files'), keys, db, clock, ids })
    const { signal } = new AbortController()
    const values = await resealColumns({ db, keys }, SEALED_COLUMNS, signal)
    const count = await files.reseal(signal)
    return [words.rotated(keyId, count, values), words.backUpNow]
  } finally {
    await db.close()
  }
}

function refuseExtra(args: readonly string[]): void {
  if (args[0] !== undefined) throw new UsageError(commandWords.extra(args[0]))
}
