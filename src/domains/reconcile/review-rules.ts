/** What one person says of a pair of records. */
export const VERDICTS = ['same', 'different', 'unsure'] as const
export type Verdict = (typeof VERDICTS)[number]

/**
 * Where a pair stands. `open`: nobody has looked. `second`: a second person looks, without seeing what the first said.
 * `dispute`: the two differ, a third settles it. The rest is the outcome; `unsure` goes to the field and decides nothing.
 */
export const PAIR_STATES = ['open', 'second', 'dispute', 'same', 'different', 'unsure'] as const
export type PairState = (typeof PAIR_STATES)[number]

export interface Answer {
  readonly accountId: number
  readonly turn: number
  readonly verdict: Verdict
}

/**
 * [REVIEW-1] The state of a pair is a fold of its answers. Who cannot tell hands it on; a pair that the policy gives to two
 * is decided by two who agree; two who differ are settled by a third. Two who cannot tell leave it undecided.
 */
export function foldAnswers(answers: readonly Answer[], needsSecond: boolean): PairState {
  const [first, second, third] = [1, 2, 3].map((turn) => answers.find((answer) => answer.turn === turn)?.verdict)
  if (third !== undefined) return third
  if (first === undefined) return 'open'
  if (second === undefined) return first === 'unsure' || needsSecond ? 'second' : first
  if (first === second) return first
  return first === 'unsure' && !needsSecond ? second : 'dispute'
}

/** Whose turn it is: 1, 2 or 3; null when nobody's. */
export function turnOf(state: PairState): 1 | 2 | 3 | null {
  if (state === 'open') return 1
  if (state === 'second') return 2
  return state === 'dispute' ? 3 : null
}

/** [REVIEW-2] Nobody looks at a pair twice: the second look and the third are worth something only by another person. */
export function mayAnswer(
  who: { readonly accountId: number; readonly maySettle: boolean; readonly mayReview: boolean },
  state: PairState,
  answers: readonly Pick<Answer, 'accountId'>[],
): boolean {
  const turn = turnOf(state)
  if (turn === null || answers.some(({ accountId }) => accountId === who.accountId)) return false
  return turn === 3 ? who.maySettle : who.mayReview
}

export interface Agreement {
  /** Pairs that two looked at. */
  readonly pairs: number
  readonly agreed: number
  /** Cohen's kappa: agreement beyond what chance would give; null where chance alone agrees, or nobody looked twice. */
  readonly kappa: number | null
}

/** [REVIEW-3] How far two who look independently say the same. Cohen 1960, over the three verdicts. */
export function agreementOf(pairs: readonly (readonly [Verdict, Verdict])[]): Agreement {
  const agreed = pairs.filter(([first, second]) => first === second).length
  if (pairs.length === 0) return { pairs: 0, agreed: 0, kappa: null }
  const share = (side: 0 | 1, verdict: Verdict) => pairs.filter((pair) => pair[side] === verdict).length / pairs.length
  const chance = VERDICTS.reduce((sum, verdict) => sum + share(0, verdict) * share(1, verdict), 0)
  const kappa = chance >= 1 ? null : (agreed / pairs.length - chance) / (1 - chance)
  return { pairs: pairs.length, agreed, kappa: kappa === null ? null : Math.round(kappa * 100) / 100 }
}

/** A pause longer than this is no work: a telephone call, lunch. */
const REST_MS = 120_000
/** Of a few seconds no pace can be told. */
const LEAST_MS = 30_000

/** Pairs an hour over the sitting that the times end in; null before the third pair and the first half minute. Times ascend. */
export function paceOf(times: readonly number[]): number | null {
  let from = times.length - 1
  while (from > 0 && times[from]! - times[from - 1]! <= REST_MS) from -= 1
  const done = times.length - 1 - from
  if (done < 2) return null
  const worked = times[times.length - 1]! - times[from]!
  return worked < LEAST_MS ? null : Math.round((done * 3_600_000) / worked)
}

/** A run of characters that both texts have, or that only this one has. */
export interface Piece {
  readonly text: string
  readonly differs: boolean
}

/**
 * [REVIEW-4] Two texts, each in pieces that the other has too and pieces that it has not: by their longest common
 * sequence of characters, so that one missing character does not mark all that follow it.
 */
export function markDifferences(one: string, other: string): readonly [readonly Piece[], readonly Piece[]] {
  const [a, b] = [[...one], [...other]]
  const width = b.length + 1
  const longest = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] =
        a[i] === b[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!)
    }
  }
  const [inOne, inOther] = [new Array<boolean>(a.length).fill(true), new Array<boolean>(b.length).fill(true)]
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      inOne[i] = false
      inOther[j] = false
      i += 1
      j += 1
    } else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) i += 1
    else j += 1
  }
  return [piecesOf(a, inOne), piecesOf(b, inOther)]
}

function piecesOf(characters: readonly string[], differs: readonly boolean[]): readonly Piece[] {
  const pieces: { text: string; differs: boolean }[] = []
  characters.forEach((character, at) => {
    const last = pieces.at(-1)
    if (last !== undefined && last.differs === differs[at]) last.text += character
    else pieces.push({ text: character, differs: differs[at] === true })
  })
  return pieces
}

/** Differing characters of two ID numbers that are shown in clear: more would give the number away. */
const MOST_SHOWN = 2

/**
 * [REVIEW-5] Two ID numbers, masked, with the places where they differ. One or two differing digits stand in clear, because
 * a slip of the pen (3 for 8, two digits changed over) is seen by nothing else; more, and none of them does.
 */
export function maskedApart(
  one: string,
  other: string,
  mask: (id: string) => string,
): readonly [readonly Piece[], readonly Piece[]] {
  if (one.length !== other.length) return [[{ text: mask(one), differs: true }], [{ text: mask(other), differs: true }]]
  const differs = [...one].map((character, at) => character !== other[at])
  const isFew = differs.filter(Boolean).length <= MOST_SHOWN
  const shown = (id: string) => [...mask(id)].map((character, at) => (differs[at] && isFew ? id[at]! : character))
  return [piecesOf(shown(one), differs), piecesOf(shown(other), differs)]
}

/** One step of a weight, in bits: positive speaks for one person. As the engine explains a pair. */
export interface WeightStep {
  readonly comparison: string
  readonly level: string
  readonly weight: number
}

/** Probability as bits for and against. */
export function bitsOf(probability: number): number {
  const held = Math.min(Math.max(probability, 1e-9), 1 - 1e-9)
  return Math.log2(held / (1 - held))
}
