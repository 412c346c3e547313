/**
 * Sessions: an opaque token in a cookie, its hash in the database.
 *
 *   sign-in ──► live ──(15 minutes without the person, or the absolute end)──► expired ──(a day later)──► gone
 *                 └──(sign-out, new post, new password, account disabled)──► gone at once
 *
 * [SEC-5] A token is never taken over from the browser: signing in, changing post and
 * changing the password each make a new one.
 */
import type { AccountId, PostId } from '../../kernel/ids.ts'
import { Problem, type ProblemCode } from '../../kernel/problem.ts'
import { recordAudit } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Database, Tx } from '../db/index.ts'
import type { Keys } from '../keys.ts'
import { decideLockOut, type LockOut } from './lock-out.ts'
import { hashPassword, isPassword, refuseWeakPassword, weak } from './password.ts'
import * as store from './store.ts'
import { csrfOf, newToken, tokenHash } from './token.ts'
import type { ChoosePost, LiveSession, OpenedSession, SessionLimits, Sessions, SignIn } from './types.ts'
import { sessionWords as words } from './words.ts'

interface SessionsOptions {
  readonly db: Database
  readonly clock: Clock
  readonly keys: Keys
  /** Read at every use: the limits in force that day. */
  readonly limits: () => SessionLimits
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const SIGN_IN = 'session.sign-in'

interface Tried {
  readonly account: store.Account | undefined
  readonly lockOut: LockOut
}

export function createSessions({ db, clock, keys, limits }: SessionsOptions): Sessions {
  /** [SEC-4] A login that does not exist counts, locks and answers exactly as one that does. */
  async function countTry(tx: Tx, login: string): Promise<Tried> {
    const now = clock.now()
    const account = await store.lockAccount(tx, login)
    if (account !== undefined) {
      const lockOut = decideLockOut(account, now, limits())
      if (lockOut.kind === 'try') await store.setFailures(tx, account.accountId, lockOut.next)
      return { account, lockOut }
    }
    const index = keys.blindIndex('login', login)
    const lockOut = decideLockOut(await store.lockStray(tx, index, now), now, limits())
    if (lockOut.kind === 'try') await store.setStray(tx, index, lockOut.next)
    return { account, lockOut }
  }

  function locked(minutes: number): Problem {
    return new Problem('SESSION.LOCKED', { failures: limits().maxFailures, minutes })
  }

  function wrong(left: number): Problem {
    return left === 0 ? locked(limits().lockMinutes) : new Problem('SESSION.WRONG_PASSWORD', { left })
  }

  async function open(
    tx: Tx,
    session: Omit<LiveSession, 'csrf'>,
    since: Pick<store.StoredSession, 'createdAt' | 'expiresAt'>,
  ) {
    const token = newToken()
    const now = clock.now()
    const { accountId, postId } = session
    const idleUntil = new Date(now.getTime() + limits().idleMinutes * MINUTE_MS)
    await store.insertSession(tx, tokenHash(token), { ...since, accountId, postId, seenAt: now, idleUntil })
    return { ...session, token, csrf: csrfOf(token) }
  }

  function auditSignIn(tx: Tx, account: store.Account | undefined, address: string, outcome: 'ok' | ProblemCode) {
    return recordAudit(tx, {
      at: clock.now(),
      kind: 'sign-in',
      action: SIGN_IN,
      accountId: account?.accountId ?? null,
      postId: null,
      unitId: null,
      units: account?.units ?? [],
      target: account === undefined ? null : `account:${account.accountId}`,
      reason: null,
      outcome,
      address,
    })
  }

  async function admit(
    tx: Tx,
    account: store.Account,
    attempt: SignIn,
    choosePost: ChoosePost,
  ): Promise<OpenedSession | Problem> {
    const now = clock.now()
    await store.setFailures(tx, account.accountId, { failures: 0, lockedUntil: null })
    const { login, mustChangePassword, accountId } = account
    if (account.state === 'disabled') return new Problem('SESSION.DISABLED')
    const postId = await choosePost(tx, accountId)
    if (postId === undefined) return new Problem('SESSION.NO_POST')
    await store.setSignedIn(tx, accountId, now)
    if (attempt.previousToken !== undefined) await store.deleteSession(tx, tokenHash(attempt.previousToken))
    const expiresAt = new Date(now.getTime() + limits().absoluteHours * 60 * MINUTE_MS)
    return await open(tx, { accountId, postId, login, mustChangePassword }, { createdAt: now, expiresAt })
  }

  async function getLive(tx: Tx, token: string): Promise<store.FoundRow> {
    const row = await store.findSession(tx, tokenHash(token))
    if (row === undefined || !isLive(row, clock.now())) throw new Problem('SESSION.REQUIRED')
    return row
  }

  /** The absolute end stays where sign-in put it. */
  async function reopen(tx: Tx, row: store.FoundRow, change: { postId?: PostId; mustChangePassword?: boolean }) {
    const { accountId, postId, login, mustChangePassword } = { ...row, ...change }
    return await open(tx, { accountId, postId, login, mustChangePassword }, row)
  }

  return {
    limits,

    async signIn(attempt, choosePost) {
      const login = attempt.login.trim().toLowerCase()
      const { account, lockOut } = await db.asSystem(SIGN_IN, (tx) => countTry(tx, login))
      const isRight = lockOut.kind === 'try' && (await isPassword(attempt.password, account?.passwordHash))
      const result = await db.asSystem(SIGN_IN, async (tx) => {
        const opened = await decide(tx)
        await auditSignIn(tx, account, attempt.address, opened instanceof Problem ? opened.code : 'ok')
        return opened
      })
      if (result instanceof Problem) throw result
      return result

      async function decide(tx: Tx): Promise<OpenedSession | Problem> {
        if (lockOut.kind === 'locked') return locked(lockOut.minutes)
        if (!isRight || account === undefined) return wrong(lockOut.left)
        return await admit(tx, account, attempt, choosePost)
      }
    },

    async find(tx, token, isPerson) {
      const hash = tokenHash(token)
      const row = await store.findSession(tx, hash)
      if (row === undefined || row.state === 'disabled') return { kind: 'none' }
      const now = clock.now()
      if (!isLive(row, now)) return { kind: 'expired' }
      // Once a minute: a page that loads twenty things writes once, and the limit is at most a minute short.
      if (isPerson && now.getTime() - row.seenAt.getTime() >= MINUTE_MS) {
        await store.touchSession(tx, hash, now, new Date(now.getTime() + limits().idleMinutes * MINUTE_MS))
      }
      const { accountId, postId, login, mustChangePassword } = row
      return { kind: 'live', session: { accountId, postId, login, mustChangePassword, csrf: csrfOf(token) } }
    },

    end: (token) => db.asSystem('session.sign-out', (tx) => store.deleteSession(tx, tokenHash(token))),

    endAllOf: (tx: Tx, accountId: AccountId) => store.deleteSessionsOf(tx, accountId),

    switchPost: (token, postId) =>
      db.asSystem('session.switch-post', async (tx) => {
        const row = await getLive(tx, token)
        await store.deleteSession(tx, tokenHash(token))
        return await reopen(tx, row, { postId })
      }),

    async changePassword(token, { current, next }) {
      const action = 'session.change-password'
      const { account, lockOut } = await db.asSystem(action, async (tx) =>
        countTry(tx, (await getLive(tx, token)).login),
      )
      if (lockOut.kind === 'locked') throw locked(lockOut.minutes)
      if (account === undefined || !(await isPassword(current, account.passwordHash))) throw wrong(lockOut.left)
      await db.asSystem(action, (tx) => store.setFailures(tx, account.accountId, { failures: 0, lockedUntil: null }))
      refuseWeakPassword(next, account.login)
      if (next.normalize('NFKC') === current.normalize('NFKC')) throw weak(words.same)
      const hash = await hashPassword(next)
      return await db.asSystem(action, async (tx) => {
        const row = await getLive(tx, token)
        await store.setPassword(tx, account.accountId, hash)
        await store.deleteSessionsOf(tx, account.accountId)
        return await reopen(tx, row, { mustChangePassword: false })
      })
    },

    sweep: () =>
      db.asSystem('session.sweep', (tx) => store.deleteEndedBefore(tx, new Date(clock.now().getTime() - DAY_MS))),
  }
}

/** [SEC-6] The idle end moves with the person, the absolute end never. */
function isLive(row: store.StoredSession, now: Date): boolean {
  return now < row.idleUntil && now < row.expiresAt
}
