import type { Sex } from '../../kernel/citizen-id.ts'
import {
  ADULT_CHARACTERS,
  ADULT_SINGLE,
  CHILD_CHARACTERS,
  CHILD_FAVOURITES,
  CHILD_SINGLE,
  DOTTED_NAMES,
  RARE_CHARACTERS,
} from './data/given-names.ts'
import { COMPOUND_SURNAMES, SURNAMES } from './data/surnames.ts'
import { byRank, type Random } from './random.ts'

const surnames = byRank(SURNAMES, 0.95, 2)
const compoundSurnames = byRank(COMPOUND_SURNAMES, 1, 1)

/** One in 300 families has a surname of two characters. */
export function drawSurname(random: Random): string {
  return random.chance(1 / 300) ? compoundSurnames.draw(random) : surnames.draw(random)
}

function pools(
  characters: { readonly first: readonly string[]; readonly last: readonly string[] },
  single: readonly string[],
) {
  return { first: byRank(characters.first), last: byRank(characters.last), single: byRank(single) }
}

const children = {
  male: pools(CHILD_CHARACTERS.male, CHILD_SINGLE.male),
  female: pools(CHILD_CHARACTERS.female, CHILD_SINGLE.female),
}
const adults = {
  male: pools(ADULT_CHARACTERS.male, ADULT_SINGLE.male),
  female: pools(ADULT_CHARACTERS.female, ADULT_SINGLE.female),
}

/** A given name of today's children. `shared` is the generation character of a family that keeps one. */
export function drawChildName(random: Random, sex: Sex, shared: string | null): string {
  const pool = children[sex]
  if (shared !== null) return shared + pool.last.draw(random)
  if (random.chance(0.006)) return withRare(random, pool.last.draw(random))
  if (random.chance(0.1)) return random.pick(CHILD_FAVOURITES[sex])
  if (random.chance(0.12)) return pool.single.draw(random)
  return pool.first.draw(random) + pool.last.draw(random)
}

export function drawSharedCharacter(random: Random, sex: Sex): string {
  return children[sex].first.draw(random)
}

function withRare(random: Random, other: string): string {
  const rare = random.pick(RARE_CHARACTERS)
  return random.pick([rare, rare + other, other + rare])
}

export function drawAdultGivenName(random: Random, sex: Sex): string {
  const pool = adults[sex]
  if (random.chance(0.25)) return pool.single.draw(random)
  return pool.first.draw(random) + pool.last.draw(random)
}

/** A whole name with a middle dot, in the form of the population register (U+00B7). */
export function drawDottedName(random: Random): string {
  return `${random.pick(DOTTED_NAMES.given)}·${random.pick(DOTTED_NAMES.family)}`
}

export function surnameLength(name: string): number {
  return COMPOUND_SURNAMES.includes(name.slice(0, 2)) ? 2 : 1
}
