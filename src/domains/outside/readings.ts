import type { Aid, Proof, Reason } from './rules.ts'

/** What a cell says a child's schooling outside was proven by; a certificate where it does not tell. */
export function readProof(text: string): Proof {
  if (/对方|区县确认|受理/u.test(text)) return 'other-side'
  return /学籍|查询|回复|平台/u.test(text) ? 'registry-reply' : 'certificate'
}

export function readAid(text: string): Aid | null {
  if (/户籍|本地|本区|本县/u.test(text)) return 'home'
  if (/就读|外地|学校/u.test(text)) return 'host'
  return /未|无|没有/u.test(text) ? 'none' : null
}

export function readReason(text: string): Reason | null {
  if (text === '') return null
  if (/父|母|务工|随迁|家长/u.test(text)) return 'with-parents'
  if (/择校|优质|名校/u.test(text)) return 'chosen-school'
  return /特殊|特教|聋|盲/u.test(text) ? 'special-education' : 'other'
}
