import { defineWords } from '../kernel/words.ts'

export const configWords = defineWords({
  'zh-CN': {
    port: '端口要写 1 到 65535 的整数，例如 3000',
    host: '监听地址要写 IP 或主机名，例如 127.0.0.1',
    databaseUrl: '要写 postgres://账号:密码@主机:端口/库名；不写则用内置数据库',
    folder: '要写一个文件夹的路径',
    file: '要写一个文件的路径',
    day: '日期要写成 YYYY-MM-DD，例如 2026-09-01',
    scale: '要写 0 到 1 之间的数，例如 0.01；0 表示不装演示数据',
    yesNo: '要写 yes 或 no',
    envFile: '.env 文件读不出，请检查权限和编码',
    unknown: (name: string) => `没有 ${name} 这个设置，请核对拼写`,
  },
})
