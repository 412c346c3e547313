import { COMPARISON_IDS, COMPARISONS, type Comparison, type Level } from './definition.ts'

/** The pattern of a pair of feature rows `l` and `r`: the levels of all comparisons as one integer. */
export function patternSql(): string {
  let factor = 1
  const terms: string[] = []
  for (const id of COMPARISON_IDS) {
    terms.push(`${factor} * (${LEVEL_SQL[id]})`)
    factor *= COMPARISONS[id].length
  }
  return `(${terms.join(' + ')})::INTEGER`
}

/** Levels in the order of the definition, each with its condition; the last one is what remains. */
function levels<C extends Comparison>(id: C, conditions: Partial<Record<Level<C>, string>>, rest: Level<C>): string {
  const names = COMPARISONS[id] as readonly Level<C>[]
  const order = names.filter((name) => conditions[name] !== undefined)
  const arms = order.map((name) => `WHEN ${conditions[name]} THEN ${names.indexOf(name)}`)
  return `CASE ${arms.join(' ')} ELSE ${names.indexOf(rest)} END`
}

const BOTH_SOUND = '(l.n IS NOT NULL AND r.n IS NOT NULL)'
/** ASCII only and of like length, so DuckDB's distance in bytes is a distance in characters. */
const DISTANCE = `(CASE WHEN l.code IS NULL OR r.code IS NULL OR ${BOTH_SOUND} OR strlen(l.code) < 15 OR strlen(r.code) < 15
  THEN 99 ELSE damerau_levenshtein(l.code, r.code) END)`
const SEX_AGREES = '(l.sex IS NULL OR r.sex IS NULL OR l.sex = r.sex)'
const BIRTH_NEAR = `(l.birth // 100 = r.birth // 100 OR l.birth % 10000 = r.birth % 10000
  OR (l.birth // 10000 = r.birth // 10000 AND (l.birth % 100 = r.birth % 100
    OR (l.birth // 100 % 100 = r.birth % 100 AND l.birth % 100 = r.birth // 100 % 100))))`

const identity = levels(
  'identity',
  {
    same: 'l.n = r.n AND NOT l.clash AND NOT r.clash',
    sameClash: 'l.n = r.n',
    sameBroken: 'l.code = r.code AND strlen(l.code) >= 8',
    typo: `${DISTANCE} = 1`,
    twoOff: `${DISTANCE} = 2`,
    birth: `NOT ${BOTH_SOUND} AND l.birth = r.birth AND ${SEX_AGREES}`,
    birthNear: `NOT ${BOTH_SOUND} AND (l.birth = r.birth OR (${BIRTH_NEAR} AND ${SEX_AGREES}))`,
    unknown: `NOT ${BOTH_SOUND} AND (l.birth IS NULL OR r.birth IS NULL)`,
    apartBroken: `NOT ${BOTH_SOUND}`,
    otherSequence: 'l.birth = r.birth AND l.sex = r.sex AND l.n // 100000000000 = r.n // 100000000000',
    otherArea: 'l.birth = r.birth AND l.sex = r.sex',
    otherNear: `l.birth = r.birth OR (${BIRTH_NEAR} AND l.sex = r.sex)`,
  },
  'apart',
)

const SAME_PLACES = [1, 2, 3, 4].map((i) => `coalesce(l.c${i} = r.c${i}, false)::INTEGER`).join(' + ')
const partOf = (long: string, short: string) => `${long}.len = ${short}.len + 1 AND (
  (${long}.c1 = ${short}.c1 AND (${short}.len = 1 OR ${short}.c2 IN (${long}.c2, ${long}.c3)))
  OR (${long}.c2 = ${short}.c1 AND ${short}.len > 1 AND ${long}.c3 = ${short}.c2))`

const name = levels(
  'name',
  {
    same: 'l.fold = r.fold',
    former: 'l.former = r.fold OR l.fold = r.former',
    sound: 'l.sound = r.sound',
    order: 'l.ord = r.ord',
    given: 'l.given_sound = r.given_sound AND l.len >= 3 AND r.len >= 3',
    part: `(l.len <= 4 AND r.len <= 4 AND ((${partOf('l', 'r')}) OR (${partOf('r', 'l')})))
      OR (l.len >= 4 AND r.len >= 4 AND l.len <> r.len AND ${SAME_PLACES} = 4)`,
    oneOff: `l.len = r.len AND l.len BETWEEN 3 AND 4 AND ${SAME_PLACES} = l.len - 1`,
    surname: 'l.c1 = r.c1',
    unknown: 'l.fold IS NULL OR r.fold IS NULL',
  },
  'apart',
)

function anyEqual(column: string, count: number): string {
  const places = Array.from({ length: count }, (_, index) => index + 1)
  const right = places.map((i) => `r.${column}_${i}`).join(', ')
  return `(${places.map((i) => `coalesce(l.${column}_${i} IN (${right}), false)`).join(' OR ')})`
}

function bothTold(column: string, count: number): string {
  const told = (side: string) =>
    `coalesce(${Array.from({ length: count }, (_, index) => `${side}.${column}_${index + 1}`).join(', ')}) IS NOT NULL`
  return `(${told('l')} AND ${told('r')})`
}

const household = levels(
  'household',
  {
    id: anyEqual('member_id', 3),
    namePhone: `${anyEqual('member_name', 3)} AND ${anyEqual('phone', 2)}`,
    phone: anyEqual('phone', 2),
    name: anyEqual('member_name', 3),
    unknown: `NOT ${bothTold('member_id', 3)} AND NOT ${bothTold('member_name', 3)} AND NOT ${bothTold('phone', 2)}`,
  },
  'apart',
)

const place = levels(
  'place',
  {
    address: 'l.address = r.address',
    locality: 'contains(r.address_text, l.locality) OR contains(l.address_text, r.locality)',
    unknown: 'l.address IS NULL OR r.address IS NULL',
  },
  'apart',
)

const LEVEL_SQL: Readonly<Record<Comparison, string>> = { identity, name, household, place }

/** Number of the level of one comparison inside a pattern. */
export function levelSql(pattern: string, id: Comparison): string {
  const before = COMPARISON_IDS.slice(0, COMPARISON_IDS.indexOf(id)).reduce(
    (product, other) => product * COMPARISONS[other].length,
    1,
  )
  return `(${pattern} // ${before} % ${COMPARISONS[id].length})`
}

/**
 * [LINK-1] One number under two names that have nothing in common, and nothing of the household beside it; or a
 * number that contradicts the birthday or sex of its own row, under another name: a brother's or sister's.
 */
export function isLoneNumberSql(pattern: string): string {
  const isAt = <C extends Comparison>(id: C, ...names: Level<C>[]) =>
    `${levelSql(pattern, id)} IN (${names.map((level) => (COMPARISONS[id] as readonly Level<C>[]).indexOf(level)).join(', ')})`
  return `((${isAt('identity', 'same', 'sameClash', 'sameBroken')} AND ${isAt('name', 'apart', 'unknown')}
      AND ${isAt('household', 'unknown', 'apart')} AND NOT ${isAt('place', 'address')})
    OR (${isAt('identity', 'sameClash')} AND ${isAt('name', 'surname', 'apart')}))`
}
