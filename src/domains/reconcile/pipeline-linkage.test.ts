import { expect, test } from 'vitest'
import { compare, idOf, type SheetRow, standings } from './pipeline-testing.server.ts'

const home: SheetRow = {
  guardian1Name: '郝金明',
  guardian1CitizenId: idOf('19850101', 7),
  guardian2Name: '胡永燕',
  phone: '13900002222',
}
const entry = (row: SheetRow): SheetRow => ({ schoolName: '民权小学', grade: '四年级', status: '在读', ...row })
const others = Array.from({ length: 30 }, (_, index) => ({
  name: `李${String.fromCharCode(0x5200 + 7 * index)}`,
  citizenId: idOf(`201${index % 9}0${(index % 8) + 1}15`, 101 + 2 * index),
}))

test('[RECON-11] a child years from school age is linked by ID and name alone, one within a year by all there is', async () => {
  const withoutId = (birthDay: string, name: string) => ({ name, citizenId: '', birthDay, sex: '男', ...home })
  const tooYoung = withoutId('2022-03-01', '王小远')
  const nearly = withoutId('2021-03-01', '王小近')
  const compared = await compare([tooYoung, nearly], [entry(tooYoung), entry(nearly)])
  expect(Object.fromEntries(standings(compared, 'population_row'))).toEqual({
    1: 'outside/not-begun',
    2: 'linked/not-begun',
  })
})

test('[LINK-1] a number that contradicts its own row, under a sister’s name, is shown to a person', async () => {
  const sister = { name: '郝雨桐', citizenId: idOf('20140203', 12), birthDay: '2014-02-03', ...home }
  const mistaken = { name: '郝一鸣', citizenId: idOf('20140203', 12), birthDay: '2017-08-09', sex: '男', ...home }
  const compared = await compare([sister], [entry(mistaken)])
  expect(compared.rows.linked).toEqual([])
  expect(['review/possible', 'not-found/absent']).toContain(standings(compared, 'population_row').get(1))
})

test('[LINK-7] a second registration under the mother’s surname and with another month is the same child', async () => {
  const first = { name: '郝佳欣悦', citizenId: idOf('20140917', 12), birthDay: '2014-09-17', ...home }
  const second = { name: '胡佳欣悦', citizenId: idOf('20141017', 14, '500237'), birthDay: '2014-10-17', ...home }
  const compared = await compare([...others, first, second], [...others.map(entry), entry(first)])
  expect(compared.rows.duplicates.map((row) => [row['population_row'], row['same_as_row']])).toEqual([[32, 31]])
})

test('[LINK-7] brothers of one guardian and telephone stay two', async () => {
  const elder = { name: '郝佳豪', citizenId: idOf('20140917', 11), birthDay: '2014-09-17', ...home }
  const younger = { name: '郝佳明', citizenId: idOf('20161017', 13), birthDay: '2016-10-17', ...home }
  const compared = await compare([...others, elder, younger], [...others.map(entry), entry(elder)])
  expect(compared.rows.duplicates).toEqual([])
  expect(standings(compared, 'population_row').get(32)).toBe('not-found/absent')
})
