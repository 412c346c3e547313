import { expect, test } from 'vitest'
import type { RunProgress } from './contract.ts'
import { type Compared, compare, idOf, type SheetRow, standings } from './pipeline-testing.server.ts'

const child = (sequence: number, more: SheetRow = {}): SheetRow => ({
  name: `王小${String.fromCharCode(0x4e00 + sequence * 7)}`,
  citizenId: idOf(`2016${String((sequence % 12) + 1).padStart(2, '0')}15`, sequence),
  ...more,
})
const children = (count: number, more: SheetRow = {}) =>
  Array.from({ length: count }, (_, index) => child(index + 1, more))

function expectAllRows(compared: Compared, population: number, roll: number): void {
  expect(standings(compared, 'population_row').size).toBe(population)
  expect(standings(compared, 'roll_row').size).toBe(roll)
  expect(compared.summary.balances).toBe(true)
}

test.each([
  ['both sheets', 0, 0],
  ['the population', 0, 8],
  ['the roll', 8, 0],
])('[RECON-8] %s without a row: the balance closes', async (_, population, roll) => {
  expectAllRows(await compare(children(population), children(roll)), population, roll)
})

test('[RECON-10] all ID numbers empty: name and birthday still find each child', async () => {
  const rows = children(12).map(({ name = '' }, index) => ({ name, birthDay: `2016-03-${10 + index}`, sex: '男' }))
  const compared = await compare(rows, rows)
  expectAllRows(compared, 12, 12)
  expect(compared.rows.errors).toEqual([])
  expect(compared.rows['not-found']).toEqual([])
})

test('[RECON-10] all names equal: the ID numbers still find each child', async () => {
  const rows = children(30, { name: '张伟' })
  const compared = await compare(rows, rows)
  expectAllRows(compared, 30, 30)
  expect(compared.rows.linked.length).toBe(30)
})

test('[LINK-7] half of both sheets repeated', async () => {
  const rows = children(20)
  const compared = await compare([...rows, ...rows], [...rows, ...rows])
  expectAllRows(compared, 40, 40)
  expect([compared.rows.linked.length, compared.rows.duplicates.length]).toEqual([20, 40])
})

test('[LINK-1] one ID on two children takes neither of them out', async () => {
  const id = idOf('20160505', 11)
  const population = [
    { name: '陈一鸣', citizenId: id, guardian1CitizenId: idOf('19850101', 1) },
    { name: '黄雨桐', citizenId: id, guardian1CitizenId: idOf('19860101', 1) },
  ]
  const compared = await compare(population, [{ name: '陈一鸣', citizenId: id }])
  expect(Object.fromEntries(standings(compared, 'population_row'))).toEqual({
    1: 'linked/in-school',
    2: 'not-found/absent',
  })
})

test('[RECON-6] a row that cannot be a person goes to the errors with its reason; weaker faults keep their place', async () => {
  const passport = { name: 'JOHN SMITH', citizenId: 'E12345678', birthDay: '2016-04-05' }
  const population = [
    { name: '无证无生日', citizenId: '' },
    { citizenId: '', birthDay: '2016-04-05' },
    { name: '读不出', fault: 'cells' },
    {
      name: '校验错',
      citizenId: `${idOf('20160405', 1).slice(0, 17)}${idOf('20160405', 1).endsWith('1') ? '2' : '1'}`,
    },
    { name: '生日不符', citizenId: idOf('20160405', 3), birthDay: '2016-04-06' },
    { name: '性别不符', citizenId: idOf('20160405', 5), sex: '女' },
    passport,
  ]
  const compared = await compare(population, [passport])
  expectAllRows(compared, 7, 1)
  expect(compared.rows.errors.map((row) => row['population_row'])).toEqual([1, 2, 3])
  const reasons = compared.rows['not-found'].map((row) => String(row['reason']))
  expect(reasons[0]).toContain('校验位不符')
  expect(reasons[1]).toContain('出生日期与证件号不符')
  expect(reasons[2]).toContain('性别与证件号不符')
  expect(standings(compared, 'population_row').get(7)).toBe('linked/in-school')
})

test('[RECON-7] an ID column that a spreadsheet rounded names nobody', async () => {
  const rounded = children(10).map((row) => ({
    ...row,
    birthDay: '2016-04-05',
    citizenId: `${row.citizenId?.slice(0, 15)}000`,
  }))
  const compared = await compare(
    [...rounded, { name: '科学记数', citizenId: '5.00103201604E+17', birthDay: '2016-04-05' }],
    [],
  )
  expect(compared.rows.errors.length).toBe(11)
  expect(String(compared.rows.errors[0]?.['reason'])).toContain('末位已丢失')
})

test('[RECON-6] birthdays are read in every form people write', async () => {
  const forms = [
    '2016-04-05',
    '20160405',
    '2016.4.5',
    '2016/4/5',
    '2016年4月5日',
    '２０１６－０４－０５',
    '42465',
    '2016-04-05 00:00:00',
    '2016-04-05T00:00:00',
  ]
  const compared = await compare(
    forms.map((birthDay, index) => ({ name: `甲乙${String.fromCharCode(0x5000 + index)}`, citizenId: '', birthDay })),
    [],
  )
  expect(compared.rows['not-found'].map((row) => row['birth_day'])).toEqual(forms.map(() => '2016-04-05'))
})

test('[RECON-6] fifteen digits are the ID they stand for', async () => {
  const old = '500103850101001'
  const upgraded = idOf('19850101', 1)
  const compared = await compare(
    [{ name: '老人', citizenId: old }],
    [{ name: '老人', citizenId: upgraded, status: '毕业' }],
  )
  expect(Object.fromEntries(standings(compared, 'population_row'))).toEqual({ 1: 'outside/finished' })
})

test('[LINK-8] progress never goes back and ends at 100', async () => {
  const seen: RunProgress[] = []
  await compare(children(20), children(20), { onProgress: (progress) => seen.push(progress) })
  const percents = seen.map(({ percent }) => percent)
  expect(percents).toEqual([...percents].sort((a, b) => a - b))
  expect(percents.at(-1)).toBe(100)
})

test('[LINK-8] a run that is cancelled in any stage stops within a second', async () => {
  const rows = children(400)
  for (const at of [0, 22, 48, 72]) {
    const abort = new AbortController()
    let abortedAt = 0
    const run = compare(rows, [...rows].reverse(), {
      signal: abort.signal,
      onProgress: ({ percent }) => {
        if (percent < at || abort.signal.aborted) return
        abortedAt = performance.now()
        abort.abort()
      },
    })
    await expect(run).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
    expect(performance.now() - abortedAt).toBeLessThan(1000)
  }
})

test('[RECON-9] elsewhere is what the division says, or else the area in the ID; an area of the population sheet is home', async () => {
  const roll = [
    { name: '外地一', citizenId: idOf('20160405', 51, '510104') },
    { name: '外地二', citizenId: idOf('20160405', 53), registeredDivision: '510104000000' },
    { name: '本地一', citizenId: idOf('20160405', 55, '510104'), registeredDivision: '500103' },
    { name: '本地二', citizenId: idOf('20160405', 57) },
  ]
  const compared = await compare(children(5), roll)
  expect(compared.rows['roll-only'].map((row) => row['class'])).toEqual([
    'registered-elsewhere',
    'registered-elsewhere',
    'unknown',
    'unknown',
  ])
})
