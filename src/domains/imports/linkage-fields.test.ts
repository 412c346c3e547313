import { expect, test } from 'vitest'
import { checkRows, idOf } from './check-testing.server.ts'
import { keyColumn, LINKAGE_KEYS, linkageFieldsOf, linkageSideOf } from './linkage-fields.ts'

const guardian = { guardian1Name: '张建国', guardian1CitizenId: idOf('19850101', 7) }

test('[LINK-12] a checked sheet is sealed with what a comparison knows its rows by, the same from both sides', async () => {
  const register = Array.from({ length: 300 }, (_, index) => ({
    name: `张${'三四五六七'[index % 5]}${index}`,
    citizenId: idOf('20160504', 2 * index + 1),
    birthDay: '2016-05-04',
    address: `重庆市南川区东城街道东街社区${index}号`,
    phone: `1390000${String(index).padStart(4, '0')}`,
    ...guardian,
  }))
  const population = await checkRows(register, { kind: 'population' })
  const roll = await checkRows(
    register
      .toReversed()
      .map(({ phone, ...row }) => ({ ...row, guardian1Phone: phone, schoolCode: '2150000001', grade: '小学四年级' })),
    { kind: 'roll' },
  )
  expect(population.all.length).toBe(300)
  for (const key of LINKAGE_KEYS.filter((id) => !/member3|memberId3|phone2/.test(id))) {
    const column = keyColumn(key)
    expect(roll.all.toReversed().map((row) => row[column])).toEqual(population.all.map((row) => row[column]))
  }
  expect(population.all.map((row) => row[keyColumn('id_n')])).toEqual(population.all.map((row) => row['id17']))
  expect(new Set(population.all.map((row) => row[keyColumn('phone1')])).size).toBe(300)
})

test('[LINK-12] an extract of residents gives its living address, and what a kind does not tell is no key', () => {
  const fields = linkageFieldsOf('floating', 'left')
  expect([fields['address']?.left, fields['member3']?.left, fields['phone2']?.left]).toEqual([
    'livingAddress',
    null,
    null,
  ])
  expect(linkageSideOf('roll')).toBe('right')
})
