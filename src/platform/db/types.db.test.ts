import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'

const { db } = await testDatabase()

test('[DB-4] a day stays the text it is, a bigint becomes a number, and a bigint beyond 2^53 is refused', async () => {
  await db.asSystem('test', async (tx) => {
    const { rows } =
      await sql`select date '2026-08-31' as day, array[date '2026-08-31'] as days, 9007199254740991::bigint as big,
      array[1, null]::bigint[] as bigs, 0.10::numeric as share`.execute(tx)
    expect(rows).toEqual([
      { day: '2026-08-31', days: ['2026-08-31'], big: 9007199254740991, bigs: [1, null], share: '0.10' },
    ])
  })
  await expect(db.asSystem('test', (tx) => sql`select 9007199254740992::bigint`.execute(tx))).rejects.toThrow('2^53')
})

test('[TIME-1] the session speaks the time of China', async () => {
  await db.asSystem('test', async (tx) => {
    const { rows } = await sql<{ day: string }>`select timestamptz '2026-08-30T16:30:00Z'::date as day`.execute(tx)
    expect(rows).toEqual([{ day: '2026-08-31' }])
  })
})
