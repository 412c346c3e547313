import { maskCitizenId } from '../../kernel/mask.ts'
import type { RepairField } from './kinds.ts'

/** A piece of a value; `isDifferent` is what the other side does not say. */
export interface Piece {
  readonly text: string
  readonly isDifferent: boolean
}

/** Two wrong digits are a slip and have to be seen; a number that differs in more is another number. */
const MOST_SHOWN = 2
const STAR = '*'

/**
 * [REP-5] Both values with what differs marked, character by character. An ID number is masked, but for the characters in
 * which it differs where at most two do; one that stands alone is masked wholly.
 */
export function markedPair(
  field: RepairField,
  one: string | null,
  other: string | null,
): readonly [readonly Piece[] | null, readonly Piece[] | null] {
  if (one === null || other === null) return [aloneOf(field, one), aloneOf(field, other)]
  const [a, b] = [[...one], [...other]]
  const [hereA, hereB] = differing(a, b)
  if (field !== 'citizen-id') return [piecesOf(a, hereA), piecesOf(b, hereB)]
  return [piecesOf(masked(one, hereA), hereA), piecesOf(masked(other, hereB), hereB)]
}

function aloneOf(field: RepairField, value: string | null): readonly Piece[] | null {
  if (value === null) return null
  return [{ text: field === 'citizen-id' ? maskCitizenId(value) : value, isDifferent: false }]
}

function masked(value: string, different: readonly boolean[]): readonly string[] {
  const hidden = [...maskCitizenId(value)]
  if (different.filter(Boolean).length > MOST_SHOWN) return hidden
  return [...value].map((character, at) => (different[at] === true ? character : (hidden[at] ?? STAR)))
}

/** Place by place where both are as long; else what is not in their longest common sequence. */
function differing(a: readonly string[], b: readonly string[]): readonly [readonly boolean[], readonly boolean[]] {
  if (a.length === b.length) {
    const here = a.map((character, at) => character !== b[at])
    return [here, here]
  }
  const longest = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i]![j] = a[i] === b[j] ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!)
    }
  }
  const [inA, inB] = [a.map(() => true), b.map(() => true)]
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      inA[i++] = false
      inB[j++] = false
    } else if (longest[i + 1]![j]! >= longest[i]![j + 1]!) i++
    else j++
  }
  return [inA, inB]
}

function piecesOf(characters: readonly string[], different: readonly boolean[]): readonly Piece[] {
  const pieces: { text: string; isDifferent: boolean }[] = []
  for (const [at, character] of characters.entries()) {
    const isDifferent = different[at] === true
    const last = pieces.at(-1)
    if (last?.isDifferent === isDifferent) last.text += character
    else pieces.push({ text: character, isDifferent })
  }
  return pieces
}
