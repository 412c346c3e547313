import { defineWords } from '../../kernel/words.ts'
import type { ImportNote } from './contract.ts'
import type { FindingCode } from './findings.ts'

interface FindingWords {
  readonly label: string
  /** What is wrong and what it should be; `said` is what the check noted for this row. */
  readonly reason: (said: string) => string
}

const finding = {
  'unreadable-row': { label: '整行读不了', reason: (fault: string) => fault },
  'name-missing': { label: '姓名为空', reason: () => '姓名必填，这里是空的' },
  'identity-missing': {
    label: '没有可辨认身份的内容',
    reason: () => '证件号、出生日期、学籍号都没有可用的，无法认定是谁',
  },
  'id-precision': {
    label: '证件号末几位丢失',
    reason: () => '证件号被 Excel 当成数字，末几位已丢失；请以文本格式重填',
  },
  'id-birth': { label: '证件号里的日期不存在', reason: (said: string) => `证件号里的出生日期 ${said} 不存在` },
  'id-future': { label: '证件号里的日期在今天之后', reason: (said: string) => `证件号里的出生日期 ${said} 在今天之后` },
  'birth-unreadable': {
    label: '出生日期读不出',
    reason: () => '出生日期读不出，又没有完整的证件号；请写成 2015-03-14',
  },
  'birth-future': { label: '出生日期在今天之后', reason: () => '出生日期在今天之后，请核对' },
  'place-unknown': { label: '认不出所在区县', reason: () => '区县、地址里认不出所在区县，无法归到哪个单位' },
  'other-district': {
    label: '不归本单位',
    reason: (said: string) => (said === '' ? '不在本单位范围内，请由当地提供' : `归${said}，请由${said}提供`),
  },
  'school-missing': { label: '学校为空', reason: () => '学校标识码和学校名称都是空的' },
  'school-unknown': { label: '学校认不出', reason: () => '没有这所学校，请填 10 位学校标识码或学校全称' },
  'school-ambiguous': { label: '学校同名', reason: () => '有几所学校同名，请填 10 位学校标识码' },
  'school-closed': { label: '学校已撤销', reason: (said: string) => `这所学校已撤销（${said}），请改成现在的学校` },
  'school-elsewhere': { label: '外区县学校', reason: () => '这所学校不归本单位，本单位不能代它提供学籍' },
  'id-check': {
    label: '证件号校验位不符',
    reason: (said: string) => `校验位应为 ${said[0] ?? ''}，填了 ${said[1] ?? ''}；多半抄错一位，请逐位核对`,
  },
  'id-missing': { label: '证件号为空', reason: () => '证件号是空的，请补上' },
  'id-masked': { label: '证件号被遮盖', reason: () => '证件号里有 * 或 ×，请用完整的号码' },
  'id-shape': { label: '证件号写法不对', reason: () => '不是 18 位公民身份号码，也不像所填类型的证件号' },
  'id-shared': { label: '证件号与别人相同', reason: (row: string) => `与第 ${row} 行证件号相同，姓名不同` },
  'birth-clash': { label: '出生日期与证件号不一致', reason: (said: string) => `证件号里是 ${said}` },
  'birth-off': { label: '出生日期写法不对', reason: (said: string) => `出生日期读不出，证件号里是 ${said}` },
  'sex-clash': { label: '性别与证件号不一致', reason: (said: string) => `证件号里是${said === '1' ? '男' : '女'}` },
  'name-unreadable': {
    label: '姓名含不可识别字',
    reason: (place: string) => `第 ${place} 个字不可识别，请对照户口簿补录`,
  },
  'township-unknown': { label: '镇街认不出', reason: () => '这个区县没有这个镇街，暂归区县' },
  'village-unknown': { label: '村社认不出', reason: () => '这个镇街没有这个村社，暂归镇街' },
  'grade-unread': { label: '年级认不出', reason: () => '年级认不出，请写成 三年级、七年级' },
  'grade-not-here': { label: '年级不在本校', reason: (said: string) => `这所学校没有${said}年级` },
  'class-not-here': { label: '班级不在本校', reason: (said: string) => `本校本年级只有 ${said} 个班` },
  'student-no-shape': { label: '学籍号写法不对', reason: () => '学籍号应为 G、J 或 L 加 18 位' },
  'student-no-shared': { label: '学籍号重复', reason: (row: string) => `与第 ${row} 行学籍号相同，人不同` },
  'two-places': { label: '一人在两处', reason: (row: string) => `与第 ${row} 行是同一人，学校或班级不同` },
  'repeated-row': { label: '重复行', reason: (row: string) => `与第 ${row} 行是同一人，只算一人` },
  'id-old': { label: '旧 15 位证件号', reason: () => '旧 15 位证件号，已按规则换成 18 位' },
  'sex-unread': { label: '性别认不出', reason: () => '性别认不出，已按证件号' },
  'guardian-id': { label: '监护人证件号不对', reason: () => '监护人证件号不是完整、正确的号码' },
  'phone-shape': { label: '电话写法不对', reason: () => '不像电话号码' },
  'phone-shared': { label: '手机号与兄弟姐妹相同', reason: (row: string) => `与第 ${row} 行同一监护人、同一手机号` },
  'class-former': { label: '班级用了旧称', reason: (said: string) => `旧称，已按 ${said} 理解` },
  'status-unread': { label: '学籍状态认不出', reason: () => '学籍状态认不出，先按在读' },
  'status-forbidden': {
    label: '义务教育阶段不得退学、开除',
    reason: () => '义务教育阶段不得开除、退学（义务教育法第二十七条），请核实',
  },
  'age-grade': { label: '年龄与年级相差大', reason: (said: string) => `按年龄应在 ${said} 年级上下，请核对` },
  'address-group': { label: '住址缺组号', reason: () => '住址到村为止，缺组号或门牌' },
  'ethnicity-unread': { label: '民族认不出', reason: () => '不在 56 个民族的名称或代码里' },
  'school-name-differs': { label: '学校名称与标识码不一致', reason: (said: string) => `标识码是${said}的，已按标识码` },
  'student-no-id': { label: '学籍号与证件号不一致', reason: () => '学籍号里的证件号与证件号列不同' },
  'permit-expired': { label: '居住证已过期', reason: (said: string) => `${said} 已到期` },
  'presence-unread': { label: '在校情况认不出', reason: () => '在校情况认不出，请写成 在校、请假、不在校、离校' },
} satisfies Record<FindingCode, FindingWords>

export const importWords = defineWords({
  'zh-CN': {
    finding,
    kind: {
      population: '户籍',
      floating: '流动人口',
      roll: '学籍',
      attendance: '在校花名册',
      poverty: '脱贫户',
      relief: '民政救助',
      disability: '残联',
      aid: '资助',
    },
    stage: {
      reading: '读表',
      judging: '逐行查错',
      keys: '算检索值',
      comparing: '与已入库的比',
      writing: '封存查过的行',
      storing: '入库',
      ties: '归属到单位',
      undoing: '撤销',
    },
    note: {
      'other-kind': (kind: string, headings: string) => `这张表像${kind}表：有 ${headings}。请核对是不是选错了类别`,
      'no-township': (rows: number) => `没有对上镇街或地址，${rows} 个孩子只能放在区县；请到“对列名”里指定`,
      'same-content': (batch: number) => `内容与第 ${batch} 批完全相同：再入库就是那一批，不会再存一份`,
      'older-extract': (unit: string, day: string) => `${unit}已有 ${day} 的数据，这张表较旧；入库后仍以较新的为准`,
      'closed-school': (rows: number) => `有 ${rows} 行的学校已撤销`,
      'columns-changed': () => '列与上次不同，请到“对列名”核对',
      'other-worksheets': (count: number) => `工作簿里还有 ${count} 张像名册的表没有读；每张表单独上传`,
      'merged-cells': (count: number) => `有 ${count} 处合并单元格，已按合并范围补齐`,
      'heading-rows': () => '表头是两行，已合起来认列',
      'rounded-numbers': (rows: number) => `有 ${rows} 行证件号末三位是 000，像是被 Excel 改过`,
      'findings-cut': (shown: number) => `问题太多，逐行只列前 ${shown} 行，合计数是准的`,
      'far-fewer': (before: number) =>
        `上次是 ${before} 行，这次少了一半以上；如果只是其中一部分，入库时请选“只是一部分”`,
      'stored-numbers': (rows: number, all: number) =>
        `另有 ${rows} 行的证件号在已入库的表里是另一个姓名，入库后也列入待修，共待修 ${all} 行`,
      'left-aside': (rows: number) => `另有 ${rows} 行不在 3 至 18 周岁（户里的大人、婴幼儿），只计数，不入库`,
      'columns-cut': (columns: number) => `只读前 ${columns} 列，再往后的列没有读`,
      'covers-less': (count: number) => `上次这些单位中有 ${count} 个不在这张表里，它们仍以上次的为准`,
    } satisfies Record<ImportNote['code'], (...parts: never[]) => string>,
    sheetFile: (kind: string) => `${kind}表`,
    markedName: (name: string) => `${name.replace(/\.[^.]+$/, '')}（已标错）`,
    mark: { reasonHeading: '错与提醒', author: '导入查错' },
    unknownPerson: '已离岗人员',
    waiting: '排队中',
    policy: {
      area: '导入',
      rawExtractDays: '原表保留',
      rawExtractNote: '到期即删原表和查错明细，只留入库的行；法律要求实现目的所必要的最短时间，九十天是系统默认',
      idleSheetDays: '未入库的表保留',
      idleSheetNote: '查错后一直没有入库的表，到期视为放弃',
    },
  },
})
