import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A day of a busy district is a few megabytes; the file before this one is kept beside it. */
const ROTATE_BYTES = 64 * 1024 ** 2

/**
 * Every line of the log goes to `<data folder>/logs/baoxue.log`, so that the terminal shows what a person reads; faults
 * go to the terminal as well. Before the data folder is known, lines go to the terminal only.
 */
export function createLogSink(terminal: { write(line: string): unknown }): {
  write(line: string): void
  openIn(dataDir: string): void
} {
  let path: string | undefined
  let bytes = 0
  return {
    openIn(dataDir) {
      // Apart: with `recursive` the mode would close the data folder too, and the database server could not enter it.
      mkdirSync(dataDir, { recursive: true })
      const folder = join(dataDir, 'logs')
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      path = join(folder, 'baoxue.log')
      bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    },
    write(line) {
      if (path === undefined || /"level":"(warn|error)"/.test(line)) terminal.write(line)
      if (path === undefined) return
      try {
        if (bytes > ROTATE_BYTES) {
          renameSync(path, `${path}.1`)
          bytes = 0
        }
        appendFileSync(path, line, { mode: 0o600 })
        bytes += Buffer.byteLength(line)
      } catch {
        // A full disk must not end the program that reports it.
        terminal.write(line)
      }
    },
  }
}
