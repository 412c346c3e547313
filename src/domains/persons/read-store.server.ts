import { sql } from 'kysely'
import { foldName } from '../../kernel/chinese-name.ts'
import { type BatchId, batchId, type ChildId, childId, type RecordId, recordId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { cleanCode, cleanText } from '../../kernel/text.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import type { BatchKind, StatusGroup } from './kinds.ts'
import { maskedContact, maskedIdentity } from './masked.ts'
import type { Contact, Identity } from './record.ts'
import { INDEX, openContact, openIdentity } from './seal.server.ts'
import { tables } from './store.ts'
import { ids } from './tie-store.server.ts'

type Reader = Pick<ChildKeys, 'open'>
/** Masked unless the caller has recorded why not. */
type Showing = 'masked' | 'plain'

/** Who the children are, as far as the scope sees them. */
export async function readIdentity(
  tx: Tx,
  keys: Reader,
  children: readonly number[],
  showing: Showing = 'masked',
): Promise<ReadonlyMap<ChildId, Identity>> {
  if (children.length === 0) return new Map()
  const rows = await tables(tx)
    .selectFrom('child')
    .innerJoin('person_identity', 'person_identity.record_id', 'child.identity_id')
    .select(['child.child_id', 'person_identity.sealed'])
    .where(sql<boolean>`child.child_id = any (${ids(children)})`)
    .execute()
  return new Map(
    rows.map(({ child_id, sealed }) => {
      const identity = openIdentity(keys, sealed)
      return [childId(child_id), showing === 'plain' ? identity : maskedIdentity(identity)]
    }),
  )
}

/** Of the newest live sheet that has one: what is shown of a child comes from the register, which has none. */
export async function readStudentNo(tx: Tx, keys: Reader, child: ChildId): Promise<string | null> {
  const { rows } = await sql<{ sealed: Buffer }>`
    select i.sealed from current_records(${child}) c (record_id) join person_identity i using (record_id)
    where i.student_key is not null order by i.record_id desc limit 1`.execute(tx)
  return rows[0] === undefined ? null : maskedIdentity(openIdentity(keys, rows[0].sealed)).studentNo
}

/** Student numbers in full, of the newest live row that tells one: for a list that leaves the house for a purpose. */
export async function readStudentNos(
  tx: Tx,
  keys: Reader,
  children: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ child_id: number; sealed: Buffer }>`
    select distinct on (r.child_id) r.child_id, i.sealed
    from source_record r join person_identity i on i.record_id = coalesce(r.same_as, r.record_id)
    where r.child_id = any (${ids(children)}) and i.student_key is not null and batch_counts(r.batch_id)
    order by r.child_id, r.record_id desc`.execute(tx)
  return new Map(rows.map((row) => [row.child_id, openIdentity(keys, row.sealed).studentNo ?? '']))
}

/** How their families are reached: only with a duty's tie, so a child may be missing that `readIdentity` has. */
export async function readContact(
  tx: Tx,
  keys: Reader,
  children: readonly number[],
  showing: Showing = 'masked',
): Promise<ReadonlyMap<ChildId, Contact>> {
  if (children.length === 0) return new Map()
  const rows = await tables(tx)
    .selectFrom('child')
    .innerJoin('person_contact', 'person_contact.record_id', 'child.contact_id')
    .select(['child.child_id', 'person_contact.sealed'])
    .where(sql<boolean>`child.child_id = any (${ids(children)})`)
    .execute()
  return new Map(
    rows.map(({ child_id, sealed }) => {
      const contact = openContact(keys, sealed)
      return [childId(child_id), showing === 'plain' ? contact : maskedContact(contact)]
    }),
  )
}

export interface ShownChild {
  readonly childId: ChildId
  /** In full: whoever has a tie works with the child by name. */
  readonly name: string
  readonly citizenId: string | null
  readonly studentNo: string | null
  readonly sex: 1 | 2 | null
  readonly birth: PlainDate | null
}

/** What a list shows of each child: the name in full, numbers masked. */
export async function shownChildren(
  tx: Tx,
  keys: Reader,
  children: readonly number[],
): Promise<ReadonlyMap<ChildId, ShownChild>> {
  if (children.length === 0) return new Map()
  const rows = await tables(tx)
    .selectFrom('child')
    .innerJoin('person_identity', 'person_identity.record_id', 'child.identity_id')
    .select(['child.child_id', 'child.birth_day', 'child.sex', 'person_identity.sealed'])
    .where(sql<boolean>`child.child_id = any (${ids(children)})`)
    .execute()
  return new Map(
    rows.map((row) => {
      const { name, citizenId, studentNo } = maskedIdentity(openIdentity(keys, row.sealed))
      const id = childId(row.child_id)
      return [id, { childId: id, name, citizenId, studentNo, sex: row.sex, birth: row.birth_day }]
    }),
  )
}

/** [PERS-2] Children in scope whose live records hold exactly this name, ID number or student number. */
export async function searchChildren(
  tx: Tx,
  keys: Pick<ChildKeys, 'indexKey'>,
  text: string,
  most: number,
): Promise<readonly ChildId[]> {
  const code = cleanCode(text)
  const { rows } = await sql<{ child_id: number }>`
    select distinct r.child_id from person_identity i
      join source_record r on (r.record_id = i.record_id or r.same_as = i.record_id) and batch_counts(r.batch_id)
    where i.record_id in (
      select record_id from person_identity where id_key = ${String(keys.indexKey(INDEX.id, code))}::bigint
      union select record_id from person_identity where student_key = ${String(keys.indexKey(INDEX.student, code))}::bigint
      union select record_id from person_identity where name_key = ${String(keys.indexKey(INDEX.name, foldName(cleanText(text))))}::bigint
    ) order by r.child_id limit ${most}`.execute(tx)
  return rows.map((row) => childId(row.child_id))
}

/** [PERS-11] Children in scope of the same household, or with a guardian in common, by the current rows of the one and any live row of the other. */
export async function listSiblings(tx: Tx, child: number, most: number): Promise<readonly ChildId[]> {
  const { rows } = await sql<{ child_id: number }>`with own as materialized (
      select p.household_key, p.guardian_keys from current_records(${child}) c (record_id) join person_contact p using (record_id)
    ), near as (
      select p.record_id from own join person_contact p on p.household_key = own.household_key
      union select p.record_id from own join person_contact p on p.guardian_keys && own.guardian_keys
    )
    select distinct r.child_id from near
      join source_record r on (r.record_id = near.record_id or r.same_as = near.record_id) and batch_counts(r.batch_id)
      join child c on c.child_id = r.child_id
    where r.child_id <> ${child} order by r.child_id limit ${most}`.execute(tx)
  return rows.map((row) => childId(row.child_id))
}

export interface ChildSource {
  readonly recordId: RecordId
  readonly batchId: BatchId
  readonly kind: BatchKind
  readonly asOf: PlainDate
  /** As the sheet counts its lines. */
  readonly row: number
  readonly giverPath: readonly number[]
  readonly giver: string
  readonly needsRepair: boolean
  /** Another child has the same ID number. */
  readonly sharesId: boolean
  /** The row says the same as an earlier one. */
  readonly isRepeat: boolean
  readonly isUndone: boolean
  readonly roll: {
    readonly school: string | null
    readonly grade: number | null
    readonly className: string | null
    readonly statusGroup: StatusGroup
    readonly status: string | null
    readonly boarding: boolean | null
    readonly enrolledOn: PlainDate | null
  } | null
}

/**
 * Every row that speaks of the child, the newest first. As the system, once the child is found in scope: which sheets speak of a
 * child may be known to whoever may know the child, the batches themselves not.
 */
export async function listSources(tx: Tx, child: number): Promise<readonly ChildSource[]> {
  const rows = await tables(tx)
    .withTables<{ unit: { unit_id: number; name: string } }>()
    .selectFrom('source_record')
    .innerJoin('source_batch', 'source_batch.batch_id', 'source_record.batch_id')
    .innerJoin('unit as giver', 'giver.unit_id', 'source_batch.unit_id')
    .leftJoin('roll_entry', (join) =>
      join.on(sql<boolean>`roll_entry.record_id = coalesce(source_record.same_as, source_record.record_id)`),
    )
    .leftJoin('unit as school', 'school.unit_id', 'roll_entry.school_id')
    .leftJoin('school_class', 'school_class.class_id', 'roll_entry.class_id')
    .select([
      'source_record.record_id',
      'source_record.batch_id',
      'source_record.row',
      'source_record.same_as',
      'source_record.needs_repair',
      'source_record.shares_id',
      'source_batch.kind',
      'source_batch.as_of_day',
      'source_batch.unit_id',
      'source_batch.units',
      'source_batch.rows_above',
      'source_batch.undone_at',
      'giver.name as giver',
      'school.name as school',
      'roll_entry.grade',
      'roll_entry.status_group',
      'roll_entry.status',
      'roll_entry.is_boarding',
      'roll_entry.enrolled_on',
      'school_class.name as class_name',
    ])
    .where('source_record.child_id', '=', child)
    .orderBy('source_batch.as_of_day', 'desc')
    .orderBy('source_record.record_id', 'desc')
    .execute()
  return rows.map((row) => ({
    recordId: recordId(row.record_id),
    batchId: batchId(row.batch_id),
    kind: row.kind,
    asOf: row.as_of_day,
    row: row.row + row.rows_above,
    giverPath: row.units,
    giver: row.giver,
    needsRepair: row.needs_repair,
    sharesId: row.shares_id,
    isRepeat: row.same_as !== null,
    isUndone: row.undone_at !== null,
    roll:
      row.status_group === null
        ? null
        : {
            school: row.school,
            grade: row.grade,
            className: row.class_name,
            statusGroup: row.status_group,
            status: row.status,
            boarding: row.is_boarding,
            enrolledOn: row.enrolled_on,
          },
  }))
}
