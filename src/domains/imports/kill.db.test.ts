import { expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { childrenAtWork, csv } from '../../app/testing/sheets.ts'
import { checkDigit } from '../../kernel/citizen-id.ts'
import type { ImportSheet } from './contract.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')

/** Enough for statements that last long enough to be met. */
const ROWS = 12_000

function rows(): string {
  const people = Array.from({ length: ROWS }, (_, n) => {
    const day = new Date(Date.UTC(2012, 0, 1 + (n % 2900))).toISOString().slice(0, 10)
    const digits = `500119${day.replaceAll('-', '')}${String(113 + Math.floor(n / 2900)).padStart(3, '0')}`
    const letter = (k: number) => String.fromCharCode(0x5f20 + (k % 900))
    return [letter(n) + letter(n * 7 + 3), digits + checkDigit(digits), '重庆市南川区东城街道7号']
  })
  return csv([['姓名', '公民身份号码', '户籍地址'], ...people])
}

const read = async (sheetId: string) => (await officer.ask('GET', `/imports/${sheetId}`)).body as ImportSheet

async function settled(sheetId: string): Promise<ImportSheet> {
  for (let tries = 0; tries < 1200; tries += 1) {
    const sheet = await read(sheetId)
    if (sheet.state !== 'checking' && sheet.state !== 'committing') return sheet
    await new Promise((resume) => setTimeout(resume, 50))
  }
  throw new Error('hangs')
}

async function counts() {
  const [row] = await house.admin<Record<string, string>>(`select (select count(*) from source_batch) as batches,
    (select count(*) from source_record) as records, (select count(*) from child) as children,
    (select count(*) from person_identity) as identities, (select count(*) from tie) as ties`)
  return Object.values(row!).map(Number)
}

/** Kills whoever is at work, once `isTime`. Answers whether there was somebody. */
async function strike(isTime: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    const [child] = childrenAtWork(process.pid)
    if (child !== undefined && (await isTime())) {
      process.kill(child, 'SIGKILL')
      return true
    }
    await new Promise((resume) => setTimeout(resume, 2))
  }
  return false
}

const atOnce = async () => true

/** The server is in the middle of the statement that begins like this. */
const during = (statement: string) => async () => {
  const [row] = await house.admin<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity where datname = current_database() and state = 'active' and query like $1`,
    [`${statement}%`],
  )
  return row!.n > 0
}

test('[IMP-17] killed anywhere in the storing, a batch is whole or not there; the job begins again', async () => {
  const uploaded = await officer.ask('POST', '/imports?kind=population', { file: { name: 'a.csv', content: rows() } })
  const { sheetId } = uploaded.body as ImportSheet
  await officer.ask('POST', `/imports/${sheetId}/check`)
  expect(await settled(sheetId)).toMatchObject({ state: 'checked', report: { goodRows: ROWS } })
  await officer.ask('POST', `/imports/${sheetId}/commit`, { body: { mode: 'whole' } })
  for (const moment of [atOnce, during('copy pg_temp."record_staging"'), during('insert into person_identity')]) {
    expect(await strike(moment)).toBe(true)
    expect([
      [0, 0, 0, 0, 0],
      [1, ROWS, ROWS, ROWS, ROWS],
    ]).toContainEqual(await counts())
  }
  const done = await settled(sheetId)
  expect(done).toMatchObject({ state: 'committed', problem: null })
  expect(await counts()).toEqual([1, ROWS, ROWS, ROWS, ROWS])
}, 120_000)

test('[IMP-4] killed in the middle of a check, the sheet is checked again or says that it was not', async () => {
  const uploaded = await officer.ask('POST', '/imports?kind=population&asOf=2026-11-10', {
    file: { name: 'b.csv', content: rows() },
  })
  const { sheetId } = uploaded.body as ImportSheet
  await officer.ask('POST', `/imports/${sheetId}/check`)
  expect(await strike(during('%import_p'))).toBe(true)
  const sheet = await settled(sheetId)
  expect(sheet).toMatchObject({
    state: 'checked',
    report: { goodRows: ROWS, effect: { newChildren: 0, unchanged: ROWS } },
  })
}, 120_000)
