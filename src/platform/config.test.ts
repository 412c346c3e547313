import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig, SETTINGS, TEST_SETTINGS } from './config.ts'
import { temporaryFolder } from './testing/folder.ts'

const cwd = await temporaryFolder()

test('[CONFIG-1] without any setting the standard ones hold', () => {
  expect(readConfig({}, cwd)).toEqual({
    port: 3000,
    host: '127.0.0.1',
    databaseUrl: undefined,
    dataDir: join(cwd, '.data'),
    today: undefined,
    keyFile: join(cwd, '.data', 'keys', 'baoxue.key'),
    demoScale: 0.01,
    isCookieSecure: false,
  })
})

test('[CONFIG-2] the environment wins over .env, and an empty value counts as absent', async () => {
  const folder = await temporaryFolder()
  await writeFile(
    join(folder, '.env'),
    '# comment\nPORT=8080\nHOST="0.0.0.0"\nBAOXUE_DATA=/srv/baoxue\nBAOXUE_TODAY=\n',
  )
  expect(
    readConfig({ PORT: '9090', HOST: '', BAOXUE_SECURE_COOKIE: 'yes', BAOXUE_DEMO_SCALE: '0' }, folder),
  ).toMatchObject({
    port: 9090,
    host: '0.0.0.0',
    dataDir: '/srv/baoxue',
    keyFile: '/srv/baoxue/keys/baoxue.key',
    today: undefined,
    isCookieSecure: true,
    demoScale: 0,
  })
})

describe('[CONFIG-2] a bad value stops the start and is named with advice:', () => {
  test.each([
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '3000 x'],
    ['PORT', '0x10'],
    ['HOST', 'local host'],
    ['DATABASE_URL', 'mysql://a@b/c'],
    ['DATABASE_URL', 'postgres://host-without-database'],
    ['DATABASE_URL', 'database'],
    ['BAOXUE_TODAY', '2026-02-29'],
    ['BAOXUE_TODAY', '1 September 2026'],
    ['BAOXUE_DEMO_SCALE', '1.5'],
    ['BAOXUE_DEMO_SCALE', '-1'],
    ['BAOXUE_SECURE_COOKIE', 'true'],
  ])('%s=%s', (name, value) => {
    const line = Object.values(SETTINGS).find((setting) => setting.name === name)
    expect(() => readConfig({ [name]: value }, cwd)).toThrowError(
      expect.objectContaining({ code: 'SYSTEM.CONFIG', words: { setting: name, advice: line?.advice } }),
    )
  })

  test('a misspelt setting of ours, while those of others pass', () => {
    expect(() => readConfig({ BAOXUE_DATE: 'x', PATH: '/bin' }, cwd)).toThrowError(
      expect.objectContaining({ code: 'SYSTEM.CONFIG', words: expect.objectContaining({ setting: 'BAOXUE_DATE' }) }),
    )
    expect(readConfig({ BAOXUE_TEST_DATABASE_URL: 'x', PATH: '/bin' }, cwd).port).toBe(3000)
  })

  test('a bad value is not repeated, for it may be a password', () => {
    const secret = 'mysql://root:secret@host/db'
    try {
      readConfig({ DATABASE_URL: secret }, cwd)
      expect.unreachable()
    } catch (error) {
      expect(String(error) + JSON.stringify(error)).not.toContain('secret')
    }
  })
})

test('[CONFIG-1] the guide has a line for each setting, and none besides', async () => {
  const guide = await readFile(join(import.meta.dirname, '../../docs/guides/settings.md'), 'utf8')
  const lines = guide.split('\n').filter((line) => line.startsWith('| `'))
  expect(lines).toEqual([
    ...Object.values(SETTINGS).map(({ name, standard, meaning }) => `| \`${name}\` | ${standard} | ${meaning} |`),
    ...TEST_SETTINGS.map(({ name, meaning }) => `| \`${name}\` | ${meaning} |`),
  ])
})
