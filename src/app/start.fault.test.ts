import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { listBatches } from '../domains/imports/contract.ts'
import { listRuns } from '../domains/reconcile/contract.ts'
import { readBalance, readDays } from '../domains/whereabouts/contract.ts'
import { temporaryFolder } from '../platform/testing/folder.ts'
import { enter } from './demo-visitor.ts'
import { runProduct } from './testing/product.ts'

const dataDir = join(await temporaryFolder(), 'data')

/** Half a second each: the demo city takes a minute on a quiet machine. */
const LOOKS = 700

function serverPid(): number {
  const { folder } = JSON.parse(readFileSync(join(dataDir, 'postgres-place.json'), 'utf8'))
  const file = join(resolve(dataDir, folder), 'cluster', 'postmaster.pid')
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('[START-1] [DEMO-17] killed while the demo is being made, the next start goes on by itself: nobody is locked out, no run hangs, the days are closed', async () => {
  const killed = await runProduct({ dataDir })
  const { password } = JSON.parse(readFileSync(join(dataDir, 'demo', 'accounts.json'), 'utf8'))
  // In the middle of the first sheets.
  await sleep(4_000)
  const ended = once(killed.process, 'exit')
  killed.process.kill('SIGKILL')
  await ended

  const next = await runProduct({ dataDir })
  const city = await enter(next.address, 'city', password)
  let closed: string | null = null
  for (let tried = 0; tried < LOOKS && closed !== '2026-11-23'; tried += 1) {
    await sleep(500)
    closed = (await city.call(readDays)).lastClosed
  }
  expect(closed).toBe('2026-11-23')
  const runs = await city.call(listRuns)
  expect(runs.rows.map(({ state }) => state)).toEqual(['done', 'done'])
  const balance = await city.call(readBalance)
  expect([balance.closes, balance.total > 0]).toEqual([true, true])
  expect((await city.call(listBatches)).rows.map(({ kind }) => kind).toSorted()).toEqual([
    'attendance',
    'disability',
    'population',
    'population',
    'poverty',
    'roll',
    'roll',
  ])
  expect(await next.stop()).toBe(0)
}, 420_000)

test('[START-2] Ctrl-C ends everything that was started, with exit code 0', async () => {
  const product = await runProduct({ dataDir })
  const pid = serverPid()
  expect(pid).toBeGreaterThan(1)
  expect(isAlive(pid)).toBe(true)
  expect(await product.stop()).toBe(0)
  expect(serverPid()).toBe(0)
  // The last process of the server is gone a moment after it has put its files in order.
  for (let tried = 0; isAlive(pid) && tried < 50; tried += 1) await sleep(100)
  expect(isAlive(pid)).toBe(false)
  expect(product.said()).toContain('按 Ctrl-C 停止')
})

test('[START-3] two programs on one data folder, a bad setting, a taken port: each is told in one sentence with what to do', async () => {
  const product = await runProduct({ dataDir })
  const port = new URL(product.address).port
  await expect(runProduct({ dataDir })).rejects.toThrow('正在使用这个数据文件夹')
  await expect(runProduct({ dataDir, env: { PORT: 'abc' } })).rejects.toThrow(/PORT/)
  await expect(runProduct({ dataDir: join(dataDir, '..', 'other'), env: { PORT: port } })).rejects.toThrow(
    `端口 ${port} 已被占用`,
  )
  expect(await product.stop()).toBe(0)
})
