import { checkDigit } from '../../kernel/citizen-id.ts'
import type { Person } from './model.ts'
import type { Random } from './random.ts'

export interface IdContext {
  readonly person: Person
  /** The ID of another child of the same class or page, as a slipped row gives it. */
  readonly neighbourId: string
  /** A number that the person bore before it was corrected. */
  readonly formerId: () => string
}

export interface IdFault {
  readonly code: string
  readonly perThousand: number
  /** The written number, or undefined where the fault cannot befall this person. */
  write(id: string, random: Random, context: IdContext): string | undefined
}

/** [DEMO-9] Faults of ID numbers on rolls; each befalls a row by its own draw, the first that does is written. */
export const ID_FAULTS: readonly IdFault[] = [
  { code: 'id-missing', perThousand: 5, write: () => '' },
  { code: 'id-wrong-digit', perThousand: 3.2, write: (id, random) => changeDigit(id, 6 + random.int(11), random) },
  { code: 'id-wrong-address', perThousand: 0.5, write: (id, random) => changeDigit(id, 2 + random.int(4), random) },
  { code: 'id-wrong-check', perThousand: 0.6, write: (id, random) => changeDigit(id, 17, random) },
  {
    code: 'id-forced-valid',
    perThousand: 0.7,
    write: (id, random) => forceValid(changeDigit(id, 6 + random.int(11), random)),
  },
  { code: 'id-transposed', perThousand: 1.1, write: transpose },
  { code: 'id-digit-lost', perThousand: 0.5, write: (id, random) => cut(id, random.int(18)) },
  { code: 'id-digit-doubled', perThousand: 0.2, write: (id, random) => double(id, random.int(18)) },
  { code: 'id-former', perThousand: 2, write: (_id, _random, { formerId }) => formerId() },
  { code: 'id-of-sibling', perThousand: 1, write: (_id, random, { person }) => siblingOf(person, random) },
  { code: 'id-of-guardian', perThousand: 0.3, write: (_id, random, { person }) => guardianOf(person, random) },
  { code: 'id-of-other-child', perThousand: 0.25, write: (_id, _random, { neighbourId }) => neighbourId || undefined },
  { code: 'id-precision', perThousand: 0.15, write: (id, random) => loosePrecision(id, random) },
  { code: 'id-masked', perThousand: 0.1, write: (id) => `${id.slice(0, 6)}********${id.slice(14)}` },
  { code: 'id-letter', perThousand: 0.15, write: (id) => id.replace('0', 'O').replace(/1(?=.$)/, 'l') },
]

/** Ways of writing that lose nothing. */
export const ID_DRESS: readonly {
  readonly code: string
  readonly perThousand: number
  write(id: string, random: Random): string
}[] = [
  { code: 'id-full-width', perThousand: 1, write: toFullWidth },
  { code: 'id-spaces', perThousand: 2, write: (id) => `${id.slice(0, 6)} ${id.slice(6, 14)} ${id.slice(14)}` },
  { code: 'id-apostrophe', perThousand: 1.5, write: (id) => `'${id}` },
  {
    code: 'id-trailing-space',
    perThousand: 3,
    write: (id, random) => id + random.pick([' ', '\u3000', '\t', '\u00a0']),
  },
]

export function changeDigit(id: string, place: number, random: Random): string {
  const old = id[place]!
  const drawn = String(random.int(9))
  const digit = place === 17 ? (drawn === old ? '9' : drawn) : drawn >= old ? String(Number(drawn) + 1) : drawn
  return id.slice(0, place) + digit + id.slice(place + 1)
}

export function forceValid(id: string): string {
  const body = id.slice(0, 17)
  return body + checkDigit(body)
}

function transpose(id: string, random: Random): string | undefined {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const place = 6 + random.int(11)
    if (id[place] !== id[place + 1]) return id.slice(0, place) + id[place + 1]! + id[place]! + id.slice(place + 2)
  }
  return undefined
}

function cut(id: string, place: number): string {
  return id.slice(0, place) + id.slice(place + 1)
}

function double(id: string, place: number): string {
  return id.slice(0, place) + id[place]! + id.slice(place)
}

function siblingOf(person: Person, random: Random): string | undefined {
  const others = person.siblingIds.filter((id) => id !== person.citizenId)
  return others.length === 0 ? undefined : random.pick(others)
}

function guardianOf({ household }: Person, random: Random): string | undefined {
  return (random.chance(0.5) ? household.father : household.mother)?.citizenId
}

/** As a spreadsheet leaves eighteen digits that it took for a number. */
function loosePrecision(id: string, random: Random): string | undefined {
  if (id.endsWith('X')) return undefined
  return random.chance(0.5) ? `${id[0]}.${id.slice(1, 6)}E+17` : `${id.slice(0, 15)}000`
}

function toFullWidth(id: string): string {
  return id.replace(/./gu, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
}
