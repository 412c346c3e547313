import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openToServer } from '../src/platform/testing/folder.ts'
import { startTestServer } from '../src/platform/testing/server.ts'
import { type Kill, killAtRandom, tellDeath } from './kills.ts'
import { KINDS, type Kind } from './operation.ts'
import { makeStages } from './stages.ts'
import { type Stop, stopAtRandom } from './stops.ts'

const USAGE = `npm run torture -- [--kills 200] [--stops 100] [--seed 20260901] [--scale 0.001] [--only ${KINDS.join('|')}|stop] [--short]`

/**
 * Kills imports, postings, undoings and closes of the day at random places, and stops the database under load. The same seed
 * dies at the same statements. Prints a line each and a table, and leaves with 1 when anything was lost, doubled or half done;
 * what it was done on is kept then.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '200' },
      stops: { type: 'string', default: '100' },
      seed: { type: 'string', default: '20260901' },
      scale: { type: 'string', default: '0.001' },
      only: { type: 'string' },
      short: { type: 'boolean', default: false },
    },
  })
  const [kills, stops, seed, scale] = [values.kills, values.stops, values.seed, values.scale].map(Number)
  const wanted = [...KINDS, 'stop'].filter((name) => values.only === undefined || name === values.only)
  if (wanted.length === 0 || [kills, stops, seed, scale].some(Number.isNaN)) {
    process.stderr.write(`${USAGE}\n`)
    process.exitCode = 2
    return
  }
  say(`seed ${seed}, scale ${scale}`)
  const folder = await mkdtemp(join(tmpdir(), 'baoxue-torture-'))
  await openToServer(folder)
  const kinds = new Set<Kind>(KINDS.filter((kind) => wanted.includes(kind)))
  const common = { folder, seed: seed!, scale: scale! }
  const killed =
    kinds.size === 0 || kills === 0 ? [] : await killAll({ ...common, kills: kills!, kinds, isShort: values.short })
  const stopped: Stop[] = []
  if (wanted.includes('stop') && stops! > 0) {
    await stopAtRandom({ ...common, stops: stops! }, (stop) => {
      stopped.push(stop)
      say(
        `stop ${stop.number} ${stop.signal} ready ${stop.readyMs} ms, acknowledged ${tellSaved(stop)}${told(stop.violations)}`,
      )
    })
  }
  tell(killed, stopped)
  const broken = [...killed, ...stopped].filter(({ violations }) => violations.length > 0).length
  if (broken === 0) await rm(folder, { recursive: true, force: true })
  else say(`kept: ${folder}`)
  process.exitCode = broken === 0 ? 0 : 1
}

interface Killing {
  readonly folder: string
  readonly seed: number
  readonly scale: number
  readonly kills: number
  readonly kinds: ReadonlySet<Kind>
  readonly isShort: boolean
}

async function killAll({ folder, seed, scale, kills, kinds, isShort }: Killing): Promise<readonly Kill[]> {
  const { server, stop } = await startTestServer()
  const killed: Kill[] = []
  try {
    const startedAt = performance.now()
    const stages = await makeStages({ server, folder, scale, kinds, isShort }, say)
    say(`stages made in ${seconds(performance.now() - startedAt)} s`)
    await killAtRandom({ server, folder, seed, kills, stages }, (kill) => {
      killed.push(kill)
      const end = kill.wasKilled ? '' : ' (had ended)'
      say(
        `kill ${kill.number} ${kill.stage} ${kill.deaths.map(tellDeath).join(', ')}${end} ${seconds(kill.milliseconds)} s${told(kill.violations)}`,
      )
    })
  } finally {
    await stop()
  }
  return killed
}

function tell(killed: readonly Kill[], stopped: readonly Stop[]): void {
  const lines = KINDS.flatMap((kind) => {
    const own = killed.filter((kill) => kill.kind === kind)
    if (own.length === 0) return []
    const inside = own.filter(({ wasKilled }) => wasKilled).length
    const deaths = own.reduce((sum, kill) => sum + kill.deaths.length, 0)
    return [[kind, String(own.length), String(deaths), String(inside), String(brokenOf(own)), '']]
  })
  if (stopped.length > 0) {
    const slowest = Math.max(...stopped.map(({ readyMs }) => readyMs))
    const saved = tellSaved(stopped.at(-1)!)
    const more = `${saved} acknowledged, ready again within ${seconds(slowest)} s`
    lines.push([
      'database stop',
      String(stopped.length),
      String(stopped.length),
      String(stopped.length),
      String(brokenOf(stopped)),
      more,
    ])
  }
  const table = [['operation', 'rounds', 'deaths', 'in the middle', 'broken', ''], ...lines]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)))
  for (const line of table)
    say(
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
}

function tellSaved({ acknowledged: { entry, sheet, batch, day } }: Stop): string {
  return `${entry} entries ${sheet} sheets ${batch} batches ${day} days`
}

function brokenOf(rounds: readonly { readonly violations: readonly string[] }[]): number {
  return rounds.filter(({ violations }) => violations.length > 0).length
}

function told(violations: readonly string[]): string {
  return violations.length === 0 ? '' : `\n  BROKEN ${violations.join('\n  BROKEN ')}`
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1)
}

function say(line: string): void {
  console.log(line)
}

await main()
