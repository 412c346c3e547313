import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { formOf, PASSWORD, testHttp } from './test-house.ts'

const { addAccount, admin, answer, ask, base, clock, house, lastAudit, openSession, stored } = await testHttp()

describe('[SEC-46] who may ask', () => {
  test('nobody without a session; an expired one is told apart', async () => {
    expect(await answer('/test/me', { isAnonymous: true })).toMatchObject({ status: 401, code: 'SESSION.REQUIRED' })
    clock.advance(16 * 60_000)
    expect(await answer('/test/me')).toMatchObject({ status: 401, code: 'SESSION.EXPIRED', words: { minutes: 15 } })
  })

  test('nobody without the right; it acts with the next click in both directions, and the refusal is on record', async () => {
    house.permissions = new Set(['unit.read'])
    expect(await answer('/test/runs/17')).toMatchObject({
      status: 403,
      code: 'REQUEST.NOT_ALLOWED',
      words: { action: '读' },
    })
    expect(await lastAudit()).toMatchObject({
      kind: 'refused',
      action: 'test.read',
      target: 'run:17',
      outcome: 'REQUEST.NOT_ALLOWED',
    })
    house.permissions = new Set(['run.read'])
    expect(await answer('/test/runs/17')).toMatchObject({ status: 200 })
  })

  test('nobody whose post has ended; the session ends with it', async () => {
    house.hasPost = false
    expect(await answer('/test/me')).toMatchObject({ status: 403, code: 'SESSION.NO_POST' })
    house.hasPost = true
    expect(await answer('/test/me')).toMatchObject({ status: 401, code: 'SESSION.REQUIRED' })
  })

  test('nobody with a first password, but to change it', async () => {
    await admin('update account set must_change_password = true')
    expect(await answer('/test/runs/17')).toMatchObject({ status: 403, code: 'SESSION.CHANGE_PASSWORD' })
    expect(await answer('/test/me')).toMatchObject({ status: 200 })
  })

  test('is asked before the body is read', async () => {
    house.permissions = new Set()
    const response = await ask('/test/sheets', { body: formOf('a.csv', randomBytes(1 << 20)) })
    expect(response.status).toBe(403)
    expect(stored).toHaveLength(0)
  })
})

describe('[SEC-42] a request from another site', () => {
  test.each([
    ['with another origin', { origin: 'https://evil.example' }],
    ['with our name in another origin', { origin: `${base}.evil.example` }],
    ['without origin, but the browser says cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['with an origin that is nothing', { origin: 'null' }],
  ])('%s is refused, the session’s word or not', async (_what, headers) => {
    expect(await answer('/test/runs', { body: { year: 2026 }, headers })).toMatchObject({
      status: 403,
      code: 'REQUEST.FORGED',
    })
  })

  test('cannot sign somebody in either', async () => {
    const body = { login: 'officer', password: PASSWORD }
    const headers = { origin: 'https://evil.example' }
    const problem = await answer('/test/session', { body, headers, isAnonymous: true })
    expect(problem).toMatchObject({ code: 'REQUEST.FORGED' })
  })

  test('is told apart from our own page, and from reading', async () => {
    const headers = { origin: base, 'sec-fetch-site': 'same-origin' }
    expect(await answer('/test/runs', { body: { year: 2026 }, headers })).toMatchObject({ status: 200 })
    expect(await answer('/test/me', { headers: { origin: 'https://evil.example' } })).toMatchObject({ status: 200 })
  })
})

describe('[SEC-43] a changing request without the word of its session', () => {
  test.each([
    ['none', () => ''],
    ['that of somebody else', () => randomBytes(32).toString('base64url')],
    ['one letter off', (own: string) => `${own.slice(0, -1)}${own.endsWith('A') ? 'B' : 'A'}`],
    ['cut', (own: string) => own.slice(0, -1)],
  ])('%s is refused', async (_what, wordFrom) => {
    const headers = { 'x-baoxue-csrf': wordFrom(house.session.csrf) }
    expect(await answer('/test/runs', { body: { year: 2026 }, headers })).toMatchObject({
      status: 403,
      code: 'REQUEST.FORGED',
    })
  })
})

describe('[SEC-44] the session cookie', () => {
  test('is new, hidden from scripts and from other sites', async () => {
    const planted = house.session.token
    const response = await ask('/test/session', { body: { login: 'officer', password: PASSWORD } })
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^baoxue_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(cookie).not.toContain(planted)
    expect(await answer('/test/me')).toMatchObject({ code: 'SESSION.REQUIRED' })
  })
})

describe('[SEC-47] limits', () => {
  test('of a route count by account', async () => {
    await addAccount('other')
    const answers = []
    for (let n = 0; n < 3; n += 1) answers.push((await ask('/test/reveal', { method: 'POST' })).status)
    expect(answers).toEqual([200, 200, 429])
    house.session = await openSession('other')
    expect((await ask('/test/reveal', { method: 'POST' })).status).toBe(200)
  })

  test('of signing in count by login, whether it exists or not', async () => {
    await addAccount('limited')
    for (const login of ['limited', 'nobody']) {
      const answers = []
      for (let n = 0; n < 9; n += 1)
        answers.push((await ask('/test/session', { body: { login, password: 'x' }, isAnonymous: true })).status)
      expect(answers.at(-1)).toBe(429)
      expect(answers.slice(0, -1)).not.toContain(429)
    }
    const response = await ask('/test/session', { body: { login: 'limited', password: 'x' }, isAnonymous: true })
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})
