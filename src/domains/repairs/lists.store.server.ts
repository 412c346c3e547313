import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { RepairField, RightSide, Side } from './kinds.ts'
import { refreshRepairs } from './settle.store.server.ts'

export interface ListRow {
  readonly list_id: number
  readonly unit_id: number
  readonly number: number
  readonly mends: Side
  readonly unit: string
  readonly school: string | null
  readonly made_day: PlainDate
  readonly count: number
  readonly agreed: number
  readonly unchanged: number
  readonly is_withdrawn: boolean
}

const SELECT = sql`select l.list_id, l.unit_id, l.number, l.mends, u.name as unit, s.name as school, l.made_day, l.count,
    coalesce(a.agreed, 0) as agreed, coalesce(a.unchanged, 0) as unchanged, l.withdrawn_at is not null as is_withdrawn
  from repair_list l join unit u on u.unit_id = l.unit_id left join unit s on s.unit_id = l.school_id
    left join lateral (select count(*) filter (where p.state = 'agreed') as agreed, count(*) filter (where p.state = 'unchanged') as unchanged
      from repair_list_line k join repair p on p.repair_id = k.repair_id where k.list_id = l.list_id) a on true`

export async function listListRows(
  tx: Tx,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ readonly total: number; readonly rows: readonly ListRow[] }> {
  const counted = await sql<{ n: number }>`select count(*) as n from repair_list`.execute(tx)
  const { rows } =
    await sql<ListRow>`${SELECT} order by l.made_at desc, l.list_id desc limit ${size} offset ${(page - 1) * size}`.execute(
      tx,
    )
  return { total: counted.rows[0]?.n ?? 0, rows }
}

export async function findList(tx: Tx, id: number): Promise<ListRow | undefined> {
  const { rows } = await sql<ListRow>`${SELECT} where l.list_id = ${id}`.execute(tx)
  return rows[0]
}

/** In the scope of who asks: what is confirmed, and what the last export did not carry. */
export async function listSendable(tx: Tx, mends: Side, schoolId: number | undefined): Promise<readonly number[]> {
  const { rows } = await sql<{ repair_id: number }>`select repair_id from repair
    where mends = ${mends} and state in ('confirmed', 'unchanged') and (${schoolId ?? null}::int is null or school_id = ${schoolId ?? null})`.execute(
    tx,
  )
  return rows.map((row) => row.repair_id)
}

export interface NewList {
  readonly unitId: number
  readonly units: readonly number[]
  readonly mends: Side
  readonly schoolId: number | null
  readonly accountId: number
  readonly now: Date
  readonly today: PlainDate
}

/** [REP-12] Numbered without a gap in its unit. What somebody else sent meanwhile is left out; undefined when nothing is left. */
export async function insertList(tx: Tx, list: NewList, repairs: readonly number[]): Promise<number | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended('repair.list', ${list.unitId}))`.execute(tx)
  const { rows: ready } = await sql<{ repair_id: number }>`select repair_id from repair
    where repair_id = any (${[...repairs]}::bigint[]) and mends = ${list.mends} and state in ('confirmed', 'unchanged')
    order by repair_id for update`.execute(tx)
  if (ready.length === 0) return undefined
  const ids = ready.map((row) => row.repair_id)
  const { rows } = await sql<{
    list_id: number
  }>`insert into repair_list (unit_id, units, number, mends, school_id, count, made_by, made_at, made_day)
    select ${list.unitId}, ${[...list.units]}::int[], coalesce(max(number), 0) + 1, ${list.mends}, ${list.schoolId}, ${ids.length}::int,
      ${list.accountId}, ${list.now}, ${list.today}::date
    from repair_list where unit_id = ${list.unitId} returning list_id`.execute(tx)
  const listId = rows[0]!.list_id
  await sql`insert into repair_list_line select ${listId}::bigint, unnest(${ids}::bigint[])`.execute(tx)
  await sql`update repair set list_id = ${listId}, sent_at = ${list.now}, sent_day = ${list.today}::date, is_unchanged = false,
      first_sent_at = coalesce(first_sent_at, ${list.now}), first_sent_day = coalesce(first_sent_day, ${list.today}::date)
    where repair_id = any (${ids}::bigint[])`.execute(tx)
  return listId
}

export interface ListLine {
  readonly repair_id: number
  readonly field: RepairField
  readonly right_side: RightSide
  readonly roll_record: number | null
  readonly register_record: number | null
  readonly roll_sealed: Buffer | null
  readonly register_sealed: Buffer | null
  readonly right_sealed: Buffer | null
  readonly evidence_sealed: Buffer | null
  readonly evidence_day: PlainDate | null
}

/** School by school, child by child. */
export async function listLines(tx: Tx, listId: number): Promise<readonly ListLine[]> {
  const { rows } =
    await sql<ListLine>`select p.repair_id, p.field, p.right_side, p.roll_record, p.register_record, p.roll_sealed,
      p.register_sealed, p.right_sealed, p.evidence_sealed, p.evidence_day
    from repair_list_line k join repair p on p.repair_id = k.repair_id where k.list_id = ${listId}
    order by p.school_id nulls last, p.anchor_record, p.repair_id`.execute(tx)
  return rows
}

/**
 * [REP-13] What stands in the list and has not moved since goes back to what it was: in the list before, or ready to be sent.
 * False: an export has answered some of it already.
 */
export async function withdrawList(tx: Tx, listId: number, now: Date): Promise<boolean> {
  const { rows: held } = await sql<{ repair_id: number; state: string }>`select p.repair_id, p.state
    from repair_list_line k join repair p on p.repair_id = k.repair_id where k.list_id = ${listId} order by p.repair_id for update of p`.execute(
    tx,
  )
  if (held.some(({ state }) => state === 'agreed' || state === 'unchanged')) return false
  const { numAffectedRows } = await sql`update repair_list set withdrawn_at = ${now}
    where list_id = ${listId} and withdrawn_at is null`.execute(tx)
  if (numAffectedRows === 0n) return true
  await sql`with before as (
      select p.repair_id, b.list_id, b.made_at, b.made_day from repair p
        left join lateral (select l.list_id, l.made_at, l.made_day from repair_list_line k join repair_list l on l.list_id = k.list_id
          where k.repair_id = p.repair_id and l.withdrawn_at is null order by l.made_at desc limit 1) b on true
      where p.list_id = ${listId}
    )
    update repair p set list_id = b.list_id, sent_at = b.made_at, sent_day = b.made_day,
      first_sent_at = case when b.list_id is not null then p.first_sent_at end,
      first_sent_day = case when b.list_id is not null then p.first_sent_day end
    from before b where p.repair_id = b.repair_id`.execute(tx)
  await refreshRepairs(
    tx,
    held.map((row) => row.repair_id),
  )
  return true
}
