import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { findPlainDate, type PlainDate } from '../kernel/plain-date.ts'
import { Problem } from '../kernel/problem.ts'
import { createClock } from '../platform/clock.ts'
import { readConfig } from '../platform/config.ts'
import { createVoice } from './command-voice.ts'
import { commandWords as words } from './command-words.ts'
import { isMaintenance, maintenanceCommand } from './maintenance-command.ts'
import { root } from './place.ts'
import {
  type CommandVoice,
  cancelled,
  type ReconcileOptions,
  reconcileCommand,
  UsageError,
} from './reconcile-command.ts'
import { verifyRunCommand } from './verify-run-command.ts'

const OPTIONS = {
  population: { type: 'string' },
  roll: { type: 'string' },
  'school-year': { type: 'string' },
  out: { type: 'string' },
  today: { type: 'string' },
  'memory-mb': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** [CLI-1] 0 done, 1 trouble with the sheets or the machine, 2 wrong use, 130 stopped with Ctrl-C. */
const EXIT = { done: 0, trouble: 1, usage: 2, stopped: 130 } as const

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const voice = createVoice(process.stderr)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort(cancelled()))
  try {
    const lines = await run(args, voice, stop.signal)
    voice.clear()
    process.stdout.write(`${lines.join('\n')}\n`)
    return EXIT.done
  } catch (error) {
    voice.clear()
    return tell(stop.signal.aborted ? stop.signal.reason : error)
  }
}

async function run(args: readonly string[], voice: CommandVoice, signal: AbortSignal): Promise<readonly string[]> {
  const [command, ...rest] = args
  if (isMaintenance(command)) {
    return await maintenanceCommand({ command, args: rest, env: process.env, cwd: callerFolder(), random: randomBytes })
  }
  if (command === 'verify-run') {
    return await verifyRunCommand({ args: rest, cwd: callerFolder(), keyFile: readConfig(process.env, root).keyFile })
  }
  const options = readOptions(args)
  return options === undefined ? [words.help] : await reconcileCommand(options, voice, signal)
}

function tell(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n${words.seeHelp}\n`)
    return EXIT.usage
  }
  if (error instanceof Problem) {
    process.stderr.write(`${error.message}\n`)
    return error.code === 'RUN.CANCELLED' ? EXIT.stopped : EXIT.trouble
  }
  const denied = deniedPath(error)
  if (denied !== undefined) process.stderr.write(`${words.noWrite(denied)}\n`)
  else if (error instanceof Error && /Out of Memory|out of memory/.test(error.message))
    process.stderr.write(`${words.outOfMemory}\n`)
  else process.stderr.write(`${words.fault}\n${error instanceof Error ? error.stack : String(error)}\n`)
  return EXIT.trouble
}

function deniedPath(error: unknown): string | undefined {
  const { code, path } = error as NodeJS.ErrnoException
  return code !== undefined && ['EACCES', 'EROFS', 'EPERM', 'ENOTDIR', 'ENOENT'].includes(code) ? path : undefined
}

/** Undefined: help was asked for. */
function readOptions(args: readonly string[]): ReconcileOptions | undefined {
  const { values, positionals } = parse(args)
  if (values.help === true) return undefined
  const [command, ...extra] = positionals
  if (command === undefined) throw new UsageError(words.noCommand)
  if (command !== 'reconcile') throw new UsageError(words.unknownCommand(command))
  if (extra[0] !== undefined) throw new UsageError(words.extra(extra[0]))
  const needed = (name: 'population' | 'roll' | 'school-year') => {
    const value = values[name]
    if (value === undefined || value === '') throw new UsageError(words.missing(`--${name}`))
    return value
  }
  return {
    population: needed('population'),
    roll: needed('roll'),
    schoolYear: readSchoolYear(needed('school-year')),
    out: values.out === '' ? undefined : values.out,
    today: readToday(values.today ?? process.env.BAOXUE_TODAY),
    memoryMb: readMemory(values['memory-mb']),
    cwd: callerFolder(),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const option = /'(-[^'\s]*)/.exec(message)?.[1] ?? ''
    throw new UsageError(
      code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' ? words.needsValue(option) : words.unknownOption(option),
    )
  }
}

function readSchoolYear(text: string): number {
  if (!/^20\d{2}$/.test(text)) throw new Problem('RUN.SCHOOL_YEAR')
  return Number(text)
}

function readToday(text: string | undefined): PlainDate {
  if (text === undefined || text === '') return createClock().today()
  const day = findPlainDate(text)
  if (day === undefined) throw new UsageError(words.wrongDay(text))
  return day
}

function readMemory(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const megabytes = /^\d{3,6}$/.test(text) ? Number(text) : 0
  if (megabytes < 256 || megabytes > 262_144) throw new UsageError(words.wrongMemory(text))
  return megabytes
}

/** `npm run baoxue` works in the package's folder and names the caller's in INIT_CWD; `npx` and a plain call stay where they are. */
function callerFolder(): string {
  const started = isOwnScript(process.env.npm_lifecycle_event) ? process.env.INIT_CWD : undefined
  return started ?? process.cwd()
}

function isOwnScript(name: string | undefined): boolean {
  return name === 'baoxue' || isMaintenance(name)
}
