import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { EvidenceKind } from '../whereabouts/index.ts'

export interface OpenEntry {
  readonly childId: number
  readonly accountId: number
  readonly since: PlainDate
  readonly evidenceKind: EvidenceKind
  readonly confirmed: PlainDate | null
  readonly expires: PlainDate | null
  readonly caseId: number | null
  readonly recordId: number | null
  readonly registeredId: number | null
  readonly livingId: number | null
  readonly schoolId: number | null
  readonly obligedFrom: PlainDate | null
}

/** Where a child stands from now on. */
export async function findOpenEntry(tx: Tx, childId: number): Promise<OpenEntry | undefined> {
  const { rows } = await sql<OpenEntry>`
    select c.child_id as "childId", s.account_id as "accountId", lower(s.valid) as since, e.kind as "evidenceKind",
      k.confirmed, k.expires, s.case_id as "caseId", s.record_id as "recordId", s.r_unit_id as "registeredId", s.p_unit_id as "livingId",
      s.s_school_id as "schoolId", lower(c.obliged) as "obligedFrom"
    from child c
      join whereabouts_span s on s.child_id = c.child_id and s.superseded_by is null and upper_inf(s.valid)
      join evidence e on e.evidence_id = s.evidence_id
      left join lateral (select max(confirmed_day) as confirmed, max(expires_day) as expires
        from evidence_confirmation where evidence_id = e.evidence_id and withdrawn_by is null) k on true
    where c.child_id = ${childId}`.execute(tx)
  return rows[0]
}

/** The district or zone at or above a unit. */
export async function findDistrictOf(tx: Tx, unitId: number | null): Promise<number | null> {
  const { rows } = await sql<{ unit_id: number }>`
    select d.unit_id from unit u join unit d on d.unit_id = any (u.path) and d.kind in ('district', 'zone')
    where u.unit_id = ${unitId} order by cardinality(d.path) desc limit 1`.execute(tx)
  return rows[0]?.unit_id ?? null
}

/** `on` null: whether it stands or has been closed. */
export async function isSchool(tx: Tx, unitId: number, on: PlainDate | null): Promise<boolean> {
  const { rows } = await sql`
    select 1 from unit where unit_id = ${unitId} and kind = 'school'
      and (${on}::date is null or (from_day <= ${on} and (until_day is null or until_day > ${on})))`.execute(tx)
  return rows.length > 0
}

export interface SchoolFound {
  readonly unitId: number
  readonly name: string
  readonly district: string
}

/** By a part of the name, in the whole city; schools of the own branch first. */
export async function searchSchools(
  tx: Tx,
  { q, near, on }: { readonly q: string; readonly near: number; readonly on: PlainDate },
): Promise<SchoolFound[]> {
  const { rows } = await sql<SchoolFound>`
    select u.unit_id as "unitId", u.name, coalesce(d.name, '') as district
    from unit u left join unit d on d.unit_id = any (u.path) and d.kind in ('district', 'zone')
    where u.kind = 'school' and position(${q} in u.name) > 0
      and u.from_day <= ${on} and (u.until_day is null or u.until_day > ${on})
    order by u.path @> array[${near}::int] desc, length(u.name), u.unit_id limit 20`.execute(tx)
  return rows
}
