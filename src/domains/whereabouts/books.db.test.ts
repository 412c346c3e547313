import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import type { ChildId, PostingId } from '../../kernel/ids.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { ACCOUNT_CODES, type AccountCode, accountCodeOf, BOOK_ACCOUNTS } from './accounts.ts'
import {
  day,
  figuresFromMovements,
  figuresFromSpans,
  makeTestBooks,
  OPENING,
  postEntries,
  postWithFiles,
  type TestBooks,
} from './books.test.server.ts'
import { openBooks } from './day-store.server.ts'
import { leaveBooks } from './posting.server.ts'
import { drawPosting } from './posting-store.server.ts'
import { stageReversal } from './reversal-store.server.ts'

const { db, admin } = await testDatabase()
let books: TestBooks
const DAYS = 12
const CHILDREN = 5

beforeAll(async () => {
  books = await makeTestBooks({ db, admin })
  await db.asSystem('test', (tx) => openBooks(tx, OPENING, new Date()))
})

type Act =
  | { readonly kind: 'post'; readonly entries: readonly Drawn[] }
  | { readonly kind: 'reverse'; readonly which: number }
  | { readonly kind: 'leave'; readonly child: number }

interface Drawn {
  readonly child: number
  readonly from: number
  readonly until: number | undefined
  readonly account: AccountCode
  readonly place: number
}

const drawn = fc.record({
  child: fc.nat(CHILDREN - 1),
  from: fc.nat(DAYS - 2),
  until: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined, freq: 2 }),
  account: fc.constantFrom(...ACCOUNT_CODES),
  place: fc.nat(30),
})
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('post' as const),
      entries: fc.array(drawn, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reverse' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), child: fc.nat(CHILDREN - 1) }) },
)

/** Where each child stands on each day: the account and the places, as the books should have it. */
type Model = (string | undefined)[][]

function placesOf(place: number, account: AccountCode) {
  const { group } = BOOK_ACCOUNTS[account]
  const registered = group === 5 ? null : books.villages[place % books.villages.length]!
  const school = group === 1 || group === 5 ? books.schools[place % books.schools.length]! : null
  return { registered, living: place % 3 === 0 ? null : books.villages[(place + 1) % books.villages.length]!, school }
}

const told = (account: AccountCode, place: number) =>
  `${account} ${JSON.stringify(Object.values(placesOf(place, account)))}`

let caseNo = 0
async function play(acts: readonly Act[]): Promise<void> {
  const mark = `case ${++caseNo}`
  const children = await books.newChildren(CHILDREN)
  const model: Model = children.map(() => new Array<string | undefined>(DAYS + 5).fill(undefined))
  const before = new Map<string, Model>()
  const known = new Map<PostingId, string[]>()
  const posted: { key: string; touched: Set<number> }[] = []
  let number = 0
  for (const next of acts) {
    let posting: PostingId | null = null
    if (next.kind === 'post') {
      const entries = oneOfEach(next.entries, model)
      const key = `${mark} ${++number}`
      before.set(key, structuredClone(model))
      posting = await postEntries(
        db,
        key,
        entries.map(({ child, from, until, account, place }) => ({
          childId: children[child]!,
          from: day(from),
          until: until === undefined ? undefined : day(from + until),
          account,
          ...placesOf(place, account),
          evidenceId: books.evidence[place % books.evidence.length]!,
          pauseUntil: BOOK_ACCOUNTS[account].isPause ? day(300) : undefined,
          obligedFrom: isNew(model[child]!) ? day(from) : undefined,
        })),
      )
      for (const { child, from, until, account, place } of entries)
        model[child]!.fill(told(account, place), from, until === undefined ? undefined : from + until)
      posted.push({ key, touched: new Set(entries.map((entry) => entry.child)) })
    } else if (next.kind === 'leave') {
      const ground = { source: 'merge', sourceKey: mark, authorId: null } as const
      posting = await db.asSystem(
        'test',
        async (tx) => (await leaveBooks(tx, [children[next.child]!], ground)).postingId,
      )
      await closeFiles(children[next.child]!, posting)
      model[next.child]!.fill(undefined)
    } else {
      const undone = posted[next.which % Math.max(posted.length, 1)]
      if (undone === undefined) continue
      const after = posted.slice(posted.indexOf(undone) + 1)
      posting = await db.asSystem('test', async (tx) => {
        const reversal = await stageReversal(tx, { source: 'run', sourceKey: undone.key })
        // Whom a later posting touched may be contested, never overwritten; the others stand as before.
        for (const child of reversal.contested) expect(undone.touched).toContain(children.indexOf(child))
        for (const child of undone.touched) {
          const isContested = reversal.contested.includes(children[child]!)
          if (after.length === 0) expect(isContested).toBe(model[child]!.every((at) => at === undefined))
          if (!isContested) model[child] = [...before.get(undone.key)![child]!]
        }
        return postWithFiles(tx, { source: 'undo', sourceKey: undone.key, authorId: null })
      })
    }
    await compare(children, model)
    if (posting !== null) {
      known.set(posting, await figuresFromMovements(db, posting, DAYS))
      expect(known.get(posting)).toEqual(await figuresFromSpans(db, posting, DAYS))
    }
  }
  for (const [posting, figures] of known) expect(await figuresFromMovements(db, posting, DAYS)).toEqual(figures)
}

function isNew(line: Model[number]): boolean {
  return line.every((at) => at === undefined)
}

/** One entry a child; a child that stands nowhere begins with an entry until further notice. */
function oneOfEach(entries: readonly Drawn[], model: Model): readonly Drawn[] {
  const first = entries.filter((entry, at) => entries.findIndex((other) => other.child === entry.child) === at)
  return first
    .map((entry) => (isNew(model[entry.child]!) ? { ...entry, until: undefined } : entry))
    .filter((entry) => {
      const begins = model[entry.child]!.findIndex((at) => at !== undefined)
      return begins === -1 || entry.from >= begins
    })
}

async function closeFiles(child: ChildId, posting: PostingId | null): Promise<void> {
  if (posting === null) return
  await admin(
    `update case_file set open = null, closed_day = $2, closed_by = $3, outcome = 'merged' where child_id = $1 and open`,
    [child, OPENING, posting],
  )
}

/** One account a child a day, none missing in the obligation, no unexplained child without an open file. */
async function compare(children: readonly ChildId[], model: Model): Promise<void> {
  const rows = await admin<{ child_id: string; day: string; account_id: number; places: (number | null)[] }>(
    `select s.child_id, to_char(d, 'YYYY-MM-DD') as day, s.account_id, array[s.r_unit_id, s.p_unit_id, s.s_school_id] as places
     from whereabouts_span s join generate_series($1::date, $2::date, '1 day') d on s.valid @> d::date
     where s.superseded_by is null and s.child_id = any ($3)`,
    [OPENING, day(DAYS + 4), children],
  )
  const found: Model = children.map(() => new Array<string | undefined>(DAYS + 5).fill(undefined))
  for (const row of rows) {
    const line = found[children.indexOf(Number(row.child_id) as ChildId)]!
    const at = Array.from({ length: DAYS + 5 }, (_, n) => day(n)).indexOf(row.day as never)
    expect(line[at]).toBeUndefined()
    line[at] = `${accountCodeOf(row.account_id)} ${JSON.stringify(row.places)}`
  }
  expect(found).toEqual(model)
  const faults = await admin(
    `select c.child_id from child c left join lateral (
        select range_agg(s.valid) as covered, bool_or(s.needs_file) as unexplained, bool_or(upper_inf(s.valid) and s.account_id between 300 and 399) as closed
        from whereabouts_span s where s.child_id = c.child_id and s.superseded_by is null) s on true
     where c.child_id = any ($1) and (not c.obliged <@ coalesce(s.covered, '{}')
       or coalesce(s.unexplained, false) <> exists (select from case_file f where f.child_id = c.child_id and f.open)
       or (c.obliged is null) <> (s.covered is null)
       or coalesce(s.closed, false) = upper_inf(c.obliged))`,
    [children],
  )
  expect(faults).toEqual([])
}

test('[BOOK-3] [BOOK-6] [BOOK-7] [BOOK-8] [BOOK-9] whatever is posted, corrected, reversed or merged: one account a child and day, no gap, sums equal entries, a known figure never changes', async () => {
  await fc.assert(fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 9 }), play), {
    numRuns: 25,
    seed: 20261124,
  })
})

test('[BOOK-5] what stands so already is not posted again', async () => {
  const [child] = await books.newChildren(1)
  const entry = {
    childId: child!,
    from: OPENING,
    account: 'here',
    registered: books.villages[0]!,
    school: books.schools[0]!,
    evidenceId: books.evidence[0]!,
    obligedFrom: OPENING,
  } as const
  expect(await postEntries(db, 'once', [entry])).not.toBeNull()
  expect(await postEntries(db, 'twice', [{ ...entry, from: day(3) }])).toBeNull()
  expect(
    await postEntries(db, 'other evidence', [{ ...entry, from: day(3), evidenceId: books.evidence[1]! }]),
  ).not.toBeNull()
})

test('[BOOK-4] of two postings at once the later number commits later', async () => {
  const order: string[] = []
  const ground = { source: 'run', sourceKey: 'race', authorId: null } as const
  const slow = db.asSystem('test', async (tx) => {
    const id = await drawPosting(tx, ground)
    order.push('slow drawn')
    await sql`select pg_sleep(0.3)`.execute(tx)
    order.push('slow ends')
    return id
  })
  await new Promise((resolve) => setTimeout(resolve, 100))
  const fast = db.asSystem('test', async (tx) => {
    const id = await drawPosting(tx, ground)
    order.push('fast drawn')
    return id
  })
  expect(await fast).toBeGreaterThan(await slow)
  expect(order).toEqual(['slow drawn', 'slow ends', 'fast drawn'])
})
