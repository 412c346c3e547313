import { afterAll, expect, test } from 'vitest'
import { CHECKS, findViolations } from '../../torture/invariants.ts'
import { type Kill, killAtRandom } from '../../torture/kills.ts'
import { KINDS, type Kind } from '../../torture/operation.ts'
import { PLANTED } from '../../torture/planted.ts'
import { makeStages } from '../../torture/stages.ts'
import { look } from '../../torture/town.ts'
import { temporaryFolder } from '../platform/testing/folder.ts'
import { startTestServer, withDatabase } from '../platform/testing/server.ts'

/** A sample of `npm run torture`, which kills two hundred times in a whole year of a city. */
const KILLS = 5
const SEED = 20260901

const folder = await temporaryFolder()
const { server, stop } = await startTestServer()
afterAll(stop)
const stages = await makeStages({ server, folder, scale: 0.0005, kinds: new Set(KINDS), isShort: true }, () => {})

test.each<[string, Kind]>([
  ['[IMP-17] a sheet that is stored', 'import'],
  ['[POST-19] a run that is posted', 'post'],
  ['[IMP-20] [CASE-9] a batch that is undone', 'undo'],
  ['[CASE-12] days that are closed', 'close'],
])('%s, killed at random places and taken up again: nothing lost, doubled or half done', async (_, kind) => {
  const kills: Kill[] = []
  const own = stages.filter((stage) => stage.kind === kind)
  await killAtRandom({ server, folder, seed: SEED, kills: KILLS, stages: own }, (kill) => kills.push(kill))
  expect(kills.flatMap(({ violations }) => violations)).toEqual([])
  expect(kills.filter(({ wasKilled }) => wasKilled).length).toBeGreaterThan(KILLS / 2)
})

test('[BOOK-8] every check of what must hold finds the fault that is planted for it', async () => {
  const { town, today } = stages.find(({ kind }) => kind === 'close')!
  const adminUrl = withDatabase(server.adminUrl, town.database)
  expect(await look(adminUrl, (ask) => findViolations(ask, { today }))).toEqual([])
  for (const { id } of CHECKS) {
    const found = await look(adminUrl, async (ask) => {
      for (const statement of PLANTED[id] ?? []) await ask(statement)
      return findViolations(ask, { today })
    })
    expect(
      found.map(({ check }) => check),
      id,
    ).toContain(id)
  }
})
