import type { ImportKind } from './kinds.ts'

/** What a column of a sheet can hold, with the headings met for it. */
export interface ImportField {
  readonly id: string
  readonly label: string
  readonly isRequired: boolean
  readonly kind: 'text' | 'day'
  /** Preferred first. Compared without spaces, signs and width, and once more without what stands in brackets. */
  readonly aliases: readonly string[]
}

const ID_WORDS = [
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
const CHILD_WORDS = ['学生', '儿童', '孩子', '幼儿', '本人', '适龄儿童', '人员', '成员']
const PHONE_WORDS = ['联系电话', '联系方式', '电话', '电话号码', '手机', '手机号', '手机号码', '联系手机']

/** Population extract (户籍, and 流动人口): domain headings of police extracts, village sweeps and 适龄儿童台账. */
const POPULATION: readonly ImportField[] = [
  required('name', '姓名', ['公民姓名', ...joined(CHILD_WORDS, ['姓名']), '姓名全称', 'xm']),
  required('citizenId', '公民身份号码', [
    ...ID_WORDS,
    ...joined(CHILD_WORDS, ID_WORDS),
    'gmsfhm',
    'sfzh',
    'sfzjh',
    'idNumber',
    'idNo',
    'idCard',
  ]),
  text('sex', '性别', ['xb', 'gender']),
  day('birthDay', '出生日期', [
    '出生年月日',
    '出生年月',
    '出生时间',
    '出生日',
    '生日',
    'csrq',
    'birthDate',
    'dateOfBirth',
    'birth',
  ]),
  text('ethnicity', '民族', ['民族成份', '民族成分', 'mz']),
  text('formerName', '曾用名', ['曾用姓名', 'cym']),
  text('householdNo', '户号', ['户口号', '户口簿号', '户口本号', '家庭户号', '户编号', '户籍号', 'hh']),
  text('relationToHead', '与户主关系', ['与户主的关系', '户主关系', '家庭关系', '与户主之关系', 'yhzgx']),
  text('headName', '户主姓名', ['户主', '户主名', 'hzxm']),
  text('headCitizenId', '户主身份证号', [...joined(['户主'], ID_WORDS)]),
  ...guardianPair(1, [...firstGuardian(), '随行父亲', '随行父母', '随行监护人']),
  ...guardianPair(2, [...secondGuardian(), '随行母亲']),
  text('phone', '联系电话', [
    ...PHONE_WORDS,
    ...joined(['本人', '户主', '监护人', '家长', '父亲', '家庭', '监护人一'], PHONE_WORDS),
  ]),
  text('address', '户籍地址', [
    '户籍详细地址',
    '户籍地详细地址',
    '户籍地详址',
    '户口地址',
    '户籍住址',
    '常住户口所在地',
    '常住户口所在地址',
    '户籍所在地',
    '户口所在地',
    '户籍地',
    '住址',
    '详址',
    '家庭住址',
    '家庭地址',
    '居住地址',
    '居住地详址',
    '现居住地',
    '现居住地址',
    '现住址',
    '现居住详细地址',
    '常住地址',
    '地址',
    'hjdz',
    'xxdz',
  ]),
  text('policeStation', '所属派出所', [
    '派出所',
    '户籍派出所',
    '户口所在派出所',
    '管辖派出所',
    '派出所名称',
    '登记派出所',
    'sspcs',
  ]),
  text('district', '区县', districtWords()),
  text('township', '街道（乡镇）', [...townshipWords(), 'jdxz']),
  text('village', '社区（村）', [...villageWords(), 'sqc']),
  ...groupFields(),
  text('cancelled', '注销标识', [
    '注销标志',
    '注销标记',
    '是否注销',
    '注销状态',
    '户口注销标识',
    '注销',
    'zxbs',
    'zxbz',
  ]),
  text('cancelReason', '注销原因', ['注销类型', '注销类别', '销户原因', '户口注销原因', 'zxyy']),
]

/** Extract of the floating population (流动人口): where they live here, and where they come from. */
const FLOATING: readonly ImportField[] = [
  ...POPULATION.filter(({ id }) => /^(name|citizenId|sex|birthDay|ethnicity|formerName|guardian.*|phone)$/.test(id)),
  text('livingAddress', '居住地址', [
    '居住地详址',
    '居住地',
    '现居住地',
    '现居住地址',
    '现居住详细地址',
    '现住址',
    '暂住地址',
    '暂住地',
    '住址',
    '家庭住址',
    '地址',
    'jzdz',
  ]),
  text('registeredDivision', '户籍地', [
    '户籍地址',
    '户籍所在地',
    '户口所在地',
    '户籍地行政区划',
    '户籍省县',
    '户籍详细地址',
    '来源地',
    'hjd',
  ]),
  text('permitNo', '居住证号', ['居住证号码', '居住证编号', '居住证', '暂住证号', 'jzzh']),
  day('permitUntil', '到期日', ['有效期至', '居住证到期日', '居住证有效期至', '到期日期', '有效期止', 'dqr']),
  day('arrivedOn', '来本地日期', ['来渝日期', '登记日期', '居住登记日期', '到本地日期', '流入时间', '来本地时间']),
  text('policeStation', '所属派出所', ['派出所', '登记派出所', '管辖派出所', '派出所名称']),
  text('district', '区县', [...districtWords(), '居住区县', '现居住区县']),
  text('township', '街道（乡镇）', [...townshipWords(), '居住镇街', '居住乡镇', '居住街道', 'jdxz']),
  text('village', '社区（村）', [...villageWords(), '居住社区', '居住村社', 'sqc']),
  ...groupFields(),
  text('cancelled', '注销标识', ['注销标志', '是否注销', '注销状态', '注销']),
  text('cancelReason', '注销原因', ['注销类型', '注销类别']),
]

/** School-roll export (学籍): the registry's own template and export, county rosters, headings of schools' lists. */
const ROLL: readonly ImportField[] = [
  required('name', '姓名', ['学生姓名', '学生', ...joined(CHILD_WORDS, ['姓名']), '姓名全称', 'xm']),
  required('citizenId', '身份证件号', [
    ...ID_WORDS,
    ...joined(CHILD_WORDS, ID_WORDS),
    'sfzjh',
    'sfzh',
    'gmsfhm',
    'idNumber',
    'idNo',
    'idCard',
  ]),
  text('studentNo', '全国学籍号', [
    '学籍号',
    '学籍主号',
    '学籍号码',
    '个人标识码',
    '全国学籍号（个人标识码）',
    '国网学籍号',
    '学籍编号',
    '学生标识码',
    '学生学籍号',
    'xjh',
    'grbsm',
    'studentNumber',
  ]),
  text('idType', '身份证件类型', ['证件类型', '身份证类型', '身份证件种类', '证件种类', 'sfzjlx']),
  text('sex', '性别', ['学生性别', 'xb', 'gender']),
  day('birthDay', '出生日期', [
    '出生年月日',
    '出生年月',
    '出生时间',
    '出生日',
    '生日',
    'csrq',
    'birthDate',
    'dateOfBirth',
    'birth',
  ]),
  text('ethnicity', '民族', ['民族成份', '民族成分', 'mz']),
  text('formerName', '曾用名', ['曾用姓名', 'cym']),
  text('schoolCode', '学校标识码', [
    '学校（机构）标识码',
    '学校代码',
    '学校编码',
    '学校编号',
    '所在学校标识码',
    '就读学校标识码',
    '机构标识码',
    'xxbsm',
    'xxdm',
  ]),
  text('schoolName', '学校名称', [
    '学校',
    '就读学校',
    '就读学校名称',
    '所在学校',
    '在读学校',
    '学校全称',
    '学校（机构）名称',
    '所在学校名称',
    '现就读学校',
    '就读学校及年级',
    'xxmc',
    'school',
  ]),
  text('grade', '年级', ['年级名称', '所在年级', '就读年级', '现就读年级', '年级代码', 'nj']),
  text('className', '班级', ['班级/班号', '班级名称', '所在班级', '就读班级', '班号', '班', 'bj', 'bjmc', 'class']),
  day('enrolledOn', '入学年月', ['入学日期', '入学时间', '入校时间', '入学年度', 'rxny']),
  text('status', '学籍状态', [
    '学生当前状态',
    '学生状态',
    '当前状态',
    '就读状态',
    '在读状态',
    '就学状态',
    '在校状态',
    '学籍变动情况',
    '学籍异动类别',
    '异动类别',
    '异动情况',
    '状态',
    'xszt',
    'xsdqzt',
    'xjzt',
  ]),
  text('boarding', '就读方式', [
    '住宿类型',
    '住宿方式',
    '是否住校',
    '是否寄宿',
    '是否寄宿生',
    '是否住宿',
    '是否为住宿生',
    '是否住校生',
    'jdfs',
  ]),
  text('registeredDivision', '户口所在地行政区划', [
    '户口所在地行政区划码',
    '户口所在地行政区划代码',
    '户口所在地',
    '户籍所在地',
    '户籍地',
    '户籍行政区划',
    '户籍地行政区划',
    '户籍省县',
    '户籍区县',
    '户籍地址',
    'hkszdxzqh',
  ]),
  text('address', '现住址', [
    '家庭地址',
    '家庭住址',
    '通信地址',
    '通讯地址',
    '现居住地',
    '现居住地址',
    '居住地址',
    '常住地址',
    '家庭详细地址',
    '详细地址',
    '住址',
    '地址',
    'xzz',
    'jtdz',
    'txdz',
  ]),
  text('phone', '联系电话', [...PHONE_WORDS, ...joined(['学生', '本人', '家庭'], PHONE_WORDS), 'lxdh']),
  ...guardianPair(1, firstGuardian()),
  text('guardian1Phone', '监护人一联系电话', joined(firstGuardian(), PHONE_WORDS)),
  ...guardianPair(2, secondGuardian()),
  text('district', '区县', ['区（县）', '县区', '学校所在区县', '所属区县', '区县名称', '学校所属区县', '主管区县']),
  ...groupFields(),
]

/** [SHEET-21] The fields of each sheet with the headings met for them, in the order of the ingested file. */
export const FIELDS_OF: Readonly<Record<ImportKind, readonly ImportField[]>> = {
  population: POPULATION,
  floating: FLOATING,
  roll: ROLL,
}

function required(id: string, label: string, aliases: readonly string[]): ImportField {
  return { id, label, isRequired: true, kind: 'text', aliases }
}

function text(id: string, label: string, aliases: readonly string[]): ImportField {
  return { id, label, isRequired: false, kind: 'text', aliases }
}

function day(id: string, label: string, aliases: readonly string[]): ImportField {
  return { id, label, isRequired: false, kind: 'day', aliases }
}

function joined(heads: readonly string[], tails: readonly string[]): string[] {
  return heads.flatMap((head) => tails.map((tail) => head + tail))
}

/** 家庭成员1 of the registry's template, 监护人一 (父) of police extracts, 家长 of schools' lists. */
function firstGuardian(): string[] {
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

function secondGuardian(): string[] {
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

function guardianPair(place: 1 | 2, heads: readonly string[]): ImportField[] {
  const label = place === 1 ? '监护人一' : '监护人二'
  return [
    text(`guardian${place}Name`, `${label}姓名`, [
      ...joined(heads, ['姓名', '名字']),
      ...heads.filter((head) => head !== '父' && head !== '母'),
    ]),
    text(`guardian${place}CitizenId`, `${label}身份证号`, joined(heads, ID_WORDS)),
  ]
}

function districtWords(): string[] {
  return ['区（县）', '县区', '区县名称', '所属区县', '所在区县', '户籍区县', '户籍区（县）', '区县市', 'qx']
}

/** Groups a child belongs to, worded as the national registry's template and the county rosters word them. */
function groupFields(): ImportField[] {
  return [
    text('leftBehind', '是否留守儿童', ['留守儿童', '留守情况', '留守儿童类型', 'sflset']),
    text('migrantChild', '是否进城务工人员随迁子女', ['随迁子女', '是否随迁子女', '进城务工人员随迁子女', '是否随迁']),
    text('disability', '残疾人类型', ['残疾类型', '残疾类别', '残疾种类', '是否残疾', 'cjrlx']),
    text('orphan', '是否孤儿', ['孤儿', 'sfge']),
    text('hardship', '困难类别', ['困难类型', '困境类别', '家庭困难类别', '救助类别', '户类型', '贫困类型']),
  ]
}

function townshipWords(): string[] {
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
  ]
}

function villageWords(): string[] {
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
  ]
}
