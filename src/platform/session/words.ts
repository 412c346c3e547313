import { defineWords } from '../../kernel/words.ts'

export const sessionWords = defineWords({
  'zh-CN': {
    tooShort: (least: number) => `至少 ${least} 个字符`,
    tooPlain: (least: number) => `大写字母、小写字母、数字、符号里至少用 ${least} 种`,
    holdsLogin: '不能包含账号名',
    same: '不能与原密码相同',
  },
})
