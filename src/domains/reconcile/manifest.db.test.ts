import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testHouse } from '../../app/testing/house.ts'
import { ended } from '../../app/testing/sheets.ts'
import { verifyRunCommand } from '../../app/verify-run-command.ts'
import { batchId } from '../../kernel/ids.ts'
import { plainDate } from '../../kernel/plain-date.ts'
import { temporaryFolder } from '../../platform/testing/folder.ts'
import { giveBatch, type TestRow, testChild, writeRows } from './books.test.server.ts'
import { compareBatches } from './books-input.server.ts'
import { hashLists } from './manifest.server.ts'
import type { ManifestCheck } from './manifest-contract.ts'
import { canonicalText } from './manifest-rules.ts'

const house = await testHouse()
const officer = await house.signIn('nanchuan-officer')
const nanchuan = await house.actor('nanchuan-officer')
const school = house.town.id('2150000001')
const [village = 0] = [...house.town.unitIds].filter(([code]) => /^500119\d{6}$/.test(code)).map(([, id]) => id)

const POPULATION: readonly TestRow[] = Array.from({ length: 40 }, (_, n) => ({
  ...testChild(11 + n, '2016-02-02', `景${'东南西北'[n % 4]}${'春夏秋冬'[(n >> 2) % 4]}${n}`),
  unitId: village,
}))
const ROLL: readonly TestRow[] = POPULATION.slice(5).map((row) => ({
  ...row,
  schoolId: school,
  grade: '四年级',
  status: '在读',
}))

await giveBatch(house.services, nanchuan, { kind: 'population', asOf: '2026-09-10', rows: POPULATION })
await giveBatch(house.services, nanchuan, { kind: 'roll', asOf: '2026-09-10', rows: ROLL })
const created = await officer.ask('POST', '/runs/books', { body: {} })
const run = await ended(officer, created.body.runId, 60)
const path = `/runs/${run.runId}`

const checks = async (): Promise<ManifestCheck[]> => (await officer.ask('POST', `${path}/verify`)).body.checks
const wrong = async () => (await checks()).filter(({ isRight }) => !isRight).map(({ check, list }) => list ?? check)

describe('[MANIFEST-1] a finished run', () => {
  test('is signed: what went in, by which rules, what came out, by whom', async () => {
    const { body } = await officer.ask('GET', `${path}/manifest`)
    expect(body).toMatchObject({ isRepeatable: true, inputs: 2, decisions: 0, model: { version: null } })
    const { manifest } = JSON.parse(body.file)
    expect(manifest).toMatchObject({
      format: 'baoxue.run/1',
      run: { id: run.runId, number: 1, unit: { code: '500119', name: '南川区' }, authorAccount: nanchuan.accountId },
      counts: { personsToAccountFor: 40, unexplained: 5 },
      inputs: [
        { kind: 'population', rows: 40 },
        { kind: 'roll', rows: 35 },
      ],
    })
    expect(manifest.parameters).toContainEqual({ id: 'reconcile.entry-age', value: 6 })
    expect(manifest.lists).toHaveLength(7)
    expect(manifest.engine.thresholds.link).toBeGreaterThan(0)
  })

  test('names no person', async () => {
    const { body } = await officer.ask('GET', `${path}/manifest`)
    for (const { name, id } of POPULATION) {
      expect(body.file).not.toContain(name)
      expect(body.file).not.toContain(id)
    }
  })

  test('is one text for one content, in whatever order it is told', () => {
    expect(canonicalText({ b: 1, a: [{ d: null, c: '年' }] })).toBe('{"a":[{"c":"年","d":null}],"b":1}')
    expect(canonicalText({ a: [{ c: '年', d: null }], b: 1 })).toBe('{"a":[{"c":"年","d":null}],"b":1}')
  })
})

test('[MANIFEST-2] the same inputs give the same lists, byte for byte', async () => {
  const once = async () => {
    const workDir = await temporaryFolder()
    const batches = [
      {
        batchId: batchId(1),
        kind: 'population',
        path: await writeRows(workDir, { kind: 'population', rows: POPULATION }),
      },
      { batchId: batchId(2), kind: 'roll', path: await writeRows(workDir, { kind: 'roll', rows: ROLL }) },
    ] as const
    const { result } = await compareBatches({
      batches,
      outspoken: [],
      schoolYear: 2026,
      cityPrefix: '50',
      today: plainDate('2026-11-20'),
      workDir,
    })
    return { lists: await hashLists(result.lists), model: canonicalText(result.model) }
  }
  const first = await once()
  expect(await once()).toEqual(first)
  const { manifest } = JSON.parse((await officer.ask('GET', `${path}/manifest`)).body.file)
  const signed = Object.fromEntries(
    manifest.lists.map(({ list, sha256 }: { list: string; sha256: string }) => [list, sha256]),
  )
  expect(signed).toEqual(first.lists)
})

describe('[MANIFEST-3] what was tampered with is told', () => {
  test('nothing, as long as nothing was', async () => {
    expect(await wrong()).toEqual([])
    expect((await checks()).length).toBe(3 + 7)
  })

  test('one byte of the manifest', async () => {
    const [row] = await house.admin<{ manifest: string }>('select manifest from run_manifest where run_id = $1', [
      run.runId,
    ])
    await house.admin('update run_manifest set manifest = $2 where run_id = $1', [
      run.runId,
      row!.manifest.replace('"unexplained":5', '"unexplained":4'),
    ])
    expect(await wrong()).toEqual(['signature', 'summary'])
    await house.admin('update run_manifest set manifest = $2 where run_id = $1', [run.runId, row!.manifest])
    expect(await wrong()).toEqual([])
  })

  test('a list, and a figure of the result', async () => {
    await house.admin(
      `update reconcile_list a set file_id = b.file_id from reconcile_list b
       where a.run_id = $1 and b.run_id = $1 and a.list = 'not-found' and b.list = 'linked'`,
      [run.runId],
    )
    await house.admin(
      `update reconcile_run set summary = jsonb_set(summary, '{personsToAccountFor}', '39') where run_id = $1`,
      [run.runId],
    )
    expect(await wrong()).toEqual(['summary', 'not-found'])
  })

  test('in the file that was taken away, without the product', async () => {
    const folder = await temporaryFolder()
    const { body } = await officer.ask('GET', `${path}/manifest`)
    const file = join(folder, 'run.json')
    const { keyFile } = house.services.config
    const verify = () => verifyRunCommand({ args: [file], cwd: folder, keyFile })
    await writeFile(file, body.file)
    expect((await verify()).join('\n')).toMatch(/签名相符[\s\S]*本系统/)
    await writeFile(file, body.file.replace('"unexplained": 5', '"unexplained": 4'))
    await expect(verify()).rejects.toMatchObject({ code: 'RUN.TAMPERED' })
    await writeFile(file, '{}')
    await expect(verify()).rejects.toMatchObject({ code: 'RUN.NO_MANIFEST' })
  })
})

test('another district sees no manifest', async () => {
  const zone = await house.signIn('zone-officer')
  expect((await zone.ask('GET', `${path}/manifest`)).body.code).toBe('REQUEST.NOT_FOUND')
  expect((await zone.ask('POST', `${path}/verify`)).body.code).toBe('REQUEST.NOT_FOUND')
})
