import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Unit } from '../registry/server.ts'
import type { Standing } from './balance-store.server.ts'
import type { PostingSource } from './contract.ts'

/** Days are few (365 a year); a page shows the last ones. */
const MOST_DAYS = 400
const MOST_POSTINGS = 60

export interface ClosedDays {
  readonly opening: PlainDate
  readonly last: PlainDate
  /** Of the day asked: itself when it was closed, and the closed day before it. */
  readonly asked: PlainDate | null
  readonly before: PlainDate | null
  /** Highest posting there is. */
  readonly latest: number
}

export async function findClosedDays(tx: Tx, asOf: PlainDate | undefined): Promise<ClosedDays | undefined> {
  const { rows } = await sql<{
    opening: PlainDate | null
    last: PlainDate
    asked: PlainDate | null
    before: PlainDate | null
    latest: number
  }>`select min(day) as opening, max(day) as last, last_posting() as latest,
      (select d.day from closed_day d where d.day = coalesce(${asOf ?? null}::date, max(c.day))) as asked,
      (select max(d.day) from closed_day d where d.day < coalesce(${asOf ?? null}::date, max(c.day))) as before
    from closed_day c`.execute(tx)
  const row = rows[0]
  return row === undefined || row.opening === null ? undefined : { ...row, opening: row.opening }
}

export async function listDays(
  tx: Tx,
): Promise<readonly { day: PlainDate; closed_at: Date; posting_id: number | null }[]> {
  const { rows } = await sql<{ day: PlainDate; closed_at: Date; posting_id: number | null }>`
    select day, closed_at, posting_id from closed_day order by day desc limit ${MOST_DAYS}`.execute(tx)
  return rows
}

/** Acts of posting that the scope sees, newest first: a run's chunks are one. */
export async function listPostings(
  tx: Tx,
): Promise<readonly { posting_id: number; posted_at: Date; source: PostingSource }[]> {
  const { rows } = await sql<{ posting_id: number; posted_at: Date; source: PostingSource }>`
    select max(posting_id) as posting_id, max(posted_at) as posted_at, source from (
      select posting_id, posted_at, source, source_key from posting order by posting_id desc limit 3000) p
    group by source, source_key order by 1 desc limit ${MOST_POSTINGS}`.execute(tx)
  return rows
}

export interface BridgeRow {
  readonly source_key: string
  readonly unit_id: number
  readonly path: number[]
  readonly posting_id: number | null
  readonly as_of_day: PlainDate
  readonly received: number
  readonly errors: number
  readonly duplicates: number
  readonly cancelled: number
  readonly not_begun: number
  readonly closed: number
  readonly persons: number
  readonly carried: number
}

/** The newest bridge of each unit of the branch that the day and the posting know; not that of a run that was taken back. */
export async function listBridges(tx: Tx, unit: Unit, standing: Standing): Promise<readonly BridgeRow[]> {
  const { rows } = await sql<BridgeRow>`
    select distinct on (b.unit_id) b.source_key, b.unit_id, u.path, b.posting_id, b.as_of_day, b.received, b.errors, b.duplicates,
      b.cancelled, b.not_begun, b.closed, b.persons, b.carried
    from book_bridge b join unit u on u.unit_id = b.unit_id
    where u.path @> array[${unit.unitId}::int] and b.as_of_day <= ${standing.asOf} and b.posting_id <= ${standing.knownAt}
      and (b.withdrawn_by is null or b.withdrawn_by > ${standing.knownAt})
    order by b.unit_id, b.posting_id desc`.execute(tx)
  return rows
}

/** Sheets given by units of the branch that no run has posted. */
export async function countWaiting(tx: Tx, unit: Unit): Promise<{ readonly batches: number; readonly rows: number }> {
  const { rows } = await sql<{ batches: number; rows: number }>`
    select count(*)::int as batches, coalesce(sum(b.stored_count), 0)::int as rows
    from source_batch b join unit u on u.unit_id = b.unit_id
    where b.undone_at is null and u.path @> array[${unit.unitId}::int]
      and not exists (select from posting_ground g where g.batch_id = b.batch_id)`.execute(tx)
  return rows[0] ?? { batches: 0, rows: 0 }
}
