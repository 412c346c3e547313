import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('[LINK-6] the example of the README links two tables of its own', async () => {
  const readme = await readFile(new URL('./README.md', import.meta.url), 'utf8')
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const root = pathToFileURL(process.cwd()).href
  const folder = await mkdtemp(join(tmpdir(), 'linkage-readme-'))
  try {
    const file = join(folder, 'example.ts')
    await writeFile(file, example.replaceAll("'./src/", `'${root}/src/`).replace('/tmp/link-', join(folder, 'link-')))
    const { stdout } = await promisify(execFile)(process.execPath, [file], { env: { ...process.env, TMPDIR: folder } })
    expect(stdout.trim()).toBe('1 = 1')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
