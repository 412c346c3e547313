import { sql } from 'kysely'
import type { ChildId, RecordId, UnitId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { TieKind, TieSource } from './kinds.ts'

/**
 * [PERS-6] [PERS-7] [PERS-8] The ties with source `batch`, worked out from the records of live batches:
 * registered, living, in class and listed are one line of places each, where the newest word holds; a roll is a line of each school. A word holds
 * until the next one, or until a newer batch that covers the place does not name the child any more. A row that says
 * finished or gone leaves the tie of its day only. Where another source has put the child, it stands until it is ended.
 */
export async function deriveTies(tx: Tx, children: readonly number[]): Promise<void> {
  if (children.length === 0) return
  await sql`create temp table tie_want on commit drop as
    with asked as materialized (
      select child_id, batch_id, record_id, same_as, unit_id from source_record where child_id = any (${ids(children)})
    ), word as (
      select distinct on (r.child_id, tie_kind, case b.kind when 'roll' then coalesce(r.unit_id, b.unit_id) end, b.as_of_day)
        r.child_id, case b.kind when 'population' then 'registered' when 'floating' then 'living' when 'roll' then 'roll'
          when 'attendance' then 'school' else 'listed' end as tie_kind,
        b.kind, b.batch_id, b.as_of_day as day, r.record_id, coalesce(r.unit_id, b.unit_id) as unit_id,
        case b.kind when 'roll' then e.status_group in ('in-school', 'paused') when 'attendance' then p.mark not in ('gone', 'lost') else true end as holds
      from asked r join source_batch b on b.batch_id = r.batch_id and b.undone_at is null
        left join roll_entry e on b.kind = 'roll' and e.record_id = coalesce(r.same_as, r.record_id)
        left join class_presence p on b.kind = 'attendance' and p.record_id = coalesce(r.same_as, r.record_id)
      order by 1, 2, case b.kind when 'roll' then coalesce(r.unit_id, b.unit_id) end, b.as_of_day, b.batch_id desc, r.record_id desc
    ), line as (
      select w.*, lead(w.day) over (partition by w.child_id, w.tie_kind, case w.kind when 'roll' then w.unit_id end order by w.day) as next_day, (
        select min(nb.as_of_day) from unit u join batch_cover c on c.unit_id = any (u.path)
          join source_batch nb on nb.batch_id = c.batch_id and nb.kind = w.kind and nb.undone_at is null
        where u.unit_id = w.unit_id and (nb.as_of_day, nb.batch_id) > (w.day, w.batch_id)
          and not exists (select from source_record o where o.child_id = w.child_id and o.batch_id = nb.batch_id
            and (w.kind <> 'roll' or o.unit_id = w.unit_id))) as gone_day
      from word w
    ), piece as (
      select *, daterange(day, case when holds then least(next_day, gone_day) else least(day + 1, next_day, gone_day) end) as valid from line
    ), whole as (
      select child_id, tie_kind, unit_id, unnest(range_agg(valid)) as valid from piece where not isempty(valid) group by child_id, tie_kind, unit_id
    )
    select w.child_id, w.tie_kind, w.unit_id, w.valid * coalesce(o.before, daterange(null, null)) as valid, p.record_id
    from whole w
      join piece p on p.child_id = w.child_id and p.tie_kind = w.tie_kind and p.unit_id = w.unit_id and p.day = lower(w.valid)
      left join lateral (select daterange(null, lower(t.valid)) as before from tie t
        where t.child_id = w.child_id and t.kind = w.tie_kind and t.source <> 'batch' and upper_inf(t.valid)
          and (t.kind <> 'roll' or t.unit_id = w.unit_id)) o on true`.execute(tx)
  await sql`delete from tie_want where isempty(valid)`.execute(tx)
  await sql`delete from tie t where t.child_id = any (${ids(children)}) and t.source = 'batch' and not exists (
    select from tie_want w where (w.child_id, w.tie_kind, w.unit_id, w.valid) = (t.child_id, t.kind, t.unit_id, t.valid))`.execute(
    tx,
  )
  await sql`insert into tie (child_id, kind, unit_id, valid, record_id, source)
    select w.child_id, w.tie_kind, w.unit_id, w.valid, w.record_id, 'batch' from tie_want w where not exists (
      select from tie t where (t.child_id, t.kind, t.unit_id, t.valid) = (w.child_id, w.tie_kind, w.unit_id, w.valid) and t.source = 'batch')`.execute(
    tx,
  )
  await sql`drop table tie_want`.execute(tx)
}

/** `units` of the children and of all that hangs on them, from the ties that live on `today`. */
export async function retie(tx: Tx, children: readonly number[], today: PlainDate): Promise<void> {
  if (children.length > 0) await sql`select retie_children(${ids(children)}, ${today}::date)`.execute(tx)
}

/** Which records of the children are shown. */
export async function refreshShown(tx: Tx, children: readonly number[]): Promise<void> {
  if (children.length > 0) await sql`select refresh_shown(${ids(children)})`.execute(tx)
}

export interface NewTie {
  readonly childId: ChildId
  readonly kind: TieKind
  readonly unitId: UnitId
  readonly from: PlainDate
  readonly source: Exclude<TieSource, 'batch'>
  readonly recordId?: RecordId | null
}

/**
 * [PERS-9] A tie that a person or a run found. Of a place there is one at a time: the former one ends on that day. What the
 * batches say of it stands back until `endTies`. The caller calls `retie` when all ties are written.
 */
export async function addTie(tx: Tx, { childId, kind, unitId, from, source, recordId = null }: NewTie): Promise<void> {
  const { rows } =
    await sql`select 1 from tie where child_id = ${childId} and kind = ${kind} and unit_id = ${unitId} and upper_inf(valid)
    and source <> 'batch'`.execute(tx)
  if (rows.length > 0) return
  const unit = kind === 'roll' ? { unitId } : {}
  await endFound(tx, { childIds: [childId], kinds: [kind], ...unit }, from)
  await sql`delete from tie where ${chosenBy({ childIds: [childId], kinds: [kind], ...unit })} and source = 'batch'`.execute(
    tx,
  )
  await sql`insert into tie (child_id, kind, unit_id, valid, record_id, source)
    values (${childId}, ${kind}, ${unitId}, daterange(${from}::date, null), ${recordId}, ${source})`.execute(tx)
  await deriveTies(tx, [childId])
}

export interface TieChoice {
  readonly childIds: readonly ChildId[]
  readonly kinds: readonly TieKind[]
  readonly unitId?: UnitId
}

/**
 * [PERS-9] Open ties that a person or a run found end on `day`, the first day on which they no longer hold; those that began
 * that day or later never were. What the batches say holds again; a tie of a batch ends by a newer batch only.
 */
export async function endTies(tx: Tx, choice: TieChoice, day: PlainDate): Promise<void> {
  if (choice.childIds.length === 0) return
  await endFound(tx, choice, day)
  await deriveTies(tx, choice.childIds)
}

async function endFound(tx: Tx, choice: TieChoice, day: PlainDate): Promise<void> {
  const found = sql`${chosenBy(choice)} and source <> 'batch'`
  await sql`delete from tie where ${found} and lower(valid) >= ${day}::date`.execute(tx)
  await sql`update tie set valid = daterange(lower(valid), ${day}::date) where ${found}`.execute(tx)
}

function chosenBy({ childIds, kinds, unitId }: TieChoice) {
  return sql`child_id = any (${ids(childIds)}) and kind = any (${[...kinds]}::text[]) and upper_inf(valid)
    and (${unitId ?? null}::int is null or unit_id = ${unitId ?? null}::int)`
}

export interface Tie {
  readonly kind: TieKind
  readonly unitId: number
  readonly unit: string
  readonly from: PlainDate
  readonly until: PlainDate | null
  readonly source: TieSource
}

/** All ties of a child, the newest first. */
export async function listTies(tx: Tx, child: number): Promise<readonly Tie[]> {
  const { rows } = await sql<{
    kind: TieKind
    unit_id: number
    name: string
    from_day: PlainDate
    until_day: PlainDate | null
    source: TieSource
  }>`select t.kind, t.unit_id, u.name, lower(t.valid) as from_day, upper(t.valid) as until_day, t.source
    from tie t join unit u on u.unit_id = t.unit_id where t.child_id = ${child}
    order by upper_inf(t.valid) desc, lower(t.valid) desc, t.kind, t.tie_id`.execute(tx)
  return rows.map((row) => ({
    kind: row.kind,
    unitId: row.unit_id,
    unit: row.name,
    from: row.from_day,
    until: row.until_day,
    source: row.source,
  }))
}

/** Whether the child's open file is on the unit's list: answered for by itself, or by one below it; the city's list is nobody's. */
export async function answersFor(tx: Tx, child: number, unit: number): Promise<boolean> {
  const { rows } = await sql`select 1 from tie t join unit u on u.unit_id = t.unit_id
    where t.child_id = ${child} and t.kind = 'answers' and upper_inf(t.valid)
      and (u.unit_id = ${unit} or u.path[2:] @> array[${unit}::int])`.execute(tx)
  return rows.length > 0
}

/** Children whose ties begin or end on `day`, in pages: the day's close makes their units anew. */
export async function listTiesTurning(
  tx: Tx,
  day: PlainDate,
  after: number,
  most: number,
): Promise<readonly ChildId[]> {
  const { rows } = await sql<{ child_id: ChildId }>`select distinct child_id from tie
    where child_id > ${after} and not upper_inf(valid) and upper(valid) = ${day}::date order by child_id limit ${most}`.execute(
    tx,
  )
  return rows.map((row) => row.child_id)
}

/** One array parameter instead of thousands. */
export function ids(children: readonly number[]) {
  return sql<number[]>`${`{${children.join(',')}}`}::bigint[]`
}
