import { foldName } from '../../kernel/chinese-name.ts'
import type { ChildId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import { openIdentity } from '../persons/server.ts'
import {
  createPairs,
  dropPairs,
  findPairOf,
  insertFound,
  listPairs,
  lockRecording,
  type NewRepair,
  type PairFound,
  type RecordPair,
} from './record.store.server.ts'
import { type Difference, differencesOf, type Told } from './rules.ts'
import { sealCell } from './seal.server.ts'

/** Who found the differences: a run over the books, the check of an import, or a check task that came back with B1. */
export interface Finding {
  readonly source: 'run' | 'import' | 'check'
  readonly sourceKey: string
  readonly day: PlainDate
}

type Sealer = Pick<ChildKeys, 'open' | 'seal' | 'indexKey'>

/** Sealed identities of both sides held at once: about 5 MB. */
const PAIRS_A_PAGE = 5_000

/** [REP-1] Of a few pairs; a run has a table of them. */
export async function recordRepairs(
  tx: Tx,
  keys: Sealer,
  finding: Finding,
  pairs: readonly RecordPair[],
): Promise<number> {
  await createPairs(tx, pairs)
  return recordFromTable(tx, keys, finding)
}

/** [REP-9] Of one child, by its newest rows: for who found out at the door that a name or number is wrong (B1). */
export async function recordRepairsOfChild(tx: Tx, keys: Sealer, finding: Finding, child: ChildId): Promise<number> {
  return recordRepairs(tx, keys, finding, [await findPairOf(tx, child)])
}

/**
 * [REP-1] [REP-9] Every difference of the pairs in the temporary table `repair_pair` (seq, roll_record, register_record),
 * the pair met first before the others; the table is gone afterwards. What is known already is not found again, whoever finds it.
 */
export async function recordFromTable(tx: Tx, keys: Sealer, finding: Finding): Promise<number> {
  await lockRecording(tx)
  let found = 0
  for (let after = 0; ; ) {
    const page = await listPairs(tx, after, PAIRS_A_PAGE)
    if (page.length === 0) break
    found += await insertFound(
      tx,
      finding,
      page.flatMap((pair) => repairsOf(keys, pair)),
    )
    after = page.at(-1)!.seq
  }
  await dropPairs(tx)
  return found
}

function repairsOf(keys: Sealer, pair: PairFound): readonly NewRepair[] {
  const { roll, register } = pair
  const told = (side: PairFound['roll']): Told | undefined =>
    side === null
      ? undefined
      : { ...openIdentity(keys, side.sealed), needsRepair: side.needsRepair, sharesId: side.sharesId }
  return differencesOf(told(roll), told(register)).map((difference) => ({
    field: difference.field,
    rollRecord: roll?.recordId ?? null,
    registerRecord: register?.recordId ?? null,
    rollSealed: sealCell(keys, 'roll_sealed', difference.roll),
    registerSealed: sealCell(keys, 'register_sealed', difference.register),
    differenceKey: keys.indexKey('repair', differenceText(difference)),
    hint: difference.hint,
    suggested: difference.suggested,
    schoolId: pair.schoolId,
    units: pair.units,
  }))
}

/** [REP-9] Two spellings of one name are one difference. */
function differenceText({ field, roll, register }: Difference): string {
  const isName = field === 'name' || field === 'former-name'
  return JSON.stringify([
    field,
    ...[roll, register].map((value) => (value !== null && isName ? foldName(value) : value)),
  ])
}
