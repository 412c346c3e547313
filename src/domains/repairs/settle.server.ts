import type { Tx } from '../../platform/db/index.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import { openIdentity } from '../persons/server.ts'
import { SIDES, type Side } from './kinds.ts'
import { isSameValue, valueIn } from './rules.ts'
import { openCell } from './seal.server.ts'
import { insertRounds, lastRepairId, listNewer, type NewerRecord } from './settle.store.server.ts'

/** Sealed values and identities held at once. */
const REPAIRS_A_PAGE = 5_000

interface Answered {
  readonly agreed: number
  readonly unchanged: number
}

/**
 * [REP-6] Asks the newest extracts of every repair that is not dismissed: only a newer record of the child in the register
 * that has to be mended closes it, and only with the right value. Where nobody has decided, either side may have come round.
 * Told of a batch, it asks the repairs of that batch's
 * children; told of a repair, that one.
 */
export async function closeAgreed(
  tx: Tx,
  keys: Pick<ChildKeys, 'open'>,
  about: { readonly batchId?: number; readonly repairId?: number } = {},
): Promise<Answered> {
  let agreed = 0
  let unchanged = 0
  const one = about.repairId
  const from = one === undefined ? 0 : one - 1
  const last = one ?? (await lastRepairId(tx))
  for (const side of SIDES) {
    for (let after = from; after < last; after += REPAIRS_A_PAGE) {
      const page = { after, until: Math.min(last, after + REPAIRS_A_PAGE) }
      const rounds = (await listNewer(tx, side, page, about.batchId)).map((newer) => ({
        repairId: newer.repair_id,
        batchId: newer.batch_id,
        agrees: agreesNow(keys, side, newer),
      }))
      await insertRounds(tx, rounds)
      const good = rounds.filter(({ agrees }) => agrees).length
      agreed += good
      unchanged += rounds.length - good
    }
  }
  return { agreed, unchanged }
}

function agreesNow(keys: Pick<ChildKeys, 'open'>, side: Side, newer: NewerRecord): boolean {
  const right =
    newer.right_side === 'other'
      ? openCell(keys, 'right_sealed', newer.right_sealed)
      : side === 'roll'
        ? openCell(keys, 'register_sealed', newer.register_sealed)
        : openCell(keys, 'roll_sealed', newer.roll_sealed)
  // A row that stood alone has no other side: only a decision says what is right.
  return right !== null && isSameValue(newer.field, valueIn(newer.field, openIdentity(keys, newer.current)), right)
}
