import { Problem } from '../kernel/problem.ts'
import { createClock } from '../platform/clock.ts'
import { readConfig } from '../platform/config.ts'
import { createLog, errorFields } from '../platform/log.ts'
import { appWords as words } from './app-words.ts'
import { makeDemoBooks } from './demo-books.ts'
import { findDemo } from './first-load.ts'
import { createLogSink } from './log-file.ts'
import { type Product, startProduct } from './product.ts'

/** Longest that stopping may take; the next start puts in order what is left. */
const STOP_MS = 25_000

// `npm start`: starts the product, says where it is and who may sign in, and stops everything on Ctrl-C [START-2].
const clock = createClock()
const sink = createLogSink(process.stderr)
const log = createLog(sink, clock.now)
let product: Product | undefined
let isStopping = false

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void leave(0))
process.on('unhandledRejection', (error) => {
  log.error('process.unhandled', {
    error: error instanceof Error ? error.name : typeof error,
    stack: error instanceof Error ? error.stack : undefined,
  })
})

try {
  const config = readConfig(process.env, process.cwd())
  sink.openIn(config.dataDir)
  product = await startProduct(config, log)
  if (isStopping) await leave(0)
  console.log(`\n${words.ready(product.address)}\n${words.reader(`${product.address}/api/v1/reference`)}`)
  for (const { login, password, role } of product.firstAccounts?.rows ?? []) {
    if (login === product.firstAccounts?.rows[0]?.login) console.log(words.firstHead)
    console.log(words.accountWithPassword(login, password, role))
  }
  const demo = await findDemo(config)
  if (demo !== undefined) {
    console.log(`${words.demoHead(config.demoScale)}${demo.password}`)
    for (const { login, role, unit } of demo.accounts) console.log(words.account(login, role, unit))
  }
  console.log(words.stop)
  if (demo !== undefined) {
    const { clock } = product.services
    await makeDemoBooks({ address: product.address, demo, today: clock.today(), log }).catch((error: unknown) =>
      log.error('demo.books-failed', errorFields(error)),
    )
  }
} catch (error) {
  console.error(`${words.cannotStart}${told(error)}`)
  if (!(error instanceof Problem))
    log.error('product.cannot-start', { error: String(error), stack: error instanceof Error ? error.stack : undefined })
  await leave(1)
}

async function leave(code: number): Promise<void> {
  if (isStopping) return
  isStopping = true
  console.log(words.stopping)
  setTimeout(() => process.exit(code || 1), STOP_MS).unref()
  await product?.stop().catch((error: unknown) => log.error('product.stop-failed', { error: String(error) }))
  process.exit(code)
}

/** [START-3] What prevents a start, in one sentence. */
function told(error: unknown): string {
  if (error instanceof Problem) return error.message
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return words.portTaken(Number(process.env.PORT ?? 3000))
  if (code === 'EADDRNOTAVAIL' || code === 'EACCES') return words.cannotListen(process.env.HOST ?? '127.0.0.1')
  return error instanceof Error ? error.message : String(error)
}
