import { sql } from 'kysely'
import type { BatchId, FileId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { BookKind } from '../persons/index.ts'
import type { InputRow } from './store.ts'

export interface BatchSeen extends InputRow {
  readonly isUndone: boolean
}

/** Batches that the scope sees, by id. */
export async function listBatchesSeen(tx: Tx, ids: readonly number[]): Promise<readonly BatchSeen[]> {
  const { rows } = await sql<{
    batch_id: BatchId
    kind: BookKind
    content_key: string
    row_count: number
    as_of_day: PlainDate
    unit_id: number
    is_undone: boolean
  }>`select batch_id, kind, encode(content_key, 'hex') as content_key, row_count, as_of_day, unit_id, undone_at is not null as is_undone
    from source_batch where batch_id = any (${[...ids]}::bigint[]) order by batch_id`.execute(tx)
  return rows.map((row) => ({
    batchId: row.batch_id,
    kind: row.kind,
    contentKey: row.content_key,
    rows: row.row_count,
    asOf: row.as_of_day,
    unitId: row.unit_id,
    isUndone: row.is_undone,
  }))
}

/** The sealed rows of batches; null once their retention is over. */
export async function listRowFiles(
  tx: Tx,
  ids: readonly BatchId[],
): Promise<readonly { readonly batchId: BatchId; readonly kind: BookKind; readonly fileId: FileId | null }[]> {
  const { rows } = await sql<{ batchId: BatchId; kind: BookKind; fileId: FileId | null }>`
    select batch_id as "batchId", kind, rows_file_id as "fileId" from source_batch
    where batch_id = any (${[...ids]}::bigint[]) and undone_at is null order by batch_id`.execute(tx)
  return rows
}

/** What is committed in the whole city: a district's entries rest on the rolls of others too. As the system. */
export async function readSurroundings(tx: Tx): Promise<string> {
  const { rows } = await sql<{ digest: string | null }>`
    select md5(string_agg(batch_id::text, ' ' order by batch_id)) as digest from source_batch where undone_at is null`.execute(
    tx,
  )
  return rows[0]?.digest ?? ''
}

/** Units, down to the last village, for which a newer batch than these speaks. As the system. */
export async function listOutspoken(
  tx: Tx,
  ids: readonly BatchId[],
): Promise<readonly { readonly batchId: BatchId; readonly unitId: number }[]> {
  const { rows } = await sql<{ batchId: BatchId; unitId: number }>`
    select distinct b.batch_id as "batchId", u.unit_id as "unitId"
    from source_batch b join batch_cover c on c.batch_id = b.batch_id
      join unit u on u.path @> array[c.unit_id]
      join batch_cover o on o.unit_id = any (u.path)
      join source_batch n on n.batch_id = o.batch_id and n.kind = b.kind and n.undone_at is null
    where b.batch_id = any (${[...ids]}::bigint[]) and (n.as_of_day, n.batch_id) > (b.as_of_day, b.batch_id)
    order by 1, 2`.execute(tx)
  return rows
}

/** What codes of divisions in this city begin with: 50, or 5101 where the city is one of a province. */
export async function readCityPrefix(tx: Tx): Promise<string> {
  const { rows } = await sql<{
    code: string
  }>`select code from unit where kind = 'city' order by unit_id limit 1`.execute(tx)
  return (rows[0]?.code ?? '').slice(0, 6).replace(/(00)+$/, '')
}

/** Runs of which a batch was undone. */
export async function listUndoneBatches(tx: Tx, ids: readonly BatchId[]): Promise<readonly BatchId[]> {
  const { rows } = await sql<{ batch_id: BatchId }>`
    select batch_id from source_batch where batch_id = any (${[...ids]}::bigint[]) and undone_at is not null`.execute(
    tx,
  )
  return rows.map((row) => row.batch_id)
}
