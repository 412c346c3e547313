import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openToServer } from '../src/platform/testing/folder.ts'
import { startTestServer } from '../src/platform/testing/server.ts'
import { killAtRandom, tellDeath } from './kills.ts'
import { KINDS, type Kind } from './operation.ts'
import { makeStages } from './stages.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '20260901' },
    only: { type: 'string' },
    scale: { type: 'string', default: '0.002' },
  },
})
const kinds = new Set<Kind>(KINDS.filter((kind) => values.only === undefined || kind === values.only))
const say = (line: string) => console.log(line)
const folder = await mkdtemp(join(tmpdir(), 'baoxue-torture-'))
await openToServer(folder)
const { server, stop } = await startTestServer()
let broken = 0
try {
  const startedAt = performance.now()
  const stages = await makeStages({ server, folder, scale: Number(values.scale), kinds }, say)
  say(`stages ${Math.round((performance.now() - startedAt) / 1000)} s`)
  await killAtRandom({ server, folder, seed: Number(values.seed), kills: Number(values.kills), stages }, (kill) => {
    say(
      `${kill.number} ${kill.stage} ${kill.deaths.map(tellDeath).join(', ')} ${kill.wasKilled ? '' : '(ended before) '}${kill.violations.length === 0 ? 'ok' : kill.violations.join('\n   ')}`,
    )
    broken += kill.violations.length
  })
} finally {
  await stop()
}
if (broken > 0) process.exitCode = 1
else await rm(folder, { recursive: true, force: true })
