/** What a column of a sheet can hold, with the headings met for it. */
export interface ImportField {
  readonly id: string
  readonly label: string
  readonly isRequired: boolean
  readonly kind: 'text' | 'day'
  /** Preferred first. Compared without spaces, signs and width, and once more without what stands in brackets. */
  readonly aliases: readonly string[]
}

export const ID_WORDS = [
  '公民身份号码',
  '公民身份证号码',
  '公民身份证号',
  '居民身份证号码',
  '居民身份证号',
  '身份证件号',
  '身份证件号码',
  '身份证号',
  '身份证号码',
  '身份证',
  '身份证件编号',
  '身份证编号',
  '身份号码',
  '身份证件',
  '有效身份证件号',
  '有效证件号码',
  '证件号码',
  '证件号',
  '证件编号',
]
export const CHILD_WORDS = ['学生', '儿童', '孩子', '幼儿', '本人', '适龄儿童', '人员', '成员']
export const PHONE_WORDS = ['联系电话', '联系方式', '电话', '电话号码', '手机', '手机号', '手机号码', '联系手机']

export function required(id: string, label: string, aliases: readonly string[]): ImportField {
  return { id, label, isRequired: true, kind: 'text', aliases }
}

export function text(id: string, label: string, aliases: readonly string[]): ImportField {
  return { id, label, isRequired: false, kind: 'text', aliases }
}

export function day(id: string, label: string, aliases: readonly string[]): ImportField {
  return { id, label, isRequired: false, kind: 'day', aliases }
}

export function joined(heads: readonly string[], tails: readonly string[]): string[] {
  return heads.flatMap((head) => tails.map((tail) => head + tail))
}

/** 家庭成员1 of the registry's template, 监护人一 (父) of police extracts, 家长 of schools' lists. */
export function firstGuardian(): string[] {
  return [
    '监护人一',
    '监护人1',
    '监护人一（父）',
    '第一监护人',
    '成员1',
    '成员一',
    '家庭成员1',
    '家庭成员一',
    '监护人',
    '父亲',
    '父亲（监护人）',
    '父',
    '家长',
    '家长（监护人）',
    '法定监护人',
  ]
}

export function secondGuardian(): string[] {
  return [
    '监护人二',
    '监护人2',
    '监护人二（母）',
    '第二监护人',
    '成员2',
    '成员二',
    '家庭成员2',
    '家庭成员二',
    '母亲',
    '母亲（监护人）',
    '母',
  ]
}

export function guardianPair(place: 1 | 2, heads: readonly string[]): ImportField[] {
  const label = place === 1 ? '监护人一' : '监护人二'
  return [
    text(`guardian${place}Name`, `${label}姓名`, [
      ...joined(heads, ['姓名', '名字']),
      ...heads.filter((head) => head !== '父' && head !== '母'),
    ]),
    text(`guardian${place}CitizenId`, `${label}身份证号`, joined(heads, [...ID_WORDS, '证号'])),
  ]
}

export function districtWords(): string[] {
  return ['区（县）', '县区', '区县名称', '所属区县', '所在区县', '户籍区县', '户籍区（县）', '区县市', 'qx']
}

/** Groups a child belongs to, worded as the national registry's template and the county rosters word them. */
export function groupFields(): ImportField[] {
  return [
    text('leftBehind', '是否留守儿童', ['留守儿童', '留守情况', '留守儿童类型', 'sflset']),
    text('migrantChild', '是否进城务工人员随迁子女', ['随迁子女', '是否随迁子女', '进城务工人员随迁子女', '是否随迁']),
    text('disability', '残疾人类型', ['残疾类型', '残疾类别', '残疾种类', '是否残疾', 'cjrlx']),
    text('orphan', '是否孤儿', ['孤儿', 'sfge']),
    text('hardship', '困难类别', ['困难类型', '困境类别', '家庭困难类别', '救助类别', '户类型', '贫困类型']),
  ]
}

export function townshipWords(): string[] {
  return [
    '街道乡镇',
    '乡镇（街道）',
    '乡镇街道',
    '镇街',
    '街镇',
    '镇乡',
    '镇乡（街道）',
    '所在镇乡（街道）',
    '所在乡镇',
    '所属街道',
    '所属乡镇',
    '所属镇街',
    '所在镇街',
    '户籍镇街',
    '户籍乡镇',
    '户籍街道',
    '户籍乡镇（街道）',
    '街道办事处',
    '街道',
    '乡镇',
    '镇',
    '乡',
    '乡镇名称',
    '镇街名称',
    '街道名称',
    '街道（乡镇）名称',
    '镇（街）',
    '镇（街道）',
    '乡镇（街）',
    '户口所在镇街',
    '户口所在乡镇',
    '户口所在街道',
    '户籍所在镇街',
    '户籍所在乡镇',
    '户籍所在街道',
  ]
}

export function villageWords(): string[] {
  return [
    '社区村',
    '村（社区）',
    '村社区',
    '村社',
    '村居',
    '社区/村',
    '户籍社区/村',
    '户籍村社',
    '户籍村（社区）',
    '所属社区',
    '所属村',
    '所在村社',
    '居（村）委会',
    '村（居）委会',
    '居委会',
    '村委会',
    '社区',
    '村',
    '村名',
    '村名称',
    '社区名称',
    '村（社区）名称',
    '村居名称',
    '村（居）',
    '行政村',
    '村委',
    '居委',
    '所在村',
    '所在社区',
    '户籍所在村',
    '户籍所在社区',
    '户口所在村',
    '户口所在社区',
  ]
}
