import { sql } from 'kysely'
import { type ChildId, childId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { copyIntoTemporary, copyPiece, type Tx } from '../../platform/db/index.ts'
import { tables } from './store.ts'
import { settleChildren } from './undo-store.server.ts'

const PAIRS_A_PAGE = 10_000

export interface MergePair {
  readonly from: ChildId
  readonly into: ChildId
  /** What the pair agreed on, in the words of the linkage; no value of a row. */
  readonly grounds: string | null
}

export interface MergeCause {
  readonly source: 'run' | 'officer'
  /** Run id, or the account. */
  readonly sourceKey: string
  readonly now: Date
  readonly today: PlainDate
}

/** [PERS-5] The records of `from` speak of `into` from now on. Answers how many pairs were merged. */
export async function mergeChildren(tx: Tx, pairs: readonly MergePair[], cause: MergeCause): Promise<number> {
  await sql`create temp table merge_asked (from_child bigint, into_child bigint, grounds text) on commit drop`.execute(
    tx,
  )
  await copyIntoTemporary(tx, {
    table: 'merge_asked',
    columns: ['from_child', 'into_child', 'grounds'],
    pieces: [copyPiece(pairs.map(({ from, into, grounds }) => [from, into, grounds]))],
  })
  const merged = await mergeFromTable(tx, 'merge_asked', cause)
  await sql`drop table merge_asked`.execute(tx)
  return merged
}

/**
 * [PERS-5] The same from a temporary table (from_child, into_child, grounds) of this transaction, for the pairs of a run.
 * Who is merged already is left alone; a chain ends in its last child, a circle is not entered.
 */
export async function mergeFromTable(tx: Tx, table: string, cause: MergeCause): Promise<number> {
  await sql`create temp table merge_pair on commit drop as
    select distinct on (from_child) from_child, into_child, grounds from ${sql.table(table)} order by from_child, into_child`.execute(
    tx,
  )
  let merged = 0
  for (;;) {
    await followMerged(tx)
    await sql`delete from merge_pair p using child c
      where c.child_id = p.from_child and (c.merged_into is not null or p.from_child = p.into_child)`.execute(tx)
    await sql`create temp table merge_now on commit drop as
      select p.from_child, p.into_child, p.grounds from merge_pair p join child i on i.child_id = p.into_child
      where not exists (select from merge_pair q where q.from_child = p.into_child)
      order by p.from_child limit ${PAIRS_A_PAGE}`.execute(tx)
    const count = await applyPairs(tx, cause)
    await sql`drop table merge_now`.execute(tx)
    if (count === 0) break
    merged += count
  }
  await sql`drop table merge_pair`.execute(tx)
  return merged
}

async function followMerged(tx: Tx): Promise<void> {
  for (;;) {
    const followed = await sql`update merge_pair p set into_child = c.merged_into from child c
      where c.child_id = p.into_child and c.merged_into is not null`.execute(tx)
    if ((followed.numAffectedRows ?? 0n) === 0n) return
  }
}

async function applyPairs(tx: Tx, { source, sourceKey, now, today }: MergeCause): Promise<number> {
  await sql`create temp table merge_made (merge_id bigint, from_child bigint, into_child bigint) on commit drop`.execute(
    tx,
  )
  const made = await sql`with made as (
      insert into child_merge (from_child, into_child, source, source_key, grounds, merged_at)
      select from_child, into_child, ${source}, ${sourceKey}, grounds, ${now} from merge_now
      returning merge_id, from_child, into_child)
    insert into merge_made select * from made`.execute(tx)
  const count = Number(made.numAffectedRows ?? 0)
  if (count > 0) {
    await sql`analyze merge_made`.execute(tx)
    await sql`insert into record_move (merge_id, record_id)
      select m.merge_id, r.record_id from merge_made m join source_record r on r.child_id = m.from_child`.execute(tx)
    await sql`insert into tag_move (merge_id, tag_id)
      select m.merge_id, g.tag_id from merge_made m join person_tag g on g.child_id = m.from_child`.execute(tx)
    await sql`update source_record r set child_id = m.into_child from merge_made m where r.child_id = m.from_child`.execute(
      tx,
    )
    await sql`update roll_entry e set child_id = m.into_child from merge_made m where e.child_id = m.from_child`.execute(
      tx,
    )
    await sql`update class_presence p set child_id = m.into_child from merge_made m where p.child_id = m.from_child`.execute(
      tx,
    )
    await sql`update person_tag g set child_id = m.into_child from merge_made m where g.child_id = m.from_child`.execute(
      tx,
    )
    await sql`update child c set merged_into = m.into_child, obliged = null from merge_made m where c.child_id = m.from_child`.execute(
      tx,
    )
    await settleChildren(tx, await listPairChildren(tx), today)
  }
  await sql`drop table merge_made`.execute(tx)
  return count
}

async function listPairChildren(tx: Tx): Promise<readonly number[]> {
  const { rows } = await sql<{ child_id: number }>`
    select from_child as child_id from merge_made union select into_child from merge_made`.execute(tx)
  return rows.map((row) => row.child_id)
}

export interface Unmerged {
  readonly fromChild: ChildId
  /** Who held the records until now: `into`, or the child that it was merged into later. */
  readonly intoChild: ChildId
}

/**
 * [PERS-5] The records go back. Later records go with them where they repeat one of them, or name the same ID number and
 * name while nothing of the other child does. Undefined: there is no such merge, or it was undone before.
 */
export async function unmerge(
  tx: Tx,
  mergeId: number,
  { accountId, now, today }: { readonly accountId: number; readonly now: Date; readonly today: PlainDate },
): Promise<Unmerged | undefined> {
  const merge = await tables(tx)
    .updateTable('child_merge')
    .set({ undone_at: now, undone_by: accountId })
    .where('merge_id', '=', mergeId)
    .where('undone_at', 'is', null)
    .returning(['from_child', 'into_child'])
    .executeTakeFirst()
  if (merge === undefined) return undefined
  const from = childId(merge.from_child)
  const into = await findSurvivor(tx, merge.into_child)
  await sql`create temp table move_back on commit drop as
    select m.record_id from record_move m join source_record r on r.record_id = m.record_id
    where m.merge_id = ${mergeId} and r.child_id = ${into}`.execute(tx)
  await sql`insert into move_back
    with own as (select max(record_id) as last from record_move where merge_id = ${mergeId}),
    told as (
      select r.record_id, i.id_key, i.name_key, r.same_as, r.record_id > own.last as is_later,
        exists (select from move_back k where k.record_id = r.record_id) as is_moved
      from own, source_record r join person_identity i on i.record_id = coalesce(r.same_as, r.record_id)
      where r.child_id = ${into})
    select t.record_id from told t where t.is_later and not t.is_moved and (
      exists (select from move_back k where k.record_id = t.same_as)
      or (t.id_key is not null
        and exists (select from told m where m.is_moved and m.id_key = t.id_key and m.name_key = t.name_key)
        and not exists (select from told o where not o.is_moved and not o.is_later and o.id_key = t.id_key and o.name_key = t.name_key)))`.execute(
    tx,
  )
  await sql`update source_record set child_id = ${from} where record_id in (select record_id from move_back)`.execute(
    tx,
  )
  await sql`update roll_entry set child_id = ${from} where record_id in (select record_id from move_back)`.execute(tx)
  await sql`update class_presence set child_id = ${from} where record_id in (select record_id from move_back)`.execute(
    tx,
  )
  await sql`update person_tag set child_id = ${from} where child_id = ${into}
    and (tag_id in (select tag_id from tag_move where merge_id = ${mergeId}) or record_id in (select record_id from move_back))`.execute(
    tx,
  )
  await sql`drop table move_back`.execute(tx)
  await tables(tx).updateTable('child').set({ merged_into: null }).where('child_id', '=', from).execute()
  await settleChildren(tx, [from, into], today)
  return { fromChild: from, intoChild: into }
}

/** The child that a merged one has become. */
export async function findSurvivor(tx: Tx, id: number): Promise<ChildId> {
  const { rows } = await sql<{ child_id: number }>`with recursive way as (
      select child_id, merged_into from child where child_id = ${id}
      union select c.child_id, c.merged_into from way join child c on c.child_id = way.merged_into)
    select child_id from way where merged_into is null`.execute(tx)
  return childId(rows[0]?.child_id ?? id)
}

export interface Merge {
  readonly mergeId: number
  readonly fromChild: ChildId
  readonly intoChild: ChildId
  readonly source: 'run' | 'officer'
  readonly grounds: string | null
  readonly mergedAt: Date
}

/** Live merges into a child, the newest first; as far as the scope sees the child. */
export async function listMerges(tx: Tx, into: number): Promise<readonly Merge[]> {
  const rows = await tables(tx)
    .selectFrom('child_merge')
    .select(['merge_id', 'from_child', 'into_child', 'source', 'grounds', 'merged_at'])
    .where('into_child', '=', into)
    .where('undone_at', 'is', null)
    .orderBy('merge_id', 'desc')
    .execute()
  return rows.map((row) => ({
    mergeId: row.merge_id,
    fromChild: childId(row.from_child),
    intoChild: childId(row.into_child),
    source: row.source,
    grounds: row.grounds,
    mergedAt: row.merged_at,
  }))
}
