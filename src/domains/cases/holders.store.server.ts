import { type RawBuilder, sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import { ANSWERING_ROLES, type Owner } from './rules.ts'

const ROLES = [...new Set(Object.values(ANSWERING_ROLES).flat())]

/** The person has no post any more in which one answers at the unit, or only stands in for it. */
function lost(today: PlainDate): RawBuilder<boolean> {
  return sql<boolean>`f.open and (f.is_stand_in or not exists (
    select 1 from post p where p.staff_id = f.owner_id and p.unit_id = f.owner_unit_id and p.role_id = any (${ROLES}::text[])
      and p.from_day <= ${today} and (p.until_day is null or p.until_day > ${today})))`
}

/** Units with such files. */
export async function listLostFiles(tx: Tx, today: PlainDate): Promise<readonly number[]> {
  const { rows } = await sql<{ unit_id: number }>`
    select distinct f.owner_unit_id as unit_id from case_file f where ${lost(today)}`.execute(tx)
  return rows.map(({ unit_id }) => unit_id)
}

export async function setHolder(tx: Tx, owner: Owner, today: PlainDate): Promise<void> {
  await sql`
    update case_file f set owner_id = ${owner.staffId}, is_stand_in = ${owner.isStandIn}
    where f.owner_unit_id = ${owner.unitId} and ${lost(today)}
      and (f.owner_id, f.is_stand_in) is distinct from (${owner.staffId}::bigint, ${owner.isStandIn}::boolean)`.execute(
    tx,
  )
}

/** Of the open tasks among the files whose child stands in the account. */
export async function setDueDay(
  tx: Tx,
  {
    caseIds,
    accountId,
    dueDay,
  }: { readonly caseIds: readonly number[]; readonly accountId: number; readonly dueDay: PlainDate },
): Promise<void> {
  await sql`
    update case_file f set due_day = ${dueDay} from whereabouts_span s
    where f.case_id = any (${[...caseIds]}::bigint[]) and f.open and f.stage = 'task'
      and s.case_id = f.case_id and s.needs_file and s.account_id = ${accountId}`.execute(tx)
}
