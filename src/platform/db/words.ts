import { defineWords } from '../../kernel/words.ts'

export const databaseWords = defineWords({
  'zh-CN': {
    loginTooPowerful: '程序的数据库账号权限过大（超级用户、BYPASSRLS 或拥有表），行级权限会失效。请换用普通账号',
    loginFileBroken: '数据库账号文件已损坏。删除它即可，下次启动会另建一个账号',
    loginRefused: (file: string) => `数据库不认 ${file} 里的账号。这个库若换过服务器，删除该文件后重新启动`,
    tooOld: (version: string) => `PostgreSQL ${version} 太旧，需要 15 或更新的版本`,
    notUtf8: (encoding: string) =>
      `这个库的编码是 ${encoding}，需要 UTF8。请用 create database ... encoding 'UTF8' 另建`,
    notOwner: '这个账号不是库的所有者。请执行 alter database ... owner to ...，或换用所有者',
    noCreateRole: '这个账号不能建角色。请执行 alter role ... createrole，或换用管理员账号',
    rolesOfAnother: '服务器上的 baoxue_ 角色由别的账号所建，这个账号不能授予。请用当初的账号，或超级用户',
    noSuchDatabase: '服务器上没有这个库。请先执行 create database',
    wrongPassword: '账号或密码不对',
    away: '连不上数据库。请确认它已启动、地址和端口没有写错',
    migrationFailed: (cause: string) => `请把这行交给维护人员：${cause}`,
    migrationChanged: '这个文件在执行之后被改过。请恢复原文件，新的改动写成新文件',
    migrationMissing: '数据库里有它，程序里没有。数据库比程序新，请换用新版程序',
    migrationTooEarly: (last: string) => `它的时间早于已执行的 ${last}。请改用更晚的时间命名`,
    catalogueFaults: (faults: string) => `执行后的数据库不符合安全规则：${faults}`,
    migrationName: '文件名要写成 yyyymmddhhmm-名称.sql',
    migrationCommits: '文件里不能自己 commit 或 rollback，每个文件是一个事务',
  },
})
