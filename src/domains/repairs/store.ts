import { type SqlBool, sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { RepairCounts, Work } from './contract.ts'
import {
  type DismissCause,
  type Hint,
  OPEN_STATES,
  type RepairField,
  type RepairState,
  type RightSide,
  type Side,
} from './kinds.ts'

export interface RepairRow {
  readonly repair_id: number
  readonly field: RepairField
  readonly roll_record: number | null
  readonly register_record: number | null
  readonly anchor_record: number
  readonly roll_sealed: Buffer | null
  readonly register_sealed: Buffer | null
  readonly right_sealed: Buffer | null
  readonly evidence_sealed: Buffer | null
  readonly evidence_day: PlainDate | null
  readonly hint: Hint | null
  readonly suggested: Side | null
  readonly right_side: RightSide | null
  readonly mends: Side
  readonly state: RepairState
  readonly found_day: PlainDate
  readonly school_id: number | null
  readonly sent_day: PlainDate | null
  readonly list_number: number | null
  readonly rounds: number
  readonly agreed_day: PlainDate | null
  readonly dismiss_cause: DismissCause | null
}

export interface RepairQuery {
  readonly mends: Side
  readonly work: Work
  readonly field?: RepairField | undefined
  readonly schoolId?: number | undefined
  readonly page: number
  readonly size: number
}

const COLUMNS = sql`p.repair_id, p.field, p.roll_record, p.register_record, p.anchor_record, p.roll_sealed, p.register_sealed,
  p.right_sealed, p.evidence_sealed, p.evidence_day, p.hint, p.suggested, p.right_side, p.mends, p.state, p.found_day, p.school_id,
  p.sent_day, l.number as list_number, p.rounds, p.agreed_day, p.dismiss_cause`

const isOpen = sql<SqlBool>`p.state = any (${[...OPEN_STATES]}::text[])`

function inWork(work: Work, oldBefore: PlainDate) {
  switch (work) {
    case 'open':
      return isOpen
    case 'to-decide':
      return sql<SqlBool>`p.state = 'found'`
    case 'to-send':
      return toSend
    case 'waiting':
      return sql<SqlBool>`p.state = 'sent'`
    case 'old':
      return sql<SqlBool>`${isOpen} and p.found_day < ${oldBefore}::date`
    default:
      return sql<SqlBool>`p.state = ${work}`
  }
}

const toSend = sql<SqlBool>`p.state in ('confirmed', 'unchanged')`

/** By school, then class by class through the child's other repairs: what one teacher mends stands together. */
export async function listRepairRows(
  tx: Tx,
  { mends, work, field, schoolId, page, size }: RepairQuery,
  oldBefore: PlainDate,
): Promise<{ readonly total: number; readonly rows: readonly RepairRow[] }> {
  const where = sql`p.mends = ${mends} and ${inWork(work, oldBefore)}
    and (${field ?? null}::text is null or p.field = ${field ?? null}) and (${schoolId ?? null}::int is null or p.school_id = ${schoolId ?? null})`
  const counted = await sql<{ n: number }>`select count(*) as n from repair p where ${where}`.execute(tx)
  const { rows } = await sql<RepairRow>`
    select ${COLUMNS} from repair p left join repair_list l on l.list_id = p.list_id where ${where}
    order by p.school_id nulls last, p.anchor_record, p.repair_id limit ${size} offset ${(page - 1) * size}`.execute(tx)
  return { total: counted.rows[0]?.n ?? 0, rows }
}

export async function findRepair(tx: Tx, id: number): Promise<RepairRow | undefined> {
  const { rows } = await sql<RepairRow>`select ${COLUMNS} from repair p left join repair_list l on l.list_id = p.list_id
    where p.repair_id = ${id}`.execute(tx)
  return rows[0]
}

/** Locked until the transaction ends. */
export async function lockRepair(tx: Tx, id: number): Promise<RepairRow | undefined> {
  await sql`select from repair where repair_id = ${id} for update`.execute(tx)
  return findRepair(tx, id)
}

/** [REP-11] Of both sides, in the scope of who asks. */
export async function countRepairs(tx: Tx, oldBefore: PlainDate): Promise<Record<Side, RepairCounts>> {
  const { rows } = await sql<RepairCounts & { mends: Side }>`
    select p.mends, count(*) filter (where ${isOpen}) as open, count(*) filter (where p.state = 'found') as "toDecide",
      count(*) filter (where ${toSend}) as "toSend", count(*) filter (where p.state = 'sent') as waiting,
      count(*) filter (where p.state = 'unchanged') as unchanged, count(*) filter (where p.state = 'agreed') as agreed,
      count(*) filter (where p.state = 'dismissed') as dismissed,
      count(*) filter (where ${inWork('old', oldBefore)}) as old
    from repair p group by p.mends`.execute(tx)
  const of = (side: Side): RepairCounts => {
    const { mends: _, ...counts } = rows.find(({ mends }) => mends === side) ?? { mends: side, ...NONE }
    return counts
  }
  return { roll: of('roll'), register: of('register') }
}

const NONE: RepairCounts = {
  open: 0,
  toDecide: 0,
  toSend: 0,
  waiting: 0,
  unchanged: 0,
  agreed: 0,
  dismissed: 0,
  old: 0,
}

export interface SchoolCount {
  readonly unitId: number
  readonly name: string
  readonly count: number
}

/** Schools with open repairs of a side, the most first. */
export async function listSchools(tx: Tx, mends: Side): Promise<readonly SchoolCount[]> {
  const { rows } = await sql<SchoolCount>`select u.unit_id as "unitId", u.name, count(*) as count
    from repair p join unit u on u.unit_id = p.school_id where p.mends = ${mends} and ${isOpen}
    group by u.unit_id, u.name order by count(*) desc, u.name collate "C"`.execute(tx)
  return rows
}

export interface Decided {
  readonly right: RightSide
  readonly rightSealed: Buffer | null
  readonly evidenceSealed: Buffer | null
  readonly evidenceDay: PlainDate | null
  readonly accountId: number
  readonly now: Date
}

export async function saveDecision(tx: Tx, id: number, decided: Decided): Promise<void> {
  await sql`update repair set right_side = ${decided.right}, right_sealed = ${decided.rightSealed}::bytea,
      evidence_sealed = coalesce(${decided.evidenceSealed}::bytea, evidence_sealed),
      evidence_day = coalesce(${decided.evidenceDay}::date, evidence_day),
      decided_by = ${decided.accountId}, decided_at = ${decided.now}
    where repair_id = ${id}`.execute(tx)
}

/** Back to found; what was seen of the household book stays. */
export async function clearDecision(tx: Tx, id: number): Promise<void> {
  await sql`update repair set right_side = null, right_sealed = null, decided_by = null, decided_at = null
    where repair_id = ${id}`.execute(tx)
}

export async function clearDismissal(tx: Tx, id: number): Promise<void> {
  await sql`update repair set dismiss_cause = null, dismissed_by = null, dismissed_at = null where repair_id = ${id}`.execute(
    tx,
  )
}

export async function saveDismissal(
  tx: Tx,
  id: number,
  { cause, accountId, now }: { readonly cause: DismissCause; readonly accountId: number; readonly now: Date },
): Promise<void> {
  await sql`update repair set dismiss_cause = ${cause}, dismissed_by = ${accountId}, dismissed_at = ${now}
    where repair_id = ${id}`.execute(tx)
}

export interface RecordShown {
  readonly recordId: number
  readonly childId: number
  readonly sealed: Buffer
  readonly asOf: PlainDate
  readonly grade: number | null
  readonly className: string | null
  readonly school: string | null
  readonly place: { readonly id: number; readonly name: string } | null
}

/** As the system, once the repairs are found in scope: whose records they are, and where they stand. */
export async function listRecords(tx: Tx, ids: readonly number[]): Promise<ReadonlyMap<number, RecordShown>> {
  const { rows } = await sql<Omit<RecordShown, 'place'> & { placeId: number | null; place: string | null }>`
    select r.record_id as "recordId", r.child_id as "childId", i.sealed, b.as_of_day as "asOf", e.grade, k.name as "className",
      s.name as school, coalesce(u.unit_id, g.unit_id) as "placeId", coalesce(case u.kind when 'village' then t.name || ' ' || u.name else u.name end, g.name) as place
    from source_record r join person_identity i on i.record_id = coalesce(r.same_as, r.record_id)
      join source_batch b on b.batch_id = r.batch_id join unit g on g.unit_id = b.unit_id
      left join roll_entry e on e.record_id = coalesce(r.same_as, r.record_id) left join school_class k on k.class_id = e.class_id
      left join unit s on s.unit_id = e.school_id left join unit u on u.unit_id = r.unit_id left join unit t on t.unit_id = u.parent_id
    where r.record_id = any (${[...ids]}::bigint[])`.execute(tx)
  return new Map(
    rows.map(({ placeId, place, ...row }) => [
      row.recordId,
      { ...row, place: placeId === null || place === null ? null : { id: placeId, name: place } },
    ]),
  )
}
