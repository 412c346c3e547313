interface ProblemLine {
  /** HTTP status. */
  readonly status: number
  /** What the clerk reads: where, what, and what to do. `{word}` is filled by the thrower. */
  readonly sentence: string
}

function table<Code extends string>(lines: Record<Code, ProblemLine>): Readonly<Record<Code, ProblemLine>> {
  return lines
}

/** Every expected trouble of the product, once. Tests hold that each code is thrown somewhere and documented. */
export const PROBLEMS = table({
  'SYSTEM.FAULT': {
    status: 500,
    sentence: '系统出错，已记录（编号 {incident}）。请稍后再试；若仍不行，把编号告诉管理员',
  },
  'SYSTEM.DATABASE_AWAY': { status: 503, sentence: '数据库暂时连不上，已保存的内容不会丢。请稍后再试' },
  'SYSTEM.DISK_FULL': { status: 507, sentence: '服务器磁盘已满，这次没有保存。请管理员清理空间后重试' },
  'SYSTEM.BUSY': { status: 503, sentence: '系统正忙，请在 {seconds} 秒后再试' },
  'SYSTEM.MIGRATION': { status: 500, sentence: '数据库升级停在 {file}，数据没有改动。{advice}' },
  'SYSTEM.BACKUP': { status: 500, sentence: '备份或恢复没有完成：{where}。{advice}' },
  'SYSTEM.CONFIG': { status: 500, sentence: '启动设置有误：{setting}。{advice}' },

  'REQUEST.MALFORMED': { status: 400, sentence: '提交的内容不对：{where}。{advice}' },
  'REQUEST.NOT_FOUND': { status: 404, sentence: '没有找到，或不在您的工作范围内' },
  'REQUEST.NOT_SAVED': { status: 409, sentence: '没有保存：与已有记录冲突，或涉及的记录不在您的工作范围内' },
  'REQUEST.NOT_ALLOWED': { status: 403, sentence: '您的岗位没有这项权限：{action}。如确需办理，请联系本单位管理员' },
  'REQUEST.TOO_MANY': { status: 429, sentence: '操作太频繁，请在 {seconds} 秒后再试' },
  'REQUEST.REASON_NUMBER': {
    status: 422,
    sentence: '事由里不要写证件号或电话：事由要留存备查，别人也看得到。请只写为什么',
  },
  'REQUEST.TOO_LARGE': { status: 413, sentence: '内容太大：上限 {limit}。请拆分后再传' },
  'REQUEST.FORGED': { status: 403, sentence: '页面已过时或来源不明，这次没有提交。请刷新页面后重试' },

  'SESSION.REQUIRED': { status: 401, sentence: '请先登录' },
  'SESSION.EXPIRED': { status: 401, sentence: '登录已过期（{minutes} 分钟未操作）。请重新登录，页面上填的内容还在' },
  'SESSION.WRONG_PASSWORD': { status: 401, sentence: '账号或密码不对，还可以试 {left} 次' },
  'SESSION.LOCKED': {
    status: 423,
    sentence: '连续输错 {failures} 次，账号已锁定。请在 {minutes} 分钟后再试，或请管理员解锁',
  },
  'SESSION.DISABLED': { status: 403, sentence: '这个账号已停用，请联系本单位管理员' },
  'SESSION.NO_POST': { status: 403, sentence: '这个账号目前没有在任岗位，请联系本单位管理员' },
  'SESSION.CHANGE_PASSWORD': { status: 403, sentence: '请先修改初始密码，再办理业务' },
  'SESSION.PASSWORD_WEAK': { status: 422, sentence: '新密码太弱：{advice}' },

  'OUTSIDE.NOT_NOW': { status: 409, sentence: '这一条现在是“{state}”，不能这样办。请刷新后再看' },
  'OUTSIDE.OTHER_SIDE': { status: 409, sentence: '这一步不由您办：{advice}' },
  'OUTSIDE.HAS_LINE': { status: 409, sentence: '这个孩子已有一条区外就读（{state}）。先结束那一条，或在那一条上办' },
  'OUTSIDE.NOTHING_TO_ASK': { status: 409, sentence: '{place}没有等着查询的孩子' },
  'LEDGER.SAME': { status: 409, sentence: '同样的台账 {day} 已经结转过，没有再记一遍' },
  'LEDGER.REFUSED': { status: 409, sentence: '还有 {count} 行要改，整张台账都没有入账。请改好重传，或只入能入的行' },
  'LEDGER.GONE': { status: 410, sentence: '这张台账上传已过一天，内容已删除，没有入账。请重新上传' },
  'LEDGER.NOT_POSTED': { status: 409, sentence: '这张台账没有入账，或已经撤销' },

  'UNIT.CODE_TAKEN': { status: 409, sentence: '编号 {code} 已被使用，请换一个' },
  'UNIT.WRONG_PARENT': { status: 422, sentence: '{kind}不能设在这个上级之下' },
  'UNIT.CLOSED': { status: 409, sentence: '{name} 已在 {day} 撤销，不能再改' },
  'UNIT.HAS_LOWER': { status: 409, sentence: '{name} 之下还有 {count} 个机构没有撤销。请先撤销或迁走它们' },
  'ACCOUNT.LOGIN_TAKEN': { status: 409, sentence: '账号名 {login} 已被使用，请换一个' },
  'ACCOUNT.ROLE_NOT_HERE': { status: 422, sentence: '{role} 不能设在这类单位' },
  'ACCOUNT.DUTIES_CLASH': { status: 422, sentence: '系统管理、安全管理、审计管理须由不同的人担任' },
  'ACCOUNT.POST_HELD': { status: 409, sentence: '这个人在这段时间里已经担任同一岗位' },
  'ACCOUNT.SHEET_REFUSED': { status: 409, sentence: '还有 {count} 行要改，整张表都没有写入。请改好重传' },
  'ACCOUNT.SHEET_GONE': { status: 410, sentence: '这张表上传已过一天，内容已删除，没有开任何账号。请重新上传' },
  'ACCOUNT.PASSWORDS_GONE': {
    status: 410,
    sentence: '初始密码已经领过，或过了一天已销毁。没登录过的人可以“重发初始密码”',
  },
  'ACCOUNT.ALL_SIGNED_IN': {
    status: 409,
    sentence: '这张表开的账号都登录过了，不再重发。忘了密码的，到“账号”里逐个重置',
  },
  'ACCOUNT.NOT_SELF': { status: 422, sentence: '自己的账号不能由自己停用、解锁或重置。改密码请用“改密码”' },

  'POLICY.NO_VALUE_IN_FORCE': { status: 422, sentence: '{parameter}在 {day} 尚无规定' },
  'POLICY.PACK_FAULT': { status: 500, sentence: '地方参数包有误：{where}。{advice}' },

  'FILE.EMPTY': { status: 422, sentence: '{file} 是空文件，请重新导出' },
  'FILE.TRUNCATED': { status: 422, sentence: '{file} 没有传完整，请重新上传' },
  'FILE.UNREADABLE': { status: 422, sentence: '{file} 打不开，可能已损坏或加了密码。请另存为普通 xlsx 或 csv 再传' },
  'FILE.TYPE': { status: 415, sentence: '{file} 不是能读的表。请传 xlsx、csv、tsv 或 parquet' },
  'FILE.MACRO': { status: 415, sentence: '{file} 含有宏，为安全起见不读。请另存为不带宏的 xlsx' },
  'FILE.BOMB': { status: 413, sentence: '{file} 解压后过大，疑似异常文件，已拒绝。请核对来源，或改传 csv' },
  'FILE.MISSING': { status: 404, sentence: '找不到文件 {file}，请核对路径' },
  'FILE.KEY_MISSING': {
    status: 500,
    sentence: '找不到密钥文件 {path}。没有它就打不开已封存的数据；请从备份恢复密钥文件后再启动',
  },
  'FILE.SEAL_BROKEN': { status: 500, sentence: '封存的内容已损坏或被改动，打不开。请从备份恢复，或重新上传' },
  'FILE.KEY_WRONG': { status: 500, sentence: '密钥文件与数据不符。请换回与这份数据一起备份的密钥文件' },

  'JOB.CANCELLED': { status: 409, sentence: '这项后台任务已被取消，没有写入任何结果' },
  'JOB.INTERRUPTED': { status: 500, sentence: '后台任务中途断了，没有写入任何结果。请重做一次' },
  'JOB.STOPPING': { status: 503, sentence: '系统正在停机，这项任务会在重新启动后接着做' },

  'SHEET.NO_HEADER': {
    status: 422,
    sentence: '{file} 的前 {rows} 行里找不到表头。请保留一行列名，如 姓名、身份证件号',
  },
  'SHEET.UNKNOWN_LAYOUT': {
    status: 422,
    sentence: '{file} 认不出必需的列：{columns}。请改列名，或在页面的“对列名”里指定',
  },
  'SHEET.TOO_WIDE': {
    status: 422,
    sentence: '{file} 的第一行太长，列太多，不像名册。请只留要用的列再传',
  },
  'SHEET.NO_ROWS': { status: 422, sentence: '{file} 只有表头，没有数据行' },
  'SHEET.ENCODING': { status: 422, sentence: '{file} 的文字编码认不出。请另存为 UTF-8 或 GB18030 的 csv' },
  'SHEET.COLUMN_TWICE': {
    status: 422,
    sentence: '{file} 里“{column}”被两列同时占用（第 {first} 列和第 {second} 列），请留一列',
  },

  'IMPORT.FUTURE_DAY': { status: 422, sentence: '数据日期 {day} 还没有到，请填数据截至的那一天' },
  'IMPORT.COLUMN_TWICE': { status: 422, sentence: '{column} 列同时对到“{first}”和“{second}”，一列只能对一项' },
  'IMPORT.KIND_NOT_HERE': { status: 422, sentence: '学校只能导入本校的学籍表，户籍和流动人口由区县导入' },
  'IMPORT.BUSY': { status: 409, sentence: '正在处理，请等它完成再操作' },
  'IMPORT.ENDED': { status: 409, sentence: '这张表已经入库或已放弃，不能再改。要更正请重新上传' },
  'IMPORT.NOT_CHECKED': { status: 409, sentence: '还没有试算查错，请先查错' },
  'IMPORT.ROWS_REFUSED': {
    status: 409,
    sentence: '还有 {count} 行必须改，整表不能入库。请改好重传，或只让其余的行入库',
  },
  'IMPORT.NO_GOOD_ROW': { status: 409, sentence: '没有一行可以入库，请改好重传' },
  'IMPORT.OLDER': {
    status: 409,
    sentence: '{unit} 已有 {day} 的数据，比这张表新。确要用较旧的表入库，请勾选“仍然入库”',
  },
  'IMPORT.OTHER_KIND': {
    status: 409,
    sentence: '这张表像{like}表，选的是{given}表。确要当作{given}表入库，请勾选“仍然入库”',
  },
  'IMPORT.RAW_GONE': { status: 410, sentence: '原表已按保留期限删除，不能再下载' },
  'IMPORT.UNDONE': { status: 409, sentence: '这个批次已经撤销' },

  'RUN.SAME_SHEET': { status: 422, sentence: '两张表是同一个文件。请一张给户籍，一张给学籍' },
  'RUN.SCHOOL_YEAR': { status: 422, sentence: '学年要写成四位年份，如 2026 表示 2026 年 9 月开始的学年' },
  'RUN.NO_BATCHES': { status: 422, sentence: '还没有可以比对的{kinds}批次。请先在“导入”里入库' },
  'RUN.BATCH_UNDONE': { status: 409, sentence: '选中的批次里有已撤销的。请重新选择' },
  'RUN.BATCH_SUPERSEDED': { status: 409, sentence: '选中的批次已被更新的批次全部取代。请选最新的' },
  'RUN.BOOKS_OPEN': { status: 409, sentence: '本单位第 {number} 次比对还在进行。请等它入账后再开始' },
  'RUN.POSTING': { status: 409, sentence: '这次比对正在入账，不能取消。入账后可以撤销它依据的批次' },
  'RUN.NOT_FINISHED': { status: 409, sentence: '这次比对还没有完成，请等它跑完' },
  'RUN.NOT_RUNNING': { status: 409, sentence: '这次比对已经结束，不能取消' },
  'RUN.CANCELLED': { status: 409, sentence: '这次比对已被取消，没有结果' },
  'RUN.UNSIGNED': { status: 409, sentence: '这次比对是签名存证启用之前做的，没有存证。请再比对一次' },
  'RUN.NO_MANIFEST': { status: 422, sentence: '这不是比对存证：请给从“签名存证”下载的文件' },
  'RUN.TAMPERED': { status: 422, sentence: '签名不符：存证被改过，或签名不是它的。请向出具的单位重新要一份' },
  'REVIEW.CONTRADICTS': {
    status: 409,
    sentence:
      '与先前的决定矛盾：{who} {day}判定过（第 {number} 号：{verdict}），这次没有保存。请打开那条决定核对；确是判错了，先撤销它，再判这一对',
  },
  'REVIEW.TAKEN_APART': {
    status: 409,
    sentence: '{who} {day}已把这两个孩子拆开，这次没有保存。请打开儿童档案核对；确是同一人，在档案里合并',
  },
  'REVIEW.ONE_CHILD': {
    status: 409,
    sentence: '这两行的证件号相同，入库时就归在同一个孩子名下，不能在这里拆开。请判“看不准”，并请给表的单位核对证件号',
  },
  'REVIEW.NOT_YOURS': { status: 409, sentence: '这一对刚被别人判了，或正由别人看。请看下一对' },
  'REVIEW.NOTHING_TO_UNDO': { status: 409, sentence: '没有可以撤回的：您在这次比对里还没有判过，或都已撤回' },
  'REVIEW.TOO_FEW': {
    status: 409,
    sentence: '按现行规则比对、又由人判过的只有 {count} 对，至少要 {least} 对才估计得出。请先多核对一些',
  },
  'REVIEW.MODEL_OUTDATED': {
    status: 409,
    sentence: '第 {version} 版模型是按旧的比对规则估计的，不能再用。请重新估计一次',
  },
  'REVIEW.REASON_NEEDED': { status: 422, sentence: '请写明事由，不少于 {least} 个字，不能只写数字' },
  'RUN.REASON_NEEDED': { status: 422, sentence: '请写明查看或下载的事由，不少于 {least} 个字，不能只写数字' },

  'CHILD.REASON_NEEDED': {
    status: 422,
    sentence: '这个孩子不在本单位的待办里，请先写明查看事由，不少于 {least} 个字',
  },

  'ROSTER.NO_LISTS': {
    status: 409,
    sentence: '还没有可以比对的名单：请先导入在校花名册、脱贫户名单、民政名单或残联名册中的任何一份',
  },
  'ROSTER.UNIT_TOO_LARGE': { status: 422, sentence: '{unit}的户太多，请选一个镇街、村社或学校再列全部户' },
  'BOOK.NOT_OPEN': { status: 409, sentence: '总账还没有开账。请先完成一次比对并入账' },
  'BOOK.DAY_NOT_CLOSED': { status: 422, sentence: '{day} 没有日结，不能查这一天的数。最近的日结是 {last}' },
  'BOOK.DAY_ORDER': { status: 409, sentence: '不能日结 {day}：{advice}' },

  'CASE.NOBODY_ANSWERS': {
    status: 422,
    sentence: '{unit}和它的各级上级都没有在任的责任人，孩子不能没有人管。请先安排岗位，再入账',
  },
  'CASE.CLOSED': { status: 409, sentence: '这份档案已在 {day} 办结，不能再改' },
  'CASE.REASON_NEEDED': { status: 422, sentence: '请写明理由，不少于 {least} 个字' },
  'CASE.SAME_CHILD': { status: 422, sentence: '不能合并：{advice}' },
  'CHECK.CLOSED': {
    status: 409,
    sentence: '这项核查任务已在 {day} 办结，结果没有记下。孩子另有变化的，请告诉区县专干',
  },
  'CHECK.DECIDED': { status: 409, sentence: '这项结果已经认定、退回或被新的结果代替，请刷新后再看' },
  'CHECK.NOT_LAWFUL': { status: 422, sentence: '{where}不对：{advice}' },
  'CHECK.REASON_NEEDED': { status: 422, sentence: '请写明理由或用途，不少于 {least} 个字' },
  'CHECK.SHEET_GONE': { status: 410, sentence: '这张表上传已过一天，内容已删除。请重新上传' },
  'CHECK.NO_TASKS': { status: 404, sentence: '这里没有要下发的核查任务' },
  'REPAIR.NOT_RIGHT': { status: 422, sentence: '不能这样认定：{advice}' },
  'REPAIR.MOVED_ON': { status: 409, sentence: '这一条已是“{state}”，不能再改认定' },
  'REPAIR.LIST_ANSWERED': { status: 409, sentence: '新导出的数据已经答复了这份清单，不能收回' },
  'REPAIR.LIST_WITHDRAWN': { status: 409, sentence: '第 {number} 号清单已收回，不能下载' },
  'REPAIR.NOTHING_TO_SEND': { status: 409, sentence: '没有待发出的{side}修正。请先认定哪一边对' },
  'ENTRY.NOT_IN_BOOKS': { status: 409, sentence: '这个孩子还没有入账。请先导入表册并比对入账' },
  'ENTRY.NOT_LAWFUL': { status: 422, sentence: '{where}不对：{advice}' },
})
