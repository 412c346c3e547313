import { createClock } from '../clock.ts'
import { createLog, type Log } from '../log.ts'

/** A log whose lines a test can read. */
export function memoryLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = []
  return { log: createLog({ write: (line) => lines.push(line) }, createClock().now), lines }
}
