import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import { ACCOUNT_CODES, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import { loadChain } from './chain.store.server.ts'
import { listLostFiles, setDueDay, setHolder } from './holders.store.server.ts'
import { dueRulesOn } from './policy.ts'
import { decideDueDay, decideHolder, getUnit } from './rules.ts'

/**
 * [CASE-3] A file whose person left the post gets the next one at the same unit, and a stand-in gives it back as soon as the
 * unit has somebody. The duty stays where it was. Part of the day's close.
 */
export async function relieveHolders(tx: Tx, today: PlainDate): Promise<void> {
  const lost = await listLostFiles(tx, today)
  if (lost.length === 0) return
  const chain = await loadChain(tx, lost, today)
  for (const unitId of lost) {
    await setHolder(tx, { unitId, ...decideHolder(getUnit(chain, unitId), chain) }, today)
  }
}

/** [CASE-17] What was checked and is still not explained is asked anew: the tasks among the files have a new term from today. */
export async function renewTerms(tx: Tx, caseIds: readonly number[], today: PlainDate): Promise<void> {
  const rules = dueRulesOn(today)
  for (const account of ACCOUNT_CODES.filter((code) => BOOK_ACCOUNTS[code].isUnexplained)) {
    const dueDay = decideDueDay('task', account, today, rules)
    await setDueDay(tx, { caseIds, accountId: BOOK_ACCOUNTS[account].id, dueDay })
  }
}
