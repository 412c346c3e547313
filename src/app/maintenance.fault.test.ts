import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { listRuns, type readList } from '../domains/reconcile/contract.ts'
import { temporaryFolder } from '../platform/testing/folder.ts'
import { enter, type Visitor } from './demo-visitor.ts'
import { root } from './place.ts'
import { type RunningProduct, runProduct } from './testing/product.ts'

type Runs = z.infer<typeof listRuns.answer>
type List = z.infer<typeof readList.answer>

const folder = await temporaryFolder()
const first = join(folder, 'first')
const second = join(folder, 'second')
const kept = join(folder, 'kept')

function maintain(dataDir: string, ...args: string[]) {
  const done = spawnSync(process.execPath, ['src/app/cli.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, BAOXUE_DATA: dataDir },
  })
  return { status: done.status, said: done.stdout + done.stderr }
}

function demoPassword(dataDir: string): string {
  return JSON.parse(readFileSync(join(dataDir, 'demo', 'accounts.json'), 'utf8')).password
}

async function doneRun(visitor: Visitor): Promise<Runs['rows'][number]> {
  for (let tried = 0; tried < 240; tried += 1) {
    const runs = await visitor.ask<Runs>('GET', listRuns.path)
    const [run] = runs.rows
    if (run?.state === 'done') return run
    if (run?.state === 'failed') throw new Error('the demo run failed')
    await sleep(250)
  }
  throw new Error('the demo run does not end')
}

async function notFound(product: RunningProduct, password: string): Promise<{ runId: string; list: List }> {
  const visitor = await enter(product.address, 'nanchuan', password)
  const { runId } = await doneRun(visitor)
  return { runId, list: await visitor.ask<List>('GET', `/runs/${runId}/lists/not-found?size=200`) }
}

test('[CLI-10] [BACKUP-2] a backup of the running product, restored elsewhere, opens the same run and the same list; a new key changes nothing of it', async () => {
  const running = await runProduct({ dataDir: first })
  const password = demoPassword(first)
  const before = await notFound(running, password)
  expect(before.list.total).toBeGreaterThan(0)

  const rotated = maintain(first, 'rotate-key')
  expect(rotated.said).toMatch(/\d+ 个文件和 \d+ 项登记已用它重新封存/)
  expect(await notFound(running, password)).toEqual(before)

  const backedUp = maintain(first, 'backup', kept)
  expect([backedUp.status, backedUp.said]).toEqual([0, expect.stringContaining('已备份到')])
  expect(maintain(first, 'backup', kept).status).toBe(1)
  expect(await running.stop()).toBe(0)

  expect(maintain(second, 'restore', kept).status).toBe(0)
  const restored = await runProduct({ dataDir: second })
  expect(await notFound(restored, password)).toEqual(before)
  expect(await restored.stop()).toBe(0)
})

test('[SEC-14] a start with a wrong or a missing key file is refused in words, and the right file opens everything again', async () => {
  const keyFile = join(second, 'keys', 'baoxue.key')
  const right = join(folder, 'right.key')
  cpSync(keyFile, right)
  const other = JSON.parse(readFileSync(keyFile, 'utf8'))
  for (const line of [...other.sealing, other.index]) line.key = Buffer.alloc(32, 7).toString('base64')
  writeFileSync(keyFile, JSON.stringify(other))
  await expect(runProduct({ dataDir: second })).rejects.toThrow('密钥文件与数据不符')
  rmSync(keyFile)
  await expect(runProduct({ dataDir: second })).rejects.toThrow('找不到密钥文件')
  cpSync(right, keyFile)
  const opened = await runProduct({ dataDir: second })
  expect(await opened.stop()).toBe(0)
})
