import type { Page } from 'playwright-core'
import { afterAll, expect, inject, test } from 'vitest'
import { testFolder } from '../src/platform/sheets/testing.ts'
import { overflow, visit } from './browser.ts'
import { typeInto, withSchool } from './copies.ts'
import { demoAccounts, demoSheet, signIn } from './people.ts'

const address = inject('address')
const dataDir = inject('dataDir')
const { password } = demoAccounts(dataDir)
const folder = await testFolder()
afterAll(folder.remove)

/** Six uploads, checks and runs, one after another. */
const LONG = { timeout: 240_000 }
const AS_OF = '2026-11-20'
/** A name left out, a wrong check character, a child of another district. */
const FAULTS = { B3: '', A4: '500101201402186960', L5: '重庆市渝中区七星岗街道和平路1号', N5: '七星岗街道' }
const REASON = '电话核实孩子去向'

test(
  '[APP-1] the first morning of a district: sheets with faults, the marked workbook, corrected and stored, compared, a balance that closes, a child, and one batch taken back',
  LONG,
  async () => {
    const visitor = await visit(address)
    const { page } = visitor
    const spoilt = await typeInto(folder, demoSheet(dataDir, 'population.xlsx', '万州区'), FAULTS, '万州户籍.xlsx')
    await signIn(page, 'wanzhou', password)
    await page.getByRole('heading', { name: '试算平衡' }).waitFor()

    await checkSheet(page, '户籍表', spoilt.path)
    for (const [row, reason] of [
      [3, '姓名必填，这里是空的'],
      [4, '校验位应为'],
      [5, '请由渝中区提供'],
    ] as const) {
      await page.getByRole('button', { name: reason }).first().waitFor()
      const found = page
        .locator('main tbody tr')
        .filter({ has: page.getByRole('rowheader', { name: String(row), exact: true }) })
      expect(await found.first().innerText()).toContain(reason)
    }
    await page.getByRole('button', { name: '姓名必填，这里是空的' }).first().click()
    await page.getByText('B3', { exact: false }).first().waitFor()
    expect(await overflow(page)).toBe(0)

    await page.getByRole('button', { name: '下载标好错的工作簿' }).click()
    await page.getByLabel('用途').fill('发派出所更正')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: '下载标好错的工作簿' }).click(),
    ])
    await page.getByRole('button', { name: '放弃这张表' }).click()
    await page.getByRole('heading', { name: '导入', exact: true }).waitFor()
    const corrected = await typeInto(folder, await download.path(), spoilt.before, '万州户籍改.xlsx')

    await checkSheet(page, '户籍表', corrected.path)
    await store(page, '整表入库')
    const roll = await withSchool(
      folder,
      demoSheet(dataDir, 'roll.csv', '万州区'),
      ',2159999999,某某小学校,',
      '万州学籍.csv',
    )
    await checkSheet(page, '学籍表', roll)
    await page.getByRole('button', { name: '没有这所学校' }).first().waitFor()
    await page.getByRole('radio', { name: /^好行先入库/ }).check()
    await store(page, /^入库 [\d,]+ 行$/)
    const rollBatch = new URL(
      (await page.getByRole('link', { name: '看这一批' }).first().getAttribute('href')) ?? '',
      address,
    )

    await page.getByRole('link', { name: '去比对入账' }).click()
    await page.getByRole('button', { name: '比对并入账' }).click()
    await page.getByText('已入账').first().waitFor({ timeout: 90_000 })
    await page.getByRole('link', { name: '看总账' }).click()
    await page.getByText('相平').waitFor()
    expect(await overflow(page)).toBe(0)
    const posted = await groupFigure(page)

    await page.locator('.group-row').filter({ hasText: '未说明' }).locator('a.count-link').first().click()
    const rows = page.locator('main table tbody tr')
    await rows.first().waitFor()
    expect(await page.locator('main').innerText()).toContain(`${posted} · 万州区`)
    await rows.first().getByRole('link').first().click()
    await page.getByText('去向，每天只有一个账').waitFor()
    expect(await page.locator('main').innerText()).toMatch(/\d{3}\*{11}\d{3}[\dX]/)
    await page.getByRole('button', { name: '看', exact: true }).first().click()
    await page.getByLabel('查看事由').fill(REASON)
    await page.getByRole('dialog').getByRole('button', { name: '看', exact: true }).click()
    await page
      .getByText(/^\d{17}[\dX]/)
      .first()
      .waitFor()
    expect(await overflow(page)).toBe(0)
    const child = new URL(page.url()).pathname

    // Whose task it is not says why first.
    await page.goto('/children?group=1')
    await rows.first().getByRole('link').first().click()
    await page.getByLabel('事由').fill(REASON)
    await page.getByRole('button', { name: '看档案' }).click()
    await page.getByText('去向，每天只有一个账').waitFor()

    await page.goto(rollBatch.pathname)
    await page.getByRole('button', { name: '撤销这一批' }).click()
    await page.getByLabel('为什么撤销').fill('学籍表导错了')
    await page.getByRole('dialog').getByRole('button', { name: '撤销这一批' }).click()
    await page.getByText(/由 .+ 撤销/).waitFor({ timeout: 60_000 })
    await page.goto('/balance')
    await page.getByText('相平').waitFor()
    expect(visitor.faults).toEqual([])
    await visitor.leave()

    const auditor = await visit(address)
    await signIn(auditor.page, 'audit', password)
    await auditor.page.goto('/audit')
    const line = auditor.page
      .locator('main tr')
      .filter({ hasText: child.replace('/children/', '儿童 ') })
      .filter({ hasText: REASON })
    await line.first().waitFor()
    await auditor.leave()
  },
)

/** Upload, the columns as recognised, and the check. */
async function checkSheet(page: Page, kind: string, path: string): Promise<void> {
  await page.goto('/imports/new')
  await page.getByRole('radio', { name: new RegExp(`^${kind}`) }).check()
  await page.getByLabel('数据是哪一天的').fill(AS_OF)
  await page.locator('input[type=file]').setInputFiles(path)
  await page.getByRole('button', { name: '开始查错' }).click()
  await page.getByText('查错已完', { exact: false }).waitFor({ timeout: 60_000 })
}

async function store(page: Page, button: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: button }).click()
  await page.getByRole('link', { name: '去比对入账' }).waitFor({ timeout: 60_000 })
}

/** The first figure of the group of the unexplained. */
async function groupFigure(page: Page): Promise<string> {
  return (await page.locator('.group-row').filter({ hasText: '未说明' }).locator('.figure').first().innerText()).trim()
}
