import { createClock } from '../../platform/clock.ts'
import { createLog, type Log } from '../../platform/log.ts'

/** Of a child process: trouble goes to the log of the whole, what is usual is the parent's to tell. */
export function childLog(): Log {
  return { ...createLog(process.stderr, createClock().now), info: () => {} }
}
