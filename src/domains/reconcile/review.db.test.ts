import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { testHouse, type Visitor } from '../../app/testing/house.ts'
import { ended, findInDatabase } from '../../app/testing/sheets.ts'
import type { ChildId } from '../../kernel/ids.ts'
import { mergeChildren } from '../persons/server.ts'
import { entriesByName, giveBatch, type TestRow, testChild } from './books.test.server.ts'
import { insertPairs } from './review.store.server.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const second = await house.signIn('nanchuan-review')
const city = await house.signIn('city-admin')
const nanchuan = await house.actor('nanchuan-officer')
const school = house.town.id('2150000001')
const [village = 0] = [...house.town.unitIds].filter(([code]) => /^500119\d{6}$/.test(code)).map(([, id]) => id)

const NAMES = ['冉一川', '冉二川', '冉三川', '冉四川', '冉五川', '冉六川', '冉七川', '冉八川']
const OTHERS = ['苟甲泉', '佘乙洋', '郗丙溪', '鄢丁湖', '逯戊海', '璩己江', '亓庚河', '郄辛池']
/** [LINK-1] One ID number under two names: the machine asks. */
const registered = (n: number): TestRow => ({ ...testChild(11 + n, '2016-03-01', NAMES[n]!), unitId: village })
const onRoll = (n: number): TestRow => ({
  ...testChild(11 + n, '2016-03-01', OTHERS[n]!),
  schoolId: school,
  grade: '四年级',
  status: '在读',
})
const filler = Array.from({ length: 60 }, (_, n) => testChild(11 + n, '2015-05-05', `众人${n}`))

await giveBatch(house.services, nanchuan, {
  kind: 'population',
  asOf: '2026-09-10',
  rows: [...NAMES.map((_, n) => registered(n)), ...filler.map((row) => ({ ...row, unitId: village }))],
})
await giveBatch(house.services, nanchuan, {
  kind: 'roll',
  asOf: '2026-09-10',
  rows: [
    ...NAMES.map((_, n) => onRoll(n)),
    ...filler.map((row) => ({ ...row, schoolId: school, grade: '五年级', status: '在读' })),
  ],
})
const created = await officer.ask('POST', '/runs/books', { body: {} })
const run = await ended(officer, created.body.runId, 60)
const runId: string = run.runId

/** Which pairs need two hangs on their records; here the tests say it. */
await house.admin('update review_pair set needs_second = false')

interface PairOf {
  readonly pair_id: number
  readonly left: number
  readonly right: number
}
const byName = new Map<string, PairOf>()
{
  const pairs = await house.admin<PairOf>(
    'select pair_id::int, left_record::int as left, right_record::int as right from review_pair order by pair_id',
  )
  for (const pair of pairs) byName.set(await nameOf(pair.pair_id), pair)
}

async function nameOf(pairId: number): Promise<string> {
  const { body } = await officer.ask('GET', `/review-pairs/${pairId}`)
  return text(body.lines.find((line: { field: string }) => line.field === 'name').left)
}

function text(pieces: readonly { text: string }[]): string {
  return pieces.map((piece) => piece.text).join('')
}

function pairOf(name: string): PairOf {
  const pair = byName.get(name)
  if (pair === undefined) throw new Error(`no pair of ${name}`)
  return pair
}

const say = (who: Visitor, pairId: number, verdict: string, note?: string) =>
  who.ask('POST', `/review-pairs/${pairId}/answers`, { body: { verdict, ...(note === undefined ? {} : { note }) } })
const undo = (who: Visitor, pairId: number) => who.ask('POST', `/review-pairs/${pairId}/undo`)
const childOf = async (recordId: number) => {
  const [row] = await house.admin<{ child: number }>(
    'select child_id::int as child from source_record where record_id = $1',
    [recordId],
  )
  return row!.child
}
const areOne = async ({ left, right }: PairOf) => (await childOf(left)) === (await childOf(right))
const decisionsOf = (pair: PairOf) =>
  house.admin<{ verdict: string; how: string | null }>(
    'select verdict, withdrawn_how as how from pair_decision where one_record = $1 and other_record = $2 order by 1',
    [pair.left, pair.right],
  )
/** A pair that no run gave, so that three records can be held against one another. */
const plant = async (left: number, right: number): Promise<PairOf> => {
  const [row] = await house.admin<{ pair_id: number }>(
    `insert into review_pair (run_id, kind, left_record, right_record, score, pattern, steps, needs_second, units)
     select run_id, kind, $1, $2, score, pattern, steps, false, units from review_pair limit 1 returning pair_id::int`,
    [left, right],
  )
  return { pair_id: row!.pair_id, left, right }
}

describe('[REVIEW-6] the pairs of a run', () => {
  test('are those the machine left open, by their records, once', async () => {
    expect([...byName.keys()].sort()).toEqual([...NAMES].sort())
    const { body } = await officer.ask('GET', `/runs/${runId}/review`)
    expect(body).toMatchObject({ total: 8, done: 0, forMe: 8, mine: { answered: 0 }, unread: 0 })
  })

  test('are not given twice when a run that was stopped begins again', async () => {
    const { left, right } = pairOf('冉一川')
    const [at] = await house.admin<{ line: string }>(
      `select concat_ws(',', l.batch_id, l.row, r.batch_id, r.row, 0.5, 1, 'review', '[]') as line
       from source_record l, source_record r where l.record_id = $1 and r.record_id = $2`,
      [left, right],
    )
    await house.services.db.asSystem('test.again', (tx) =>
      insertPairs(tx, { runId: run.runId, units: nanchuan.unitPath }, Readable.from([`${at!.line}\n`]), {
        from: 0,
        until: 0,
        share: 0,
      }),
    )
    const [counted] = await house.admin<{ n: number }>('select count(*)::int as n from review_pair')
    expect(counted!.n).toBe(8)
  })

  test('[REVIEW-4] [REVIEW-5] [REVIEW-8] stand side by side, marked, masked, and with their weights', async () => {
    const { body } = await officer.ask('GET', `/review-pairs/${pairOf('冉一川').pair_id}`)
    const line = (field: string) => body.lines.find((one: { field: string }) => one.field === field)
    expect(line('name')).toMatchObject({ isSame: false, right: [{ text: '苟甲泉', differs: true }] })
    expect(line('citizenId').isSame).toBe(true)
    expect(text(line('citizenId').left)).toMatch(/^500\*{11}\d{3}[\dX]$/)
    const sum = body.weights.reduce((total: number, { weight }: { weight: number }) => total + weight, 0)
    expect(Math.round(sum * 10) / 10).toBe(body.total)
    expect(body.weights.map(({ label }: { label: string }) => label)).toContain('证件号一致')
  })
})

describe('[REVIEW-7] a claim', () => {
  const claim = async (who: Visitor, most: number): Promise<number[]> => {
    const { body } = await who.ask('POST', `/runs/${runId}/review/claims`, { body: { most } })
    return body.pairs.map(({ pairId }: { pairId: number }) => pairId)
  }

  test('gives two people at once no pair in common, and the same person the same again', async () => {
    const [mine, theirs] = await Promise.all([claim(officer, 3), claim(second, 3)])
    expect(mine.length + theirs.length).toBe(6)
    expect(mine.filter((pair) => theirs.includes(pair))).toEqual([])
    expect(await claim(officer, 3)).toEqual(mine)
    const [held = 0] = theirs
    expect((await say(officer, held, 'same')).body.code).toBe('REVIEW.NOT_YOURS')
  })

  test('ends after some minutes', async () => {
    const before = await claim(second, 3)
    await house.admin(
      "update review_pair set claimed_until = claimed_until - interval '1 day' where claimed_by is not null",
    )
    expect(await claim(officer, 5)).toEqual(expect.arrayContaining([before[0]]))
    await house.admin('update review_pair set claimed_by = null, claimed_until = null')
  })
})

describe('[DECIDE-1] a decision', () => {
  test('"same" makes one child of two, at once', async () => {
    const pair = pairOf('冉一川')
    expect(await areOne(pair)).toBe(false)
    expect((await say(officer, pair.pair_id, 'same')).body).toMatchObject({ state: 'same' })
    expect(await areOne(pair)).toBe(true)
  })

  test('[DECIDE-3] taken back, they are two again, and nothing holds them apart', async () => {
    const pair = pairOf('冉一川')
    const back = await undo(officer, pair.pair_id)
    expect(back.body).toMatchObject({ pairId: pair.pair_id, state: 'open' })
    expect(await areOne(pair)).toBe(false)
    expect(await house.admin('select * from children_apart()')).toEqual([])
    expect((await undo(officer, pair.pair_id)).body.code).toBe('REVIEW.NOTHING_TO_UNDO')
    expect((await say(officer, pair.pair_id, 'same')).status).toBe(200)
    expect(await decisionsOf(pair)).toEqual([
      { verdict: 'same', how: 'undone' },
      { verdict: 'same', how: null },
    ])
  })

  test('of two people at once is one', async () => {
    const pair = pairOf('冉二川')
    const answers = await Promise.all([say(officer, pair.pair_id, 'different'), say(second, pair.pair_id, 'same')])
    const codes = answers.map(({ status, body }) => (status === 200 ? 'saved' : body.code)).sort()
    expect(codes).toEqual(['REVIEW.NOT_YOURS', 'saved'])
    expect((await decisionsOf(pair)).length).toBe(1)
    const winner = answers[0]!.status === 200 ? officer : second
    await undo(winner, pair.pair_id)
    await house.admin('update review_pair set claimed_by = null, claimed_until = null')
  })

  test('that they are two is held by the database against every merge, an officer’s included', async () => {
    const pair = pairOf('冉二川')
    expect((await say(officer, pair.pair_id, 'different')).body).toMatchObject({ state: 'different' })
    const [from, into] = [await childOf(pair.left), await childOf(pair.right)]
    await expect(
      house.services.db.asSystem('test.merge', (tx) =>
        mergeChildren(tx, [{ from: from as ChildId, into: into as ChildId, grounds: null }], {
          source: 'officer',
          sourceKey: 'test',
          now: house.services.clock.now(),
          today: house.services.clock.today(),
        }),
      ),
    ).rejects.toMatchObject({ code: 'REQUEST.NOT_SAVED' })
    expect(await areOne(pair)).toBe(false)
  })
})

describe('[DECIDE-2] what contradicts an earlier decision is refused and names it', () => {
  const [first, third] = [pairOf('冉三川'), pairOf('冉四川')]

  test('different, over another child: A same B, B same C, A different C', async () => {
    expect((await say(officer, first.pair_id, 'same')).status).toBe(200)
    const chain = await plant(third.left, first.right)
    const { body: joined } = await say(officer, chain.pair_id, 'same')
    expect(joined.state).toBe('same')
    const against = await plant(first.left, third.left)
    const refused = await say(officer, against.pair_id, 'different')
    expect(refused.body).toMatchObject({ code: 'REVIEW.CONTRADICTS', words: { verdict: '同一人' } })
    const opened = await officer.ask('GET', `/decisions/${refused.body.words.number}`)
    expect(opened.body).toMatchObject({ verdict: 'same', withdrawnAt: null })
    expect(await house.admin('select 1 from review_answer where pair_id = $1', [against.pair_id])).toEqual([])
  })

  test('same, over another child: A same B, A different C, B same C', async () => {
    const apart = await plant(first.left, third.right)
    expect((await say(officer, apart.pair_id, 'different')).status).toBe(200)
    expect((await say(officer, third.pair_id, 'same')).body).toMatchObject({
      code: 'REVIEW.CONTRADICTS',
      words: { verdict: '不是同一人' },
    })
  })

  test('and may be said once the earlier one was withdrawn, for a reason', async () => {
    const { body } = await say(officer, third.pair_id, 'same')
    const path = `/decisions/${body.words.number}/withdraw`
    expect((await officer.ask('POST', path, { body: { reason: '1' } })).body.code).toBe('REVIEW.REASON_NEEDED')
    expect((await second.ask('POST', path, { body: { reason: '看错了一行' } })).body).toEqual({ state: 'open' })
    expect((await say(officer, third.pair_id, 'same')).status).toBe(200)
  })

  test('what an officer took apart in the file is not joined here', async () => {
    const pair = pairOf('冉五川')
    await say(officer, pair.pair_id, 'same')
    const [merge] = await house.admin<{ merge_id: string }>(
      'select merge_id from pair_decision where one_record = $1 and merge_id is not null',
      [pair.left],
    )
    await officer.ask('POST', `/merges/${merge!.merge_id}/undo`, { body: { reason: '两个孩子，当面核实过' } })
    expect(await decisionsOf(pair)).toEqual([{ verdict: 'same', how: 'unmerged' }])
    const again = await plant(pair.right, pair.left)
    expect((await say(officer, again.pair_id, 'same')).body.code).toBe('REVIEW.TAKEN_APART')
  })
})

describe('[REVIEW-2] two looks', () => {
  const pair = pairOf('冉六川')

  test('the second does not see the first, and nobody looks twice', async () => {
    expect((await say(officer, pair.pair_id, 'unsure', '两边都没有监护人')).body).toEqual({
      state: 'second',
      decisionId: null,
    })
    expect((await say(officer, pair.pair_id, 'same')).body.code).toBe('REVIEW.NOT_YOURS')
    const seen = await second.ask('GET', `/review-pairs/${pair.pair_id}`)
    expect(seen.body).toMatchObject({ turn: 2, answers: [] })
  })

  test('[REVIEW-1] what they differ on goes to a third with both reasons', async () => {
    await house.admin('update review_pair set needs_second = true where pair_id = $1', [pair.pair_id])
    expect((await say(second, pair.pair_id, 'same', '曾用名对得上')).body.state).toBe('dispute')
    const third = await city.ask('POST', `/runs/${runId}/review/disputes`, { body: { most: 1 } })
    expect(third.body.pairs).toMatchObject([
      { pairId: pair.pair_id, turn: 3, answers: [{ note: '两边都没有监护人' }, { note: '曾用名对得上' }] },
    ])
    const settled = await city.ask('POST', `/review-pairs/${pair.pair_id}/settle`, { body: { verdict: 'different' } })
    expect(settled.body.state).toBe('different')
  })

  test('[REVIEW-3] agreement is shown', async () => {
    const { body } = await officer.ask('GET', `/runs/${runId}/review`)
    expect(body.agreement).toEqual({ pairs: 1, agreed: 0, kappa: 0 })
  })

  test('a note is sealed', async () => {
    expect(await findInDatabase(house, ['两边都没有监护人', '曾用名对得上'])).toEqual([])
  })
})

test('[REVIEW-5] the numbers of a pair are shown for a reason, which is kept with the pair', async () => {
  const { pair_id } = pairOf('冉七川')
  const path = `/review-pairs/${pair_id}/reveal`
  expect((await officer.ask('POST', path, { body: { reason: '看' } })).body.code).toBe('REVIEW.REASON_NEEDED')
  const { body } = await officer.ask('POST', path, { body: { reason: '核对证件号' } })
  const id = body.lines.find(({ field }: { field: string }) => field === 'citizenId')
  expect(text(id.left)).toBe(registered(6).id)
  const [line] = await house.admin<{ kind: string; reason: string }>(
    'select kind, reason from audit_event where target = $1 and reason is not null',
    [`pair:${pair_id}`],
  )
  expect(line).toEqual({ kind: 'reveal', reason: '核对证件号' })
})

describe('[DECIDE-4] the next run', () => {
  const outcome = async () => {
    const made = await officer.ask('POST', '/runs/books', { body: {} })
    return { isSame: made.body.isSame as boolean, run: await ended(officer, made.body.runId, 60) }
  }
  const namesIn = async (id: string, list: string): Promise<string[]> => {
    const { body } = await officer.ask('GET', `/runs/${id}/lists/${list}?size=200`)
    return body.rows.map((row: { name: string | null; rollName: string | null }) => row.name ?? row.rollName)
  }

  test('reads the decisions: what is one is linked, what is two is not, and nobody is asked again', async () => {
    expect((await officer.ask('GET', `/runs/${runId}/review`)).body.unread).toBeGreaterThan(0)
    const { isSame, run: next } = await outcome()
    expect(isSame).toBe(false)
    expect(next.state).toBe('done')
    expect(await namesIn(next.runId, 'linked')).toContain('冉一川')
    expect(await namesIn(next.runId, 'not-found')).toEqual(expect.arrayContaining(['冉二川', '冉五川', '冉六川']))
    expect(await namesIn(next.runId, 'duplicates')).toContain('冉四川')
    expect((await namesIn(next.runId, 'review')).sort()).toEqual(['冉七川', '冉八川'].sort())
    expect((await officer.ask('GET', `/runs/${next.runId}/review`)).body.unread).toBe(0)
    const entries = await entriesByName(house)
    expect(entries.get('冉一川')?.code).toBe('here')
    expect(entries.get('冉二川')?.code).toBe('to-verify')
    expect(entries.get('苟甲泉')).toBeUndefined()
    expect(entries.get('佘乙洋')?.code).toMatch(/^roll-/)
  })

  test('[RUN-17] and only what was decided since makes it another run', async () => {
    expect((await outcome()).isSame).toBe(true)
    const { body } = await officer.ask('GET', '/runs')
    const [{ runId: last }] = body.rows
    await house.admin('update review_pair set needs_second = false')
    const { body: claimed } = await officer.ask('POST', `/runs/${last}/review/claims`, { body: { most: 1 } })
    expect((await say(officer, claimed.pairs[0].pairId, 'different')).body.state).toBe('different')
    expect((await outcome()).isSame).toBe(false)
  })

  test('a new extract of the same person stands under the old decision', async () => {
    await giveBatch(house.services, nanchuan, {
      kind: 'population',
      asOf: '2026-10-10',
      rows: [
        ...NAMES.map((_, n) => ({ ...registered(n), cells: { address: '新址' } })),
        ...filler.map((row) => ({ ...row, unitId: village })),
      ],
    })
    const { run: next } = await outcome()
    expect(await namesIn(next.runId, 'linked')).toContain('冉一川')
    expect(await namesIn(next.runId, 'not-found')).toContain('冉二川')
  })
})

describe('out of sight', () => {
  test('another district finds neither run nor pair nor decision, and sees no row', async () => {
    const zone = await house.signIn('zone-officer')
    const { pair_id } = pairOf('冉七川')
    for (const [method, path, body] of [
      ['GET', `/runs/${runId}/review`, undefined],
      ['POST', `/runs/${runId}/review/claims`, { most: 1 }],
      ['GET', `/review-pairs/${pair_id}`, undefined],
      ['POST', `/review-pairs/${pair_id}/answers`, { verdict: 'same' }],
      ['POST', `/review-pairs/${pair_id}/undo`, undefined],
      ['POST', `/review-pairs/${pair_id}/reveal`, { reason: '核对证件号' }],
      ['GET', '/decisions/1', undefined],
      ['POST', '/decisions/1/withdraw', { reason: '核对证件号' }],
    ] as const) {
      const answer = await zone.ask(method, path, body === undefined ? {} : { body })
      expect([path, answer.body.code]).toEqual([path, 'REQUEST.NOT_FOUND'])
    }
    const actor = await house.actor('zone-officer')
    const seen = await house.db.inScope(actor.scope, (tx) =>
      sql<{
        n: number
      }>`select (select count(*) from review_pair) + (select count(*) from review_answer) + (select count(*) from pair_decision) as n`.execute(
        tx,
      ),
    )
    expect(Number(seen.rows[0]?.n)).toBe(0)
  })
})
