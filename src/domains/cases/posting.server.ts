import type { AccountId, PostingId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import { ACCOUNT_CODES, BOOK_ACCOUNTS } from '../whereabouts/index.ts'
import { drawPosting, dropUnchanged, postStaged } from '../whereabouts/server.ts'
import { loadChain } from './chain.store.server.ts'
import { dueRulesOn } from './policy.ts'
import { decideDueDay, decideOwner, stageOf } from './rules.ts'
import {
  closeStaged,
  insertFiles,
  listStandings,
  raiseTasks,
  setCaseIds,
  setOwners,
  stageOpenings,
  type Terms,
  tieOpenings,
} from './staging.store.server.ts'
import type { Outcome } from './tables.server.ts'

/** Who posts, and on account of what. */
export interface PostingDraft {
  readonly source: 'run' | 'close' | 'case' | 'undo' | 'merge' | 'correction' | 'ledger'
  /** Run id, closed day, case id ... */
  readonly sourceKey: string
  /** Null: the day's close. */
  readonly authorId: AccountId | null
}

export interface Posted {
  /** Null: everything stood already. */
  readonly postingId: PostingId | null
  readonly posted: number
  readonly opened: number
  readonly closed: number
}

/**
 * [CASE-5] The one way into the books. Posts what stands in `entry_staging` (at most 50,000 rows) with the files that it
 * opens, keeps, raises and closes, in the caller's transaction: an entry without its file, or a file without its entry, is
 * refused by the database. `today` is the day on which files are given out and sight begins; entries speak of their own days.
 */
export async function openAndPost(
  tx: Tx,
  draft: PostingDraft,
  today: PlainDate,
  outcome: Outcome = 'explained',
): Promise<Posted> {
  if ((await dropUnchanged(tx)) === 0) return { postingId: null, posted: 0, opened: 0, closed: 0 }
  const terms = termsOn(today)
  const unexplained = await stageOpenings(tx)
  if (unexplained > 0) await giveOwners(tx, today)
  const postingId = await drawPosting(tx, draft)
  let opened = 0
  if (unexplained > 0) {
    opened = await insertFiles(tx, { terms, postingId, today })
    await raiseTasks(tx, terms)
    await setCaseIds(tx)
  }
  const { posted } = await postStaged(tx, draft, postingId)
  const closed = await closeStaged(tx, { postingId, today, outcome })
  return { postingId, posted, opened, closed }
}

/** [CASE-2] [CASE-3] One decision a place, not one a child. */
async function giveOwners(tx: Tx, today: PlainDate): Promise<void> {
  const standings = await listStandings(tx)
  if (standings.length === 0) return
  const places = new Set(standings.flatMap((at) => [at.schoolId, at.livingId, at.registeredId]))
  const chain = await loadChain(
    tx,
    [...places].filter((id) => id !== null),
    today,
  )
  await setOwners(
    tx,
    standings.map((standing) => ({ ...standing, owner: decideOwner(standing, chain) })),
  )
  await tieOpenings(tx, today)
}

/** [CASE-1] [CASE-4] */
function termsOn(today: PlainDate): readonly Terms[] {
  const rules = dueRulesOn(today)
  return ACCOUNT_CODES.filter((account) => BOOK_ACCOUNTS[account].isUnexplained).map((account) => {
    const stage = stageOf(account)
    return { account, stage, dueDay: decideDueDay(stage, account, today, rules) }
  })
}
