import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import type { Family } from './contract.ts'
import { giveList, type Line, plantPupils } from './lists.test.server.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const villager = await house.signIn('village-officer')
const stranger = await house.signIn('zone-officer')
const DISTRICT = house.town.id('500119')
const ONE = house.town.id('2150000001')
const [village] = await house.admin<{ unit_id: number }>(
  `select p.unit_id from post p where p.role_id = 'village-officer'`,
)
const HEAD = { name: '幸大山', citizenId: '500119198001010033', phone: null, relation: '户主' }
const line = (n: number, name: string, more: Partial<Line> = {}): Line => ({
  name,
  citizenId: `5001192016050502${10 + n}`,
  unitId: village!.unit_id,
  ...more,
})
const home = (householdNo: string): Partial<Line> => ({ householdNo, guardians: [HEAD] })
const ids = await plantPupils(house, { giver: DISTRICT, unit: village!.unit_id }, [
  { ...line(0, '幸一', home('66001')), account: 'here', school: ONE },
  { ...line(1, '幸二', home('66001')), account: 'to-verify' },
  { ...line(2, '独三', home('66002')), account: 'here', school: ONE },
  { ...line(3, '疑四', home('66003')), account: 'suspected' },
])
await giveList(house, { kind: 'population', giver: DISTRICT, asOf: '2026-11-02', isPartial: true }, [
  { ...line(4, '幸小', home('66001')), birth: plainDate('2022-05-05') },
])
await giveList(house, { kind: 'poverty', giver: DISTRICT, asOf: '2026-11-05' }, [
  line(0, '幸一', { householdNo: 'T1', tags: ['out-of-poverty'], guardians: [HEAD] }),
])

const namesOf = (families: readonly Family[]) => families.map(({ members }) => members.map(({ name }) => name).sort())

describe('[ROST-17] household by household', () => {
  test('households with a child who is not accounted for come first; 户 and 人 are counted apart', async () => {
    const { body } = await villager.ask('GET', '/rosters/families')
    expect([body.total, body.children]).toEqual([2, 2])
    expect(namesOf(body.rows)).toEqual([['幸一', '幸二', '幸小'].sort(), ['疑四']])
    const all = await villager.ask('GET', '/rosters/families?only=all')
    expect([all.body.total, all.body.children]).toEqual([3, 4])
    expect(all.body.rows[0]).toMatchObject({ ofAge: 2, open: 1, head: '幸**' })
  })

  test('a household is found by its number, by the number of its head, and by a child', async () => {
    const find = async (text: string) =>
      namesOf((await officer.ask('POST', '/rosters/families/find', { body: { text } })).body.rows)
    const whole = ['幸一', '幸二', '幸小'].sort()
    expect(await find('66001')).toEqual([whole])
    expect(await find('T1')).toEqual([whole])
    expect(await find(HEAD.citizenId)).toEqual([whole])
    expect(await find('幸二')).toEqual([whole])
    expect(await find('66009')).toEqual([])
  })

  test('a village reads no poverty, neither here nor in the child’s file; the district does', async () => {
    const tags = async (visitor: typeof officer) =>
      (await visitor.ask('GET', `/rosters/families/${ids[0]}`)).body.members.find(
        ({ name }: { name: string }) => name === '幸一',
      ).tags
    expect(await tags(officer)).toEqual(['脱贫家庭学生（原建档立卡）'])
    expect(await tags(villager)).toEqual([])
    const file = await villager.ask('POST', `/children/${ids[0]}/open`, { body: { reason: '入户核对' } })
    expect(file.body.sources.map(({ kind }: { kind: string }) => kind)).toEqual(['population'])
    expect(file.body.ties.map(({ kind }: { kind: string }) => kind)).not.toContain('listed')
  })

  test('outside the scope nothing is found', async () => {
    expect((await stranger.ask('GET', `/rosters/families/${ids[0]}`)).body.code).toBe('REQUEST.NOT_FOUND')
    expect((await stranger.ask('POST', '/rosters/families/find', { body: { text: '66001' } })).body.rows).toEqual([])
  })

  test('a whole district is not listed household by household', async () => {
    expect((await officer.ask('GET', '/rosters/families?only=all')).body.code).toBe('ROSTER.UNIT_TOO_LARGE')
  })
})

test('[ROST-5] a list gives sight where it places the child, and no duty beside another place', async () => {
  const other = house.town.id('500103')
  await giveList(house, { kind: 'disability', giver: other, asOf: '2026-11-06' }, [
    { ...line(3, '疑四'), unitId: other, tags: ['disabled'] },
  ])
  await house.admin(
    `insert into case_note (child_id, case_id, kind, sealed, author_id, written_at)
     select child_id, case_id, 'due', 'x', (select min(account_id) from account), now() from case_file where child_id = $1`,
    [ids[3]],
  )
  const seenFrom = async (login: string) => {
    const { scope } = await house.actor(login)
    return house.services.db.inScope(scope, async (tx) => {
      const count = async (table: 'child' | 'case_note' | 'person_tag' | 'person_contact') => {
        const of =
          table === 'person_contact' ? 'record_id in (select record_id from source_record where child_id' : '(child_id'
        const { rows } = await sql`select 1 from ${sql.table(table)} where ${sql.raw(of)} = ${ids[3]})`.execute(tx)
        return rows.length > 0
      }
      return [await count('child'), await count('case_note'), await count('person_tag'), await count('person_contact')]
    })
  }
  expect(await seenFrom('yuzhong-admin')).toEqual([true, false, false, false])
  expect(await seenFrom('nanchuan-officer')).toEqual([true, true, true, true])
})
