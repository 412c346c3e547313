import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openToServer } from '../src/platform/testing/folder.ts'
import { startTestServer, withDatabase } from '../src/platform/testing/server.ts'
import { fingerprintOf } from './fingerprint.ts'
import { findViolations } from './invariants.ts'
import { makeStages } from './stages.ts'
import { copyTown, look, placeOf } from './town.ts'
import { openWorkers } from './workers.ts'
const folder = await mkdtemp(join(tmpdir(), 'baoxue-torture-'))
await openToServer(folder)
const { server, stop } = await startTestServer()
let t = performance.now()
const lap = (what: string) => { console.log(what, Math.round(performance.now() - t)); t = performance.now() }
try {
const stages = await makeStages({ server, folder, scale: Number(process.argv[2]), kinds: new Set(['import','close','post','undo']) }, lap)
lap('stages')
const workers = openWorkers()
for (const stage of stages) {
  const c = await copyTown(server, stage.town, { database: `${server.template}_x${stage.name.replaceAll('-','')}`, dataDir: join(folder, 'x' + stage.name) })
  lap('copy '+stage.name)
  const r = await workers.finish({ place: placeOf(server, c, stage.today), operation: stage.operation, counter: join(folder, 'c') + stage.name })
  lap(`finish ${JSON.stringify(r)}`)
  console.log(await look(withDatabase(server.adminUrl, c.database), (ask) => findViolations(ask, { today: stage.today })))
  lap('violations')
  await look(withDatabase(server.adminUrl, c.database), fingerprintOf)
  lap('fingerprint')
}
await workers.close()
} finally { await stop() }
