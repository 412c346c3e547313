import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Problem } from '../../kernel/problem.ts'
import { sessionWords as words } from './words.ts'

const derive = promisify(argon2) as (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>

/** OWASP password storage, argon2id: 19 MiB, two passes, one lane; 35 ms here. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const
const SALT_BYTES = 16
const HASH_BYTES = 32

/** PHC string, `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive('argon2id', { ...COST, message: normalised(password), nonce: salt, tagLength: HASH_BYTES })
  const { memory, passes, parallelism } = COST
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${bare(salt)}$${bare(hash)}`
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** [SEC-1] An account that does not exist costs the same time: it is compared with a hash that nothing matches. */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const parts = PHC.exec(stored ?? NOBODY)
  if (parts === null) throw new Error('a stored password hash is malformed')
  const [memory, passes, parallelism] = parts.slice(1, 4).map(Number) as [number, number, number]
  const expected = Buffer.from(parts[5]!, 'base64')
  const nonce = Buffer.from(parts[4]!, 'base64')
  const cost = { memory, passes, parallelism, nonce, tagLength: expected.length }
  const actual = await derive('argon2id', { ...cost, message: normalised(password) })
  return timingSafeEqual(actual, expected) && stored !== undefined
}

const LEAST_LENGTH = 8
const LEAST_CLASSES = 3

/** [SEC-2] 等保 (GB/T 22239-2019, 8.1.4.1): eight characters, three classes; and the login is no part of it. */
export function refuseWeakPassword(password: string, login: string): void {
  if ([...password].length < LEAST_LENGTH) throw weak(words.tooShort(LEAST_LENGTH))
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((shape) => shape.test(password)).length
  if (classes < LEAST_CLASSES) throw weak(words.tooPlain(LEAST_CLASSES))
  if (password.toLowerCase().includes(login.toLowerCase())) throw weak(words.holdsLogin)
}

export function weak(advice: string): Problem {
  return new Problem('SESSION.PASSWORD_WEAK', { advice })
}

/** The same password typed on two input methods is the same password (RFC 8265). */
function normalised(password: string): Buffer {
  return Buffer.from(password.normalize('NFKC'))
}

function bare(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

/** 32 zero bytes: no password is known to give them. */
const NOBODY = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`
