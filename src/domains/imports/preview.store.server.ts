import { sql } from 'kysely'
import { type CopyValue, copyIntoTemporary, copyPiece, type Tx } from '../../platform/db/index.ts'
import type { Effect } from './check.server.ts'

/** Whether anything is stored that a sheet could be compared with. */
export async function hasRecords(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{
    has: boolean
  }>`select exists (select from source_batch where undone_at is null) as has`.execute(tx)
  return rows[0]!.has
}

export async function beginPreview(tx: Tx): Promise<void> {
  await sql`create temp table import_preview (row int, id_key bigint, name_key bigint, student_key bigint, content_key bigint) on commit drop`.execute(
    tx,
  )
}

export async function addToPreview(tx: Tx, rows: Iterable<readonly CopyValue[]>): Promise<void> {
  await copyIntoTemporary(tx, {
    table: 'import_preview',
    columns: ['row', 'id_key', 'name_key', 'student_key', 'content_key'],
    pieces: [copyPiece(rows)],
  })
}

/**
 * [IMP-15] What a commit would do, by the rules by which it matches: ID number and name, else student number and name, else
 * the content. Rows of one person count once.
 */
export async function countEffect(tx: Tx, kind: string): Promise<Effect> {
  await sql`analyze import_preview`.execute(tx)
  await sql`create temp table import_person on commit drop as
    select distinct on (coalesce(id_key, student_key, row), name_key, id_key is null, student_key is null) * from import_preview
    order by coalesce(id_key, student_key, row), name_key, id_key is null, student_key is null, row`.execute(tx)
  const { rows } = await sql<{ known: number; unchanged: number; persons: number; good: number }>`
    with live as (
      select r.child_id, r.content_key, coalesce(r.same_as, r.record_id) as identity_id, b.kind, b.as_of_day, r.record_id
      from source_record r join source_batch b on b.batch_id = r.batch_id and b.undone_at is null
    ), met as (
      select p.row, min(l.child_id) as child_id from import_person p join person_identity i on i.id_key = p.id_key and i.name_key = p.name_key
        join live l on l.identity_id = i.record_id group by p.row
      union all
      select p.row, min(l.child_id) from import_person p join person_identity i on i.student_key = p.student_key and i.name_key = p.name_key
        join live l on l.identity_id = i.record_id where p.id_key is null group by p.row
      union all
      select p.row, min(l.child_id) from import_person p join person_identity i on i.name_key = p.name_key and i.id_key is null
        join live l on l.identity_id = i.record_id and l.content_key = p.content_key and l.kind = ${kind}
        where p.id_key is null and p.student_key is null group by p.row
    ), newest as (
      select distinct on (l.child_id) l.child_id, l.content_key from live l where l.kind = ${kind}
      and l.child_id in (select child_id from met) order by l.child_id, l.as_of_day desc, l.record_id desc
    )
    select (select count(*) from import_preview) as good, (select count(*) from import_person) as persons, count(m.row) as known,
      count(*) filter (where n.content_key = p.content_key) as unchanged
    from import_person p join met m on m.row = p.row left join newest n on n.child_id = m.child_id`.execute(tx)
  const { known, unchanged, persons, good } = rows[0]!
  return { newChildren: persons - known, changed: known - unchanged, unchanged, repeats: good - persons }
}
