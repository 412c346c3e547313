import { expect, test } from 'vitest'
import { findHeading } from '../../platform/sheets/heading.ts'
import { FIELDS_OF } from './fields.ts'
import { IMPORT_KINDS, type ImportKind } from './kinds.ts'

/** Field of each heading, for those that were recognised. */
function recognise(role: ImportKind, headings: string): Record<string, string> {
  const found = findHeading([headings.split(/[,，、]\s*/)], FIELDS_OF[role])!
  expect(found.twice).toEqual([])
  expect(found.missing).toEqual([])
  return Object.fromEntries(found.columns.flatMap(({ field, heading }) => (field === null ? [] : [[heading, field]])))
}

test('[SHEET-21] a police extract of registered residents', () => {
  const found = recognise(
    'population',
    '公民身份号码, 姓名, 曾用名, 性别, 民族, 出生日期, 出生地, 籍贯, 户号, 户别, 与户主关系, 户主姓名, 户主身份证号, 户籍地址, 所属派出所, 街道(乡镇), 社区(村), 监护人一(父)姓名, 监护人一(父)证件号, 监护人二(母)姓名, 监护人二(母)证件号, 联系电话, 迁入日期, 迁来地, 注销标识, 注销原因, 更新时间',
  )
  expect(found).toEqual({
    公民身份号码: 'citizenId',
    姓名: 'name',
    曾用名: 'formerName',
    性别: 'sex',
    民族: 'ethnicity',
    出生日期: 'birthDay',
    户号: 'householdNo',
    与户主关系: 'relationToHead',
    户主姓名: 'headName',
    户主身份证号: 'headCitizenId',
    户籍地址: 'address',
    所属派出所: 'policeStation',
    '街道(乡镇)': 'township',
    '社区(村)': 'village',
    '监护人一(父)姓名': 'guardian1Name',
    '监护人一(父)证件号': 'guardian1CitizenId',
    '监护人二(母)姓名': 'guardian2Name',
    '监护人二(母)证件号': 'guardian2CitizenId',
    联系电话: 'phone',
    注销标识: 'cancelled',
    注销原因: 'cancelReason',
  })
})

test('[SHEET-21] an extract of the floating population: a residence permit is no ID', () => {
  expect(
    recognise(
      'population',
      '居住证号, 姓名, 身份证号码, 性别, 居住地址, 登记日期, 到期日, 来本地日期, 户籍地, 随行父母姓名, 随行父母证件号, 居住事由',
    ),
  ).toEqual({
    姓名: 'name',
    身份证号码: 'citizenId',
    性别: 'sex',
    户籍地: 'address',
    随行父母姓名: 'guardian1Name',
    随行父母证件号: 'guardian1CitizenId',
  })
})

test('[SHEET-21] a village sweep and the bureau’s own list of children of age', () => {
  expect(
    recognise(
      'population',
      '序号, 区县, 乡镇街道, 村社区, 组/小区, 户主姓名, 户号, 姓名, 性别, 民族, 身份证号, 出生日期, 年龄, 户籍地址, 现居住地, 监护人姓名, 关系, 监护人身份证号, 联系电话',
    ),
  ).toMatchObject({
    乡镇街道: 'township',
    村社区: 'village',
    身份证号: 'citizenId',
    户籍地址: 'address',
    监护人姓名: 'guardian1Name',
    监护人身份证号: 'guardian1CitizenId',
    联系电话: 'phone',
  })
})

test('[SHEET-21] the template and export of the national school registry', () => {
  const family = (place: number) =>
    `成员${place}姓名, 成员${place}关系, 成员${place}现住址, 成员${place}联系电话, 成员${place}身份证件类型, 成员${place}身份证件号, 成员${place}工作单位`
  const found = recognise(
    'roll',
    `学籍接续标识, 学校标识码, 姓名, 性别, 出生日期, 身份证件类型, 身份证件号, 出生地行政区划代码, 民族, 国籍/地区, 户口性质, 户口所在地行政区划, 现住址, 年级, 班级/班号, 入学年月, 入学方式, 就读方式, 通信地址, 家庭地址, 联系电话, 曾用名, 身份证件有效期, 学籍辅号, 班内学号, ${family(1)}, ${family(2)}, 全国学籍号, 学校名称, 姓名拼音, 住宿类型, 学籍变动日期, 学籍变动情况`,
  )
  expect(found).toEqual({
    学校标识码: 'schoolCode',
    姓名: 'name',
    性别: 'sex',
    出生日期: 'birthDay',
    身份证件类型: 'idType',
    身份证件号: 'citizenId',
    民族: 'ethnicity',
    户口所在地行政区划: 'registeredDivision',
    现住址: 'address',
    年级: 'grade',
    '班级/班号': 'className',
    入学年月: 'enrolledOn',
    就读方式: 'boarding',
    联系电话: 'phone',
    曾用名: 'formerName',
    成员1姓名: 'guardian1Name',
    成员1身份证件号: 'guardian1CitizenId',
    成员1联系电话: 'guardian1Phone',
    成员2姓名: 'guardian2Name',
    成员2身份证件号: 'guardian2CitizenId',
    全国学籍号: 'studentNo',
    学校名称: 'schoolName',
    学籍变动情况: 'status',
  })
})

test('[SHEET-21] a county roster and an aid list', () => {
  expect(
    recognise(
      'roll',
      '所在镇乡（街道）, 学段, 学校名称, 年级, 班级, 班内编号, 学生姓名, 性别, 民族, 学籍主号, 身份证号码, 户籍省县, 是否为住宿生, 休学中, 备注',
    ),
  ).toMatchObject({
    学生姓名: 'name',
    学籍主号: 'studentNo',
    身份证号码: 'citizenId',
    是否为住宿生: 'boarding',
    户籍省县: 'registeredDivision',
  })
  expect(
    recognise('roll', '序号, 学校, 年级, 班级, 学生姓名, 身份证号, 学籍号, 监护人姓名, 与学生关系, 联系电话'),
  ).toMatchObject({ 学校: 'schoolName', 学籍号: 'studentNo' })
})

test('[SHEET-21] bare headings of place', () => {
  for (const address of ['户口所在', '户籍所在', '户籍所在地址', '户口本地址'])
    expect(recognise('population', `姓名, 身份证号, ${address}, 乡镇, 村`)).toMatchObject({
      [address]: 'address',
      乡镇: 'township',
      村: 'village',
    })
  expect(recognise('population', '姓名, 身份证号, 乡（镇）, 行政村')).toMatchObject({
    '乡（镇）': 'township',
    行政村: 'village',
  })
})

test('[SHEET-21] every alias leads to one field of its role only', () => {
  for (const role of IMPORT_KINDS) {
    const owners = new Map<string, string>()
    for (const { id, label, aliases } of FIELDS_OF[role]) {
      for (const alias of [label, ...aliases]) {
        expect(owners.get(alias) ?? id, `${role} ${alias}`).toBe(id)
        owners.set(alias, id)
      }
    }
  }
})
