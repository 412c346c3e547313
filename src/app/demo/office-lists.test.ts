import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { afterAll, expect, test } from 'vitest'
import { writeLaterSheets } from './district-sheets.ts'
import { DEMO_DISTRICT } from './staff.ts'

const folder = await mkdtemp(join(tmpdir(), 'office-lists-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const written = async (name: string) => {
  const dir = join(folder, name)
  await writeLaterSheets(dir, DEMO_DISTRICT.name, { scale: 0.004 })
  return join(dir, DEMO_DISTRICT.name)
}
const [one, other] = [await written('one'), await written('other')]

test('[DEMO-18] classes have their few 名在人不在, leave and pupils whom nobody names', async () => {
  const lines = iconv.decode(await readFile(join(one, 'attendance.csv')), 'gb18030').split('\r\n')
  const said = (word: string) => lines.filter((line) => line.split(',')[8] === word).length
  expect(said('在校')).toBeGreaterThan(50)
  expect([said('名在人不在'), said('不在校'), said('请假')].every((count) => count >= 2)).toBe(true)
})

test('[DEMO-18] the same seed writes the same lists', async () => {
  expect((await readdir(one)).sort()).toEqual([
    'attendance.csv',
    'disability.xlsx',
    'population.xlsx',
    'poverty.xlsx',
    'roll.csv',
  ])
  const hash = async (dir: string) =>
    createHash('sha256')
      .update(await readFile(join(dir, 'attendance.csv')))
      .digest('hex')
  expect(await hash(one)).toBe(await hash(other))
})
