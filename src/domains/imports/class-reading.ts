import { gradeOf } from './readings.ts'

export interface ClassReading {
  /** Number of the class in its grade; null: none told. */
  readonly number: number | null
  /** The class as it is called now, where the cell has a former way of calling it. */
  readonly formerFor: string | null
}

const CHINESE_DIGITS = '零一二三四五六七八九十'

/**
 * [IMP-9] The class of a roll row: 5, （5）班, 三年级五班, 七(4), 初二2班. A name by stage (初二2班 for grade eight) is a former
 * way of calling it, told with the present one.
 */
export function readClass(className: string | null, gradeCell: string | null): ClassReading {
  const said = (className ?? '').normalize('NFKC').replace(/\s/gu, '')
  if (said === '') return { number: null, formerFor: null }
  const grade = gradeOfRow(gradeCell, className)
  const withoutGrade = said
    .replace(/^20\d\d[级届]/u, '')
    .replace(/^(?:小学|初中|高中)?[初高]?[一二三四五六七八九1-9](?:年级|(?=[(（.-]))/u, '')
  const stage = /^(?<stage>[初高])(?<year>[一二三123])/u.exec(said)
  const number = numberOf(stage === null ? withoutGrade : said.slice(stage[0].length))
  const formerFor =
    stage !== null && grade !== null && number !== null ? `${CHINESE_DIGITS[grade] ?? grade}(${number})` : null
  return { number, formerFor }
}

/** The grade cell; where there is none, a class that is called by its grade: 三年级五班, 初二2班. */
export function gradeOfRow(gradeCell: string | null, className: string | null): number | null {
  if ((gradeCell ?? '').trim() !== '') return gradeOf(gradeCell)
  return NAMES_GRADE.test(className ?? '') ? gradeOf(className) : null
}

const NAMES_GRADE = /年级|^\s*[初高小]|[大中小]班|学前/u

function numberOf(text: string): number | null {
  const arabic = /\d{1,2}(?!\d)/u.exec(text)
  if (arabic !== null) return Number(arabic[0])
  const chinese = /十[一二三四五六七八九]?|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]/u.exec(text)?.[0]
  if (chinese === undefined) return null
  const [tens, ones] = chinese.split('十')
  if (ones === undefined) return CHINESE_DIGITS.indexOf(tens ?? '')
  return (tens === '' ? 1 : CHINESE_DIGITS.indexOf(tens ?? '')) * 10 + (ones === '' ? 0 : CHINESE_DIGITS.indexOf(ones))
}

/** 七 for 7: as grades are written. */
export function gradeText(grade: number): string {
  return grade <= 10 ? (CHINESE_DIGITS[grade] ?? String(grade)) : `十${CHINESE_DIGITS[grade - 10] ?? ''}`
}
