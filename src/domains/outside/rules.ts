import { addDays, type PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import type { AccountCode, EvidenceKind } from '../whereabouts/index.ts'
import { outsideWords } from './words.ts'

/**
 * A line: recorded (open) ─► asked ─► confirmed. The other side may say that the child is not there (denied), or nothing until
 * its day is past (silent): then it is back with the side of the child's home, which was answerable all the while, and may ask
 * again. A confirmed line falls back to open when its proof ends. Any line ends: the child came back, left, went elsewhere, or
 * it was a mistake.
 */
export const LINE_STATES = ['open', 'asked', 'silent', 'confirmed', 'denied', 'ended'] as const
export type LineState = (typeof LINE_STATES)[number]

/** What a school certificate, a reply of the registry, or the other side itself says. */
export const PROOFS = ['registry-reply', 'certificate', 'other-side'] as const
export type Proof = (typeof PROOFS)[number]

export const ANSWERS = ['not-on-roll', 'never-came', 'left', 'not-found'] as const
export type Answer = (typeof ANSWERS)[number]

export const ENDINGS = ['returned', 'left', 'moved-on', 'mistaken'] as const
export type Ending = (typeof ENDINGS)[number]

export const REASONS = ['with-parents', 'chosen-school', 'special-education', 'other'] as const
export type Reason = (typeof REASONS)[number]

/** Where the child claims aid. */
export const AIDS = ['home', 'host', 'none'] as const
export type Aid = (typeof AIDS)[number]

export const MOVES = ['ask', 'confirm', 'deny', 'end'] as const
export type Move = (typeof MOVES)[number]

/** Who may move a line out of a state. `home`: the side where the child belongs; `host`: where it is at school. */
const ALLOWED: Readonly<
  Record<Move, { readonly from: readonly LineState[]; readonly by: 'home' | 'host' | 'either' }>
> = {
  ask: { from: ['open', 'silent', 'denied', 'confirmed'], by: 'home' },
  confirm: { from: ['open', 'asked', 'silent', 'denied', 'confirmed'], by: 'either' },
  deny: { from: ['open', 'asked', 'silent', 'confirmed'], by: 'either' },
  end: { from: ['open', 'asked', 'silent', 'confirmed', 'denied'], by: 'home' },
}

export interface LineFacts {
  readonly state: LineState
  readonly isHome: boolean
  readonly isHost: boolean
  /** A side that works in the product: it answers itself, nobody answers for it. */
  readonly hostIsOurs: boolean
}

/**
 * [OUT-1] [OUT-2] Refuses what a side may not do. Where the other side is a district of the same city it answers itself; the
 * home side may record a registry reply or a certificate, and the answer of another province, but not the other district's word.
 */
export function decideMove(move: Move, line: LineFacts, proof: Proof | null): void {
  const { from, by } = ALLOWED[move]
  if (!from.includes(line.state)) throw new Problem('OUTSIDE.NOT_NOW', { state: outsideWords.states[line.state] })
  const isSide = by === 'either' ? line.isHome || line.isHost : by === 'home' ? line.isHome : line.isHost
  if (!isSide)
    throw new Problem('OUTSIDE.OTHER_SIDE', { advice: outsideWords.advice[by === 'home' ? 'homeOnly' : 'sidesOnly'] })
  if (move === 'confirm' && proof === 'other-side' && !line.isHost) {
    throw new Problem('OUTSIDE.OTHER_SIDE', { advice: outsideWords.advice.theyAnswer })
  }
  if (move === 'deny' && line.hostIsOurs && !line.isHost) {
    throw new Problem('OUTSIDE.OTHER_SIDE', { advice: outsideWords.advice.theyAnswer })
  }
}

/** [OUT-3] What the books are told of a proven line: seen in class by the other side, or a paper. */
export function evidenceOfProof(proof: Proof): EvidenceKind {
  return proof === 'other-side' ? 'attendance' : proof
}

/** [OUT-3] A day that is over or is today, and a proof that is not over yet. */
export function decideProven(
  { checkedDay, validUntil }: { readonly checkedDay: PlainDate; readonly validUntil: PlainDate },
  today: PlainDate,
): void {
  if (checkedDay > today) throw wrong(outsideWords.where.checkedDay, outsideWords.advice.dayFuture)
  if (validUntil <= today) throw wrong(outsideWords.where.validUntil, outsideWords.advice.proofOver)
}

/** [OUT-4] The account of a child at school outside. */
export function accountOfLine(hostUnitId: number | null): Extract<AccountCode, 'elsewhere-in-city' | 'other-province'> {
  return hostUnitId === null ? 'other-province' : 'elsewhere-in-city'
}

export interface DenialFacts {
  /** Where the child stands now; null: in no account. */
  readonly stands: AccountCode | null
  /** The entry rests on this very line. */
  readonly isOfLine: boolean
}

/**
 * [OUT-5] The other side says the child is not there. An entry that rested on the line is to be verified; one that rests on
 * another source which says the child is outside contradicts it; who is unexplained, or at school here, stays.
 */
export function decideDenied({ stands, isOfLine }: DenialFacts): Extract<AccountCode, 'to-verify' | 'conflict'> | null {
  if (stands !== 'elsewhere-in-city' && stands !== 'other-province') return null
  return isOfLine ? 'to-verify' : 'conflict'
}

/** [OUT-6] Past its day without an answer. The day itself still counts. */
export function isSilent(
  line: { readonly state: LineState; readonly dueDay: PlainDate | null },
  today: PlainDate,
): boolean {
  return line.state === 'asked' && line.dueDay !== null && line.dueDay < today
}

/** [OUT-7] Who sees the proof end within so many days asks in time. */
export function expiresWithin(validUntil: PlainDate, today: PlainDate, days: number): boolean {
  return validUntil > today && validUntil <= addDays(today, days)
}

function wrong(where: string, advice: string): Problem {
  return new Problem('REQUEST.MALFORMED', { where, advice })
}
