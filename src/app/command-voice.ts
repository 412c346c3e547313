import type { WriteStream } from 'node:tty'
import type { RunProgress } from '../domains/reconcile/contract.ts'
import { commandWords as words } from './command-words.ts'
import type { CommandVoice } from './reconcile-command.ts'
import { grouped, timeOf } from './result-lines.ts'

/** Between two lines of progress where the output is no terminal, in milliseconds. */
const LINE_EVERY = 3_000
/** Between two rewrites of the line on a terminal. */
const REWRITE_EVERY = 150
const CLEAR_LINE = '\r\u001b[K'

export interface ClearableVoice extends CommandVoice {
  /** Takes the progress line away. */
  clear(): void
}

/** [CLI-3] On a terminal one line that is rewritten; in a log a line every few seconds. */
export function createVoice(
  stream: Pick<WriteStream, 'write' | 'isTTY' | 'columns'>,
  now: () => number = () => performance.now(),
): ClearableVoice {
  const isTerminal = stream.isTTY === true
  let lastAt = isTerminal ? Number.NEGATIVE_INFINITY : now()
  let isShown = false
  const clear = () => {
    if (isShown) stream.write(CLEAR_LINE)
    isShown = false
  }
  return {
    clear,
    notice(line) {
      clear()
      stream.write(`${line}\n`)
    },
    progress(progress) {
      if (now() - lastAt < (isTerminal ? REWRITE_EVERY : LINE_EVERY)) return
      lastAt = now()
      const line = describeProgress(progress)
      stream.write(isTerminal ? `${CLEAR_LINE}${cutToWidth(line, stream.columns)}` : `${line}\n`)
      isShown = isTerminal
    },
  }
}

function describeProgress({ percent, stage, rowsPerSecond, remainingSeconds }: RunProgress): string {
  return [
    words.progress(percent, stage),
    ...(rowsPerSecond === null ? [] : [words.rate(grouped(rowsPerSecond))]),
    ...(remainingSeconds === null ? [] : [words.left(timeOf(remainingSeconds))]),
  ].join(' · ')
}

/** A line that wraps cannot be rewritten; Chinese characters take two columns. */
function cutToWidth(line: string, columns: number | undefined): string {
  let width = 0
  let fitted = ''
  for (const character of line) {
    width += character > '\u2e7f' ? 2 : 1
    if (width >= (columns ?? 80)) break
    fitted += character
  }
  return fitted
}
