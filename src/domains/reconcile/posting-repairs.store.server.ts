import { sql } from 'kysely'
import type { Tx } from '../../platform/db/index.ts'
import { MATES, ROW_CLASSES, type RowClass, SIDES } from './posting-facts.server.ts'

const code = (name: RowClass) => ROW_CLASSES.indexOf(name)
const same = MATES.indexOf('same')
const roll = SIDES.indexOf('roll')
/** Whoever has died or moved away needs no other name. */
const LIVE = (['open', 'not-begun', 'over-age'] as const).map(code)

/**
 * [POST-30] Row by row: one of the roll, with its row of the register before that of the residents. Birthday and sex of a
 * sound number are the number's own, so the keys and what the import sent to repair tell which pairs to open. Nearly all
 * pairs agree and are left out before anything is sorted. Who is registered and lives here has one pair: the second row is a
 * duplicate of the first.
 */
export async function collectPairs(tx: Tx): Promise<void> {
  await sql`create temp table repair_pair on commit drop as
    with pair as (
      select w.side, w.mate_id as roll_record, w.record_id as register_record from run_row w
        where w.side < ${roll}::int and w.mate = ${same}::int and w.class = any (${LIVE}::int[])
      union all
      select w.side, w.record_id, w.mate_id from run_row w join run_row o on o.record_id = w.mate_id and o.class = any (${LIVE}::int[])
        where w.side = ${roll}::int and w.mate = ${same}::int and w.class = ${code('none')}::int
    ), differing as materialized (
      select p.side, p.roll_record, p.register_record
      from pair p join source_record a on a.record_id = p.roll_record join source_record b on b.record_id = p.register_record
        join person_identity i on i.record_id = coalesce(a.same_as, a.record_id)
        join person_identity j on j.record_id = coalesce(b.same_as, b.record_id)
      where a.child_id = b.child_id and (i.id_key is distinct from j.id_key or i.name_key is distinct from j.name_key
        or a.needs_repair or a.shares_id or b.needs_repair)
    ), chosen as (
      select distinct on (roll_record) roll_record, register_record from differing order by roll_record, side, register_record
    )
    select row_number() over (order by roll_record)::int as seq, roll_record, register_record from chosen`.execute(tx)
}

/** [POST-30] Rows without a partner that the import sent to repair. */
export async function collectStrays(tx: Tx): Promise<void> {
  await sql`create temp table repair_pair on commit drop as
    select row_number() over (order by w.record_id)::int as seq,
      case when w.side = ${roll}::int then w.record_id end as roll_record, case when w.side < ${roll}::int then w.record_id end as register_record
    from run_row w join source_record r on r.record_id = w.record_id and (r.needs_repair or r.shares_id)
    where w.mate is null and w.class in (${code('open')}::int, ${code('none')}::int)`.execute(tx)
}
