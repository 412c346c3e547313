import type { RunId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import { closeAgreed, recordFromTable } from '../repairs/server.ts'
import { collectPairs, collectStrays } from './posting-repairs.store.server.ts'

/**
 * [POST-30] What a run hands to the repair queue (修正清单): pairs of one person whose name or number differ, and rows that
 * stand alone and that the import sent to repair. The newest extracts close what they agree with first, so that a child that
 * was mended is not found again.
 */
export async function recordRunRepairs(
  tx: Tx,
  keys: ChildKeys,
  { runId, today }: { readonly runId: RunId; readonly today: PlainDate },
): Promise<number> {
  await closeAgreed(tx, keys)
  await collectPairs(tx)
  const differing = await recordFromTable(tx, keys, { source: 'run', sourceKey: runId, day: today })
  await collectStrays(tx)
  const alone = await recordFromTable(tx, keys, { source: 'import', sourceKey: runId, day: today })
  return differing + alone
}
