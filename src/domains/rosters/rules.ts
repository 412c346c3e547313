import type { PresenceMark } from '../persons/index.ts'
import { type AccountCode, BOOK_ACCOUNTS } from '../whereabouts/index.ts'

/** Comparisons with the sheets of other offices: roll against classes, books against a list. */
export const COMPARED = ['class', 'poverty', 'relief', 'disability'] as const
export type Compared = (typeof COMPARED)[number]

export const SEAT_CLASSES = [
  /** 名在人不在: on the roll, in no class, without leave. */
  'named-absent',
  /** On the roll, away with leave, or suspended. */
  'on-leave',
  /** 人籍分离: on the roll of one school, in a class of another. */
  'seated-elsewhere',
  /** In classes of two schools. */
  'two-schools',
  /** In class, on no roll (A3). */
  'without-roll',
  /** Suspended on the roll, and in class. */
  'paused-present',
  /** Was asked for, and sits in class. */
  'back-in-class',
] as const
export type SeatClass = (typeof SEAT_CLASSES)[number]

/** Why a child on the roll is taken for absent: the list's own words, its days, too few days, not named, a word not understood, gone elsewhere. */
export const GROUNDS = ['said', 'days', 'short', 'unnamed', 'unclear', 'gone'] as const
export type Ground = (typeof GROUNDS)[number]

export interface SeatFacts {
  /** On a roll in grades 1 to 9; on one, suspended; on none. */
  readonly roll: 'in' | 'paused' | 'none'
  /** The school of the roll handed in a list of its classes. */
  readonly isHandedIn: boolean
  /** Schools in whose classes the child sits. */
  readonly seatedAt: number
  /** One of them is the school of the roll. */
  readonly isOwnSeat: boolean
  /** Where the child does not sit: what the newest list says of it; null: it does not name the child. */
  readonly mark: PresenceMark | null
  readonly absentDays: number | null
  /** Null: not in the books. */
  readonly account: AccountCode | null
  /** What it was asked for rests on a list of a class. */
  readonly isAskedByClass: boolean
}

export interface SeatFinding {
  readonly class: SeatClass
  readonly ground: Ground | null
}

/**
 * [ROST-8] What the list of a class says against the roll; null: nothing to tell. A school without a list says nothing of
 * its pupils, and a child that the books hold schooled outside classes (home teaching, special school …) is not missed in one.
 */
export function decideSeat(facts: SeatFacts, suspectedAfterDays: number): SeatFinding | null {
  const { roll, seatedAt, account } = facts
  if (seatedAt > 1) return { class: 'two-schools', ground: null }
  if (seatedAt === 1) return seatedFinding(facts)
  if (roll === 'none' || (account !== null && isSchooledElsewhere(account))) return null
  if (roll === 'paused' || facts.mark === 'leave') return { class: 'on-leave', ground: null }
  const ground = groundOf(facts, suspectedAfterDays)
  return ground === null ? null : { class: 'named-absent', ground }
}

function seatedFinding({ roll, isOwnSeat, account, isAskedByClass }: SeatFacts): SeatFinding | null {
  if (roll === 'none') return account === 'without-roll' ? null : { class: 'without-roll', ground: null }
  if (roll === 'paused') return { class: 'paused-present', ground: null }
  if (!isOwnSeat) return { class: 'seated-elsewhere', ground: null }
  const isAskedFor = account !== null && BOOK_ACCOUNTS[account].isUnexplained
  return isAskedFor && isAskedByClass ? { class: 'back-in-class', ground: null } : null
}

/** [ROST-9] One absent day makes no case: the list's own words or its days do; whatever else is a question. */
function groundOf({ mark, absentDays, isHandedIn }: SeatFacts, suspectedAfterDays: number): Ground | null {
  if (mark === null) return isHandedIn ? 'unnamed' : null
  if (mark === 'lost') return 'said'
  if (mark === 'gone' || mark === 'unclear') return mark
  return absentDays !== null && absentDays >= suspectedAfterDays ? 'days' : 'short'
}

/** Taught outside the classes of a school with a roll here. */
const OUTSIDE_CLASSES: ReadonlySet<AccountCode> = new Set([
  'other-province',
  'home-teaching',
  'teaching-point',
  'special-school',
  'custody-schooled',
  'art-or-sport',
  'vocational',
])

function isSchooledElsewhere(account: AccountCode): boolean {
  return OUTSIDE_CLASSES.has(account) || BOOK_ACCOUNTS[account].isClosing
}

/** Found out of school by somebody, or looked for by the police: a list of a class says less. */
const FOUND_OUT: ReadonlySet<AccountCode> = new Set(['suspected', 'never-enrolled', 'dropped-out', 'missing'])

/**
 * [ROST-10] What is posted over where the child stands; null keeps it. 名在人不在 becomes 疑似 by words or days, else 待核; who is
 * accounted for by a pause or asked for already is not asked for twice.
 */
export function decideSeatEntry(
  { class: found, ground }: SeatFinding,
  { account, before }: { readonly account: AccountCode | null; readonly before: AccountCode | null },
): AccountCode | null {
  switch (found) {
    case 'named-absent':
      if (account === null || FOUND_OUT.has(account) || BOOK_ACCOUNTS[account].isPause) return null
      if (ground === 'said' || ground === 'days') return 'suspected'
      return BOOK_ACCOUNTS[account].isUnexplained ? null : 'to-verify'
    case 'two-schools':
      return account === null || account === 'conflict' || FOUND_OUT.has(account) ? null : 'conflict'
    case 'without-roll':
      return account === null || account === 'to-verify' || account === 'not-located' ? 'without-roll' : null
    case 'back-in-class':
      return before !== null && !BOOK_ACCOUNTS[before].isUnexplained ? before : 'here'
    case 'on-leave':
    case 'seated-elsewhere':
    case 'paused-present':
      return null
  }
}

export const LIST_CLASSES = [
  /** 疑似, 失学 or 辍学. */
  'out',
  /** Asked for: 待核 and the like. */
  'unexplained',
  /** Accounted for, and on no roll. */
  'no-roll',
  /** In no account of the books. */
  'unknown',
] as const
export type ListClass = (typeof LIST_CLASSES)[number]

export interface ListedFacts {
  readonly account: AccountCode | null
  readonly isOnRoll: boolean
}

/** [ROST-13] [ROST-14] A child of age on a list against the books; null: accounted for, and on a roll where it has to be. */
export function decideListed({ account, isOnRoll }: ListedFacts): ListClass | null {
  if (account === null) return 'unknown'
  if (account === 'suspected' || account === 'never-enrolled' || account === 'dropped-out') return 'out'
  const { isUnexplained, isClosing, group } = BOOK_ACCOUNTS[account]
  if (isUnexplained) return 'unexplained'
  // A roll elsewhere is proven by a paper; a pause and an end need none.
  const needsRoll = group === 1 && account !== 'other-province' && account !== 'custody-schooled'
  return needsRoll && !isOnRoll && !isClosing ? 'no-roll' : null
}
