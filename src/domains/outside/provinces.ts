/** Provinces by the first two digits of GB/T 2260, with the short name by which sheets call them. */
export const PROVINCES: Readonly<Record<string, string>> = {
  '11': '北京',
  '12': '天津',
  '13': '河北',
  '14': '山西',
  '15': '内蒙古',
  '21': '辽宁',
  '22': '吉林',
  '23': '黑龙江',
  '31': '上海',
  '32': '江苏',
  '33': '浙江',
  '34': '安徽',
  '35': '福建',
  '36': '江西',
  '37': '山东',
  '41': '河南',
  '42': '湖北',
  '43': '湖南',
  '44': '广东',
  '45': '广西',
  '46': '海南',
  '50': '重庆',
  '51': '四川',
  '52': '贵州',
  '53': '云南',
  '54': '西藏',
  '61': '陕西',
  '62': '甘肃',
  '63': '青海',
  '64': '宁夏',
  '65': '新疆',
}

/** The six digits of the province that a text begins with or names; undefined: none. */
export function provinceOf(text: string): string | undefined {
  const said = text.normalize('NFKC').replace(/\s/gu, '')
  if (/^\d{6}$/u.test(said) && PROVINCES[said.slice(0, 2)] !== undefined) return `${said.slice(0, 2)}0000`
  const found = Object.entries(PROVINCES).find(([, name]) => said.startsWith(name))
  return found === undefined ? undefined : `${found[0]}0000`
}
