import { createHash, createHmac, randomBytes } from 'node:crypto'

/** 256 random bits; nothing about the account can be read from it. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What the database holds: a copy of the table opens no session. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Derived from the token, so it changes with every session and needs no column; the token cannot be found from it. */
export function csrfOf(token: string): string {
  return createHmac('sha256', token).update('csrf').digest('base64url')
}
