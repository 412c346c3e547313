import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, unitId } from '../kernel/ids.ts'
import type { Scope } from '../kernel/scope.ts'
import { createOutbox, type OutboxEvent, refuseText } from './outbox.ts'
import { testDatabase } from './testing/database.ts'

const { db, admin, log } = await testDatabase()
const scope: Scope = { kind: 'unit', unitId: unitId(10), accountId: accountId(1) }
const event: OutboxEvent = {
  topic: 'run.done',
  key: 'run-1',
  payload: { runId: '0190aaaa-0000-7000-8000-000000000001', n: 3 },
}

beforeEach(async () => {
  await admin('delete from outbox')
})

function heard(fails = 0) {
  const outbox = createOutbox({ db, log })
  const events: OutboxEvent[] = []
  let left = fails
  outbox.on('run.done', async ({ topic, key, payload }) => {
    left -= 1
    if (left >= 0) throw new Error('receiver is down')
    events.push({ topic, key, payload })
  })
  return { outbox, events }
}

describe('[SEC-30] news', () => {
  test('leaves after the commit, once a key', async () => {
    const { outbox, events } = heard()
    await db.inScope(scope, async (tx) => {
      await outbox.publish(tx, event)
      expect(await outbox.deliver()).toBe(0)
    })
    await db.inScope(scope, (tx) => outbox.publish(tx, event))
    await outbox.deliver()
    await outbox.deliver()
    expect(events).toEqual([event])
  })

  test('of a change that was rolled back never leaves', async () => {
    const { outbox, events } = heard()
    const work = db.inScope(scope, async (tx) => {
      await outbox.publish(tx, event)
      throw new Error('rolled back')
    })
    await expect(work).rejects.toThrow('rolled back')
    await outbox.deliver()
    expect(events).toEqual([])
  })

  test('that a receiver could not take comes again, later and later, and holds up no other', async () => {
    const { outbox, events } = heard(1)
    await db.inScope(scope, (tx) => outbox.publish(tx, event))
    await outbox.deliver()
    await db.inScope(scope, (tx) => outbox.publish(tx, { ...event, key: 'run-2' }))
    await outbox.deliver()
    expect(events.map(({ key }) => key)).toEqual(['run-2'])
    const [row] = await admin("select attempts, problem, next_at > now() as waits from outbox where key = 'run-1'")
    expect(row).toEqual({ attempts: 1, problem: 'SYSTEM.FAULT', waits: true })
    await admin('update outbox set next_at = now()')
    await outbox.deliver()
    expect(events.map(({ key }) => key)).toEqual(['run-2', 'run-1'])
  })

  test('is delivered once by two processes that deliver at once', async () => {
    const [one, other] = [heard(), heard()]
    await db.inScope(scope, async (tx) => {
      for (let n = 0; n < 20; n += 1) await one.outbox.publish(tx, { ...event, key: `run-${n}` })
    })
    await Promise.all([one.outbox.deliver(), other.outbox.deliver(), one.outbox.deliver(), other.outbox.deliver()])
    const keys = [...one.events, ...other.events].map(({ key }) => key)
    expect(keys).toHaveLength(20)
    expect(new Set(keys).size).toBe(20)
  })

  test('does not wait for what another process is delivering', async () => {
    const { outbox: slow } = heard()
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    slow.on('run.done', () => gate)
    await db.inScope(scope, async (tx) => {
      for (const key of ['run-1', 'run-2']) await slow.publish(tx, { ...event, key })
    })
    const delivering = slow.deliver()
    await new Promise((resume) => setTimeout(resume, 200))
    const { outbox: quick, events } = heard()
    const waited = new Promise((resume) => setTimeout(resume, 2_000, 'waited'))
    const delivered = await Promise.race([quick.deliver(), waited])
    release()
    await delivering
    expect(delivered).toBe(1)
    expect(events.map(({ key }) => key)).toEqual(['run-2'])
  })

  test('waits for a process that listens', async () => {
    const deaf = createOutbox({ db, log })
    await db.inScope(scope, (tx) => deaf.publish(tx, event))
    deaf.on('other.topic', async () => {})
    expect(await deaf.deliver()).toBe(0)
    const { outbox, events } = heard()
    await outbox.deliver()
    expect(events).toHaveLength(1)
  })

  test('is forgotten a week after it was delivered, not before, and never undelivered', async () => {
    const { outbox } = heard()
    await admin(`insert into outbox (topic, key, payload, delivered_at) values
      ('t', 'old', '{}', now() - interval '8 days'), ('t', 'new', '{}', now() - interval '6 days'), ('t', 'due', '{}', null)`)
    await outbox.sweep()
    expect((await admin('select key from outbox order by key')).map(({ key }) => key)).toEqual(['due', 'new'])
  })

  test('is delivered by itself once started, until stopped', async () => {
    const { outbox, events } = heard()
    outbox.start()
    await db.inScope(scope, (tx) => outbox.publish(tx, event))
    await expect.poll(() => events.length, { timeout: 5_000 }).toBe(1)
    await outbox.stop()
    await db.inScope(scope, (tx) => outbox.publish(tx, { ...event, key: 'run-9' }))
    await new Promise((resume) => setTimeout(resume, 700))
    expect(events).toHaveLength(1)
  })
})

test('[SEC-7] a unit writes into the outbox and reads nothing of it; without a scope nobody writes', async () => {
  const { outbox } = heard()
  await db.inScope(scope, (tx) => outbox.publish(tx, event))
  const reading = db.inScope(scope, (tx) =>
    tx.withTables<{ outbox: { topic: string } }>().selectFrom('outbox').select('topic').execute(),
  )
  await expect(reading).rejects.toMatchObject({ sqlState: '42501' })
})

describe('[SEC-31] a payload holds ids', () => {
  test.each([
    { runId: '0190aaaa-0000-7000-8000-000000000001' },
    { caseId: 17, isLate: true, unit: null },
    { name: 'reconcile.run' },
  ])('%j passes', (payload) => {
    expect(() => refuseText(payload)).not.toThrow()
  })

  test.each([{ name: '张三' }, { phone: '13812345678' }, { id: '500101201609011234' }, { text: 'two words' }])(
    '%j is refused',
    (payload) => {
      expect(() => refuseText(payload)).toThrow(TypeError)
    },
  )
})
