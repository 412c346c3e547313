import { all, any, type Comparison, either, equal, type Level, not, type Test, told } from './comparison.ts'

/**
 * Ready comparisons. Their shares are what an officer would say before seeing the data: of a hundred rows of one person, how
 * many agree so; of a million pairs of strangers, how many by chance. A run corrects all of them from the two tables.
 */

type Shares = readonly [match: number, stranger: number, household?: number, again?: number, siblingsAgain?: number]

function level(id: string, when: Test | undefined, shares: Shares, more: Partial<Level> = {}): Level {
  const [match, stranger, household, again, siblingsAgain] = shares
  return {
    id,
    match,
    stranger,
    ...(when === undefined ? {} : { when }),
    ...(household === undefined ? {} : { household }),
    ...(again === undefined ? {} : { again }),
    ...(siblingsAgain === undefined ? {} : { siblingsAgain }),
    ...more,
  }
}

/** Two children of one mother are born on one day or at least so many days apart. */
const SIBLING_DAYS = 250

/**
 * [LINK-6] ID number and birthday together: they are one fact, and as two comparisons each would be counted twice.
 * Fields: a `citizen-id`, a `day` and a `sex`, the last two read from the first.
 */
export function citizenIdWithBirth(fields: { id: string; birth: string; sex: string }): Comparison {
  const { birth, sex } = fields
  const [n, code, clash] = [`${fields.id}_n`, `${fields.id}_code`, `${fields.id}_clash`]
  const birthTold = `${birth}_told`
  const bothSound = told(n)
  const broken = not(bothSound)
  const sexAgrees = either(equal(sex), not(told(sex)))
  const near: Test = { is: 'nearDay', key: birth }
  const distance = (most: number) =>
    all(broken, { is: 'longer', key: code, than: 14 }, { is: 'edits', key: code, most })
  const related = { isRelated: true } as const
  return {
    id: 'identity',
    levels: [
      level('same', all(equal(n), not({ is: 'flag', key: clash })), [0.3, 1e-9, 3e-4, 0.15], related),
      level('sameClash', equal(n), [0.03, 1e-9, 0.05, 0.01], related),
      level('sameBroken', all(equal(code), { is: 'longer', key: code, than: 7 }), [0.02, 1e-9, 1e-6, 0.01], related),
      level('typo', distance(1), [0.15, 1e-7, 1e-3, 0.08], related),
      level('twoOff', distance(2), [0.03, 2e-6, 1e-3, 0.02]),
      level('toldBirth', either(equal(birthTold, birth), equal(birthTold)), [0.02, 5e-5, 2e-3, 0.02]),
      level('birth', all(broken, equal(birth), sexAgrees), [0.3, 5e-5, 0.01, 0.15]),
      level('birthNear', all(broken, either(equal(birth), all(near, sexAgrees))), [0.03, 0.01, 0.02, 0.02]),
      level('unknown', all(broken, not(told(birth))), [0.01, 0.01, 0.01, 0.01]),
      level('closeBroken', all(broken, { is: 'daysApart', key: birth, most: SIBLING_DAYS }), [0.005, 0.02, 1e-3, 0.01]),
      level('apartBroken', broken, [0.005, 0.18, 0.2, 0.005]),
      level(
        'otherSequence',
        all(equal(birth), equal(sex), { is: 'sameHead', key: n, without: 11 }),
        [0.05, 2e-5, 0.015, 0.2],
        { hiddenAs: 'birth' },
      ),
      level('otherArea', all(equal(birth), equal(sex)), [0.03, 1e-4, 0.002, 0.12], { hiddenAs: 'birth' }),
      level('otherNear', either(equal(birth), all(near, equal(sex))), [0.02, 0.02, 0.05, 0.12], {
        hiddenAs: 'birthNear',
      }),
      level('close', { is: 'daysApart', key: birth, most: SIBLING_DAYS }, [0.01, 0.09, 2e-3, 0.06], {
        hiddenAs: 'closeBroken',
      }),
      level('apart', undefined, [0.01, 0.66, 0.63, 0.04], { hiddenAs: 'apartBroken' }),
    ],
  }
}

/** Levels at which two Chinese names have the surname in common. */
const WITH_SURNAME = ['same', 'sound', 'order', 'part', 'oneOff', 'surname']

/** A `han-name` and the `han-word` it was before. */
export function hanName(name: string, former: string): Comparison {
  const longEnough: Test = { is: 'atLeast', key: `${name}_len`, value: 3 }
  return {
    id: 'name',
    levels: [
      level('same', equal(`${name}_fold`), [0.7, 3e-5, 1e-5, 0.6, 1e-5], { frequency: [`${name}_fold`] }),
      level('former', equal(former, `${name}_fold`), [0.03, 3e-6, 1e-3, 0.03, 1e-4]),
      level('sound', equal(`${name}_sound`), [0.1, 1e-4, 1e-3, 0.06, 3e-4]),
      level('order', equal(`${name}_order`), [0.02, 5e-6, 1e-3, 0.01, 1e-3]),
      level('given', all(equal(`${name}_given`), longEnough), [0.02, 5e-4, 1e-4, 0.15, 2e-5]),
      level('part', { is: 'partOf', name }, [0.03, 1e-4, 5e-3, 0.03]),
      level('oneOff', { is: 'oneOff', name }, [0.06, 4e-3, 0.2, 0.06]),
      level('surname', equal(`${name}_c1`), [0.02, 0.04, 0.65, 0.02]),
      level('givenOne', equal(`${name}_given`), [4e-3, 2e-3, 1e-3, 0.05, 1e-3]),
      level('unknown', not(told(`${name}_fold`)), [0.01, 0.005, 5e-3, 0.02]),
      level('apart', undefined, [0.01, 0.95, 0.13, 0.02]),
    ],
  }
}

/** Adults and telephones of a household: `han-word`s, `citizen-id-word`s and `phone`s, several of each. */
export function household(keys: {
  names: readonly string[]
  ids: readonly string[]
  phones: readonly string[]
}): Comparison {
  const { names, ids, phones } = keys
  const related = { isRelated: true } as const
  return {
    id: 'household',
    levels: [
      level('id', any(...ids), [0.5, 1e-10], related),
      level('namePhone', all(any(...names), any(...phones)), [0.12, 1e-10], related),
      level('twoNames', { is: 'several', keys: names, least: 2 }, [0.1, 1e-8], related),
      level('phone', any(...phones), [0.06, 3e-9], related),
      level('name', any(...names), [0.1, 2e-4], {
        frequency: names,
        given: { comparison: 'name', levels: WITH_SURNAME },
      }),
      level('unknown', all(not(told(...ids)), not(told(...names)), not(told(...phones))), [0.1, 0.1]),
      level('apart', undefined, [0.05, 0.9]),
    ],
  }
}

/** An `address`. */
export function place(address: string): Comparison {
  const [village, town] = [`${address}_village`, `${address}_town`]
  return {
    id: 'place',
    levels: [
      level('address', equal(address), [0.3, 1e-8], { isRelated: true }),
      level('village', all(equal(village), equal(town)), [0.15, 1e-3]),
      level('town', equal(town), [0.1, 1e-2]),
      level('unknown', either(not(told(address)), not(told(village, town))), [0.2, 0.2]),
      level('apart', undefined, [0.25, 0.8]),
    ],
  }
}

/** A `latin-name`. */
export function latinName(name: string): Comparison {
  return {
    id: name,
    levels: [
      level('same', equal(name), [0.75, 5e-3], { frequency: [name] }),
      level('typo', { is: 'edits', key: name, most: 1 }, [0.1, 3e-3]),
      level('sound', equal(`${name}_sound`), [0.03, 5e-3]),
      level('twoOff', all({ is: 'longer', key: name, than: 4 }, { is: 'edits', key: name, most: 2 }), [0.04, 2e-2]),
      level('unknown', not(told(name)), [0.03, 0.03]),
      level('apart', undefined, [0.05, 0.95]),
    ],
  }
}

/** A `code`: a number or short text that is mistyped at times. `chance` is how often two strangers share it. */
export function code(key: string, chance: number, id = key): Comparison {
  return {
    id,
    levels: [
      level('same', equal(key), [0.75, chance], { frequency: [key] }),
      level('typo', { is: 'edits', key, most: 1 }, [0.12, Math.min(0.2, 20 * chance)]),
      level('unknown', not(told(key)), [0.05, 0.05]),
      level('apart', undefined, [0.08, 1 - chance]),
    ],
  }
}

/** A `day` without an ID number beside it. */
export function birthday(day: string): Comparison {
  return {
    id: day,
    levels: [
      level('same', equal(day), [0.8, 1e-4]),
      level('near', { is: 'nearDay', key: day }, [0.1, 0.02]),
      level('unknown', not(told(day)), [0.04, 0.04]),
      level('apart', undefined, [0.06, 0.94]),
    ],
  }
}
