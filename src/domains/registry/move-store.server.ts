import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'

/**
 * [REG-13] The whole branch of `unit` starts anew under another parent on `day`: new ids, the same codes, names and schools;
 * the old units end that day and name the new ones as successors. Posts go on at the successor. Answers old id → new id
 * and the persons whose posts moved. Rows of before keep the old ids.
 */
export async function moveBranch(
  tx: Tx,
  unit: { readonly unitId: number; readonly path: readonly number[] },
  parentId: number,
  day: PlainDate,
): Promise<{ readonly moved: ReadonlyMap<number, number>; readonly staff: readonly number[] }> {
  const branch = await sql<{ unit_id: number; parent_id: number; depth: number }>`
    select unit_id, parent_id, cardinality(path) as depth from unit
    where path @> array[${unit.unitId}::int] and (until_day is null or until_day > ${day}) order by depth, unit_id`.execute(
    tx,
  )
  const old = branch.rows.map((row) => row.unit_id)
  await sql`update unit set until_day = greatest(from_day, ${day}::date) where unit_id = any (${old}::int[])`.execute(
    tx,
  )
  const moved = new Map<number, number>()
  for (const [, level] of Map.groupBy(branch.rows, (row) => row.depth)) {
    const parents = level.map((row) => moved.get(row.parent_id) ?? parentId)
    const inserted = await sql<{ old_id: number; unit_id: number }>`
      with given as (select * from unnest(${level.map((row) => row.unit_id)}::int[], ${parents}::int[]) as given (old_id, parent_id)),
      fresh as (
        insert into unit (parent_id, kind, code, name, from_day, until_day)
        select given.parent_id, old.kind, old.code, old.name, greatest(old.from_day, ${day}::date), null
        from given join unit old on old.unit_id = given.old_id returning unit_id, code)
      select given.old_id, fresh.unit_id from given join unit old on old.unit_id = given.old_id join fresh on fresh.code = old.code`.execute(
      tx,
    )
    for (const row of inserted.rows) moved.set(row.old_id, row.unit_id)
  }
  const next = old.map((id) => moved.get(id) ?? null)
  const pairs = sql`unnest(${old}::int[], ${next}::int[]) as pair (old_id, new_id)`
  await sql`insert into unit_successor (unit_id, successor_id) select old_id, new_id from ${pairs}`.execute(tx)
  await sql`insert into school (unit_id, school_code, school_type, settlement_class, founder, is_boarding)
    select new_id, school_code, school_type, settlement_class, founder, is_boarding
    from ${pairs} join school on school.unit_id = old_id`.execute(tx)
  await moveCovers(tx, old, next, day)
  const staff = await sql<{ staff_id: number }>`
    with ended as (
      update post set until_day = greatest(post.from_day, ${day}::date) from ${pairs}, post before
      where post.unit_id = pair.old_id and before.post_id = post.post_id
        and (post.until_day is null or post.until_day > ${day})
      returning post.staff_id, pair.new_id, post.role_id, post.duty, post.from_day, before.until_day)
    insert into post (staff_id, unit_id, role_id, duty, from_day, until_day, units)
    select ended.staff_id, ended.new_id, ended.role_id, ended.duty, greatest(ended.from_day, ${day}::date), ended.until_day, unit.path
    from ended join unit on unit.unit_id = ended.new_id returning staff_id`.execute(tx)
  return { moved, staff: staff.rows.map((row) => row.staff_id) }
}

/** The new unit covers what the old one did; where the ground itself was divided anew that day, its one successor. */
async function moveCovers(
  tx: Tx,
  old: readonly number[],
  next: readonly (number | null)[],
  day: PlainDate,
): Promise<void> {
  const covers = await sql<{
    new_id: number
    kind: string
    division_id: number
    until_day: PlainDate | null
    note: string | null
  }>`
    select pair.new_id, cover.unit_kind as kind, cover.until_day, cover.note,
      coalesce((select min(follower.division_id) from division_successor s
        join division follower on follower.division_id = s.successor_id and follower.from_day = ${day}
        where s.division_id = cover.division_id having count(*) = 1), cover.division_id) as division_id
    from unnest(${[...old]}::int[], ${[...next]}::int[]) as pair (old_id, new_id)
    join unit_division cover on cover.unit_id = pair.old_id
      and cover.from_day < ${day} and (cover.until_day is null or cover.until_day >= ${day})`.execute(tx)
  await sql`update unit_division set until_day = ${day}
    where unit_id = any (${[...old]}::int[]) and from_day < ${day} and (until_day is null or until_day > ${day})`.execute(
    tx,
  )
  const { rows } = covers
  await sql`insert into unit_division (unit_id, unit_kind, division_id, from_day, until_day, note)
    select given.unit_id, given.kind, given.division_id, ${day}::date, nullif(given.until_day, ${day}), given.note
    from unnest(${rows.map((row) => row.new_id)}::int[], ${rows.map((row) => row.kind)}::text[],
      ${rows.map((row) => row.division_id)}::int[], ${rows.map((row) => row.until_day)}::date[], ${rows.map((row) => row.note)}::text[])
      as given (unit_id, kind, division_id, until_day, note)`.execute(tx)
}
