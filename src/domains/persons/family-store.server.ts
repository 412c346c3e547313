import { sql } from 'kysely'
import { type ChildId, childId } from '../../kernel/ids.ts'
import { cleanCode } from '../../kernel/text.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import { LIST_KINDS } from './kinds.ts'
import { householdKey, INDEX } from './seal.server.ts'

/**
 * [ROST-17] Children in scope whose live rows tell this household number, or this number of a guardian or head of household.
 * A household number counts within a district, and the lists of an office count their own.
 */
export async function searchFamilies(
  tx: Tx,
  keys: Pick<ChildKeys, 'indexKey'>,
  wanted: { readonly text: string; readonly districts: readonly number[] },
  most: number,
): Promise<readonly ChildId[]> {
  const code = cleanCode(wanted.text)
  const numbers = wanted.districts.flatMap((district) =>
    (['population', ...LIST_KINDS] as const).map((kind) =>
      householdKey((name, text) => keys.indexKey(name, text), { kind, district: String(district) }, code),
    ),
  )
  const { rows } = await sql<{ child_id: number }>`
    select distinct r.child_id from person_contact p
      join source_record r on (r.record_id = p.record_id or r.same_as = p.record_id) and batch_counts(r.batch_id)
      join child c on c.child_id = r.child_id
    where p.record_id in (
      select record_id from person_contact where household_key = any (${`{${numbers.join(',')}}`}::bigint[])
      union select record_id from person_contact where guardian_keys @> array[${String(keys.indexKey(INDEX.guardian, code))}::bigint]
    ) order by r.child_id limit ${most}`.execute(tx)
  return rows.map((row) => childId(row.child_id))
}
