import { beforeEach, describe, expect, test } from 'vitest'
import { childId } from '../../kernel/ids.ts'
import { onRoll, TODAY, testPersons, tiesOf } from './persons.test.server.ts'
import { findSurvivor, listMerges, mergeChildren, readIdentity, unmerge } from './server.ts'

const world = await testPersons()
const { admin, places, keys, store, childOf, system } = world
const cause = { source: 'officer', sourceKey: '1', now: new Date('2026-11-24T01:00:00Z'), today: TODAY } as const
const ID = '500119201503140012'

beforeEach(async () => {
  await admin(
    'truncate source_batch, child, source_record, person_identity, person_contact, tie, roll_entry, person_tag, batch_cover, child_merge, record_move, tag_move cascade',
  )
})

/** Everything of the slice but the merges themselves. */
async function picture(): Promise<unknown> {
  const tables = [
    'select child_id, birth_day, sex, merged_into, identity_id, contact_id, units from child order by 1',
    'select record_id, child_id, same_as, unit_id, shares_id from source_record order by 1',
    'select record_id, units from person_identity order by 1',
    'select record_id, units from person_contact order by 1',
    'select record_id, child_id, units from roll_entry order by 1',
    'select tag_id, child_id, units from person_tag order by 1',
    'select child_id, kind, unit_id, valid::text, record_id, source from tie order by 1, 2, 3, 4',
  ]
  const found = []
  for (const select of tables) found.push(await admin(select))
  return found
}

async function two() {
  const register = await store('population', '2026-11-01', [
    { name: '张小明', citizenId: ID, householdNo: '7', phones: ['13911111111'], tags: ['orphan'] },
  ])
  const roll = await store('roll', '2026-11-02', [
    { name: '张晓明', citizenId: ID, phones: ['13922222222'], tags: ['left-behind'], roll: onRoll(places.school) },
  ])
  return { into: childId(await childOf(register, 1)), from: childId(await childOf(roll, 1)) }
}

const merge = (...pairs: (readonly [number, number])[]) =>
  system((tx) =>
    mergeChildren(
      tx,
      pairs.map(([from, into]) => ({ from: childId(from), into: childId(into), grounds: null })),
      cause,
    ),
  )
const undo = (mergeId: number) => system((tx) => unmerge(tx, mergeId, { accountId: 1, now: cause.now, today: TODAY }))
const mergeIds = async () =>
  (await admin<{ id: number }>('select merge_id::int as id from child_merge order by 1')).map(({ id }) => id)

describe('[PERS-5] merge and un-merge', () => {
  test('the records speak of the other child: its ties, units and facts, and the doubled ID number is no fault any more', async () => {
    const { from, into } = await two()
    expect(await merge([from, into])).toBe(1)
    expect(await tiesOf(world, into)).toEqual(
      [`registered ${places.village} [2026-11-01,)`, `roll ${places.school} [2026-11-02,)`].sort(),
    )
    expect(await tiesOf(world, from)).toEqual([])
    const [child] = await admin<{ units: number[] }>('select units from child where child_id = $1', [into])
    expect(child!.units).toEqual(expect.arrayContaining([places.village, places.school]))
    const identity = await system((tx) => readIdentity(tx, keys, [from, into], 'plain'))
    expect([...identity].map(([id, { name }]) => [id, name])).toEqual([[into, '张小明']])
    expect(await admin('select 1 from source_record where shares_id')).toEqual([])
    expect(await admin('select 1 from person_tag where child_id = $1', [into])).toHaveLength(2)
    expect(await system((tx) => findSurvivor(tx, from))).toBe(into)
  })

  test('undone, everything is exactly as it was, and a second undo changes nothing', async () => {
    const { from, into } = await two()
    const before = await picture()
    await merge([from, into])
    expect(await picture()).not.toEqual(before)
    const [mergeId] = await mergeIds()
    expect(await undo(mergeId!)).toEqual({ fromChild: from, intoChild: into })
    expect(await picture()).toEqual(before)
    expect(await undo(mergeId!)).toBeUndefined()
    expect(await system((tx) => listMerges(tx, into))).toEqual([])
  })

  test('a chain given at once ends in its last child; a circle and a child merged before are left alone', async () => {
    const stored = await store(
      'population',
      '2026-11-01',
      ['甲', '乙', '丙', '丁', '戊'].map((name) => ({ name: `张${name}` })),
    )
    const children: number[] = []
    for (const row of [1, 2, 3, 4, 5]) children.push(await childOf(stored, row))
    const [a, b, c, d, e] = children
    expect(await merge([a!, b!], [b!, c!], [d!, e!], [e!, d!])).toBe(2)
    expect(await system((tx) => findSurvivor(tx, a!))).toBe(c)
    expect(await merge([a!, d!])).toBe(0)
    expect(await admin('select 1 from source_record where child_id = $1', [c])).toHaveLength(3)
  })

  test('undone in the order in which they were made, every record finds its own child', async () => {
    const stored = await store(
      'population',
      '2026-11-01',
      ['甲', '乙', '丙'].map((name) => ({ name: `张${name}` })),
    )
    const [a, b, c] = [await childOf(stored, 1), await childOf(stored, 2), await childOf(stored, 3)]
    const before = await picture()
    await merge([a, b])
    await merge([b, c])
    const [first, second] = await mergeIds()
    expect(await undo(first!)).toEqual({ fromChild: a, intoChild: c })
    expect(await childOf(stored, 1)).toBe(a)
    expect(await childOf(stored, 2)).toBe(c)
    await undo(second!)
    expect(await picture()).toEqual(before)
  })

  test('what came later and speaks of the split-off child goes with it', async () => {
    const { from, into } = await two()
    await merge([from, into])
    const same = { name: '张晓明', citizenId: ID, roll: onRoll(places.school) }
    const repeated = await store('roll', '2026-11-10', [{ ...same, phones: ['13922222222'], tags: ['left-behind'] }])
    const changed = await store('roll', '2026-11-11', [{ ...same, phones: ['13933333333'] }])
    const own = await store('population', '2026-11-12', [{ name: '张小明', citizenId: ID }])
    for (const batch of [repeated, changed, own]) expect(await childOf(batch, 1)).toBe(into)
    const [mergeId] = await mergeIds()
    await undo(mergeId!)
    expect([await childOf(repeated, 1), await childOf(changed, 1), await childOf(own, 1)]).toEqual([from, from, into])
  })
})
