import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

interface DemoAccounts {
  readonly password: string
  readonly sheets: Readonly<Record<string, string>>
}

export function demoAccounts(dataDir: string): DemoAccounts {
  return JSON.parse(readFileSync(join(dataDir, 'demo', 'accounts.json'), 'utf8'))
}

/** Path of a sheet of the demo district. */
export function demoSheet(dataDir: string, name: 'population.xlsx' | 'roll.csv', district = '南川区'): string {
  const folder = Object.values(demoAccounts(dataDir).sheets).find((path) => path.endsWith(district))
  if (folder === undefined) throw new Error(`the demo has no sheets of ${district}`)
  return join(folder, name)
}

export async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.goto('/')
  await fillSignIn(page, login, password)
  await page.getByRole('navigation').first().waitFor()
}

export async function fillSignIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel('账号', { exact: true }).fill(login)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录' }).click()
}
