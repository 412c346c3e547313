import { sql } from 'kysely'
import type { ChildId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/db/index.ts'

/** Where the children are registered, of residence where no registration is known. */
export async function listHomes(tx: Tx, children: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (children.length === 0) return new Map()
  const { rows } = await sql<{ child_id: number; unit_id: number }>`
    select distinct on (child_id) child_id, unit_id from tie
    where child_id = any (${[...children]}::bigint[]) and kind in ('registered', 'living') and upper_inf(valid)
    order by child_id, kind desc`.execute(tx)
  return new Map(rows.map((row) => [row.child_id, row.unit_id]))
}

export async function findOpenFile(tx: Tx, child: ChildId): Promise<number | null> {
  const { rows } = await sql<{ case_id: number }>`
    select case_id from case_file where child_id = ${child} and open`.execute(tx)
  return rows[0]?.case_id ?? null
}

export interface Placed {
  readonly unitId: number
  readonly districtId: number | null
  readonly districtCode: string | null
  readonly path: readonly number[]
}

/** Units with the district or zone at or above them. */
export async function listPlaced(tx: Tx, units: readonly number[]): Promise<ReadonlyMap<number, Placed>> {
  const { rows } = await sql<Placed>`
    select u.unit_id as "unitId", u.path, d.unit_id as "districtId", d.code as "districtCode"
    from unit u left join lateral (select o.unit_id, o.code from unit o
      where o.unit_id = any (u.path) and o.kind in ('district', 'zone') order by cardinality(o.path) desc limit 1) d on true
    where u.unit_id = any (${[...new Set(units)]}::int[])`.execute(tx)
  return new Map(rows.map((row) => [row.unitId, row]))
}

/** The child's unit of registration, of residence without one, with its district. */
export async function findHomeOf(tx: Tx, child: ChildId): Promise<Placed | undefined> {
  const unit = (await listHomes(tx, [child])).get(child)
  return unit === undefined ? undefined : (await listPlaced(tx, [unit])).get(unit)
}

/** Who wrote where the child stands now. */
export async function findPostingOf(tx: Tx, child: ChildId): Promise<number | undefined> {
  const { rows } = await sql<{ posted_by: number }>`
    select posted_by from whereabouts_span where child_id = ${child} and superseded_by is null and upper_inf(valid)`.execute(
    tx,
  )
  return rows[0]?.posted_by
}
