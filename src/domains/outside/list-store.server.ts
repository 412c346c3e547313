import { type RawBuilder, sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import { addDays } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Direction, LineFilter } from './contract.ts'
import { LINE_COLUMNS, type LineFound } from './store.ts'

export interface LineQuery {
  readonly direction: Direction
  readonly filter?: LineFilter | undefined
  readonly place?: string | undefined
  readonly page: number
  readonly size: number
}

type Side = Pick<Actor, 'unitId' | 'unitPath'>

/** The child's side, or the school's: the own branch, or the district that the own unit stands in. */
function isOf(side: 'home' | 'host', { unitId, unitPath }: Side): RawBuilder<boolean> {
  const column = sql.ref(`l.${side}_unit_id`)
  return sql<boolean>`(${column} = any (${[...unitPath]}::int[])
    or ${column} in (select b.unit_id from unit b where b.path @> array[${unitId}::int]))`
}

function directed(direction: Direction, side: Side): RawBuilder<boolean> {
  return isOf(direction === 'out' ? 'home' : 'host', side)
}

function filtered(filter: LineFilter | undefined, today: PlainDate, days: number): RawBuilder<boolean> {
  if (filter === undefined) return sql<boolean>`l.state <> 'ended'`
  if (filter === 'to-answer') return sql<boolean>`l.state in ('asked', 'silent')`
  if (filter === 'expired') return sql<boolean>`l.state = 'confirmed' and l.valid_until <= ${today}::date`
  if (filter === 'expiring') return expiring(today, days)
  return sql<boolean>`l.state = ${filter}`
}

/** [OUT-7] */
function expiring(today: PlainDate, days: number): RawBuilder<boolean> {
  return sql<boolean>`l.state = 'confirmed' and l.valid_until > ${today}::date and l.valid_until <= ${addDays(today, days)}::date`
}

export interface LineCounts {
  readonly out: number
  readonly in: number
  readonly toAnswer: number
  readonly open: number
  readonly silent: number
  readonly denied: number
  readonly expiring: number
  readonly expired: number
}

/** Lines of a direction, what waits longest first, with the sums of the page's tabs. */
export async function listLinesOf(
  tx: Tx,
  actor: Side,
  query: LineQuery,
  at: { readonly today: PlainDate; readonly expiringDays: number },
): Promise<{ readonly total: number; readonly rows: readonly LineFound[] }> {
  const place = query.direction === 'out' ? sql.ref('l.host_place') : sql.ref('l.home_place')
  const where = sql`${directed(query.direction, actor)} and ${filtered(query.filter, at.today, at.expiringDays)}
    and (${query.place ?? null}::text is null or ${place} = ${query.place ?? null})`
  const counted = await sql<{
    total: number
  }>`select count(*)::int as total from outside_line l where ${where}`.execute(tx)
  const { rows } = await sql<LineFound>`select ${LINE_COLUMNS} from outside_line l where ${where}
    order by case l.state when 'silent' then 0 when 'denied' then 1 when 'asked' then 2 when 'open' then 3 else 4 end,
      coalesce(l.due_day, l.valid_until), l.line_id
    limit ${query.size} offset ${(query.page - 1) * query.size}`.execute(tx)
  return { total: counted.rows[0]?.total ?? 0, rows }
}

export async function countLines(
  tx: Tx,
  actor: Side,
  direction: Direction,
  at: { readonly today: PlainDate; readonly expiringDays: number },
): Promise<LineCounts> {
  const { rows } = await sql<LineCounts>`
    select count(*) filter (where is_out)::int as "out", count(*) filter (where is_in)::int as "in",
      count(*) filter (where is_in and state in ('asked', 'silent'))::int as "toAnswer",
      count(*) filter (where is_here and state = 'open')::int as open,
      count(*) filter (where is_here and state = 'silent')::int as silent,
      count(*) filter (where is_here and state = 'denied')::int as denied,
      count(*) filter (where is_here and is_expiring)::int as expiring,
      count(*) filter (where is_here and is_expired)::int as expired
    from (select l.state, ${isOf('home', actor)} as is_out, ${isOf('host', actor)} as is_in, ${directed(direction, actor)} as is_here,
        ${expiring(at.today, at.expiringDays)} as is_expiring, l.state = 'confirmed' and l.valid_until <= ${at.today}::date as is_expired
      from outside_line l where l.state <> 'ended') l`.execute(tx)
  return rows[0]!
}

/** Places of a direction's lines, the most first. */
export async function listPlacesOf(
  tx: Tx,
  actor: Side,
  direction: Direction,
): Promise<readonly { readonly place: string; readonly count: number }[]> {
  const place = direction === 'out' ? sql.ref('l.host_place') : sql.ref('l.home_place')
  const { rows } = await sql<{ place: string; count: number }>`
    select ${place} as place, count(*)::int as count from outside_line l
    where l.state <> 'ended' and ${directed(direction, actor)} group by 1 order by 2 desc, 1`.execute(tx)
  return rows
}

export interface PlaceUnit {
  readonly unitId: number
  readonly name: string
  readonly code: string
}

export async function listUnitNames(tx: Tx, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ unit_id: number; name: string }>`
    select unit_id, name from unit where unit_id = any (${[...new Set(ids)]}::int[])`.execute(tx)
  return new Map(rows.map((row) => [row.unit_id, row.name]))
}

/** Children of lines that the scope sees by a tie of its own. */
export async function listSeenChildren(tx: Tx, children: readonly number[]): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ child_id: number }>`
    select child_id from child where child_id = any (${[...children]}::bigint[])`.execute(tx)
  return new Set(rows.map(({ child_id }) => child_id))
}

/** Lines of one province that wait for it. */
export async function listToAsk(tx: Tx, actor: Side, place: string, soon: PlainDate): Promise<readonly LineFound[]> {
  const { rows } = await sql<LineFound>`select ${LINE_COLUMNS} from outside_line l
    where ${isOf('home', actor)} and l.host_unit_id is null and l.host_place = ${place}
      and (l.state in ('open', 'asked', 'silent') or (l.state = 'confirmed' and l.valid_until <= ${soon}::date))
    order by l.line_id`.execute(tx)
  return rows
}
