import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { keysOf, openKeys } from './keys.ts'
import { resealColumns } from './reseal.ts'
import { fixedClock } from './testing/clock.ts'
import { testDatabase } from './testing/database.ts'

const { db, admin } = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), 'baoxue-reseal-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const keys = await openKeys({ path: join(folder, 'key.json'), db, clock: fixedClock('2026-09-01T08:00:00Z') })
await admin(`create table public.sealed_thing (thing_id bigint primary key, note bytea);
  grant select, update on public.sealed_thing to baoxue_system`)
const COLUMN = { table: 'sealed_thing', key: 'thing_id', column: 'note', context: 'sealed_thing.note' }
const ROWS = 4_500

test('[SEC-18] every value is sealed anew, none is lost, and the new key alone opens them', async () => {
  for (let id = 1; id <= ROWS; id += 1_500) {
    const values = Array.from({ length: 1_500 }, (_, i) => keys.seal(`值${id + i}`, COLUMN.context))
    const ids = values.map((_, i) => id + i)
    await admin('insert into sealed_thing select * from unnest($1::bigint[], $2::bytea[])', [ids, values])
  }
  await admin('insert into sealed_thing values (0, null)')
  await keys.rotate()
  const signal = new AbortController().signal
  expect(await resealColumns({ db, keys }, [COLUMN], signal)).toBe(ROWS)
  expect(await resealColumns({ db, keys }, [COLUMN], signal)).toBe(0)
  const { sealing, ...rest } = keys.material()
  const onlyNew = keysOf({ ...rest, sealing: sealing.slice(-1) })
  const rows = await admin<{ thing_id: string; note: Buffer | null }>('select * from sealed_thing order by thing_id')
  expect(rows.length).toBe(ROWS + 1)
  for (const { thing_id, note } of rows) {
    expect(note === null ? '值0' : onlyNew.open(note, COLUMN.context)).toBe(`值${thing_id}`)
  }
})

test('[SEC-18] stops when told to', async () => {
  await keys.rotate()
  await expect(resealColumns({ db, keys }, [COLUMN], AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop')
})
