import { sql } from 'kysely'
import { type BatchId, type ChildId, childId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import { tables } from './store.ts'
import { deriveTies, ids, refreshShown, retie } from './tie-store.server.ts'

const CHILDREN_A_PAGE = 20_000

export interface UndoneBatch {
  /** Children whose facts, ties or units were worked out anew. */
  readonly children: number
}

/** [PERS-10] The batch counts no more: what older and newer ones say holds as if it had never been there. Done twice it changes nothing. */
export async function undoBatchRecords(
  tx: Tx,
  batch: BatchId,
  { now, accountId, today }: { readonly now: Date; readonly accountId: number; readonly today: PlainDate },
): Promise<UndoneBatch> {
  await tables(tx)
    .updateTable('source_batch')
    .set({ undone_at: now, undone_by: accountId })
    .where('batch_id', '=', batch)
    .where('undone_at', 'is', null)
    .execute()
  await sql`create temp table undo_todo on commit drop as
    select child_id from source_record where batch_id = ${batch}
    union
    select t.child_id from source_batch b join batch_cover c on c.batch_id = b.batch_id join unit u on c.unit_id = any (u.path)
      join tie t on t.unit_id = u.unit_id and t.source = 'batch' and not upper_inf(t.valid) and upper(t.valid) = b.as_of_day
    where b.batch_id = ${batch}
    union
    -- Whom another sheet of the same day told there: two words of one day leave no tie that could be found by its end.
    select r.child_id from source_batch b join source_batch o on o.kind = b.kind and o.as_of_day = b.as_of_day and o.batch_id <> b.batch_id
      join source_record r on r.batch_id = o.batch_id join unit u on u.unit_id = r.unit_id
      join batch_cover c on c.batch_id = b.batch_id and c.unit_id = any (u.path)
    where b.batch_id = ${batch} and o.undone_at is null`.execute(tx)
  let children = 0
  for (let after = 0; ; ) {
    const { rows } = await sql<{ child_id: number }>`select child_id from undo_todo where child_id > ${after}
      order by child_id limit ${CHILDREN_A_PAGE}`.execute(tx)
    const page = rows.map((row) => row.child_id)
    if (page.length === 0) break
    await settleChildren(tx, page, today)
    children += page.length
    after = page.at(-1)!
  }
  await sql`drop table undo_todo`.execute(tx)
  return { children }
}

/** Everything that is worked out from the live records of the children. */
export async function settleChildren(tx: Tx, children: readonly number[], today: PlainDate): Promise<void> {
  await refreshShown(tx, children)
  await refreshShares(tx, children)
  await deriveTies(tx, children)
  await retie(tx, children, today)
}

/** [PERS-4] Two children under one ID number: whether records still have to be repaired for it. */
async function refreshShares(tx: Tx, children: readonly number[]): Promise<void> {
  await sql`with asked as materialized (
      select distinct i.id_key from source_record r join person_identity i on i.record_id = coalesce(r.same_as, r.record_id)
      where r.child_id = any (${ids(children)}) and i.id_key is not null
    ), told as materialized (
      select a.id_key, r.record_id, r.child_id, r.shares_id, b.undone_at is null as is_live
      from asked a join person_identity i on i.id_key = a.id_key
        join source_record r on r.record_id = i.record_id or r.same_as = i.record_id
        join source_batch b on b.batch_id = r.batch_id
    ), held as (
      select id_key, min(child_id) <> max(child_id) as is_shared from told where is_live group by id_key
    )
    update source_record r set shares_id = held.is_shared from told join held using (id_key)
    where r.record_id = told.record_id and told.is_live and r.shares_id <> held.is_shared`.execute(tx)
}

/** Children that rows of a batch speak of, in pages. */
export async function listBatchChildren(
  tx: Tx,
  batch: BatchId,
  after: number,
  most: number,
): Promise<readonly ChildId[]> {
  const rows = await tables(tx)
    .selectFrom('source_record')
    .select('child_id')
    .distinct()
    .where('batch_id', '=', batch)
    .where('child_id', '>', after)
    .orderBy('child_id')
    .limit(most)
    .execute()
  return rows.map((row) => childId(row.child_id))
}
