/** 民族, GB/T 3304-1991 in the order of its codes 01 to 56. */
const NAMES =
  '汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺'.split(
    ' ',
  )

/** 普米 is 40 in the code list, between 阿昌 (39) and 塔吉克 (41). */
const GROUPS: readonly string[] = [...NAMES.slice(0, 39), '普米', ...NAMES.slice(39)]

/** Every way a sheet writes one: 土家族, 土家, 15; and what stands outside the list in practice. */
export const ETHNIC_WORDS: readonly string[] = [
  ...GROUPS.flatMap((name, index) => [`${name}族`, name, String(index + 1), String(index + 1).padStart(2, '0')]),
  ...['其他', '外国血统中国籍人士', '外国血统', '97', '98', '穿青人', '未识别民族'],
]
