import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('the example of the README runs and prints what its comments say', () => {
  const root = join(import.meta.dirname, '../../..')
  const [, example = ''] =
    /```ts\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')) ?? []
  const printed = execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', example], {
    cwd: root,
    encoding: 'utf8',
  })
  const promised = [...example.matchAll(/\/\/ (\d+):/g)].map(([, value]) => value)
  expect(promised).toHaveLength(3)
  expect(printed.trim().split('\n')).toEqual(promised)
})
