/**
 * Surnames, the more frequent first. The order is common knowledge, with those typical of the city's south-east moved
 * up; weights are made from the order, no published frequency list is copied.
 */
export const SURNAMES: readonly string[] = [
  ...('王李张刘陈杨周吴黄赵谭冉向徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜' +
    '戴夏钟汪田任姜范方石姚廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文' +
    '牟瞿覃庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦代涂游况喻阳付敖古成左甘简晏艾邬冷' +
    '滕幸蹇税蒲淳卞仇单查盖乐解尉区朴仉佘逄昝綦粟晋舒苟祝蓝盛桂费翁鲜欧莫娄'),
]

export const COMPOUND_SURNAMES: readonly string[] = [
  '欧阳',
  '司马',
  '上官',
  '诸葛',
  '皇甫',
  '夏侯',
  '令狐',
  '尉迟',
  '东方',
  '慕容',
]
