import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { type AccountId, accountId, postId, unitId } from '../../kernel/ids.ts'
import type { Scope } from '../../kernel/scope.ts'
import { openKeys } from '../keys.ts'
import { fixedClock } from '../testing/clock.ts'
import { testDatabase } from '../testing/database.ts'
import { type AccountTables, createSessions, hashPassword } from './index.ts'

const { db, admin } = await testDatabase()
const clock = fixedClock('2026-09-01T08:00:00Z')
const folder = await mkdtemp(join(tmpdir(), 'baoxue-session-'))
const keys = await openKeys({ path: join(folder, 'key'), db, clock })
await rm(folder, { recursive: true })

const limits = { maxFailures: 5, lockMinutes: 15, idleMinutes: 15, absoluteHours: 12 }
const sessions = createSessions({ db, clock, keys, limits: () => limits })
const PASSWORD = 'Baoxue-2026'
const hash = await hashPassword(PASSWORD)
const POST = postId(3)
const MINUTE = 60_000

beforeEach(async () => {
  await admin('delete from session; delete from stray_sign_in; delete from account')
})

async function addAccount(login: string, units: readonly number[] = [1, 10]): Promise<AccountId> {
  const [row] = await admin<{ account_id: string }>(
    'insert into account (login, password_hash, created_at, units) values ($1, $2, now(), $3) returning account_id',
    [login, hash, units],
  )
  return accountId(Number(row?.account_id))
}

function signIn(login: string, password = PASSWORD, previousToken?: string) {
  return sessions.signIn({ login, password, address: '10.0.0.1', previousToken }, async () => POST)
}

function find(token: string, isPerson = true) {
  return db.asSystem('test', (tx) => sessions.find(tx, token, isPerson))
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => 'ok',
    (error) => ({ code: error.code, words: error.words }),
  )
}

describe('signing in', () => {
  test('opens a session of which the database knows a hash only', async () => {
    const id = await addAccount('officer')
    const session = await signIn(' Officer ')
    expect(session).toMatchObject({ accountId: id, postId: POST, login: 'officer', mustChangePassword: false })
    expect(await find(session.token)).toEqual({
      kind: 'live',
      session: expect.objectContaining({ csrf: session.csrf }),
    })
    const stored = JSON.stringify(await admin('select encode(token_hash, $1) as hash, * from session', ['escape']))
    expect(stored).not.toContain(session.token)
    expect(stored).not.toContain(session.csrf)
  })

  test('[SEC-5] never takes over the token the browser came with', async () => {
    await addAccount('officer')
    const planted = await signIn('officer')
    const own = await signIn('officer', PASSWORD, planted.token)
    expect(own.token).not.toBe(planted.token)
    expect(own.csrf).not.toBe(planted.csrf)
    expect(await find(planted.token)).toEqual({ kind: 'none' })
  })

  test('[SEC-4] one that exists and one that does not answer alike, try after try, into the lock and out of it', async () => {
    await addAccount('exists')
    for (const minutes of [0, 0, 0, 0, 0, 0, 14, 2]) {
      clock.advance(minutes * MINUTE)
      const [known, unknown] = [await codeOf(signIn('exists', 'wrong')), await codeOf(signIn('absent', 'wrong'))]
      expect(unknown).toEqual(known)
    }
  })

  test('[SEC-3] the fifth wrong password locks; the right one is then refused too, until the lock is over', async () => {
    await addAccount('officer')
    for (const left of [4, 3, 2, 1]) {
      expect(await codeOf(signIn('officer', 'wrong'))).toEqual({ code: 'SESSION.WRONG_PASSWORD', words: { left } })
    }
    const lockedNow = { code: 'SESSION.LOCKED', words: { failures: 5, minutes: 15 } }
    expect(await codeOf(signIn('officer', 'wrong'))).toEqual(lockedNow)
    expect(await codeOf(signIn('officer'))).toEqual(lockedNow)
    clock.advance(15 * MINUTE)
    expect(await codeOf(signIn('officer'))).toBe('ok')
    expect(await codeOf(signIn('officer', 'wrong'))).toMatchObject({ words: { left: 4 } })
  })

  test('[SEC-3] thirty guesses at the same moment get five tries', async () => {
    await addAccount('officer')
    const answers = await Promise.all(Array.from({ length: 30 }, () => codeOf(signIn('officer', 'wrong'))))
    const tried = answers.filter((answer) => (answer as { code: string }).code === 'SESSION.WRONG_PASSWORD')
    expect(tried).toHaveLength(4)
  })

  test('a disabled account and one without a post learn it only with the right password', async () => {
    await addAccount('gone')
    await admin("update account set state = 'disabled'")
    expect(await codeOf(signIn('gone', 'wrong'))).toMatchObject({ code: 'SESSION.WRONG_PASSWORD' })
    expect(await codeOf(signIn('gone'))).toMatchObject({ code: 'SESSION.DISABLED' })
    await admin("update account set state = 'active'")
    const attempt = { login: 'gone', password: PASSWORD, address: '10.0.0.1', previousToken: undefined }
    expect(await codeOf(sessions.signIn(attempt, async () => undefined))).toMatchObject({ code: 'SESSION.NO_POST' })
  })

  test('[SEC-20] leaves an audit line each time, for the account it was tried with', async () => {
    const id = await addAccount('officer')
    await codeOf(signIn('officer', 'wrong'))
    await codeOf(signIn('nobody-here', 'wrong'))
    await signIn('officer')
    const lines = await admin(
      'select kind, account_id::int, outcome, units, target from audit_event order by audit_id desc limit 3',
    )
    expect(lines.reverse()).toEqual([
      { kind: 'sign-in', account_id: id, outcome: 'SESSION.WRONG_PASSWORD', units: [1, 10], target: `account:${id}` },
      { kind: 'sign-in', account_id: null, outcome: 'SESSION.WRONG_PASSWORD', units: [], target: null },
      { kind: 'sign-in', account_id: id, outcome: 'ok', units: [1, 10], target: `account:${id}` },
    ])
    expect(JSON.stringify(await admin('select * from audit_event'))).not.toContain('nobody-here')
  })
})

describe('[SEC-6] a session ends', () => {
  test('after fifteen minutes without the person, and is then told apart from none', async () => {
    await addAccount('officer')
    const { token } = await signIn('officer')
    clock.advance(15 * MINUTE - 1)
    expect((await find(token)).kind).toBe('live')
    clock.advance(15 * MINUTE)
    expect(await find(token)).toEqual({ kind: 'expired' })
    expect(await find('not-a-token')).toEqual({ kind: 'none' })
  })

  test('although its page goes on asking by itself', async () => {
    await addAccount('officer')
    const { token } = await signIn('officer')
    for (let minute = 0; minute < 15; minute += 1) {
      expect((await find(token, false)).kind).toBe('live')
      clock.advance(MINUTE)
    }
    expect(await find(token, false)).toEqual({ kind: 'expired' })
  })

  test('twelve hours after sign-in, however busy', async () => {
    await addAccount('officer')
    const { token } = await signIn('officer')
    for (let minute = 0; minute < 12 * 60; minute += 10) {
      expect((await find(token)).kind).toBe('live')
      clock.advance(10 * MINUTE)
    }
    expect(await find(token)).toEqual({ kind: 'expired' })
  })

  test('at once, on sign-out and when the account is disabled', async () => {
    const id = await addAccount('officer')
    const [one, other] = [await signIn('officer'), await signIn('officer')]
    await sessions.end(one.token)
    expect(await find(one.token)).toEqual({ kind: 'none' })
    await admin("update account set state = 'disabled' where account_id = $1", [id])
    expect(await find(other.token)).toEqual({ kind: 'none' })
  })

  test('writes its sign of life once a minute', async () => {
    await addAccount('officer')
    const { token } = await signIn('officer')
    const seen = async () => (await admin<{ seen_at: Date }>('select seen_at from session'))[0]?.seen_at.getTime()
    const start = clock.now().getTime()
    clock.advance(59_000)
    await find(token)
    expect(await seen()).toBe(start)
    clock.advance(1_000)
    await find(token)
    expect(await seen()).toBe(start + MINUTE)
  })

  test('and its row goes a day later', async () => {
    await addAccount('officer')
    const { token } = await signIn('officer')
    clock.advance(24 * 60 * MINUTE)
    await sessions.sweep()
    expect(await find(token)).toEqual({ kind: 'expired' })
    clock.advance(15 * MINUTE + 1)
    await sessions.sweep()
    expect(await find(token)).toEqual({ kind: 'none' })
  })
})

describe('[SEC-5] a new token', () => {
  test('with another post; the absolute end stays', async () => {
    await addAccount('officer')
    const before = await signIn('officer')
    clock.advance(10 * MINUTE)
    const after = await sessions.switchPost(before.token, postId(4))
    expect(after).toMatchObject({ postId: 4, login: 'officer' })
    expect(await find(before.token)).toEqual({ kind: 'none' })
    const [row] = await admin<{ hours: string }>(
      'select extract(epoch from expires_at - created_at) / 3600 as hours from session',
    )
    expect(Number(row?.hours)).toBe(12)
    await expect(sessions.switchPost('not-a-token', postId(4))).rejects.toMatchObject({ code: 'SESSION.REQUIRED' })
  })

  test('with a new password, and every other session of the account ends', async () => {
    await addAccount('officer')
    await admin('update account set must_change_password = true')
    const [here, elsewhere] = [await signIn('officer'), await signIn('officer')]
    expect(here.mustChangePassword).toBe(true)
    const after = await sessions.changePassword(here.token, { current: PASSWORD, next: 'Jiangbei_88' })
    expect(after.mustChangePassword).toBe(false)
    expect((await find(after.token)).kind).toBe('live')
    expect(await find(here.token)).toEqual({ kind: 'none' })
    expect(await find(elsewhere.token)).toEqual({ kind: 'none' })
    expect(await codeOf(signIn('officer'))).toMatchObject({ code: 'SESSION.WRONG_PASSWORD' })
    expect(await codeOf(signIn('officer', 'Jiangbei_88'))).toBe('ok')
  })
})

describe('changing the password', () => {
  test('needs the current one, and guessing it locks as signing in does', async () => {
    await addAccount('officer')
    const { token } = await signIn('officer')
    const change = (current: string, next: string) => codeOf(sessions.changePassword(token, { current, next }))
    expect(await change('wrong', 'Jiangbei_88')).toEqual({ code: 'SESSION.WRONG_PASSWORD', words: { left: 4 } })
    for (let n = 0; n < 4; n += 1) await change('wrong', 'Jiangbei_88')
    expect(await change(PASSWORD, 'Jiangbei_88')).toMatchObject({ code: 'SESSION.LOCKED' })
  })

  test('[SEC-2] to a weak one or the same one is refused', async () => {
    await addAccount('officer')
    const { token } = await signIn('officer')
    for (const next of ['short', 'Officer-2026', PASSWORD]) {
      expect(await codeOf(sessions.changePassword(token, { current: PASSWORD, next }))).toMatchObject({
        code: 'SESSION.PASSWORD_WEAK',
      })
    }
  })
})

describe('[SEC-7] row security', () => {
  const scope = (unit: number): Scope => ({ kind: 'unit', unitId: unitId(unit), accountId: accountId(1) })

  test('a unit sees the accounts of its own units, and no password hash, session or stray login', async () => {
    await addAccount('mine', [1, 10, 100])
    await addAccount('other', [1, 20])
    await signIn('mine')
    const logins = await db.inScope(scope(10), (tx) =>
      tx.withTables<AccountTables>().selectFrom('account').select('login').execute(),
    )
    expect(logins).toEqual([{ login: 'mine' }])
    for (const [table, column] of [
      ['account', 'password_hash'],
      ['session', 'token_hash'],
      ['stray_sign_in', 'login_index'],
      ['key_check', 'check_value'],
    ] as const) {
      const reading = db.inScope(scope(10), (tx) =>
        tx.withTables<Record<string, Record<string, unknown>>>().selectFrom(table).select(column).execute(),
      )
      await expect(reading, table).rejects.toMatchObject({ sqlState: '42501' })
    }
  })

  test('a unit ends the sessions of its own accounts only', async () => {
    const [mine, other] = [await addAccount('mine', [1, 10]), await addAccount('other', [1, 20])]
    const [mySession, otherSession] = [await signIn('mine'), await signIn('other')]
    for (const id of [mine, other]) await db.inScope(scope(10), (tx) => sessions.endAllOf(tx, id))
    expect(await find(mySession.token)).toEqual({ kind: 'none' })
    expect((await find(otherSession.token)).kind).toBe('live')
  })
})
