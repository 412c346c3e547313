import { expect, test } from 'vitest'
import type { ImportKind } from './kinds.ts'
import { otherKindOf } from './other-kind.server.ts'

const look = (kind: ImportKind, headings: string) => otherKindOf(kind, headings.split('、'))

const ROLL =
  '全国学籍号、学校标识码、学校名称、姓名、性别、身份证件号、户口所在地行政区划、现住址、年级、班级、学生当前状态、联系电话'
const POPULATION =
  '公民身份号码、姓名、性别、户号、与户主关系、户主姓名、户主身份证号、户籍地址、所属派出所、街道(乡镇)、社区(村)'
const FLOATING = '居住证号、姓名、身份证号码、性别、居住地址、登记日期、到期日、来本地日期、户籍地'

test('[IMP-22] a sheet given as its own kind is told nothing', () => {
  expect([look('roll', ROLL), look('population', POPULATION), look('floating', FLOATING)]).toEqual([null, null, null])
})

test('[IMP-22] a sheet given as another kind is told with the headings that say so', () => {
  expect(look('population', ROLL)).toEqual({
    kind: 'roll',
    headings: ['全国学籍号', '学校标识码', '学校名称', '年级', '班级', '学生当前状态'],
  })
  expect(look('floating', ROLL)?.kind).toBe('roll')
  expect(look('roll', POPULATION)).toMatchObject({ kind: 'population', headings: expect.arrayContaining(['户号']) })
  expect(look('floating', POPULATION)?.kind).toBe('population')
  expect(look('population', FLOATING)).toEqual({ kind: 'floating', headings: ['居住证号', '登记日期', '到期日'] })
  expect(look('population', '姓名、身份证号、学校、班级')).toEqual({ kind: 'roll', headings: ['学校', '班级'] })
  expect(look('roll', '姓名、身份证号、户号、与户主关系')).toEqual({
    kind: 'population',
    headings: ['户号', '与户主关系'],
  })
})

test('[IMP-22] a few headings of another kind beside more of the own say nothing', () => {
  for (const headings of [
    '姓名、身份证号、户籍地址、镇街、村社、与户主关系、就读学校、年级',
    '姓名、身份证号、出生日期、户籍地址',
  ])
    expect(look('population', headings), headings).toBeNull()
  expect(look('floating', '户主姓名、户号、姓名、身份证号、现居住地、户籍地')).toBeNull()
  expect(look('roll', '所在镇乡（街道）、学校名称、年级、班级、学生姓名、身份证号码')).toBeNull()
})

test('[IMP-22] [ROST-1] lists of other offices are told from rolls and registers, and from one another', () => {
  expect(look('roll', '学校、班级、姓名、身份证号、是否在校、连续缺勤天数')?.kind).toBe('attendance')
  expect(look('attendance', '学校、班级、姓名、身份证号、学籍状态、入学年月、户口所在地')?.kind).toBe('roll')
  expect(look('poverty', '姓名、身份证号、残疾人证号、残疾等级、未入学原因、就读学校类型')?.kind).toBe('disability')
  expect(look('population', '姓名、证件号、户编号、人编号、在校生状况、失学或辍学原因、风险是否消除')?.kind).toBe(
    'poverty',
  )
  expect(look('attendance', '学校名称、年级、班级、学生姓名、学籍主号、是否住宿')).toBeNull()
})
