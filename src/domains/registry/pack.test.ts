import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { plainDate } from '../../kernel/plain-date.ts'
import { districtUnitCode, readPack } from './pack.server.ts'
import { isInForce } from './rules.ts'
import { CHONGQING, unitCodeOver } from './town.test.server.ts'

const pack = await readPack(CHONGQING)
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baoxue-pack-'))
  await cp(CHONGQING, folder, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** The pack with one replacement in one file; the file is whole again afterwards. */
async function planted(file: string, find: string | RegExp, replacement: string) {
  const path = join(folder, file)
  const text = await readFile(path, 'utf8')
  const changed = text.replace(find, replacement)
  expect(changed).not.toBe(text)
  await writeFile(path, changed)
  return readPack(folder).finally(() => writeFile(path, text))
}

const fault = (where: RegExp) => ({ code: 'POLICY.PACK_FAULT', words: { where: expect.stringMatching(where) } })

describe('divisions', () => {
  test('[REG-10] 38 districts with 1,031 townships until the change, 37 with as many after it', () => {
    const on = (day: string) => pack.divisions.districts.filter((district) => isInForce(district, plainDate(day)))
    const townships = (day: string) =>
      on(day).flatMap((district) => district.townships.map((township) => township.code))
    expect([on('2025-11-05').length, on('2025-11-06').length]).toEqual([38, 37])
    expect([townships('2025-11-05').length, townships('2025-11-06').length]).toEqual([1031, 1031])
    expect(new Set(townships('2025-11-06'))).toEqual(new Set(townships('2025-11-05')))
  })

  test('[REG-10] the counts of the announcement: 31 streets and 11 towns, 6 streets and 11 towns', () => {
    const count = (name: string) => {
      const townships =
        pack.divisions.districts.find((district) => district.name === name && district.from === '2025-11-06')
          ?.townships ?? []
      return [
        townships.filter((line) => line.name.endsWith('街道')).length,
        townships.filter((line) => line.name.endsWith('镇')).length,
      ]
    }
    expect([count('两江新区'), count('北碚区')]).toEqual([
      [31, 11],
      [6, 11],
    ])
  })

  test('[REG-10] an abolished district without a successor for one township is refused', async () => {
    await expect(planted('divisions.json', ', "successor": "北碚区" }', ' }')).rejects.toMatchObject(
      fault(/divisions.json 北碚区|divisions.json 渝北区/),
    )
    await expect(
      planted('divisions.json', '"successors": ["两江新区"]', '"successors": ["无此区"]'),
    ).rejects.toMatchObject(fault(/江北区/))
  })

  test('[REG-11] zones name real townships of real districts', async () => {
    await expect(planted('units.json', '白市驿镇', '白市驿乡')).rejects.toMatchObject(fault(/units.json 重庆高新区/))
    expect(unitCodeOver(pack, { district: '九龙坡区', township: '白市驿镇' }, plainDate('2026-09-01'))).toBe('CQ-GX')
    expect(unitCodeOver(pack, { district: '九龙坡区', township: '白市驿镇' }, plainDate('2019-12-31'))).toBe('500107')
    expect(districtUnitCode(pack, '两江新区')).toBe('CQ-LJ')
  })
})

describe('roles', () => {
  test('[REG-6] each of the three duties is one role, and none of them reads children or gives the others away alone', () => {
    const duties = pack.roles.filter((role) => role.duty !== 'none')
    expect(duties.map((role) => role.duty).sort()).toEqual(['audit', 'security', 'system'])
    for (const role of duties) {
      expect(role.permissions.filter((permission) => permission.startsWith('run.'))).toEqual([])
      expect(role.mayAssign).not.toContain('security-admin')
    }
    const withAudit = pack.roles.filter((role) => role.permissions.includes('audit.read')).map((role) => role.roleId)
    expect(withAudit).toEqual(['audit-admin'])
  })

  test('[REG-7] no role gives itself, and no circle of roles leads back', async () => {
    await expect(
      planted('roles.json', '"mayAssign": ["aid-officer", "class-teacher"]', '"mayAssign": ["head-teacher"]'),
    ).rejects.toMatchObject(fault(/roles.json head-teacher/))
    await expect(
      planted('roles.json', /("class-teacher"[\s\S]*?"mayAssign": )\[\]/, '$1["district-admin"]'),
    ).rejects.toMatchObject(fault(/roles.json/))
    await expect(planted('roles.json', '["aid-officer", "class-teacher"]', '["cook"]')).rejects.toMatchObject(
      fault(/head-teacher/),
    )
  })

  test('[REG-7] every role but the city’s own comes from somebody, so no account is out of reach', () => {
    const given = new Set(pack.roles.flatMap((role) => role.mayAssign))
    expect(pack.roles.filter((role) => !given.has(role.roleId)).map((role) => role.roleId)).toEqual(['security-admin'])
  })

  test('an unknown permission, a missing file and broken JSON name the place', async () => {
    await expect(planted('roles.json', '"run.reveal"', '"run.everything"')).rejects.toMatchObject(
      fault(/roles.json roles.3.permissions/),
    )
    await writeFile(join(folder, 'chains.json'), '{ "source": ')
    await expect(readPack(folder)).rejects.toMatchObject(fault(/chains.json/))
    await rm(join(folder, 'chains.json'))
    await expect(readPack(folder)).rejects.toMatchObject({
      code: 'POLICY.PACK_FAULT',
      words: { where: 'chains.json', advice: '缺这个文件' },
    })
  })
})

test('control chains: three, four and five levels and 1+N, with roles that exist', async () => {
  const levels = Object.fromEntries(pack.chains.map((chain) => [chain.district ?? '全市', chain.levels.length]))
  expect(levels).toMatchObject({ 全市: 3, 荣昌区: 6, 璧山区: 4, 秀山土家族苗族自治县: 5 })
  await expect(planted('chains.json', '"village-officer"', '"village-head"')).rejects.toMatchObject(
    fault(/chains.json/),
  )
})
