import { sql } from 'kysely'
import type { Tx } from '../../platform/db/index.ts'
import type { Hint, RepairField, Side } from './kinds.ts'
import type { Finding } from './record.server.ts'

/** Records of one child, or of two that a run found to be one. */
export interface RecordPair {
  readonly rollRecord: number | null
  readonly registerRecord: number | null
}

export interface PairFound {
  readonly seq: number
  readonly roll: SideFound | null
  readonly register: SideFound | null
  readonly schoolId: number | null
  readonly units: readonly number[]
}

export interface SideFound {
  readonly recordId: number
  readonly sealed: Buffer
  readonly needsRepair: boolean
  readonly sharesId: boolean
}

export interface NewRepair extends RecordPair {
  readonly field: RepairField
  readonly rollSealed: Buffer | null
  readonly registerSealed: Buffer | null
  readonly differenceKey: bigint
  readonly hint: Hint | null
  readonly suggested: Side | null
  readonly schoolId: number | null
  readonly units: readonly number[]
}

/** One recording at a time: what is known is asked before it is written. */
export async function lockRecording(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('repair.record', 0))`.execute(tx)
}

/** The table `repair_pair` of this transaction. */
export async function createPairs(tx: Tx, pairs: readonly RecordPair[]): Promise<void> {
  await sql`create temp table repair_pair on commit drop as
    select row_number() over ()::int as seq, roll_record, register_record
    from unnest(${pairs.map(({ rollRecord }) => rollRecord)}::bigint[], ${pairs.map(({ registerRecord }) => registerRecord)}::bigint[])
      as t (roll_record, register_record)`.execute(tx)
}

/** Newest live rows of a child: of the roll, and of the register or else of the residents. */
export async function findPairOf(tx: Tx, childId: number): Promise<RecordPair> {
  const { rows } = await sql<RecordPair>`select
      (select r.record_id from source_record r join source_batch b on b.batch_id = r.batch_id and b.undone_at is null and b.kind = 'roll'
        where r.child_id = ${childId} order by b.as_of_day desc, r.record_id desc limit 1) as "rollRecord",
      (select r.record_id from source_record r join source_batch b on b.batch_id = r.batch_id and b.undone_at is null and b.kind <> 'roll'
        where r.child_id = ${childId} order by b.kind = 'population' desc, b.as_of_day desc, r.record_id desc limit 1) as "registerRecord"`.execute(
    tx,
  )
  return rows[0] ?? { rollRecord: null, registerRecord: null }
}

export async function dropPairs(tx: Tx): Promise<void> {
  await sql`drop table repair_pair`.execute(tx)
}

/**
 * [REP-10] Whose work it is: the school of the roll entry with all above it, and the district of registration. Neither a
 * township nor a village mends a register.
 */
export async function listPairs(tx: Tx, after: number, most: number): Promise<readonly PairFound[]> {
  const { rows } = await sql<{
    seq: number
    roll_record: number | null
    roll_sealed: Buffer | null
    roll_repair: boolean | null
    roll_shares: boolean | null
    register_record: number | null
    register_sealed: Buffer | null
    register_repair: boolean | null
    register_shares: boolean | null
    school_id: number | null
    units: number[]
  }>`select t.seq, t.roll_record, i.sealed as roll_sealed, a.needs_repair as roll_repair, a.shares_id as roll_shares,
      t.register_record, j.sealed as register_sealed, b.needs_repair as register_repair, b.shares_id as register_shares, e.school_id,
      array(select distinct u from unnest(coalesce(s.path, ag.path[1:2], '{}') || coalesce(p.path[1:2], bg.path[1:2], '{}')) u order by 1) as units
    from repair_pair t
      left join source_record a on a.record_id = t.roll_record
      left join person_identity i on i.record_id = coalesce(a.same_as, a.record_id)
      left join roll_entry e on e.record_id = coalesce(a.same_as, a.record_id)
      left join unit s on s.unit_id = e.school_id
      left join source_batch ab on ab.batch_id = a.batch_id left join unit ag on ag.unit_id = ab.unit_id
      left join source_record b on b.record_id = t.register_record
      left join person_identity j on j.record_id = coalesce(b.same_as, b.record_id)
      left join unit p on p.unit_id = b.unit_id
      left join source_batch bb on bb.batch_id = b.batch_id left join unit bg on bg.unit_id = bb.unit_id
    where t.seq > ${after} order by t.seq limit ${most}`.execute(tx)
  return rows.map((row) => ({
    seq: row.seq,
    roll: sideOf(row.roll_record, row.roll_sealed, row.roll_repair, row.roll_shares),
    register: sideOf(row.register_record, row.register_sealed, row.register_repair, row.register_shares),
    schoolId: row.school_id,
    units: row.units,
  }))
}

function sideOf(
  recordId: number | null,
  sealed: Buffer | null,
  needsRepair: boolean | null,
  sharesId: boolean | null,
): SideFound | null {
  if (recordId === null || sealed === null) return null
  return { recordId, sealed, needsRepair: needsRepair === true, sharesId: sharesId === true }
}

/**
 * [REP-9] What nobody has found yet of the child that the record speaks of now. What is known and had lapsed lives again,
 * and stands with the school where the child is now.
 */
export async function insertFound(tx: Tx, finding: Finding, found: readonly NewRepair[]): Promise<number> {
  if (found.length === 0) return 0
  await sql`drop table if exists repair_found`.execute(tx)
  await sql`create temp table repair_found on commit drop as
    select distinct on (r.child_id, t.field, t.difference_key) r.child_id, t.*
    from (select field, roll_record, register_record, roll_sealed, register_sealed, difference_key, hint, suggested, school_id,
        string_to_array(units, ',')::int[] as units, seq
      from unnest(${found.map(({ field }) => field)}::text[], ${found.map(({ rollRecord }) => rollRecord)}::bigint[],
        ${found.map(({ registerRecord }) => registerRecord)}::bigint[], ${found.map(({ rollSealed }) => rollSealed)}::bytea[],
        ${found.map(({ registerSealed }) => registerSealed)}::bytea[], ${found.map(({ differenceKey }) => String(differenceKey))}::bigint[],
        ${found.map(({ hint }) => hint)}::text[], ${found.map(({ suggested }) => suggested)}::text[],
        ${found.map(({ schoolId }) => schoolId)}::int[], ${found.map(({ units }) => units.join(','))}::text[]) with ordinality
        as f (field, roll_record, register_record, roll_sealed, register_sealed, difference_key, hint, suggested, school_id, units, seq)) t
      join source_record r on r.record_id = coalesce(t.roll_record, t.register_record)
    order by r.child_id, t.field, t.difference_key, t.seq`.execute(tx)
  await sql`update repair p set is_live = true, roll_record = f.roll_record, register_record = f.register_record,
      school_id = f.school_id, units = f.units
    from repair_found f join source_record r on r.child_id = f.child_id
    where p.anchor_record = r.record_id and p.field = f.field and p.difference_key = f.difference_key
      and (not p.is_live or p.school_id is distinct from f.school_id)`.execute(tx)
  // A row that stood alone has found its partner.
  await sql`update repair p set register_record = f.register_record, register_sealed = f.register_sealed,
      difference_key = f.difference_key, hint = f.hint, suggested = f.suggested
    from repair_found f join source_record r on r.child_id = f.child_id
    where p.anchor_record = r.record_id and p.field = f.field and p.state = 'found'
      and p.register_record is null and f.roll_record is not null and f.register_record is not null`.execute(tx)
  const { numAffectedRows } =
    await sql`insert into repair (field, roll_record, register_record, roll_sealed, register_sealed,
      difference_key, hint, suggested, source, source_key, found_day, school_id, units)
    select f.field, f.roll_record, f.register_record, f.roll_sealed, f.register_sealed, f.difference_key, f.hint, f.suggested,
      ${finding.source}, ${finding.sourceKey}, ${finding.day}::date, f.school_id, f.units
    from repair_found f
    where not exists (select from repair p join source_record r on r.record_id = p.anchor_record
      where p.difference_key = f.difference_key and p.field = f.field and r.child_id = f.child_id)`.execute(tx)
  // The same field of the same child at the same school with other values: the older rows said something else.
  await sql`update repair p set is_live = false
    from repair_found f join source_record r on r.child_id = f.child_id
    where p.anchor_record = r.record_id and p.field = f.field and p.school_id is not distinct from f.school_id
      and p.is_live and p.state in ('found', 'confirmed', 'sent', 'unchanged')
      and not exists (select from repair_found g where g.child_id = f.child_id and g.field = f.field and g.difference_key = p.difference_key)`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0n)
}
