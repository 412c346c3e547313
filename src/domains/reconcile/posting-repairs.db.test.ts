import { describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { ended } from '../../app/testing/sheets.ts'
import { giveBatch, type TestRow, testChild } from './books.test.server.ts'
import { idOf } from './pipeline-testing.server.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const nanchuan = await house.actor('nanchuan-officer')
const [first = 0, second = 0] = ['2150000001', '2150000002'].map((code) => house.town.id(code))
const [village = 0] = [...house.town.unitIds].filter(([code]) => /^500119\d{6}$/.test(code)).map(([, id]) => id)

const registered = (n: number, birth: string, name: string, cells: TestRow['cells'] = {}): TestRow => ({
  ...testChild(n, birth, name),
  unitId: village,
  cells,
})
const onRoll = (n: number, birth: string, name: string): TestRow => ({
  ...testChild(n, birth, name),
  schoolId: first,
  grade: '四年级',
  status: '在读',
})
const family = { guardian1Name: '寅父', guardian1CitizenId: idOf('19850101', 5), guardian1Phone: '13900001111' }
const withoutNumber: TestRow = {
  name: '寅无证',
  birth: '2016-01-15',
  schoolId: second,
  grade: '四年级',
  status: '在读',
  cells: { sex: '男', ...family },
}

const POPULATION: readonly TestRow[] = [
  registered(11, '2016-01-01', '甲相符'),
  registered(11, '2016-01-02', '冉玮'),
  registered(11, '2016-01-15', '寅无证', {
    guardian1Name: '寅父',
    guardian1CitizenId: idOf('19850101', 5),
    phone: '13900001111',
  }),
  registered(11, '2016-01-08', '辛亡故', { cancelled: '是', cancelReason: '死亡' }),
]
const ROLL: readonly TestRow[] = [
  onRoll(11, '2016-01-01', '甲相符'),
  onRoll(11, '2016-01-02', '冉伟'),
  withoutNumber,
  onRoll(11, '2016-01-08', '辛王故'),
  { name: '卯独行', birth: '2016-04-04', schoolId: first, grade: '四年级', status: '在读' },
]

const give = (kind: 'population' | 'roll' | 'floating', asOf: string, rows: readonly TestRow[]) =>
  giveBatch(house.services, nanchuan, { kind, asOf, rows })
const run = async () => {
  const { body } = await officer.ask('POST', '/runs/books', { body: {} })
  return ended(officer, body.runId, 60)
}
interface Line {
  readonly name: string
  readonly field: string
  readonly state: string
}
/** Who lives here and is registered here too is asked of the register only. */
const LODGING: readonly TestRow[] = [{ ...testChild(11, '2016-01-01', '甲相府'), unitId: village }]
const queue = async (work = 'open') => {
  const { body } = await officer.ask('GET', `/repairs?work=${work}`)
  return (body.rows as Line[]).map(({ name, field, state }) => `${name} ${field} ${state}`).sort()
}

describe('[POST-30] a run and the repair queue', () => {
  test('hands over pairs that differ and rows to repair that stand alone, and nobody who has died', async () => {
    await give('population', '2026-09-10', POPULATION)
    await give('roll', '2026-09-10', ROLL)
    await give('floating', '2026-09-10', LODGING)
    expect((await run()).state).toBe('done')
    expect(await queue()).toEqual(['冉伟 name found', '卯独行 citizen-id found', '寅无证 citizen-id found'].sort())
  })

  test('finds the same once', async () => {
    await give('population', '2026-09-12', POPULATION)
    await give('roll', '2026-09-12', ROLL)
    expect((await run()).state).toBe('done')
    expect((await queue()).length).toBe(3)
  })

  test('[REP-6] closes what the newest roll agrees with', async () => {
    await give('roll', '2026-09-14', [ROLL[0]!, onRoll(11, '2016-01-02', '冉玮'), ...ROLL.slice(2)])
    expect((await run()).state).toBe('done')
    expect(await queue('agreed')).toEqual(['冉伟 name agreed'])
    expect((await queue()).length).toBe(2)
  })

  test('[REP-9] a row that stood alone finds its partner and stays one repair', async () => {
    const found = registered(11, '2016-04-04', '卯独行', {
      guardian1Name: '卯父',
      guardian1CitizenId: idOf('19850202', 7),
      phone: '13900002222',
    })
    const roll = {
      ...ROLL[4]!,
      cells: {
        sex: '男',
        guardian1Name: '卯父',
        guardian1CitizenId: idOf('19850202', 7),
        guardian1Phone: '13900002222',
      },
    }
    await give('population', '2026-09-16', [...POPULATION, found])
    await give('roll', '2026-09-16', [ROLL[0]!, onRoll(11, '2016-01-02', '冉玮'), ...ROLL.slice(2, 4), roll])
    expect((await run()).state).toBe('done')
    expect(await queue()).toEqual(['卯独行 citizen-id found', '寅无证 citizen-id found'].sort())
    const { body } = await officer.ask('GET', '/repairs')
    const line = body.rows.find(({ name }: Line) => name === '卯独行')
    expect(line).toMatchObject({ suggested: 'register', hint: 'id-missing' })
    expect(line.register).not.toBeNull()
  })
})
