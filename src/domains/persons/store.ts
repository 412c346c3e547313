import type { Generated } from 'kysely'
import { type ChildId, childId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { BatchKind, StatusGroup, TieKind, TieSource } from './kinds.ts'

/** Blind index keys fill all eight bytes: they are written as text and compared in SQL, and never read into a number. */
type WrittenKey = never

export type PersonsTables = {
  source_batch: {
    batch_id: Generated<number>
    kind: BatchKind
    unit_id: number
    units: number[]
    as_of_day: PlainDate
    content_key: Buffer
    rows_above: Generated<number>
    row_count: number
    stored_count: number
    refused_count: number
    aside_count: Generated<number>
    repair_count: number
    rows_file_id: string | null
    account_id: number
    committed_at: Date
    undone_at: Date | null
    undone_by: number | null
    is_ledger: Generated<boolean>
  }
  batch_cover: { batch_id: number; unit_id: number; row_count: number }
  child: {
    child_id: Generated<number>
    birth_day: PlainDate | null
    sex: 1 | 2 | null
    merged_into: number | null
    identity_id: number | null
    contact_id: number | null
    units: number[]
    made_by: number
  }
  source_record: {
    record_id: Generated<number>
    batch_id: number
    row: number
    child_id: number
    same_as: number | null
    unit_id: number | null
    needs_repair: boolean
    shares_id: boolean
  }
  person_identity: {
    record_id: number
    sealed: Buffer
    id_key: WrittenKey
    name_key: WrittenKey
    student_key: WrittenKey
    units: number[]
  }
  person_contact: {
    record_id: number
    sealed: Buffer
    household_key: WrittenKey
    guardian_keys: WrittenKey
    units: number[]
  }
  school_class: {
    class_id: Generated<number>
    school_id: number
    school_year: number
    grade: number
    name: string
    units: number[]
  }
  roll_entry: {
    record_id: number
    child_id: number
    school_id: number | null
    class_id: number | null
    grade: number | null
    status_group: StatusGroup
    status: string | null
    is_boarding: boolean | null
    enrolled_on: PlainDate | null
    units: number[]
  }
  child_merge: {
    merge_id: Generated<number>
    from_child: number
    into_child: number
    source: 'run' | 'officer'
    source_key: string
    grounds: string | null
    merged_at: Date
    undone_at: Date | null
    undone_by: number | null
  }
  record_move: { merge_id: number; record_id: number }
  tag_move: { merge_id: number; tag_id: number }
  tie: {
    tie_id: Generated<number>
    child_id: number
    kind: TieKind
    unit_id: number
    valid: string
    record_id: number | null
    source: TieSource
  }
  person_tag: {
    tag_id: Generated<number>
    child_id: number
    sealed: Buffer
    valid: string
    record_id: number | null
    account_id: number | null
    units: number[]
  }
  unit_tag: { unit_id: number; tag: string; valid: string; source: string }
}

export function tables(tx: Tx) {
  return tx.withTables<PersonsTables>()
}

export interface Child {
  readonly childId: ChildId
  readonly birth: PlainDate | null
  readonly sex: 1 | 2 | null
  readonly mergedInto: ChildId | null
}

/** As far as the scope sees it. */
export async function findChild(tx: Tx, id: number): Promise<Child | undefined> {
  const row = await tables(tx)
    .selectFrom('child')
    .select(['child_id', 'birth_day', 'sex', 'merged_into'])
    .where('child_id', '=', id)
    .executeTakeFirst()
  return (
    row && {
      childId: childId(row.child_id),
      birth: row.birth_day,
      sex: row.sex,
      mergedInto: row.merged_into === null ? null : childId(row.merged_into),
    }
  )
}
