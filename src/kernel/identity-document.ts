import { parseCitizenId } from './citizen-id.ts'
import type { PlainDate } from './plain-date.ts'
import { cleanCode, cleanText } from './text.ts'

/** 身份证件类型 of the school-roll registry. */
export const DOCUMENT_KINDS = [
  'citizen-id',
  'hong-kong',
  'macao',
  'taiwan',
  'permanent-residence',
  'passport',
  'household-book',
  'other',
] as const
export type DocumentKind = (typeof DOCUMENT_KINDS)[number]

/** Wording of the registry's template, 户口薄 as it is really spelled there, and the other spellings met. */
const KIND_OF_LABEL: ReadonlyMap<string, DocumentKind> = new Map([
  ['居民身份证', 'citizen-id'],
  ['身份证', 'citizen-id'],
  ['香港特区护照/身份证明', 'hong-kong'],
  ['澳门特区护照/身份证明', 'macao'],
  ['台湾居民来往大陆通行证', 'taiwan'],
  ['境外永久居住证', 'permanent-residence'],
  ['外国人永久居留身份证', 'permanent-residence'],
  ['护照', 'passport'],
  ['户口薄', 'household-book'],
  ['户口簿', 'household-book'],
  ['其他', 'other'],
])

/** 港澳居民来往内地通行证; the travel document the registry's two kinds are numbered by. */
const HOME_RETURN_PERMIT = /^[HM]\d{8,10}$/
const TAIWAN_PERMIT = /^\d{8}$/
const PERMANENT_RESIDENCE = /^(?:[A-Z]{3}\d{12}|\d{17}[\dX])$/

/** [ID-9] The kind a sheet names, when it is one of the registry's. */
export function findDocumentKind(label: string): DocumentKind | undefined {
  return KIND_OF_LABEL.get(cleanText(label).replaceAll(' ', ''))
}

/**
 * [ID-9] Whether a number can be one of its kind. Passports and the rest have no
 * form of their own; residents of Hong Kong, Macao and Taiwan may also give the number of a residence permit.
 */
export function fitsDocument(kind: DocumentKind, number: string, today: PlainDate): boolean {
  const code = cleanCode(number)
  if (kind === 'citizen-id' || kind === 'household-book') return parseCitizenId(code, today).ok
  if (kind === 'hong-kong' || kind === 'macao') return HOME_RETURN_PERMIT.test(code) || isResidencePermit(code, today)
  if (kind === 'taiwan') return TAIWAN_PERMIT.test(code) || isResidencePermit(code, today)
  return kind === 'permanent-residence' ? PERMANENT_RESIDENCE.test(code) : code !== ''
}

function isResidencePermit(code: string, today: PlainDate): boolean {
  const reading = parseCitizenId(code, today)
  return reading.ok && reading.isResidencePermit
}
