import type { Severity } from './kinds.ts'

/**
 * [IMP-4] Everything a check can find, in the order in which it is counted and shown: what refuses the row, what sends it
 * to the repair list, what is only told. The number of a code is stored in sealed files that live for weeks: append only.
 */
export const FINDINGS = {
  'unreadable-row': 'refuse',
  'name-missing': 'refuse',
  'identity-missing': 'refuse',
  'id-precision': 'refuse',
  'id-birth': 'refuse',
  'id-future': 'refuse',
  'birth-unreadable': 'refuse',
  'birth-future': 'refuse',
  'place-unknown': 'refuse',
  'other-district': 'refuse',
  'school-missing': 'refuse',
  'school-unknown': 'refuse',
  'school-ambiguous': 'refuse',
  'school-closed': 'refuse',
  'school-elsewhere': 'refuse',
  'id-check': 'repair',
  'id-missing': 'repair',
  'id-masked': 'repair',
  'id-shape': 'repair',
  'id-shared': 'repair',
  'birth-clash': 'repair',
  'birth-off': 'repair',
  'sex-clash': 'repair',
  'name-unreadable': 'repair',
  'township-unknown': 'repair',
  'village-unknown': 'repair',
  'grade-unread': 'repair',
  'grade-not-here': 'repair',
  'class-not-here': 'repair',
  'student-no-shape': 'repair',
  'student-no-shared': 'repair',
  'two-places': 'repair',
  'repeated-row': 'remind',
  'id-old': 'remind',
  'sex-unread': 'remind',
  'guardian-id': 'remind',
  'phone-shape': 'remind',
  'phone-shared': 'remind',
  'class-former': 'remind',
  'status-unread': 'remind',
  'status-forbidden': 'remind',
  'age-grade': 'remind',
  'address-group': 'remind',
  'ethnicity-unread': 'remind',
  'school-name-differs': 'remind',
  'student-no-id': 'remind',
  'permit-expired': 'remind',
  'presence-unread': 'repair',
} as const satisfies Readonly<Record<string, Severity>>

export type FindingCode = keyof typeof FINDINGS

export const FINDING_CODES = Object.keys(FINDINGS) as readonly FindingCode[]

export function codeNumber(code: FindingCode): number {
  return FINDING_CODES.indexOf(code)
}

/** 0 refuse, 1 repair, 2 remind: lower is worse. */
export function severityNumber(severity: Severity): number {
  return { refuse: 0, repair: 1, remind: 2 }[severity]
}
