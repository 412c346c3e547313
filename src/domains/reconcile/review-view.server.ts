import type { RecordId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Keys } from '../../platform/keys.ts'
import { type OpenedRecord, openRecords } from '../persons/server.ts'
import { findPersons } from '../registry/server.ts'
import { registerToRoll } from './linkage-definition.ts'
import { sayLevel } from './linkage-words.ts'
import { type AnswerRow, listAnswers, type PairRow } from './review.store.server.ts'
import type { ReviewPair } from './review-contract.ts'
import { linesOf } from './review-lines.ts'
import { bitsOf, turnOf, type WeightStep } from './review-rules.ts'
import { reviewWords as words } from './review-words.ts'

/** Where a note beside an answer is sealed. */
export const NOTE_SEAL = 'review_answer.note_sealed'

/** Who reads a pair: what others said of it is kept from whoever has still to answer. */
export interface PairReader {
  readonly accountId: number
  readonly maySettle: boolean
}

/** Pairs as the page shows them, masked. As the system: the pairs were found in scope. */
export async function viewPairs(
  tx: Tx,
  keys: Pick<Keys, 'open'>,
  pairs: readonly PairRow[],
  reader: PairReader,
): Promise<readonly ReviewPair[]> {
  const records = await openRecords(
    tx,
    keys,
    pairs.flatMap(({ left, right }) => [left, right]),
  )
  const shown: ReviewPair[] = []
  for (const pair of pairs) {
    const answers = await listAnswers(tx, pair.pairId)
    shown.push({
      pairId: pair.pairId,
      kind: pair.kind,
      state: pair.state,
      turn: turnOf(pair.state),
      lines: [...linesOf(recordOf(records, pair.left), recordOf(records, pair.right), 'masked')],
      ...weightsOf(pair),
      linkAt: round(bitsOf(registerToRoll.thresholds.link)),
      answers: isOpenTo(pair, answers, reader) ? await answersOf(tx, keys, answers) : [],
      decisionId: pair.decisionId,
    })
  }
  return shown
}

export function recordOf(records: ReadonlyMap<RecordId, OpenedRecord>, id: RecordId): OpenedRecord {
  const found = records.get(id)
  if (found === undefined) throw new Error('a pair names a record that is not there')
  return found
}

/** [REVIEW-2] The second look is independent: it does not know the first. Who settles reads both. */
function isOpenTo({ state }: PairRow, answers: readonly AnswerRow[], reader: PairReader): boolean {
  if (state === 'open' || state === 'second') return false
  return state !== 'dispute' || reader.maySettle || answers.some(({ accountId }) => accountId === reader.accountId)
}

async function answersOf(
  tx: Tx,
  keys: Pick<Keys, 'open'>,
  answers: readonly AnswerRow[],
): Promise<ReviewPair['answers']> {
  const persons = await findPersons(tx, [...new Set(answers.map(({ accountId }) => accountId))])
  return answers.map(({ turn, verdict, accountId, answeredAt, noteSealed }) => ({
    turn,
    verdict,
    who: persons.get(accountId) ?? words.unknownPerson,
    at: answeredAt.toISOString(),
    note: noteSealed === null ? null : keys.open(noteSealed, NOTE_SEAL),
  }))
}

/** [REVIEW-8] The weights in words. Where any two rows start takes the rounding, so that what is shown adds up to what decided. */
function weightsOf({ steps, score }: PairRow): Pick<ReviewPair, 'weights' | 'total'> {
  const total = round(bitsOf(score))
  const weights = steps
    .filter(({ comparison }) => comparison !== 'start')
    .map((step) => ({ label: labelOf(step), weight: round(step.weight) }))
    .filter(({ weight }) => weight !== 0)
  const start = round(total - weights.reduce((sum, { weight }) => sum + weight, 0))
  return { weights: [{ label: words.start, weight: start }, ...weights], total }
}

function labelOf({ comparison, level }: WeightStep): string {
  if (comparison === 'frequency') return words.frequency
  if (comparison === 'household-chance') return words.householdChance
  const said = sayLevel(comparison, level)
  return said === '' ? (words.silent[comparison as keyof typeof words.silent] ?? words.otherClue) : said
}

function round(bits: number): number {
  return Math.round(bits * 10) / 10
}
