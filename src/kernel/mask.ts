const STAR = '*'

/** [MASK-1] 张三 is 张*, 欧阳小明 is 欧***: the first character, a star for each other; the dot of a long name stays. */
export function maskName(name: string): string {
  const [first, ...rest] = name
  if (first === undefined) return ''
  return first + rest.map((character) => (character === '·' ? character : STAR)).join('')
}

/** [MASK-2] First three and last four characters; a number too short for that is wholly hidden. */
export function maskCitizenId(id: string): string {
  return keepEnds(id, 3, 4)
}

/** [MASK-2] A letter more than the ID number. */
export function maskStudentNumber(number: string): string {
  return keepEnds(number, 4, 4)
}

/** [MASK-3] 138****1234. A short line keeps its last four digits only, a shorter one nothing. */
export function maskPhone(phone: string): string {
  if (phone.length >= 11) return keepEnds(phone, 3, 4)
  return keepEnds(phone, 0, phone.length >= 7 ? 4 : 0)
}

/**
 * One division's name: no digit, no street and no house number, so that the search for
 * the township ends before them. The names of 镇坪县 and 新乡市 hold a word for a township, so a district is looked for first.
 */
const NAME = '(?:(?!街道)[^\\d０-９路号])'
const DISTRICT = `(?:${NAME}{1,10}?(?:省|自治区))?(?:${NAME}{1,12}?(?:市|州|盟|地区))?(?:${NAME}{1,16}?(?:(?<!小)区|县|市|旗(?!区)))`
const IN_TOWNSHIP = '(?:[^\\d０-９路号村组社巷弄]|村(?=街道|镇|乡))'

const TO_TOWNSHIP = new RegExp(`^(?:${DISTRICT})?${IN_TOWNSHIP}{1,12}?(?:街道|镇|乡|苏木)`, 'u')
const TO_DISTRICT = new RegExp(`^${DISTRICT}`, 'u')

/** [MASK-4] Down to the township (街道, 镇, 乡); to the district where no township is recognised; else nothing. */
export function maskAddress(address: string): string {
  if (address === '') return ''
  const known = TO_TOWNSHIP.exec(address) ?? TO_DISTRICT.exec(address)
  return `${known === null ? '' : known[0]}***`
}

function keepEnds(text: string, head: number, tail: number): string {
  const characters = [...text]
  const hidden = characters.length - head - tail
  if (hidden < 1) return STAR.repeat(characters.length)
  return characters.slice(0, head).join('') + STAR.repeat(hidden) + characters.slice(characters.length - tail).join('')
}
