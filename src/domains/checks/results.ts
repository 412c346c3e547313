import type { AccountCode } from '../whereabouts/index.ts'
import { PROVINCES } from './provinces.ts'
import { checksWords as words } from './words.ts'

/** How somebody found out. */
export const METHODS = ['phone', 'visit', 'police', 'registry', 'letter'] as const
export type Method = (typeof METHODS)[number]

/** Whom a result goes to once it is accepted. */
export const DESTINATIONS = [
  'matched',
  'roll',
  'data',
  'police',
  'verify',
  'closed',
  'watch',
  'special',
  'case',
] as const
export type Destination = (typeof DESTINATIONS)[number]

/** What an accepted result has to show. */
export interface Needs {
  /** A school of the city, or the one the child is on the roll of. */
  readonly school?: true
  readonly province?: true
  /** Where it is said to be, in words. */
  readonly place?: true
  readonly papers?: true
  readonly pauseUntil?: true
  /** Found out in one of these ways only. */
  readonly methods?: readonly Method[]
}

export interface ResultOption {
  /** Result class of the national lists (A1 to E1); `-n` where one class stands for several accounts. */
  readonly code: string
  readonly account: AccountCode
  readonly needs: Needs
  readonly goesTo: Destination
}

const OFFICE: readonly Method[] = ['police', 'registry', 'letter']
const SEEN: readonly Method[] = ['visit', 'police']

/** [CHECK-1] The result classes and the account of the books each one posts; why, stands in docs/rules/checks.md. */
export const RESULTS = [
  option('A1', 'here', 'matched', { school: true }),
  option('A2-1', 'elsewhere-in-city', 'matched', { school: true }),
  option('A2-2', 'other-province', 'matched', { province: true, place: true, papers: true }),
  option('A3', 'without-roll', 'roll', { place: true, papers: true }),
  option('A4-1', 'finished', 'closed', { papers: true }),
  option('A4-2', 'vocational', 'matched', { place: true, papers: true }),
  option('A4-3', 'late-or-private', 'verify', { place: true }),
  option('B1', 'here', 'data', { school: true, papers: true }),
  option('B2', 'conflict', 'police', { papers: true, methods: OFFICE }),
  option('B3', 'not-located', 'verify', { methods: SEEN }),
  option('B4', 'died', 'closed', { papers: true }),
  option('B5', 'missing', 'closed', { papers: true, methods: ['police'] }),
  option('B6-1', 'moved-out', 'closed', { papers: true }),
  option('B6-2', 'settled-abroad', 'closed', { papers: true }),
  option('C1-1', 'deferred', 'watch', { papers: true, pauseUntil: true }),
  option('C1-2', 'suspended', 'watch', { papers: true, pauseUntil: true }),
  option('C2-1', 'home-teaching', 'special', { papers: true, methods: ['visit', 'registry', 'letter'] }),
  option('C2-2', 'disabled-unplaced', 'special', { papers: true }),
  option('C3-1', 'special-school', 'matched', { place: true, papers: true }),
  option('C3-2', 'custody-schooled', 'matched', { place: true, papers: true }),
  option('D1', 'suspected', 'case', { methods: ['visit', 'police'] }),
  option('D2', 'never-enrolled', 'case', { methods: ['visit', 'police'] }),
  option('D3', 'dropped-out', 'case', { methods: ['visit', 'police'] }),
  option('E1-1', 'roll-no-registration', 'matched', { school: true }),
  option('E1-2', 'roll-other-province', 'matched', { school: true }),
  option('E1-3', 'roll-foreign', 'matched', { school: true, papers: true }),
] as const satisfies readonly ResultOption[]

export type ResultCode = (typeof RESULTS)[number]['code']
export const RESULT_CODES = RESULTS.map(({ code }) => code) as [ResultCode, ...ResultCode[]]

const byCode = new Map<string, ResultOption>(RESULTS.map((result) => [result.code, result]))

export function resultOf(code: string): ResultOption {
  const result = byCode.get(code)
  if (result === undefined) throw new RangeError(`not a result: ${code}`)
  return result
}

/** A2-1 is of class A2. */
export function classOf(code: string): string {
  return code.slice(0, 2)
}

export function labelOf(code: ResultCode): string {
  return words.results[code]
}

/** By its two digits, its full name or without 省, 市, 自治区. */
export function findProvince(text: string): string | undefined {
  const asked = text.replace(/(省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)$/u, '')
  return PROVINCES.find(({ code, name }) => code === text || name === asked)?.code
}

export function provinceName(code: string): string {
  return PROVINCES.find((province) => province.code === code)?.name ?? code
}

function option<Code extends string>(
  code: Code,
  account: AccountCode,
  goesTo: Destination,
  needs: Needs,
): ResultOption & { readonly code: Code } {
  return { code, account, goesTo, needs }
}
