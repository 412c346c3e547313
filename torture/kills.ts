/**
 * Kills an operation in the middle, looks at what is left, has a fresh process take it up again as a retry of its job would,
 * and looks again: nothing lost, nothing doubled, nothing half done, and in the end the same as if nobody had been killed.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Random, randomFor } from '../src/app/demo/random.ts'
import type { TestServer } from '../src/platform/testing/server.ts'
import { withDatabase } from '../src/platform/testing/server.ts'
import { differingParts, type Fingerprint, figuresKnownAt, fingerprintOf, lastPosting, linesOf } from './fingerprint.ts'
import { type Ask, findViolations } from './invariants.ts'
import type { Kind } from './operation.ts'
import type { Stage } from './stages.ts'
import { copyTown, dropTown, look, placeOf, type Town } from './town.ts'
import { openWorkers, type Workers } from './workers.ts'

/** Where an operation is killed: at a statement, or after a share of its time. */
export type Death =
  | { readonly at: number; readonly how: 'before' | 'sent' | 'unheard' }
  | { readonly afterMs: number; readonly how: 'clock' }

export interface Kill {
  readonly number: number
  readonly stage: string
  readonly kind: Kind
  readonly deaths: readonly Death[]
  /** False: it had ended before its moment came. */
  readonly wasKilled: boolean
  readonly milliseconds: number
  readonly violations: readonly string[]
}

/** What an operation does when nobody is killed. */
interface Undisturbed {
  /** A letter each, c for a commit. */
  readonly statements: string
  readonly milliseconds: number
  readonly fingerprint: Fingerprint
  readonly town: Town
}

export interface Killing {
  readonly server: TestServer
  readonly folder: string
  readonly seed: number
  readonly kills: number
  readonly stages: readonly Stage[]
}

export async function killAtRandom(
  { server, folder, seed, kills, stages }: Killing,
  onKill: (kill: Kill) => void,
): Promise<void> {
  const workers = openWorkers(folder)
  const known = new Map<string, Undisturbed>()
  const numbers = Array.from({ length: kills }, (_, index) => index + 1).values()
  const lane = async () => {
    for (const number of numbers) {
      const stage = stages[(number - 1) % stages.length]!
      // A stream of its own each: the same number of the same seed dies at the same place, whichever others are left out.
      const undisturbed = known.get(stage.name)!
      const deaths = drawDeaths(randomFor(seed, stage.name, String(number)), undisturbed)
      onKill(await killOnce({ server, folder, workers }, { number, stage, deaths, undisturbed }))
    }
  }
  try {
    for (const stage of stages.slice(0, kills))
      known.set(stage.name, await runUndisturbed({ server, folder, workers }, stage))
    await Promise.all(Array.from({ length: LANES }, lane))
  } finally {
    for (const { town } of known.values()) await dropTown(server, town)
    await workers.close()
  }
}

/** At a time: half of an operation is waiting. */
const LANES = 2

interface Around {
  readonly server: TestServer
  readonly folder: string
  readonly workers: Workers
}

async function runUndisturbed({ server, folder, workers }: Around, stage: Stage): Promise<Undisturbed> {
  const name = `clean_${stage.name.replaceAll('-', '_')}`
  const town = await copyTown(server, stage.town, {
    database: `${server.template}_${name}`,
    dataDir: join(folder, name),
  })
  const counter = join(folder, `${name}.count`)
  const place = placeOf(server, town, stage.today)
  const { milliseconds, statements } = await workers.finish({ place, operation: stage.operation, counter })
  const adminUrl = withDatabase(server.adminUrl, town.database)
  const violations = await look(adminUrl, (ask) => violationsOf(ask, stage))
  if (violations.length > 0)
    throw new Error(`${stage.name} breaks what must hold with nobody killed: ${violations.join('\n')}`)
  const fingerprint = await look(adminUrl, fingerprintOf)
  return { statements, milliseconds, fingerprint, town }
}

const AGAIN = 0.2
const BY_CLOCK = 0.2
/** Transactions end at a tenth of the statements, and there it is decided what is half done. */
const AT_COMMIT = 0.35

/** Most at a statement, some by the clock; now and then the second try is killed too. */
function drawDeaths(random: Random, { statements, milliseconds }: Undisturbed): readonly Death[] {
  const commits = [...statements].flatMap((letter, index) => (letter === 'c' ? [index + 1] : []))
  const one = (): Death => {
    const place = random.next()
    const how = random.pick(['before', 'sent', 'sent', 'unheard'] as const)
    const [byClock, atCommit] = [random.chance(BY_CLOCK), random.chance(AT_COMMIT)]
    if (byClock) return { how: 'clock', afterMs: Math.round(place * milliseconds) }
    const commit = commits[Math.floor(place * commits.length)]
    if (atCommit && commit !== undefined) return { how, at: commit }
    return { how, at: 1 + Math.floor(place * statements.length) }
  }
  const first = one()
  const second = one()
  return random.chance(AGAIN) ? [first, second] : [first]
}

interface Attempted {
  readonly number: number
  readonly stage: Stage
  readonly deaths: readonly Death[]
  readonly undisturbed: Undisturbed
}

async function killOnce(
  { server, folder, workers }: Around,
  { number, stage, deaths, undisturbed }: Attempted,
): Promise<Kill> {
  const startedAt = performance.now()
  const name = `kill_${number}`
  const town = await copyTown(server, stage.town, {
    database: `${server.template}_${name}`,
    dataDir: join(folder, name),
  })
  const adminUrl = withDatabase(server.adminUrl, town.database)
  const order = {
    place: placeOf(server, town, stage.today),
    operation: stage.operation,
    counter: join(folder, `${name}.count`),
  }
  const violations: string[] = []
  const figures = new Map<number, string>()
  const remember = async (ask: Ask) => {
    const last = await lastPosting(ask)
    figures.set(last, await figuresKnownAt(ask, last))
  }
  let wasKilled = false
  try {
    await look(adminUrl, remember)
    for (const death of deaths) {
      rmSync(order.counter, { force: true })
      wasKilled = (await workers.kill(order, death)) || wasKilled
      violations.push(
        ...(
          await look(adminUrl, async (ask) => {
            await remember(ask)
            return violationsOf(ask, stage, false)
          })
        ).map((text) => `after the kill: ${text}`),
      )
    }
    await workers.finish(order)
    const ended = await look(adminUrl, async (ask) => {
      const found = [...(await violationsOf(ask, stage))]
      for (const [posting, digest] of figures) {
        if ((await figuresKnownAt(ask, posting)) !== digest) found.push(`figures known at ${posting} changed`)
      }
      return found
    })
    violations.push(...ended.map((text) => `at the end: ${text}`))
    violations.push(...(await listMissingContent(server, town)))
    violations.push(...(await listDifferences(server, undisturbed, town, join(folder, name))))
  } catch (error) {
    violations.push(`not taken up again: ${error instanceof Error ? error.message : String(error)}`)
  }
  rmSync(order.counter, { force: true })
  if (violations.length === 0) await dropTown(server, town)
  return {
    number,
    stage: stage.name,
    kind: stage.kind,
    deaths,
    wasKilled,
    milliseconds: performance.now() - startedAt,
    violations,
  }
}

async function violationsOf(ask: Ask, { today }: Stage, isEnded = true): Promise<readonly string[]> {
  // Sight is made with the last step of an operation.
  const found = await findViolations(ask, isEnded ? { today } : {})
  return found.map(({ check, row }) => `${check} ${row}`)
}

/** A row of a sealed file is written when its content lies on the disk. */
async function listMissingContent(server: TestServer, { database, dataDir }: Town): Promise<readonly string[]> {
  const rows = await look(withDatabase(server.adminUrl, database), (ask) =>
    ask<{ hash: string; purpose: string }>(`select encode(content_hash, 'hex') as hash, purpose from sealed_file`),
  )
  return rows
    .filter(({ hash }) => !existsSync(join(dataDir, 'files', hash.slice(0, 2), hash)))
    .map(({ purpose }) => `a sealed file without content: ${purpose}`)
}

async function listDifferences(
  server: TestServer,
  wanted: Undisturbed,
  town: Town,
  dump: string,
): Promise<readonly string[]> {
  const urlOf = ({ database }: Town) => withDatabase(server.adminUrl, database)
  const parts = differingParts(wanted.fingerprint, await look(urlOf(town), fingerprintOf))
  const told: string[] = []
  for (const part of parts) {
    const clean = await look(urlOf(wanted.town), (ask) => linesOf(ask, part))
    const found = await look(urlOf(town), (ask) => linesOf(ask, part))
    const [lost, more] = [without(clean, found), without(found, clean)]
    const text = [...lost.map((line) => `- ${line}`), ...more.map((line) => `+ ${line}`)].join('\n')
    writeFileSync(`${dump}.${part}.diff`, text)
    told.push(
      `not as undisturbed: ${part}, ${lost.length} lost, ${more.length} more: ${[lost[0], more[0]].map((line) => line?.slice(0, LINE_TOLD)).join(' | ')}`,
    )
  }
  return told
}

/** Of a line that differs; the whole stands in the file beside the data. */
const LINE_TOLD = 160

function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1)
  return lines.filter((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
}

export function tellDeath(death: Death): string {
  return death.how === 'clock' ? `clock ${death.afterMs} ms` : `${death.how} statement ${death.at}`
}
