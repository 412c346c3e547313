/** A stream of pseudo-random numbers; every draw depends on the seed and on the names of the stream alone. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** A whole number in [0, below). */
  int(below: number): number
  /** True with the given probability; draws even where the probability is 0 or 1, so that a parameter shifts nothing. */
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
}

/**
 * [DEMO-15] The stream of one part: `randomFor(seed, 'names', '500119')`. Streams are independent, so that another draw in one
 * part leaves all other parts as they were. The generator is sfc32 (public domain, PractRand-clean at 32 bits).
 */
export function randomFor(seed: number, ...names: readonly string[]): Random {
  return stream(hash128(`${seed}|${names.join('|')}`)).random
}

/**
 * [DEMO-15] One stream for each number, for what befalls a person: faults of one sheet do not move those of the next. The answer is
 * the same object every time, set back to the start of the stream that was asked for.
 */
export function randomByNumber(seed: number, ...names: readonly string[]): (number: number) => Random {
  const [a, b, c, d] = hash128(`${seed}|${names.join('|')}`)
  const { random, restart } = stream([a, b, c, d])
  return (number) => {
    restart([a ^ Math.imul(number, 2654435761), b ^ Math.imul(number, 2246822507), c + number, d])
    return random
  }
}

type State = readonly [number, number, number, number]

function stream(start: State): { readonly random: Random; restart(state: State): void } {
  let [a, b, c, d] = start
  function next(): number {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 4294967296
  }
  function restart(state: State): void {
    ;[a, b, c, d] = state
    // The first values still resemble the seed.
    for (let round = 0; round < 12; round += 1) next()
  }
  restart(start)
  const random: Random = {
    next,
    int: (below) => Math.floor(next() * below),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
  }
  return { random, restart }
}

/** Draws members of a list in proportion to their weights. */
export interface Weighted<T> {
  draw(random: Random): T
}

export function weighted<T>(entries: readonly (readonly [T, number])[]): Weighted<T> {
  const items = entries.map(([item]) => item)
  const sums = new Float64Array(entries.length)
  let total = 0
  for (const [index, [, weight]] of entries.entries()) {
    total += weight
    sums[index] = total
  }
  return {
    draw(random) {
      const target = random.next() * total
      let low = 0
      let high = items.length - 1
      while (low < high) {
        const middle = (low + high) >>> 1
        if (sums[middle]! <= target) low = middle + 1
        else high = middle
      }
      return items[low]!
    },
  }
}

/** Weights that fall like the frequencies of names do: place `n` of the list weighs (n + shift)^-power. */
export function byRank<T>(items: readonly T[], power = 0.8, shift = 3): Weighted<T> {
  return weighted(items.map((item, index) => [item, (index + shift) ** -power] as const))
}

/** A hash in [0, 2^32) for choices that must not depend on the order of draws. */
export function hashOf(text: string): number {
  return hash128(text)[0] >>> 0
}

/** cyrb128, public domain: four 32-bit words of a text. */
function hash128(text: string): State {
  let h1 = 1779033703
  let h2 = 3144134277
  let h3 = 1013904242
  let h4 = 2773480762
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    h1 = h2 ^ Math.imul(h1 ^ code, 597399067)
    h2 = h3 ^ Math.imul(h2 ^ code, 2869860233)
    h3 = h4 ^ Math.imul(h3 ^ code, 951274213)
    h4 = h1 ^ Math.imul(h4 ^ code, 2716044179)
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067)
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233)
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213)
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179)
  h1 ^= h2 ^ h3 ^ h4
  return [h1, h2 ^ h1, h3 ^ h1, h4 ^ h1]
}
