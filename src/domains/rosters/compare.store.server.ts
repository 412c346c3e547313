/**
 * What the newest lists say, as facts a child at a time. Set based, in temporary tables of the comparison's one transaction:
 * the lists of the classes of a district name everybody, and only who is not plainly in his own class leaves the database.
 */
import { sql } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { PresenceMark } from '../persons/index.ts'

export interface Ground {
  readonly unitId: number
  readonly termStart: PlainDate
  readonly today: PlainDate
  /** Birthdays of nominal grades 1 to 9, and 1 to 6. */
  readonly ofAge: { readonly from: PlainDate; readonly until: PlainDate }
}

/** [ROST-11] Lists that speak: of each school the newest of this term, of each district the newest of each office. Locked against their undoing. */
export async function collectLists(tx: Tx, { unitId, termStart, today }: Ground): Promise<readonly number[]> {
  await sql`create temp table rost_school on commit drop as
    select distinct on (c.unit_id) c.unit_id as school_id, b.batch_id, b.as_of_day
    from batch_cover c join source_batch b on b.batch_id = c.batch_id and b.kind = 'attendance' and b.undone_at is null
      join unit u on u.unit_id = c.unit_id
    where u.path @> array[${unitId}::int] and b.as_of_day between ${termStart} and ${today}
    order by c.unit_id, b.as_of_day desc, b.batch_id desc`.execute(tx)
  await sql`create temp table rost_list on commit drop as
    select distinct on (b.kind, c.unit_id) b.kind, c.unit_id, b.batch_id, b.as_of_day
    from batch_cover c join source_batch b on b.batch_id = c.batch_id and b.kind in ('poverty', 'relief', 'disability') and b.undone_at is null
      join unit u on u.unit_id = c.unit_id
    where u.path @> array[${unitId}::int] and b.as_of_day <= ${today}
    order by b.kind, c.unit_id, b.as_of_day desc, b.batch_id desc`.execute(tx)
  // A part of a school's classes adds to its list, and says of nobody else that he is gone.
  await sql`create temp table rost_batch on commit drop as
    select batch_id from rost_school union select batch_id from rost_list
    union
    select b.batch_id from source_batch b join unit u on u.unit_id = b.unit_id
    where b.kind = 'attendance' and b.undone_at is null and u.path @> array[${unitId}::int] and b.as_of_day between ${termStart} and ${today}
      and not exists (select from batch_cover c where c.batch_id = b.batch_id)`.execute(tx)
  const { rows } = await sql<{ batch_id: number }>`select batch_id from source_batch
    where batch_id in (select batch_id from rost_batch) and undone_at is null order by batch_id for share`.execute(tx)
  return rows.map(({ batch_id }) => batch_id)
}

export async function collectSeats(tx: Tx, { unitId }: Ground): Promise<void> {
  await sql`create temp table rost_seat on commit drop as
    select distinct on (r.child_id, p.school_id) r.child_id, p.school_id, r.record_id, p.mark, p.absent_days, b.batch_id, b.as_of_day
    from rost_batch k join source_batch b on b.batch_id = k.batch_id and b.kind = 'attendance'
      join source_record r on r.batch_id = b.batch_id join class_presence p on p.record_id = coalesce(r.same_as, r.record_id)
      join unit u on u.unit_id = p.school_id and u.path @> array[${unitId}::int]
      left join rost_school s on s.school_id = p.school_id
    where s.batch_id is null or s.batch_id = b.batch_id
      or b.as_of_day >= s.as_of_day and not exists (select from batch_cover c where c.batch_id = b.batch_id and c.unit_id = p.school_id)
    order by r.child_id, p.school_id, b.as_of_day desc, b.batch_id desc, r.record_id desc`.execute(tx)
  await sql`create temp table rost_listed on commit drop as
    select distinct on (l.kind, r.child_id) l.kind, r.child_id, r.record_id, coalesce(r.unit_id, l.unit_id) as unit_id, p.household_key as household,
      c.birth_day, l.as_of_day
    from rost_list l join source_record r on r.batch_id = l.batch_id
      join child c on c.child_id = r.child_id
      left join unit u on u.unit_id = r.unit_id
      left join person_contact p on p.record_id = coalesce(r.same_as, r.record_id)
    where u.path @> array[l.unit_id] or r.unit_id is null
    order by l.kind, r.child_id, r.record_id desc`.execute(tx)
  await sql`analyze rost_seat, rost_listed`.execute(tx)
}

/** Roll entries that hold, of all schools: of the newest batch that speaks of the school whole, and of a later one that adds to it. */
export async function collectRolls(tx: Tx): Promise<void> {
  await sql`create temp table rost_cover on commit drop as
    select distinct on (c.unit_id) c.unit_id as school_id, b.batch_id, b.as_of_day
    from batch_cover c join source_batch b on b.batch_id = c.batch_id and b.kind = 'roll' and b.undone_at is null
    order by c.unit_id, b.as_of_day desc, b.batch_id desc`.execute(tx)
  await sql`create unique index on rost_cover (school_id)`.execute(tx)
  await sql`create temp table rost_child on commit drop as
    select r.child_id from rost_school s join rost_cover v using (school_id)
      join source_record r on r.batch_id = v.batch_id and r.unit_id = s.school_id
    union select child_id from rost_seat
    union select child_id from rost_listed`.execute(tx)
  await sql`analyze rost_child, rost_cover`.execute(tx)
  await sql`create temp table rost_roll on commit drop as
    select distinct on (c.child_id, e.school_id) c.child_id, e.school_id, r.record_id, e.grade,
      case when e.status_group = 'in-school' and coalesce(e.grade, 1) between 1 and 9 then 'in'
        when e.status_group = 'paused' and coalesce(e.grade, 1) between 1 and 9 then 'paused' else 'none' end as standing
    from rost_child c
      cross join lateral (select o.record_id, o.same_as, o.batch_id from source_record o where o.child_id = c.child_id offset 0) r
      join source_batch b on b.batch_id = r.batch_id and b.kind = 'roll' and b.undone_at is null
      join roll_entry e on e.record_id = coalesce(r.same_as, r.record_id)
      left join rost_cover v on v.school_id = e.school_id
    where e.school_id is not null and (v.batch_id is null or v.batch_id = b.batch_id
      or b.as_of_day > v.as_of_day and not exists (select from batch_cover k where k.batch_id = b.batch_id and k.unit_id = e.school_id))
    order by c.child_id, e.school_id, b.as_of_day desc, r.record_id desc`.execute(tx)
  await sql`create index on rost_roll (child_id)`.execute(tx)
  await sql`create index on rost_seat (child_id)`.execute(tx)
  await sql`analyze rost_roll`.execute(tx)
}

/** Where a child stands in the books, and what it takes to post over it. */
export interface Stood {
  readonly childId: number
  readonly birth: PlainDate | null
  readonly accountId: number | null
  readonly since: PlainDate | null
  readonly registeredId: number | null
  readonly livingId: number | null
  readonly rollSchoolId: number | null
  readonly evidence: string | null
  /** The account that the entry which stands replaced. */
  readonly beforeId: number | null
}

const STOOD = sql`k.birth_day as "birth", s.account_id as "accountId", lower(s.valid) as "since", s.r_unit_id as "registeredId", s.p_unit_id as "livingId",
  s.s_school_id as "rollSchoolId", ev.kind as "evidence", (
    select o.account_id from whereabouts_span o where o.superseded_by = s.posted_by and o.child_id = s.child_id and upper_inf(o.valid) limit 1) as "beforeId"`
const STANDS = sql`join child k on k.child_id = f.child_id
  left join whereabouts_span s on s.child_id = f.child_id and s.superseded_by is null and upper_inf(s.valid)
  left join evidence ev on ev.evidence_id = s.evidence_id`

export interface SeatRow extends Stood {
  readonly roll: 'in' | 'paused' | 'none'
  readonly isHandedIn: boolean
  readonly seatedAt: number
  readonly isOwnSeat: boolean
  readonly mark: PresenceMark | null
  readonly absentDays: number | null
  readonly schoolId: number | null
  readonly otherId: number | null
  readonly recordId: number | null
  /** Of the school where it sits. */
  readonly districtId: number | null
  /** Of the list that speaks. */
  readonly day: PlainDate
}

/** Everybody on a roll of a school that handed in, or in a class, who does not plainly sit in the class of his own roll. */
export async function listSeatRows(tx: Tx, { ofAge }: Ground): Promise<readonly SeatRow[]> {
  const { rows } = await sql<SeatRow>`
    with rolled as (
      select child_id, case when bool_or(standing = 'in') then 'in' when bool_or(standing = 'paused') then 'paused' else 'none' end as roll,
        (array_agg(school_id order by standing = 'in' desc, standing = 'paused' desc, school_id) filter (where standing <> 'none'))[1] as school_id
      from rost_roll group by child_id
    ), seated as (
      select t.child_id, count(*) filter (where t.mark = 'present')::int as seated_at,
        bool_or(t.mark = 'present' and exists (select from rost_roll r where r.child_id = t.child_id and r.school_id = t.school_id and r.standing <> 'none')) as is_own,
        (array_agg(t.mark order by t.as_of_day desc, t.record_id) filter (where t.mark <> 'present'))[1] as mark,
        (array_agg(t.absent_days order by t.as_of_day desc, t.record_id) filter (where t.mark <> 'present'))[1] as absent_days,
        array_agg(t.school_id order by t.mark = 'present' desc, t.as_of_day desc, t.school_id) as schools,
        (array_agg(t.record_id order by t.mark = 'present' desc, t.as_of_day desc, t.record_id))[1] as record_id, max(t.as_of_day) as day
      from rost_seat t group by t.child_id
    ), f as materialized (
      select coalesce(r.child_id, e.child_id) as child_id, coalesce(r.roll, 'none') as roll, h.school_id is not null as handed_in,
        coalesce(e.seated_at, 0) as seated_at, coalesce(e.is_own, false) as is_own, e.mark, e.absent_days,
        coalesce(r.school_id, e.schools[1]) as school_id,
        case when e.seated_at > 1 or not coalesce(e.is_own, false) then (select x from unnest(e.schools) x where x is distinct from r.school_id limit 1) end as other_id,
        e.record_id, coalesce(e.day, h.as_of_day) as day
      from rolled r full join seated e on e.child_id = r.child_id left join rost_school h on h.school_id = r.school_id
      where e.child_id is not null or (r.roll <> 'none' and h.school_id is not null)
    )
    select f.child_id as "childId", f.roll, f.handed_in as "isHandedIn", f.seated_at as "seatedAt", f.is_own as "isOwnSeat", f.mark,
      f.absent_days as "absentDays", f.school_id as "schoolId", f.other_id as "otherId", f.record_id as "recordId", f.day,
      (select u.path[2] from unit u where u.unit_id = coalesce(f.other_id, f.school_id)) as "districtId", ${STOOD}
    from f ${STANDS}
    where not (f.roll = 'in' and f.seated_at = 1 and f.is_own and (s.span_id is null or not s.unexplained))
      and (f.roll <> 'none' or k.birth_day between ${ofAge.from} and ${ofAge.until})
    order by f.child_id`.execute(tx)
  return rows
}

export interface SeatCounts {
  readonly schools: number
  readonly rows: number
  /** On a roll, in grades 1 to 9, of the schools that handed in. */
  readonly onRoll: number
  /** Of these, in a class of the school. */
  readonly seated: number
  readonly from: PlainDate | null
  readonly until: PlainDate | null
}

export async function countSeats(tx: Tx): Promise<SeatCounts> {
  const { rows } = await sql<SeatCounts>`select
    (select count(*)::int from rost_school) as schools, (select count(*)::int from rost_seat) as rows,
    count(distinct r.child_id)::int as "onRoll", count(distinct t.child_id)::int as seated,
    (select min(as_of_day) from rost_school) as "from", (select max(as_of_day) from rost_school) as "until"
    from rost_roll r join rost_school s on s.school_id = r.school_id
      left join rost_seat t on t.child_id = r.child_id and t.school_id = r.school_id and t.mark = 'present'
    where r.standing <> 'none'`.execute(tx)
  return rows[0]!
}

export interface ListedRow extends Stood {
  readonly kind: 'poverty' | 'relief' | 'disability'
  readonly unitId: number
  readonly household: string | null
  readonly recordId: number
  readonly day: PlainDate
  readonly isOnRoll: boolean
  readonly rollId: number | null
  /** A register, a floating extract or a roll speaks of the child. */
  readonly isKnown: boolean
}

/** Children of age on the newest lists of the offices. */
export async function listListed(tx: Tx, { ofAge }: Ground): Promise<readonly ListedRow[]> {
  const { rows } = await sql<ListedRow>`
    select f.child_id as "childId", f.kind, f.unit_id as "unitId", f.household::text as "household", f.record_id as "recordId", f.as_of_day as "day",
      r.school_id is not null as "isOnRoll", r.school_id as "rollId", exists (
        select from source_record o join source_batch b on b.batch_id = o.batch_id and b.undone_at is null
        where o.child_id = f.child_id and b.kind in ('population', 'floating', 'roll')) as "isKnown", ${STOOD}
    from rost_listed f ${STANDS}
      left join lateral (select r.school_id from rost_roll r where r.child_id = f.child_id and r.standing <> 'none' order by r.school_id limit 1) r on true
    where f.birth_day between ${ofAge.from} and ${ofAge.until}
    order by f.kind, f.child_id`.execute(tx)
  return rows
}

export interface ListCounts {
  readonly kind: 'poverty' | 'relief' | 'disability'
  readonly batches: number
  readonly rows: number
  readonly aside: number
  readonly from: PlainDate
  readonly until: PlainDate
}

export async function countLists(tx: Tx): Promise<readonly ListCounts[]> {
  const { rows } =
    await sql<ListCounts>`select l.kind, count(*)::int as batches, sum(b.row_count)::int as rows, sum(b.aside_count)::int as aside,
      min(b.as_of_day) as "from", max(b.as_of_day) as "until"
    from (select distinct kind, batch_id from rost_list) l join source_batch b using (batch_id) group by l.kind order by l.kind`.execute(
      tx,
    )
  return rows
}
