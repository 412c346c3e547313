/**
 * Heavy work in a process of its own: it may take its memory without starving the server, a crash in it ends one job
 * and nothing else, and cancelling it always works.
 *
 * The child hears one task and says progress, then an answer, a problem or a fault. It leaves by itself when its parent
 * is gone. Ctrl-C reaches the whole terminal group, so the child leaves stopping to its parent.
 */
import { fork } from 'node:child_process'
import { isProblemCode, Problem, type ProblemJson, problemFromJson, problemToJson } from '../kernel/problem.ts'

type Said<Progress, Answer> =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'problem'; readonly problem: ProblemJson }
  /** Name and place of a bug; never its message, which may quote data. */
  | { readonly kind: 'fault'; readonly where: string }

export interface ChildOptions<Progress> {
  /** Of JavaScript; what native code takes comes on top. */
  readonly heapMb: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

/** The process ended without a word: out of memory, killed, or a fault in native code. */
export class ChildCrash extends Error {
  override readonly name = 'ChildCrash'
}

/** Between asking the child to stop and killing it. */
const GRACE_MS = 3_000
/** A chunk of rows dies young: with the 16 MB of the default it is copied about before it does. */
const SEMI_SPACE_MB = 64

export function runInChild<Task, Progress, Answer>(
  entry: URL,
  task: Task,
  options: ChildOptions<Progress>,
): Promise<Answer> {
  options.signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const child = fork(entry, {
      execArgv: [`--max-old-space-size=${options.heapMb}`, `--max-semi-space-size=${SEMI_SPACE_MB}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    let kill: NodeJS.Timeout | undefined
    const stop = () => {
      child.kill('SIGTERM')
      kill = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
    }
    options.signal?.addEventListener('abort', stop, { once: true })
    let outcome: (() => void) | undefined
    child.on('message', (said: Said<Progress, Answer>) => {
      if (said.kind === 'progress') options.onProgress?.(said.progress)
      else if (said.kind === 'answer') outcome = () => resolve(said.answer)
      else if (said.kind === 'problem' && isProblemCode(said.problem.code))
        outcome = () => reject(problemFromJson(said.problem))
      else outcome = () => reject(new ChildCrash(said.kind === 'fault' ? said.where : 'unknown problem'))
    })
    child.on('error', (error) => reject(error))
    child.on('exit', (code, signal) => {
      clearTimeout(kill)
      options.signal?.removeEventListener('abort', stop)
      if (options.signal?.aborted) return reject(options.signal.reason)
      if (outcome === undefined) return reject(new ChildCrash(`ended with ${signal ?? code}`))
      outcome()
    })
    child.send({ task })
  })
}

/** The child's side: call it once at the top of the entry file. */
export function serveChild<Task, Progress, Answer>(
  work: (task: Task, say: { readonly signal: AbortSignal; progress(progress: Progress): void }) => Promise<Answer>,
): void {
  const stopping = new AbortController()
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => stopping.abort(new Error('stopped')))
  process.on('disconnect', () => process.exit(1))
  process.once('message', async (message: { task: Task }) => {
    const say = (said: Said<Progress, Answer>) => new Promise<void>((done) => process.send?.(said, () => done()))
    try {
      const answer = await work(message.task, {
        signal: stopping.signal,
        progress: (progress) => void say({ kind: 'progress', progress }),
      })
      await say({ kind: 'answer', answer })
    } catch (error) {
      await say(
        error instanceof Problem
          ? { kind: 'problem', problem: problemToJson(error) }
          : { kind: 'fault', where: whereOf(error) },
      )
    }
    process.exit(0)
  })
}

function whereOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return [error.name, ...frames.slice(0, 4).map((line) => line.trim())].join(' ')
}
