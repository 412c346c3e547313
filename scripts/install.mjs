// Runs on whatever Node the machine has: installs the pinned packages (Node 24 among them) when they are missing or
// the lock file has changed since. Everything else of the product runs on node_modules/.bin/node.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')
const stamp = join(root, 'node_modules', '.baoxue-lock')

/** Path of the pinned Node; present after `installPackages()`. */
export const pinnedNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

export function installPackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(pinnedNode) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('正在安装依赖（首次约一分钟）…')
  // npm may be running on the Node inside node_modules, which `npm ci` is about to remove: prefer the Node npm itself runs on.
  const npm = process.env.npm_execpath
  const [command, args] = npm?.endsWith('.js')
    ? [process.env.npm_node_execpath ?? process.execPath, [npm]]
    : ['npm', []]
  const done = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: withoutOwnBin(process.env.PATH ?? '') },
  })
  if (done.status !== 0) {
    console.error(
      '依赖没有装成，原因见上。网络不通时检查 npm 设置后重试 npm ci；锁文件不符等其他原因，请把上面的内容交给维护者',
    )
    process.exit(done.status ?? 1)
  }
  writeFileSync(stamp, wanted)
}

/** Environment in which `node` and the tools are the pinned ones. */
export function pinnedEnv(extra = {}) {
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, ...extra }
}

function withoutOwnBin(path) {
  return path
    .split(delimiter)
    .filter((entry) => entry !== bin)
    .join(delimiter)
}
