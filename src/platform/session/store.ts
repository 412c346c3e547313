import type { Generated } from 'kysely'
import { type AccountId, accountId, type PostId, postId } from '../../kernel/ids.ts'
import type { Tx } from '../db/index.ts'
import type { Failures } from './lock-out.ts'

export type AccountTables = {
  account: {
    account_id: Generated<number>
    login: string
    password_hash: string
    must_change_password: Generated<boolean>
    state: Generated<'active' | 'disabled'>
    failures: Generated<number>
    locked_until: Date | null
    last_sign_in_at: Date | null
    created_at: Date
    units: number[]
  }
}

type SessionTables = AccountTables & {
  session: {
    token_hash: Buffer
    account_id: number
    post_id: number
    created_at: Date
    seen_at: Date
    idle_until: Date
    expires_at: Date
  }
  stray_sign_in: { login_index: Buffer; failures: number; locked_until: Date | null; seen_at: Date }
}

export interface Account extends Failures {
  readonly accountId: AccountId
  readonly login: string
  readonly passwordHash: string
  readonly mustChangePassword: boolean
  readonly state: 'active' | 'disabled'
  readonly units: readonly number[]
}

/** With its row locked: two tries of one login are counted one after the other. */
export async function lockAccount(tx: Tx, login: string): Promise<Account | undefined> {
  const query = tx.withTables<SessionTables>().selectFrom('account').selectAll().where('login', '=', login)
  const row = await query.forUpdate().executeTakeFirst()
  if (row === undefined) return undefined
  return {
    accountId: accountId(row.account_id),
    login: row.login,
    passwordHash: row.password_hash,
    mustChangePassword: row.must_change_password,
    state: row.state,
    failures: row.failures,
    lockedUntil: row.locked_until,
    units: row.units,
  }
}

export async function setFailures(tx: Tx, account: AccountId, { failures, lockedUntil }: Failures): Promise<void> {
  await tx
    .withTables<SessionTables>()
    .updateTable('account')
    .set({ failures, locked_until: lockedUntil })
    .where('account_id', '=', account)
    .execute()
}

export async function setSignedIn(tx: Tx, account: AccountId, at: Date): Promise<void> {
  await tx
    .withTables<SessionTables>()
    .updateTable('account')
    .set({ failures: 0, locked_until: null, last_sign_in_at: at })
    .where('account_id', '=', account)
    .execute()
}

export async function setPassword(tx: Tx, account: AccountId, passwordHash: string): Promise<void> {
  await tx
    .withTables<SessionTables>()
    .updateTable('account')
    .set({ password_hash: passwordHash, must_change_password: false })
    .where('account_id', '=', account)
    .execute()
}

export async function lockStray(tx: Tx, loginIndex: Buffer, now: Date): Promise<Failures> {
  const row = await tx
    .withTables<SessionTables>()
    .insertInto('stray_sign_in')
    .values({ login_index: loginIndex, failures: 0, locked_until: null, seen_at: now })
    .onConflict((clash) => clash.column('login_index').doUpdateSet({ seen_at: now }))
    .returning(['failures', 'locked_until'])
    .executeTakeFirstOrThrow()
  return { failures: row.failures, lockedUntil: row.locked_until }
}

export async function setStray(tx: Tx, loginIndex: Buffer, { failures, lockedUntil }: Failures): Promise<void> {
  await tx
    .withTables<SessionTables>()
    .updateTable('stray_sign_in')
    .set({ failures, locked_until: lockedUntil })
    .where('login_index', '=', loginIndex)
    .execute()
}

export interface StoredSession {
  readonly accountId: AccountId
  readonly postId: PostId
  readonly createdAt: Date
  readonly seenAt: Date
  readonly idleUntil: Date
  readonly expiresAt: Date
}

export async function insertSession(tx: Tx, tokenHash: Buffer, session: StoredSession): Promise<void> {
  await tx
    .withTables<SessionTables>()
    .insertInto('session')
    .values({
      token_hash: tokenHash,
      account_id: session.accountId,
      post_id: session.postId,
      created_at: session.createdAt,
      seen_at: session.seenAt,
      idle_until: session.idleUntil,
      expires_at: session.expiresAt,
    })
    .execute()
}

export type FoundRow = StoredSession & Pick<Account, 'login' | 'mustChangePassword' | 'state' | 'passwordHash'>

export async function findSession(tx: Tx, tokenHash: Buffer): Promise<FoundRow | undefined> {
  const row = await tx
    .withTables<SessionTables>()
    .selectFrom('session')
    .innerJoin('account', 'account.account_id', 'session.account_id')
    .select(['session.account_id', 'post_id', 'session.created_at', 'seen_at', 'idle_until', 'expires_at'])
    .select(['login', 'must_change_password', 'state', 'password_hash'])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
  if (row === undefined) return undefined
  return {
    accountId: accountId(row.account_id),
    postId: postId(row.post_id),
    createdAt: row.created_at,
    seenAt: row.seen_at,
    idleUntil: row.idle_until,
    expiresAt: row.expires_at,
    login: row.login,
    mustChangePassword: row.must_change_password,
    state: row.state,
    passwordHash: row.password_hash,
  }
}

export async function touchSession(tx: Tx, tokenHash: Buffer, seenAt: Date, idleUntil: Date): Promise<void> {
  await tx
    .withTables<SessionTables>()
    .updateTable('session')
    .set({ seen_at: seenAt, idle_until: idleUntil })
    .where('token_hash', '=', tokenHash)
    .execute()
}

export async function deleteSession(tx: Tx, tokenHash: Buffer): Promise<void> {
  await tx.withTables<SessionTables>().deleteFrom('session').where('token_hash', '=', tokenHash).execute()
}

export async function deleteSessionsOf(tx: Tx, account: AccountId): Promise<void> {
  await tx.withTables<SessionTables>().deleteFrom('session').where('account_id', '=', account).execute()
}

export async function deleteEndedBefore(tx: Tx, instant: Date): Promise<void> {
  const sessions = tx.withTables<SessionTables>()
  await sessions
    .deleteFrom('session')
    .where((row) => row.or([row('expires_at', '<', instant), row('idle_until', '<', instant)]))
    .execute()
  await sessions.deleteFrom('stray_sign_in').where('seen_at', '<', instant).execute()
}
