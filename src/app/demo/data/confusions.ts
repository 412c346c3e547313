/** Characters that clerks confuse, by the way they go wrong. */

/** Same or nearly the same sound: the child said the name, the clerk wrote another character. */
const HOMOPHONES = `
梓子紫资|涵晗含韩函寒|轩萱宣暄|宇雨羽语钰玉禹|浩皓昊灏|怡仪宜颐|欣心馨鑫昕新|诗思施|佳嘉家加|俊军君骏|杰洁捷|博伯柏|睿瑞锐|琪绮琦棋祺|
彤桐童潼|静婧靖|文雯纹|雅娅|航杭|然冉|泽择|宸辰晨晨|明铭鸣名|天添|佑祐又|奕亦易逸艺|可珂柯|若偌|溪希熙曦西|妍研岩延言|瑶遥尧姚|
琳林霖淋|悦月玥越|婷亭庭廷|颖影莹|雪学|蕾蕊磊|玲铃灵菱|韵运|菲霏飞非|慧惠蕙|洋阳扬杨|鹏朋|凯楷|川传|恒衡|毅艺|翔祥详|诚成城承|
源元圆媛远|龙隆|彬斌滨|坤昆|峰锋丰枫|乐勒|松淞|伟炜玮卫|强墙|勇永咏|丽莉俐力|芳方|敏民|燕艳彦|红洪宏鸿|娟涓捐|霞侠|琼穹|华桦|
芬纷|群裙|平萍苹|琴勤秦|蓉容荣|兰岚蓝澜|珍真贞|莲连涟|秀绣|凤奉|菊局|翠脆|建健剑|志智致治|国果|永勇|德得|光广|世仕士|兴星|海骸|
冯逢|谭覃谈|冉然|向项|徐许|付傅|肖萧|代戴|阎闫|余于俞|邱丘|章张|江姜蒋|周邹|陈程|刘留|王汪|雷蕾|彭鹏|兰蓝`

/** Alike to the eye or to the recogniser. */
const LOOKALIKES = `
昊吴晃|晗哈唅|末未|己已|治冶|楠南|婷停|莹萤滢荧|洋样详|祺棋琪|瑞端|宸震|萱宣|媛缓|烨晔|彬杉|茜西|苒再|沐沭|姝妹|佑估|侯候|祁祈|冼洗|
日曰|士土|天夭|千干|元无|玉王|雨两|丽两|妍研|钰珏|悦锐|睿容|轩杆|泽择译|航般|铭锦|俊峻|豪毫|博搏|杰木|皓浩|欣欢|语浯|桐铜|彤丹|晨震|
萌蔭|曦曝|诺若|雯雪|蕊芯|琳彬|涛淘|磊累|鹏鹂|翔羽|辉晖|峰蜂|斌赋|勇男|强弦|颖颍|薇微|璐路|琼凉|冯马|谭潭|余佘|汪江|郭邹|杨扬|田由|
申甲|何河|胡湖|罗锣|梁粱|徐除|贺贸|曹曾|邓邵|洪供|龚垄`

/** Simplified to traditional, for sheets that came from Hong Kong software or old records. */
const TRADITIONAL = `
张張|陈陳|刘劉|杨楊|吴吳|黄黃|赵趙|谭譚|孙孫|马馬|罗羅|郑鄭|谢謝|韩韓|冯馮|萧蕭|邓鄧|许許|吕呂|苏蘇|卢盧|蒋蔣|贾賈|叶葉|阎閻|钟鐘|范範|邹鄒|
陆陸|龙龍|万萬|钱錢|汤湯|贺賀|赖賴|龚龔|庞龐|华華|轩軒|杰傑|泽澤|阳陽|铭銘|诗詩|涛濤|语語|宁寧|伟偉|国國|丽麗|兰蘭|红紅|娇嬌|莹瑩|颖穎|
韵韻|凤鳳|书書|云雲|学學|飞飛|鹏鵬|强強|刚剛|军軍|乐樂|宝寶|庆慶|兴興|荣榮|义義|礼禮|诚誠|贤賢|锦錦|钰鈺|鑫鑫|瑶瑤|琼瓊|静靜|欢歡|梦夢`

/** Variants of one character: another code point for what the household book prints. */
const VARIANTS =
  '昇升|堃坤|喆哲|淼渺|峰峯|群羣|强強|秘祕|吴吳|吕呂|户戶|内內|产產|真眞|青靑|没沒|黄黃|为爲|卫衞|岩巖|杰傑|煜昱|炜煒|晋晉|温溫'

/** Rare characters and how systems without them write the name. */
export const RARE_WRITTEN: Readonly<Record<string, readonly string[]>> = {
  䶮: ['\uE863', 'yan', '龙天', '龑', '?'],
  㑇: ['\uE81B', 'zhou', '?'],
  㛃: ['jie', '洁', '?'],
  㙦: ['xie', '?'],
  㵑: ['zhu', '?'],
  '\u{2CC56}': ['马旁', 'yi', '?', '??'],
  '\u{2C35B}': ['钰', 'yu', '?', '??'],
  '\u{2B5AF}': ['俯', 'fu', '?', '??'],
  '\u{23CB7}': ['wei', '沩', '?', '??'],
  '\u{2CB4E}': ['金嘉', 'yin', '?'],
  '\u{2C488}': ['石月', '?', '??'],
  '\u{2B7C5}': ['纟川', 'xun', '?'],
  喆: ['哲', '吉吉'],
  堃: ['坤', '方方土'],
  昇: ['升'],
  璟: ['景', '王景'],
  龑: ['䶮', '龙衣', 'yan'],
  犇: ['奔', '牛牛牛'],
  赟: ['斌', '贇'],
  頔: ['笛', '由页'],
  祎: ['袆', '伟'],
  昶: ['永日', '畅'],
}

function groupsOf(table: string): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>()
  for (const group of table.replaceAll('\n', '').split('|')) {
    const members = [...new Set(group)]
    for (const member of members) {
      const others = members.filter((other) => other !== member)
      if (others.length > 0) map.set(member, [...(map.get(member) ?? []), ...others])
    }
  }
  return map
}

export const homophonesOf = groupsOf(HOMOPHONES)
export const lookalikesOf = groupsOf(LOOKALIKES)
export const variantsOf = groupsOf(VARIANTS)
export const traditionalOf: ReadonlyMap<string, string> = new Map(
  TRADITIONAL.replaceAll('\n', '')
    .split('|')
    .map((pair) => [pair[0]!, pair[1]!] as const),
)
