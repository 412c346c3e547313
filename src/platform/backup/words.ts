import { defineWords } from '../../kernel/words.ts'

export const backupWords = defineWords({
  'zh-CN': {
    notEmptyFolder: '这个文件夹不是空的。请另给一个新文件夹，备份从不覆盖已有内容',
    noBackup: '这里没有完整的备份（缺 manifest.json）。请核对路径',
    brokenManifest: 'manifest.json 读不出，可能被改过或没有拷全',
    newerProgram: '备份由更新版本的程序所做，请用新版程序恢复',
    changedFile: '文件与备份时不同或缺失。请换一份完好的备份',
    notEmptyDatabase: '数据库里已有数据。恢复只进空库：请换一个新的 BAOXUE_DATA 或空的 DATABASE_URL',
    otherKey: '这里已有另一个密钥文件。恢复从不覆盖密钥：请先移走它，或改 BAOXUE_KEY_FILE',
    otherFiles: '这里已有封存文件。恢复从不覆盖：请换一个新的 BAOXUE_DATA',
    wrongCount: '恢复出的行数与备份时不同，已全部撤回',
  },
})
