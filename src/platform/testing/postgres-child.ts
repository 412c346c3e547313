import { setTimeout as sleep } from 'node:timers/promises'
import { createClock } from '../clock.ts'
import { connectAdmin } from '../db/migrate.ts'
import { createLog } from '../log.ts'
import { type EmbeddedServer, startPostgres } from '../postgres/index.ts'

/**
 * A program that runs the embedded server, for tests that kill it: `node postgres-child.ts <data folder> [exit]`.
 * Prints one line of JSON when the server answers, or the sentence of what stopped it. On Ctrl-C it does as the product
 * does, finishes its work with the database first, and exits with 0 only when the database was still there for that.
 */
const [dataDir = '', ending = 'wait'] = process.argv.slice(2)
try {
  const server = await startPostgres({ dataDir, log: createLog(process.stderr, createClock().now), isThrowaway: true })
  process.once('SIGINT', () => void leave(server))
  console.log(JSON.stringify({ adminUrl: server.adminUrl, pid: server.pid() }))
  if (ending === 'exit') process.exit(3)
  setInterval(() => {}, 60_000)
} catch (error) {
  console.log(JSON.stringify({ refused: error instanceof Error ? error.message : 'unknown' }))
}

async function leave(server: EmbeddedServer): Promise<void> {
  // Long enough for a server that had received the signal too.
  await sleep(300)
  const isServing = await connectAdmin(server.adminUrl).then(
    (admin) => admin.end().then(() => true),
    () => false,
  )
  await server.stop()
  process.exit(isServing ? 0 : 4)
}
