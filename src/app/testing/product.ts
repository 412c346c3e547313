import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../place.ts'

/** The product as `npm start` runs it, in a process of its own. For tests. */
export interface RunningProduct {
  readonly address: string
  readonly process: ChildProcess
  /** Everything it printed. */
  said(): string
  /** As Ctrl-C does; answers the exit code. */
  stop(): Promise<number | null>
}

interface ProductOptions {
  readonly dataDir: string
  readonly env?: Readonly<Record<string, string>>
}

const READY_TRIES = 360
const READY_PAUSE_MS = 250
const STOP_MS = 30_000

/** Ready when it answers. Throws with what it printed when it ends first. */
export async function runProduct({ dataDir, env = {} }: ProductOptions): Promise<RunningProduct> {
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, ['src/app/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? '',
      BAOXUE_DATA: dataDir,
      PORT: String(port),
      BAOXUE_DEMO_SCALE: '0.004',
      BAOXUE_TODAY: '2026-11-24',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => lines.push(text.toString()))
  const said = () => lines.join('')
  for (let tried = 0; !(await answers(address)); tried += 1) {
    if (child.exitCode !== null || tried > READY_TRIES) {
      child.kill('SIGKILL')
      throw new Error(`the product is not ready:\n${said()}`)
    }
    await sleep(READY_PAUSE_MS)
  }
  return {
    address,
    process: child,
    said,
    async stop() {
      if (child.exitCode !== null) return child.exitCode
      const ended = once(child, 'exit')
      child.kill('SIGINT')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(timer)
      return child.exitCode
    },
  }
}

async function answers(address: string): Promise<boolean> {
  return await fetch(`${address}/api/v1/health`).then(
    (answer) => answer.ok,
    () => false,
  )
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const bound = probe.address()
      const port = typeof bound === 'object' && bound !== null ? bound.port : 0
      probe.close(() => (port === 0 ? reject(new Error('no free port')) : resolve(port)))
    })
  })
}
