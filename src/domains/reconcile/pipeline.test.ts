import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LIST_NAMES } from './contract.ts'
import { type Compared, compare, idOf, type SheetRow, standings } from './pipeline-testing.server.ts'

const person = (birth: string, sequence: number, name: string, more: SheetRow = {}): SheetRow => ({
  citizenId: idOf(birth, sequence),
  name,
  ...more,
})
const entry = (birth: string, sequence: number, name: string, more: SheetRow = {}): SheetRow =>
  person(birth, sequence, name, { schoolName: '民权小学', grade: '四年级', status: '在读', ...more })

function expectClosed(compared: Compared, populationRows: number, rollRows: number): void {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
  const population = standings(compared, 'population_row')
  const roll = standings(compared, 'roll_row')
  expect([...population.keys()].sort((a, b) => a - b)).toEqual(numbers(populationRows))
  expect([...roll.keys()].sort((a, b) => a - b)).toEqual(numbers(rollRows))
  expect([...population.values(), ...roll.values()].filter((standing) => standing.includes(' and '))).toEqual([])
  const { summary } = compared
  const lines = summary.bridge
  const taken = lines.slice(1, -1).reduce((sum, { count }) => sum + count, 0)
  expect(lines[0]?.count).toBe(populationRows)
  expect(lines.at(-1)?.count).toBe(populationRows - taken)
  expect(summary.population.reduce((sum, { count }) => sum + count, 0)).toBe(summary.personsToAccountFor)
  expect(summary.roll.reduce((sum, { count }) => sum + count, 0)).toBe(rollRows)
  expect(summary.balances).toBe(true)
}

test('[LINK-1] a sound ID with the same name is a link; the ID alone, another child’s name, is not decided by it', async () => {
  const compared = await compare(
    [person('20150831', 1, '张三'), person('20160101', 3, '李四光')],
    [entry('20150831', 1, '张三'), entry('20160101', 3, '欧阳春晓')],
  )
  expect(standings(compared, 'population_row').get(1)).toBe('linked/in-school')
  expect(standings(compared, 'population_row').get(2)).not.toBe('linked/in-school')
  expect(compared.rows.linked[0]).toMatchObject({ population_row: 1, roll_row: 1, score: 1, obligation: 'open' })
})

test('[LINK-3] twins stay two children, on each side and across them', async () => {
  const home = {
    guardian1Name: '王父',
    guardian1CitizenId: idOf('19850101', 1),
    phone: '13900001111',
    address: '民生路1号',
  }
  const twins = [person('20160505', 11, '王子轩', home), person('20160505', 13, '王子昂', home)]
  const compared = await compare(twins, [entry('20160505', 13, '王子昂', home)])
  expect(standings(compared, 'population_row')).toEqual(
    new Map([
      [2, 'linked/in-school'],
      [1, 'not-found/absent'],
    ]),
  )
})

test('[LINK-5] one giant block is not multiplied out: it is dropped, counted and told', async () => {
  const many = (sex: number) =>
    Array.from({ length: 60 }, (_, index) => ({
      name: '张伟',
      birthDay: '2016-01-01',
      sex: '男',
      phone: `139${sex}${1_000_000 + index}`,
    }))
  const compared = await compare(many(1), many(2))
  expect(compared.summary.engine.model).toMatch(/dropped-blocks:[1-9]/)
  expectClosed(compared, 60, 60)
})

test('[LINK-6] a damaged ID is mended by name, birthday and guardian together', async () => {
  const home = { guardian1Name: '赵父', guardian1CitizenId: idOf('19850101', 5) }
  const damaged = { ...entry('20160607', 21, '赵一诺', home), citizenId: '', birthDay: '2016-06-07', sex: '男' }
  const compared = await compare([person('20160607', 21, '赵一诺', home)], [damaged])
  expect(standings(compared, 'population_row').get(1)).toBe('linked/in-school')
  expect(compared.rows.linked[0]?.['reason']).toContain('监护人证件号一致')
})

test('[LINK-7] a row that says the same person again stands under the row it repeats', async () => {
  const compared = await compare(
    [person('20150831', 1, '张三', { cancelled: '1' }), person('20150831', 1, '张三'), person('20150831', 1, '张三')],
    [entry('20150831', 1, '张三', { status: '退学' }), entry('20150831', 1, '张三')],
  )
  expect(standings(compared, 'population_row').get(2)).toBe('linked/in-school')
  expect(compared.rows.linked[0]).toMatchObject({ population_row: 2, roll_row: 2 })
  expect(
    compared.rows.duplicates.map((row) => [row['side'], row['population_row'] ?? row['roll_row'], row['same_as_row']]),
  ).toEqual(
    [
      ['population', 1, 2],
      ['population', 3, 2],
      ['roll', 1, 2],
    ]
      .sort((a, b) => Number(a[1]) - Number(b[1]))
      .sort((a, b) => String(a[0]).localeCompare(String(b[0]))),
  )
})

test('[RECON-10] each kind of row stands in the list that the plan gives it', async () => {
  const population = [
    person('20160101', 1, '甲在读'),
    person('20160102', 1, '乙休学'),
    person('20160103', 1, '丙毕业'),
    person('20160104', 1, '丁转出'),
    person('20160105', 1, '戊未见'),
    person('20210105', 1, '己未满'),
    person('20210106', 1, '庚早入'),
    person('20100105', 1, '辛超龄'),
    person('20100106', 1, '壬复读'),
    person('20100107', 1, '癸高中'),
    person('20160111', 1, '子注销', { cancelled: '是', cancelReason: '死亡' }),
    { name: '', citizenId: '' },
    person('20100108', 1, '丑离校'),
  ]
  const roll = [
    entry('20160101', 1, '甲在读'),
    entry('20160102', 1, '乙休学', { status: '休学' }),
    entry('20160103', 1, '丙毕业', { status: '毕业' }),
    entry('20160104', 1, '丁转出', { status: '转出' }),
    entry('20210106', 1, '庚早入', { grade: '一年级' }),
    entry('20100106', 1, '壬复读', { grade: '九年级' }),
    entry('20100107', 1, '癸高中', { grade: '高一' }),
    entry('20160111', 1, '子注销'),
    entry('20100108', 1, '丑离校', { grade: '八年级', status: '流失' }),
    { ...entry('20160120', 1, '寅外地'), citizenId: idOf('20160120', 1, '510104') },
    { name: '卯证坏', citizenId: '5001', birthDay: '2016-01-21', schoolName: '民权小学' },
    { name: '辰读坏', fault: 'unpaired quote' },
  ]
  const compared = await compare(population, roll)
  expectClosed(compared, population.length, roll.length)
  expect(Object.fromEntries([...standings(compared, 'population_row')].sort(([a], [b]) => a - b))).toEqual({
    1: 'linked/in-school',
    2: 'linked/paused',
    3: 'outside/finished',
    4: 'not-found/left',
    5: 'not-found/absent',
    6: 'outside/not-begun',
    7: 'linked/not-begun',
    8: 'outside/over-age',
    9: 'linked/in-school',
    10: 'linked/closed',
    11: 'outside/cancelled',
    12: 'errors/population',
    13: 'not-found/left',
  })
  expect(Object.fromEntries([...standings(compared, 'roll_row')].sort(([a], [b]) => a - b).slice(7))).toEqual({
    8: 'roll-only/cancelled-registration',
    9: 'not-found/left',
    10: 'roll-only/registered-elsewhere',
    11: 'roll-only/id-broken',
    12: 'errors/roll',
  })
  expect(compared.rows['roll-only'].find((row) => row['roll_row'] === 8)?.['population_row']).toBe(11)
  expect(compared.summary.personsToAccountFor).toBe(6)
  expect(compared.summary.unexplained).toBe(3)
})

const NAMES = ['张三', '张三三', '李四', '李思', '古丽·买买提', '欧阳娜娜', '', '张 三']
const BIRTHS = ['20100301', '20120301', '20160531', '20160601', '20200831', '20200901']
const STATUSES = ['在读', '休学', '毕业', '转出', '', '没见过的词']
/** Few values, so that rows meet: the same child, brothers, repeated and broken rows all occur. */
const anyRow = fc
  .record({
    birth: fc.constantFrom(...BIRTHS),
    sequence: fc.integer({ min: 1, max: 4 }),
    name: fc.constantFrom(...NAMES),
    id: fc.constantFrom('sound', 'sound', 'sound', 'empty', 'broken', 'masked', 'short'),
    day: fc.boolean(),
    guardian: fc.integer({ min: 0, max: 3 }),
    cancelled: fc.constantFrom('', '', '', '1'),
    status: fc.constantFrom(...STATUSES),
    grade: fc.constantFrom('', '三年级', '九年级', '高一'),
    fault: fc.constantFrom('', '', '', '', '', 'cells'),
  })
  .map((one): SheetRow => {
    const sound = idOf(one.birth, one.sequence)
    const ids = {
      sound,
      empty: '',
      broken: `${sound.slice(0, 17)}?`,
      masked: `${sound.slice(0, 10)}****${sound.slice(14)}`,
      short: sound.slice(0, 12),
    }
    const cells = {
      name: one.name,
      citizenId: ids[one.id as keyof typeof ids],
      birthDay: one.day ? one.birth : '',
      guardian1CitizenId: one.guardian === 0 ? '' : idOf('19800101', one.guardian),
      cancelled: one.cancelled,
      status: one.status,
      grade: one.grade,
      fault: one.fault,
    }
    return Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== ''))
  })

test('[RECON-10] [RECON-8] on any two sheets every row stands in exactly one list, and bridge and balances close', async () => {
  const sheet = fc.array(anyRow, { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(sheet, sheet, async (population, roll) => {
      expectClosed(await compare(population, roll), population.length, roll.length)
    }),
    { numRuns: 6, endOnFailure: true, seed: 2026 },
  )
}, 30_000)

test('[LINK-4] the same two sheets give the same rows', async () => {
  const [population = [], roll = []] = fc.sample(fc.array(anyRow, { minLength: 120, maxLength: 120 }), {
    numRuns: 2,
    seed: 7,
  })
  const [first, second] = [await compare(population, roll), await compare(population, roll)]
  for (const list of LIST_NAMES) expect(second.rows[list]).toEqual(first.rows[list])
  expect({ ...second.summary, elapsedSeconds: 0 }).toEqual({ ...first.summary, elapsedSeconds: 0 })
})

test('[LINK-7] a child registered twice and on no roll is asked for once, not taken out by its own copy', async () => {
  const home = { guardian1Name: '孙父', guardian1CitizenId: idOf('19850101', 7), phone: '13900002222' }
  const population = [
    person('20160607', 21, '孙一诺', { ...home, cancelled: '1' }),
    person('20160607', 31, '孙一诺', home),
    person('20160607', 41, '孙一诺', home),
  ]
  const compared = await compare(population, [entry('20150831', 1, '张三')])
  expectClosed(compared, 3, 1)
  expect(compared.rows['not-found'].map((row) => row['population_row'])).toEqual([2])
  expect(compared.rows.duplicates.map((row) => [row['population_row'], row['same_as_row']])).toEqual([
    [1, 2],
    [3, 2],
  ])
})

test('[LINK-7] a live registration takes the roll entry over from the cancelled one', async () => {
  const home = { guardian1Name: '孙父', guardian1CitizenId: idOf('19850101', 7), phone: '13900002222' }
  const population = [
    person('20160607', 21, '孙一诺', { ...home, cancelled: '1' }),
    person('20160607', 31, '孙一诺', home),
  ]
  const compared = await compare(population, [entry('20160607', 21, '孙一诺')])
  expectClosed(compared, 2, 1)
  expect(Object.fromEntries(standings(compared, 'population_row'))).toEqual({
    1: 'duplicates/population',
    2: 'linked/in-school',
  })
})
