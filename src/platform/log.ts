import { Problem } from '../kernel/problem.ts'
import { DatabaseFault } from './db/faults.ts'

type LogValue = string | number | boolean | null | undefined | readonly string[] | readonly number[]
export type LogFields = Readonly<Record<string, LogValue>>

/** [LOG-1] One JSON line an event. Ids, counts, codes and durations only: never a name, an ID number, a phone or an address. */
export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

interface Sink {
  write(line: string): unknown
}

export function createLog(sink: Sink, now: () => Date): Log {
  const write =
    (level: string) =>
    (event: string, fields: LogFields = {}): void => {
      sink.write(`${scrub(JSON.stringify({ at: now().toISOString(), level, event, ...fields }))}\n`)
    }
  return { info: write('info'), warn: write('warn'), error: write('error') }
}

/** [LOG-3] What the log may know of an error. Text of faults that can quote a value stays out: see `DatabaseFault`. */
export function errorFields(error: unknown): LogFields {
  if (error instanceof Problem) return { code: error.code, detail: JSON.stringify(error.detail) }
  if (error instanceof DatabaseFault) return { sqlState: error.sqlState, error: error.message, stack: error.stack }
  if (error instanceof Error) return { error: `${error.name}: ${error.message}`, stack: error.stack }
  return { error: typeof error }
}

/** [LOG-2] 18- and 15-digit ID numbers and mobile phones, should one slip into an error text in spite of the rule. */
const PERSONAL_NUMBER = /(?<![\dA-Za-z-])(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?![\dA-Za-z-])/g

function scrub(line: string): string {
  return line.replace(PERSONAL_NUMBER, '[number]')
}
