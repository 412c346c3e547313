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
const KILLS = 5

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
    if (killed === KILLS) {
      await once(victim, 'exit')
      ended = true
      expect(victim.exitCode).toBe(0)
      continue
    }
    await once(victim.stdout ?? victim, 'data')
    await sleep(20 + Math.random() * 120)
    victim.kill('SIGKILL')
    await once(victim, 'exit')
    killed += 1
    expect(await half()).toEqual([])
  }
  expect(await books.system(findLastClosedDay)).toBe(day)
  const [sums] = await books.admin<{ spans: number; files: number; postings: number }>(
    `select (select count(*) from whereabouts_span where superseded_by is null and unexplained and upper_inf(valid))::int as spans,
       (select count(*) from case_file where open)::int as files,
       (select count(*) from posting where source = 'close' and source_key = $1)::int as postings`,
    [day],
  )
  expect(sums).toMatchObject({ spans: CHILDREN, files: CHILDREN })
  // Every child was posted once: chunks of 25, however often the work began anew.
  expect(sums?.postings).toBe(CHILDREN / 25)
})

function start(day: string): ChildProcess {
  const script = join(import.meta.dirname, 'close-day-victim.test.server.ts')
  return spawn(process.execPath, [script, books.appUrl, day, '2026-11-20'], { stdio: ['ignore', 'pipe', 'inherit'] })
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
