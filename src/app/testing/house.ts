import { rm } from 'node:fs/promises'
import { afterAll } from 'vitest'
import { loadTestTown, PASSWORD, type TestTown } from '../../domains/registry/town.test.server.ts'
import { accountId, postId } from '../../kernel/ids.ts'
import { readConfig } from '../../platform/config.ts'
import { type Actor, API_PREFIX, type Http } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { type TestDatabase, testDatabase } from '../../platform/testing/database.ts'
import { temporaryFolder } from '../../platform/testing/folder.ts'
import type { Demo } from '../first-load.ts'
import { openHttp, openServices } from '../product.ts'
import { memoryFolder } from './sheets.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  /** Undefined where the answer is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
  readonly bytes: Buffer
}

export interface Asked {
  readonly body?: object
  /** Sent as the one file of a form. */
  readonly file?: { readonly name: string; readonly content: Buffer | string }
  /** Left out: the session's own. */
  readonly csrf?: string
}

/** Keeps cookie and token as a browser does. */
export interface Visitor {
  ask(method: string, path: string, asked?: Asked): Promise<Answer>
}

export interface TestHouse extends TestDatabase {
  readonly services: Services
  readonly http: Http
  readonly town: TestTown
  readonly dataDir: string
  visitor(): Visitor
  /** Whoever signed in with this login would be. */
  actor(login: string): Promise<Actor>
  /** Once a login; later calls answer the same session. */
  signIn(login: string): Promise<Visitor>
}

/** The business day of the house. */
export const TODAY = '2026-11-20'

/** The product as `app/product.ts` puts it together, on a test database with the test town, its jobs at work. */
export async function testHouse(
  demoOf: (town: TestTown, dataDir: string) => Promise<Demo | undefined> = async () => undefined,
): Promise<TestHouse> {
  const database = await testDatabase()
  const dataDir = await temporaryFolder()
  const config = readConfig({ BAOXUE_DATA: dataDir, BAOXUE_DEMO_SCALE: '0', BAOXUE_TODAY: TODAY }, dataDir)
  const undo: (() => Promise<void>)[] = []
  const services = await openServices(config, database.log, database, undo)
  const town = await loadTestTown(services.db, services.clock)
  const http = await openHttp(services, await demoOf(town, dataDir))
  await services.jobs.start()
  services.outbox.start()
  afterAll(async () => {
    await http.close()
    await services.outbox.stop()
    await services.jobs.stop(2)
    for (const step of undo.reverse()) await step()
    await rm(memoryFolder(dataDir), { recursive: true, force: true })
  })
  const sessions = new Map<string, Promise<Visitor>>()
  return {
    ...database,
    services,
    http,
    town,
    dataDir,
    visitor: () => visitorOf(http),
    async actor(login) {
      const [row] = await database.admin<{ account_id: number; post_id: number }>(
        'select account_id::int, post_id from account join staff using (account_id) join post using (staff_id) where login = $1',
        [login],
      )
      const ids = { accountId: accountId(row?.account_id ?? 0), postId: postId(row?.post_id ?? 0) }
      const actor = await services.db.asSystem('test.actor', (tx) =>
        http.resolveActor(tx, { ...ids, login, csrf: 'test', mustChangePassword: false }),
      )
      if (actor === undefined) throw new Error(`${login} has no live post`)
      return actor
    },
    signIn(login) {
      const known = sessions.get(login) ?? enter(visitorOf(http), login)
      sessions.set(login, known)
      return known
    },
  }
}

async function enter(visitor: Visitor, login: string): Promise<Visitor> {
  const answer = await visitor.ask('POST', '/session', { body: { login, password: PASSWORD } })
  if (answer.status !== 200) throw new Error(`${login}: ${JSON.stringify(answer.body)}`)
  return visitor
}

function visitorOf(http: Http): Visitor {
  let cookie = ''
  let token = ''
  return {
    async ask(method, path, { body, file, csrf = token } = {}) {
      const form = file === undefined ? undefined : await formOf(file)
      const answer = await http.app.inject({
        method: method as 'GET',
        url: `${API_PREFIX}${path}`,
        headers: {
          ...(cookie === '' ? {} : { cookie }),
          ...(csrf === '' ? {} : { 'x-baoxue-csrf': csrf }),
          ...form?.headers,
        },
        ...(form === undefined && body === undefined ? {} : { payload: form?.payload ?? body }),
      })
      const [set] = answer.cookies
      if (set !== undefined) cookie = set.value === '' ? '' : `${set.name}=${set.value}`
      const isJson = String(answer.headers['content-type']).startsWith('application/json')
      const parsed = isJson ? answer.json() : undefined
      if (typeof parsed?.csrf === 'string') token = parsed.csrf
      return { status: answer.statusCode, headers: answer.headers, body: parsed, bytes: answer.rawPayload }
    },
  }
}

async function formOf({ name, content }: NonNullable<Asked['file']>) {
  const form = new FormData()
  form.append('file', new Blob([typeof content === 'string' ? content : new Uint8Array(content)]), name)
  const sent = new Response(form)
  return {
    payload: Buffer.from(await sent.arrayBuffer()),
    headers: { 'content-type': sent.headers.get('content-type') ?? '' },
  }
}
