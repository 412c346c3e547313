import { sql } from 'kysely'
import type { BatchId } from '../../kernel/ids.ts'
import { batchId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { ProblemJson } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { ImportKind } from './kinds.ts'

export interface BatchFound {
  readonly batchId: BatchId
  readonly kind: ImportKind
  readonly unitId: number
  readonly units: readonly number[]
  readonly asOf: PlainDate
  readonly rowCount: number
  readonly storedCount: number
  readonly refusedCount: number
  readonly asideCount: number
  readonly repairCount: number
  readonly rowsFileId: string | null
  readonly accountId: number
  readonly committedAt: Date
  readonly undoneAt: Date | null
  readonly undoneBy: number | null
  /** No newer batch covers all of its units. */
  readonly isCurrent: boolean
  readonly undoState: UndoState | null
  readonly undoPercent: number | null
  readonly undoProblem: ProblemJson | null
}

export type UndoState = 'waiting' | 'running' | 'failed' | 'done'

/** A later batch of the kind, not undone, that covers the unit of `c` too: it speaks for it. */
const OUTSPOKEN = sql<boolean>`exists (select from batch_cover o join source_batch n on n.batch_id = o.batch_id and n.kind = b.kind and n.undone_at is null
  where o.unit_id = c.unit_id and (n.as_of_day, n.batch_id) > (b.as_of_day, b.batch_id))`

const NEWEST_OF_GIVER = sql<boolean>`not exists (select from source_batch n where n.kind = b.kind and n.unit_id = b.unit_id and n.undone_at is null
    and (n.as_of_day, n.batch_id) > (b.as_of_day, b.batch_id))`

/** [IMP-13] A floating extract and an aid list cover nothing whole: the giver's newest speaks. */
const CURRENT = sql<boolean>`b.undone_at is null and case b.kind
  when 'floating' then ${NEWEST_OF_GIVER}
  when 'aid' then ${NEWEST_OF_GIVER}
  else exists (select from batch_cover c where c.batch_id = b.batch_id and not ${OUTSPOKEN}) end`

const COLUMNS = sql`b.batch_id as "batchId", b.kind, b.unit_id as "unitId", b.units, b.as_of_day as "asOf", b.row_count as "rowCount",
  b.stored_count as "storedCount", b.refused_count as "refusedCount", b.aside_count as "asideCount", b.repair_count as "repairCount", b.rows_file_id as "rowsFileId",
  b.account_id as "accountId", b.committed_at as "committedAt", b.undone_at as "undoneAt", b.undone_by as "undoneBy", ${CURRENT} as "isCurrent",
  u.state as "undoState", u.percent as "undoPercent", u.problem as "undoProblem"`

export async function listBatches(
  tx: Tx,
  { kind, page, size }: { readonly kind?: ImportKind | undefined; readonly page: number; readonly size: number },
): Promise<{ total: number; rows: readonly BatchFound[] }> {
  const ofKind = kind === undefined ? sql`not b.is_ledger` : sql`not b.is_ledger and b.kind = ${kind}`
  const counted = await sql<{ total: number }>`select count(*) as total from source_batch b where ${ofKind}`.execute(tx)
  const { rows } =
    await sql<BatchFound>`select ${COLUMNS} from source_batch b left join batch_undo u on u.batch_id = b.batch_id
    where ${ofKind} order by b.batch_id desc limit ${size} offset ${(page - 1) * size}`.execute(tx)
  return { total: counted.rows[0]!.total, rows }
}

export async function findBatch(tx: Tx, id: number): Promise<BatchFound | undefined> {
  const { rows } =
    await sql<BatchFound>`select ${COLUMNS} from source_batch b left join batch_undo u on u.batch_id = b.batch_id
    where b.batch_id = ${id} and not b.is_ledger`.execute(tx)
  return rows[0]
}

export interface Cover {
  readonly unitId: number
  readonly rows: number
  readonly isCurrent: boolean
}

export async function listCovers(tx: Tx, id: number, most: number): Promise<{ count: number; rows: readonly Cover[] }> {
  const counted = await sql<{
    count: number
  }>`select count(*) as count from batch_cover where batch_id = ${id}`.execute(tx)
  const { rows } =
    await sql<Cover>`select c.unit_id as "unitId", c.row_count as "rows", b.undone_at is null and not ${OUTSPOKEN} as "isCurrent"
    from batch_cover c join source_batch b on b.batch_id = c.batch_id where c.batch_id = ${id} order by c.row_count desc, c.unit_id limit ${most}`.execute(
      tx,
    )
  return { count: counted.rows[0]!.count, rows }
}

/** [IMP-13] The newest live batches that together cover the branch of a unit: what a run over it reads. */
export async function listCurrentBatches(
  tx: Tx,
  unitId: number,
  kind: ImportKind,
): Promise<readonly { readonly batchId: BatchId; readonly asOf: PlainDate; readonly rowCount: number }[]> {
  const newest =
    kind === 'floating' || kind === 'aid'
      ? sql`select distinct on (b.unit_id) b.batch_id from source_batch b join unit g on g.unit_id = b.unit_id
          where b.kind = ${kind} and b.undone_at is null and g.path @> array[${unitId}::int]
          order by b.unit_id, b.as_of_day desc, b.batch_id desc`
      : sql`select distinct on (c.unit_id) b.batch_id from batch_cover c join source_batch b on b.batch_id = c.batch_id
          join unit g on g.unit_id = c.unit_id
          where b.kind = ${kind} and b.undone_at is null and g.path @> array[${unitId}::int]
          order by c.unit_id, b.as_of_day desc, b.batch_id desc`
  const { rows } = await sql<{
    batch_id: number
    as_of_day: PlainDate
    row_count: number
  }>`select batch_id, as_of_day, row_count
    from source_batch where batch_id in (${newest}) order by batch_id`.execute(tx)
  return rows.map((row) => ({ batchId: batchId(row.batch_id), asOf: row.as_of_day, rowCount: row.row_count }))
}

/** The live batch of the same rows and day, if the unit has given it already. */
export async function findSameBatch(
  tx: Tx,
  same: { readonly unitId: number; readonly kind: ImportKind; readonly contentKey: Buffer; readonly asOf?: PlainDate },
): Promise<BatchId | undefined> {
  const onDay = same.asOf === undefined ? sql`true` : sql`as_of_day = ${same.asOf}`
  const { rows } = await sql<{
    batch_id: number
  }>`select batch_id from source_batch where unit_id = ${same.unitId} and kind = ${same.kind}
    and content_key = ${same.contentKey} and undone_at is null and ${onDay} order by batch_id desc limit 1`.execute(tx)
  return rows[0] === undefined ? undefined : batchId(rows[0].batch_id)
}

/** A unit among `unitIds` for which a live batch of the kind speaks that is newer than `asOf`: the newest such. */
export async function findNewerCover(
  tx: Tx,
  kind: ImportKind,
  unitIds: readonly number[],
  asOf: PlainDate,
): Promise<{ readonly batchId: number; readonly unitId: number; readonly day: PlainDate } | undefined> {
  const { rows } = await sql<{
    batchId: number
    unitId: number
    day: PlainDate
  }>`select b.batch_id as "batchId", c.unit_id as "unitId", b.as_of_day as "day"
    from batch_cover c join source_batch b on b.batch_id = c.batch_id
    where c.unit_id = any (${[...unitIds]}::int[]) and b.kind = ${kind} and b.undone_at is null and b.as_of_day > ${asOf}
    order by b.as_of_day desc, b.batch_id desc limit 1`.execute(tx)
  return rows[0]
}

/** Units that the giver's last live batch of the kind spoke of and this sheet does not. */
export async function countUncovered(
  tx: Tx,
  giver: { readonly unitId: number; readonly kind: ImportKind },
  unitIds: readonly number[],
): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from batch_cover c where c.batch_id = (
      select batch_id from source_batch where unit_id = ${giver.unitId} and kind = ${giver.kind} and undone_at is null
      order by as_of_day desc, batch_id desc limit 1)
    and c.unit_id <> all (${[...unitIds]}::int[])`.execute(tx)
  return rows[0]!.count
}

/** Serialises commits of one content by one unit, until the end of the transaction. */
export async function lockContent(tx: Tx, unitId: number, contentKey: Buffer): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${contentKey.toString('hex')}, ${unitId}))`.execute(tx)
}

/** Runs that posted from the batch, newest first. */
export async function listRunsOn(tx: Tx, id: number): Promise<readonly string[]> {
  const { rows } = await sql<{ source_key: string }>`select g.source_key from posting_ground g
    join posting p on p.source = 'run' and p.source_key = g.source_key where g.batch_id = ${id}
    group by g.source_key order by max(p.posting_id) desc`.execute(tx)
  return rows.map(({ source_key }) => source_key)
}

/** Rows that the giver's newest live batch of the kind had, when it spoke of the same units and nothing else. */
export async function sizeOfNewest(
  tx: Tx,
  giver: { readonly unitId: number; readonly kind: ImportKind },
  unitIds: readonly number[],
): Promise<number> {
  const { rows } = await sql<{ row_count: number; covers: number[] | null }>`select b.row_count,
      (select array_agg(c.unit_id order by c.unit_id) from batch_cover c where c.batch_id = b.batch_id) as covers
    from source_batch b where b.unit_id = ${giver.unitId} and b.kind = ${giver.kind} and b.undone_at is null
    order by b.as_of_day desc, b.batch_id desc limit 1`.execute(tx)
  const newest = rows[0]
  const sorted = [...unitIds].sort((a, b) => a - b)
  return newest !== undefined && (newest.covers ?? []).join() === sorted.join() ? newest.row_count : 0
}
