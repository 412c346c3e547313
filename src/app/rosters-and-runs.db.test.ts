import { expect, test } from 'vitest'
import { testHouse, type Visitor } from './testing/house.ts'
import { csv, ended, populationRows, rollRows, type TestPerson, testPerson } from './testing/sheets.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const head = await house.signIn('head')
const people = Array.from({ length: 4 }, (_, n) => testPerson(n, `2016-0${1 + n}-1${n}`))
const [lost, there] = people as [TestPerson, TestPerson]

async function until<T>(read: () => Promise<T>, isEnd: (seen: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const seen = await read()
    if (isEnd(seen)) return seen
    await new Promise((resume) => setTimeout(resume, 50))
  }
  throw new Error('did not end')
}

async function stored(visitor: Visitor, kind: string, asOf: string, content: string): Promise<number> {
  const given = await visitor.ask('POST', `/imports?kind=${kind}&asOf=${asOf}`, { file: { name: 'a.csv', content } })
  const { sheetId } = given.body
  const settled = async () =>
    until(
      async () => (await visitor.ask('GET', `/imports/${sheetId}`)).body,
      ({ state }) => state !== 'checking' && state !== 'committing',
    )
  await visitor.ask('POST', `/imports/${sheetId}/check`)
  await settled()
  await visitor.ask('POST', `/imports/${sheetId}/commit`, { body: { mode: 'whole' } })
  const { state, batchId, problem } = await settled()
  if (state !== 'committed') throw new Error(JSON.stringify(problem))
  return batchId
}

async function run(): Promise<void> {
  const made = await officer.ask('POST', '/runs/books', { body: {} })
  if (made.status !== 200) throw new Error(JSON.stringify(made.body))
  const { state } = await ended(officer, made.body.runId)
  if (state !== 'done') throw new Error(`the run ended ${state}`)
}

async function accountOf({ name }: TestPerson): Promise<string | null> {
  const { body } = await officer.ask('POST', '/children/find', { body: { text: name } })
  return body.rows[0].account
}

const roll = (grade: string) =>
  csv(rollRows(people.map((person) => ({ person, grade })))).replaceAll('南川区第一小学校', '第1小学校')

test('[ROST-11] [ROST-16] a pupil whom no class has stays suspected through the next run, until the list is undone', {
  timeout: 120_000,
}, async () => {
  await stored(officer, 'population', '2026-11-02', csv(populationRows(people.map((person) => ({ person })))))
  await stored(officer, 'roll', '2026-11-02', roll('四年级'))
  await run()
  expect(await accountOf(lost)).toBe('here')

  const classes = csv([
    ['年级', '班级', '姓名', '身份证号', '是否在校'],
    ...people.map(({ name, id }) => ['四年级', '1班', name, id, name === lost.name ? '名在人不在' : '在校']),
  ])
  const batchId = await stored(head, 'attendance', '2026-11-10', classes)
  const compared = await officer.ask('POST', '/rosters/runs', { body: {} })
  expect(compared.body).toMatchObject({ posted: 1, opened: 1 })
  expect([await accountOf(lost), await accountOf(there)]).toEqual(['suspected', 'here'])

  await stored(officer, 'roll', '2026-11-12', roll('4'))
  await run()
  expect(await accountOf(lost)).toBe('suspected')

  await head.ask('POST', `/batches/${batchId}/undo`, { body: { reason: '花名册传错了' } })
  await until(
    async () => (await head.ask('GET', `/batches/${batchId}`)).body,
    ({ undo }) => undo === null,
  )
  expect(await accountOf(lost)).toBe('here')
  expect((await officer.ask('GET', '/rosters/overview')).body.run.isUndone).toBe(true)
})
