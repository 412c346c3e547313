import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountId, postId, unitId } from '../../../kernel/ids.ts'
import { plainDate } from '../../../kernel/plain-date.ts'
import { PERMISSIONS } from '../../../kernel/scope.ts'
import { API_PREFIX, createHttp, type Http } from '../../../platform/http/index.ts'
import { openKeys } from '../../../platform/keys.ts'
import { createSessions, hashPassword } from '../../../platform/session/index.ts'
import { fixedClock } from '../../../platform/testing/clock.ts'
import { testDatabase } from '../../../platform/testing/database.ts'
import { temporaryFolder } from '../../../platform/testing/folder.ts'
import { readPolicyPacks } from '../pack.ts'
import { defineParameter } from '../parameter.ts'
import { mountPolicy } from './routes.ts'

const PASSWORD = 'a-long-word-for-the-test-7'
const ADDRESS = '192.0.2.1'
const { db, admin, log } = await testDatabase()
const clock = fixedClock('2026-11-24T10:00:00+08:00')

const freeMinutes = defineParameter({
  id: 'parking.free-minutes',
  label: '免费停放',
  area: '停车',
  unit: 'minutes',
  values: [
    { from: plainDate('2020-01-01'), value: 15, source: { title: '文件甲' }, confidence: 'certain' },
    { from: plainDate('2025-01-01'), value: 30, source: { title: '文件乙' }, confidence: 'certain' },
  ],
})
const own = {
  parameter: freeMinutes.id,
  from: '2026-01-01',
  value: 45,
  source: { title: '区文件' },
  confidence: 'likely',
}
const packs = readPolicyPacks([{ unit: 'north', label: '北区', values: [own] }], [freeMinutes], 'policy.json')

let http: Http

beforeAll(async () => {
  const keys = await openKeys({ path: join(await temporaryFolder(), 'keys.json'), db, clock })
  const limits = () => ({ maxFailures: 5, lockMinutes: 15, idleMinutes: 15, absoluteHours: 12 })
  const sessions = createSessions({ db, clock, keys, limits })
  http = await createHttp({
    services: { db, clock, log, sessions },
    resolveActor: async (_, session) => ({
      ...session,
      roleId: 'reader',
      unitId: unitId(session.postId),
      unitPath: [session.postId],
      permissions: new Set(session.login === 'nobody' ? [] : PERMISSIONS),
      scope: { kind: 'unit', unitId: unitId(session.postId), accountId: session.accountId },
    }),
    isCookieSecure: false,
    uploadLimitBytes: 1024,
    version: 'test',
  })
  const units: Readonly<Record<number, readonly string[]>> = { 1: ['city', 'north'], 2: ['city', 'south'] }
  mountPolicy(
    http,
    { clock },
    { parameters: [freeMinutes], packs, unitCodesOf: async (actor) => units[actor.postId] ?? [] },
  )
  await http.app.ready()
})

afterAll(async () => http.close(0))

async function cookieOf(login: string, post: number): Promise<string> {
  const hash = await hashPassword(PASSWORD)
  const [row] = await admin<{ id: number }>(
    'insert into account (login, password_hash, created_at, units) values ($1, $2, now(), $3) returning account_id::int as id',
    [login, hash, [post]],
  )
  const attempt = { login, password: PASSWORD, address: ADDRESS, previousToken: undefined }
  const opened = await http.sessions.signIn(attempt, async () => postId(post))
  expect(opened.accountId).toBe(accountId(row?.id ?? 0))
  return `baoxue_session=${opened.token}`
}

const read = (query: string, cookie?: string) =>
  http.app.inject({ url: `${API_PREFIX}/policy${query}`, ...(cookie === undefined ? {} : { headers: { cookie } }) })

test('[POLICY-6] a reader sees the values of the own place in force today, or on the day asked for', async () => {
  const [north, south] = [await cookieOf('north', 1), await cookieOf('south', 2)]
  const inForce = async (query: string, cookie: string) => {
    const answer = (await read(query, cookie)).json()
    return [answer.day, answer.rows[0].values.find((value: { inForce: boolean }) => value.inForce)?.shown]
  }
  expect(await inForce('', north)).toEqual(['2026-11-24', '45 分钟'])
  expect(await inForce('', south)).toEqual(['2026-11-24', '30 分钟'])
  expect(await inForce('?day=2024-12-31', north)).toEqual(['2024-12-31', '15 分钟'])
  expect((await read('?q=%E6%B2%A1%E6%9C%89', north)).json().rows).toEqual([])
})

test('[POLICY-6] without a session, without the right and with a day that does not exist the page is refused', async () => {
  expect((await read('')).statusCode).toBe(401)
  expect((await read('', await cookieOf('nobody', 1))).json().code).toBe('REQUEST.NOT_ALLOWED')
  expect((await read('?day=2026-02-30', await cookieOf('curious', 1))).json().code).toBe('REQUEST.MALFORMED')
})
