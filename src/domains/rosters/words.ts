import { defineWords } from '../../kernel/words.ts'
import type { Ground, ListClass, SeatClass } from './rules.ts'

/** Wording that stands in answers, workbooks and on the page of policy. */
export const rostersWords = defineWords({
  'zh-CN': {
    unknownPerson: '已离岗人员',
    policy: {
      area: '四查三比对',
      suspectedAfterDays: '连续缺勤多少天算疑似辍学',
      suspectedAfterNote: '无正当理由连续缺课的上课日；在校花名册上写明辍学、名在人不在的，不看天数',
      localPlans: '各地控辍保学实施方案（超过一周）',
    },
    seat: {
      'named-absent': '名在人不在',
      'on-leave': '请假、休学未在校',
      'seated-elsewhere': '人籍分离',
      'two-schools': '两校同时在读',
      'without-roll': '在校无学籍',
      'paused-present': '休学而在校',
      'back-in-class': '已回校',
    } satisfies Record<SeatClass, string>,
    listed: {
      out: '疑似、失学、辍学',
      unexplained: '还在核查',
      'no-roll': '没有学籍',
      unknown: '户籍学籍都查不到',
    } satisfies Record<ListClass, string>,
    ground: {
      said: '花名册写明',
      days: '缺勤达到天数',
      short: '缺勤未到天数',
      unnamed: '花名册上没有',
      unclear: '在校情况认不出',
      gone: '写明离校或转走',
    } satisfies Record<Ground, string>,
  },
})
