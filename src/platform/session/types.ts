import type { AccountId, PostId } from '../../kernel/ids.ts'
import type { Tx } from '../db/index.ts'

/** Limits in force today, from policy parameters. */
export interface SessionLimits {
  /** Wrong passwords in a row before the lock. */
  readonly maxFailures: number
  readonly lockMinutes: number
  /** Without a request of the person. */
  readonly idleMinutes: number
  /** Since sign-in, however busy. */
  readonly absoluteHours: number
}

export interface LiveSession {
  readonly accountId: AccountId
  readonly postId: PostId
  readonly login: string
  readonly csrf: string
  readonly mustChangePassword: boolean
}

export type FoundSession =
  | { readonly kind: 'live'; readonly session: LiveSession }
  /** Known, but idle for too long or past its absolute end. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'none' }

/** The token goes into the cookie and is kept nowhere; the database holds its hash. */
export interface OpenedSession extends LiveSession {
  readonly token: string
}

/** Which post a new session works in; undefined answers `SESSION.NO_POST`. Given by the slice that knows posts, runs as the system. */
export type ChoosePost = (tx: Tx, accountId: AccountId) => Promise<PostId | undefined>

export interface SignIn {
  readonly login: string
  readonly password: string
  /** Network address, for the audit. */
  readonly address: string
  /** The token the browser came with, if any: it is ended, never taken over. */
  readonly previousToken: string | undefined
}

export interface Sessions {
  limits(): SessionLimits
  /** Writes its own audit line. Throws `SESSION.WRONG_PASSWORD`, `LOCKED`, `DISABLED`, `NO_POST`. */
  signIn(attempt: SignIn, choosePost: ChoosePost): Promise<OpenedSession>
  /** Runs as the system. `isPerson` false (the page's own polling) is no sign of life of the person. */
  find(tx: Tx, token: string, isPerson: boolean): Promise<FoundSession>
  end(token: string): Promise<void>
  /** In the caller's transaction and scope: an account disabled, a password reset. */
  endAllOf(tx: Tx, accountId: AccountId): Promise<void>
  /** Same person, other post; a new token. The caller has checked that the post is this account's and live. */
  switchPost(token: string, postId: PostId): Promise<OpenedSession>
  /** Ends every other session of the account; a new token. Throws `SESSION.WRONG_PASSWORD`, `LOCKED`, `PASSWORD_WEAK`. */
  changePassword(token: string, change: { readonly current: string; readonly next: string }): Promise<OpenedSession>
  /** Removes sessions that ended more than a day ago; until then a stale cookie is told that it expired. */
  sweep(): Promise<void>
}
