/**
 * Private-use characters of old GBK and GB 18030-2000 fonts, from before
 * Unicode had the real ones: U+E815 and the code points that follow, as GB 18030-2005
 * maps them (bytes FE50 to FEA0). U+E863 (䶮) is the one most met in names.
 */
export const PRIVATE_USE_FIRST = 0xe815
export const PRIVATE_USE_CHARACTERS =
  '⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻'

/**
 * Radicals that exports from PDF put in the place of whole characters, each
 * followed by the character (EquivalentUnifiedIdeograph of the Unicode character database). NFKC leaves these alone.
 */
export const RADICAL_PAIRS =
  '⺁厂⺟母⺠民⺩王⺶羊⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙'
