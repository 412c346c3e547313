import { checkDigit, parseCitizenId } from './citizen-id.ts'
import { findDayOf, type PlainDate } from './plain-date.ts'
import { cleanCode } from './text.ts'

/** 学籍号: 19 characters, one for life. Kept apart from the ID number, which may be corrected later. */
export type StudentNumber = string & { readonly __brand: 'StudentNumber' }

/** G: formal, body is the citizen ID. J: formal, without a usable ID. L: temporary, until the national check. */
export type StudentNumberKind = 'G' | 'J' | 'L'
export type StudentNumberFault = 'empty' | 'precision' | 'shape' | 'citizen-id' | 'birth'

export type StudentNumberReading =
  | {
      readonly ok: true
      readonly number: StudentNumber
      readonly kind: StudentNumberKind
      /** The ID number it was made from (kind G); it may be an older one than the person's. */
      readonly citizenId: string | null
      readonly birth: PlainDate
      /** [STUDENT-3] A number of kind J whose last digit does not fit: worth a look, no reason to refuse. */
      readonly hasDoubtfulCheckDigit: boolean
    }
  | { readonly ok: false; readonly fault: StudentNumberFault }

const SHAPE = /^[GJL]\d{17}[\dX]$/

/** [STUDENT-1] 教基一〔2013〕7号: a letter and eighteen characters. */
export function parseStudentNumber(text: string, today: PlainDate): StudentNumberReading {
  const code = cleanCode(text)
  if (code === '') return { ok: false, fault: 'empty' }
  if (/E\+?\d+$/.test(code)) return { ok: false, fault: 'precision' }
  if (!SHAPE.test(code)) return { ok: false, fault: 'shape' }
  const kind = code[0] as StudentNumberKind
  return kind === 'G' ? readFormal(code, today) : readWithoutId(code, kind, today)
}

/** [STUDENT-2] The body of a number of kind G must itself be a sound ID. */
function readFormal(code: string, today: PlainDate): StudentNumberReading {
  const reading = parseCitizenId(code.slice(1), today)
  if (!reading.ok) return { ok: false, fault: 'citizen-id' }
  return {
    ok: true,
    number: code as StudentNumber,
    kind: 'G',
    citizenId: reading.id,
    birth: reading.birth,
    hasDoubtfulCheckDigit: false,
  }
}

/** [STUDENT-3] Kinds J and L: division of the school, birthday, sequence. The check digit of L is random. */
function readWithoutId(code: string, kind: 'J' | 'L', today: PlainDate): StudentNumberReading {
  const birth = findDayOf(Number(code.slice(7, 11)), Number(code.slice(11, 13)), Number(code.slice(13, 15)))
  if (birth === undefined || birth > today) return { ok: false, fault: 'birth' }
  return {
    ok: true,
    number: code as StudentNumber,
    kind,
    citizenId: null,
    birth,
    hasDoubtfulCheckDigit: kind === 'J' && checkDigit(code.slice(1)) !== code[18],
  }
}
