import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { unitId } from '../../kernel/ids.ts'
import { addDays } from '../../kernel/plain-date.ts'
import { findLastClosedDay } from '../whereabouts/server.ts'
import { OPENING, testBooks } from './books.test.server.ts'

const books = await testBooks()
const { places } = books
const CHILDREN = 600
const KILLS = 3

test('[CASE-12] a close killed again and again ends whole: nothing lost, nothing twice, nothing half', {
  timeout: 90_000,
}, async () => {
  const day = addDays(OPENING, 1)
  const children = await books.children(CHILDREN, { registered: places.township })
  await books.post(
    children.map((childId) => ({
      childId,
      account: 'sick-leave' as const,
      pauseUntil: day,
      registered: unitId(places.township),
    })),
  )
  let killed = 0
  for (let ended = false; !ended; ) {
    const victim = start(day)
    const exit = once(victim, 'exit')
    if (killed < KILLS) {
      // In the middle for certain: some of its chunks stand, the next is on its way.
      const before = await countChunks(day)
      while ((await countChunks(day)) === before) await sleep(2)
      await sleep(Math.random() * 15)
      victim.kill('SIGKILL')
      killed += 1
    }
    await exit
    ended = victim.exitCode === 0
    expect(ended || victim.signalCode === 'SIGKILL').toBe(true)
    expect(await half()).toEqual([])
  }
  expect(await books.system(findLastClosedDay)).toBe(day)
  const [sums] = await books.admin<{ spans: number; files: number }>(
    `select (select count(*) from whereabouts_span where superseded_by is null and unexplained and upper_inf(valid))::int as spans,
       (select count(*) from case_file where open)::int as files`,
  )
  expect(sums).toMatchObject({ spans: CHILDREN, files: CHILDREN })
  // Every child was posted once: chunks of 25, however often the work began anew.
  expect(await countChunks(day)).toBe(CHILDREN / 25)
  expect(killed).toBe(KILLS)
})

async function countChunks(day: string): Promise<number> {
  const [row] = await books.admin<{ count: number }>(
    `select count(*)::int as count from posting where source = 'close' and source_key = $1`,
    [day],
  )
  return row?.count ?? 0
}

function start(day: string): ChildProcess {
  const script = join(import.meta.dirname, 'close-day-victim.test.server.ts')
  return spawn(process.execPath, [script, books.appUrl, day, '2026-11-20'], { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Children whose entry, file and tie do not agree. */
function half(): Promise<object[]> {
  return books.admin(
    `select c.child_id from child c
       join whereabouts_span s on s.child_id = c.child_id and s.superseded_by is null and upper_inf(s.valid)
       left join case_file f on f.child_id = c.child_id and f.open
       left join tie t on t.child_id = c.child_id and t.kind = 'answers' and upper_inf(t.valid)
     where s.unexplained <> (f.case_id is not null) or s.unexplained <> (t.tie_id is not null)`,
  )
}
