import { sql } from 'kysely'
import { type ChildId, childId } from '../../kernel/ids.ts'
import { cleanCode } from '../../kernel/text.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import { LIST_KINDS } from './kinds.ts'
import { maskedContact } from './masked.ts'
import type { Contact } from './record.ts'
import { householdKey, INDEX, openContact } from './seal.server.ts'
import { ids } from './tie-store.server.ts'

/**
 * [PERS-11] Children of the same households, or with a guardian in common, of several children at once. As the system: the
 * policies ask the same of every row (the contact and the child have the unit among their units), which costs a page of
 * families two seconds; here they are asked once.
 */
export async function listFamilyMembers(
  tx: Tx,
  firsts: readonly number[],
  unitId: number,
): Promise<ReadonlyMap<number, readonly ChildId[]>> {
  const inSight = sql`array[${unitId}::int]`
  const { rows } = await sql<{ first: number; child_id: number }>`
    with own as materialized (
      select f.first, p.household_key, p.guardian_keys
      from unnest(${ids(firsts)}) f (first)
        cross join lateral (select r.record_id, r.same_as, r.batch_id from source_record r where r.child_id = f.first offset 0) r
        join source_batch b on b.batch_id = r.batch_id and b.undone_at is null
        join person_contact p on p.record_id = coalesce(r.same_as, r.record_id) and p.units @> ${inSight}
    ), near as materialized (
      select o.first, p.record_id from (select distinct first, household_key from own where household_key is not null) o
        cross join lateral (select h.record_id, h.units from person_contact h where h.household_key = o.household_key offset 0) p
      where p.units @> ${inSight}
      union
      select o.first, p.record_id from (select distinct first, guardian_keys from own where guardian_keys is not null) o
        cross join lateral (select h.record_id, h.units from person_contact h where h.guardian_keys && o.guardian_keys offset 0) p
      where p.units @> ${inSight}
    )
    select distinct n.first, r.child_id from near n
      cross join lateral (
        select w.child_id, w.batch_id from source_record w where w.record_id = n.record_id
        union all
        select w.child_id, w.batch_id from source_record w where w.same_as = n.record_id) r
      join source_batch b on b.batch_id = r.batch_id and b.undone_at is null
      join child c on c.child_id = r.child_id and c.units @> ${inSight}
    where r.child_id <> n.first order by n.first, r.child_id`.execute(tx)
  const members = new Map<number, ChildId[]>()
  for (const { first, child_id } of rows) members.set(first, [...(members.get(first) ?? []), childId(child_id)])
  return members
}

/** The row that tells the household a child is counted in, beside what is shown of its contacts: a roll is newer and tells none. */
export async function readHouseholds(
  tx: Tx,
  keys: Pick<ChildKeys, 'open'>,
  children: readonly number[],
  showing: 'masked' | 'plain' = 'masked',
): Promise<ReadonlyMap<number, Contact>> {
  const { rows } = await sql<{ child_id: number; sealed: Buffer }>`
    select distinct on (r.child_id) r.child_id, p.sealed
    from source_record r join person_contact p on p.record_id = coalesce(r.same_as, r.record_id)
    where r.child_id = any (${ids(children)}) and p.household_key = household_of(r.child_id) and batch_counts(r.batch_id)
    order by r.child_id, r.record_id desc`.execute(tx)
  return new Map(
    rows.map(({ child_id, sealed }) => {
      const contact = openContact(keys, sealed)
      return [child_id, showing === 'plain' ? contact : maskedContact(contact)]
    }),
  )
}

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
