import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkDigit, parseCitizenId } from '../../../kernel/citizen-id.ts'
import { plainDate } from '../../../kernel/plain-date.ts'
import { cleanCode as cleanInKernel } from '../../../kernel/text.ts'
import {
  birthOf17,
  cleanIdCell,
  dayOfCell,
  dayText,
  first17,
  ID_STATES,
  idStateOf,
  idText,
  isDay,
  sexOf17,
} from '../citizen-id-sql.ts'
import { cleanCode } from '../dialect.ts'
import { openSession, type Session } from './session.ts'

const TODAY = plainDate('2026-11-24')
let folder: string
let session: Session

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'citizen-id-sql-'))
  session = await openSession({ workDir: folder, memoryLimitMb: 200, threads: 1 })
})
afterAll(async () => {
  session.close()
  await rm(folder, { recursive: true, force: true })
})

async function ask(cells: readonly string[], columns: string): Promise<readonly Record<string, unknown>[]> {
  await session.run('CREATE OR REPLACE TABLE cell (place INTEGER, cell VARCHAR)')
  await session.append(
    'cell',
    cells.map((cell, place) => [place, cell]),
  )
  const today = Number(TODAY.replaceAll('-', ''))
  return await session.rows(`WITH code AS (SELECT place, cell, ${cleanIdCell('cell')} AS code FROM cell),
      number AS (SELECT *, ${first17('code')} AS n FROM code),
      born AS (SELECT *, ${birthOf17('n')} AS birth FROM number),
      judged AS (SELECT *, ${idStateOf({ code: 'code', n: 'n', birth: 'birth' }, today, 'false')} AS state FROM born)
    SELECT ${columns} FROM judged ORDER BY place`)
}

const sound = fc
  .record({
    area: fc.constantFrom('500103', '110105', '440524', '830000'),
    day: fc.constantFrom(
      '20150831',
      '19491231',
      '20240229',
      '20261124',
      '20261125',
      '20140229',
      '18800101',
      '17990101',
    ),
    sequence: fc.integer({ min: 0, max: 999 }),
  })
  .map(({ area, day, sequence }) => {
    const first = area + day + String(sequence).padStart(3, '0')
    return first + checkDigit(first)
  })
const full = (text: string) => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))
const damaged = fc
  .tuple(sound, fc.integer({ min: 0, max: 17 }), fc.constantFrom('0', '5', '9', 'X', '*', ' ', '×', '.'))
  .map(([id, at, put]) => id.slice(0, at) + put + id.slice(at + 1))
const anyCell = fc.oneof(
  sound,
  damaged,
  sound.map((id) => id.toLowerCase()),
  sound.map(full),
  sound.map((id) => ` ${id.slice(0, 6)} ${id.slice(6)}\u00a0`),
  sound.map((id) => `'${id}`),
  sound.map((id) => `\u200b${id}\ufeff`),
  sound.map((id) => id.slice(0, 6) + id.slice(8, 17)),
  sound.map((id) => `${id.slice(0, 15)}000`),
  sound.map((id) => id.slice(0, 17)),
  fc.constantFrom(
    '',
    ' ',
    '5.00103201508E+17',
    '500103201508310000.0',
    'H12345678',
    'E12345678',
    '无',
    '990103201508310012',
  ),
)

test('[LINK-10] an ID cell is read in SQL as the kernel reads it', async () => {
  const cells = fc.sample(anyCell, { numRuns: 4000, seed: 2026 })
  const soundState = ID_STATES.indexOf('sound')
  const day = `CASE WHEN state = ${soundState} THEN ${dayText('birth')} END`
  const rows = await ask(cells, `cell, state, ${idText('n')} AS id, ${day} AS day, ${sexOf17('n')} AS sex`)
  const seen = new Set<number>()
  for (const [place, row] of rows.entries()) {
    const parsed = parseCitizenId(cells[place]!, TODAY)
    seen.add(Number(row['state']))
    expect([cells[place], Number(row['state']) === soundState]).toEqual([cells[place], parsed.ok])
    if (parsed.ok) {
      expect([row['id'], row['day'], row['sex']]).toEqual([parsed.id, parsed.birth, parsed.sex === 'male' ? 1 : 2])
    } else if ((ID_STATES as readonly string[]).includes(parsed.fault)) {
      expect([cells[place], ID_STATES[Number(row['state'])]]).toEqual([cells[place], parsed.fault])
    }
  }
  expect([...seen].sort((a, b) => a - b)).toEqual(ID_STATES.map((_, state) => state))
})

test('[LINK-10] a code is cleaned in SQL as the kernel cleans it', async () => {
  const parts = [
    '5001',
    'x',
    'Ｘ',
    '１２',
    ' ',
    '\u00a0',
    '\u3000',
    '\u200b',
    '\ufeff',
    '-',
    '_',
    '（',
    '张三',
    '·',
    '*',
    '。',
    'ｅ',
    'É',
  ]
  const cells = fc.sample(
    fc.array(fc.constantFrom(...parts), { maxLength: 8 }).map((some) => some.join('')),
    {
      numRuns: 3000,
      seed: 2026,
    },
  )
  const rows = await ask(cells, `${cleanCode('cell')} AS cleaned`)
  for (const [place, row] of rows.entries())
    expect([cells[place], row['cleaned']]).toEqual([cells[place], cleanInKernel(cells[place]!)])
})

test.each([
  ['2017-09-01', 20170901],
  ['20170901', 20170901],
  ['2017.09.01', 20170901],
  ['2017/9/1', 20170901],
  ['2017年9月1日', 20170901],
  ['２０１７－０９－０１', 20170901],
  ['2017-09-01 00:00:00', 20170901],
  ['2017-09-01T08:00:00', 20170901],
  ['42979', 20170901],
  ['42979.0', 20170901],
  ['2017-02-29', null],
  ['2017-13-01', null],
  ['九月', null],
  ['', null],
])('[LINK-10] the day %s', async (cell, day) => {
  const [row] = await ask([cell], `CASE WHEN ${isDay(dayOfCell('cell'))} THEN ${dayOfCell('cell')} END AS day`)
  expect(row?.['day']).toBe(day)
})
