import { defineWords } from '../../kernel/words.ts'

/** Wording of clerical review on the server. */
export const reviewWords = defineWords({
  'zh-CN': {
    grounds: '人工核对为同一人',
    unknownPerson: '已离岗人员',
    day: (at: Date) => new Intl.DateTimeFormat('zh-CN', { dateStyle: 'long', timeZone: 'Asia/Shanghai' }).format(at),
    verdict: { same: '同一人', different: '不是同一人', unsure: '看不准' },
    /** Of a weight: what stands before anything of the two records was looked at. */
    start: '任取两行，是同一人的可能',
    frequency: '这个姓名有多少见',
    householdChance: '也可能是兄弟姐妹',
    otherClue: '其他线索',
    /** Levels that have no words of their own: nothing to compare, or nothing in common. */
    silent: {
      identity: '证件号无从比较',
      name: '姓名无从比较',
      household: '监护人无从比较',
      place: '住址不同或无从比较',
    },
    listed: '、',
    fields: {
      name: '姓名',
      formerName: '曾用名',
      sex: '性别',
      birth: '出生',
      citizenId: '证件号',
      guardian: '监护人',
      phone: '电话',
      address: '住址',
      school: '学校',
      grade: '年级',
      status: '学籍状态',
      place: '镇街、村社',
    },
    unsound: '校验不符',
    sex: { 1: '男', 2: '女' },
    numerals: '一二三四五六七八九',
    grade: (numeral: string) => `${numeral}年级`,
    kindergarten: '幼儿园',
    senior: '高中阶段',
  },
})
