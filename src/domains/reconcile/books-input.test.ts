import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { type BatchId, batchId } from '../../kernel/ids.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { temporaryFolder } from '../../platform/testing/folder.ts'
import { type TestRow, testChild, writeRows } from './books.test.server.ts'
import { type BatchRows, compareBatches, type Outspoken } from './books-input.server.ts'
import { FACT_COLUMNS, MATES, ROW_CLASSES, SIDES } from './posting-facts.server.ts'

const [FIRST, SECOND] = [11, 12]
const child = (n: number, name: string, more: Partial<TestRow> = {}): TestRow => ({
  ...testChild(11, `2016-04-${String(n).padStart(2, '0')}`, name),
  ...more,
})
const pupil = (n: number, name: string, schoolId: number) =>
  child(n, name, { schoolId, grade: '四年级', status: '在读' })

async function compare(
  given: readonly { kind: BatchRows['kind']; rows: readonly TestRow[] }[],
  outspoken: readonly Outspoken[] = [],
) {
  const workDir = await temporaryFolder()
  const batches = []
  for (const [at, batch] of given.entries())
    batches.push({ batchId: batchId(at + 1), kind: batch.kind, path: await writeRows(workDir, batch) })
  const compared = await compareBatches({
    batches,
    outspoken,
    schoolYear: 2026,
    cityPrefix: '50',
    today: plainDate('2026-11-20'),
    workDir,
  })
  const lines = (await readFile(compared.factsCsv, 'utf8')).trim().split('\n')
  const facts = lines.map((line) => {
    const cells = Object.fromEntries(line.split(',').map((cell, at) => [FACT_COLUMNS[at], cell]))
    const mate =
      cells['mate'] === '' ? '' : ` ${MATES[Number(cells['mate'])]} ${cells['mate_batch']}/${cells['mate_row']}`
    return `${SIDES[Number(cells['side'])]} ${cells['batch_id']}/${cells['row']} ${ROW_CLASSES[Number(cells['class'])]}${mate}`
  })
  return { ...compared, facts: facts.sort() }
}

const population = { kind: 'population', rows: [child(1, '甲'), child(2, '乙'), child(3, '丙')] } as const

test('[POST-21] rows of a school for which a newer roll speaks are left out, those of the others stay', async () => {
  const old = { kind: 'roll', rows: [pupil(1, '甲', FIRST), pupil(2, '乙', SECOND), pupil(3, '丙', SECOND)] } as const
  const newer = { kind: 'roll', rows: [pupil(3, '丙', SECOND)] } as const
  const { facts, result } = await compare([population, old, newer], [{ batchId: 2 as BatchId, unitId: SECOND }])
  expect(facts).toEqual(['registered 1/1 open same 2/1', 'registered 1/2 open', 'registered 1/3 open same 3/1'])
  expect(result.summary).toMatchObject({ populationRows: 3, rollRows: 2, unexplained: 1, balances: true })
})

test('[POST-21] of a registration and a residence of one child the registration stays; who only lives here is no row of the register', async () => {
  const floating = { kind: 'floating', rows: [child(1, '甲'), child(9, '丁')] } as const
  const { facts, result } = await compare([floating, population, { kind: 'roll', rows: [pupil(9, '丁', FIRST)] }])
  expect(facts).toEqual([
    'living 1/1 duplicate same 2/1',
    'living 1/2 open same 3/1',
    'registered 2/1 open',
    'registered 2/2 open',
    'registered 2/3 open',
  ])
  expect(result.summary).toMatchObject({ populationRows: 3, personsToAccountFor: 3, rollRows: 1, balances: true })
})
