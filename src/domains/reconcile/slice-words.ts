import { defineWords } from '../../kernel/words.ts'

/** Wording of the slice on the server: what stands in answers, in file names and on the balance sheet. */
export const sliceWords = defineWords({
  'zh-CN': {
    workbookName: (unit: string, number: number) => `${unit}-第${number}次比对结果.xlsx`,
    stamp: (unit: string, person: string, at: string, reason: string) =>
      `${unit} ${person} 于 ${at} 下载，用途：${reason}`,
    batches: (count: number, day: string) => (count === 0 ? '无' : `${count} 批，截至 ${day}`),
    waiting: '排队中',
    unknownPerson: '已离岗人员',
    classes: {
      'in-school': '在校',
      paused: '休学停学',
      'not-begun': '义务未起',
      closed: '高中阶段',
      possible: '待审',
      population: '户籍表',
      roll: '学籍表',
      absent: '名册上未见',
      left: '名册上不在读',
      cancelled: '户籍注销',
      finished: '毕业结业',
      'over-age': '超龄不在册',
      'registered-elsewhere': '户籍在外',
      'id-broken': '证件号待修',
      'cancelled-registration': '户籍已注销',
      unknown: '原因未明',
    },
  },
})
