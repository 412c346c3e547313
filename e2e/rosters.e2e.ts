import { expect, inject, test } from 'vitest'
import { overflow, PHONE, visit } from './browser.ts'
import { demoAccounts, signIn } from './people.ts'

const address = inject('address')
const { password } = demoAccounts(inject('dataDir'))

test('[ROST-19] [ROST-8] a district officer sees who handed in and whether the bases close, and goes from a figure to its children', async () => {
  const visitor = await visit(address)
  const { page } = visitor
  await signIn(page, 'nanchuan', password)
  await page.goto(`${address}/rosters`)
  await page.getByRole('heading', { name: '四查三比对' }).waitFor()
  expect(await page.getByText(/^相平：逐人点数/).count()).toBe(3)
  expect(await overflow(page)).toBe(0)
  const figure = page.getByRole('link', { name: /^名在人不在/ }).first()
  const count = Number((await figure.innerText()).replaceAll(',', ''))
  expect(count).toBeGreaterThan(0)
  await figure.click()
  const rows = page.locator('main table tbody tr')
  await rows.first().waitFor()
  expect(await rows.count()).toBe(Math.min(50, count))
  expect(await page.locator('main').innerText()).toContain('疑似辍学')
  expect(await overflow(page)).toBe(0)
  expect(visitor.faults).toEqual([])
  await visitor.leave()
})

test('[ROST-17] a village finds a household by a child, on a phone, and reads of no poverty list', async () => {
  const visitor = await visit(address, PHONE)
  const { page } = visitor
  await signIn(page, 'village', password)
  await page.goto(`${address}/families?only=all`)
  await page.getByRole('heading', { name: '一户一页' }).waitFor()
  const first = page.locator('.rosters-family .card-title').first()
  await first.waitFor()
  const name = await first.innerText()
  await page.getByLabel('户号、户主或监护人证件号、孩子姓名').fill(name)
  await page.locator('.rosters-family', { hasText: name }).first().waitFor()
  expect(await page.locator('main').innerText()).not.toMatch(/脱贫|低保|残疾/)
  expect(await overflow(page)).toBe(0)
  expect(visitor.faults).toEqual([])
  await visitor.leave()
})
