// Builds the web into dist/ when its sources have changed since the last build.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinnedEnv, pinnedNode, root } from './install.mjs'

const stamp = join(root, 'dist', '.sources')
const SOURCES = ['src/kernel', 'src/engines', 'src/web', 'src/domains', 'src/app']
const FILES = ['package-lock.json', 'vite.config.ts']

export function buildWeb() {
  const wanted = hashOfSources()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('正在生成网页…')
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const done = spawnSync(pinnedNode, [vite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
    env: pinnedEnv(),
  })
  if (done.status !== 0) {
    console.error('网页没有生成成功，见上面的提示')
    process.exit(done.status ?? 1)
  }
  writeFileSync(stamp, wanted)
}

function hashOfSources() {
  const hash = createHash('sha256')
  for (const file of FILES) hash.update(readFileSync(join(root, file)))
  for (const folder of SOURCES) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name.endsWith('.test.ts')) continue
      const path = join(entry.parentPath, entry.name)
      hash.update(path.slice(root.length)).update(readFileSync(path))
    }
  }
  return hash.digest('hex')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildWeb()
