import { defineWords } from '../../kernel/words.ts'

/** Wording of accounts by sheet: headings of the workbooks and what is wrong with a row. */
export const accountSheetWords = defineWords({
  'zh-CN': {
    headings: { person: '姓名', login: '登录名（可空）', role: '角色', unit: '机构', from: '起始日' },
    /** What a column is called in a sentence. */
    columns: { person: '姓名', login: '登录名', role: '角色', unit: '机构', from: '起始日' },
    template: {
      file: '开账号.xlsx',
      rows: '账号',
      choices: '可填的角色和机构',
      choiceHeadings: { role: '角色', unit: '机构', code: '编号', kind: '类别' },
      how: '填写说明',
      howLines: [
        '一行一个岗位，填在“账号”页。同一个人有两个岗位就写两行。',
        '登录名不填，由姓名的拼音生成；要自己定就填小写字母、数字、点、横线，3 到 32 位。',
        '机构填编号、标识码或名称；有重名的，写成 上级/名称，如 东城街道/灌坝村。',
        '起始日不填就是上传当天，如 2026-09-01。',
        '本单位里同名的人已有账号的，只加岗位，不再开第二个账号。',
      ].join('\n'),
    },
    passwords: {
      file: (day: string) => `初始密码册_${day}.xlsx`,
      sheet: '初始密码',
      headings: { person: '姓名', login: '登录名', password: '初始密码', role: '角色', unit: '机构' },
    },
    /** In place of the file's own name, which may hold a person's. */
    rowsFile: '按表开账号',
    limitBytes: '5 MB',
    limitRows: (most: string) => `${most} 行`,
    missing: '没有填',
    personShape: '要 2 到 30 个字，不含数字',
    loginShape: '用小写字母、数字、点或横线，3 到 32 位；不填则由拼音生成',
    loginOfOther: (row: number) => `第 ${row} 行的另一个人用了同一个登录名`,
    loginNeeded: (row: number) => `第 ${row} 行有同单位同名的人填了登录名，这一行也要填，以免认错人`,
    samePeople: (count: number) => `这个单位有 ${count} 个同名账号，请填登录名说明是哪一个`,
    sameRow: (row: number) => `与第 ${row} 行重复：同一个人、同一机构、同一岗位`,
    unknownRole: (labels: string) => `没有这个角色。可填：${labels}`,
    noRole: '没有这个角色，您的岗位也不能授予任何角色',
    unknownUnit: '没有这个机构，或不在您的工作范围内',
    severalUnits: (count: number, paths: string) =>
      `有 ${count} 个机构叫这个名称：${paths}。请写编号，或写成 上级/名称`,
    dayShape: '要写成 2026-09-01 这样',
    sameName: (login: string, unit: string) => `另有同名账号 ${login}（${unit}）。是同一个人就填上这个登录名`,
    onlyPost: (login: string) => `已有账号 ${login}，只加岗位`,
    disabled: (login: string) => `已有账号 ${login}，已停用；只加岗位，不启用`,
    secondPost: '同一个人的又一个岗位',
    held: '已有',
    givePost: '给已有的账号安排岗位',
  },
})
