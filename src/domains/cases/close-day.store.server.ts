import { sql } from 'kysely'
import { type PostingId, postingId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/index.ts'
import { lockBooks } from '../whereabouts/server.ts'

/** Of this program: 'close' on a telephone keypad. Two closers work one after the other. */
const CLOSING_LOCK = 25_673

export async function lockClosing(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${CLOSING_LOCK})`.execute(tx)
}

/** What the day knew: nothing is posted while the books' lock is held, so no lower number comes after it. */
export async function findLatestPosting(tx: Tx): Promise<PostingId | null> {
  await lockBooks(tx)
  const { rows } = await sql<{ latest: number | null }>`select max(posting_id) as latest from posting`.execute(tx)
  const latest = rows[0]?.latest ?? null
  return latest === null ? null : postingId(latest)
}
