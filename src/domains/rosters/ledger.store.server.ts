import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'

export interface LedgerRow {
  readonly childId: number
  readonly birth: PlainDate | null
  readonly sex: 1 | 2 | null
  readonly accountId: number
  readonly since: PlainDate
  readonly registeredId: number | null
  readonly livingId: number | null
  readonly schoolId: number | null
  readonly evidence: string
  readonly confirmed: PlainDate | null
  readonly ownerUnitId: number | null
  readonly openedDay: PlainDate | null
  readonly absentDays: number | null
}

/** [ROST-20] Children in these accounts who are registered or living in the unit, a page after `after`. */
export async function listLedgerRows(
  tx: Tx,
  wanted: {
    readonly unitId: number
    readonly accounts: readonly number[]
    readonly after: number
    readonly size: number
  },
): Promise<readonly LedgerRow[]> {
  const { rows } = await sql<LedgerRow>`
    with branch as materialized (select unit_id from unit where path @> array[${wanted.unitId}::int]), m as materialized (
      select s.child_id, s.account_id, lower(s.valid) as since, s.r_unit_id, s.p_unit_id, s.s_school_id, s.evidence_id, s.case_id
      from whereabouts_span s
      where s.superseded_by is null and upper_inf(s.valid) and s.account_id = any (${[...wanted.accounts]}::smallint[])
        and (s.r_unit_id in (select unit_id from branch) or s.p_unit_id in (select unit_id from branch))
        and s.child_id > ${wanted.after}
      order by s.child_id limit ${wanted.size}
    )
    select m.child_id as "childId", c.birth_day as "birth", c.sex, m.account_id as "accountId", m.since, m.r_unit_id as "registeredId",
      m.p_unit_id as "livingId", m.s_school_id as "schoolId", e.kind as "evidence", (
        select max(k.confirmed_day) from evidence_confirmation k where k.evidence_id = m.evidence_id and k.withdrawn_by is null) as "confirmed",
      f.owner_unit_id as "ownerUnitId", f.opened_day as "openedDay", (
        select p.absent_days from class_presence p join source_record r on r.record_id = p.record_id
        where p.child_id = m.child_id and batch_counts(r.batch_id) order by p.record_id desc limit 1) as "absentDays"
    from m join child c on c.child_id = m.child_id join evidence e on e.evidence_id = m.evidence_id
      left join case_file f on f.case_id = m.case_id
    order by m.child_id`.execute(tx)
  return rows
}

export interface ClassFound {
  readonly childId: number
  readonly grade: number | null
  readonly className: string | null
  readonly isBoarding: boolean | null
}

export async function listClasses(tx: Tx, children: readonly number[]): Promise<ReadonlyMap<number, ClassFound>> {
  const { rows } = await sql<ClassFound>`
    select distinct on (e.child_id) e.child_id as "childId", e.grade, k.name as "className", e.is_boarding as "isBoarding"
    from roll_entry e join source_record r on r.record_id = e.record_id left join school_class k on k.class_id = e.class_id
    where e.child_id = any (${`{${children.join(',')}}`}::bigint[]) and batch_counts(r.batch_id)
    order by e.child_id, e.record_id desc`.execute(tx)
  return new Map(rows.map((row) => [row.childId, row]))
}
