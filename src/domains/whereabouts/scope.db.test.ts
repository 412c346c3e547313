import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { accountId, type ChildId, type PostingId, type UnitId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/actor.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { day, makeTestBooks, OPENING, postEntries, type TestBooks } from './books.test.server.ts'
import { bookCommands } from './commands.ts'
import { markClosed, openBooks } from './day-store.server.ts'

const { db, admin } = await testDatabase()
const commands = bookCommands({ db, clock: { now: () => new Date(), today: () => day(3) } })
let books: TestBooks
/** One at home and schooled, one that moves, one schooled in the other district, one of the other district, one on a roll only. */
let children: ChildId[]
let first: PostingId
let second: PostingId

beforeAll(async () => {
  books = await makeTestBooks({ db, admin })
  const { villages, schools, evidence, districts, city } = books
  await db.asSystem('test', (tx) => openBooks(tx, OPENING, new Date()))
  children = await books.newChildren(5)
  const [home, moving, away, foreign, guest] = children as [ChildId, ChildId, ChildId, ChildId, ChildId]
  const from = { from: OPENING, obligedFrom: OPENING, evidenceId: evidence[0]! } as const
  first = (await postEntries(db, 'first', [
    { ...from, childId: home, account: 'here', registered: villages[0]!, living: villages[0]!, school: schools[0]! },
    { ...from, childId: moving, account: 'to-verify', registered: villages[0]!, living: villages[0]! },
    {
      ...from,
      childId: away,
      account: 'elsewhere-in-city',
      registered: villages[2]!,
      living: villages[2]!,
      school: schools[2]!,
    },
  ]))!
  second = (await postEntries(db, 'second', [
    {
      ...from,
      childId: foreign,
      account: 'to-verify',
      registered: villages[4]!,
      living: villages[4]!,
      evidenceId: evidence[3]!,
    },
    {
      ...from,
      childId: guest,
      account: 'roll-other-province',
      living: villages[5]!,
      school: schools[2]!,
      obligedFrom: undefined,
      evidenceId: evidence[3]!,
    },
  ]))!
  await db.asSystem('test', (tx) => markClosed(tx, day(1), second, new Date()))
  await postEntries(db, 'third', [
    {
      childId: moving,
      from: day(2),
      account: 'other-province',
      registered: villages[0]!,
      living: villages[4]!,
      evidenceId: evidence[0]!,
    },
  ])
  await db.asSystem('test', (tx) => markClosed(tx, day(2), null, new Date()))
  await admin(
    `insert into audit_event (at, kind, action, account_id, unit_id, units, target, outcome)
     select now(), 'read', 'child.open', 1, $1, $2, 'child:' || c, 'ok' from unnest($3::bigint[]) c`,
    [books.townships[0], [city, districts[0], books.townships[0]], children],
  )
  const ties: [ChildId, string, UnitId][] = [
    [home, 'registered', villages[0]!],
    [home, 'school', schools[0]!],
    [moving, 'registered', villages[0]!],
    [away, 'registered', villages[2]!],
    [away, 'school', schools[2]!],
    [foreign, 'registered', villages[4]!],
    [guest, 'school', schools[2]!],
  ]
  for (const [child, kind, unit] of ties)
    await admin(
      `insert into tie (child_id, kind, unit_id, valid, source) values ($1, $2, $3, '[2026-09-01,)', 'run')`,
      [child, kind, unit],
    )
  await db.asSystem('test', (tx) => sql`select retie_children(${children}::bigint[], ${OPENING}::date)`.execute(tx))
  await admin(
    `insert into book_bridge (source_key, unit_id, posting_id, as_of_day, received, errors, duplicates, cancelled, not_begun, closed, persons, carried, units)
     values ('first', $1, $2, $3, 10, 1, 2, 1, 2, 1, 3, 0, $4)`,
    [districts[0], first, OPENING, [city, districts[0]]],
  )
})

async function actorAt(unit: UnitId): Promise<Actor> {
  const [row] = await admin<{ path: number[]; kind: string }>('select path, kind from unit where unit_id = $1', [unit])
  const account = accountId(1)
  return {
    accountId: account,
    login: 'x',
    postId: 1 as never,
    roleId: 'x',
    unitId: unit,
    unitPath: row!.path,
    permissions: new Set(),
    csrf: '',
    scope: { kind: row!.kind === 'city' ? 'city' : 'unit', unitId: unit, accountId: account },
  }
}

const count = async (unit: UnitId, table: string): Promise<number> =>
  db.inScope((await actorAt(unit)).scope, async (tx: Tx) => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(tx)
    return rows[0]!.n
  })

const NOT_FOUND = { code: 'REQUEST.NOT_FOUND' }

describe('[BOOK-21] a unit sees its own sums, entries and postings', () => {
  test('what a township asks past every command', async () => {
    const [own, , other] = books.townships as [UnitId, UnitId, UnitId]
    expect(await count(own, 'whereabouts_span')).toBe(4)
    expect(await count(other, 'whereabouts_span')).toBe(1)
    expect(await count(books.city, 'whereabouts_span')).toBe(7)
    const [mine] = await admin<{ n: string }>(
      `select count(*) as n from balance_movement m join unit u using (unit_id) where u.path @> array[$1::int]`,
      [own],
    )
    expect(await count(own, 'balance_movement')).toBe(Number(mine!.n))
    expect(Number(mine!.n)).toBeGreaterThan(0)
    expect(await count(own, 'book_bridge')).toBe(0)
    expect(await count(books.districts[0]!, 'book_bridge')).toBe(1)
    expect(await count(books.districts[1]!, 'book_bridge')).toBe(0)
  })

  test('postings of others are not there, their numbers and times neither', async () => {
    expect(await count(books.townships[0]!, 'posting')).toBe(2)
    expect(await count(books.townships[1]!, 'posting')).toBe(1)
    expect(await count(books.city, 'posting')).toBe(4)
    const { postings, latest } = await commands.readDays(await actorAt(books.townships[0]!))
    expect(postings.map((posting) => posting.postingId)).toEqual([second + 1, first])
    expect(latest).toBe(second + 1)
  })

  test('another unit and a unit above are not found; a child without a tie neither', async () => {
    const actor = await actorAt(books.townships[0]!)
    for (const unitId of [books.townships[1]!, books.districts[0]!, books.city]) {
      await expect(commands.readBalance(actor, { base: 'R', unitId })).rejects.toMatchObject(NOT_FOUND)
      await expect(commands.readMatrix(actor, { unitId })).rejects.toMatchObject(NOT_FOUND)
      await expect(commands.readMovements(actor, { base: 'R', unitId })).rejects.toMatchObject(NOT_FOUND)
      await expect(commands.listChildren(actor, { base: 'R', unitId, page: 1, size: 50 })).rejects.toMatchObject(
        NOT_FOUND,
      )
    }
    expect((await commands.readTimeline(actor, children[0]!, undefined)).spans).toHaveLength(1)
    const stranger = { ...actor, accountId: accountId(2) }
    await expect(commands.readTimeline(stranger, children[0]!, undefined)).rejects.toMatchObject({
      code: 'CHILD.REASON_NEEDED',
    })
    await expect(commands.readTimeline(actor, children[3]!, undefined)).rejects.toMatchObject(NOT_FOUND)
    await expect(commands.readTimeline(actor, 999_999 as ChildId, undefined)).rejects.toMatchObject(NOT_FOUND)
  })

  test('the map has the districts in sight', async () => {
    expect((await commands.readMap(await actorAt(books.city), { base: 'R' })).rows).toHaveLength(2)
    expect(
      (await commands.readMap(await actorAt(books.districts[0]!), { base: 'R' })).rows.map((row) => row.unitId),
    ).toEqual([books.districts[0]])
    expect((await commands.readMap(await actorAt(books.townships[0]!), { base: 'R' })).rows).toEqual([])
  })
})

describe('figures', () => {
  const lineOf = (balance: Awaited<ReturnType<typeof commands.readBalance>>, account: string) =>
    balance.lines.find((line) => line.account === account)!

  test('[BOOK-8] [BOOK-11] a district: totals, changes, ages, lower units', async () => {
    const balance = await commands.readBalance(await actorAt(books.districts[0]!), { base: 'R' })
    expect(balance).toMatchObject({
      asOf: day(2),
      before: day(1),
      total: 3,
      change: 0,
      totals: { R: 3, P: 2, S: 1 },
      isPast: false,
    })
    expect(lineOf(balance, 'to-verify')).toMatchObject({ total: 0, change: -1, cells: [] })
    expect(lineOf(balance, 'other-province')).toMatchObject({
      total: 1,
      change: 1,
      ages: { recent: 1, term: 0, older: 0, none: 0 },
    })
    expect(lineOf(balance, 'elsewhere-in-city').cells).toEqual([{ unitId: books.townships[1], count: 1 }])
    expect(balance.lower.map((unit) => [unit.unitId, unit.total, unit.unexplained])).toEqual([
      [books.townships[0], 2, 0],
      [books.townships[1], 1, 0],
    ])
  })

  test('[BOOK-8] as of the day before, and as known before a correction', async () => {
    const actor = await actorAt(books.districts[0]!)
    const then = await commands.readBalance(actor, { base: 'R', asOf: day(1) })
    expect(lineOf(then, 'to-verify').total).toBe(1)
    const known = await commands.readBalance(actor, { base: 'R', knownAt: second })
    expect(lineOf(known, 'to-verify').total).toBe(1)
    expect(known).toMatchObject({ knownAt: second, isPast: true })
    await expect(commands.readBalance(actor, { base: 'R', asOf: day(5) })).rejects.toMatchObject({
      code: 'BOOK.DAY_NOT_CLOSED',
    })
  })

  test('[BOOK-11] the age is that of the last confirmation known and of the day asked', async () => {
    const balance = await commands.readBalance(await actorAt(books.districts[1]!), { base: 'P' })
    expect(balance.totals).toEqual({ R: 1, P: 3, S: 2 })
    expect(lineOf(balance, 'to-verify').ages).toMatchObject({ none: 1 })
    expect(lineOf(balance, 'other-province').ages).toMatchObject({ recent: 1 })
  })

  test('[BOOK-19] the bridge closes with what the run posted; what came since is told apart', async () => {
    for (const unit of [books.districts[0]!, books.city]) {
      const { bridge, closes, total } = await commands.readBalance(await actorAt(unit), { base: 'R' })
      expect(bridge).toMatchObject({ received: 10, persons: 3, booked: 3, since: total - 3, runs: 1 })
      expect(closes).toBe(true)
    }
    expect((await commands.readBalance(await actorAt(books.townships[0]!), { base: 'R' })).bridge).toBeNull()
    expect((await commands.readBalance(await actorAt(books.districts[0]!), { base: 'S' })).closes).toBeNull()
  })

  test('[BOOK-20] the matrix agrees from both sides', async () => {
    const matrix = await commands.readMatrix(await actorAt(books.districts[0]!), {})
    expect(matrix.rows.find((line) => line.row === 'own')!.cells).toEqual(
      expect.arrayContaining([
        { column: 'own', count: 1 },
        { column: 'other-district', count: 1 },
        { column: 'other-province', count: 1 },
      ]),
    )
    expect(matrix).toMatchObject({ agrees: true, districts: [{ unitId: books.districts[1], sent: 1, received: 0 }] })
    expect(await commands.readMatrix(await actorAt(books.city), {})).toMatchObject({
      agrees: true,
      ownByRegistration: 2,
      ownBySchool: 2,
    })
  })

  test('[BOOK-18] flows between two closed days, also of who left the unit', async () => {
    const actor = await actorAt(books.districts[0]!)
    const inR = await commands.readMovements(actor, { base: 'R' })
    expect(inR).toMatchObject({
      from: day(1),
      until: day(2),
      totalBefore: 3,
      totalAfter: 3,
      unexplainedBefore: 1,
      unexplainedAfter: 0,
      flows: [{ from: 'to-verify', to: 'other-province', count: 1 }],
    })
    const inP = await commands.readMovements(actor, { base: 'P' })
    expect(inP.flows).toEqual([{ from: 'to-verify', to: null, count: 1 }])
    expect((await commands.readMovements(actor, { base: 'R', knownAt: second })).flows).toEqual([])
  })

  test('[BOOK-22] the list behind a figure has its children, by unit and page', async () => {
    const actor = await actorAt(books.districts[0]!)
    const all = await commands.listChildren(actor, { base: 'R', page: 1, size: 2 })
    expect(all).toMatchObject({ total: 3, asOf: day(2) })
    const rest = await commands.listChildren(actor, { base: 'R', page: 2, size: 2 })
    expect([...all.rows, ...rest.rows].map((row) => row.childId)).toEqual([children[0], children[1], children[2]])
    expect((await commands.listChildren(actor, { base: 'R', group: 4, page: 1, size: 50 })).total).toBe(0)
    const then = await commands.listChildren(actor, { base: 'R', group: 4, asOf: day(1), page: 1, size: 50 })
    expect(then.rows).toMatchObject([
      { childId: children[1], account: 'to-verify', caseId: expect.any(Number), confirmed: OPENING },
    ])
    const old = await commands.listChildren(actor, { base: 'R', age: 'none', page: 1, size: 50 })
    expect(old.total).toBe(0)
  })

  test('[BOOK-22] the timeline has what was superseded, and nothing later than what was known', async () => {
    const actor = await actorAt(books.townships[0]!)
    const line = await commands.readTimeline(actor, children[1]!, undefined)
    expect(line.spans.map((span) => [span.account, span.from, span.until, span.superseded === null])).toEqual([
      ['other-province', day(2), null, true],
      ['to-verify', OPENING, day(2), true],
      ['to-verify', OPENING, null, false],
    ])
    expect(
      (await commands.readTimeline(actor, children[1]!, second)).spans.map((span) => [span.account, span.superseded]),
    ).toEqual([['to-verify', null]])
  })
  test('[BOOK-24] newer evidence begins an entry and not the time the child has stood so', async () => {
    const { villages, schools, evidence, districts } = books
    const home = { registered: villages[0]!, living: villages[0]!, school: schools[0]!, evidenceId: evidence[1]! }
    await postEntries(db, 'fourth', [{ ...home, childId: children[0]!, account: 'here', from: day(3) }])
    await db.asSystem('test', (tx) => markClosed(tx, day(3), null, new Date()))
    const search = { base: 'R', page: 1, size: 50 } as const
    const { rows } = await commands.listChildren(await actorAt(districts[0]!), search)
    expect(rows.map((row) => [row.childId, row.account, row.since])).toEqual([
      [children[0], 'here', OPENING],
      [children[1], 'other-province', day(2)],
      [children[2], 'elsewhere-in-city', OPENING],
    ])
  })
})
