// Finds a Chromium for the browser tests, or installs one: a Debian package as root or by sudo, else Playwright's own.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pinnedEnv, pinnedNode, root } from './install.mjs'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Path of a browser that answers `--version`. Ends the process with a clear sentence when none can be had. */
export function ensureBrowser() {
  const found = findBrowser()
  if (found) return found
  console.log('没有找到 Chromium，正在安装…')
  for (const install of [installDebian, installPlaywrights]) {
    install()
    const installed = findBrowser()
    if (installed) return installed
  }
  console.error(
    '浏览器测试需要 Chromium 或 Chrome，自动安装没有成功。请装好其一（如 apt-get install chromium），或把路径写进环境变量 BAOXUE_CHROMIUM',
  )
  process.exit(1)
}

function findBrowser() {
  return [process.env.BAOXUE_CHROMIUM, ...PLACES, ...playwrightPlaces()].find(
    (path) =>
      path && existsSync(path) && spawnSync(path, ['--version', '--no-sandbox'], { timeout: 30_000 }).status === 0,
  )
}

function playwrightPlaces() {
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache', 'ms-playwright')
  if (!existsSync(cache)) return []
  return readdirSync(cache)
    .filter((name) => name.startsWith('chromium'))
    .flatMap((name) =>
      [
        'chrome-linux/chrome',
        'chrome-linux/headless_shell',
        'chrome-headless-shell-linux64/chrome-headless-shell',
        'chrome-linux64/chrome',
      ].map((tail) => join(cache, name, tail)),
    )
}

function installDebian() {
  if (!existsSync('/usr/bin/apt-get')) return
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args]
    return (
      spawnSync(command, rest, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      }).status === 0
    )
  }
  apt('update', '-qq')
  apt('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk')
}

function installPlaywrights() {
  const cli = join(root, 'node_modules', 'playwright-core', 'cli.js')
  spawnSync(pinnedNode, [cli, 'install', 'chromium'], { stdio: 'inherit', env: pinnedEnv() })
}
