import { beforeEach, describe, expect, test } from 'vitest'
import { onRoll, testPersons, tiesOf } from './persons.test.server.ts'
import { readContact, readIdentity, searchChildren } from './server.ts'

const world = await testPersons()
const { admin, places, keys, store, childOf, undo, system } = world
const ID = '500119201503140012'
const OTHER = '500119201503140020'

beforeEach(async () => {
  await admin(
    'truncate source_batch, child, source_record, person_identity, person_contact, tie, roll_entry, person_tag, batch_cover, child_merge, record_move, tag_move cascade',
  )
})

async function count(table: string): Promise<number> {
  const [row] = await admin<{ n: number }>(`select count(*)::int as n from ${table}`)
  return row!.n
}

async function shownName(child: number): Promise<string | undefined> {
  const found = await system((tx) => readIdentity(tx, keys, [child], 'plain'))
  return [...found.values()][0]?.name
}

const repairs = async () =>
  (
    await admin<{ row: number }>('select row from source_record where needs_repair or shares_id order by batch_id, row')
  ).map(({ row }) => row)

describe('[PERS-1] a batch is stored with its rows, its children and its counts', () => {
  test('refused rows are only counted; what was stored can be read again', async () => {
    const stored = await store('population', '2026-11-01', [
      { name: '张小明', citizenId: ID, phones: ['13912345678'], address: '重庆市南川区东城街道1号' },
      { name: '坏行', refused: true },
    ])
    expect(stored).toMatchObject({ rowCount: 2, storedCount: 1, refusedCount: 1, newChildren: 1, unchanged: 0 })
    const child = await childOf(stored, 1)
    const contact = await system((tx) => readContact(tx, keys, [child], 'plain'))
    expect([...contact.values()][0]).toMatchObject({ phones: ['13912345678'], address: '重庆市南川区东城街道1号' })
    expect(await shownName(child)).toBe('张小明')
    const [batch] = await admin('select row_count, stored_count, refused_count from source_batch')
    expect(batch).toEqual({ row_count: 2, stored_count: 1, refused_count: 1 })
  })

  test('a load that breaks off in a later chunk leaves nothing behind', async () => {
    const rows = [
      { name: '张一', citizenId: ID },
      { name: '张二', unitId: 999_999 },
    ]
    await expect(store('population', '2026-11-01', rows, { chunk: 1 })).rejects.toThrow()
    expect([await count('child'), await count('source_record'), await count('source_batch')]).toEqual([0, 0, 0])
  })
})

describe('[PERS-3] which child a row speaks of', () => {
  test('two rows of one sheet with the same ID and name are one child with two records, in one chunk or in two', async () => {
    const rows = [{ name: '张小明', citizenId: ID }, { name: '李四' }, { name: '张小明', citizenId: ID }]
    for (const chunk of [3, 1]) {
      const stored = await store('population', `2026-11-0${chunk}`, rows, { chunk })
      expect(await childOf(stored, 1)).toBe(await childOf(stored, 3))
      expect(await childOf(stored, 1)).not.toBe(await childOf(stored, 2))
    }
    expect([await count('child'), await count('source_record')]).toEqual([2, 6])
  })

  test('a name written in another form is the same name, another name is another child', async () => {
    const first = await store('population', '2026-11-01', [{ name: '张·小明', citizenId: ID }])
    const same = await store('roll', '2026-11-02', [{ name: '张•小明', citizenId: ID, roll: onRoll(places.school) }])
    const other = await store('roll', '2026-11-03', [{ name: '王小明', citizenId: ID, roll: onRoll(places.school) }])
    expect(await childOf(same, 1)).toBe(await childOf(first, 1))
    expect(await childOf(other, 1)).not.toBe(await childOf(first, 1))
  })

  test('without a sound ID the student number and the name tell', async () => {
    const studentNo = 'G500119201503140012'
    const first = await store('roll', '2026-11-01', [
      { name: '张小明', citizenId: ID, studentNo, roll: onRoll(places.school) },
    ])
    const next = await store('roll', '2026-11-02', [
      { name: '张小明', otherId: '坏号', studentNo, roll: onRoll(places.school) },
      { name: '张小红', studentNo, roll: onRoll(places.school) },
    ])
    expect(await childOf(next, 1)).toBe(await childOf(first, 1))
    expect(await childOf(next, 2)).not.toBe(await childOf(first, 1))
  })

  test('without any number the same content is the same child, row by row, and other content is not', async () => {
    const rows = [{ name: '张伟' }, { name: '张伟' }, { name: '张伟', ethnicity: '苗族' }]
    const first = await store('population', '2026-11-01', rows)
    const next = await store('population', '2026-11-02', rows, { chunk: 1 })
    expect(await count('child')).toBe(3)
    for (const row of [1, 2, 3]) expect(await childOf(next, row)).toBe(await childOf(first, row))
    expect(next.unchanged).toBe(3)
    const changed = await store('population', '2026-11-03', [{ name: '张伟', ethnicity: '土家族' }])
    expect(changed.newChildren).toBe(1)
  })

  test('an unchanged row repeats its record: nothing is sealed anew', async () => {
    const rows = [{ name: '张小明', citizenId: ID, phones: ['13912345678'] }]
    await store('population', '2026-11-01', rows)
    const again = await store('population', '2026-11-02', rows)
    expect(again).toMatchObject({ unchanged: 1, newChildren: 0 })
    const third = await store('population', '2026-11-03', [{ ...rows[0]!, phones: ['13900000000'] }])
    expect(third.unchanged).toBe(0)
    expect([await count('source_record'), await count('person_identity')]).toEqual([3, 2])
  })
})

describe('[PERS-4] one ID number, two names', () => {
  test('twins are two children and nobody has to be repaired', async () => {
    const stored = await store('population', '2026-11-01', [
      { name: '张大双', citizenId: ID, householdNo: '1' },
      { name: '张小双', citizenId: OTHER, householdNo: '1' },
    ])
    expect(stored).toMatchObject({ newChildren: 2, repairCount: 0 })
  })

  test.each([2, 1])('two children and both on the repair list, in chunks of %i', async (chunk) => {
    const stored = await store(
      'population',
      '2026-11-01',
      [
        { name: '张小明', citizenId: ID },
        { name: '李小红', citizenId: ID },
      ],
      { chunk },
    )
    expect(stored).toMatchObject({ newChildren: 2, repairCount: 2 })
    expect(await repairs()).toEqual([1, 2])
  })

  test('the mark goes with the batch that brought the other name', async () => {
    await store('population', '2026-11-01', [{ name: '张小明', citizenId: ID }])
    const wrong = await store('population', '2026-11-02', [{ name: '李小红', citizenId: ID }])
    expect(await repairs()).toEqual([1, 1])
    await undo(wrong.batchId)
    const [left] = await admin('select shares_id from source_record where batch_id <> $1', [wrong.batchId])
    expect(left).toEqual({ shares_id: false })
  })
})

describe('[PERS-6] what is shown is the newest by the day the sheet speaks of', () => {
  test('an older extract that is given later changes neither facts nor place', async () => {
    const newer = await store('population', '2026-11-10', [
      { name: '张小明', citizenId: ID, ethnicity: '苗族', unitId: places.village2 },
    ])
    const child = await childOf(newer, 1)
    const before = await tiesOf(world, child)
    await store('population', '2026-10-01', [
      { name: '张小明', citizenId: ID, ethnicity: '汉族', unitId: places.village },
    ])
    const identity = await system((tx) => readIdentity(tx, keys, [child], 'plain'))
    expect([...identity.values()][0]?.ethnicity).toBe('苗族')
    expect(await tiesOf(world, child)).toEqual(
      [`registered ${places.village} [2026-10-01,2026-11-10)`, ...before].sort(),
    )
  })

  test('the register says who the child is, also when a roll is newer', async () => {
    const first = await store('population', '2026-11-01', [{ name: '张小明', citizenId: ID, ethnicity: '苗族' }])
    await store('roll', '2026-11-10', [
      { name: '张小明', citizenId: ID, ethnicity: '汉族', roll: onRoll(places.school) },
    ])
    const child = await childOf(first, 1)
    const identity = await system((tx) => readIdentity(tx, keys, [child], 'plain'))
    expect([...identity.values()][0]?.ethnicity).toBe('苗族')
  })
})

describe('[PERS-7] [PERS-8] what a batch speaks of whole', () => {
  test('who is not in the newer extract of the district has left; a part of a sheet takes nobody away', async () => {
    const all = [
      { name: '张小明', citizenId: ID },
      { name: '李小红', citizenId: OTHER },
    ]
    const first = await store('population', '2026-11-01', all)
    const gone = await childOf(first, 2)
    await store('population', '2026-11-05', [all[0]!], { isPartial: true })
    expect(await tiesOf(world, gone)).toEqual([`registered ${places.village} [2026-11-01,)`])
    await store('population', '2026-11-10', [all[0]!])
    expect(await tiesOf(world, gone)).toEqual([`registered ${places.village} [2026-11-01,2026-11-10)`])
    const [seen] = await admin<{ units: number[] }>('select units from child where child_id = $1', [gone])
    expect(seen!.units).toContain(places.village)
  })

  test('a village speaks of itself only; a roll of its schools; floating residents of nobody', async () => {
    const first = await store('population', '2026-11-01', [
      { name: '张小明', citizenId: ID },
      { name: '李小红', citizenId: OTHER, unitId: places.village2 },
    ])
    await store('population', '2026-11-10', [{ name: '王新' }], { giver: places.village })
    expect(await tiesOf(world, await childOf(first, 1))).toEqual([
      `registered ${places.village} [2026-11-01,2026-11-10)`,
    ])
    expect(await tiesOf(world, await childOf(first, 2))).toEqual([`registered ${places.village2} [2026-11-01,)`])
    await store('floating', '2026-11-10', [{ name: '流一' }])
    const covers = await admin<{ kind: string; unit_id: number }>(
      'select kind, c.unit_id from batch_cover c join source_batch using (batch_id) order by batch_id',
    )
    expect(covers).toEqual([
      { kind: 'population', unit_id: places.district },
      { kind: 'population', unit_id: places.village },
    ])
  })

  test('who moves from school to school in one roll leaves the first; who has finished keeps the day only', async () => {
    const row = (school: number, more = {}) => ({ name: '张小明', citizenId: ID, roll: onRoll(school, more) })
    const first = await store('roll', '2026-10-01', [row(places.school), { name: '留守', roll: onRoll(places.school) }])
    const child = await childOf(first, 1)
    await store('roll', '2026-11-01', [row(places.school2), { name: '留守', roll: onRoll(places.school) }])
    expect(await tiesOf(world, child)).toEqual(
      [`roll ${places.school} [2026-10-01,2026-11-01)`, `roll ${places.school2} [2026-11-01,)`].sort(),
    )
    await store('roll', '2026-11-20', [row(places.school2, { statusGroup: 'finished' })])
    expect(await tiesOf(world, child)).toContain(`roll ${places.school2} [2026-11-01,2026-11-21)`)
  })

  test('two rolls that both hold the child are two ties', async () => {
    const row = (school: number) => ({ name: '张小明', citizenId: ID, roll: onRoll(school) })
    const first = await store('roll', '2026-11-01', [row(places.school)], { giver: places.school })
    await store('roll', '2026-11-02', [row(places.school2)], { giver: places.school2 })
    expect(await tiesOf(world, await childOf(first, 1))).toHaveLength(2)
  })
})

describe('[PERS-10] an undone batch counts no more', () => {
  test('facts, places, units and search are as before', async () => {
    const first = await store('population', '2026-11-01', [{ name: '张小明', citizenId: ID, phones: ['13911111111'] }])
    const child = await childOf(first, 1)
    const picture = async () => [
      await tiesOf(world, child),
      await admin('select identity_id, contact_id, units from child where child_id = $1', [child]),
      await admin('select units from person_identity i join source_record r using (record_id) where r.batch_id = $1', [
        first.batchId,
      ]),
    ]
    const before = await picture()
    const wrong = await store('population', '2026-11-10', [
      { name: '张小明', citizenId: ID, phones: ['13922222222'], unitId: places.village2 },
      { name: '错行', citizenId: OTHER },
    ])
    expect(await picture()).not.toEqual(before)
    const mistaken = await childOf(wrong, 2)
    await undo(wrong.batchId)
    expect(await picture()).toEqual(before)
    expect(await shownName(mistaken)).toBeUndefined()
    const found = (text: string) => world.within(places.district, (tx) => searchChildren(tx, keys, text, 10))
    expect(await found('错行')).toEqual([])
    expect(await found('张小明')).toEqual([child])
    await undo(wrong.batchId)
    expect(await picture()).toEqual(before)
  })

  test('the middle one of three, and the next import meets the same child', async () => {
    const row = (phone: string, unitId = places.village) => [{ name: '张小明', citizenId: ID, phones: [phone], unitId }]
    const first = await store('population', '2026-10-01', row('13911111111'))
    const middle = await store('population', '2026-10-15', row('13922222222', places.village2))
    await store('population', '2026-11-01', row('13922222222', places.village2))
    await undo(middle.batchId)
    const child = await childOf(first, 1)
    expect(await tiesOf(world, child)).toEqual(
      [`registered ${places.village} [2026-10-01,2026-11-01)`, `registered ${places.village2} [2026-11-01,)`].sort(),
    )
    const contact = await system((tx) => readContact(tx, keys, [child], 'plain'))
    expect([...contact.values()][0]?.phones).toEqual(['13922222222'])
    expect((await store('population', '2026-11-02', row('13922222222', places.village2))).newChildren).toBe(0)
  })

  test('a child that was left out by the undone batch is back', async () => {
    const first = await store('population', '2026-11-01', [
      { name: '张小明', citizenId: ID },
      { name: '李小红', citizenId: OTHER },
    ])
    const wrong = await store('population', '2026-11-10', [{ name: '张小明', citizenId: ID }])
    await undo(wrong.batchId)
    expect(await tiesOf(world, await childOf(first, 2))).toEqual([`registered ${places.village} [2026-11-01,)`])
  })
})
