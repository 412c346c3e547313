import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { accountId, postId, unitId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { defineRoute } from '../../kernel/route.ts'
import type { Permission } from '../../kernel/scope.ts'
import { openKeys } from '../keys.ts'
import { createSessions, hashPassword, type OpenedSession } from '../session/index.ts'
import { fixedClock } from '../testing/clock.ts'
import { testDatabase } from '../testing/database.ts'
import { type Actor, createHttp, mountDownload, mountRoute, mountUpload } from './index.ts'

const { db, admin, log, lines } = await testDatabase()
const clock = fixedClock('2026-09-01T08:00:00Z')
const folder = await mkdtemp(join(tmpdir(), 'baoxue-http-'))
await mkdir(join(folder, 'web', 'assets'), { recursive: true })
await writeFile(join(folder, 'web', 'index.html'), '<!doctype html><title>保学</title>')
await writeFile(join(folder, 'web', 'assets', 'app-x1.js'), 'console.log(1)')
const keys = await openKeys({ path: join(folder, 'key'), db, clock })
const sessions = createSessions({
  db,
  clock,
  keys,
  limits: () => ({ maxFailures: 5, lockMinutes: 15, idleMinutes: 15, absoluteHours: 12 }),
})

const PASSWORD = 'Baoxue-2026'
let permissions = new Set<Permission>()
let hasPost = true

const text = z.object({ text: z.string() })
const routes = {
  signIn: defineRoute({ id: 'test.sign-in', method: 'POST', path: '/test/session', summary: '登录', access: 'public', body: z.object({ login: z.string(), password: z.string() }), answer: text }),
  me: defineRoute({ id: 'test.me', method: 'GET', path: '/test/me', summary: '我', access: 'signed-in', answer: text }),
  read: defineRoute({ id: 'test.read', method: 'GET', path: '/test/runs/:runId', summary: '读', access: 'run.read', params: z.object({ runId: z.coerce.number().int() }), query: z.object({ page: z.coerce.number().int().min(1).default(1) }), answer: text }),
  write: defineRoute({ id: 'test.write', method: 'POST', path: '/test/runs', summary: '写', access: 'run.create', body: z.object({ year: z.number().int(), note: z.string().max(5).optional() }), answer: text }),
  bare: defineRoute({ id: 'test.bare', method: 'POST', path: '/test/bare', summary: '不带内容', access: 'run.create' }),
  recorded: defineRoute({ id: 'test.recorded', method: 'POST', path: '/test/recorded', summary: '同一事务', access: 'run.create', body: z.object({ fails: z.boolean() }) }),
  reveal: defineRoute({ id: 'test.reveal', method: 'POST', path: '/test/reveal', summary: '显示', access: 'run.reveal' }),
  upload: defineRoute({ id: 'test.upload', method: 'POST', path: '/test/sheets', summary: '传', access: 'run.create', kind: 'upload', answer: z.object({ fileName: z.string(), bytes: z.number() }) }),
  download: defineRoute({ id: 'test.download', method: 'POST', path: '/test/workbook', summary: '下载', access: 'run.export', kind: 'download', body: z.object({ fails: z.boolean() }) }),
  fault: defineRoute({ id: 'test.fault', method: 'GET', path: '/test/fault/:kind', summary: '坏', access: 'run.read', params: z.object({ kind: z.string() }), answer: text }),
}

const http = await createHttp({
  services: { db, clock, log, sessions },
  resolveActor: async (_tx, session): Promise<Actor | undefined> => {
    if (!hasPost) return undefined
    const unit = unitId(10)
    const { accountId: account, login, csrf, postId: post } = session
    const scope = { kind: 'unit', unitId: unit, accountId: account } as const
    return { accountId: account, login, csrf, postId: post, roleId: 'officer', unitId: unit, unitPath: [1, 10], permissions, scope }
  },
  isCookieSecure: false,
  uploadLimitBytes: 3 << 20,
  version: '1.2.3',
  webDir: join(folder, 'web'),
  limits: { perMinute: 400, signInsOfAddress: 40, signInsOfLogin: 8 },
})
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
mountUpload(http, routes.upload, async ({ upload }) => {
  const bytes = await buffer(upload.content)
  stored.push(bytes)
  return { fileName: upload.fileName, bytes: bytes.length }
})
mountDownload(http, routes.download, async ({ body }) => {
  const content = body.fails
    ? new Readable({ read() { this.destroy(new Problem('FILE.SEAL_BROKEN')) } })
    : Readable.from([Buffer.from('a,b\n')])
  return { fileName: '结果.csv', mediaType: 'text/csv', content }
})
mountRoute(http, routes.fault, async ({ params }) => {
  if (params.kind === 'disk') throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  if (params.kind === 'away') throw new Problem('SYSTEM.DATABASE_AWAY')
  if (params.kind === 'contract') return { text: 7 as unknown as string }
  if (params.kind === 'missing') throw new Problem('REQUEST.NOT_FOUND')
  throw new TypeError('secret detail of the program')
})
const base = await http.listen({ host: '127.0.0.1', port: 0 })
const api = `${base}/api/v1`
afterAll(async () => {
  await http.close(1)
  await rm(folder, { recursive: true, force: true })
})

const hash = await hashPassword(PASSWORD)
let session: OpenedSession

beforeEach(async () => {
  permissions = new Set<Permission>(['run.read', 'run.create', 'run.export', 'run.reveal'])
  hasPost = true
  await admin('delete from session; delete from account; delete from stray_sign_in')
  await admin("insert into account (login, password_hash, created_at, units) values ('officer', $1, now(), '{1,10}')", [hash])
  session = await sessions.signIn({ login: 'officer', password: PASSWORD, address: '', previousToken: undefined }, async () => postId(3))
})

interface Ask {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
  readonly isAnonymous?: boolean
}

function ask(path: string, { method, body, headers = {}, isAnonymous = false }: Ask = {}): Promise<Response> {
  const own: Record<string, string> = isAnonymous ? {} : { cookie: `baoxue_session=${session.token}`, 'x-baoxue-csrf': session.csrf }
  const isForm = body instanceof FormData || body instanceof ReadableStream
  const json: Record<string, string> = body === undefined || isForm ? {} : { 'content-type': 'application/json' }
  return fetch(path.startsWith('/api') ? `${base}${path}` : `${api}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...own, ...json, ...headers },
    redirect: 'manual',
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
  })
}

async function answer(path: string, options?: Ask) {
  const response = await ask(path, options)
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) }
}

async function lastAudit() {
  const [row] = await admin('select kind, action, account_id::int, unit_id, units, target, reason, outcome from audit_event order by audit_id desc limit 1')
  return row
}

describe('[SEC-41] a request', () => {
  test('is parsed by the contract and answered by it, cut to what it says', async () => {
    expect(await answer('/test/runs/17?page=3')).toEqual({ status: 200, text: '17/3' })
    expect(await answer('/test/runs/17')).toEqual({ status: 200, text: '17/1' })
    expect(await answer('/test/me')).toEqual({ status: 200, text: 'officer' })
    expect(await answer('/test/runs', { body: { year: 2026 } })).toEqual({ status: 200, text: '2026' })
  })

  test.each([
    ['/test/runs/abc', undefined, '地址 · runId'],
    ['/test/runs/17?page=0', undefined, '查询条件 · page'],
    ['/test/runs', { year: '2026' }, '提交内容 · year'],
    ['/test/runs', { year: 2026, note: '太长太长太长' }, '提交内容 · note'],
    ['/test/runs', undefined, '提交内容 · year'],
  ])('%s with %j is told where it is wrong, in Chinese', async (path, body, where) => {
    const method = path === '/test/runs' ? 'POST' : 'GET'
    const problem = await answer(path, body === undefined ? { method } : { method, body })
    expect(problem).toMatchObject({ status: 400, code: 'REQUEST.MALFORMED', words: { where } })
    expect(problem.message).toMatch(/[一-鿿]/)
    expect(JSON.stringify(problem)).not.toContain('太长太长')
  })

  test.each([
    ['no JSON', '{"year": 2026', 'application/json', 'REQUEST.MALFORMED', 400],
    ['plain text', 'year=2026', 'text/plain', 'REQUEST.MALFORMED', 400],
    ['a form of another site', 'year=2026', 'application/x-www-form-urlencoded', 'REQUEST.MALFORMED', 400],
    ['too much', `{"note":"${'x'.repeat(2 << 20)}"}`, 'application/json', 'REQUEST.TOO_LARGE', 413],
    ['a prototype', '{"__proto__": {"year": 1}}', 'application/json', 'REQUEST.MALFORMED', 400],
  ])('%s is refused', async (_what, body, type, code, status) => {
    const headers = { cookie: `baoxue_session=${session.token}`, 'x-baoxue-csrf': session.csrf, 'content-type': type }
    const response = await fetch(`${api}/test/runs`, { method: 'POST', headers, body })
    expect({ status: response.status, ...((await response.json()) as object) }).toMatchObject({ status, code })
  })

  test('without content may say it is JSON', async () => {
    expect(await answer('/test/bare', { method: 'POST', headers: { 'content-type': 'application/json' } })).toEqual({ status: 200 })
    expect(await answer('/test/bare', { method: 'POST' })).toEqual({ status: 200 })
  })
})

describe('[SEC-46] who may ask', () => {
  test('nobody without a session; an expired one is told apart', async () => {
    expect(await answer('/test/me', { isAnonymous: true })).toMatchObject({ status: 401, code: 'SESSION.REQUIRED' })
    clock.advance(16 * 60_000)
    expect(await answer('/test/me')).toMatchObject({ status: 401, code: 'SESSION.EXPIRED', words: { minutes: 15 } })
  })

  test('nobody without the right; it acts with the next click in both directions, and the refusal is on record', async () => {
    permissions = new Set(['unit.read'])
    expect(await answer('/test/runs/17')).toMatchObject({ status: 403, code: 'REQUEST.NOT_ALLOWED', words: { action: '读' } })
    expect(await lastAudit()).toMatchObject({ kind: 'refused', action: 'test.read', target: 'run:17', outcome: 'REQUEST.NOT_ALLOWED' })
    permissions = new Set(['run.read'])
    expect(await answer('/test/runs/17')).toMatchObject({ status: 200 })
  })

  test('nobody whose post has ended; the session ends with it', async () => {
    hasPost = false
    expect(await answer('/test/me')).toMatchObject({ status: 403, code: 'SESSION.NO_POST' })
    hasPost = true
    expect(await answer('/test/me')).toMatchObject({ status: 401, code: 'SESSION.REQUIRED' })
  })

  test('nobody with a first password, but to change it', async () => {
    await admin('update account set must_change_password = true')
    expect(await answer('/test/runs/17')).toMatchObject({ status: 403, code: 'SESSION.CHANGE_PASSWORD' })
    expect(await answer('/test/me')).toMatchObject({ status: 200 })
  })

  test('is asked before the body is read', async () => {
    permissions = new Set()
    const response = await ask('/test/sheets', { body: formOf('a.csv', randomBytes(1 << 20)) })
    expect(response.status).toBe(403)
    expect(stored).toHaveLength(0)
  })
})

describe('[SEC-43] a forged request', () => {
  test.each([
    ['no token', { 'x-baoxue-csrf': '' }],
    ['a token of somebody else', { 'x-baoxue-csrf': randomBytes(32).toString('base64url') }],
    ['a token of the right length with one other letter', undefined],
    ['our token from another site', { origin: 'https://evil.example' }],
    ['no origin, but the browser says cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['an origin that is nothing', { origin: 'null' }],
  ])('with %s is refused and changes nothing', async (_what, headers) => {
    const other = `${session.csrf.slice(0, -1)}${session.csrf.endsWith('A') ? 'B' : 'A'}`
    const problem = await answer('/test/runs', { body: { year: 2026 }, headers: headers ?? { 'x-baoxue-csrf': other } })
    expect(problem).toMatchObject({ status: 403, code: 'REQUEST.FORGED' })
  })

  test('from our own page passes', async () => {
    const headers = { origin: base, 'sec-fetch-site': 'same-origin' }
    expect(await answer('/test/runs', { body: { year: 2026 }, headers })).toMatchObject({ status: 200 })
  })

  test('to sign somebody in is refused too', async () => {
    const body = { login: 'officer', password: PASSWORD }
    const headers = { origin: 'https://evil.example' }
    expect(await answer('/test/session', { body, headers, isAnonymous: true })).toMatchObject({ code: 'REQUEST.FORGED' })
  })
})

describe('[SEC-44] the session cookie', () => {
  test('is new, hidden from scripts and from other sites', async () => {
    const planted = session.token
    const response = await ask('/test/session', { body: { login: 'officer', password: PASSWORD } })
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^baoxue_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(cookie).not.toContain(planted)
    expect(await answer('/test/me')).toMatchObject({ code: 'SESSION.REQUIRED' })
  })
})

describe('[SEC-20] the audit line', () => {
  test('stands for every reading and every write, with ids only', async () => {
    await ask('/test/runs/17?page=2')
    expect(await lastAudit()).toMatchObject({ kind: 'read', action: 'test.read', unit_id: 10, units: [1, 10], target: 'run:17', outcome: 'ok' })
    await ask('/test/runs', { body: { year: 2026 } })
    expect(await lastAudit()).toMatchObject({ kind: 'write', action: 'test.write', target: null, reason: null })
    await ask('/test/reveal', { method: 'POST' })
    expect(await lastAudit()).toMatchObject({ kind: 'reveal' })
    await (await ask('/test/workbook', { body: { fails: false } })).text()
    expect(await lastAudit()).toMatchObject({ kind: 'export' })
  })

  test('is one a request, in the transaction of the change when the handler says so', async () => {
    const count = async () => Number((await admin<{ n: string }>('select count(*) as n from audit_event'))[0]?.n)
    const before = await count()
    await ask('/test/recorded', { body: { fails: false } })
    expect(await count()).toBe(before + 1)
    expect(await lastAudit()).toMatchObject({ target: 'run:5', reason: '核对家长 …', outcome: 'ok' })
    await ask('/test/recorded', { body: { fails: true } })
    expect(await count()).toBe(before + 2)
    expect(await lastAudit()).toMatchObject({ target: 'run:5', outcome: 'RUN.NOT_RUNNING' })
  })

  test('of an address that is not there, or of another district, says refused', async () => {
    await ask('/test/fault/missing')
    expect(await lastAudit()).toMatchObject({ kind: 'refused', outcome: 'REQUEST.NOT_FOUND' })
  })

  test('[SEC-22] holds no free text of the address', async () => {
    await ask(`/test/fault/${encodeURIComponent('张三的表.csv')}`)
    expect(await lastAudit()).toMatchObject({ action: 'test.fault', target: null, outcome: 'SYSTEM.FAULT' })
  })

  test('comes before the answer: what cannot be recorded is not shown', async () => {
    await admin('revoke insert on audit_event from baoxue_unit')
    try {
      expect(await answer('/test/runs/17')).toMatchObject({ status: 500, code: 'SYSTEM.FAULT' })
    } finally {
      await admin('grant insert on audit_event to baoxue_unit')
    }
  })
})

describe('[SEC-40] trouble', () => {
  test('of ours is told with a number, its detail only in the log', async () => {
    const problem = await answer('/test/fault/bug')
    expect(problem).toMatchObject({ status: 500, code: 'SYSTEM.FAULT', words: { incident: expect.stringMatching(/^[0-9a-f]{10}$/) } })
    expect(JSON.stringify(problem)).not.toMatch(/secret detail|TypeError|\.ts/)
    const line = lines.find((text) => text.includes(String((problem.words as { incident: string }).incident)))
    expect(line).toContain('secret detail')
    expect(line).toContain('http.db.test.ts')
  })

  test('an answer outside the contract is ours as well', async () => {
    expect(await answer('/test/fault/contract')).toMatchObject({ status: 500, code: 'SYSTEM.FAULT' })
  })

  test('a full disk and a database that is away have their own words', async () => {
    expect(await answer('/test/fault/disk')).toMatchObject({ status: 507, code: 'SYSTEM.DISK_FULL' })
    expect(await answer('/test/fault/away')).toMatchObject({ status: 503, code: 'SYSTEM.DATABASE_AWAY' })
  })

  test('an address of the API that is not there is told as JSON', async () => {
    expect(await answer('/nothing', { headers: { accept: 'text/html' } })).toMatchObject({ status: 404, code: 'REQUEST.NOT_FOUND' })
    expect(await answer('/test/me', { method: 'DELETE' })).toMatchObject({ status: 404, code: 'REQUEST.NOT_FOUND' })
  })

  test('is logged with the pattern of the address, never with the address', async () => {
    await ask('/test/runs/17?page=1&q=%E5%BC%A0%E4%B8%89')
    const line = lines.findLast((text) => text.includes('http.request'))
    expect(line).toContain('/api/v1/test/runs/:runId')
    expect(lines.join('')).not.toMatch(/张三|%E5%BC%A0/)
  })
})

function formOf(name: string, content: Buffer): FormData {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(content)]), name)
  return form
}

describe('[SEC-45] an upload', () => {
  beforeEach(() => void stored.splice(0))

  test('arrives as it was, under its own name', async () => {
    const content = randomBytes((2 << 20) + 17)
    expect(await answer('/test/sheets', { body: formOf('万州户籍.csv', content) })).toEqual({ status: 200, fileName: '万州户籍.csv', bytes: content.length })
    expect(stored[0]?.equals(content)).toBe(true)
  })

  test('beyond the limit is refused with words, while it is still on its way', async () => {
    const problem = await answer('/test/sheets', { body: formOf('a.csv', randomBytes((3 << 20) + 1)) })
    expect(problem).toMatchObject({ status: 413, code: 'REQUEST.TOO_LARGE', words: { limit: '3 MB' } })
    const huge = await answer('/test/sheets', { body: formOf('a.csv', randomBytes(5 << 20)) })
    expect(huge).toMatchObject({ status: 413, code: 'REQUEST.TOO_LARGE' })
    expect(stored).toHaveLength(0)
  })

  test('of two files, of a field, of nothing, or as JSON is refused', async () => {
    const two = formOf('a.csv', randomBytes(100_000))
    two.append('second', new Blob(['x']), 'b.csv')
    const field = new FormData()
    field.append('text', 'x')
    for (const body of [two, field, new FormData(), { file: 'x' }]) {
      expect(await answer('/test/sheets', { body })).toMatchObject({ status: 400, code: 'REQUEST.MALFORMED', words: { where: '文件' } })
    }
    expect(stored).toHaveLength(0)
  })

  test('whose form breaks off is told truncated and not stored', async () => {
    const boundary = 'xyz'
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\ncontent-type: text/csv\r\n\r\n`
    const response = await fetch(`${api}/test/sheets`, {
      method: 'POST',
      headers: { cookie: `baoxue_session=${session.token}`, 'x-baoxue-csrf': session.csrf, 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: `${head}${'x'.repeat(200_000)}`,
    })
    expect({ status: response.status, ...((await response.json()) as object) }).toMatchObject({ status: 422, code: 'FILE.TRUNCATED', words: { file: 'a.csv' } })
    expect(stored).toHaveLength(0)
  })

  test('whose connection breaks off is not stored, and the server goes on', async () => {
    const { port, hostname } = new URL(base)
    const socket = connect(Number(port), hostname)
    const head = '--xyz\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    socket.write(
      `POST /api/v1/test/sheets HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncookie: baoxue_session=${session.token}\r\nx-baoxue-csrf: ${session.csrf}\r\n` +
        `content-type: multipart/form-data; boundary=xyz\r\ncontent-length: 1000000\r\n\r\n${head}${'x'.repeat(100_000)}`,
    )
    await new Promise((resume) => setTimeout(resume, 200))
    socket.destroy()
    await expect.poll(async () => (await lastAudit())?.outcome, { timeout: 5_000 }).toBe('FILE.TRUNCATED')
    expect(stored).toHaveLength(0)
    expect(await answer('/test/me')).toMatchObject({ status: 200 })
  })
})

describe('a download', () => {
  test('has its Chinese name and is kept by no cache', async () => {
    const response = await ask('/test/workbook', { body: { fails: false } })
    expect(await response.text()).toBe('a,b\n')
    expect(response.headers.get('content-disposition')).toContain("filename*=UTF-8''%E7%BB%93%E6%9E%9C.csv")
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('that cannot be opened is a Problem, not a cut file', async () => {
    expect(await answer('/test/workbook', { body: { fails: true } })).toMatchObject({ status: 500, code: 'FILE.SEAL_BROKEN' })
  })
})

describe('[SEC-47] limits', () => {
  test('of a route count by account', async () => {
    const other = await admin<{ account_id: string }>("insert into account (login, password_hash, created_at, units) values ('other', $1, now(), '{1,10}') returning account_id", [hash])
    expect(other).toHaveLength(1)
    const answers = []
    for (let n = 0; n < 3; n += 1) answers.push((await ask('/test/reveal', { method: 'POST' })).status)
    expect(answers).toEqual([200, 200, 429])
    session = await sessions.signIn({ login: 'other', password: PASSWORD, address: '', previousToken: undefined }, async () => postId(3))
    expect((await ask('/test/reveal', { method: 'POST' })).status).toBe(200)
  })

  test('of signing in count by login, whether it exists or not', async () => {
    for (const login of ['officer', 'nobody']) {
      const answers = []
      for (let n = 0; n < 9; n += 1) answers.push((await ask('/test/session', { body: { login, password: 'x' }, isAnonymous: true })).status)
      expect(answers.at(-1)).toBe(429)
      expect(answers.slice(0, -1)).not.toContain(429)
    }
    const response = await ask('/test/session', { body: { login: 'officer', password: 'x' }, isAnonymous: true })
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('the pages', () => {
  const page = { accept: 'text/html' }

  test('any address of theirs is the entry page; a missing script is not', async () => {
    for (const path of ['/', '/runs/17', '/units?parentId=1']) {
      const response = await fetch(`${base}${path}`, { headers: page })
      expect(await response.text(), path).toContain('保学')
      expect(response.headers.get('cache-control')).toBe('no-cache')
    }
    expect((await fetch(`${base}/assets/gone-x9.js`)).status).toBe(404)
    expect((await fetch(`${base}/../package.json`)).status).toBe(404)
    expect((await fetch(`${base}/%2e%2e/%2e%2e/etc/passwd`)).status).toBe(404)
  })

  test('hashed files are kept for a year', async () => {
    const response = await fetch(`${base}/assets/app-x1.js`)
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  test('[SEC-48] run no script but ours, in no frame', async () => {
    const policy = (await fetch(base, { headers: page })).headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:/)
  })
})

describe('the interface', () => {
  test('describes itself: every route, its inputs, its answers and its problems', async () => {
    const document = (await (await fetch(`${api}/openapi.json`)).json()) as { openapi: string; paths: Record<string, Record<string, Operation>> }
    interface Operation {
      operationId: string
      parameters: { name: string; in: string; required: boolean }[]
      requestBody?: { content: Record<string, unknown> }
      responses: Record<string, { description: string }>
    }
    expect(document.openapi).toBe('3.1.0')
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId))
    expect(ids.sort()).toEqual(http.routes.map(({ id }) => id).sort())
    const read = document.paths['/test/runs/{runId}']?.get
    expect(read?.parameters.map((line) => `${line.in} ${line.name} ${line.required}`)).toEqual(['path runId true', 'query page false'])
    expect(read?.responses['403']?.description).toContain('REQUEST.NOT_ALLOWED')
    expect(Object.keys(document.paths['/test/sheets']?.post?.requestBody?.content ?? {})).toEqual(['multipart/form-data'])
  })

  test('has a reader page that loads nothing from elsewhere', async () => {
    const html = await (await fetch(`${api}/reference`)).text()
    const scripts = [...html.matchAll(/src="([^"]+)"/g)].map((match) => match[1]!)
    expect(scripts).toHaveLength(2)
    for (const script of scripts) {
      expect(script).toMatch(/^\/api\/v1\/reference\//)
      const response = await fetch(`${base}${script}`)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toContain('javascript')
    }
    expect(html).not.toMatch(/<script>/)
  })

  test('says whether it is well', async () => {
    expect(await answer('/health', { isAnonymous: true })).toEqual({ status: 200, status_: undefined, version: '1.2.3' })
  })
})

test('accounts and posts of the tests are what they claim', () => {
  expect([accountId(1), postId(3)]).toEqual([1, 3])
})
