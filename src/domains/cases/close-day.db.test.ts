import { beforeEach, describe, expect, test } from 'vitest'
import { type ChildId, unitId } from '../../kernel/ids.ts'
import { addDays, plainDate } from '../../kernel/plain-date.ts'
import { addTie, retie } from '../persons/server.ts'
import { confirmEvidence, findLastClosedDay, makeEvidence, stage } from '../whereabouts/server.ts'
import { OPENING, testBooks } from './books.test.server.ts'
import { closeDay, closeDaysUntil } from './close-day.commands.server.ts'
import { openAndPost } from './posting.server.ts'

const books = await testBooks()
const { places, services } = books
const home = { registered: unitId(places.township) }

beforeEach(() => books.setToday('2026-11-20'))

async function lastClosed() {
  return (await books.system(findLastClosedDay)) ?? OPENING
}

async function nextDay() {
  return addDays(await lastClosed(), 1)
}

/** What stands for a child from now on, with the day it began and whether a file is open. */
async function standing(childId: ChildId) {
  const rows = await books.admin<{ code: string; from: string; file: boolean }>(
    `select a.code, lower(s.valid)::text as from, f.open is not null as file from whereabouts_span s
       join book_account a using (account_id) left join case_file f on f.case_id = s.case_id and f.open
     where s.child_id = $1 and s.superseded_by is null and upper_inf(s.valid)`,
    [childId],
  )
  return rows[0]
}

async function countPostings(): Promise<number> {
  const [row] = await books.admin<{ count: number }>('select count(*)::int as count from posting')
  return row?.count ?? 0
}

describe('what falls due', () => {
  test('[CASE-11] a pause that ends, evidence that is too old and a sixteenth birthday become files; the rest stays', async () => {
    const day = await nextDay()
    const paused = await books.child(home)
    const away = await books.child(home)
    const sixteen = await books.child({ ...home, birth: `2010-${day.slice(5)}` })
    const calm = await books.child(home)
    await books.system(async (tx) => {
      const evidenceId = await makeEvidence(tx, 'certificate')
      await stage(tx, [
        { childId: away, account: 'other-province', from: OPENING, obligedFrom: OPENING, evidenceId, ...home },
      ])
      const { postingId } = await openAndPost(tx, { source: 'run', sourceKey: 'run-1', authorId: null }, OPENING)
      await confirmEvidence(tx, { evidenceId, confirmedDay: OPENING, expiresDay: day, postingId: postingId! })
    })
    await books.post([
      { childId: paused, account: 'sick-leave', pauseUntil: day, ...home },
      { childId: sixteen, account: 'not-located', ...home },
      { childId: calm, account: 'here', ...home, school: unitId(places.school) },
    ])
    const [before] = await books.files(sixteen)

    expect(await closeDay(services, day)).toEqual({ day, isNew: true, posted: 3 })
    expect(await standing(paused)).toEqual({ code: 'to-verify', from: day, file: true })
    expect(await standing(away)).toEqual({ code: 'to-verify', from: day, file: true })
    expect(await standing(sixteen)).toEqual({ code: 'over-age', from: day, file: true })
    expect(await standing(calm)).toMatchObject({ code: 'here', file: false })
    const [file] = await books.files(sixteen)
    expect(file).toMatchObject({ case_id: before?.case_id, stage: 'task', due_day: before?.due_day })
    // The owner gets the file today, whatever day it fell due on.
    expect((await books.files(paused))[0]).toMatchObject({ opened_day: '2026-11-20', due_day: '2026-11-27' })
  })

  test('[CASE-11] closing the same day again changes nothing', async () => {
    const day = await lastClosed()
    const postings = await countPostings()
    expect(await closeDay(services, day)).toEqual({ day, isNew: false, posted: 0 })
    expect(await countPostings()).toBe(postings)
  })

  test('[CASE-11] two closers at once close a day once', async () => {
    const day = await nextDay()
    await pausedUntil(day, 5)
    const both = await Promise.all([closeDay(services, day), closeDay(services, day)])
    expect(both.map(({ isNew }) => isNew).sort()).toEqual([false, true])
    expect(both.reduce((sum, { posted }) => sum + posted, 0)).toBe(5)
  })
})

describe('the order of the days', () => {
  test('[CASE-11] a skipped day and a day that is not over are refused', async () => {
    const day = addDays(await lastClosed(), 2)
    await expect(closeDay(services, day)).rejects.toThrowError(expect.objectContaining({ code: 'BOOK.DAY_ORDER' }))
    books.setToday(await nextDay())
    await expect(closeDay(services, await nextDay())).rejects.toThrowError(
      expect.objectContaining({ code: 'BOOK.DAY_ORDER' }),
    )
  })

  test('[CASE-11] missed days are caught up in order, each with what fell due on it', async () => {
    const from = await nextDay()
    const children = [...(await pausedUntil(from, 1)), ...(await pausedUntil(addDays(from, 2), 1))]
    const closed = await closeDaysUntil(services, addDays(from, 2))
    expect(closed.map(({ day, posted }) => [day, posted])).toEqual([
      [from, 1],
      [addDays(from, 1), 0],
      [addDays(from, 2), 1],
    ])
    expect(await Promise.all(children.map(standing))).toMatchObject([{ from }, { from: addDays(from, 2) }])
    expect(await closeDaysUntil(services, addDays(from, 2))).toEqual([])
  })

  test('[CASE-11] the clock set back: refused, warned of, nothing written', async () => {
    const last = await lastClosed()
    books.setToday(addDays(last, -1))
    const postings = await countPostings()
    await expect(closeDay(services, last)).rejects.toThrowError(expect.objectContaining({ code: 'BOOK.DAY_ORDER' }))
    await expect(closeDay(services, addDays(last, 1))).rejects.toThrowError(
      expect.objectContaining({ code: 'BOOK.DAY_ORDER' }),
    )
    expect(books.lines.some((line) => line.includes('book.clock-back'))).toBe(true)
    expect(await countPostings()).toBe(postings)
    expect(await lastClosed()).toBe(last)
  })
})

test('[CASE-12] a close that broke off in the middle goes on where it stopped: nothing lost, nothing twice', async () => {
  const day = await nextDay()
  const good = await pausedUntil(day, 4)
  const bad = await pausedUntil(day, 3, places.other)
  const posts = await books.admin<{ post_id: number }>(
    `update post set until_day = '2026-11-02' where role_id = any ($1) returning post_id`,
    [['city-admin', 'district-admin']],
  )
  const isGoodFirst = places.township < places.other
  await expect(closeDay(services, day, { chunk: 2 })).rejects.toThrowError(
    expect.objectContaining({ code: 'CASE.NOBODY_ANSWERS' }),
  )
  expect(await lastClosed()).toBe(addDays(day, -1))
  const half = (await books.files(...good, ...bad)).length
  expect(half).toBe(isGoodFirst ? 4 : 0)
  await books.admin('update post set until_day = null where post_id = any ($1)', [posts.map((row) => row.post_id)])
  expect(await closeDay(services, day, { chunk: 2 })).toEqual({ day, isNew: true, posted: 7 - half })
  expect(await books.files(...good, ...bad)).toHaveLength(7)
  const spans = await books.admin<{ count: number }>(
    `select count(*)::int as count from whereabouts_span where child_id = any ($1::bigint[]) and superseded_by is null`,
    [[...good, ...bad]],
  )
  expect(spans[0]?.count).toBe(14)
})

test('[CASE-3] at the close, who left is followed by the next, and a stand-in gives back', async () => {
  const day = await nextDay()
  const [here, there] = [await books.child(home), await books.child({ registered: places.other })]
  await books.post([
    { childId: here, ...home },
    { childId: there, registered: unitId(places.other) },
  ])
  expect((await books.files(there))[0]).toMatchObject({ is_stand_in: true })
  const officer = await books.staffOf('head-two')
  const townOfficer = await books.staffOf('town-officer')
  const post = `insert into post (staff_id, unit_id, role_id, duty, from_day, units)
    select $1, unit_id, $2, 'none', '2026-11-02', path from unit where unit_id = $3`
  await books.admin(post, [officer, 'district-officer', places.other])
  await books.admin(post, [officer, 'township-officer', places.township])
  await books.admin(`update post set until_day = '2026-11-10' where staff_id = $1`, [townOfficer])
  await closeDay(services, day)
  expect((await books.files(there))[0]).toMatchObject({ owner_id: officer, is_stand_in: false })
  expect((await books.files(here))[0]).toMatchObject({ owner_unit_id: places.township, owner_id: officer })
  await books.admin(`update post set until_day = null where staff_id = $1`, [townOfficer])
})

test('[CASE-8] whose tie ended by the calendar no longer sees the child after the close', async () => {
  const day = await nextDay()
  const childId = await books.child(home)
  await books.system(async (tx) => {
    await addTie(tx, { childId, kind: 'living', unitId: home.registered, from: OPENING, source: 'officer' })
    await addTie(tx, { childId, kind: 'school', unitId: unitId(places.school), from: OPENING, source: 'officer' })
    await retie(tx, [childId], OPENING)
  })
  await books.admin(
    `update tie set valid = daterange(lower(valid), $2::date + 1) where child_id = $1 and kind = 'school'`,
    [childId, day],
  )
  const seen = async () =>
    (await books.admin<{ units: number[] }>('select units from child where child_id = $1', [childId]))[0]
  expect((await seen())?.units).toContain(places.school)
  await closeDay(services, day)
  expect((await seen())?.units).not.toContain(places.school)
})

/** Children whose sick leave ends on `day`. */
async function pausedUntil(day: string, count: number, at: number = places.township): Promise<ChildId[]> {
  const children = await books.children(count, { registered: at })
  await books.post(
    children.map((childId) => ({
      childId,
      account: 'sick-leave' as const,
      pauseUntil: plainDate(day),
      registered: unitId(at),
    })),
  )
  return children
}

test('[CASE-11] a 31 August on which children only leave the balance closes too', async () => {
  books.setToday('2027-09-02')
  const gone = await books.child(home)
  await books.post([{ childId: gone, account: 'moved-out', registered: home.registered }])
  await closeDaysUntil(services, plainDate('2027-09-01'))
  expect(await lastClosed()).toBe('2027-09-01')
  expect(await standing(gone)).toBeUndefined()
})
