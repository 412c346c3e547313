/**
 * Rows of a batch from their staging table into the tables of children, a chunk at a time.
 *
 * Matching is set-based: by ID number and name, by student number and name where there is no sound ID, by content where
 * there is neither. The look-ups go by index, row by row (`lateral … offset 0` is never turned into a join over all): nobody
 * has analysed the tables in the middle of a load, and a hash or a merge over all of them once a chunk grows with the table.
 */
import { sql } from 'kysely'
import { type BatchId, batchId } from '../../kernel/ids.ts'
import { copyIntoTemporary, type Tx } from '../../platform/db/index.ts'
import { type BatchKind, isListKind, type TieKind } from './kinds.ts'
import type { NewBatch } from './record.ts'
import { insertPresence, insertRoll } from './roll-store.server.ts'
import { STAGED_COLUMNS } from './seal.server.ts'
import { tables } from './store.ts'

const TIE_OF: Readonly<Record<BatchKind, TieKind>> = {
  population: 'registered',
  floating: 'living',
  roll: 'roll',
  attendance: 'school',
  poverty: 'listed',
  relief: 'listed',
  disability: 'listed',
  aid: 'listed',
}

export async function beginLoad(tx: Tx): Promise<void> {
  await run(
    tx,
    // A chunk is sorted in memory, its sealed texts with it.
    "set local work_mem = '64MB'",
    `create temp table record_staging (row int, leader int, shares_id boolean, id_key bigint, name_key bigint, student_key bigint, household_key bigint,
       guardian_keys bigint[], content_key bigint, identity bytea, contact bytea, birth_day date, sex smallint, unit_id int,
       needs_repair boolean, school_id int, school_year int, grade smallint, class_name text, status_group text, status text,
       is_boarding boolean, enrolled_on date, mark text, absent_days smallint) on commit drop`,
    'create temp table tag_staging (row int, sealed bytea) on commit drop',
    'create temp table met (row int, child_id bigint, record_id bigint, same_name boolean) on commit drop',
    'create temp table matched (row int, child_id bigint) on commit drop',
    `create temp table placed (row int, child_id bigint, record_id bigint, same_as bigint, is_new boolean, is_leader boolean,
       shares_id boolean) on commit drop`,
    'create temp table changed (child_id bigint) on commit drop',
    'create temp table tie_todo (child_id bigint) on commit drop',
    // As `retie_children` writes them: sorted.
    `create temp table reach on commit drop as
       select unit_id, path, (select array_agg(p.unit order by p.unit) from unnest(path) p (unit)) as units from unit`,
    'create unique index on reach (unit_id)',
    'analyze reach',
  )
}

/** Paths of all units, for the district of a household. */
export async function listPaths(tx: Tx): Promise<ReadonlyMap<number, readonly number[]>> {
  const { rows } = await sql<{ unit_id: number; path: number[] }>`select unit_id, path from reach`.execute(tx)
  return new Map(rows.map((row) => [row.unit_id, row.path]))
}

export async function insertBatch(tx: Tx, batch: NewBatch): Promise<BatchId> {
  const { batch_id } = await tables(tx)
    .insertInto('source_batch')
    .values({
      kind: batch.kind,
      unit_id: batch.unitId,
      units: [...batch.units],
      as_of_day: batch.asOf,
      content_key: Buffer.from(batch.contentKey),
      rows_above: batch.rowsAbove ?? 0,
      row_count: 0,
      stored_count: 0,
      refused_count: 0,
      repair_count: 0,
      rows_file_id: batch.rowsFileId,
      account_id: batch.accountId,
      committed_at: batch.now,
      is_ledger: batch.isLedger ?? false,
    })
    .returning('batch_id')
    .executeTakeFirstOrThrow()
  return batchId(batch_id)
}

export interface LoadedBatch {
  readonly batchId: BatchId
  readonly kind: BatchKind
  readonly unitId: number
  readonly asOf: string
  /** No live batch of the kind speaks of a later day. */
  readonly isNewest: boolean
  /** There is no other live batch of the kind. */
  readonly isFirst: boolean
}

/** What live batches of the kind there are beside it. */
export async function findPlaceInLine(
  tx: Tx,
  { kind, asOf }: Pick<NewBatch, 'kind' | 'asOf'>,
  id: BatchId,
): Promise<Pick<LoadedBatch, 'isNewest' | 'isFirst'>> {
  const { others, later } = await tables(tx)
    .selectFrom('source_batch')
    .select(({ fn }) => [
      fn.countAll<number>().as('others'),
      fn.countAll<number>().filterWhere('as_of_day', '>', asOf).as('later'),
    ])
    .where('kind', '=', kind)
    .where('batch_id', '<>', id)
    .where('undone_at', 'is', null)
    .executeTakeFirstOrThrow()
  return { isNewest: later === 0, isFirst: others === 0 }
}

export async function storeChunk(
  tx: Tx,
  batch: LoadedBatch,
  chunk: { readonly rows: Iterable<string>; readonly tags: Iterable<string> },
): Promise<{ readonly newChildren: number }> {
  await run(tx, 'truncate record_staging, tag_staging, met, matched, placed')
  await copyIntoTemporary(tx, { table: 'record_staging', columns: STAGED_COLUMNS, pieces: chunk.rows })
  await copyIntoTemporary(tx, { table: 'tag_staging', columns: ['row', 'sealed'], pieces: chunk.tags })
  await run(tx, 'set local enable_seqscan = off')
  await matchRows(tx, batch)
  if (isListKind(batch.kind)) await matchListed(tx)
  await placeRows(tx, batch)
  await run(tx, 'set local enable_seqscan = default', 'analyze placed', 'analyze record_staging (row)')
  return { newChildren: await insertRows(tx, batch) }
}

/** [PERS-3] [PERS-4] Which child a row speaks of. A record counts while it, or one that repeats it, is of a live batch. */
async function matchRows(tx: Tx, { batchId: batch, kind }: LoadedBatch): Promise<void> {
  await sql`insert into met
    select s.row, r.child_id, i.record_id, i.name_key = s.name_key
    from record_staging s
      cross join lateral (select h.record_id, h.name_key from person_identity h where h.id_key = s.id_key offset 0) i
      cross join lateral (${recordOf}) r
    where s.id_key is not null and ${counts}`.execute(tx)
  await sql`insert into matched
    select row, min(child_id) from met where same_name group by row having min(child_id) = max(child_id)`.execute(tx)
  await sql`insert into matched
    select s.row, min(r.child_id)
    from record_staging s
      cross join lateral (select h.record_id from person_identity h
        where h.student_key = s.student_key and h.name_key = s.name_key offset 0) i
      cross join lateral (${recordOf}) r
    where s.id_key is null and s.student_key is not null and ${counts}
    group by s.row having min(r.child_id) = max(r.child_id)`.execute(tx)
  // Rows that nothing tells apart are paired in their order: the same sheet twice meets the same children.
  await sql`with loose as materialized (
      select s.row, s.content_key, s.name_key, s.id_key from record_staging s where not exists (select from matched m where m.row = s.row)
        and (s.id_key is null or exists (select from met where met.row = s.row and met.same_name))
    ), asked as (
      select row, content_key, row_number() over (partition by content_key order by row) as place from loose
    ), held as (
      select content_key, child_id, row_number() over (partition by content_key order by child_id) as place from (
        select distinct l.content_key, r.child_id
        from (select distinct content_key, name_key, id_key from loose) l
          cross join lateral (select h.record_id from person_identity h
            where h.name_key = l.name_key and h.id_key is not distinct from l.id_key offset 0) i
          cross join lateral (${recordOf}) r
          join source_batch k on k.batch_id = r.batch_id and k.kind = ${kind}
        where r.content_key = l.content_key and ${counts} and not exists (select from source_record u where u.child_id = r.child_id and u.batch_id = ${batch})
      ) h
    )
    insert into matched select asked.row, held.child_id from asked join held using (content_key, place)`.execute(tx)
}

/**
 * [ROST-4] What an office's list tells less well than a register: a sound ID number is the child it is known of, whatever the
 * name; else the name with the birthday, and the guardian or head of household where several have both.
 */
async function matchListed(tx: Tx): Promise<void> {
  await sql`insert into matched
    select row, min(child_id) from met where not exists (select from matched m where m.row = met.row)
    group by row having min(child_id) = max(child_id)`.execute(tx)
  await sql`insert into matched
    with near as materialized (
      select s.row, r.child_id, bool_or(coalesce(p.guardian_keys && s.guardian_keys, false)) as has_kin
      from record_staging s
        cross join lateral (select h.record_id, h.id_key from person_identity h where h.name_key = s.name_key offset 0) i
        cross join lateral (${recordOf}) r
        join child c on c.child_id = r.child_id and c.birth_day = s.birth_day
        left join person_contact p on p.record_id = i.record_id
      where not exists (select from matched m where m.row = s.row) and (s.id_key is null or i.id_key is null) and ${counts}
      group by s.row, r.child_id
    )
    select row, min(child_id) from near n
    where has_kin or not exists (select from near o where o.row = n.row and o.has_kin)
    group by row having min(child_id) = max(child_id)`.execute(tx)
}

/** The record of the identity `i`. */
const recordOf = sql`select g.record_id, g.child_id, g.batch_id, g.content_key from source_record g where g.record_id = i.record_id offset 0`

/** The record `r` speaks: of a live batch, or repeated by one. */
const counts = sql<boolean>`(exists (select from source_batch b where b.batch_id = r.batch_id and b.undone_at is null)
  or exists (select from source_record x join source_batch xb on xb.batch_id = x.batch_id and xb.undone_at is null where x.same_as = r.record_id))`

/** [PERS-16] Ids for records and for children met for the first time; two rows of one person in a sheet are one child. */
async function placeRows(tx: Tx, { kind }: LoadedBatch): Promise<void> {
  // Rows that nothing told apart may have been paired one by one: who follows one of them goes with it.
  await sql`insert into matched select s.row, m.child_id from record_staging s join matched m on m.row = s.leader
    where s.leader <> s.row and not exists (select from matched o where o.row = s.row)`.execute(tx)
  await sql`with made as materialized (
      select leader, nextval('child_child_id_seq') as child_id
      from (select leader from record_staging s where s.row = s.leader and not exists (select from matched m where m.row = s.row) order by leader) l
    ), odd as materialized (
      -- A list finds its child by the number whatever the name: then nobody else has it.
      select distinct met.row from met left join matched m on m.row = met.row
      where not met.same_name and met.child_id is distinct from m.child_id
    )
    insert into placed (row, child_id, record_id, is_new, is_leader, shares_id)
    select s.row, coalesce(m.child_id, made.child_id), nextval('source_record_record_id_seq'), m.child_id is null,
      m.child_id is null and s.row = s.leader, s.shares_id or exists (select from odd where odd.row = s.row)
    from (select row, leader, shares_id from record_staging order by row) s left join matched m on m.row = s.row left join made on made.leader = s.leader`.execute(
    tx,
  )
  await sql`update placed p set same_as = told.root from (
      select distinct on (k.row) k.row, r.root, r.content_key = s.content_key as is_same
      from placed k join record_staging s on s.row = k.row
        cross join lateral (select coalesce(w.same_as, w.record_id) as root, w.record_id, w.batch_id, w.content_key
          from source_record w where w.child_id = k.child_id offset 0) r
        join source_batch b on b.batch_id = r.batch_id and b.kind = ${kind} and b.undone_at is null
      where not k.is_new order by k.row, b.as_of_day desc, r.record_id desc) told
    where p.row = told.row and told.is_same`.execute(tx)
}

async function insertRows(tx: Tx, batch: LoadedBatch): Promise<number> {
  const { batchId: id, kind, asOf, unitId, isNewest, isFirst } = batch
  const made =
    await sql`insert into child (child_id, birth_day, sex, identity_id, contact_id, units, made_by) overriding system value
    select p.child_id, s.birth_day, s.sex, p.record_id, case when s.contact is not null then p.record_id end, u.units, ${id}
    from placed p join record_staging s on s.row = p.row join reach u on u.unit_id = coalesce(s.unit_id, ${unitId})
    where p.is_leader order by p.child_id`.execute(tx)
  await sql`insert into source_record (record_id, batch_id, row, child_id, same_as, content_key, unit_id, needs_repair, shares_id)
    overriding system value
    select p.record_id, ${id}, p.row, p.child_id, p.same_as, s.content_key, s.unit_id, s.needs_repair, p.shares_id
    from placed p join record_staging s on s.row = p.row order by p.record_id`.execute(tx)
  await sql`insert into person_identity (record_id, sealed, id_key, name_key, student_key, units)
    select p.record_id, s.identity, s.id_key, s.name_key, s.student_key, u.units
    from placed p join record_staging s on s.row = p.row join reach u on u.unit_id = coalesce(s.unit_id, ${unitId})
    where p.same_as is null order by p.record_id`.execute(tx)
  await sql`insert into person_contact (record_id, sealed, household_key, guardian_keys, units)
    select p.record_id, s.contact, s.household_key, s.guardian_keys, u.units
    from placed p join record_staging s on s.row = p.row join reach u on u.unit_id = coalesce(s.unit_id, ${unitId})
    where p.same_as is null and s.contact is not null order by p.record_id`.execute(tx)
  if (kind === 'roll') await insertRoll(tx, unitId)
  if (kind === 'attendance') await insertPresence(tx)
  await sql`insert into person_tag (child_id, sealed, valid, record_id, units)
    select p.child_id, t.sealed, daterange(${asOf}::date, null), p.record_id, u.units
    from tag_staging t join placed p on p.row = t.row join record_staging s on s.row = p.row
      join reach u on u.unit_id = coalesce(s.unit_id, ${unitId})
    where p.same_as is null`.execute(tx)
  await sql`update source_record r set shares_id = true from met
    where not met.same_name and not exists (select from placed p where p.row = met.row and p.child_id = met.child_id) and (r.record_id = met.record_id or r.same_as = met.record_id) and not r.shares_id`.execute(
    tx,
  )
  const holds = sql<boolean>`(s.status_group is null or s.status_group in ('in-school', 'paused'))`
  const isPlain = sql<boolean>`(${isNewest} and ${holds})`
  await sql`insert into tie (child_id, kind, unit_id, valid, record_id, source)
    select p.child_id, ${TIE_OF[kind]}, coalesce(s.unit_id, ${unitId}), daterange(${asOf}::date, null), p.record_id, 'batch'
    from placed p join record_staging s on s.row = p.row where p.is_leader and ${isPlain} order by p.child_id`.execute(
    tx,
  )
  // Known from sheets of another kind, and spoken of once: what `deriveTies` would make of it, without asking the past.
  if (isFirst)
    await sql`insert into tie (child_id, kind, unit_id, valid, record_id, source)
      select p.child_id, ${TIE_OF[kind]}, coalesce(s.unit_id, ${unitId}), daterange(${asOf}::date, null), p.record_id, 'batch'
      from placed p join record_staging s on s.row = p.row
      where not p.is_leader and ${holds}
        and not exists (select from source_record r where r.child_id = p.child_id and r.batch_id = ${id} and r.record_id <> p.record_id)
        and not exists (select from tie t where t.child_id = p.child_id and t.kind = ${TIE_OF[kind]} and upper_inf(t.valid))
      order by p.child_id`.execute(tx)
  await sql`insert into changed select child_id from placed where not is_leader and same_as is null`.execute(tx)
  await sql`insert into tie_todo
    select p.child_id from placed p join record_staging s on s.row = p.row
    where (p.is_leader and not ${isPlain}) or (not p.is_leader and not (${isPlain}
      and exists (select from tie t where t.child_id = p.child_id and t.kind = ${TIE_OF[kind]} and upper_inf(t.valid)
        and t.source = 'batch' and t.unit_id = coalesce(s.unit_id, ${unitId}))
      and not exists (select from tie t where t.child_id = p.child_id and t.kind = ${TIE_OF[kind]} and upper_inf(t.valid)
        and t.unit_id <> coalesce(s.unit_id, ${unitId}))))`.execute(tx)
  return Number(made.numAffectedRows ?? 0)
}

/** [PERS-7] The units that the batch speaks of whole: only within the branch of who gives it. */
export async function insertCovers(tx: Tx, { batchId: id, kind, unitId }: LoadedBatch): Promise<void> {
  if (kind === 'floating' || kind === 'aid') return
  // Index 1 is the city; an extract of the city speaks of each district in it.
  const covered =
    kind === 'roll' || kind === 'attendance'
      ? sql`u.unit_id`
      : sql`u.path[greatest(array_position(u.path, ${unitId}::int), 2)]`
  await sql`insert into batch_cover (batch_id, unit_id, row_count)
    select ${id}, c.unit_id, count(*) from (
      select ${covered} as unit_id from source_record r join reach u on u.unit_id = r.unit_id
      where r.batch_id = ${id} and array_position(u.path, ${unitId}::int) is not null
    ) c where c.unit_id is not null group by c.unit_id`.execute(tx)
}

/** [PERS-8] Who stood in a covered unit and is not in the batch: their ties are worked out anew. */
export async function addGone(tx: Tx, { batchId: id, kind, isFirst }: LoadedBatch): Promise<void> {
  if (isFirst) return
  // Analysed tables on both sides: nobody knows the size of the batch yet, and a loop over both grows with their product.
  await sql`create temp table spoken on commit drop as select distinct child_id from source_record where batch_id = ${id}`.execute(
    tx,
  )
  await sql`create temp table covered on commit drop as
    select distinct u.unit_id from reach u cross join lateral unnest(u.path) a (unit)
      join batch_cover c on c.unit_id = a.unit and c.batch_id = ${id}`.execute(tx)
  await run(tx, 'analyze spoken', 'analyze covered')
  await sql`insert into tie_todo
    select t.child_id from covered u join tie t on t.unit_id = u.unit_id
    where t.kind = ${TIE_OF[kind]} and t.source = 'batch'
      and (upper_inf(t.valid) or upper(t.valid) > (select as_of_day from source_batch where batch_id = ${id}))
      and not exists (select from spoken k where k.child_id = t.child_id)`.execute(tx)
  await run(tx, 'drop table spoken, covered')
}

export interface BatchCounts {
  readonly rowCount: number
  readonly refusedCount: number
  readonly asideCount: number
}

export async function finishBatch(tx: Tx, id: BatchId, { rowCount, refusedCount, asideCount }: BatchCounts) {
  const { repair, unchanged } = await tables(tx)
    .selectFrom('source_record')
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere(sql<boolean>`needs_repair or shares_id`).as('repair'),
      fn.count<number>('same_as').as('unchanged'),
    ])
    .where('batch_id', '=', id)
    .executeTakeFirstOrThrow()
  await tables(tx)
    .updateTable('source_batch')
    .set({
      row_count: rowCount,
      stored_count: rowCount - refusedCount - asideCount,
      refused_count: refusedCount,
      aside_count: asideCount,
      repair_count: repair,
    })
    .where('batch_id', '=', id)
    .execute()
  return { repairCount: repair, unchanged }
}

/** Both together: whoever is in one of them has to be put in sight of other units. */
export async function uniteTouched(tx: Tx): Promise<void> {
  await run(
    tx,
    'create temp table touched on commit drop as select child_id from changed union select child_id from tie_todo',
    'create index on touched (child_id)',
    'create index on changed (child_id)',
    'create index on tie_todo (child_id)',
    'analyze touched',
    'analyze changed',
    'analyze tie_todo',
  )
}

/** Children whose shown records, ties or units have to be worked out anew, in pages. */
export async function listTouched(
  tx: Tx,
  table: TouchedTable,
  after: number,
  most: number,
): Promise<readonly number[]> {
  const { rows } = await sql<{
    child_id: number
  }>`select distinct child_id from ${sql.table(table)} where child_id > ${after}
    order by child_id limit ${most}`.execute(tx)
  return rows.map((row) => row.child_id)
}

export type TouchedTable = 'changed' | 'tie_todo' | 'touched'

async function run(tx: Tx, ...statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(tx)
}
