import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { closeDaysUntil } from '../domains/cases/server.ts'
import { sweepImports } from '../domains/imports/server.ts'
import { sendBackSilent } from '../domains/outside/server.ts'
import { MAX_SHEET_BYTES } from '../domains/reconcile/run-rules.ts'
import { accountLimitsOn } from '../domains/registry/policy.ts'
import { actorResolver, closeStaffDay, stillAllowed } from '../domains/registry/server.ts'
import { addDays } from '../kernel/plain-date.ts'
import { createClock } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import { openDatabase } from '../platform/db/index.ts'
import { findOrMakeLogin } from '../platform/db/login.ts'
import { migrate } from '../platform/db/migrate.ts'
import { createFiles } from '../platform/files.ts'
import { createHttp, type Http } from '../platform/http/index.ts'
import { createIds } from '../platform/ids.ts'
import { createJobs } from '../platform/jobs.ts'
import { openKeys } from '../platform/keys.ts'
import { errorFields, type Log } from '../platform/log.ts'
import { createOutbox } from '../platform/outbox.ts'
import { startPostgres } from '../platform/postgres/index.ts'
import type { Services } from '../platform/services.ts'
import { createSessions } from '../platform/session/index.ts'
import { createWorkFolders } from '../platform/work-folder.ts'
import { type Demo, type FirstAccounts, findDemo, firstLoad } from './first-load.ts'
import { packFolder, root, VERSION } from './place.ts'
import { mountSlices, outlinesOf, readOverlays } from './slices.server.ts'

export interface Product {
  readonly services: Services
  readonly address: string
  /** Given once, at the first start on an empty database. */
  readonly firstAccounts: FirstAccounts | undefined
  stop(): Promise<void>
}

const HOUSEKEEPING_MS = 3600_000

/** [START-1] Everything from the database to the listening port. What was started is stopped again when a later step fails. */
export async function startProduct(config: Config, log: Log): Promise<Product> {
  const undo: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const adminUrl = config.databaseUrl ?? (await startEmbedded(config, log, undo))
    const login = await findOrMakeLogin(join(config.dataDir, 'keys'))
    const { appUrl, bossUrl } = await migrate({ adminUrl, folder: join(root, 'migrations'), login, log })
    const services = await openServices(config, log, { appUrl, bossUrl }, undo)
    const firstAccounts = await firstLoad(services)
    const demo = await findDemo(config)
    const http = await openHttp(services, demo)
    await services.jobs.start()
    undo.push(() => services.jobs.stop())
    services.outbox.start()
    undo.push(() => services.outbox.stop())
    undo.push(keepHouse(services))
    const address = await http.listen({ host: config.host, port: config.port })
    undo.push(() => http.close())
    log.info('product.ready', { port: config.port })
    return { services, address, firstAccounts, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startEmbedded(config: Config, log: Log, undo: (() => Promise<void>)[]): Promise<string> {
  const server = await startPostgres({ dataDir: config.dataDir, log })
  undo.push(() => server.stop())
  return server.adminUrl
}

/** Every slice on the HTTP layer, not listening yet. */
export async function openHttp(services: Services, demo: Demo | undefined): Promise<Http> {
  const http = await createHttp({
    services,
    resolveActor: actorResolver(services.clock),
    isCookieSecure: services.config.isCookieSecure,
    uploadLimitBytes: MAX_SHEET_BYTES,
    version: VERSION,
    webDir: join(root, 'dist'),
  })
  mountSlices(http, services, {
    packs: await readOverlays(packFolder),
    isDemo: async () => demo !== undefined,
    demoSheets: { folderOf: (unitId) => demo?.sheets[unitId] },
    outlines: outlinesOf(packFolder),
  })
  return http
}

export async function openServices(
  config: Config,
  log: Log,
  urls: { readonly appUrl: string; readonly bossUrl: string },
  undo: (() => Promise<void>)[],
): Promise<Services> {
  const clock = createClock(config.today)
  const ids = createIds({ clock, random: randomBytes })
  const db = await openDatabase({ url: urls.appUrl, log })
  undo.push(() => db.close())
  const keys = await openKeys({ path: config.keyFile, db, clock })
  const workFolders = createWorkFolders({ dataDir: config.dataDir })
  await workFolders.sweep()
  const filesFolder = join(config.dataDir, 'files')
  const files = createFiles({ folder: filesFolder, keys, db, clock, ids })
  const outbox = createOutbox({ db, log })
  const jobs = createJobs({ db, log, ids, outbox, bossUrl: urls.bossUrl, mayStill: stillAllowed(clock) })
  const sessions = createSessions({ db, clock, keys, limits: () => accountLimitsOn(clock.today()) })
  const childAccess = () => ({ databaseUrl: urls.appUrl, keys: keys.material(), filesFolder, today: config.today })
  return { config, clock, log, ids, db, keys, files, workFolders, outbox, jobs, sessions, childAccess }
}

/** Once an hour: the days that are over closed, sheets past their day, sessions long ended, posts that ended by the calendar. */
function keepHouse(services: Services): () => Promise<void> {
  const { db, clock, files, sessions, log } = services
  const timer = setInterval(() => {
    const days = closeDaysUntil(services, addDays(clock.today(), -1))
    const staffDay = db.asSystem('house.staff-day', (tx) => closeStaffDay(tx, clock.today()))
    const silent = sendBackSilent(services)
    Promise.all([days, silent, sweepImports(services), files.sweep(), sessions.sweep(), staffDay]).catch(
      (error: unknown) => log.error('housekeeping.failed', errorFields(error)),
    )
  }, HOUSEKEEPING_MS)
  timer.unref()
  return async () => clearInterval(timer)
}
