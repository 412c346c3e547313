import { expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { childrenAtWork, csv } from '../../app/testing/sheets.ts'
import { checkDigit } from '../../kernel/citizen-id.ts'
import type { ImportSheet } from './contract.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')

/** Enough for a second of storing, so that there is a middle to strike in. */
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

/** Kills whoever stores, once it is `afterMs` at work. Answers whether there was somebody. */
async function strike(afterMs: number): Promise<boolean> {
  for (let tries = 0; tries < 400; tries += 1) {
    const [child] = childrenAtWork(process.pid)
    if (child !== undefined) {
      await new Promise((resume) => setTimeout(resume, afterMs))
      try {
        process.kill(child, 'SIGKILL')
        return true
      } catch {
        return false
      }
    }
    await new Promise((resume) => setTimeout(resume, 5))
  }
  return false
}

test('[IMP-17] killed anywhere in the storing, a batch is whole or not there; the job begins again', async () => {
  const uploaded = await officer.ask('POST', '/imports?kind=population', { file: { name: 'a.csv', content: rows() } })
  const { sheetId } = uploaded.body as ImportSheet
  await officer.ask('POST', `/imports/${sheetId}/check`)
  expect(await settled(sheetId)).toMatchObject({ state: 'checked', report: { goodRows: ROWS } })
  await officer.ask('POST', `/imports/${sheetId}/commit`, { body: { mode: 'whole' } })
  for (const afterMs of [400, 1100]) {
    expect(await strike(afterMs)).toBe(true)
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
  expect(await strike(300)).toBe(true)
  const sheet = await settled(sheetId)
  expect(sheet).toMatchObject({
    state: 'checked',
    report: { goodRows: ROWS, effect: { newChildren: 0, unchanged: ROWS } },
  })
}, 120_000)
