/** Parts of made-up village, community, street and school names. */
export const VILLAGE_FIRST: readonly string[] = [
  ...'石龙青双大黄白金凤新永红太长高三天柏清福兴云马桂水梨沙乐松竹桃合玉明同花古灯箭铁银文',
]
export const VILLAGE_LAST: readonly string[] = [
  ...'坝井杠桥垭坪湾沟岩坡堡塘田溪观庙林寨山河龙桠滩洞坎槽子门岭店坳峡关园',
]
export const COMMUNITY_NAMES: readonly string[] = (
  '新华 解放 人民 中山 建设 和平 文化 滨江 学府 花园 东门 西门 南门 北门 河街 北街 南街 东街 西街 凤凰 金科 桂花 银杏 香樟 ' +
  '胜利 团结 光明 幸福 朝阳 望江 龙泉 宝塔 体育 广场 车站 码头'
).split(' ')
export const STREET_NAMES: readonly string[] =
  '中山路 人民路 建设路 新华路 滨江路 解放路 学府大道 龙腾大道 金山路 凤鸣街 文庙街 南大街 北环路 东风路 迎宾大道'.split(
    ' ',
  )
export const SCHOOL_WORDS: readonly string[] = (
  '实验 育才 树人 求精 文德 启明 立德 明德 博雅 希望 星光 朝阳 青云 凤鸣 鹿鸣 嘉陵 长江 巴渝 金佛 沁园 桃李 书香 晨曦 翰林 ' +
  '春晖 知行 弘文 崇文 蓝天 新城 滨江 龙腾 华岩 玉屏 映山 竹溪 梅林 芙蓉'
).split(' ')
