import { sql } from 'kysely'
import type { Tx } from '../../platform/db/index.ts'
import type { RepairField, RightSide, Side } from './kinds.ts'

export interface NewerRecord {
  readonly repair_id: number
  readonly field: RepairField
  readonly right_side: RightSide | null
  readonly roll_sealed: Buffer | null
  readonly register_sealed: Buffer | null
  readonly right_sealed: Buffer | null
  readonly batch_id: number
  /** Sealed identity of the child's newest record in the register that has to be mended. */
  readonly current: Buffer
}

interface Page {
  readonly after: number
  readonly until: number
}

export async function lastRepairId(tx: Tx): Promise<number> {
  const { rows } = await sql<{ last: number | null }>`select max(repair_id) as last from repair`.execute(tx)
  return rows[0]?.last ?? 0
}

/** Repairs of a page whose child has a newer record on that side than the one that was found wrong, not asked yet. */
export async function listNewer(tx: Tx, side: Side, page: Page, batchId?: number): Promise<readonly NewerRecord[]> {
  const own = sql.ref(`p.${side}_record`)
  const ofBatch =
    batchId === undefined
      ? sql``
      : sql`and exists (select from source_record x where x.child_id = a.child_id and x.batch_id = ${batchId})`
  const { rows } = await sql<NewerRecord>`
    with asked as materialized (
      select p.repair_id, p.field, p.right_side, p.roll_sealed, p.register_sealed, p.right_sealed, a.child_id,
        b.kind, b.as_of_day, b.batch_id
      from repair p join source_record a on a.record_id = p.anchor_record
        join source_record w on w.record_id = ${own} join source_batch b on b.batch_id = w.batch_id
      where p.repair_id > ${page.after} and p.repair_id <= ${page.until} and p.dismissed_at is null and p.is_live
        and (p.mends = ${side} or p.right_side is null) ${ofBatch}
    )
    select q.repair_id, q.field, q.right_side, q.roll_sealed, q.register_sealed, q.right_sealed, n.batch_id, i.sealed as current
    from asked q cross join lateral (
        select coalesce(r.same_as, r.record_id) as record_id, r.batch_id, c.as_of_day
        from source_record r join source_batch c on c.batch_id = r.batch_id and c.undone_at is null and c.kind = q.kind
        where r.child_id = q.child_id order by c.as_of_day desc, c.batch_id desc, r.record_id desc limit 1) n
      join person_identity i on i.record_id = n.record_id
    where (n.as_of_day, n.batch_id) > (q.as_of_day, q.batch_id)
      and not exists (select from repair_round k where k.repair_id = q.repair_id and k.batch_id = n.batch_id)`.execute(
    tx,
  )
  return rows
}

export interface Round {
  readonly repairId: number
  readonly batchId: number
  readonly agrees: boolean
}

export async function insertRounds(tx: Tx, rounds: readonly Round[]): Promise<void> {
  if (rounds.length === 0) return
  const ids = rounds.map(({ repairId }) => repairId)
  await sql`insert into repair_round (repair_id, batch_id, agrees)
    select * from unnest(${ids}::bigint[], ${rounds.map(({ batchId }) => batchId)}::bigint[], ${rounds.map(({ agrees }) => agrees)}::boolean[])
    on conflict do nothing`.execute(tx)
  await refreshRepairs(tx, ids)
}

export async function refreshRepairs(tx: Tx, ids: readonly number[]): Promise<void> {
  await sql`select refresh_repairs(${[...ids]}::bigint[])`.execute(tx)
}

/** What extracts said of a repair before it was decided. */
export async function forgetRounds(tx: Tx, repairId: number): Promise<void> {
  await sql`delete from repair_round where repair_id = ${repairId}`.execute(tx)
  await refreshRepairs(tx, [repairId])
}
