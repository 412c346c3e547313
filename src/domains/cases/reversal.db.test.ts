import { expect, test } from 'vitest'
import { type AccountId, accountId, type ChildId, type PostingId, unitId } from '../../kernel/ids.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { confirmEvidence, drawPosting } from '../whereabouts/server.ts'
import { OPENING, testBooks } from './books.test.server.ts'
import { mergeAndPost, unmergeAndPost } from './merge.server.ts'
import { reverseRun } from './reversal.server.ts'

const books = await testBooks()
const { places } = books
const home = { registered: unitId(places.township) }
const today = plainDate('2026-11-20')
const now = new Date('2026-11-20T02:00:00Z')
const author = await authorOf('nanchuan-officer')

async function authorOf(login: string): Promise<AccountId> {
  const [row] = await books.admin<{ id: number }>('select account_id::int as id from account where login = $1', [login])
  return accountId(row?.id ?? 0)
}

/** What is known now of a child's days: `account from until`. */
async function spans(childId: ChildId): Promise<string[]> {
  const rows = await books.admin<{ line: string }>(
    `select concat_ws(' ', a.code, lower(s.valid), upper(s.valid)) as line from whereabouts_span s join book_account a using (account_id)
     where s.child_id = $1 and s.superseded_by is null order by s.valid`,
    [childId],
  )
  return rows.map((row) => row.line)
}

async function undo(runId: string) {
  const sum = { reversed: 0, contested: 0 }
  for (let below: PostingId | undefined; ; ) {
    const step = await books.system((tx) => reverseRun(tx, { runId, authorId: author, today, below }))
    sum.reversed += step.reversed
    sum.contested += step.contested
    if (step.next === null) return sum
    below = step.next
  }
}

test('[BOOK-23] what a run confirmed holds no more once it is reversed, and an earlier posting still knows it', async () => {
  const [child] = (await books.children(1, home)) as [ChildId]
  await books.post([{ childId: child, account: 'here', ...home, school: unitId(places.school) }], {
    sourceKey: 'run-confirming',
  })
  const known = await books.system(async (tx) => {
    const postingId = await drawPosting(tx, { source: 'run', sourceKey: 'run-confirming', authorId: author })
    await confirmEvidence(tx, {
      kind: 'roll',
      unitId: unitId(places.school),
      confirmedDay: plainDate('2026-11-12'),
      expiresDay: plainDate('2027-03-01'),
      postingId,
    })
    return postingId
  })
  const held = (at: number) =>
    books.admin(
      `select 1 from evidence_confirmation where posting_id = $1 and (withdrawn_by is null or withdrawn_by > $2)`,
      [known, at],
    )
  expect(await held(known)).toHaveLength(1)
  await undo('run-confirming')
  const [last] = await books.admin<{ last: number }>('select max(posting_id)::int as last from posting')
  expect(await held(last?.last ?? 0)).toHaveLength(0)
  expect(await held(known)).toHaveLength(1)
})

async function countPostings(): Promise<number> {
  const [row] = await books.admin<{ count: number }>('select count(*)::int as count from posting')
  return row?.count ?? 0
}

test('[CASE-9] undoing a run: what stood before stands again, its files close or come back, newcomers leave the books', async () => {
  const [newcomer, verified, doubted] = (await books.children(3, home)) as [ChildId, ChildId, ChildId]
  await books.post([
    { childId: verified, ...home },
    { childId: doubted, account: 'here', ...home, school: unitId(places.school) },
  ])
  const [first] = await books.files(verified)
  const from = plainDate('2026-11-10')
  await books.post(
    [
      { childId: newcomer, account: 'suspected', ...home },
      { childId: verified, from, account: 'here', ...home, school: unitId(places.school) },
      { childId: doubted, from, account: 'not-located', ...home },
    ],
    { sourceKey: 'run-undone' },
  )
  await undo('run-undone')
  expect(await spans(newcomer)).toEqual([])
  expect(await books.files(newcomer)).toMatchObject([{ open: null, outcome: 'reversed' }])
  expect(await books.admin('select obliged from child where child_id = $1', [newcomer])).toEqual([{ obliged: null }])
  expect(await spans(verified)).toEqual(['to-verify 2026-11-01'])
  const [closed, open] = await books.files(verified)
  expect(closed).toMatchObject({ case_id: first?.case_id, open: null, outcome: 'explained' })
  expect(open).toMatchObject({ open: true, stage: 'task' })
  expect(await spans(doubted)).toEqual(['here 2026-11-01'])
  expect(await books.files(doubted)).toMatchObject([{ open: null, outcome: 'reversed' }])

  const postings = await countPostings()
  await undo('run-undone')
  expect(await countPostings()).toBe(postings)
})

test('[CASE-9] who was posted for later by somebody else is asked about, once', async () => {
  const childId = await books.child(home)
  await books.post([{ childId, account: 'here', ...home, school: unitId(places.school) }], {
    sourceKey: 'run-contested',
  })
  await books.post([{ childId, from: plainDate('2026-11-12'), account: 'other-province', ...home }], {
    source: 'case',
    sourceKey: 'child',
  })
  expect(await undo('run-contested')).toEqual({ reversed: 0, contested: 1 })
  const asked = ['here 2026-11-01 2026-11-12', 'other-province 2026-11-12 2026-11-20', 'to-verify 2026-11-20']
  expect(await spans(childId)).toEqual(asked)
  expect(await books.files(childId)).toMatchObject([{ open: true, stage: 'task', opened_day: today }])
  // An officer has answered meanwhile: a second undo leaves his answer alone.
  await books.post([{ childId, from: today, account: 'other-province', ...home }], {
    source: 'case',
    sourceKey: 'child',
  })
  await undo('run-contested')
  expect((await spans(childId)).at(-1)).toBe('other-province 2026-11-20')
})

const act = { source: 'officer', authorId: author, now, today } as const

async function mergeIdOf(from: ChildId): Promise<number> {
  const [row] = await books.admin<{ id: number }>(
    'select merge_id::int as id from child_merge where from_child = $1 and undone_at is null',
    [from],
  )
  return row?.id ?? 0
}

test('[CASE-10] merged, a child stands once; taken back, it stands as before until today and is asked about from today', async () => {
  const [from, into] = (await books.children(2, home)) as [ChildId, ChildId]
  await books.post([
    { childId: from, account: 'suspected', ...home },
    { childId: into, account: 'here', ...home, school: unitId(places.school) },
  ])
  const pair = { from, into, grounds: null }
  expect(await books.system((tx) => mergeAndPost(tx, [pair], { ...act, sourceKey: 'merge-1' }))).toBe(1)
  expect(await spans(from)).toEqual([])
  expect(await books.files(from)).toMatchObject([{ open: null, outcome: 'merged' }])
  expect(await spans(into)).toEqual(['here 2026-11-01'])

  // Posted for the one meanwhile: it stays with the one.
  await books.post([{ childId: into, from: plainDate('2026-11-15'), account: 'not-located', ...home }])
  await books.post([{ childId: into, from: plainDate('2026-11-16'), account: 'here', ...home }])
  const mergeId = await mergeIdOf(from)
  const back = await books.system((tx) => unmergeAndPost(tx, mergeId, act))
  expect(back).toMatchObject({ fromChild: from, intoChild: into })
  expect(await spans(from)).toEqual(['suspected 2026-11-01 2026-11-20', 'to-verify 2026-11-20'])
  expect(await books.files(from)).toMatchObject([{ outcome: 'merged' }, { open: true, stage: 'task' }])
  expect(await spans(into)).toEqual([
    'here 2026-11-01 2026-11-15',
    'not-located 2026-11-15 2026-11-16',
    'here 2026-11-16',
  ])
  const obliged = await books.admin<{ obliged: string }>('select obliged::text from child where child_id = $1', [from])
  expect(obliged).toEqual([{ obliged: '[2026-11-01,)' }])
  await expect(books.system((tx) => unmergeAndPost(tx, mergeId, act))).rejects.toThrowError(
    expect.objectContaining({ code: 'REQUEST.NOT_FOUND' }),
  )
})

test('[CASE-10] merged, taken back and merged again', async () => {
  const [from, into] = (await books.children(2, home)) as [ChildId, ChildId]
  await books.post([
    { childId: from, ...home },
    { childId: into, ...home },
  ])
  for (const sourceKey of ['again-1', 'again-2']) {
    await books.system((tx) => mergeAndPost(tx, [{ from, into, grounds: null }], { ...act, sourceKey }))
    expect(await spans(from)).toEqual([])
    await books.system(async (tx) => unmergeAndPost(tx, await mergeIdOf(from), act))
    expect((await spans(from)).at(-1)).toBe('to-verify 2026-11-20')
  }
})

test('[CASE-10] entries go over where only the one that goes had any, along a chain too', async () => {
  const [a, b, c] = (await books.children(3, home)) as [ChildId, ChildId, ChildId]
  await books.post([{ childId: a, account: 'here', ...home }])
  await books.post([{ childId: a, from: plainDate('2026-11-09'), account: 'suspected', ...home }])
  const pairs = [
    { from: a, into: b, grounds: null },
    { from: b, into: c, grounds: null },
  ]
  await books.system((tx) => mergeAndPost(tx, pairs, { ...act, sourceKey: 'chain' }))
  expect(await spans(c)).toEqual(['here 2026-11-01 2026-11-09', 'suspected 2026-11-09'])
  expect(await books.files(c)).toMatchObject([{ open: true, stage: 'case' }])
  expect([await spans(a), await spans(b)]).toEqual([[], []])
  const merged = await books.admin<{ into: number }>(
    'select merged_into::int as into from child where child_id = any ($1) order by child_id',
    [[a, b]],
  )
  expect(merged).toEqual([{ into: c }, { into: c }])
})

test('[CASE-10] pairs that run in a circle merge nobody', async () => {
  const [a, b] = (await books.children(2, home)) as [ChildId, ChildId]
  await books.post([{ childId: a, ...home }])
  const pairs = [
    { from: a, into: b, grounds: null },
    { from: b, into: a, grounds: null },
  ]
  expect(await books.system((tx) => mergeAndPost(tx, pairs, { ...act, sourceKey: 'circle' }))).toBe(0)
  expect(await spans(a)).toEqual([`to-verify ${OPENING}`])
})
