import { defineWords } from '../../kernel/words.ts'

export const postgresWords = defineWords({
  'zh-CN': {
    noBinaries: (platform: string) =>
      `本机（${platform}）没有内置数据库的程序。请设 DATABASE_URL 使用现成的 PostgreSQL 15 以上，或重新执行 npm install`,
    inUse: (pid: number) =>
      `另一个程序（进程 ${pid}）正在使用这个数据文件夹。请先停掉它，或给 BAOXUE_DATA 另设一个文件夹`,
    otherUser: (folder: string) => `${folder} 属于另一个系统用户。请用原来的用户启动，或给 BAOXUE_DATA 另设一个文件夹`,
    otherVersion: (found: string, own: string) =>
      `数据是 PostgreSQL ${found} 的，内置的是 ${own}。请用旧版程序备份，再用新版恢复`,
    folderGone: (folder: string) =>
      `数据库原来放在 ${folder}，现在不见了。请恢复该文件夹；确定不要旧数据时，删除数据文件夹下的 postgres-place.json`,
    notStarted: (log: string) => `内置数据库没有启动，原因见 ${log}`,
    notMade: (log: string) => `内置数据库没有建成，原因见 ${log}。请检查磁盘空间和文件夹权限`,
  },
})
