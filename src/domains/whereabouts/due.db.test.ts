import { beforeAll, expect, test } from 'vitest'
import type { ChildId } from '../../kernel/ids.ts'
import { addDays, type PlainDate, plainDate } from '../../kernel/plain-date.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { accountCodeOf } from './accounts.ts'
import { day, makeTestBooks, OPENING, postEntries, postWithFiles, type TestBooks } from './books.test.server.ts'
import { openBooks, stageDue } from './day-store.server.ts'
import { confirmEvidence } from './evidence-store.server.ts'
import { drawPosting } from './posting-store.server.ts'

const { db, admin } = await testDatabase()
let books: TestBooks

beforeAll(async () => {
  books = await makeTestBooks({ db, admin })
  await db.asSystem('test', (tx) => openBooks(tx, OPENING, new Date()))
})

/** Closes one day as the slice of files does, in chunks of one; answers how many chunks it took. */
async function close(on: PlainDate): Promise<number> {
  for (let chunks = 0; ; chunks++) {
    if (chunks > 20) throw new Error('the day does not end')
    const staged = await db.asSystem('test', async (tx) => {
      const count = await stageDue(tx, on, 1)
      if (count > 0) await postWithFiles(tx, { source: 'close', sourceKey: on, authorId: null })
      return count
    })
    if (staged === 0) return chunks
  }
}

async function accountOn(child: ChildId, on: PlainDate): Promise<string | undefined> {
  const [row] = await admin<{ account_id: number }>(
    'select account_id from whereabouts_span where child_id = $1 and superseded_by is null and valid @> $2::date',
    [child, on],
  )
  return row && accountCodeOf(row.account_id)
}

const place = () => ({
  registered: books.villages[0]!,
  living: books.villages[0]!,
  evidenceId: books.evidence[0]!,
  from: OPENING,
  obligedFrom: OPENING,
})

test('[BOOK-16] a pause that ended is to be verified, on its day and not before', async () => {
  const [child] = await books.newChildren(1)
  await postEntries(db, 'pause', [{ ...place(), childId: child!, account: 'suspended', pauseUntil: day(5) }])
  await close(day(4))
  expect(await accountOn(child!, day(4))).toBe('suspended')
  await close(day(5))
  expect(await accountOn(child!, day(4))).toBe('suspended')
  expect(await accountOn(child!, day(5))).toBe('to-verify')
  expect(await close(day(5))).toBe(0)
})

test('[BOOK-17] schooled on evidence that has expired is to be verified; a fresh confirmation keeps it', async () => {
  const [kept, lost] = await books.newChildren(2)
  await db.asSystem('test', async (tx) => {
    const ground = { source: 'run', sourceKey: 'roll', authorId: null } as const
    for (const [at, expires] of [
      [1, day(20)],
      [3, day(8)],
    ] as const)
      await confirmEvidence(tx, {
        evidenceId: books.evidence[at]!,
        confirmedDay: OPENING,
        expiresDay: expires,
        postingId: await drawPosting(tx, ground),
      })
  })
  const here = { ...place(), account: 'here', school: books.schools[0]! } as const
  await postEntries(db, 'schooled', [
    { ...here, childId: kept!, evidenceId: books.evidence[1]! },
    { ...here, childId: lost!, evidenceId: books.evidence[3]! },
  ])
  await close(day(7))
  expect(await accountOn(lost!, day(7))).toBe('here')
  await close(day(8))
  expect(await accountOn(kept!, day(8))).toBe('here')
  expect(await accountOn(lost!, day(8))).toBe('to-verify')
})

test('[BOOK-14] unexplained on the sixteenth birthday is over age; schooled at sixteen stays schooled', async () => {
  const [lost, schooled, paused] = await books.newChildren(3, plainDate('2010-09-20'))
  await postEntries(db, 'sixteen', [
    { ...place(), childId: lost!, account: 'to-verify' },
    { ...place(), childId: schooled!, account: 'here', school: books.schools[0]! },
    { ...place(), childId: paused!, account: 'suspended', pauseUntil: plainDate('2026-09-22') },
  ])
  await close(plainDate('2026-09-19'))
  expect(await accountOn(lost!, plainDate('2026-09-19'))).toBe('to-verify')
  await close(plainDate('2026-09-20'))
  expect(await accountOn(lost!, plainDate('2026-09-20'))).toBe('over-age')
  expect(await accountOn(schooled!, plainDate('2026-09-20'))).toBe('here')
  await close(plainDate('2026-09-22'))
  expect(await accountOn(paused!, plainDate('2026-09-22'))).toBe('over-age')
})

test('[BOOK-15] closed by evidence: the obligation ends on the day, the balance on 1 September', async () => {
  const [child] = await books.newChildren(1)
  await postEntries(db, 'enter', [{ ...place(), childId: child!, account: 'here', school: books.schools[0]! }])
  await postEntries(db, 'moved', [
    { ...place(), from: day(10), childId: child!, account: 'moved-out', obligedFrom: undefined },
  ])
  const obliged = async () =>
    (await admin<{ obliged: string }>('select obliged::text from child where child_id = $1', [child]))[0]!.obliged
  expect(await obliged()).toBe(`[${OPENING},${day(10)})`)
  await close(plainDate('2027-08-30'))
  expect(await accountOn(child!, plainDate('2027-12-01'))).toBe('moved-out')
  await close(plainDate('2027-08-31'))
  expect(await accountOn(child!, plainDate('2027-08-31'))).toBe('moved-out')
  expect(await accountOn(child!, plainDate('2027-09-01'))).toBeUndefined()
  expect(await obliged()).toBe(`[${OPENING},${day(10)})`)
})

test('[BOOK-13] on 31 August the obligation of the cohort opens, where the books are kept, once', async () => {
  const cutOff = plainDate('2027-08-31')
  const known = await books.newChildren(1, plainDate('2021-08-31'))
  const [young] = await books.newChildren(1, plainDate('2021-09-01'))
  const [unposted] = await books.newChildren(1, plainDate('2021-03-03'))
  await admin(`insert into posting_ground values ('first', $1)`, [books.batchId])
  for (const [at, child] of [known[0]!, young!, unposted!].entries()) {
    await admin(
      `insert into tie (child_id, kind, unit_id, valid, source) values ($1, 'registered', $2, '[2026-01-01,)', 'batch')`,
      [child, books.villages[0]],
    )
    if (child !== unposted)
      await admin('insert into source_record (batch_id, row, child_id, content_key) values ($1, $2, $3, 1)', [
        books.batchId,
        at + 1,
        child,
      ])
  }
  await close(addDays(cutOff, -1))
  expect(await accountOn(known[0]!, cutOff)).toBeUndefined()
  await close(cutOff)
  expect(await accountOn(known[0]!, cutOff)).toBe('awaiting-report')
  expect(await accountOn(young!, cutOff)).toBeUndefined()
  expect(await accountOn(unposted!, cutOff)).toBeUndefined()
  await close(addDays(cutOff, 15))
  expect(await accountOn(known[0]!, addDays(cutOff, 14))).toBe('awaiting-report')
  expect(await accountOn(known[0]!, addDays(cutOff, 15))).toBe('to-verify')
})
