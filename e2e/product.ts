import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the running product, without a slash at the end. */
    address: string
    dataDir: string
  }
}

const READY_SECONDS = 90
const STOP_SECONDS = 20

/** Starts the product as `npm start` does, on an empty folder and a small demo city, once for all journeys. */
export default async function startProduct(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'baoxue-e2e-'))
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const product = spawn(process.execPath, ['src/app/main.ts'], {
    env: { ...process.env, BAOXUE_DATA: dataDir, PORT: String(port), HOST: '127.0.0.1', BAOXUE_DEMO_SCALE: '0.004', BAOXUE_TODAY: '2026-11-24' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  for (const stream of [product.stdout, product.stderr]) stream.on('data', (text: Buffer) => said.push(text.toString()))
  try {
    await untilReady(product, address, said)
  } catch (error) {
    product.kill('SIGKILL')
    throw error
  }
  project.provide('address', address)
  project.provide('dataDir', dataDir)
  return async () => {
    await stop(product)
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function untilReady(product: ChildProcess, address: string, said: readonly string[]): Promise<void> {
  for (let second = 0; second < READY_SECONDS * 4; second += 1) {
    if (product.exitCode !== null) throw new Error(`the product ended before it was ready:\n${said.join('')}`)
    const answered = await fetch(`${address}/api/v1/health`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (answered) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error(`the product was not ready after ${READY_SECONDS} s:\n${said.join('')}`)
}

async function stop(product: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => product.once('exit', () => resolve()))
  product.kill('SIGINT')
  const timer = setTimeout(() => product.kill('SIGKILL'), STOP_SECONDS * 1000)
  await ended
  clearTimeout(timer)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const bound = probe.address()
      probe.close(() => (typeof bound === 'object' && bound !== null ? resolve(bound.port) : reject(new Error('no port'))))
    })
  })
}
