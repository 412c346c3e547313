import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestFolder, testFolder } from '../../platform/sheets/testing.ts'
import { type Change, writeChangeList } from './workbook.server.ts'

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
})
afterEach(() => folder.remove())

const change = (more: Partial<Change>): Change => ({
  repairId: 7,
  field: 'name',
  before: '冉伟',
  after: '冉玮',
  evidence: '户口簿 0119-3 第 4 页 2026-11-01',
  identity: {
    name: '冉伟',
    citizenId: '500119201601010011',
    otherId: null,
    studentNo: 'G500119201601010011',
  },
  school: '希望小学校',
  place: '东城街道 皂角井社区',
  grade: 4,
  className: '2',
  ...more,
})

async function written(mends: 'roll' | 'register', changes: readonly Change[]) {
  const out = join(folder.path, 'changes.xlsx')
  await writeChangeList(out, { mends, changes, notes: [['purpose', '交学籍管理员更正']] })
  const { sheets } = await readXlsx(await readFile(out))
  return sheets.map(({ rows }) => rows)
}

test('[REP-12] a row a change for the student registry, every number a text', async () => {
  const broken = { name: '=1+1', citizenId: null, otherId: '50011920160101001X', studentNo: null }
  const [list, notes] = await written('roll', [
    change({}),
    change({ repairId: 8, field: 'sex', before: '1', after: '2', identity: broken, grade: null }),
  ])
  expect(list).toEqual([
    ['学籍号', '姓名', '证件类型', '证件号', '变更项', '变更前', '变更后', '佐证', '学校', '年级', '班级', '清单行号'],
    [
      ...['G500119201601010011', '冉伟', '居民身份证', '500119201601010011', '姓名', '冉伟', '冉玮'],
      ...['户口簿 0119-3 第 4 页 2026-11-01', '希望小学校', 4, '2', 7],
    ],
    [
      ...[null, '=1+1', '居民身份证', '50011920160101001X', '性别', '男', '女'],
      ...['户口簿 0119-3 第 4 页 2026-11-01', '希望小学校', null, '2', 8],
    ],
  ])
  expect(notes?.flat()).toEqual(expect.arrayContaining(['交学籍管理员更正', expect.stringContaining('待核')]))
})

test('[REP-12] the police is told the number and the place of registration', async () => {
  const passport = { name: '冉伟', citizenId: null, otherId: 'E12345678', studentNo: null }
  const [list] = await written('register', [change({ identity: passport })])
  expect(list?.[0]?.slice(0, 3)).toEqual(['公民身份号码', '姓名', '证件类型'])
  expect(list?.[1]).toEqual([
    ...['E12345678', '冉伟', '其他', 'E12345678', '姓名', '冉伟', '冉玮'],
    ...['户口簿 0119-3 第 4 页 2026-11-01', '东城街道 皂角井社区', '希望小学校', 7],
  ])
})
