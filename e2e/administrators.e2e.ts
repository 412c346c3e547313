import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { visit } from './browser.ts'
import { demoAccounts, fillSignIn, signIn } from './people.ts'

const address = inject('address')
const { password } = demoAccounts(inject('dataDir'))

test('[REG-9] a district administrator opens an account; its first password must be changed; disabling it acts at once', async () => {
  const admin = await visit(address)
  await signIn(admin.page, 'nanchuan-admin', password)
  await admin.page.goto('/accounts')
  await admin.page.getByRole('button', { name: '开账号' }).click()
  const drawer = admin.page.getByRole('dialog')
  await drawer.getByLabel('姓名').fill('覃知夏')
  await drawer.getByLabel('账号', { exact: true }).fill('qin.zhixia')
  await drawer.getByLabel('岗位', { exact: true }).selectOption({ label: '区县控辍专干' })
  await drawer.getByRole('button', { name: '开账号' }).click()
  const firstPassword = (await drawer.getByLabel('新密码（只显示这一次）').textContent())?.trim() ?? ''
  expect(firstPassword.length).toBeGreaterThan(9)

  const officer = await visit(address)
  await officer.page.goto('/')
  await fillSignIn(officer.page, 'qin.zhixia', firstPassword)
  await officer.page.getByLabel('新密码', { exact: true }).fill('Qingshan-4821')
  await officer.page.getByLabel('再填一次新密码').fill('Qingshan-4821')
  await officer.page.getByLabel('现在的密码').fill(firstPassword)
  await officer.page.getByRole('button', { name: '换密码' }).click()
  await officer.page.getByRole('heading', { name: '试算平衡' }).waitFor()

  await admin.page.goto('/accounts?q=qin.zhixia')
  await admin.page.getByRole('button', { name: '停用' }).first().click()
  await admin.page.getByText('覃知夏 的账号已停用').waitFor()
  await officer.page.goto('/runs')
  await officer.page.getByLabel('密码', { exact: true }).waitFor()
  expect([...admin.faults, ...officer.faults]).toEqual([])
  await officer.leave()
  await admin.leave()
})

test('[SEC-20] the auditor reads who signed in and who was refused, and can do nothing else', async () => {
  const auditor = await visit(address)
  await signIn(auditor.page, 'audit', password)
  await auditor.page.goto('/audit')
  await auditor.page.getByRole('heading', { name: '谁看过、谁改过' }).waitFor()
  await auditor.page.getByText('登录').first().waitFor()
  expect(await labelsOfRail(auditor.page)).not.toContain('比对')
  const answer = await auditor.page.request.get(`${address}/api/v1/runs`)
  expect([answer.status(), (await answer.json()).code]).toEqual([403, 'REQUEST.NOT_ALLOWED'])
  await auditor.leave()
})

test('[POLICY-6] the page of policy shows each value, its source, and what is not verified', async () => {
  const visitor = await visit(address)
  await signIn(visitor.page, 'inspector', password)
  await visitor.page.goto('/policy')
  await visitor.page.getByText('入学年龄', { exact: true }).waitFor()
  const text = (await visitor.page.locator('main').textContent()) ?? ''
  expect(text).toContain('中华人民共和国义务教育法')
  expect(text).toContain('待核实')
  await visitor.leave()
})

async function labelsOfRail(page: Page): Promise<string> {
  return (await page.getByRole('navigation').first().textContent()) ?? ''
}
