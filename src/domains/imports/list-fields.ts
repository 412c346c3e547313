import {
  CHILD_WORDS,
  day,
  districtWords,
  firstGuardian,
  groupFields,
  guardianPair,
  ID_WORDS,
  type ImportField,
  joined,
  PHONE_WORDS,
  required,
  secondGuardian,
  text,
  townshipWords,
  villageWords,
} from './field-words.ts'

/** [ROST-1] Fields of the sheets of other offices (domain 12.3 to 12.6), with the headings met for them. */

const BIRTH_WORDS = ['出生年月日', '出生年月', '出生时间', '出生日', '生日', 'csrq']

/** Who the row is. Other offices know a person by name and number, and not always by the number. */
function person(nameWords: readonly string[]): ImportField[] {
  return [
    required('name', '姓名', [...nameWords, ...joined(CHILD_WORDS, ['姓名']), '姓名全称', 'xm']),
    text('citizenId', '身份证号', [...ID_WORDS, ...joined(CHILD_WORDS, ID_WORDS), 'sfzh', 'sfzjh']),
    text('sex', '性别', ['学生性别', 'xb', 'gender']),
    day('birthDay', '出生日期', BIRTH_WORDS),
    text('ethnicity', '民族', ['民族成份', '民族成分', 'mz']),
  ]
}

/** Where the household stands on the list, and who its head is. */
function household(numberWords: readonly string[]): ImportField[] {
  return [
    text('householdNo', '户编号', numberWords),
    text('relationToHead', '与户主关系', ['与户主的关系', '户主关系', '家庭关系', '与户主之关系']),
    text('headName', '户主姓名', ['户主', '户主名', '户主（申请人）']),
    text('headCitizenId', '户主身份证号', [...joined(['户主'], [...ID_WORDS, '证号'])]),
    text('phone', '联系电话', [
      ...PHONE_WORDS,
      ...joined(['本人', '户主', '监护人', '家长', '家庭', '联系人'], PHONE_WORDS),
      '固定电话',
    ]),
    text('address', '家庭住址', [
      '住址',
      '家庭地址',
      '现居住地址',
      '现居住地',
      '现住址',
      '居住地址',
      '户籍地址',
      '详细地址',
      '地址',
    ]),
    text('district', '区县', districtWords()),
    text('township', '街道（乡镇）', townshipWords()),
    text('village', '社区（村）', villageWords()),
  ]
}

/** 在校花名册: who truly sits in class, by school and class, as of a day. */
export const ATTENDANCE: readonly ImportField[] = [
  ...person(['学生姓名', '学生']),
  text('studentNo', '全国学籍号', [
    '学籍号',
    '学籍主号',
    '学籍号码',
    '个人标识码',
    '国网学籍号',
    '学生学籍号',
    '学籍编号',
  ]),
  text('idType', '身份证件类型', ['证件类型', '身份证类型', '身份证件种类', '证件种类']),
  text('schoolCode', '学校标识码', ['学校（机构）标识码', '学校代码', '学校编码', '学校编号', '就读学校标识码']),
  text('schoolName', '学校名称', [
    '学校',
    '就读学校',
    '就读学校名称',
    '所在学校',
    '在读学校',
    '学校全称',
    '现就读学校',
  ]),
  text('grade', '年级', ['年级名称', '所在年级', '就读年级', '现就读年级', 'nj']),
  text('className', '班级', ['班级/班号', '班级名称', '所在班级', '就读班级', '班号', '班']),
  text('presence', '在校情况', [
    '是否在校',
    '在校状态',
    '在校状况',
    '到校情况',
    '是否到校',
    '到校状态',
    '出勤情况',
    '出勤状态',
    '出勤',
    '考勤情况',
    '考勤',
    '就读状态',
    '就学状态',
    '在校否',
    '人在校情况',
  ]),
  text('suspended', '休学中', ['是否休学', '休学']),
  text('absentDays', '连续缺勤天数', [
    '缺勤天数',
    '缺课天数',
    '旷课天数',
    '未到校天数',
    '连续旷课天数',
    '连续缺课天数',
  ]),
  text('boarding', '是否住宿', [
    '就读方式',
    '住宿类型',
    '是否住校',
    '是否寄宿',
    '是否寄宿生',
    '是否为住宿生',
    '是否住校生',
  ]),
  text('address', '现住址', ['家庭地址', '家庭住址', '现居住地', '现居住地址', '居住地址', '住址', '地址']),
  text('phone', '联系电话', [...PHONE_WORDS, ...joined(['学生', '本人', '家庭'], PHONE_WORDS)]),
  ...guardianPair(1, firstGuardian()),
  text('guardian1Phone', '监护人一联系电话', joined(firstGuardian(), PHONE_WORDS)),
  ...guardianPair(2, secondGuardian()),
  text('district', '区县', ['区（县）', '县区', '学校所在区县', '所属区县']),
  ...groupFields(),
]

/** 脱贫户、防返贫监测对象: every member of every household, the grown ones too. */
export const POVERTY: readonly ImportField[] = [
  ...person(['家庭成员姓名']),
  ...household(['户号', '户编码', '农户编号', '贫困户编号', '脱贫户编号']),
  text('personNo', '人编号', ['人员编号', '个人编号', '人编码']),
  text('schooling', '在校生状况', ['在校状况', '在校生情况', '就学情况', '受教育情况', '文化程度']),
  text('outReason', '失学或辍学原因', ['失学辍学原因', '辍学原因', '失学原因', '未就学原因']),
  text('health', '健康状况', ['身体状况', '健康情况']),
  text('riskCleared', '风险是否消除', ['风险是否已消除', '风险消除', '是否消除风险', '监测对象类别']),
  ...groupFields(),
]

/** 民政: 低保, 特困, 低保边缘, 孤儿, 事实无人抚养, 刚性支出. */
export const RELIEF: readonly ImportField[] = [
  ...person(['家庭成员姓名', '保障对象姓名', '救助对象姓名', '对象姓名']),
  ...household(['户号', '家庭编号', '保障户编号', '低保户编号']),
  text('reliefNo', '救助证号', ['证号', '低保证号', '特困证号', '保障证号', '证书编号']),
  day('reliefFrom', '享受起', ['享受开始日期', '享受起始', '保障起始日期', '起始时间', '享受起止', '享受时间']),
  day('reliefUntil', '享受止', ['享受结束日期', '享受截止', '保障截止日期', '截止时间']),
  ...groupFields(),
]

/** 残联动态更新: one line a person with a card. */
export const DISABILITY: readonly ImportField[] = [
  ...person(['残疾人姓名']),
  ...household(['户号']),
  text('cardNo', '残疾人证号', ['残疾证号', '残疾人证', '残疾证', '残疾人证编号', '残疾证书号']),
  text('disabilityLevel', '残疾等级', ['残疾程度', '残疾级别', '等级']),
  text('placement', '就读学校类型', ['就读学校', '就学情况', '受教育情况']),
  text('notEnrolledReason', '未入学原因', ['未就学原因', '不在学原因']),
  text('educationNeed', '是否需要教育服务', ['教育服务需求', '需要教育服务', '教育需求']),
  ...guardianPair(1, firstGuardian()),
  ...groupFields(),
]

/** 资助名单: read for groups and household only; accounts and amounts stay where they are. */
export const AID: readonly ImportField[] = [
  ...person(['学生姓名', '学生', '受助学生']),
  text('studentNo', '全国学籍号', ['学籍号', '学籍主号', '个人标识码', '学生学籍号']),
  text('schoolName', '学校名称', ['学校', '就读学校', '所在学校']),
  text('grade', '年级', ['年级名称', '所在年级', '就读年级']),
  text('className', '班级', ['班级名称', '所在班级']),
  text('boarding', '是否寄宿', ['是否住校', '就读方式', '住宿类型', '是否寄宿生']),
  text('aidLevel', '认定等级', ['困难等级', '认定级别']),
  text('aidProject', '资助项目', ['资助类型', '资助名称', '资助类别']),
  text('aidTerm', '资助学期', ['学期', '资助学年', '春/秋']),
  ...household(['户号']).filter(({ id }) => /^(householdNo|phone|address)$/.test(id)),
  ...guardianPair(1, firstGuardian()),
  ...groupFields(),
]
