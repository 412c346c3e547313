import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DEMO_DEFAULTS } from '../../src/app/demo/index.ts'
import { type ChildRun, runChild } from '../child.ts'
import type { CompareAnswer, Limits, LinkAnswer, LinkTask, Prepared, PrepareFebrlTask, RelinkTask } from './ours.ts'
import type { OursTask } from './ours-child.ts'
import type { StandardTask } from './standard.ts'

const OURS = new URL('./ours-child.ts', import.meta.url)
const STANDARD = new URL('./standard.ts', import.meta.url)
const SPLINK = fileURLToPath(new URL('./link_with_splink.py', import.meta.url))
/** The newest when this was written; another version is another measurement. */
const SPLINK_VERSION = '5.0.0'

export interface SheetPair {
  readonly population: string
  readonly roll: string
}

/** Recreates `dir`: a run finds nothing of the one before. */
export function freshDir(dir: string): string {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  return dir
}

export function dropDir(dir: string): void {
  rmSync(dir, { recursive: true, force: true })
}

export function runPrepare(sheets: SheetPair, dir: string): Promise<ChildRun<Prepared>> {
  const task: OursTask = {
    step: 'prepare',
    population: sheets.population,
    roll: sheets.roll,
    dir: freshDir(dir),
    schoolYear: DEMO_DEFAULTS.schoolYear,
  }
  return runChild(OURS, task)
}

export function runPrepareFebrl(
  task: PrepareFebrlTask,
): Promise<ChildRun<{ readonly left: string; readonly right: string }>> {
  const child: OursTask = { step: 'prepare-febrl', ...task, dir: freshDir(task.dir) }
  return runChild(OURS, child)
}

/** The whole comparison; its lists stay in `workDir`. */
export function runCompare(prepared: Prepared, workDir: string, limits: Limits): Promise<ChildRun<CompareAnswer>> {
  const { memoryMb, threads } = limits
  const task: OursTask = {
    step: 'compare',
    prepared,
    workDir: freshDir(workDir),
    schoolYear: DEMO_DEFAULTS.schoolYear,
    memoryMb,
    threads,
  }
  return runChild(OURS, task)
}

/** The engine alone, on key files. */
export function runLink(
  files: Pick<LinkTask, 'left' | 'right'> & Partial<Pick<LinkTask, 'frozen' | 'keep' | 'of'>>,
  workDir: string,
  limits: Limits,
): Promise<ChildRun<LinkAnswer>> {
  const { memoryMb, threads } = limits
  const task: OursTask = {
    step: 'link',
    left: files.left,
    right: files.right,
    frozen: files.frozen ?? null,
    keep: files.keep ?? null,
    of: files.of ?? 'city',
    workDir: freshDir(workDir),
    schoolYear: DEMO_DEFAULTS.schoolYear,
    memoryMb,
    threads,
  }
  return runChild(OURS, task)
}

/** What a list of changed rows costs once a run is kept. */
export function runRelink(
  files: Pick<RelinkTask, 'left' | 'right' | 'leftChanges' | 'rightChanges' | 'kept'>,
  workDir: string,
  { memoryMb, threads }: Limits,
): Promise<ChildRun<Pick<LinkAnswer, 'outputs'>>> {
  const { schoolYear } = DEMO_DEFAULTS
  const task: OursTask = { step: 'relink', ...files, workDir: freshDir(workDir), schoolYear, memoryMb, threads }
  return runChild(OURS, task)
}

export function runStandard(task: StandardTask): Promise<ChildRun<{ readonly left: number; readonly right: number }>> {
  return runChild(STANDARD, task)
}

export interface SplinkTask {
  readonly kind: 'city' | 'febrl4'
  readonly left: string
  readonly right: string
  readonly out: string
  readonly temp: string
  readonly memoryMb: number
  readonly threads: number
  readonly seed: number
}

export interface SplinkAnswer {
  readonly version: string
  readonly duckdb: string
  readonly pairs: number
  readonly stages: Readonly<Record<string, number>>
}

export type Splink = (task: SplinkTask) => Promise<ChildRun<SplinkAnswer>>

/**
 * Real Splink in a virtual environment below `root`, made when it is not there; or the sentence that says why not.
 * Nothing else of the project needs Python.
 */
export async function findSplink(root: string): Promise<Splink | string> {
  const environment = join(root, `splink-${SPLINK_VERSION}`)
  const python = join(environment, 'bin', 'python')
  if (!existsSync(join(environment, 'ready'))) {
    rmSync(environment, { recursive: true, force: true })
    for (const [command, args] of [
      ['python3', ['-m', 'venv', environment]],
      [python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `splink==${SPLINK_VERSION}`]],
      [python, ['-c', `import splink; open(${JSON.stringify(join(environment, 'ready'))}, 'w').close()`]],
    ] as const) {
      const { code, err } = await runProgram(command, args)
      if (code !== 0)
        return `Splink is left out: ${[command.split('/').at(-1), ...args.slice(0, 3)].join(' ')} failed (${lastLine(err)})`
    }
  }
  return async (task) => {
    mkdirSync(task.temp, { recursive: true })
    const { code, out, err } = await runProgram(python, [SPLINK, JSON.stringify(task)])
    if (code !== 0) throw new Error(`Splink ended with ${code}: ${lastLine(err)}`)
    return JSON.parse(lastLine(out)) as ChildRun<SplinkAnswer>
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? ''
}

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

function runProgram(command: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      out += part
    })
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      err += part
    })
    child.on('error', (error) => resolve({ code: -1, out, err: error.message }))
    child.on('close', (code) => resolve({ code: code ?? -1, out, err }))
  })
}
