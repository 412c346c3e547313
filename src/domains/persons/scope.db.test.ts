import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { accountId, type ChildId, childId } from '../../kernel/ids.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { onRoll, TODAY, testPersons } from './persons.test.server.ts'
import {
  addAreaTag,
  addTag,
  endTag,
  listAreaTags,
  listSiblings,
  listTags,
  readContact,
  readIdentity,
  retie,
  searchChildren,
  shownChildren,
} from './server.ts'

const world = await testPersons()
const { admin, places, keys, store, childOf, system, within } = world

const NAMES = ['欧阳小凤', '欧阳小龙', '令狐远', '慕容大山', '诸葛氏']
const NUMBERS = [
  '500119201503140012',
  '500119201703140020',
  '500119198001010013',
  'G500119201503140012',
  '13987654321',
  '南川区东城街道和平路88号',
]
/** Registered in one village and living in another; her brother is registered and lives where she is registered. */
let girl: ChildId
let brother: ChildId
let stranger: ChildId

beforeAll(async () => {
  const guardians = [{ name: '慕容大山', citizenId: '500119198001010013', phone: '13987654321', relation: '父' }]
  const home = { householdNo: 'H-1', guardians, phones: ['13987654321'], address: '南川区东城街道和平路88号' }
  const register = await store('population', '2026-11-01', [
    { name: '欧阳小凤', citizenId: '500119201503140012', sex: 2, ...home, tags: ['orphan', 'left-behind'] },
    { name: '欧阳小龙', citizenId: '500119201703140020', ...home },
  ])
  await store('floating', '2026-11-02', [
    { name: '欧阳小凤', citizenId: '500119201503140012', phones: ['13987654321'], guardians, unitId: places.village2 },
  ])
  const roll = await store('roll', '2026-11-03', [
    { name: '令狐远', studentNo: 'G500119201503140012', formerName: '诸葛氏', roll: onRoll(places.school) },
  ])
  girl = childId(await childOf(register, 1))
  brother = childId(await childOf(register, 2))
  stranger = childId(await childOf(roll, 1))
})

const seen = (unit: number) =>
  within(unit, async (tx) => {
    const all = [girl, brother, stranger]
    const named = await readIdentity(tx, keys, all)
    const reached = await readContact(tx, keys, all)
    return all.map((id) => [named.has(id), reached.has(id)])
  })

describe('[PERS-12] who sees what of a child', () => {
  test('a tie shows who the child is; registration alone does not show how to reach it while another home is known', async () => {
    expect(await seen(places.village)).toEqual([
      [true, false],
      [true, true],
      [false, false],
    ])
    expect(await seen(places.village2)).toEqual([
      [true, true],
      [false, false],
      [false, false],
    ])
    expect(await seen(places.school)).toEqual([
      [false, false],
      [false, false],
      [true, false],
    ])
    expect(await seen(places.other)).toEqual([
      [false, false],
      [false, false],
      [false, false],
    ])
    expect((await seen(places.district)).map(([named]) => named)).toEqual([true, true, true])
    expect((await seen(places.city)).map(([named]) => named)).toEqual([true, true, true])
  })

  test('the name in full, numbers masked', async () => {
    const shown = await within(places.village2, (tx) => shownChildren(tx, keys, [girl]))
    expect(shown.get(girl)).toMatchObject({ name: '欧阳小凤', citizenId: '500***********0012', sex: 2 })
    const contact = (await within(places.village2, (tx) => readContact(tx, keys, [girl]))).get(girl)
    expect(contact).toMatchObject({ phones: ['139****4321'], guardians: [{ name: '慕***', phone: '139****4321' }] })
  })

  test('without a scope nothing is seen, and no role but the system writes', async () => {
    const blind = await system(async (tx) => {
      await sql`set local role baoxue_unit`.execute(tx)
      return sql`select (select count(*) from child)::int + (select count(*) from tie)::int + (select count(*) from source_record)::int
        + (select count(*) from person_identity)::int + (select count(*) from person_contact)::int + (select count(*) from person_tag)::int as n`.execute(
        tx,
      )
    })
    expect(blind.rows).toEqual([{ n: 0 }])
    const writes = [
      'update child set sex = 1',
      `insert into tie (child_id, kind, unit_id, valid, source) values (1, 'living', 1, daterange('2026-01-01', null), 'officer')`,
      'update source_record set needs_repair = false',
      'update person_contact set units = units',
      'delete from tie',
      `insert into person_tag (child_id, sealed, valid, units) values (1, 'x', daterange('2026-01-01', null), '{}')`,
    ]
    for (const unit of [places.district, places.city]) {
      for (const write of writes) {
        await expect(within(unit, (tx) => sql.raw(write).execute(tx))).rejects.toMatchObject({ sqlState: '42501' })
      }
    }
  })
})

describe('[PERS-2] looking up', () => {
  test('exactly a name, ID or student number, in scope only, also for a unit that does not see the batch', async () => {
    const find = (unit: number, text: string) => within(unit, (tx) => searchChildren(tx, keys, text, 10))
    expect(await find(places.village2, ' 欧阳小凤')).toEqual([girl])
    expect(await find(places.village2, '500119201503140012')).toEqual([girl])
    expect(await find(places.school, 'g500119201503140012')).toEqual([stranger])
    expect(await find(places.village2, '欧阳小龙')).toEqual([])
    expect(await find(places.other, '欧阳小凤')).toEqual([])
    expect(await find(places.district, '欧阳')).toEqual([])
  })
})

describe('[PERS-11] siblings', () => {
  test('by household, in scope only', async () => {
    const near = (unit: number, child: ChildId) => within(unit, (tx) => listSiblings(tx, child, 10))
    expect(await near(places.district, brother)).toEqual([girl])
    expect(await near(places.village2, girl)).toEqual([])
  })

  test('by a guardian where the sheets tell no household', async () => {
    const guardians = [{ name: '甲父', citizenId: '500119198201010014', phone: null, relation: '父' }]
    const roll = await store('roll', '2026-11-04', [
      { name: '甲一', guardians, roll: onRoll(places.school2) },
      { name: '甲二', guardians, roll: onRoll(places.school2) },
    ])
    const [one, two] = [await childOf(roll, 1), await childOf(roll, 2)]
    expect(await within(places.school2, (tx) => listSiblings(tx, one, 10))).toEqual([two])
  })
})

describe('[PERS-13] groups', () => {
  test('of the current row and of an officer, with their days, only where a duty is', async () => {
    const codes = (unit: number) =>
      within(unit, async (tx) =>
        (await listTags(tx, keys, girl)).map(({ code, from, until }) => `${code} ${from} ${until}`).sort(),
      )
    expect(await codes(places.village2)).toEqual(['left-behind 2026-11-01 null', 'orphan 2026-11-01 null'])
    expect(await codes(places.village)).toEqual([])
    const tagId = await system(async (tx) => {
      const id = await addTag(tx, keys, {
        childId: girl,
        code: 'disabled',
        from: plainDate('2026-11-05'),
        accountId: accountId(1),
      })
      await retie(tx, [girl], TODAY)
      return id
    })
    expect(await codes(places.village2)).toContain('disabled 2026-11-05 null')
    expect(await system((tx) => endTag(tx, tagId, plainDate('2026-11-20')))).toBe(true)
    expect(await system((tx) => endTag(tx, tagId, plainDate('2026-11-21')))).toBe(false)
    expect(await codes(places.village2)).toContain('disabled 2026-11-05 2026-11-20')
    await store('population', '2026-11-10', [
      { name: '欧阳小凤', citizenId: '500119201503140012', sex: 2, tags: ['left-behind'] },
      { name: '欧阳小龙', citizenId: '500119201703140020' },
    ])
    expect(await codes(places.village2)).not.toContain('orphan 2026-11-01 null')
  })

  test('of the ground of a unit on a day', async () => {
    const tag = {
      unitId: places.village,
      code: 'reservoir',
      from: plainDate('2026-09-01'),
      source: '区县口径',
    } as const
    await system(async (tx) => {
      await addAreaTag(tx, tag)
      await addAreaTag(tx, tag)
    })
    const on = (day: string) => within(places.village, (tx) => listAreaTags(tx, [places.village], plainDate(day)))
    expect((await on('2026-09-01')).get(places.village)).toEqual(['reservoir'])
    expect((await on('2026-08-31')).get(places.village)).toBeUndefined()
  })
})

describe('[PERS-1] a stolen dump', () => {
  test('no name, number, telephone, address or group stands in any column of the slice', async () => {
    const tables = [
      'source_batch',
      'batch_cover',
      'child',
      'source_record',
      'person_identity',
      'person_contact',
      'school_class',
      'roll_entry',
      'child_merge',
      'record_move',
      'tag_move',
      'tie',
      'person_tag',
      'unit_tag',
    ]
    let dump = ''
    for (const table of tables) {
      const rows = await admin<{ line: string }>(`select t::text as line from ${table} t`)
      dump += rows.map(({ line }) => line).join('\n')
    }
    expect(dump.length).toBeGreaterThan(1_000)
    const needles = [...NAMES, ...NUMBERS, 'orphan', 'left-behind', '苗族']
    for (const needle of needles) {
      expect(dump).not.toContain(needle)
      expect(dump).not.toContain(Buffer.from(needle).toString('hex'))
    }
  })
})

describe('[PERS-16] what a row refers to is there', () => {
  test.each([
    `insert into tie (child_id, kind, unit_id, valid, source) values (999999, 'living', 1, daterange('2026-01-01', null), 'officer')`,
    `insert into tie (child_id, kind, unit_id, valid, source) select min(child_id), 'school', 999999, daterange('2026-01-01', null), 'officer' from child`,
    'insert into source_record (batch_id, row, child_id, content_key) select min(batch_id), 99, 999999, 0 from source_batch',
    'insert into source_record (batch_id, row, child_id, content_key) select 999999, 99, min(child_id), 0 from child',
    'update source_record set child_id = 999999',
    'update source_record set same_as = 999999',
  ])('refused: %s', async (write) => {
    await expect(system((tx) => sql.raw(write).execute(tx))).rejects.toMatchObject({ code: 'REQUEST.NOT_SAVED' })
  })

  test('nothing that is referred to can be deleted', async () => {
    for (const table of ['child', 'source_record', 'source_batch', 'person_identity']) {
      await expect(system((tx) => sql.raw(`delete from ${table}`).execute(tx))).rejects.toMatchObject({
        sqlState: '42501',
      })
    }
  })
})
