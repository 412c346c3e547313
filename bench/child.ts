import { spawn } from 'node:child_process'

/** What one run in a process of its own has cost, as the process itself saw it at its end. */
export interface Cost {
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly peakMb: number
}

export interface ChildRun<T> extends Cost {
  readonly answer: T
}

/** Runs `file` with one JSON argument; it answers by `answerParent`. */
export function runChild<T>(file: URL, task: unknown): Promise<ChildRun<T>> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file.pathname, JSON.stringify(task)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let out = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      out += part
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`${file.pathname.split('/').at(-1)} ended with ${code}`))
      else resolve(JSON.parse(out) as ChildRun<T>)
    })
  })
}

export function taskOfChild<T>(): T {
  return JSON.parse(process.argv[2] ?? 'null') as T
}

/** Prints the answer with the cost of the whole process, its start included. */
export function answerParent<T>(answer: T): void {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const run: ChildRun<T> = {
    wallSeconds: performance.now() / 1000,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    // Linux counts KiB.
    peakMb: maxRSS / 1024,
    answer,
  }
  process.stdout.write(JSON.stringify(run))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
