const YES = /^(1|y|yes|true|t|是|已?注销|√|销户|死亡|迁出|重户删除|出国境?定居|出国（?境）?定居|参军)$/iu
const NO = /^(0|2|n|no|false|f|否|未注销|正常|有效|无|-|—)$/iu

/**
 * [RECON-3] Whether a registration is cancelled. A reason without a mark counts
 * as cancelled: sheets that carry 注销原因 only are common. A mark that says no wins.
 */
export function isCancelled(mark: string | null, reason: string | null): boolean {
  const said = (mark ?? '').normalize('NFKC').trim()
  if (YES.test(said)) return true
  if (NO.test(said)) return false
  const why = (reason ?? '').normalize('NFKC').trim()
  return said !== '' || (why !== '' && !NO.test(why))
}

const CHINESE_DIGITS = '零一二三四五六七八九十'
/** Year of schooling of the first grade of a stage. */
const STAGES: readonly (readonly [RegExp, number])[] = [
  [/高中|高职|中职|职高|中专|高/u, 9],
  [/初中|初/u, 6],
  [/小学|小/u, 0],
]

/**
 * [RECON-5] Year of schooling 1 to 12 of a grade cell: 三年级, 初二, 7年级, 九,
 * 高一; 0 for kindergarten; null when it cannot be told (a year of entry needs the
 * stage, so 2021级 is not read).
 */
export function gradeOf(cell: string | null): number | null {
  const said = (cell ?? '').normalize('NFKC').replace(/\s/gu, '')
  if (said === '') return null
  if (/幼儿|学前|[大中小托]班/u.test(said)) return 0
  if (/20\d\d/u.test(said)) return null
  const number = numberIn(said)
  if (number === null) return null
  const base = STAGES.find(([word]) => word.test(said))?.[1] ?? 0
  const grade = base > 0 && number <= 3 ? base + number : base === 9 ? null : number
  return grade !== null && grade >= 1 && grade <= 12 ? grade : null
}

function numberIn(said: string): number | null {
  const arabic = /\d+/u.exec(said)
  if (arabic !== null) return Number(arabic[0])
  const chinese = /十[一二]|[一二三四五六七八九十]/u.exec(said)
  if (chinese === null) return null
  const [first, second] = chinese[0]
  return second === undefined ? CHINESE_DIGITS.indexOf(first ?? '') : 10 + CHINESE_DIGITS.indexOf(second)
}
