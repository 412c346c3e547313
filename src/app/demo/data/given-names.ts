/** Characters of given names by generation and sex, the more frequent first. Chosen by hand; no frequency list is copied. */
export const CHILD_CHARACTERS = {
  male: {
    first: [
      ...'浩子宇俊梓明嘉博文天志思佳家建泽睿晨瑞皓铭辰一昊逸景鑫弘承星奕锦柏煜沐亦安冠永启云元书国成正君卓伟若世海振林',
    ],
    last: [...'轩宇豪杰然涵泽航阳宸辉文博远睿鑫霖辰熙晨恒川毅哲帆楠翔磊诚希昊瑞凯洋鹏林安成铭源龙祥彬皓坤峰言乐飞松'],
  },
  female: {
    first: [...'梓欣雨思诗子佳语雅梦紫可若心馨嘉静婉依芷艺怡书钰锦晓雪美玉瑾妙慧悦沐晨俊月恩清云秋诺一苡安'],
    last: [...'涵怡萱妍琪彤桐欣瑶琳悦婷然熙琦颖雯萌曦诺玥雪洁莹蕊岚佳茜菲慧晨宁玲韵霏菡铃溪希月心语芸娜芯乐'],
  },
} as const

/** Whole given names that whole classes share. */
export const CHILD_FAVOURITES = {
  male: [...'浩然 宇轩 子轩 浩宇 俊杰 梓豪 子涵 博文 宇航 天佑 俊熙 奕辰 沐辰 一诺 梓睿 铭泽'.split(' ')],
  female: [...'梓涵 欣怡 雨桐 诗涵 子涵 雨涵 欣妍 思涵 梓萱 可馨 诗琪 紫涵 佳怡 语桐 若溪 一诺'.split(' ')],
} as const

export const CHILD_SINGLE = {
  male: [...'杰浩宇鑫涛睿磊洋翔毅恒凡博俊航峰阳旭豪彬'],
  female: [...'婷欣瑶颖悦怡雪萱琳洁莹璐静蕾倩玥菲妍露涵'],
} as const

/** Characters of those born between about 1950 and 2000: parents, grandparents, staff. */
export const ADULT_CHARACTERS = {
  male: {
    first: [...'建志国小明文永正德光华世成兴春俊海荣天大学云玉家昌忠仁金朝中祖洪开维长庆'],
    last: [...'军强伟勇平华明波林兵刚辉斌峰超涛鹏飞杰云东生贵福全清松海洪富国川祥忠才友'],
  },
  female: {
    first: [...'小晓玉丽春秀红雪海美桂世建淑明素文云翠金永兴光德华碧应仁龙长国清'],
    last: [...'英芳梅丽敏燕艳红娟霞玲琼华容群平琴蓉莉萍兰珍莲秀凤菊翠碧会芬淑素霜利'],
  },
} as const

export const ADULT_SINGLE = {
  male: [...'伟勇强军杰涛超波磊刚斌鹏平辉峰兵飞华林洪'],
  female: [...'敏燕丽静艳娟霞玲琴莉萍梅芳颖倩婷琼英红群'],
} as const

/** Rare characters met in names: extensions A to E, and characters that many fonts and code pages lack. */
export const RARE_CHARACTERS: readonly string[] = [
  ...'䶮㑇㛃㙦㵑堃喆昇璟龑犇赟翀彧珺玙骁淏赑槿懿祎钘昶旻頔暄翯燚',
  '\u{2CC56}', // 𬱖
  '\u{2C35B}', // 𬍛
  '\u{2B5AF}', // 𫖯
  '\u{23CB7}', // 𣲗
  '\u{2CB4E}', // 𬭎
  '\u{2C488}', // 𬒈
  '\u{2B7C5}', // 𫟅
]

/** Parts of names that are written with a middle dot; the combinations are made up. */
export const DOTTED_NAMES = {
  given: [
    ...'迪丽努尔 阿依古丽 买尔丹 艾力江 古丽娜 努尔艾力 阿布都 热依汗 玛依拉 叶尔兰 阿依达娜 木果 伍沙 阿呷 尼玛 扎西'.split(
      ' ',
    ),
  ],
  family: [
    ...'艾合买提 阿不都热依木 买买提 吐尔逊 木拉提 哈力克 塞力克 吉克 阿苦 沙马 多吉 次仁 努尔太 依明 玉素甫 肉孜'.split(
      ' ',
    ),
  ],
} as const
