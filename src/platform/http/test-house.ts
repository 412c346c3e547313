import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeEach } from 'vitest'
import { z } from 'zod'
import { postId, unitId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { defineRoute } from '../../kernel/route.ts'
import type { Permission } from '../../kernel/scope.ts'
import { openKeys } from '../keys.ts'
import { createSessions, hashPassword, type LiveSession, type OpenedSession } from '../session/index.ts'
import { fixedClock } from '../testing/clock.ts'
import { testDatabase } from '../testing/database.ts'
import { type Actor, createHttp, mountDownload, mountRoute, mountUpload } from './index.ts'

/** A server with one route of each kind and one officer, for the tests of this folder. */

export const PASSWORD = 'Baoxue-2026'
const ALL: readonly Permission[] = ['run.read', 'run.create', 'run.export', 'run.reveal']

const text = z.object({ text: z.string() })
const routes = {
  signIn: defineRoute({
    id: 'test.sign-in',
    method: 'POST',
    path: '/test/session',
    summary: '登录',
    access: 'public',
    body: z.object({ login: z.string(), password: z.string() }),
    answer: text,
  }),
  me: defineRoute({ id: 'test.me', method: 'GET', path: '/test/me', summary: '我', access: 'signed-in', answer: text }),
  read: defineRoute({
    id: 'test.read',
    method: 'GET',
    path: '/test/runs/:runId',
    summary: '读',
    access: 'run.read',
    params: z.object({ runId: z.coerce.number().int() }),
    query: z.object({ page: z.coerce.number().int().min(1).default(1) }),
    answer: text,
  }),
  write: defineRoute({
    id: 'test.write',
    method: 'POST',
    path: '/test/runs',
    summary: '写',
    access: 'run.create',
    body: z.object({ year: z.number().int(), note: z.string().max(5).optional() }),
    answer: text,
  }),
  bare: defineRoute({ id: 'test.bare', method: 'POST', path: '/test/bare', summary: '不带内容', access: 'run.create' }),
  recorded: defineRoute({
    id: 'test.recorded',
    method: 'POST',
    path: '/test/recorded',
    summary: '同一事务',
    access: 'run.create',
    body: z.object({ fails: z.boolean() }),
  }),
  reveal: defineRoute({
    id: 'test.reveal',
    method: 'POST',
    path: '/test/reveal',
    summary: '显示',
    access: 'run.reveal',
  }),
  upload: defineRoute({
    id: 'test.upload',
    method: 'POST',
    path: '/test/sheets',
    summary: '传',
    access: 'run.create',
    kind: 'upload',
    query: z.object({ day: z.string().optional() }),
    answer: z.object({ fileName: z.string(), bytes: z.number() }),
  }),
  download: defineRoute({
    id: 'test.download',
    method: 'POST',
    path: '/test/workbook',
    summary: '下载',
    access: 'run.export',
    kind: 'download',
    body: z.object({ fails: z.boolean() }),
  }),
  fault: defineRoute({
    id: 'test.fault',
    method: 'GET',
    path: '/test/fault/:kind',
    summary: '坏',
    access: 'run.read',
    params: z.object({ kind: z.string() }),
    answer: text,
  }),
}

interface House {
  permissions: ReadonlySet<Permission>
  hasPost: boolean
  session: OpenedSession
}

interface Ask {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
  readonly isAnonymous?: boolean
}

export async function testHttp() {
  const { db, admin, log, lines } = await testDatabase()
  const clock = fixedClock('2026-09-01T08:00:00Z')
  const folder = await mkdtemp(join(tmpdir(), 'baoxue-http-'))
  const keys = await openKeys({ path: join(folder, 'key'), db, clock })
  const limits = { maxFailures: 5, lockMinutes: 15, idleMinutes: 15, absoluteHours: 12 }
  const sessions = createSessions({ db, clock, keys, limits: () => limits })
  const house = { permissions: new Set(ALL), hasPost: true } as unknown as House
  const http = await createHttp({
    services: { db, clock, log, sessions },
    resolveActor: async (_tx, session) => (house.hasPost ? actorOf(session, house.permissions) : undefined),
    isCookieSecure: false,
    uploadLimitBytes: 3 << 20,
    version: '1.2.3',
    webDir: await writePages(folder),
    limits: { perMinute: 400, signInsOfAddress: 40, signInsOfLogin: 8 },
  })
  /** What uploads were taken as whole. */
  const stored: Buffer[] = []

  mountRoute(http, routes.signIn, async ({ body, cookie, address }) => {
    const session = await sessions.signIn({ ...body, address, previousToken: cookie.current }, async () => postId(3))
    cookie.set(session.token)
    return { text: session.csrf }
  })
  mountRoute(http, routes.me, async ({ actor }) => ({ text: actor.login, secret: 'not in the contract' }))
  mountRoute(http, routes.read, async ({ params, query }) => ({ text: `${params.runId}/${query.page}` }))
  mountRoute(http, routes.write, async ({ body }) => ({ text: String(body.year) }))
  mountRoute(http, routes.bare, async () => ({}))
  mountRoute(http, routes.recorded, async ({ actor, audit, body }) => {
    await db.inScope(actor.scope, async (tx) => {
      await audit.record(tx, { target: 'run:5', reason: '核对家长 13812345678' })
      if (body.fails) throw new Problem('RUN.NOT_RUNNING')
    })
    return {}
  })
  mountRoute(http, routes.reveal, async () => ({}), { limit: { most: 2, minutes: 1 } })
  mountUpload(http, routes.upload, async ({ upload, query }) => {
    if (query.day === 'future') throw new Problem('REQUEST.NOT_FOUND')
    const bytes = await buffer(upload.content)
    stored.push(bytes)
    return { fileName: upload.fileName, bytes: bytes.length }
  })
  mountDownload(http, routes.download, async ({ body }) => ({
    fileName: '结果.csv',
    mediaType: 'text/csv',
    content: body.fails ? brokenStream() : Readable.from([Buffer.from('a,b\n')]),
  }))
  mountRoute(http, routes.fault, async ({ params }) => {
    if (params.kind === 'disk')
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    if (params.kind === 'away') throw new Problem('SYSTEM.DATABASE_AWAY')
    if (params.kind === 'contract') return { text: 7 as unknown as string }
    if (params.kind === 'missing') throw new Problem('REQUEST.NOT_FOUND')
    throw new TypeError('secret detail of the program')
  })

  const base = await http.listen({ host: '127.0.0.1', port: 0 })
  const api = `${base}/api/v1`
  const hash = await hashPassword(PASSWORD)
  afterAll(async () => {
    await http.close(1)
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    await admin('delete from session; delete from account; delete from stray_sign_in')
    await addAccount('officer')
    house.permissions = new Set(ALL)
    house.hasPost = true
    house.session = await openSession('officer')
  })

  async function addAccount(login: string): Promise<void> {
    await admin("insert into account (login, password_hash, created_at, units) values ($1, $2, now(), '{1,10}')", [
      login,
      hash,
    ])
  }

  function openSession(login: string): Promise<OpenedSession> {
    return sessions.signIn({ login, password: PASSWORD, address: '', previousToken: undefined }, async () => postId(3))
  }

  function ask(path: string, { method, body, headers = {}, isAnonymous = false }: Ask = {}): Promise<Response> {
    const own = isAnonymous
      ? {}
      : { cookie: `baoxue_session=${house.session.token}`, 'x-baoxue-csrf': house.session.csrf }
    const isForm = body instanceof FormData
    const type = body === undefined || isForm ? {} : { 'content-type': 'application/json' }
    return fetch(`${api}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...own, ...type, ...headers } as Record<string, string>,
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    })
  }

  async function answer(path: string, options?: Ask) {
    const response = await ask(path, options)
    return { status: response.status, ...((await response.json()) as Record<string, unknown>) } as Record<
      string,
      unknown
    >
  }

  async function lastAudit() {
    const [row] = await admin(
      'select kind, action, unit_id, units, target, reason, outcome from audit_event order by audit_id desc limit 1',
    )
    return row
  }

  return { addAccount, admin, answer, api, ask, base, clock, house, http, lastAudit, lines, openSession, stored }
}

export function formOf(name: string, content: Buffer): FormData {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(content)]), name)
  return form
}

function actorOf(session: LiveSession, permissions: ReadonlySet<Permission>): Actor {
  const { accountId, login, csrf, postId: post } = session
  const unit = unitId(10)
  const scope = { kind: 'unit', unitId: unit, accountId } as const
  return {
    accountId,
    login,
    csrf,
    postId: post,
    roleId: 'officer',
    unitId: unit,
    unitPath: [1, 10],
    permissions,
    scope,
  }
}

function brokenStream(): Readable {
  return new Readable({
    read() {
      this.destroy(new Problem('FILE.SEAL_BROKEN'))
    },
  })
}

async function writePages(folder: string): Promise<string> {
  const web = join(folder, 'web')
  await mkdir(join(web, 'assets'), { recursive: true })
  await writeFile(join(web, 'index.html'), '<!doctype html><title>保学</title>')
  await writeFile(join(web, 'assets', 'app-x1.js'), 'console.log(1)')
  return web
}
