import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import { createFiles } from '../../platform/files.ts'
import { API_PREFIX, createHttp } from '../../platform/http/index.ts'
import { createIds } from '../../platform/ids.ts'
import { createJobs } from '../../platform/jobs.ts'
import { openKeys } from '../../platform/keys.ts'
import { createOutbox } from '../../platform/outbox.ts'
import { createSessions } from '../../platform/session/index.ts'
import type { TestDatabase } from '../../platform/testing/database.ts'
import { createWorkFolders } from '../../platform/work-folder.ts'
import { registryRoutes } from './contract.ts'
import { mountRegistry } from './mount.server.ts'
import { accountLimitsOn } from './policy.ts'
import { actorResolver, stillAllowed } from './server.ts'
import { PASSWORD } from './town.test.server.ts'

export interface Answer {
  readonly status: number
  /** Of any shape: tests look into answers and problems alike. */
  readonly body: ReturnType<typeof JSON.parse>
}

export interface Client {
  get(path: string): Promise<Answer>
  post(path: string, body?: object): Promise<Answer>
  patch(path: string, body: object): Promise<Answer>
  delete(path: string): Promise<Answer>
}

/** The real HTTP layer with the registry on it, and clients that keep cookie and token as a browser does. */
export async function testHouse({ db, log, bossUrl }: Pick<TestDatabase, 'db' | 'log' | 'bossUrl'>, clock: Clock) {
  const folder = await mkdtemp(join(tmpdir(), 'baoxue-keys-'))
  const keys = await openKeys({ path: join(folder, 'key.json'), db, clock })
  const sessions = createSessions({ db, clock, keys, limits: () => accountLimitsOn(clock.today()) })
  const ids = createIds({ clock, random: randomBytes })
  const files = createFiles({ folder: join(folder, 'files'), keys, db, clock, ids })
  const workFolders = createWorkFolders({ dataDir: folder })
  // Not at work: tests of jobs stand on the whole product.
  const jobs = createJobs({ db, log, ids, outbox: createOutbox({ db, log }), bossUrl, mayStill: stillAllowed(clock) })
  const services = { db, clock, log, sessions, ids, files, workFolders, jobs }
  const http = await createHttp({
    services,
    resolveActor: actorResolver(clock),
    isCookieSecure: false,
    uploadLimitBytes: 1_000_000,
    version: 'test',
    limits: { perMinute: 100_000, signInsOfAddress: 100_000, signInsOfLogin: 100_000 },
  })
  const actionLabels = new Map(registryRoutes.map((route) => [route.id, route.summary]))
  mountRegistry(http, services, { isDemo: async () => true, actionLabels })

  function client(): Client {
    let cookie = ''
    let csrf = ''
    const send = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answer> => {
      const answer = await http.app.inject({
        method,
        url: `${API_PREFIX}${path}`,
        headers: { ...(cookie === '' ? {} : { cookie }), ...(csrf === '' ? {} : { 'x-baoxue-csrf': csrf }) },
        ...(body === undefined ? {} : { payload: body }),
      })
      const [set] = answer.cookies
      if (set !== undefined) cookie = set.value === '' ? '' : `${set.name}=${set.value}`
      const json = answer.json()
      if (typeof json.csrf === 'string') csrf = json.csrf
      return { status: answer.statusCode, body: json }
    }
    return {
      get: (path) => send('GET', path),
      post: (path, body = {}) => send('POST', path, body),
      patch: (path, body) => send('PATCH', path, body),
      delete: (path) => send('DELETE', path),
    }
  }

  return {
    client,
    async signIn(login: string, password = PASSWORD): Promise<Client> {
      const browser = client()
      const answer = await browser.post('/session', { login, password })
      if (answer.status !== 200) throw new Error(`${login}: ${JSON.stringify(answer.body)}`)
      return browser
    },
    async close() {
      await http.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
