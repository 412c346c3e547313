import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

export const DESKTOP = { width: 1280, height: 800 } as const
export const PHONE = { width: 390, height: 844 } as const

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What Chromium itself writes of an answer that refuses: the page tells it in words. */
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d/

export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  /** Faults that the page itself reported: script errors, lines of the console, answers of 500 and above. */
  readonly faults: readonly string[]
  leave(): Promise<void>
}

/** No page may be wider than its window. */
export async function overflow(page: Page): Promise<number> {
  await page.waitForLoadState('networkidle')
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
}

/** A browser of its own: nothing is shared between two visitors. */
export async function visit(address: string, viewport: { width: number; height: number } = DESKTOP): Promise<Visitor> {
  const profile = mkdtempSync(join(tmpdir(), 'baoxue-browser-'))
  const executablePath = process.env.BAOXUE_CHROMIUM ?? '/usr/bin/chromium'
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: QUIET,
    viewport,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    acceptDownloads: true,
    baseURL: address,
    // In a bare environment the browser cannot open a file below a folder with a Chinese name.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(20_000)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (line) => {
    if (line.type() === 'error' && !REFUSED.test(line.text())) faults.push(line.text())
  })
  page.on('response', (answer) => {
    if (answer.status() >= 500) faults.push(`${answer.status()} ${new URL(answer.url()).pathname}`)
  })
  return {
    page,
    context,
    faults,
    async leave() {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
