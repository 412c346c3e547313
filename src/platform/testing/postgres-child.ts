import { createLog } from '../log.ts'
import { startPostgres } from '../postgres/index.ts'

/**
 * A program that runs the embedded server, for tests that kill it: `node postgres-child.ts <data folder> [exit]`.
 * Prints one line of JSON when the server answers, or the code and sentence of what stopped it.
 */
const [dataDir = '', ending = 'wait'] = process.argv.slice(2)
try {
  const server = await startPostgres({ dataDir, log: createLog(process.stderr, () => new Date()), isThrowaway: true })
  process.once('SIGINT', () => void server.stop().then(() => process.exit(0)))
  console.log(JSON.stringify({ adminUrl: server.adminUrl, pid: server.pid() }))
  if (ending === 'exit') process.exit(3)
  setInterval(() => {}, 60_000)
} catch (error) {
  console.log(JSON.stringify({ refused: error instanceof Error ? error.message : 'unknown' }))
}
