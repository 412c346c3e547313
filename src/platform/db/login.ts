import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Problem } from '../../kernel/problem.ts'
import { databaseWords } from './words.ts'

/** The login role of one installation. Roles belong to the cluster, so each installation has its own. */
export interface DatabaseLogin {
  readonly name: string
  readonly password: string
}

const LOGIN_FILE = 'database-login.json'
const DatabaseLogin = z.object({ name: z.string().regex(/^baoxue_app_[0-9a-f]{8}$/), password: z.string().min(32) })

/** [DB-6] Made once and kept: never reset at a start, or a second program on the same cluster would be locked out. */
export async function findOrMakeLogin(keysFolder: string): Promise<DatabaseLogin> {
  const path = join(keysFolder, LOGIN_FILE)
  await mkdir(keysFolder, { recursive: true, mode: 0o700 })
  const made = { name: `baoxue_app_${randomBytes(4).toString('hex')}`, password: randomBytes(32).toString('base64url') }
  try {
    await writeFile(path, `${JSON.stringify(made)}\n`, { mode: 0o600, flag: 'wx', flush: true })
    return made
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return loginIn(await readFile(path, 'utf8'), path)
}

/** `url` of the same database for another login. */
export function urlAs(url: string, login: DatabaseLogin): string {
  const own = new URL(url)
  own.username = login.name
  own.password = login.password
  return own.href
}

/** The job queue logs in as the application does, and works as `baoxue_boss` from the first statement on. */
export function bossUrl(appUrl: string): string {
  const url = new URL(appUrl)
  url.searchParams.set('options', '-c role=baoxue_boss')
  return url.href
}

/** The server keeps this instead of the password (RFC 5803), so that no log of the server can hold the password itself. */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const iterations = 4096
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const hmacOf = (text: string) => createHmac('sha256', salted).update(text).digest()
  const storedKey = createHash('sha256').update(hmacOf('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${hmacOf('Server Key').toString('base64')}`
}

function loginIn(text: string, path: string): DatabaseLogin {
  try {
    return DatabaseLogin.parse(JSON.parse(text))
  } catch {
    throw new Problem('SYSTEM.CONFIG', { setting: path, advice: databaseWords.loginFileBroken })
  }
}
