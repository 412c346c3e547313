import { sql } from 'kysely'
import type { RecordId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { ChildKeys } from '../../platform/keys.ts'
import type { BatchKind } from './kinds.ts'
import type { Contact, Identity } from './record.ts'
import { openContact, openIdentity } from './seal.server.ts'

/** One row of a sheet as it was read, unmasked. */
export interface OpenedRecord {
  readonly recordId: RecordId
  readonly kind: BatchKind
  readonly asOf: PlainDate
  readonly identity: Identity
  /** Null where the row has none. */
  readonly contact: Contact | null
  /** Of registration, of residence, or the school: the nearest unit known. */
  readonly unit: string | null
  readonly roll: {
    readonly school: string | null
    readonly grade: number | null
    readonly status: string | null
  } | null
}

/** Records side by side, for who decides whether two are one person. As the system, once the pair is found in scope. */
export async function openRecords(
  tx: Tx,
  keys: Pick<ChildKeys, 'open'>,
  ids: readonly RecordId[],
): Promise<ReadonlyMap<RecordId, OpenedRecord>> {
  const { rows } = await sql<{
    record_id: RecordId
    kind: BatchKind
    as_of_day: PlainDate
    identity: Buffer
    contact: Buffer | null
    unit: string | null
    is_roll: boolean
    school: string | null
    grade: number | null
    status: string | null
  }>`
    select r.record_id, b.kind, b.as_of_day, i.sealed as identity, c.sealed as contact, u.name as unit,
      e.record_id is not null as is_roll, s.name as school, e.grade, e.status
    from source_record r join source_batch b on b.batch_id = r.batch_id
      join person_identity i on i.record_id = coalesce(r.same_as, r.record_id)
      left join person_contact c on c.record_id = coalesce(r.same_as, r.record_id)
      left join roll_entry e on e.record_id = coalesce(r.same_as, r.record_id)
      left join unit u on u.unit_id = r.unit_id left join unit s on s.unit_id = e.school_id
    where r.record_id = any (${[...ids]}::bigint[])`.execute(tx)
  return new Map(
    rows.map((row) => [
      row.record_id,
      {
        recordId: row.record_id,
        kind: row.kind,
        asOf: row.as_of_day,
        identity: openIdentity(keys, row.identity),
        contact: row.contact === null ? null : openContact(keys, row.contact),
        unit: row.unit,
        roll: row.is_roll ? { school: row.school, grade: row.grade, status: row.status } : null,
      },
    ]),
  )
}
