import { defineWords } from '../../kernel/words.ts'

export const sheetWords = defineWords({
  'zh-CN': {
    mark: { between: '；' },
    form: {
      day: '要写成 2026-09-01 这样的日期',
      choice: (choices: string) => `没有这个选项。可填：${choices}`,
      tooLong: (most: number) => `太长，最多 ${most} 个字`,
      rows: (most: string) => `${most} 行`,
    },
    fault: {
      quotes: '引号不配对，无法分列',
      columns: (found: number, expected: number) => `这一行有 ${found} 列，表头有 ${expected} 列，无法对应`,
      cut: (found: number, expected: number) =>
        `最后一行不完整（${found} 列，应有 ${expected} 列），文件可能没有导出完`,
      encoding: '有无法识别的文字',
      tooLong: '这一行过长，无法读取',
    },
  },
})
