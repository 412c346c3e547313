import { maskAddress, maskCitizenId, maskName, maskPhone, maskStudentNumber } from '../../kernel/mask.ts'

/** Longer than a 学校标识码: in the wrong column, but an ID or a phone all the same. */
const LONG_NUMBER = /\d{11}/
/** Values that tell nothing of a single person. */
const PLAIN =
  /^(sex|ethnicity|relationToHead|idType|schoolCode|schoolName|grade|className|enrolledOn|status|boarding|district|township|village|policeStation|cancelled|cancelReason|permitUntil|arrivedOn|presence|suspended|absentDays|aidTerm)$/

/** [RUN-6] [IMP-6] A cell as it is shown: an unrecognised column may hold anything, so it is masked like a number. */
export function maskCell(field: string | null, text: string): string {
  if (field !== null && PLAIN.test(field) && !LONG_NUMBER.test(text)) return text
  if (field !== null && /Name$|^name$/.test(field)) return maskName(text)
  if (field === 'birthDay') return text.slice(0, 4).padEnd(text.length, '*')
  if (field === 'address' || field === 'livingAddress' || field === 'registeredDivision') return maskAddress(text)
  if (field === 'studentNo') return maskStudentNumber(text)
  if (field !== null && /[pP]hone$/.test(field)) return maskPhone(text)
  return maskCitizenId(text)
}
