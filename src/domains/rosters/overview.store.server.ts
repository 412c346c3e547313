/** Figures of the page of four checks and three comparisons. Asked as the system for one branch, once the branch is found in scope. */
import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Base } from '../whereabouts/index.ts'

export interface HandedIn {
  readonly unitId: number
  readonly name: string
  readonly type: string | null
  readonly rows: number | null
  readonly day: PlainDate | null
}

/** Schools of a branch that are open, each with the newest list of the kind that speaks of it whole. */
export async function listSchoolCovers(
  tx: Tx,
  { unitId, kind, today }: { readonly unitId: number; readonly kind: 'roll' | 'attendance'; readonly today: PlainDate },
): Promise<readonly HandedIn[]> {
  const { rows } = await sql<HandedIn>`
    select u.unit_id as "unitId", u.name, s.school_type as "type", n.row_count as "rows", n.as_of_day as "day"
    from unit u join school s on s.unit_id = u.unit_id
      left join lateral (select c.row_count, b.as_of_day from batch_cover c join source_batch b on b.batch_id = c.batch_id
        where c.unit_id = u.unit_id and b.kind = ${kind} and b.undone_at is null and b.as_of_day <= ${today}
        order by b.as_of_day desc, b.batch_id desc limit 1) n on true
    where u.path @> array[${unitId}::int] and u.from_day <= ${today} and (u.until_day is null or u.until_day > ${today})
    order by u.name, u.unit_id`.execute(tx)
  return rows
}

/** Districts of a branch (the unit itself, where it is none above them), each with the newest list of the kind that speaks of it. */
export async function listPlaceCovers(
  tx: Tx,
  {
    unitId,
    kind,
    today,
  }: { readonly unitId: number; readonly kind: 'population' | 'poverty'; readonly today: PlainDate },
): Promise<readonly HandedIn[]> {
  const { rows } = await sql<HandedIn>`
    select u.unit_id as "unitId", u.name, null as "type", n.row_count as "rows", n.as_of_day as "day"
    from unit u
      left join lateral (select c.row_count, b.as_of_day from batch_cover c join source_batch b on b.batch_id = c.batch_id
        where c.unit_id = u.unit_id and b.kind = ${kind} and b.undone_at is null and b.as_of_day <= ${today}
        order by b.as_of_day desc, b.batch_id desc limit 1) n on true
    where u.path @> array[${unitId}::int] and u.kind in ('district', 'zone')
      and u.from_day <= ${today} and (u.until_day is null or u.until_day > ${today})
    order by u.name, u.unit_id`.execute(tx)
  return rows
}

export interface Sum {
  readonly base: Base
  readonly accountId: number
  readonly count: number
}

const COLUMN = { R: 'r_unit_id', P: 'p_unit_id', S: 's_school_id' } as const

/** Sums of the movements up to a day, as the balance has them. */
export async function sumAccounts(tx: Tx, unitId: number, day: PlainDate): Promise<readonly Sum[]> {
  const { rows } = await sql<Sum>`select m.base, m.account_id as "accountId", sum(m.n)::int as "count"
    from balance_movement m where m.level = 'district' and m.day <= ${day} and m.unit_id in (
      select u.unit_id from unit u where u.path @> array[${unitId}::int])
    group by m.base, m.account_id having sum(m.n) <> 0`.execute(tx)
  return rows
}

/** The same counted child by child, from what stands. */
export async function countPersons(tx: Tx, unitId: number, day: PlainDate): Promise<Readonly<Record<Base, number>>> {
  const counted = { R: 0, P: 0, S: 0 }
  for (const base of ['R', 'P', 'S'] as const) {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from whereabouts_span s
      where s.superseded_by is null and s.valid @> ${day}::date and s.${sql.raw(COLUMN[base])} in (
        select u.unit_id from unit u where u.path @> array[${unitId}::int])
      and ${base === 'S' ? sql`true` : sql`s.account_id < 500`}`.execute(tx)
    counted[base] = rows[0]!.n
  }
  return counted
}

/** Lists that came after a comparison: it no longer speaks of the newest. */
export async function hasNewerLists(tx: Tx, unitId: number, madeAt: Date): Promise<boolean> {
  const { rows } = await sql<{
    has: boolean
  }>`select exists (select from source_batch b join unit u on u.unit_id = b.unit_id
    where b.kind in ('attendance', 'poverty', 'relief', 'disability') and b.undone_at is null and b.committed_at > ${madeAt}
      and (u.path @> array[${unitId}::int] or (select g.path from unit g where g.unit_id = ${unitId}) @> array[u.unit_id])) as has`.execute(
    tx,
  )
  return rows[0]!.has
}
