import { type ColumnType, type Generated, sql } from 'kysely'
import type { Database, Tx } from './db/index.ts'
import { errorFields, type Log } from './log.ts'
import { codeOf } from './problem-of.ts'

/** Ids, codes and numbers only: payloads stand in plain text in tables and logs. */
export type IdPayload = Readonly<Record<string, string | number | boolean | null>>

export interface OutboxEvent {
  readonly topic: string
  /** The same key is delivered once however often it was published. */
  readonly key: string
  readonly payload: IdPayload
}

export interface Outbox {
  /** [SEC-30] In the caller's transaction: the news leaves exactly when the change is committed. */
  publish(tx: Tx, event: OutboxEvent): Promise<void>
  /** At least once, after the commit, as the system. A handler must bear being called again for the same key. */
  on(topic: string, handler: (event: OutboxEvent) => Promise<void>): void
  /** Delivers what is due now; answers how many. */
  deliver(): Promise<number>
  /** Forgets what was delivered more than a week ago; done by itself once an hour. */
  sweep(): Promise<void>
  start(): void
  stop(): Promise<void>
}

type OutboxTables = {
  outbox: {
    outbox_id: Generated<number>
    topic: string
    key: string
    payload: ColumnType<IdPayload, string, never>
    created_at: Generated<Date>
    attempts: Generated<number>
    next_at: Generated<Date>
    delivered_at: Date | null
    problem: string | null
  }
}

/** Half a second: what a person still takes for "at once", two cheap index look-ups a second. */
const POLL_MS = 500
const SWEEP_MS = 3600_000
const KEPT_DAYS = 7
/** Doubling from a second to five minutes, so that a receiver that is down for an hour is not asked a thousand times. */
const LONGEST_WAIT_SECONDS = 300

export function createOutbox({ db, log }: { readonly db: Database; readonly log: Log }): Outbox {
  const handlers = new Map<string, ((event: OutboxEvent) => Promise<void>)[]>()
  let timer: NodeJS.Timeout | undefined
  let isStopping = false
  let sweptAt = Number.NEGATIVE_INFINITY
  let running: Promise<unknown> = Promise.resolve()

  /** One event, one transaction: the row stays locked while it is delivered, so two processes never deliver it at once. */
  async function deliverOne(): Promise<boolean> {
    return await db.asSystem('outbox.deliver', async (tx) => {
      const outbox = tx.withTables<OutboxTables>()
      const row = await outbox
        .selectFrom('outbox')
        .select(['outbox_id', 'topic', 'key', 'payload', 'attempts'])
        .where('delivered_at', 'is', null)
        .where('next_at', '<=', sql<Date>`now()`)
        .where('topic', 'in', [...handlers.keys()])
        .orderBy('outbox_id')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst()
      if (row === undefined) return false
      const result = await attempt(row)
      await outbox.updateTable('outbox').set(result).where('outbox_id', '=', row.outbox_id).execute()
      return true
    })
  }

  async function attempt(row: OutboxEvent & { readonly attempts: number }) {
    try {
      for (const handler of handlers.get(row.topic) ?? []) await handler(row)
      return { delivered_at: sql<Date>`now()`, problem: null }
    } catch (error) {
      log.warn('outbox.undelivered', { topic: row.topic, attempts: row.attempts + 1, ...errorFields(error) })
      const wait = Math.min(2 ** row.attempts, LONGEST_WAIT_SECONDS)
      return {
        attempts: row.attempts + 1,
        next_at: sql<Date>`now() + make_interval(secs => ${wait})`,
        problem: codeOf(error),
      }
    }
  }

  async function deliver(): Promise<number> {
    if (handlers.size === 0) return 0
    let delivered = 0
    while (!isStopping && (await deliverOne())) delivered += 1
    return delivered
  }

  async function sweep(): Promise<void> {
    await db.asSystem('outbox.sweep', (tx) =>
      tx
        .withTables<OutboxTables>()
        .deleteFrom('outbox')
        .where('delivered_at', '<', sql<Date>`now() - make_interval(days => ${KEPT_DAYS})`)
        .execute(),
    )
  }

  async function sweepHourly(): Promise<void> {
    if (performance.now() - sweptAt < SWEEP_MS) return
    await sweep()
    sweptAt = performance.now()
  }

  function poll(): void {
    timer = setTimeout(() => {
      running = deliver()
        .then(sweepHourly)
        .catch((error: unknown) => log.warn('outbox.stalled', errorFields(error)))
        .then(() => {
          if (!isStopping) poll()
        })
    }, POLL_MS)
  }

  return {
    async publish(tx, { topic, key, payload }) {
      refuseText(payload)
      await tx
        .withTables<OutboxTables>()
        .insertInto('outbox')
        .values({ topic, key, payload: JSON.stringify(payload) })
        .onConflict((clash) => clash.doNothing())
        .execute()
    },
    on(topic, handler) {
      handlers.set(topic, [...(handlers.get(topic) ?? []), handler])
    },
    deliver,
    sweep,
    start: poll,
    async stop() {
      isStopping = true
      clearTimeout(timer)
      await running
    },
  }
}

const ID_TEXT = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}$/
/** Seven digits or more in a row, outside a UUID's groups, may be a phone or an ID number. */
const LONG_NUMBER = /(?<![0-9a-f-])\d{7,}(?![0-9a-f-])/

/** [SEC-31] A name, a phone or a sentence in a payload is a bug, found at the first call. */
export function refuseText(payload: IdPayload): void {
  for (const [key, value] of Object.entries(payload)) {
    if (typeof value !== 'string') continue
    if (!ID_TEXT.test(value) || LONG_NUMBER.test(value)) throw new TypeError(`payload "${key}" is no id`)
  }
}
