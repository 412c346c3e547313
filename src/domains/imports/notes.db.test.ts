import { expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { csv, testPerson } from '../../app/testing/sheets.ts'
import type { ImportSheet } from './contract.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const people = Array.from({ length: 6 }, (_, n) => testPerson(n, `2017-0${1 + n}-11`))

type Table = readonly (readonly string[])[]

async function upload(kind: string, rows: Table): Promise<ImportSheet> {
  const answer = await officer.ask('POST', `/imports?kind=${kind}`, { file: { name: 'a.csv', content: csv(rows) } })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body
}

async function act({ sheetId }: ImportSheet, verb: 'check' | 'commit', body?: object): Promise<ImportSheet> {
  const asked = await officer.ask('POST', `/imports/${sheetId}/${verb}`, body === undefined ? {} : { body })
  expect(asked.status, JSON.stringify(asked.body)).toBe(200)
  for (let tries = 0; tries < 600; tries += 1) {
    const sheet = (await officer.ask('GET', `/imports/${sheetId}`)).body as ImportSheet
    if (sheet.state !== 'checking' && sheet.state !== 'committing') return sheet
    await new Promise((resume) => setTimeout(resume, 100))
  }
  throw new Error('did not end')
}

const codes = ({ report }: ImportSheet) => report?.notes.map(({ code }) => code)

test('[IMP-22] a roll given as registered residents is told at once and stored only with a word of its own', async () => {
  const rows: Table = [
    ['学籍号', '学校名称', '班级', '姓名', '身份证号', '户籍地址'],
    ...people.slice(0, 2).map(({ name, id, address }) => [`G${id}`, '第1小学校', '1班', name, id, address]),
  ]
  const sheet = await upload('population', rows)
  expect(sheet.otherKind).toEqual({
    kind: 'roll',
    text: '这张表像学籍表：有 学籍号、学校名称、班级。请核对是不是选错了类别',
  })
  const checked = await act(sheet, 'check')
  expect(checked.report?.notes[0]).toEqual({ code: 'other-kind', text: sheet.otherKind?.text, batchId: null })
  const refused = await officer.ask('POST', `/imports/${sheet.sheetId}/commit`, { body: { mode: 'whole' } })
  expect(refused.body).toMatchObject({ code: 'IMPORT.OTHER_KIND' })
  expect(await act(sheet, 'commit', { mode: 'whole', acceptOtherKind: true })).toMatchObject({ state: 'committed' })
}, 60_000)

test('[IMP-19] residents without a township or an address are told with their number; with one of them not', async () => {
  const rows: Table = [
    ['姓名', '身份证号', '地域'],
    ...people.slice(2, 5).map(({ name, id, address }) => [name, id, address]),
  ]
  const sheet = await act(await upload('population', rows), 'check')
  expect(sheet.report?.notes[0]).toMatchObject({
    code: 'no-township',
    text: '没有对上镇街或地址，3 个孩子只能放在区县；请到“对列名”里指定',
  })
  const columns = { ...sheet.columns, address: 2 }
  await officer.ask('PATCH', `/imports/${sheet.sheetId}`, { body: { columns } })
  expect(codes(await act(sheet, 'check'))).not.toContain('no-township')

  // [IMP-2] The check alone remembers columns that were chosen by hand.
  await officer.ask('DELETE', `/imports/${sheet.sheetId}`)
  expect(await upload('population', rows)).toMatchObject({ columns, columnsBy: 'remembered' })
}, 60_000)

test('[IMP-15] the check and the batch say one number of rows to repair', async () => {
  const [known, other] = [people[4]!, people[5]!]
  const one = (name: string): Table => [
    ['姓名', '身份证号', '户籍地址'],
    [name, known.id, '重庆市南川区'],
  ]
  await act(await act(await upload('population', one(known.name)), 'check'), 'commit', { mode: 'whole' })
  const checked = await act(await upload('population', one(other.name)), 'check')
  expect(checked.report).toMatchObject({ repairRows: 0 })
  expect(checked.report?.notes).toMatchObject([
    { code: 'stored-numbers', text: '另有 1 行的证件号在已入库的表里是另一个姓名，入库后也列入待修，共待修 1 行' },
  ])
  const done = await act(checked, 'commit', { mode: 'whole' })
  expect((await officer.ask('GET', `/batches/${done.batchId}`)).body).toMatchObject({ repairCount: 1 })
}, 60_000)

test('[IMP-19] of a sheet of more than a thousand columns the first thousand are read, and it is said', async () => {
  const wide = (cells: readonly string[], filler: string) => [...cells, ...Array.from({ length: 1_100 }, () => filler)]
  const { name, id, address } = people[0]!
  const sheet = await upload('population', [
    wide(['姓名', '身份证号', '户籍地址'], '备注'),
    wide([name, id, address], ''),
  ])
  expect(sheet).toMatchObject({ isCut: true })
  expect(sheet.sheetColumns).toHaveLength(1_000)
  expect((await act(sheet, 'check')).report?.notes).toMatchObject([
    { code: 'columns-cut', text: '只读前 1000 列，再往后的列没有读' },
    { code: 'columns-changed' },
  ])
}, 60_000)
