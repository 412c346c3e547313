import { statSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { DESKTOP, PHONE, visit } from './browser.ts'
import { demoAccounts, demoSheet, fillSignIn, signIn } from './people.ts'

const address = inject('address')
const dataDir = inject('dataDir')
const { password } = demoAccounts(dataDir)

test('[RUN-1] [RUN-2] [SHEET-1] a district officer tries two sheets on one another: what is no sheet is refused in words, the run is watched, its balance read, one row revealed, the workbook taken', async () => {
  const visitor = await visit(address, DESKTOP)
  const { page } = visitor
  try {
    await signIn(page, 'nanchuan', password)
    await page.goto('/runs')
    await page.getByRole('link', { name: '开始新的比对' }).first().click()
    await box(page, '户籍表')
      .locator('input[type=file]')
      .setInputFiles({ name: '户籍.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.alloc(0) })
    await page.getByText('是空文件', { exact: false }).waitFor()
    await give(page, '户籍表', demoSheet(dataDir, 'population.xlsx'))
    await give(page, '学籍表', demoSheet(dataDir, 'roll.csv'))
    await page.getByText('gb18030', { exact: false }).first().waitFor()
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByRole('button', { name: '开始比对' }).click()

    await page.getByText('已完成').first().waitFor({ timeout: 60_000 })
    expect(await page.getByText('相符').count()).toBeGreaterThan(0)
    const wording = await page.locator('main').innerText()
    expect(wording).toContain('不能证明孩子没上学')
    expect(wording).not.toMatch(/失学|辍学/)
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true)

    await page
      .getByRole('link', { name: /^名册上未见/ })
      .first()
      .click()
    const rows = page.locator('main table tbody tr')
    await rows.first().waitFor()
    expect(await rows.first().innerText()).toMatch(/\d{3}\*{11}\d{3}[\dX]/)
    await rows.first().click()
    await page.getByRole('button', { name: '显示证件号、电话、住址' }).click()
    await page.getByLabel('查看事由').fill('电话核实孩子去向')
    await page.getByRole('button', { name: '显示', exact: true }).click()
    await page.getByText('已显示，已留痕', { exact: false }).waitFor()
    expect(await page.locator('main').innerText()).toMatch(/(?<!\d)\d{17}[\dX]/)

    await page.getByRole('button', { name: '下载结果册' }).first().click()
    await page.getByLabel('用途').fill('发镇街逐户核查')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: /下载/ }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^南川区.*\.xlsx$/)
    expect(statSync(await download.path()).size).toBeGreaterThan(5_000)
    expect(visitor.faults).toEqual([])
  } finally {
    await visitor.leave()
  }
})

test('[RUN-3] an officer of another district gets "not found" for the same address, the city reads it', async () => {
  const owner = await visit(address)
  await signIn(owner.page, 'nanchuan', password)
  await owner.page.goto('/runs')
  await owner.page
    .getByRole('link', { name: /第 \d+ 次/ })
    .first()
    .click()
  await owner.page.waitForURL(/\/runs\/[0-9a-f-]{36}/)
  const path = new URL(owner.page.url()).pathname
  await owner.leave()

  const other = await visit(address)
  await signIn(other.page, 'wanzhou', password)
  await other.page.goto(path)
  await other.page.getByText('没有找到，或不在您的工作范围内').waitFor()
  const answer = await other.page.request.get(`${address}/api/v1${path}`)
  expect([answer.status(), (await answer.json()).code]).toEqual([404, 'REQUEST.NOT_FOUND'])
  await other.leave()

  const city = await visit(address)
  await signIn(city.page, 'city', password)
  await city.page.goto(path)
  await city.page.getByText('南川区').first().waitFor()
  await city.page.getByText('已完成').first().waitFor()
  await city.leave()
})

test('[SEC-3] five wrong passwords lock the account, and the right one does not open it', async () => {
  const visitor = await visit(address)
  const { page } = visitor
  await page.goto('/')
  for (let left = 4; left >= 1; left -= 1) {
    await fillSignIn(page, 'aid', 'wrong-Password-1')
    await page.getByText(`还可以试 ${left} 次`).waitFor()
  }
  await fillSignIn(page, 'aid', 'wrong-Password-1')
  await page.getByText('账号已锁定', { exact: false }).waitFor()
  await fillSignIn(page, 'aid', password)
  await page.getByText('账号已锁定', { exact: false }).waitFor()
  expect(await page.getByRole('navigation').count()).toBe(0)
  await visitor.leave()
})

test('[SEC-6] a session that ends in the middle of the wizard asks for the password over the page and loses nothing', async () => {
  const visitor = await visit(address)
  const { page, context } = visitor
  await signIn(page, 'wanzhou', password)
  await page.goto('/runs/new')
  await give(page, '户籍表', demoSheet(dataDir, 'population.xlsx', '万州区'))
  await context.clearCookies()
  await giveFile(page, '学籍表', demoSheet(dataDir, 'roll.csv', '万州区'))
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('密码').fill(password)
  await dialog.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByText('roll.csv').first().waitFor()
  await page.getByText('population.xlsx').first().waitFor()
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: '开始比对' }).waitFor()
  await visitor.leave()
})

test('[WEB-1] on a phone every page of the officer fits the width', async () => {
  const visitor = await visit(address, PHONE)
  const { page } = visitor
  await signIn(page, 'nanchuan', password)
  for (const path of [
    '/balance',
    '/imports',
    '/imports/new',
    '/runs',
    '/runs/new',
    '/units',
    '/accounts',
    '/policy',
    '/me',
  ]) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForLoadState('networkidle')
    expect([path, await page.evaluate<number>('document.documentElement.scrollWidth')]).toEqual([path, PHONE.width])
  }
  expect(visitor.faults).toEqual([])
  await visitor.leave()
})

async function give(page: Page, sheet: string, path: string): Promise<void> {
  await giveFile(page, sheet, path)
  await box(page, sheet).getByText('指纹').waitFor()
}

async function giveFile(page: Page, sheet: string, path: string): Promise<void> {
  await box(page, sheet).locator('input[type=file]').setInputFiles(path)
}

function box(page: Page, sheet: string) {
  return page.locator('.sheet-box').filter({ has: page.getByRole('heading', { name: sheet }) })
}
