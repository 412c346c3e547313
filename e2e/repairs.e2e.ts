import { expect, inject, test } from 'vitest'
import { overflow, PHONE, visit } from './browser.ts'
import { demoAccounts, signIn } from './people.ts'

const { password } = demoAccounts(inject('dataDir'))
const address = inject('address')

test('[REP-4] [REP-12] an officer keys which side is right, takes one back, and sends the list; a school on a phone mends its own', async () => {
  const district = await visit(address)
  const { page } = district
  await signIn(page, 'nanchuan', password)
  await page.getByRole('link', { name: '修正', exact: true }).click()
  await page.getByRole('heading', { name: '修正清单' }).waitFor()
  await page.getByLabel('环节').selectOption('to-decide')
  await page.waitForURL(/work=to-decide/)
  await page.waitForLoadState('networkidle')
  const current = page.locator('.repair-table tr[aria-current="true"]')
  await page.locator('.repair-table .row-opens').first().waitFor()
  expect(await page.locator('.repair-table mark').count()).toBeGreaterThan(0)
  expect(await page.locator('main').innerText()).not.toMatch(/\d{17}[\dX]/)
  await page.keyboard.press('j')
  await current.waitFor()
  await page.keyboard.press('1')
  await page.locator('.repair-table button[aria-pressed="true"]').first().waitFor()
  await page.keyboard.press('u')
  await page.locator('.repair-table button[aria-pressed="true"]').first().waitFor({ state: 'detached' })
  await page.keyboard.press('k')
  await page.keyboard.press('1')
  await page.getByText('待发出', { exact: true }).first().waitFor()
  expect(await overflow(page)).toBe(0)
  await page.getByRole('button', { name: /^编成更正清单/ }).click()
  await page.getByRole('heading', { name: '更正清单' }).waitFor()
  await page.getByRole('button', { name: '下载清单' }).first().click()
  await page.getByLabel('用途').fill('交学籍管理员更正')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog').getByRole('button', { name: '下载清单' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/^南川区_更正清单第\d+号_学籍\.xlsx$/)
  await page.getByRole('button', { name: '收回' }).first().click()
  await page.getByText('已收回', { exact: true }).waitFor()

  const school = await visit(address, PHONE)
  await signIn(school.page, 'head', password)
  await school.page.goto('/repairs')
  await school.page.getByRole('heading', { name: '修正清单' }).waitFor()
  await school.page.locator('.cards > li').first().waitFor()
  expect(await school.page.locator('.repair-group-head').count()).toBe(1)
  await school.page.getByRole('button', { name: '更多' }).first().click()
  await school.page.getByRole('button', { name: '看完整号码' }).click()
  await school.page.getByLabel('查看事由').fill('对照户口簿核对')
  await school.page.getByRole('dialog').getByRole('button', { name: '看完整号码' }).click()
  await school.page.locator('.repair-detail .facts').waitFor()
  expect(await overflow(school.page)).toBe(0)
  expect([...district.faults, ...school.faults]).toEqual([])
  for (const visitor of [district, school]) await visitor.leave()
})
