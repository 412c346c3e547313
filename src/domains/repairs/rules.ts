import { foldName } from '../../kernel/chinese-name.ts'
import { parseCitizenId } from '../../kernel/citizen-id.ts'
import { findPlainDate, type PlainDate } from '../../kernel/plain-date.ts'
import { Problem } from '../../kernel/problem.ts'
import { cleanCode, cleanText } from '../../kernel/text.ts'
import type { Identity } from '../persons/index.ts'
import type { Hint, RepairField, RepairState, RightSide, Side } from './kinds.ts'
import { repairWords } from './words.ts'

/** What one row says of a child, and what the import found out about the row. */
export interface Told extends Identity {
  readonly needsRepair: boolean
  /** Another child has the same ID number. */
  readonly sharesId: boolean
}

export interface Difference {
  readonly field: RepairField
  readonly roll: string | null
  readonly register: string | null
  readonly suggested: Side | null
  readonly hint: Hint | null
}

/**
 * [REP-1] What has to be mended of one child, by its row of the roll and its row of the register. Two spellings of one name
 * are no difference. Birthday and sex follow from a sound ID number, so where both numbers are sound the number is the
 * repair and they are not.
 */
export function differencesOf(roll: Told | undefined, register: Told | undefined): readonly Difference[] {
  if (roll === undefined || register === undefined) return faultsOfOne(roll, register)
  const suggested = suggestRight(roll, register)
  const found: Difference[] = []
  const add = (field: RepairField, hint: Hint | null = null) =>
    found.push({ field, roll: valueIn(field, roll), register: valueIn(field, register), suggested, hint })
  if (!isSameValue('name', roll.name, register.name)) add('name', hintOfName(roll, register))
  if (bothTell('former-name', roll, register)) add('former-name')
  const [rollId, registerId] = [valueIn('citizen-id', roll), valueIn('citizen-id', register)]
  const isAsked = registerId !== null || roll.needsRepair || (register.needsRepair && roll.citizenId !== null)
  if (rollId !== registerId && isAsked) add('citizen-id', hintOfId(roll, register))
  if (roll.citizenId === null || register.citizenId === null) {
    if (bothTell('birthday', roll, register)) add('birthday')
    if (bothTell('sex', roll, register)) add('sex')
  }
  return found
}

/** [REP-2] A row that stands alone: a number that cannot be, is missing or is another child's, a name that nobody can read. */
function faultsOfOne(roll: Told | undefined, register: Told | undefined): readonly Difference[] {
  const row = roll ?? register
  if (row === undefined) return []
  const found: Difference[] = []
  const told = (value: string | null) => ({
    roll: roll === undefined ? null : value,
    register: roll === undefined ? value : null,
    suggested: null,
  })
  if (row.needsRepair && UNREADABLE.test(row.name)) {
    found.push({ field: 'name', ...told(row.name), hint: 'unreadable' })
  }
  if (row.citizenId === null && row.needsRepair) {
    const hint = row.otherId === null ? 'id-missing' : 'id-unsound'
    found.push({ field: 'citizen-id', ...told(row.otherId), hint })
  }
  if (row.citizenId !== null && row.sharesId)
    found.push({ field: 'citizen-id', ...told(row.citizenId), hint: 'id-shared' })
  return found
}

/** Characters that stand for none in a name: [IMP-10]. */
const UNREADABLE = /[□■�?？*＊\d\p{Co}]/u

/** [REP-3] Until somebody decides: the register is right where its ID number is sound, else the roll where its own is. */
export function suggestRight(roll: Pick<Identity, 'citizenId'>, register: Pick<Identity, 'citizenId'>): Side | null {
  if (register.citizenId !== null) return 'register'
  return roll.citizenId === null ? null : 'roll'
}

function hintOfName(roll: Told, register: Told): Hint | null {
  const isFormer = (name: string | null, of: Told) => name !== null && isSameValue('name', name, of.name)
  return isFormer(register.formerName, roll) || isFormer(roll.formerName, register) ? 'former-name' : null
}

function hintOfId(roll: Told, register: Told): Hint | null {
  const wrong = register.citizenId === null && roll.citizenId !== null ? register : roll
  if (valueIn('citizen-id', wrong) === null) return 'id-missing'
  if (wrong.citizenId === null) return 'id-unsound'
  return wrong.sharesId ? 'id-shared' : null
}

function bothTell(field: RepairField, roll: Told, register: Told): boolean {
  const [one, other] = [valueIn(field, roll), valueIn(field, register)]
  return one !== null && other !== null && !isSameValue(field, one, other)
}

export function valueIn(field: RepairField, identity: Identity): string | null {
  switch (field) {
    case 'name':
      return identity.name === '' ? null : identity.name
    case 'former-name':
      return identity.formerName
    case 'citizen-id':
      return identity.citizenId ?? identity.otherId
    case 'birthday':
      return identity.birth
    case 'sex':
      return identity.sex === null ? null : String(identity.sex)
  }
}

/** [REP-6] Whether a record carries the value: names as they are folded, everything else character by character. */
export function isSameValue(field: RepairField, one: string | null, other: string | null): boolean {
  if (one === null || other === null) return one === other
  return field === 'name' || field === 'former-name' ? foldName(one) === foldName(other) : one === other
}

export interface Deciding {
  readonly field: RepairField
  readonly state: RepairState
  readonly roll: string | null
  readonly register: string | null
  /** Only one side has a row. */
  readonly isAlone: boolean
}

const MAY_DECIDE: ReadonlySet<RepairState> = new Set(['found', 'confirmed'])

/** [REP-4] Nothing is changed once it stands in a list, agrees, or was dismissed; the last is taken back first. */
export function refuseMoved(state: RepairState): void {
  if (!MAY_DECIDE.has(state)) throw new Problem('REPAIR.MOVED_ON', { state: repairWords.states[state] })
}

/**
 * [REP-4] Which is right, and the right value. A side that says nothing cannot be right, a row that stands alone is not
 * mended by itself, and an ID number is right only when
 * its check character holds.
 */
export function decideRight(
  repair: Deciding,
  choice: { readonly right: RightSide; readonly value?: string | undefined },
  today: PlainDate,
): { readonly right: RightSide; readonly value: string } {
  refuseMoved(repair.state)
  const words = repairWords.advice
  if (repair.isAlone && choice.right !== 'other') throw new Problem('REPAIR.NOT_RIGHT', { advice: words.alone })
  const value = choice.right === 'other' ? typed(repair.field, choice.value ?? '', today) : repair[choice.right]
  if (value === null) throw new Problem('REPAIR.NOT_RIGHT', { advice: words.nothing })
  if (repair.field === 'citizen-id' && !parseCitizenId(value, today).ok) {
    throw new Problem('REPAIR.NOT_RIGHT', { advice: words.unsound })
  }
  if (choice.right === 'other' && isKnown(repair, value)) throw new Problem('REPAIR.NOT_RIGHT', { advice: words.known })
  return { right: choice.right, value }
}

function isKnown({ field, roll, register }: Deciding, value: string): boolean {
  return isSameValue(field, roll, value) || isSameValue(field, register, value)
}

/** GB/T 2261.1. */
const SEXES = [1, 2] as const

/** As it would stand in a record; null when it is empty. */
function typed(field: RepairField, text: string, today: PlainDate): string | null {
  const clean = cleanText(text)
  if (clean === '') return null
  if (field === 'citizen-id') return cleanCode(clean)
  if (field === 'sex') {
    const sex = SEXES.find((one) => repairWords.sexes[one] === clean)
    if (sex === undefined) throw new Problem('REPAIR.NOT_RIGHT', { advice: repairWords.advice.sex })
    return String(sex)
  }
  if (field === 'birthday') {
    const day = findPlainDate(clean)
    if (day === undefined || day > today) throw new Problem('REPAIR.NOT_RIGHT', { advice: repairWords.advice.birthday })
    return day
  }
  return clean
}
