import type { Comparison, Test } from './comparison.ts'
import { daysBetween, divided, withinEdits } from './dialect.ts'

/** The pattern of a pair of feature rows `l` and `r`: the levels of all comparisons as one integer. */
export function patternSql(comparisons: readonly Comparison[]): string {
  let factor = 1
  const terms: string[] = []
  for (const { levels } of comparisons) {
    const arms = levels.flatMap(({ when }, index) =>
      when === undefined ? [] : [`WHEN ${testSql(when)} THEN ${index}`],
    )
    terms.push(`${factor} * (CASE ${arms.join(' ')} ELSE ${levels.length - 1} END)`)
    factor *= levels.length
  }
  return `(${terms.join(' + ')})::INTEGER`
}

/** Number of the level of one comparison inside a pattern. */
export function levelSql(comparisons: readonly Comparison[], pattern: string, id: string): string {
  const place = comparisons.findIndex((comparison) => comparison.id === id)
  const before = comparisons.slice(0, place).reduce((product, { levels }) => product * levels.length, 1)
  return `(${divided(pattern, before)} % ${comparisons[place]!.levels.length})`
}

/** True, false, or NULL where a key is missing; `CASE WHEN` takes NULL for false. */
export function testSql(test: Test): string {
  switch (test.is) {
    case 'equal':
      return test.left === test.right
        ? `l.${test.left} = r.${test.right}`
        : `(l.${test.left} = r.${test.right} OR l.${test.right} = r.${test.left})`
    case 'any': {
      const right = test.keys.map((key) => `r.${key}`).join(', ')
      return `(${test.keys.map((key) => `coalesce(l.${key} IN (${right}), false)`).join(' OR ')})`
    }
    case 'several':
      return `(${several(test.keys)} >= ${test.least})`
    case 'told':
      return `(${toldOn('l', test.keys)} AND ${toldOn('r', test.keys)})`
    case 'edits':
      return withinEdits(`l.${test.key}`, `r.${test.key}`, test.most)
    case 'longer':
      return `(strlen(l.${test.key}) > ${test.than} AND strlen(r.${test.key}) > ${test.than})`
    case 'atLeast':
      return `(l.${test.key} >= ${test.value} AND r.${test.key} >= ${test.value})`
    case 'nearDay':
      return nearDay(`l.${test.key}`, `r.${test.key}`)
    case 'daysApart':
      return `(l.${test.key} <> r.${test.key} AND ${daysBetween(`l.${test.key}`, `r.${test.key}`)} <= ${test.most})`
    case 'sameHead':
      return `${divided(`l.${test.key}`, 10 ** test.without)} = ${divided(`r.${test.key}`, 10 ** test.without)}`
    case 'partOf':
      return partOf(test.name)
    case 'oneOff':
      return oneOff(test.name)
    case 'flag':
      return `(l.${test.key} OR r.${test.key})`
    case 'not':
      return `NOT coalesce(${testSql(test.of)}, false)`
    default:
      return `(${test.of.map(testSql).join(test.is === 'all' ? ' AND ' : ' OR ')})`
  }
}

/** How many values of the left side stand on the right; one that the left side tells twice counts once. */
function several(keys: readonly string[]): string {
  const right = keys.map((key) => `r.${key}`).join(', ')
  const terms = keys.map((key, index) => {
    const isNew = keys.slice(0, index).map((other) => ` AND l.${key} IS DISTINCT FROM l.${other}`)
    return `(coalesce(l.${key} IN (${right}), false)${isNew.join('')})::INTEGER`
  })
  return `(${terms.join(' + ')})`
}

function toldOn(side: 'l' | 'r', keys: readonly string[]): string {
  return `(${keys.map((key) => `${side}.${key} IS NOT NULL`).join(' OR ')})`
}

function nearDay(left: string, right: string): string {
  const month = (day: string) => `(${divided(day, 100)} % 100)`
  const sameYear = `${divided(left, 10_000)} = ${divided(right, 10_000)}`
  return `(${divided(left, 100)} = ${divided(right, 100)} OR ${left} % 10000 = ${right} % 10000
    OR (${sameYear} AND (${left} % 100 = ${right} % 100 OR (${month(left)} = ${right} % 100 AND ${left} % 100 = ${month(right)}))))`
}

function samePlaces(name: string): string {
  return `(${[1, 2, 3, 4].map((i) => `coalesce(l.${name}_c${i} = r.${name}_c${i}, false)::INTEGER`).join(' + ')})`
}

function partOf(name: string): string {
  const at = (side: string, place: number) => `${side}.${name}_c${place}`
  const inside = (long: string, short: string) => `${long}.${name}_len = ${short}.${name}_len + 1 AND (
    (${at(long, 1)} = ${at(short, 1)} AND (${short}.${name}_len = 1 OR ${at(short, 2)} IN (${at(long, 2)}, ${at(long, 3)})))
    OR (${at(long, 2)} = ${at(short, 1)} AND ${short}.${name}_len > 1 AND ${at(long, 3)} = ${at(short, 2)}))`
  const [left, right] = [`l.${name}_len`, `r.${name}_len`]
  return `((${left} <= 4 AND ${right} <= 4 AND ((${inside('l', 'r')}) OR (${inside('r', 'l')})))
    OR (${left} >= 4 AND ${right} >= 4 AND ${left} <> ${right} AND ${samePlaces(name)} = 4))`
}

function oneOff(name: string): string {
  return `(l.${name}_len = r.${name}_len AND l.${name}_len BETWEEN 3 AND 4 AND ${samePlaces(name)} = l.${name}_len - 1)`
}
