import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accountId, type ChildId, type PostingId, unitId } from '../../kernel/ids.ts'
import { addDays, type PlainDate } from '../../kernel/plain-date.ts'
import type { AccountCode } from '../whereabouts/index.ts'
import { findLastClosedDay } from '../whereabouts/server.ts'
import { OPENING, testBooks } from './books.test.server.ts'
import { closeDay } from './close-day.commands.server.ts'
import { mergeAndPost, unmergeAndPost } from './merge.server.ts'
import { reverseRun } from './reversal.server.ts'

const books = await testBooks()
const { places } = books
const home = { registered: unitId(places.township) }
const CHILDREN = 4
const today = addDays(OPENING, 40)
const now = new Date('2026-12-11T02:00:00Z')
books.setToday(today)
const [author] = await books.admin<{ id: number }>(
  `select account_id::int as id from account where login = 'nanchuan-officer'`,
)
const authorId = accountId(author?.id ?? 0)

type Act =
  | {
      readonly kind: 'post'
      readonly run: number
      readonly child: number
      readonly account: AccountCode
      readonly from: number
      readonly days: number | null
    }
  | { readonly kind: 'undo'; readonly run: number }
  | { readonly kind: 'merge'; readonly from: number; readonly into: number }
  | { readonly kind: 'unmerge'; readonly child: number }
  | { readonly kind: 'close' }

const child = fc.integer({ min: 0, max: CHILDREN - 1 })
const run = fc.integer({ min: 1, max: 3 })
const account = fc.constantFrom<AccountCode>(
  'here',
  'other-province',
  'to-verify',
  'suspected',
  'missing',
  'finished',
  'sick-leave',
)
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('post' as const),
      run,
      child,
      account,
      from: fc.integer({ min: 0, max: 30 }),
      days: fc.option(fc.integer({ min: 1, max: 9 }), { freq: 3, nil: null }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('undo' as const), run }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge' as const), from: child, into: child }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unmerge' as const), child }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const) }) },
)

test('[CASE-5] whatever is posted, corrected, merged, undone and closed: one account a day, no gap, one open file for who is unexplained', {
  timeout: 120_000,
}, async () => {
  let round = 0
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 14 }), async (acts) => {
      round += 1
      const children = await books.children(CHILDREN, home)
      for (const [index, one] of acts.entries()) {
        await perform(one, children, `${round}`, index)
        expect(await faultsOf(children)).toEqual([])
      }
    }),
    { numRuns: 15 },
  )
})

async function perform(one: Act, children: readonly ChildId[], round: string, index: number): Promise<void> {
  const at = (place: number) => children[place] as ChildId
  if (one.kind === 'post') return post(one, at(one.child), round)
  if (one.kind === 'undo') return undo(`${round}-${one.run}`)
  if (one.kind === 'close') {
    const last = (await books.system(findLastClosedDay)) ?? OPENING
    if (addDays(last, 1) < today) await closeDay(books.services, addDays(last, 1))
    return
  }
  const cause = { source: 'officer', sourceKey: `${round}-${index}`, authorId, now, today } as const
  if (one.kind === 'merge') {
    if (one.from === one.into || (await mergedOf(at(one.from))) !== undefined) return
    await books.system((tx) => mergeAndPost(tx, [{ from: at(one.from), into: at(one.into), grounds: null }], cause))
    return
  }
  const mergeId = await mergedOf(at(one.child))
  if (mergeId !== undefined) await books.system((tx) => unmergeAndPost(tx, mergeId, cause))
}

async function post(one: Act & { kind: 'post' }, childId: ChildId, round: string): Promise<void> {
  if ((await mergedOf(childId)) !== undefined) return
  const [stands] = await books.admin<{ known: boolean }>(
    'select obliged is not null as known from child where child_id = $1',
    [childId],
  )
  const isFirst = stands?.known !== true
  const from = isFirst ? OPENING : addDays(OPENING, one.from)
  await books.post(
    [
      {
        childId,
        account: one.account,
        from,
        ...home,
        ...(one.days === null || isFirst ? {} : { until: addDays(from, one.days) }),
        ...(one.account === 'sick-leave' ? { pauseUntil: addDays(from, 20) } : {}),
        ...(isFirst ? { obligedFrom: OPENING } : { obligedFrom: undefined }),
      },
    ],
    { sourceKey: `${round}-${one.run}` },
  )
}

async function undo(runId: string): Promise<void> {
  for (let below: PostingId | undefined; ; ) {
    const step = await books.system((tx) => reverseRun(tx, { runId, authorId, today, below }))
    if (step.next === null) return
    below = step.next
  }
}

async function mergedOf(childId: ChildId): Promise<number | undefined> {
  const [row] = await books.admin<{ id: number }>(
    'select merge_id::int as id from child_merge where from_child = $1 and undone_at is null',
    [childId],
  )
  return row?.id
}

/** Everything that must never be, asked of the tables themselves. */
async function faultsOf(children: readonly ChildId[]): Promise<string[]> {
  const rows = await books.admin<{ fault: string }>(
    `with mine as (select unnest($1::bigint[]) as child_id),
      span as (select s.* from whereabouts_span s join mine using (child_id) where s.superseded_by is null),
      day as (select g::date as day from generate_series($2::date, $3::date, '1 day') g)
    select 'two accounts on ' || day as fault from day join span s on s.valid @> day.day group by s.child_id, day.day having count(*) > 1
    union all
    select 'gap: ' || c.child_id || ' ' || day from mine join child c using (child_id) cross join day
      where c.obliged @> day.day and not exists (select from span s where s.child_id = c.child_id and s.valid @> day.day)
    union all
    select 'unexplained without its open file: ' || s.child_id from span s
      where s.unexplained and upper_inf(s.valid)
        and not exists (select from case_file f where f.case_id = s.case_id and f.child_id = s.child_id and f.open)
    union all
    select 'open file of an explained child: ' || f.child_id from case_file f join mine using (child_id)
      where f.open and not exists (select from span s where s.case_id = f.case_id and s.unexplained and upper_inf(s.valid))
    union all
    select 'two open files: ' || f.child_id from case_file f join mine using (child_id) where f.open group by f.child_id having count(*) > 1
    union all
    select 'tie and file disagree: ' || child_id from mine
      left join (select child_id, owner_unit_id from case_file where open) f using (child_id)
      left join (select child_id, unit_id from tie where kind = 'answers' and upper_inf(valid)) t using (child_id)
      where f.owner_unit_id is distinct from t.unit_id
    union all
    select 'merged and in the books: ' || c.child_id from child c join mine using (child_id) where c.merged_into is not null
      and (c.obliged is not null or exists (select from span s where s.child_id = c.child_id))
    union all
    select 'a suspected child without a case: ' || s.child_id from span s join book_account a using (account_id)
      join case_file f on f.case_id = s.case_id and f.open
      where a.code = 'suspected' and upper_inf(s.valid) and f.stage <> 'case'`,
    [children, OPENING satisfies PlainDate, today],
  )
  return rows.map(({ fault }) => fault)
}
