import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from 'vite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { browserOnly, isServerKind } from '../../vite.config.ts'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'baoxue-web-'))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function place(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

function buildPage(): Promise<unknown> {
  return build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [browserOnly(root)],
    build: { write: false, rolldownOptions: { input: join(root, 'src/app/start.web.ts') } },
  })
}

test('[WEB-2] planted fault: a page that reaches a store fails the build, and the message names both', async () => {
  place({
    'src/app/start.web.ts': "import { rows } from '../domains/meals/store.ts'\nconsole.log(rows)",
    'src/domains/meals/store.ts': 'export const rows = 1',
  })
  await expect(buildPage()).rejects.toThrowError(
    'src/app/start.web.ts reaches src/domains/meals/store.ts, a server file',
  )
})

test('[WEB-2] planted fault: a module of Node fails the build', async () => {
  place({ 'src/app/start.web.ts': "import { readFileSync } from 'node:fs'\nconsole.log(readFileSync)" })
  await expect(buildPage()).rejects.toThrowError(/src\/app\/start\.web\.ts reaches the Node module "node:fs"/)
})

test('[WEB-2] a page that reaches isomorphic files builds', async () => {
  place({
    'src/app/start.web.ts': "import { rule } from '../domains/meals/rules.ts'\nconsole.log(rule)",
    'src/domains/meals/rules.ts': 'export const rule = 1',
  })
  await expect(buildPage()).resolves.toBeDefined()
})

test('[WEB-2] server files are told by place and name', () => {
  const paths = [
    'src/platform/log.ts',
    'src/engines/policy/server/x.ts',
    'src/domains/a/jobs.ts',
    'src/domains/a/x.server.ts',
    'src/app/main.ts',
  ]
  const free = [
    'src/kernel/ids.ts',
    'src/engines/policy/contract.ts',
    'src/domains/a/rules.ts',
    'src/app/slices.web.ts',
    'src/web/theme.ts',
  ]
  expect(paths.filter((path) => !isServerKind(path))).toEqual([])
  expect(free.filter(isServerKind)).toEqual([])
})
