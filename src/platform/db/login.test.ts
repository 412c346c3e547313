import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { bossUrl, findOrMakeLogin, scramVerifier, urlAs } from './login.ts'

test('[DB-6] a login is made once, closed to others, and a broken file is told', async () => {
  const keys = join(await temporaryFolder(), 'keys')
  const made = await findOrMakeLogin(keys)
  expect(await findOrMakeLogin(keys)).toEqual(made)
  expect((await stat(join(keys, 'database-login.json'))).mode & 0o777).toBe(0o600)
  expect((await stat(keys)).mode & 0o777).toBe(0o700)
  await chmod(join(keys, 'database-login.json'), 0o600)
  await writeFile(
    join(keys, 'database-login.json'),
    (await readFile(join(keys, 'database-login.json'), 'utf8')).slice(0, 20),
  )
  await expect(findOrMakeLogin(keys)).rejects.toMatchObject({ code: 'SYSTEM.CONFIG' })
})

test('[DB-6] the verifier is that of the published example (RFC 7677: user, pencil)', () => {
  const verifier = scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))
  expect(verifier).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  )
})

test('an address keeps its parameters for another login, and the queue works as its own role', () => {
  const url = urlAs('postgres://dba:x@host:5433/db?sslmode=require', { name: 'baoxue_app_00000000', password: 'a/b@c' })
  expect(url).toBe('postgres://baoxue_app_00000000:a%2Fb%40c@host:5433/db?sslmode=require')
  expect(new URL(bossUrl(url)).searchParams.get('options')).toBe('-c role=baoxue_boss')
})
