import { findDayOf, type PlainDate } from './plain-date.ts'
import { cleanCode } from './text.ts'

/** 公民身份号码: 18 characters, every rule of GB 11643 held. Never logged, never shown whole without a reason. */
export type CitizenId = string & { readonly __brand: 'CitizenId' }
export type Sex = 'male' | 'female'

export type CitizenIdFault =
  | 'empty'
  /** Excel kept fifteen digits; the person cannot be recovered. */
  | 'precision'
  /** Masked with `*` or `×`. */
  | 'masked'
  | 'length'
  | 'characters'
  | 'province'
  /** No day of the calendar. */
  | 'birth'
  /** Born after the day it is read. */
  | 'future'
  | 'check'

export interface SoundCitizenId {
  readonly ok: true
  readonly id: CitizenId
  readonly birth: PlainDate
  /** [ID-3] The seventeenth digit: odd male, even female. */
  readonly sex: Sex
  /** Written in the fifteen digits used before 1999-10-01. */
  readonly upgradedFrom15: boolean
  /** [ID-10] 港澳台居民居住证, prefix 810000, 820000 or 830000: a person without household registration here. */
  readonly isResidencePermit: boolean
}

export interface FaultyCitizenId {
  readonly ok: false
  readonly fault: CitizenIdFault
}

/** ISO 7064 MOD 11-2 as GB 11643 prints it. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECK_CHARACTERS = '10X98765432'

/**
 * [ID-4] First two digits of GB/T 2260 within 11 to 82, and 83 of the residence permit of
 * Taiwan residents. The other four are not judged: abolished codes stay in the IDs of those registered under them.
 */
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '),
)

const SCIENTIFIC = /^\d(\.\d+)?E\+?\d+$/
const DECIMAL = /^\d{15,18}\.0*$/

/**
 * Reads an ID number as people type it and spreadsheets damage it: full-width
 * digits, a small x, spaces and what cannot be seen are mended [ID-5]; a masked
 * number is refused, because it names nobody [ID-7].
 *
 * `today` bounds the birthday [ID-2]. `column` is `rounded` when the sheet's reader saw
 * that the whole column lost its last digits: then a number ending in 000 is
 * refused even if its check digit happens to hold [ID-8].
 */
export function parseCitizenId(
  text: string,
  today: PlainDate,
  column: 'sound' | 'rounded' = 'sound',
): SoundCitizenId | FaultyCitizenId {
  const code = cleanCode(text)
  if (code === '') return fault('empty')
  if (SCIENTIFIC.test(code) || DECIMAL.test(code)) return fault('precision')
  if (/[*×]/.test(code)) return fault('masked')
  if (code.length !== 18 && code.length !== 15) return fault('length')
  const isOld = code.length === 15
  if (!(isOld ? /^\d{15}$/ : /^\d{17}[\dX]$/).test(code)) return fault('characters')
  if (!isOld && column === 'rounded' && endsInZeros(code)) return fault('precision')
  return judge(isOld ? upgrade(code) : code, isOld, today)
}

/**
 * [ID-8] Whether a number of 18 digits ends in 000, as Excel leaves it. One sound
 * ID in about 1,100 does too, so a single one is refused only when its check
 * digit fails; a reader that sees them all over a column calls the column rounded.
 */
export function endsInZeros(code: string): boolean {
  return code.length === 18 && code.endsWith('000')
}

/** [ID-1] The eighteenth character for the first seventeen digits. */
export function checkDigit(first17: string): string {
  let sum = 0
  for (let index = 0; index < 17; index++) sum += (first17.charCodeAt(index) - 48) * WEIGHTS[index]!
  return CHECK_CHARACTERS[sum % 11]!
}

/** [ID-6] Fifteen digits to eighteen: the century is 19, the check digit is computed. */
function upgrade(code: string): string {
  const first17 = `${code.slice(0, 6)}19${code.slice(6)}`
  return first17 + checkDigit(first17)
}

function judge(code: string, isOld: boolean, today: PlainDate): SoundCitizenId | FaultyCitizenId {
  if (!PROVINCES.has(code.slice(0, 2))) return fault('province')
  const birth = birthIn(code)
  const isSound = checkDigit(code) === code[17]
  if (birth === undefined) return fault(isSound || !endsInZeros(code) ? 'birth' : 'precision')
  if (!isSound) return fault(endsInZeros(code) ? 'precision' : 'check')
  if (birth > today) return fault('future')
  return {
    ok: true,
    id: code as CitizenId,
    birth,
    sex: Number(code[16]) % 2 === 1 ? 'male' : 'female',
    upgradedFrom15: isOld,
    isResidencePermit: /^8[123]0000/.test(code),
  }
}

/** [ID-2] Digits 7-14, when they are a day of the years 1800 to 2099. */
function birthIn(code: string): PlainDate | undefined {
  const year = Number(code.slice(6, 10))
  if (year < 1800 || year > 2099) return undefined
  return findDayOf(year, Number(code.slice(10, 12)), Number(code.slice(12, 14)))
}

function fault(kind: CitizenIdFault): FaultyCitizenId {
  return { ok: false, fault: kind }
}
