import type { Readable } from 'node:stream'
import { sql } from 'kysely'
import type { BatchId, ChildId, RunId, UnitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { copyCsvInto, type Tx } from '../../platform/db/index.ts'
import type { BookKind } from '../persons/index.ts'
import { FACT_COLUMNS, MATES, ROW_CLASSES, SIDES } from './posting-facts.server.ts'

/**
 * Tables of one session (`run_*`), kept over the transactions of a posting: the rows of the run, what the newest rolls say
 * of their children, and what is wanted of each child. Lost with the session: then the posting begins again and finds
 * what it had posted already.
 */
const TABLES = `
  create temporary table if not exists run_fact (side smallint, batch_id bigint, row int, class smallint, mate_batch bigint,
    mate_row int, mate smallint, origin smallint) on commit preserve rows;
  create temporary table if not exists run_row (side smallint, batch_id bigint, class smallint, mate smallint, origin smallint,
    record_id bigint, child_id bigint, unit_id int, mate_id bigint, mate_child bigint) on commit preserve rows;
  create temporary table if not exists run_ground (batch_id bigint primary key, kind text, unit_id int, as_of_day date,
    is_city boolean) on commit preserve rows;
  create temporary table if not exists run_cover (kind text, unit_id int, batch_id bigint, as_of_day date, in_run boolean,
    primary key (kind, unit_id)) on commit preserve rows;
  create temporary table if not exists run_place (unit_id int primary key, district_id int, is_covered boolean) on commit preserve rows;
  create temporary table if not exists run_child (child_id bigint primary key) on commit preserve rows;
  create temporary table if not exists run_roll (child_id bigint, school_id int, district_id int, record_id bigint,
    batch_id bigint, unit_id int, as_of_day date, grade smallint, status_group text, status text) on commit preserve rows;
  create temporary table if not exists run_rolled (child_id bigint primary key, standing smallint, schools int, school_id int,
    district_id int, record_id bigint, unit_id int, as_of_day date) on commit preserve rows;
  create temporary table if not exists run_said (child_id bigint primary key, registration smallint, registered smallint,
    roll smallint, origin smallint, in_books boolean, r_unit_id int, p_unit_id int, s_school_id int, sheet_record bigint,
    sheet_evidence bigint, sheet_day date) on commit preserve rows;
  create temporary table if not exists run_target (seq int, child_id bigint primary key, from_day date, account_id smallint,
    r_unit_id int, p_unit_id int, s_school_id int, evidence_id bigint, pause_until date, record_id bigint, obliged daterange, span_id bigint) on commit preserve rows`
const NAMES =
  'run_fact, run_row, run_ground, run_cover, run_place, run_child, run_roll, run_rolled, run_said, run_target'

export interface Ground {
  readonly batchId: BatchId
  readonly kind: BookKind
  readonly unitId: UnitId
  readonly asOf: PlainDate
}

/** The run's batches, locked against their undoing until the transaction ends; undone ones are left out. */
export async function lockGround(tx: Tx, batchIds: readonly BatchId[]): Promise<readonly Ground[]> {
  const { rows } = await sql<{ batch_id: BatchId; kind: BookKind; unit_id: UnitId; as_of_day: PlainDate }>`
    select batch_id, kind, unit_id, as_of_day from source_batch
    where batch_id = any (${[...batchIds]}::bigint[]) and undone_at is null order by batch_id for share`.execute(tx)
  return rows.map((row) => ({ batchId: row.batch_id, kind: row.kind, unitId: row.unit_id, asOf: row.as_of_day }))
}

/** [POST-11] What a run stands on is known before its first entry: undoing one of the batches finds it at any moment. */
export async function insertGround(tx: Tx, id: RunId, batchIds: readonly BatchId[]): Promise<void> {
  await sql`insert into posting_ground (source_key, batch_id) select ${id}, unnest(${[...batchIds]}::bigint[])
    on conflict do nothing`.execute(tx)
}

/** One run posts at a time: what is wanted is worked out from what stands. Held by the session, not by the transaction. */
export async function lockPostings(tx: Tx): Promise<void> {
  await sql`select pg_advisory_lock(hashtextextended('reconcile.post', 0))`.execute(tx)
}

export async function openTables(tx: Tx): Promise<void> {
  // Joins over all children of a city stay in memory; for this session, as its tables.
  await sql`set work_mem = '64MB'`.execute(tx)
  for (const statement of TABLES.split(';')) await sql.raw(statement).execute(tx)
  await sql.raw(`truncate ${NAMES}`).execute(tx)
}

/** False: the session was lost, and its tables with it. */
export async function hasTables(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('pg_temp.run_target') is not null as there`.execute(
    tx,
  )
  return rows[0]?.there ?? false
}

export async function loadFacts(tx: Tx, csv: Readable, ground: readonly Ground[]): Promise<void> {
  await copyCsvInto(tx, { table: 'run_fact', columns: FACT_COLUMNS, csv })
  await sql`analyze run_fact`.execute(tx)
  for (const { batchId, kind, unitId, asOf } of ground) {
    await sql`insert into run_ground select ${batchId}::bigint, ${kind}, unit_id, ${asOf}::date, kind = 'city'
      from unit where unit_id = ${unitId}`.execute(tx)
  }
  await sql`insert into run_row
    select f.side, f.batch_id, f.class, f.mate, f.origin, r.record_id, r.child_id, r.unit_id, m.record_id, m.child_id
    from run_fact f left join source_record r on r.batch_id = f.batch_id and r.row = f.row
      left join source_record m on m.batch_id = f.mate_batch and m.row = f.mate_row`.execute(tx)
  await sql`analyze run_row`.execute(tx)
  await sql`insert into run_cover
    select distinct on (b.kind, c.unit_id) b.kind, c.unit_id, b.batch_id, b.as_of_day, g.batch_id is not null
    from batch_cover c join source_batch b on b.batch_id = c.batch_id and b.undone_at is null
      left join run_ground g on g.batch_id = b.batch_id
    order by b.kind, c.unit_id, b.as_of_day desc, b.batch_id desc`.execute(tx)
  await sql`insert into run_place select u.unit_id, d.unit_id, exists (
      select from run_cover v where v.kind = 'population' and v.in_run and v.unit_id = any (u.path))
    from unit u left join unit d on d.unit_id = u.path[2] and d.kind in ('district', 'zone')`.execute(tx)
  await sql`analyze run_place, run_cover`.execute(tx)
}

export interface SamePair {
  readonly one: ChildId
  readonly other: ChildId
  readonly oneInBooks: boolean
  readonly otherInBooks: boolean
}

/**
 * [POST-12] Rows that the linkage decided to be one person and that belong to two children. Never a pair under review,
 * never one that an officer took apart, and never two of one sheet whose sound ID numbers and names both differ: brothers,
 * sisters and twins are two children, whatever a roll without ID numbers may suggest.
 */
export async function listSamePairs(tx: Tx): Promise<readonly SamePair[]> {
  const { rows } = await sql<SamePair>`
    with apart as materialized (select one, other from children_apart())
    select distinct w.mate_child as "one", w.child_id as "other", a.obliged is not null as "oneInBooks", b.obliged is not null as "otherInBooks"
    from run_row w join child a on a.child_id = w.mate_child join child b on b.child_id = w.child_id
      join source_record r on r.record_id = w.record_id join person_identity i on i.record_id = coalesce(r.same_as, r.record_id)
      join source_record m on m.record_id = w.mate_id join person_identity j on j.record_id = coalesce(m.same_as, m.record_id)
    where w.mate = ${MATES.indexOf('same')} and w.child_id <> w.mate_child
      and not (w.class = ${ROW_CLASSES.indexOf('duplicate')} and i.id_key <> j.id_key and i.name_key <> j.name_key)
      and not exists (select from apart k where (k.one, k.other) in ((w.child_id, w.mate_child), (w.mate_child, w.child_id)))
    order by 1, 2`.execute(tx)
  return rows
}

/** After children were merged: the rows follow their records. A repeat that stays a child of its own speaks for itself. */
export async function followMerges(
  tx: Tx,
  band: { readonly from: PlainDate; readonly until: PlainDate },
): Promise<void> {
  await sql`update run_row w set child_id = r.child_id from source_record r
    where r.record_id = w.record_id and r.child_id <> w.child_id`.execute(tx)
  await sql`update run_row w set mate_child = r.child_id from source_record r
    where r.record_id = w.mate_id and r.child_id <> w.mate_child`.execute(tx)
  const code = (name: (typeof ROW_CLASSES)[number]) => ROW_CLASSES.indexOf(name)
  await sql`update run_row w set class = case when c.birth_day > ${band.until} then ${code('not-begun')}::int
      when c.birth_day < ${band.from} then ${code('over-age')}::int else ${code('open')}::int end
    from child c where c.child_id = w.child_id and w.class = ${code('duplicate')} and w.side < ${SIDES.indexOf('roll')}
      and w.mate_child <> w.child_id`.execute(tx)
}

/**
 * [POST-13] Of whom a run speaks: everybody on its sheets, and who stood registered or at school where its sheets speak
 * whole. The roll entry of a pair under review is no child of its own until somebody has decided.
 */
export async function collectChildren(tx: Tx): Promise<void> {
  await sql`insert into run_child
    select child_id from (
      select child_id from run_row where class <> ${ROW_CLASSES.indexOf('error')}
      union select r.child_id from source_record r join run_ground g on g.batch_id = r.batch_id and g.kind = 'roll'
      union select s.child_id from whereabouts_span s join run_place p on p.unit_id = s.r_unit_id and p.is_covered
        where s.superseded_by is null and upper_inf(s.valid)
      union select s.child_id from whereabouts_span s join run_cover v on v.kind = 'roll' and v.unit_id = s.s_school_id and v.in_run
        where s.superseded_by is null and upper_inf(s.valid)
    ) c where child_id is not null
      and not exists (select from child m where m.child_id = c.child_id and m.merged_into is not null)`.execute(tx)
  await sql`delete from run_child c using run_row w
    where w.mate = ${MATES.indexOf('perhaps')} and w.mate_child = c.child_id
      and not exists (select from run_row own where own.child_id = c.child_id and own.side < ${SIDES.indexOf('roll')})
      and not exists (select from child k where k.child_id = c.child_id and k.obliged is not null)`.execute(tx)
  await sql`analyze run_child`.execute(tx)
}
