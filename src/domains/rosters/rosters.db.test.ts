import { expect, test } from 'vitest'
import { testHouse, type Visitor } from '../../app/testing/house.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import type { RosterRun } from './contract.ts'
import { accountOf, childOfRow, giveList, type Line, plantPupils } from './lists.test.server.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const DISTRICT = house.town.id('500119')
const [ONE, TWO] = [house.town.id('2150000001'), house.town.id('2150000002')]

/** Pupils of school one, in the books as the first comparison left them. */
const NAMES = ['在一', '写二', '久三', '短四', '漏五', '假六', '休七', '异八', '双九', '省十', '疑甲', '籍乙'] as const
type Name = (typeof NAMES)[number]
const line = (name: Name, more: Partial<Line> = {}): Line => ({
  name,
  citizenId: `5001192016050500${10 + NAMES.indexOf(name)}`,
  ...more,
})
const accountAtFirst = (name: Name) =>
  name === '省十' ? 'other-province' : name === '疑甲' || name === '籍乙' ? 'to-verify' : 'here'
const ids = await plantPupils(
  house,
  { giver: DISTRICT, unit: DISTRICT },
  NAMES.map((name) => ({ ...line(name), ...(name === '籍乙' ? {} : { school: ONE }), account: accountAtFirst(name) })),
)
const child = (name: Name) => ids[NAMES.indexOf(name)]!

const roll = await giveList(
  house,
  { kind: 'roll', giver: ONE, asOf: '2026-11-02' },
  NAMES.filter((name) => name !== '籍乙').map((name) => line(name, { school: ONE, isPaused: name === '休七' })),
)
await giveList(house, { kind: 'roll', giver: TWO, asOf: '2026-11-02' }, [
  { name: '他校生', citizenId: '500119201501010077', school: TWO },
])

async function compare(visitor: Visitor = officer): Promise<RosterRun> {
  const answer = await visitor.ask('POST', '/rosters/runs', { body: {} })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return answer.body
}

async function foundOf(run: RosterRun, compared = 'class'): Promise<Record<string, string>> {
  const { body } = await officer.ask('GET', `/rosters/runs/${run.runId}/found?compared=${compared}&size=200`)
  return Object.fromEntries(
    body.rows.map((row: { name: string; class: string; ground: string | null }) => [
      row.name,
      row.ground === null ? row.class : `${row.class}: ${row.ground}`,
    ]),
  )
}

test('[ROST-11] without a list there is nothing to compare', async () => {
  expect((await officer.ask('POST', '/rosters/runs', { body: {} })).body.code).toBe('ROSTER.NO_LISTS')
})

test('[ROST-8] [ROST-9] [ROST-10] roll against classes: who is where, why, and what the books are told', async () => {
  expect(roll.newChildren).toBe(0)
  const classes = await giveList(house, { kind: 'attendance', giver: ONE, asOf: '2026-11-10' }, [
    line('在一', { school: ONE }),
    line('写二', { school: ONE, mark: 'lost' }),
    line('久三', { school: ONE, mark: 'absent', absentDays: 7 }),
    line('短四', { school: ONE, mark: 'absent', absentDays: 1 }),
    line('假六', { school: ONE, mark: 'leave' }),
    line('双九', { school: ONE }),
    line('籍乙', { school: ONE }),
    { name: '新来', citizenId: '500119201703030077', birth: plainDate('2017-03-03'), school: ONE },
  ])
  await giveList(house, { kind: 'attendance', giver: TWO, asOf: '2026-11-10' }, [
    line('异八', { school: TWO }),
    line('双九', { school: TWO }),
    { name: '他校生', citizenId: '500119201501010077', school: TWO },
  ])
  const run = await compare()
  expect(await foundOf(run)).toEqual({
    写二: 'named-absent: said',
    久三: 'named-absent: days',
    短四: 'named-absent: short',
    漏五: 'named-absent: unnamed',
    疑甲: 'named-absent: unnamed',
    假六: 'on-leave',
    休七: 'on-leave',
    异八: 'seated-elsewhere',
    双九: 'two-schools',
    籍乙: 'without-roll',
    新来: 'without-roll',
  })
  const stands: Record<string, string | null> = {}
  for (const name of NAMES) stands[name] = await accountOf(house, child(name))
  expect(stands).toEqual({
    在一: 'here',
    写二: 'suspected',
    久三: 'suspected',
    短四: 'to-verify',
    漏五: 'to-verify',
    假六: 'here',
    休七: 'here',
    异八: 'here',
    双九: 'conflict',
    省十: 'other-province',
    疑甲: 'to-verify',
    籍乙: 'without-roll',
  })
  expect(await accountOf(house, await childOfRow(house, classes.batchId, 8))).toBe('without-roll')
  expect(run.counts.class).toMatchObject({ schools: 2, onRoll: 12, seated: 3 })
  const [file] = await house.admin<{ stage: string; owner_unit_id: number }>(
    'select stage, owner_unit_id from case_file where child_id = $1 and open',
    [child('写二')],
  )
  expect(file).toEqual({ stage: 'case', owner_unit_id: ONE })
})

test('[ROST-11] the same lists compared again post nothing', async () => {
  const before = await house.admin('select max(posting_id) as last from posting')
  const run = await compare()
  expect(run.posted).toBe(0)
  expect(await house.admin('select max(posting_id) as last from posting')).toEqual(before)
})

test('[ROST-10] who was asked for by a list and sits in class by a newer one stands as before', async () => {
  await giveList(
    house,
    { kind: 'attendance', giver: ONE, asOf: '2026-11-17' },
    NAMES.filter((name) => name !== '异八').map((name) => line(name, { school: ONE })),
  )
  const run = await compare()
  const found = await foundOf(run)
  expect(found['写二']).toBe('back-in-class')
  expect(await accountOf(house, child('写二'))).toBe('here')
  expect(await accountOf(house, child('漏五'))).toBe('here')
  expect(await house.admin('select 1 from case_file where child_id = $1 and open', [child('写二')])).toEqual([])
})

test('[ROST-8] the list of one class adds to its school’s, and says of nobody else that he is gone', async () => {
  await giveList(house, { kind: 'attendance', giver: ONE, asOf: '2026-11-18', isPartial: true }, [
    line('在一', { school: ONE, mark: 'lost' }),
  ])
  const found = await foundOf(await compare())
  expect(found['在一']).toBe('named-absent: said')
  expect(found['写二']).toBeUndefined()
  expect([await accountOf(house, child('在一')), await accountOf(house, child('写二'))]).toEqual(['suspected', 'here'])
})

test('[ROST-10] what an officer wrote after the day of the list is newer than the list', async () => {
  const posted = await officer.ask('POST', `/children/${child('在一')}/entries`, {
    body: { account: 'not-located', from: '2026-11-19', evidence: 'visit', note: '上门两次没有人' },
  })
  expect(posted.status).toBe(200)
  const run = await compare()
  expect(run.posted).toBe(0)
  expect(await accountOf(house, child('在一'))).toBe('not-located')
})
