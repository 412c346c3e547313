import { flushCompileCache } from 'node:module'
import { Problem } from '../src/kernel/problem.ts'
import { type Operation, openPlace, type Place, perform } from './operation.ts'

/** What a worker is told to do, one at a time. */
export interface Order {
  readonly place: Place
  readonly operation: Operation
  /** Counts statements, whether a point to die at was chosen or not. */
  readonly counter: string
  /** The statement to die at. */
  readonly death: { readonly at: number; readonly how: 'before' | 'sent' | 'unheard' } | undefined
}

export type Said =
  | { readonly said: 'ready' }
  /** Services are open, the operation begins. */
  | { readonly said: 'begun' }
  | { readonly said: 'done'; readonly milliseconds: number }
  | { readonly said: 'failed'; readonly why: string }

/** One process that opens an installation and performs one operation on it; killed in the middle, with all it started. */
process.on('message', async ({ place, operation, counter, death }: Order) => {
  const { env } = process
  try {
    const { services, close } = await openPlace(place)
    env['TORTURE_GROUP'] = String(process.pid)
    env['TORTURE_COUNTER'] = counter
    env['TORTURE_AT'] = String(death?.at ?? 0)
    env['TORTURE_HOW'] = death?.how ?? 'before'
    say({ said: 'begun' })
    const startedAt = performance.now()
    await perform(services, operation)
    const milliseconds = performance.now() - startedAt
    delete env['TORTURE_COUNTER']
    await close()
    say({ said: 'done', milliseconds })
  } catch (error) {
    delete env['TORTURE_COUNTER']
    say({ said: 'failed', why: whyOf(error) })
  }
})
process.on('disconnect', () => process.exit(0))
// Whoever is killed writes no cache.
flushCompileCache()
say({ said: 'ready' })

function say(said: Said): void {
  process.send?.(said)
}

function whyOf(error: unknown): string {
  if (error instanceof Problem) return `${error.code} ${JSON.stringify(error.detail)}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
