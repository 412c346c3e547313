import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { enter } from '../src/app/demo-visitor.ts'
import { readBalance } from '../src/domains/whereabouts/contract.ts'
import { overflow, PHONE, visit } from './browser.ts'
import { demoAccounts, signIn } from './people.ts'

const address = inject('address')
const { password } = demoAccounts(inject('dataDir'))

test('[CHILD-1] [CASE-13] a district officer goes from the balance to a township, to its children, to one file and its task, and posts where the child is', async () => {
  const visitor = await visit(address)
  const { page } = visitor
  await signIn(page, 'nanchuan', password)
  await page.getByText('相平').waitFor()
  await page.getByText('按户籍数与按学校数相等').waitFor()
  expect(await overflow(page)).toBe(0)

  await page.locator('.balance-table thead a').first().click()
  await page.getByText('上一级').waitFor()
  await page.getByRole('tab', { name: /^户籍/ }).waitFor()
  const figure = unexplained(page)
  const count = await figure.innerText()
  await figure.click()
  const rows = page.locator('main table tbody tr')
  await rows.first().waitFor()
  expect(await page.locator('main').innerText()).toContain(`${count} · `)
  expect(await rows.count()).toBe(Math.min(50, Number(count.replaceAll(',', ''))))

  await rows.first().getByRole('link').first().click()
  await page.getByText('去向，每天只有一个账').waitFor()
  await page.getByText('数据来源').waitFor()
  expect(await page.locator('main').innerText()).toMatch(/第 \d+ 行/)
  expect(await overflow(page)).toBe(0)
  const child = new URL(page.url()).pathname

  await page.getByRole('link', { name: '去办理' }).click()
  await page.getByText('谁在办').waitFor()
  expect(await overflow(page)).toBe(0)
  await page.getByRole('link', { name: '认定去向' }).click()
  await page.getByLabel('去向').selectOption({ label: '外省就读' })
  await page.getByLabel('凭什么').selectOption({ index: 1 })
  await page.getByLabel('说明').fill('随父母在外省，当地学籍已复函')
  await page.getByRole('button', { name: '入账' }).click()
  await page.waitForURL((url) => url.pathname === child)
  await page.getByText('外省就读').first().waitFor()
  expect(visitor.faults).toEqual([])
  await visitor.leave()
})

test('[PERS-12] [CASE-8] township and village see their own children and tasks, on a phone too, and nobody else’s', async () => {
  const district = await enter(address, 'nanchuan', password)
  const { total: all } = await district.call(readBalance)
  const township = await visit(address, PHONE)
  await signIn(township.page, 'township', password)
  await township.page.getByRole('heading', { level: 1 }).first().waitFor()
  const own = await total(township.page)
  expect(own).toBeGreaterThan(0)
  expect(own).toBeLessThan(all)
  for (const path of ['/balance', '/children', '/cases', '/checks', '/checks/progress', '/checks/forms', '/map'])
    await fits(township.page, path)
  await township.page.goto('/children?group=1')
  await township.page.locator('main a[href^="/children/"]').first().click()
  await township.page.getByLabel('事由').fill('入户核对住址')
  await township.page.getByRole('button', { name: '看档案' }).click()
  await township.page.getByText('去向，每天只有一个账').waitFor()
  expect(await overflow(township.page)).toBe(0)
  const child = new URL(township.page.url()).pathname

  const village = await visit(address, PHONE)
  await signIn(village.page, 'village', password)
  await village.page.getByRole('heading', { level: 1 }).first().waitFor()
  expect(await total(village.page)).toBeLessThan(own)
  for (const path of ['/balance', '/children', '/cases']) await fits(village.page, path)
  const other = await visit(address)
  await signIn(other.page, 'wanzhou', password)
  await other.page.goto(child)
  await other.page.getByText('没有找到，或不在您的工作范围内').waitFor()
  expect([...township.faults, ...village.faults, ...other.faults]).toEqual([])
  for (const visitor of [township, village, other]) await visitor.leave()
})

test('[BOOK-1] [MAP-1] the city sees the districts on the map, opens one, and comes to its children', async () => {
  const visitor = await visit(address)
  const { page } = visitor
  await signIn(page, 'city', password)
  await page.getByText('相平').waitFor()
  await page.getByRole('link', { name: '挂图' }).click()
  await page.getByRole('img', { name: '重庆市各区县示意图' }).first().waitFor()
  await page.getByRole('tab', { name: '未说明', exact: true }).click()
  expect(await overflow(page)).toBe(0)
  await page.locator('.map-table').getByRole('link', { name: '南川区', exact: true }).click()
  await page.getByText('相平').waitFor()
  await page.getByText('南川区').first().waitFor()
  expect(visitor.faults).toEqual([])
  await visitor.leave()
})

function unexplained(page: Page) {
  return page.locator('.group-row').filter({ hasText: '未说明' }).locator('a.count-link').first()
}

async function total(page: Page): Promise<number> {
  const answer = await page.request.get(`${address}/api/v1/book/balance`)
  return (await answer.json()).total
}

async function fits(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  expect([path, await overflow(page)]).toEqual([path, 0])
}

test('[CHECK-4] [CHECK-12] the district accepts a result with the keyboard, sends one back, and prints the walk of a township for a purpose', async () => {
  const visitor = await visit(address)
  const { page } = visitor
  await signIn(page, 'nanchuan', password)
  await page.goto(`${address}/checks`)
  await page.getByRole('heading', { name: /个孩子要核查/ }).waitFor()
  expect(await overflow(page)).toBe(0)
  await page.getByRole('link', { name: /认定结果/ }).click()
  const heading = page.getByRole('heading', { level: 1 })
  await page.getByRole('heading', { name: /项结果等您认定/ }).waitFor()
  const count = Number((await heading.innerText()).match(/\d+/)?.[0])
  await page.keyboard.press('j')
  await page.getByText('核查人').or(page.getByText('村社干部')).first().waitFor()
  await page.keyboard.press('a')
  await page.getByRole('heading', { name: count > 1 ? `${count - 1} 项结果等您认定` : '没有等认定的结果' }).waitFor()
  if (count > 1) {
    await page.keyboard.press('r')
    await page.getByRole('textbox', { name: '退回理由' }).fill('请附就读学校的回函')
    await page.getByRole('dialog').getByRole('button', { name: '退回' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  }
  await page.goto(`${address}/checks/progress`)
  await page.getByRole('link', { name: '打印' }).first().click()
  await page.getByRole('textbox', { name: '用途' }).fill('秋季开学逐户摸排')
  await page.getByRole('button', { name: '排好走访单' }).click()
  await page.getByText('册上没有、上门发现的孩子').waitFor()
  expect(await overflow(page)).toBe(0)
  expect(visitor.faults).toEqual([])
  await visitor.leave()
})
