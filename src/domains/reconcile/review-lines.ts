import { maskAddress, maskCitizenId, maskName, maskPhone } from '../../kernel/mask.ts'
import type { Contact, Identity } from '../persons/index.ts'
import type { REVIEW_FIELDS, ReviewLine } from './review-contract.ts'
import { markDifferences, maskedApart, type Piece } from './review-rules.ts'
import { reviewWords as words } from './review-words.ts'

/** What one record says, unmasked. */
export interface RecordSaid {
  readonly identity: Identity
  readonly contact: Contact | null
  readonly unit: string | null
  readonly roll: {
    readonly school: string | null
    readonly grade: number | null
    readonly status: string | null
  } | null
}

type Field = (typeof REVIEW_FIELDS)[number]
type Cells = Readonly<Record<Field, string | null>>

/** How each thing stands on the screen before somebody asks for it whole. */
const MASKS: Partial<Readonly<Record<Field, (text: string) => string>>> = {
  citizenId: maskCitizenId,
  guardian: (names) => names.split(words.listed).map(maskName).join(words.listed),
  phone: maskPhone,
  address: maskAddress,
}

/**
 * [REVIEW-4] Both records, thing by thing, with what differs marked character by character. [REVIEW-5] Masked: whether two
 * numbers, guardians or addresses are the same is told by what stands under the mask.
 */
export function linesOf(left: RecordSaid, right: RecordSaid, showing: 'masked' | 'plain'): readonly ReviewLine[] {
  const [one, other] = [cellsOf(left), cellsOf(right)]
  const phone = sharedPhone(left.contact, right.contact)
  return (Object.keys(one) as Field[]).flatMap((field): ReviewLine[] => {
    const [a, b] = field === 'phone' && phone !== null ? [phone, phone] : [one[field], other[field]]
    if (a === null && b === null) return []
    const [pieces, others] =
      a === null || b === null ? [alone(a, field, showing), alone(b, field, showing)] : both(a, b, field, showing)
    return [{ field, left: pieces, right: others, isSame: a === null || b === null ? null : a === b }]
  })
}

function both(a: string, b: string, field: Field, showing: 'masked' | 'plain'): [Piece[], Piece[]] {
  const mask = showing === 'masked' ? MASKS[field] : undefined
  if (mask === undefined) return copied(markDifferences(a, b))
  if (field === 'citizenId') return copied(maskedApart(a, b, mask))
  const marked = markDifferences(a, b)
  const [shownA, shownB] = [mask(a), mask(b)]
  // A mask that keeps every character's place keeps its mark; an address loses its end and is marked whole.
  if ([...shownA].length !== [...a].length || [...shownB].length !== [...b].length) {
    return [[{ text: shownA, differs: a !== b }], [{ text: shownB, differs: a !== b }]]
  }
  return [underMask(marked[0], shownA), underMask(marked[1], shownB)]
}

function underMask(pieces: readonly Piece[], shown: string): Piece[] {
  const characters = [...shown]
  let from = 0
  return pieces.map(({ text, differs }) => {
    const length = [...text].length
    from += length
    return { text: characters.slice(from - length, from).join(''), differs }
  })
}

function alone(text: string | null, field: Field, showing: 'masked' | 'plain'): Piece[] | null {
  if (text === null) return null
  const mask = showing === 'masked' ? MASKS[field] : undefined
  return [{ text: mask === undefined ? text : mask(text), differs: false }]
}

function copied([one, other]: readonly [readonly Piece[], readonly Piece[]]): [Piece[], Piece[]] {
  return [[...one], [...other]]
}

/** Households give several numbers: one that both sheets have says more than two that differ. */
function sharedPhone(left: Contact | null, right: Contact | null): string | null {
  const other = new Set(right === null ? [] : phonesOf(right))
  return (left === null ? [] : phonesOf(left)).find((phone) => other.has(phone)) ?? null
}

function phonesOf({ phones, guardians }: Contact): readonly string[] {
  return [...phones, ...guardians.flatMap(({ phone }) => (phone === null ? [] : [phone]))]
}

function cellsOf({ identity, contact, unit, roll }: RecordSaid): Cells {
  const guardians = (contact?.guardians ?? []).flatMap(({ name }) => (name === null ? [] : [name]))
  return {
    name: identity.name === '' ? null : identity.name,
    formerName: identity.formerName,
    sex: identity.sex === null ? null : words.sex[identity.sex],
    birth: identity.birth,
    citizenId: identity.citizenId ?? identity.otherId,
    guardian: guardians.length === 0 ? null : guardians.join(words.listed),
    phone: contact === null ? null : (phonesOf(contact)[0] ?? null),
    address: contact?.address ?? null,
    place: roll === null ? unit : null,
    school: roll?.school ?? null,
    grade: gradeOf(roll?.grade ?? null),
    status: roll?.status ?? null,
  }
}

function gradeOf(grade: number | null): string | null {
  if (grade === null) return null
  if (grade === 0) return words.kindergarten
  return grade > words.numerals.length ? words.senior : words.grade(words.numerals.charAt(grade - 1))
}
