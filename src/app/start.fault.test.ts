import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../platform/testing/folder.ts'
import { enter } from './demo-visitor.ts'
import { runProduct } from './testing/product.ts'

const dataDir = join(await temporaryFolder(), 'data')

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

test('[START-1] killed in the middle of its first run, the next start recovers by itself: nobody is locked out and no run hangs', async () => {
  const killed = await runProduct({ dataDir })
  const { password } = JSON.parse(readFileSync(join(dataDir, 'demo', 'accounts.json'), 'utf8'))
  const ended = once(killed.process, 'exit')
  killed.process.kill('SIGKILL')
  await ended

  const next = await runProduct({ dataDir })
  const visitor = await enter(next.address, 'nanchuan', password)
  let states: string[] = []
  for (let tried = 0; tried < 240; tried += 1) {
    const runs = await visitor.ask<{ rows: { state: string }[] }>('GET', '/runs')
    states = runs.rows.map(({ state }) => state)
    if (states.length > 0 && states.every((state) => ['done', 'failed'].includes(state))) break
    await sleep(250)
  }
  expect(states).toContain('done')
  expect(await next.stop()).toBe(0)
})

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
