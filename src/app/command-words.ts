import { defineWords } from '../kernel/words.ts'

/** What the command `baoxue` says. */
export const commandWords = defineWords({
  'zh-CN': {
    help: `保学：义务教育控辍保学平台

用法：
  baoxue reconcile --population 户籍表 --roll 学籍表 --school-year 2026 [--out 结果]

户籍 × 学籍比对：谁在义务期内却不在给的名册上，谁在名册上却没有户籍登记，账平不平。
不需要服务器和数据库。表可以是 CSV、TSV、XLSX、Parquet，列的顺序不限，UTF-8 和 GB18030 都认。

  baoxue backup 文件夹     备份数据库、封存文件和密钥；服务开着也行
  baoxue restore 文件夹    恢复到空的数据文件夹；先停服务
  baoxue rotate-key        换密钥，并把封存的文件用新密钥重新封存；服务开着也行
  baoxue verify-run 文件   验证下载的比对存证：有没有被改过，是不是本系统签的

比对的选项：
  --population 文件    户籍（或流动人口）表，至少有姓名和公民身份号码两列
  --roll 文件          学籍表，至少有姓名和身份证件号两列
  --school-year 年份   学年，2026 表示 2026 年 9 月开始的学年
  --out 路径           写 .xlsx 得工作簿，写文件夹名得同名的 CSV
                       （不写时为 baoxue-result.xlsx，超过一百万行为 baoxue-result/）
  --today 日期         按哪一天算，如 2026-11-24（不写时为今天）
  --memory-mb 数       数据引擎可用的内存，兆字节（不写时为 800，整个进程约再加 500）
  --help               这份说明

中间文件放在系统的临时文件夹里，用完即删；换地方用环境变量 TMPDIR。`,
    maintenance: {
      needsFolder: (command: string) => `写明文件夹：baoxue ${command} 文件夹`,
      backedUp: (path: string, tables: number, rows: number, files: number) =>
        `已备份到 ${path}：${tables} 张表 ${rows} 行，封存文件 ${files} 个`,
      holdsKey: '里面有密钥文件，谁拿到谁就能打开全部内容，请像保管数据库一样保管',
      restored: (path: string, dataDir: string) => `已从 ${path} 恢复到 ${dataDir}，现在可以启动`,
      rotated: (keyId: string, files: number, values: number) =>
        `新密钥 ${keyId} 已启用，${files} 个文件和 ${values} 项登记已用它重新封存`,
      backUpNow: '密钥文件变了，请马上再备份一次',
    },
    verifyRun: {
      needsFile: '写明存证文件：baoxue verify-run 文件',
      right: '签名相符：存证没有被改过',
      ours: '由本系统的密钥签署',
      others: (key: string) => `不是本系统签的。签署方的公钥：${key}`,
      noKey: (key: string) => `这台机器没有密钥文件，不能判断是谁签的。签署方的公钥：${key}`,
      run: (unit: string, number: number, at: string) => `${unit} 第 ${number} 次比对，${at} 签署`,
      counts: (persons: number, unexplained: number) => `应说明 ${persons} 人，待核 ${unexplained} 人`,
      engine: (version: string, model: string, hash: string) => `比对规则第 ${version} 版 ${model}，模型 ${hash}`,
      list: (list: string, rows: number, hash: string) => `名单 ${list}：${rows} 行，SHA-256 ${hash}`,
    },
    seeHelp: '用 baoxue --help 看用法',
    unknownCommand: (command: string) => `没有这个命令：${command}`,
    noCommand: '没有写命令',
    unknownOption: (option: string) => `不认识的选项：${option}`,
    needsValue: (option: string) => `选项 ${option} 后面要写值`,
    extra: (text: string) => `多出来的参数：${text}`,
    missing: (option: string) => `缺少选项 ${option}`,
    wrongDay: (text: string) => `${text} 不是日期，要写成 2026-11-24 的样子`,
    wrongMemory: (text: string) => `--memory-mb 要写 256 到 262144 之间的整数，不能是 ${text}`,
    wrongOut: (text: string) => `--out ${text} 既不是 .xlsx 也不像文件夹。写 结果.xlsx 得工作簿，写 结果/ 得 CSV`,
    outIsFolder: (text: string) => `${text} 是文件夹，不能写成工作簿。换一个名字`,
    outIsFile: (text: string) => `${text} 是文件，不能当文件夹用。换一个名字`,
    outIsInput: (text: string) => `结果不能写到输入的表 ${text} 上。换一个 --out`,
    noWrite: (text: string) => `不能写到 ${text}，请检查路径和权限`,
    outOfMemory: '内存不够。关掉别的程序，或用 --memory-mb 放宽后再试',
    fault: '程序出错，没有写出结果。请把下面几行交给管理员：',
    recognised: (role: string, file: string, facts: readonly string[]) => `${role}：${file}（${facts.join('，')}）`,
    role: { population: '户籍表', roll: '学籍表' },
    worksheet: (name: string) => `工作表“${name}”`,
    headerRow: (row: number) => `表头在第 ${row} 行`,
    columns: (known: number, all: number) => `${all} 列认出 ${known} 列`,
    otherWorksheets: (names: readonly string[]) =>
      `注意：工作簿里还有 ${names.map((name) => `“${name}”`).join('、')} 也像这种表，没有读。一次只读一张工作表`,
    progress: (percent: number, stage: string) => `${String(Math.floor(percent)).padStart(3)}% ${stage}`,
    rate: (rows: string) => `${rows} 行/秒`,
    left: (time: string) => `约剩 ${time}`,
    seconds: (count: number) => `${count} 秒`,
    minutes: (minutes: number, seconds: number) => `${minutes} 分 ${seconds} 秒`,
    bridge: '户籍表到应说明的人',
    population: '应说明的人在哪里',
    roll: '学籍表各行在哪里',
    unexplained: '待核合计（名册上未见、疑似对应待审）',
    closes: '账平：应说明的人、学籍表各行都对得上',
    doesNotClose: '账不平，请把结果交给管理员',
    caution: '两张表只能说明谁不在给的名册上，不能说明谁没有上学',
    writing: '写出结果',
    written: (path: string, seconds: string) => `结果在 ${path}（用时 ${seconds}）`,
  },
})
