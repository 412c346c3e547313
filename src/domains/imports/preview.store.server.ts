import { sql } from 'kysely'
import { type CopyValue, copyIntoTemporary, copyPiece, type Tx } from '../../platform/db/index.ts'
import { isListKind } from '../persons/index.ts'
import type { Effect } from './check.server.ts'
import type { ImportKind } from './kinds.ts'

/** Whether anything is stored that a sheet could be compared with. */
export async function hasRecords(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{
    has: boolean
  }>`select exists (select from source_batch where undone_at is null) as has`.execute(tx)
  return rows[0]!.has
}

export async function beginPreview(tx: Tx): Promise<void> {
  await sql`create temp table import_preview (row int, id_key bigint, name_key bigint, student_key bigint, content_key bigint, needs_repair boolean, birth_day date) on commit drop`.execute(
    tx,
  )
}

export async function addToPreview(tx: Tx, rows: Iterable<readonly CopyValue[]>): Promise<void> {
  await copyIntoTemporary(tx, {
    table: 'import_preview',
    columns: ['row', 'id_key', 'name_key', 'student_key', 'content_key', 'needs_repair', 'birth_day'],
    pieces: [copyPiece(rows)],
  })
}

/**
 * [IMP-15] What a commit would do, by the rules by which it matches: ID number and name, else student number and name, else
 * the content. Rows of one person count once.
 */
export async function countEffect(tx: Tx, kind: ImportKind): Promise<Effect> {
  await sql`analyze import_preview`.execute(tx)
  await sql`create temp table import_person on commit drop as
    select distinct on (coalesce(id_key, student_key, row), name_key, id_key is null, student_key is null) * from import_preview
    order by coalesce(id_key, student_key, row), name_key, id_key is null, student_key is null, row`.execute(tx)
  await sql`analyze import_person`.execute(tx)
  // A table a step, analysed: nobody knows the size of the stored tables right after a load, and a loop over two of them
  // that were taken for empty grows with their product.
  await sql`create temp table import_known on commit drop as
    with found as (
      select p.row, i.record_id, null::bigint as content_key
        from import_person p join person_identity i on i.id_key = p.id_key and i.name_key = p.name_key
      union all
      select p.row, i.record_id, null from import_person p join person_identity i on i.student_key = p.student_key and i.name_key = p.name_key
        where p.id_key is null
      union all
      select p.row, i.record_id, p.content_key from import_person p join person_identity i on i.name_key = p.name_key and i.id_key is null
        where p.id_key is null and p.student_key is null
    )
    select f.row, min(r.child_id) as child_id from found f
      cross join lateral (
        select w.child_id, w.batch_id, w.content_key from source_record w where w.record_id = f.record_id
        union all
        select w.child_id, w.batch_id, w.content_key from source_record w where w.same_as = f.record_id) r
      join source_batch b on b.batch_id = r.batch_id and b.undone_at is null
    where f.content_key is null or (f.content_key = r.content_key and b.kind = ${kind})
    group by f.row`.execute(tx)
  if (isListKind(kind)) await addListed(tx)
  await sql`analyze import_known`.execute(tx)
  await sql`create temp table import_newest on commit drop as
    select k.child_id, n.content_key from (select distinct child_id from import_known) k
      cross join lateral (select r.content_key from source_record r join source_batch b on b.batch_id = r.batch_id
        where r.child_id = k.child_id and b.kind = ${kind} and b.undone_at is null
        order by b.as_of_day desc, r.record_id desc limit 1) n`.execute(tx)
  await sql`analyze import_newest`.execute(tx)
  const { rows } = await sql<{ known: number; unchanged: number; persons: number; good: number }>`
    select (select count(*) from import_preview) as good, (select count(*) from import_person) as persons, count(m.row) as known,
      count(*) filter (where n.content_key = p.content_key) as unchanged
    from import_person p join import_known m on m.row = p.row left join import_newest n on n.child_id = m.child_id`.execute(
    tx,
  )
  const { known, unchanged, persons, good } = rows[0]!
  return { newChildren: persons - known, changed: known - unchanged, unchanged, repeats: good - persons }
}

/** [ROST-4] An office's list finds a child by its number whatever the name, and by name and birthday where there is no number. */
async function addListed(tx: Tx): Promise<void> {
  await sql`insert into import_known
    select f.row, min(r.child_id) from (
        select p.row, i.record_id, null::date as birth_day from import_person p join person_identity i on i.id_key = p.id_key
        union all
        select p.row, i.record_id, p.birth_day from import_person p join person_identity i on i.name_key = p.name_key
        where p.birth_day is not null and (p.id_key is null or i.id_key is null)
      ) f
      cross join lateral (
        select w.child_id, w.batch_id from source_record w where w.record_id = f.record_id
        union all
        select w.child_id, w.batch_id from source_record w where w.same_as = f.record_id) r
      join source_batch b on b.batch_id = r.batch_id and b.undone_at is null
      join child c on c.child_id = r.child_id and (f.birth_day is null or c.birth_day = f.birth_day)
    where not exists (select from import_known k where k.row = f.row)
    group by f.row having min(r.child_id) = max(r.child_id)`.execute(tx)
}

/**
 * [IMP-15] Rows that a commit would send to repair for what is stored: their ID number stands there under another name.
 * Rows that have a fault of their own are counted with it.
 */
export async function countStoredNumbers(tx: Tx): Promise<number> {
  await sql`create temp table import_shared on commit drop as
    select p.row, i.record_id from import_preview p join person_identity i on i.id_key = p.id_key and i.name_key <> p.name_key
    where not p.needs_repair`.execute(tx)
  await sql`analyze import_shared`.execute(tx)
  const { rows } = await sql<{ shared: number }>`select count(distinct s.row) as shared from import_shared s
    cross join lateral (
      select w.batch_id from source_record w where w.record_id = s.record_id
      union all
      select w.batch_id from source_record w where w.same_as = s.record_id) r
    join source_batch b on b.batch_id = r.batch_id and b.undone_at is null`.execute(tx)
  return rows[0]!.shared
}
