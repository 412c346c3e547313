import { sql } from 'kysely'
import { foldName } from '../../kernel/chinese-name.ts'
import { type ChildId, childId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import { INDEX } from './seal.server.ts'

export interface MatchAsked {
  readonly row: number
  readonly name: string
  /** Sound; null: found by name and birthday. */
  readonly citizenId: string | null
  readonly birth: PlainDate
}

export interface Matched {
  readonly row: number
  readonly childId: ChildId
  readonly by: 'id' | 'name'
  readonly isSameName: boolean
}

/**
 * [PERS-2] Who the rows of a list speak of, by blind index: the sound ID number, and exactly this name with this birthday. Several
 * may answer to one row; who asks decides. As far as the transaction's scope sees.
 */
export async function matchPersons(
  tx: Tx,
  keys: Pick<ChildKeys, 'indexKey'>,
  asked: readonly MatchAsked[],
): Promise<readonly Matched[]> {
  if (asked.length === 0) return []
  const lines = asked.map(({ row, name, citizenId, birth }) => ({
    row,
    id_key: citizenId === null ? null : String(keys.indexKey(INDEX.id, citizenId)),
    name_key: String(keys.indexKey(INDEX.name, foldName(name))),
    birth,
  }))
  const { rows } = await sql<{ row: number; child_id: number; by: 'id' | 'name'; is_same: boolean }>`
    with asked as materialized (
      select row, id_key::bigint as id_key, name_key::bigint as name_key, birth
      from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as a (row int, id_key text, name_key text, birth date)
    ), met as (
      select a.row, 'id' as by, i.record_id, i.name_key = a.name_key as is_same, null::date as birth
      from asked a cross join lateral (
        select h.record_id, h.name_key from person_identity h where h.id_key = a.id_key offset 0) i
      union all
      select a.row, 'name', i.record_id, true, a.birth
      from asked a cross join lateral (
        select h.record_id from person_identity h where h.name_key = a.name_key
          and (a.id_key is null or h.id_key is null) offset 0) i
    )
    select m.row, m.by, r.child_id, bool_or(m.is_same) as is_same
    from met m cross join lateral (
        select o.child_id, o.batch_id from source_record o where o.record_id = m.record_id or o.same_as = m.record_id offset 0) r
      join child c on c.child_id = r.child_id and (m.birth is null or c.birth_day = m.birth)
    where batch_counts(r.batch_id) and c.merged_into is null
    group by m.row, m.by, r.child_id order by m.row, m.by, r.child_id`.execute(tx)
  return rows.map((row) => ({ row: row.row, childId: childId(row.child_id), by: row.by, isSameName: row.is_same }))
}
