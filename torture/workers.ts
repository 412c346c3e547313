import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Death } from './kills.ts'
import type { Order, Said } from './worker.ts'

export interface Workers {
  /** Begins the operation and kills its processes at the moment chosen. False: it ended before. */
  kill(order: Omit<Order, 'death'>, death: Death): Promise<boolean>
  /** To its end, by a process that knows nothing of the ones killed. A letter for each statement, c for a commit. */
  finish(order: Omit<Order, 'death'>): Promise<{ readonly milliseconds: number; readonly statements: string }>
  close(): Promise<void>
}

const ENTRY = new URL('./worker.ts', import.meta.url)
const KILL_POINT = new URL('./kill-point.ts', import.meta.url)
/** Of an operation that takes seconds. */
const STUCK_MS = 120_000

interface Worker {
  readonly process: ChildProcess
  ask(order: Order): Promise<Said>
  /** Answers when services are open. */
  readonly begun: () => Promise<unknown>
}

/** One spare process is always starting, so that starting costs no time of its own. Who has finished one installation's work may be killed at the next one's. */
export function openWorkers(folder: string): Workers {
  // Hundreds of processes read the same sources.
  const start = () => startWorker(join(folder, 'compiled'))
  let spare = start()
  const idle: Worker[] = []

  function take(): Promise<Worker> {
    const rested = idle.pop()
    if (rested !== undefined) return Promise.resolve(rested)
    const worker = spare
    spare = start()
    return worker
  }

  async function end(worker: Worker): Promise<void> {
    if (worker.process.exitCode !== null || worker.process.signalCode !== null) return
    const gone = once(worker.process, 'exit')
    killGroup(worker.process)
    await gone
  }

  return {
    async kill(order, death) {
      const worker = await take()
      const gone = once(worker.process, 'exit').then(() => 'killed' as const)
      const asked = worker.ask({ ...order, death: death.how === 'clock' ? undefined : death })
      if (death.how === 'clock') {
        await Promise.race([worker.begun(), gone])
        await Promise.race([asked, sleep(death.afterMs)])
        killGroup(worker.process)
      }
      const outcome = await Promise.race([asked, gone, sleep(STUCK_MS, 'stuck' as const, { ref: false })])
      await end(worker)
      if (outcome === 'stuck') throw new Error('the operation hangs')
      if (outcome !== 'killed' && outcome.said === 'failed') throw new Error(outcome.why)
      return outcome === 'killed'
    },
    async finish(order) {
      const worker = await take()
      const outcome = await Promise.race([
        worker.ask({ ...order, death: undefined }),
        sleep(STUCK_MS, undefined, { ref: false }),
      ])
      if (outcome?.said !== 'done') {
        await end(worker)
        throw new Error(outcome?.said === 'failed' ? outcome.why : 'the operation hangs')
      }
      idle.push(worker)
      return { milliseconds: outcome.milliseconds, statements: await readFile(order.counter, 'utf8').catch(() => '') }
    },
    async close() {
      for (const worker of [await spare, ...idle]) await end(worker)
    },
  }
}

async function startWorker(compiled: string): Promise<Worker> {
  const child = fork(ENTRY, {
    // Its own group: the processes that it starts die with it.
    detached: true,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: `--import ${KILL_POINT.href}`, NODE_COMPILE_CACHE: compiled },
  })
  const heard: string[] = []
  child.stderr?.on('data', (text: Buffer) => heard.push(text.toString()))
  const said = (...wanted: readonly Said['said'][]) =>
    new Promise<Said>((resolve) => {
      const listen = (message: Said) => {
        if (!wanted.includes(message.said)) return
        child.off('message', listen)
        resolve(message)
      }
      child.on('message', listen)
    })
  const ready = said('ready')
  const failed = once(child, 'exit').then(() =>
    Promise.reject(new Error(`a worker does not start:\n${heard.join('')}`)),
  )
  await Promise.race([ready, failed])
  failed.catch(() => {})
  return {
    process: child,
    begun: () => said('begun'),
    ask(order) {
      const answer = said('done', 'failed')
      child.send(order)
      return answer
    },
  }
}

/** The worker and all it started, in one signal. */
function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
