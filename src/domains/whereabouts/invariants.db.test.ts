import { sql } from 'kysely'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { ChildId } from '../../kernel/ids.ts'
import { type Tx, violatedConstraint } from '../../platform/db/index.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { day, makeTestBooks, OPENING, postEntries, type TestBooks } from './books.test.server.ts'
import { markClosed, openBooks } from './day-store.server.ts'
import { drawPosting } from './posting-store.server.ts'

/** The books' own invariants, attacked past every command: as the system, which may write all of these tables. */
const { db, admin } = await testDatabase()
let books: TestBooks
let child: ChildId
let missing: ChildId

beforeAll(async () => {
  books = await makeTestBooks({ db, admin })
  await db.asSystem('test', (tx) => openBooks(tx, OPENING, new Date()))
})

beforeEach(async () => {
  const [one, two] = await books.newChildren(2)
  child = one!
  missing = two!
  const place = { registered: books.villages[0]!, evidenceId: books.evidence[0]!, from: OPENING, obligedFrom: OPENING }
  await postEntries(db, 'ground', [
    { ...place, childId: child, account: 'here', school: books.schools[0]! },
    { ...place, childId: missing, account: 'to-verify' },
  ])
})

const draw = (tx: Tx) => drawPosting(tx, { source: 'correction', sourceKey: 'attack', authorId: null })
const refusal = (work: (tx: Tx) => Promise<unknown>): Promise<string | undefined> =>
  db.asSystem('test.attack', work).then(
    () => 'taken',
    (error) => violatedConstraint(error) ?? error.sqlState ?? error.code,
  )
const insert = (tx: Tx, of: ChildId, days: string, account: number, posting: number) =>
  sql`insert into whereabouts_span (child_id, valid, account_id, unexplained, r_unit_id, evidence_id, posted_by)
    values (${of}, ${days}::daterange, ${account}, ${account > 400 && account < 500}, ${books.villages[0]!}, ${books.evidence[0]!}, ${posting})`.execute(
    tx,
  )

test('[BOOK-2] two accounts on one day', async () => {
  expect(await refusal(async (tx) => insert(tx, child, `[${day(3)},)`, 102, await draw(tx)))).toBe(
    'one_whereabouts_a_day',
  )
})

test('[BOOK-2] a day without whereabouts: nothing, too little, or an obligation without an entry', async () => {
  const supersede = async (tx: Tx) => {
    const posting = await draw(tx)
    await sql`update whereabouts_span set superseded_by = ${posting} where child_id = ${child}`.execute(tx)
    return posting
  }
  expect(await refusal(supersede)).toBe('whereabouts_no_gap')
  expect(await refusal(async (tx) => insert(tx, child, `[${day(3)},)`, 102, await supersede(tx)))).toBe(
    'whereabouts_no_gap',
  )
  const [fresh] = await books.newChildren(1)
  const oblige = (tx: Tx) => sql`update child set obliged = '[2026-09-05,)' where child_id = ${fresh!}`.execute(tx)
  expect(await refusal(oblige)).toBe('whereabouts_no_gap')
})

test('[BOOK-2] an unexplained child without an open file', async () => {
  expect(
    await refusal(async (tx) => {
      const posting = await draw(tx)
      await sql`update whereabouts_span set superseded_by = ${posting} where child_id = ${child}`.execute(tx)
      await insert(tx, child, `[${OPENING},)`, 401, posting)
    }),
  ).toMatch(/check/)
})

test('[BOOK-2] closing the file alone, giving it to another child, deleting it', async () => {
  const close = async (tx: Tx) =>
    sql`update case_file set open = null, closed_day = ${OPENING}::date, closed_by = ${await draw(tx)}, outcome = 'explained'
      where child_id = ${missing}`.execute(tx)
  expect(await refusal(close)).toMatch(/fkey/)
  expect(
    await refusal((tx) => sql`update case_file set child_id = ${child} where child_id = ${missing}`.execute(tx)),
  ).toMatch(/fkey/)
  expect(await refusal((tx) => sql`delete from case_file where child_id = ${missing}`.execute(tx))).toBe('42501')
})

test('[BOOK-2] a file without a person or a day', async () => {
  const forget = (tx: Tx) => sql`update case_file set owner_id = null where child_id = ${missing}`.execute(tx)
  expect(await refusal(forget)).toMatch(/check/)
})

test('[BOOK-2] a second account for one child under the same number, an account that lies about being explained', async () => {
  const lie = async (tx: Tx) =>
    sql`insert into whereabouts_span (child_id, valid, account_id, unexplained, evidence_id, posted_by)
      values (${(await books.newChildren(1))[0]!}, '[2026-09-05,)', 401, false, ${books.evidence[0]!}, ${await draw(tx)})`.execute(
      tx,
    )
  expect(await refusal(lie)).toBe('span_account')
})

test('[BOOK-3] history: no entry is edited, deleted or superseded twice', async () => {
  const edits = ['account_id = 102', `valid = '[2026-09-04,)'`, 'r_unit_id = null', 'posted_by = posted_by - 1']
  for (const edit of edits)
    expect(
      await refusal((tx) => sql`update whereabouts_span set ${sql.raw(edit)} where child_id = ${child}`.execute(tx)),
    ).toBe('42501')
  for (const edit of edits)
    await expect(admin(`update whereabouts_span set ${edit} where child_id = ${child}`)).rejects.toThrow(
      'only be superseded',
    )
  expect(await refusal((tx) => sql`delete from whereabouts_span where child_id = ${child}`.execute(tx))).toBe('42501')
  await expect(admin(`delete from whereabouts_span where child_id = ${child}`)).rejects.toThrow('never deleted')
  await postEntries(db, 'later', [
    {
      childId: child,
      from: OPENING,
      account: 'other-province',
      registered: books.villages[0]!,
      evidenceId: books.evidence[0]!,
    },
  ])
  const again = async (tx: Tx) =>
    sql`update whereabouts_span set superseded_by = ${await draw(tx)} where child_id = ${child} and superseded_by is not null`.execute(
      tx,
    )
  expect(await refusal(again)).toBe('span_append_only')
})

test('[BOOK-4] nothing is written under the posting of another transaction', async () => {
  const old = await db.asSystem('test', draw)
  expect(
    await refusal((tx) =>
      sql`update whereabouts_span set superseded_by = ${old} where child_id = ${child}`.execute(tx),
    ),
  ).toBe('own_posting')
  const [fresh] = await books.newChildren(1)
  expect(await refusal((tx) => insert(tx, fresh!, '[2026-09-05,)', 101, old))).toBe('own_posting')
  const move = (tx: Tx) =>
    sql`insert into balance_movement (base, level, unit_id, account_id, evidence_id, day, posting_id, n)
      values ('R', 'leaf', ${books.villages[0]!}, 101, ${books.evidence[0]!}, '2026-09-05', ${old}, 1)`.execute(tx)
  expect(await refusal(move)).toBe('own_posting')
  const confirm = (tx: Tx) =>
    sql`insert into evidence_confirmation values (${books.evidence[1]!}, ${old}, '2026-09-05', '2027-01-01')`.execute(
      tx,
    )
  expect(await refusal(confirm)).toBe('own_posting')
})

test('[BOOK-4] a posting takes the next number, whatever it is given, and is never changed', async () => {
  const { rows } = await db.asSystem('test', (tx) =>
    sql<{
      posting_id: number
    }>`insert into posting (posting_id, source, source_key) values (1, 'run', 'x') returning posting_id`.execute(tx),
  )
  expect(rows[0]!.posting_id).toBeGreaterThan(3)
  for (const statement of [
    'update posting set source_key = $$y$$',
    'delete from posting',
    'delete from balance_movement',
    'update balance_movement set n = 1',
    'delete from closed_day',
  ])
    expect(await refusal((tx) => sql.raw(statement).execute(tx))).toBe('42501')
})

test('[BOOK-2] a unit that is none, a school that is none', async () => {
  const [fresh] = await books.newChildren(1)
  const at = (column: string, unit: number) => async (tx: Tx) =>
    sql`insert into whereabouts_span (child_id, valid, account_id, unexplained, ${sql.raw(column)}, evidence_id, posted_by)
      values (${fresh!}, '[2026-09-05,)', 101, false, ${unit}, ${books.evidence[0]!}, ${await draw(tx)})`.execute(tx)
  expect(await refusal(at('r_unit_id', 99_999))).toBe('whereabouts_span_r_unit_id')
  expect(await refusal(at('s_school_id', books.villages[0]!))).toBe('whereabouts_span_s_school_id')
})

test('[BOOK-10] a skipped day, a day twice', async () => {
  expect(await refusal((tx) => markClosed(tx, day(2), null, new Date()))).toBe('closed_day_in_order')
  await db.asSystem('test', (tx) => markClosed(tx, day(1), null, new Date()))
  expect(await refusal((tx) => markClosed(tx, day(1), null, new Date()))).toBe('closed_day_in_order')
  expect(await db.asSystem('test', (tx) => openBooks(tx, day(9), new Date()))).toBe(OPENING)
})
