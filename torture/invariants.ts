/**
 * What must hold in the tables at every moment, whoever was killed: SQL as the administrator, past row security. Each check
 * answers the rows that break it. They ask the tables only, not the code that wrote them, so any database test may call them.
 */
export type Ask = <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>

export interface Violation {
  readonly check: string
  /** One of the rows that break it: ids and counts, no personal data. */
  readonly row: string
}

interface Check {
  readonly id: string
  /** The rules of the product that it proves. */
  readonly rules: readonly string[]
  /** Rows that break it. */
  readonly sql: string
}

const WRITTEN: readonly Check[] = [
  {
    id: 'batch-is-whole',
    rules: ['IMP-17', 'PERS-1'],
    sql: `select b.batch_id, b.stored_count, count(r.record_id) as records from source_batch b left join source_record r using (batch_id)
      group by b.batch_id having count(r.record_id) <> b.stored_count or max(r.row) > b.row_count or min(r.row) < 1`,
  },
  {
    id: 'content-is-one-batch',
    rules: ['IMP-17'],
    sql: `select unit_id, kind, as_of_day, count(*) from source_batch where undone_at is null
      group by unit_id, kind, as_of_day, content_key having count(*) > 1`,
  },
  {
    id: 'row-is-one-record',
    rules: ['IMP-17'],
    sql: `select batch_id, row, count(*) from source_record group by batch_id, row having count(*) > 1`,
  },
  {
    id: 'record-of-a-living-child',
    rules: ['PERS-3'],
    sql: `select r.record_id, r.child_id from source_record r left join child c using (child_id)
      where c.child_id is null or c.merged_into is not null`,
  },
  {
    id: 'record-of-a-batch',
    rules: ['PERS-1'],
    sql: `select record_id, batch_id from source_record r where not exists (select from source_batch b where b.batch_id = r.batch_id)`,
  },
  {
    id: 'child-has-a-record',
    rules: ['PERS-1'],
    sql: `select child_id from child c where merged_into is null and not exists (select from source_record r where r.child_id = c.child_id)`,
  },
  {
    id: 'person-is-one-child',
    rules: ['PERS-3'],
    sql: `select i.id_key, count(distinct r.child_id) from person_identity i join source_record r using (record_id)
      where i.id_key is not null and not exists (select from child_merge m where m.undone_at is not null)
        and exists (select from source_batch b where b.batch_id = r.batch_id and b.undone_at is null)
      group by i.id_key, i.name_key having count(distinct r.child_id) > 1`,
  },
  {
    id: 'sealed-part-has-its-record',
    rules: ['PERS-1'],
    sql: `select t.part, t.record_id from (
        select 'identity' as part, record_id from person_identity union all select 'contact', record_id from person_contact
        union all select 'roll', record_id from roll_entry union all select 'tag', record_id from person_tag where record_id is not null) t
      where not exists (select from source_record r where r.record_id = t.record_id and r.same_as is null)`,
  },
  {
    id: 'record-has-its-identity',
    rules: ['PERS-1'],
    sql: `select r.record_id, r.same_as from source_record r
      where not exists (select from person_identity i where i.record_id = coalesce(r.same_as, r.record_id))`,
  },
  {
    id: 'roll-entry-of-its-child',
    rules: ['PERS-1'],
    sql: `select e.record_id from roll_entry e join source_record r using (record_id) where r.child_id <> e.child_id`,
  },
  {
    id: 'roll-record-has-its-entry',
    rules: ['PERS-1'],
    sql: `select r.record_id from source_record r join source_batch b on b.batch_id = r.batch_id and b.kind = 'roll'
      where r.same_as is null and not exists (select from roll_entry e where e.record_id = r.record_id)`,
  },
  {
    id: 'shown-record-of-the-child',
    rules: ['PERS-5'],
    sql: `select c.child_id, c.identity_id, c.contact_id from child c where c.merged_into is null and (
        (c.identity_id is not null and not exists (select from source_record r where r.child_id = c.child_id and coalesce(r.same_as, r.record_id) = c.identity_id))
        or (c.contact_id is not null and not exists (select from source_record r where r.child_id = c.child_id and coalesce(r.same_as, r.record_id) = c.contact_id))
        or (c.identity_id is null and exists (select from source_record r join source_batch b on b.batch_id = r.batch_id and b.undone_at is null where r.child_id = c.child_id)))`,
  },
  {
    id: 'tie-of-a-living-child',
    rules: ['PERS-9'],
    sql: `select t.child_id, t.tie_id from tie t join child c using (child_id) where c.merged_into is not null and upper_inf(t.valid)`,
  },
  {
    id: 'tie-of-a-live-batch',
    rules: ['PERS-10'],
    sql: `select t.child_id, t.tie_id from tie t join source_record r using (record_id) join source_batch b using (batch_id)
      where t.source = 'batch' and b.undone_at is not null`,
  },
]

/** Of the conversation about a sheet; batches that a test made without one have none. */
const SHEETS: readonly Check[] = [
  {
    id: 'batch-has-its-sheet',
    rules: ['IMP-17'],
    sql: `select b.batch_id from source_batch b
      where not exists (select from import_sheet s where s.batch_id = b.batch_id and s.state = 'committed')`,
  },
  {
    id: 'sheet-has-its-batch',
    rules: ['IMP-17'],
    sql: `select s.sheet_id, s.batch_id from import_sheet s left join source_batch b using (batch_id)
      where s.state = 'committed' and (b.batch_id is null or (b.content_key, b.as_of_day, b.kind, b.unit_id)
        is distinct from (s.content_key, s.as_of_day, s.kind, s.unit_id))`,
  },
  {
    id: 'undone-batch-was-asked-for',
    rules: ['IMP-20'],
    sql: `select b.batch_id, u.state from source_batch b left join batch_undo u using (batch_id)
      where (b.undone_at is not null and u.batch_id is null) or (u.state = 'done' and b.undone_at is null)`,
  },
]

const BOOKS: readonly Check[] = [
  {
    id: 'a-day-is-one-account',
    rules: ['BOOK-3'],
    sql: `select a.child_id, a.span_id, b.span_id from whereabouts_span a join whereabouts_span b
      on a.child_id = b.child_id and a.span_id < b.span_id and a.valid && b.valid
      where a.superseded_by is null and b.superseded_by is null`,
  },
  {
    id: 'no-day-without-account',
    rules: ['BOOK-6'],
    sql: `select c.child_id, c.obliged::text from child c left join lateral (
        select range_agg(s.valid) as days from whereabouts_span s where s.child_id = c.child_id and s.superseded_by is null) s on true
      where c.obliged is not null and not c.obliged <@ coalesce(s.days, '{}')`,
  },
  {
    id: 'in-the-books-or-not',
    rules: ['BOOK-7'],
    sql: `select c.child_id from child c where (c.obliged is null) = exists (
        select from whereabouts_span s where s.child_id = c.child_id and s.superseded_by is null)`,
  },
  {
    id: 'unexplained-has-an-open-file',
    rules: ['CASE-5'],
    sql: `select s.child_id, s.case_id from whereabouts_span s left join case_file f on f.case_id = s.case_id and f.child_id = s.child_id and f.open
      where s.superseded_by is null and upper_inf(s.valid) and s.unexplained and (f.case_id is null or f.owner_id is null or f.due_day is null)`,
  },
  {
    id: 'open-file-of-an-unexplained',
    rules: ['CASE-5'],
    sql: `select f.case_id, f.child_id from case_file f where f.open and not exists (select from whereabouts_span s
      where s.case_id = f.case_id and s.child_id = f.child_id and s.superseded_by is null and upper_inf(s.valid) and s.unexplained)`,
  },
  {
    id: 'child-has-one-open-file',
    rules: ['CASE-5'],
    sql: `select child_id, count(*) from case_file where open group by child_id having count(*) > 1`,
  },
  {
    id: 'entry-of-a-posting',
    rules: ['BOOK-4'],
    sql: `select s.span_id, s.posted_by, s.superseded_by from whereabouts_span s
      where not exists (select from posting p where p.posting_id = s.posted_by)
        or (s.superseded_by is not null and not exists (select from posting p where p.posting_id = s.superseded_by))`,
  },
  {
    id: 'posting-moved-something',
    rules: ['BOOK-4'],
    sql: `select p.posting_id, p.source from posting p
      where not exists (select from whereabouts_span s where s.posted_by = p.posting_id or s.superseded_by = p.posting_id)
        and not exists (select from evidence_confirmation c where p.posting_id in (c.posting_id, c.withdrawn_by))
        and not exists (select from book_bridge b where b.withdrawn_by = p.posting_id)`,
  },
  {
    id: 'days-close-in-order',
    rules: ['CASE-11'],
    sql: `select day, posting_id from (select day, posting_id, lag(day) over w as before, lag(posting_id) over w as known from closed_day
        window w as (order by day)) d
      where day <> before + 1 or posting_id < known or (before is not null and posting_id is null and known is not null)`,
  },
  {
    id: 'undone-run-stands-no-more',
    rules: ['IMP-20', 'CASE-9'],
    sql: `select s.span_id, s.child_id, p.source_key from batch_undo u join posting_ground g using (batch_id)
        join posting p on p.source = 'run' and p.source_key = g.source_key
        join whereabouts_span s on s.posted_by = p.posting_id and s.superseded_by is null
      where u.state = 'done'`,
  },
  {
    id: 'run-done-is-posted',
    rules: ['POST-19', 'RUN-20'],
    sql: `select run_id from reconcile_run r where purpose = 'books' and state = 'done' and (posting ->> 'state' is distinct from 'posted'
      or not exists (select from posting_ground g where g.source_key = r.run_id::text))`,
  },
  {
    id: 'run-posts-on-its-ground',
    rules: ['POST-19'],
    sql: `select p.posting_id, p.source_key from posting p where p.source = 'run' and p.source_key ~ '^[0-9a-f-]{36}$'
      and not exists (select from posting_ground g where g.source_key = p.source_key)`,
  },
]

/**
 * [BOOK-8] The sums, worked out anew from the entries alone and set against what the postings wrote, posting by posting,
 * and so for every known-at too.
 */
const SUMS: Check = {
  id: 'sums-equal-entries',
  rules: ['BOOK-8'],
  sql: `with home as (
      select u.unit_id, coalesce((select a.unit_id from unnest(u.path) with ordinality p (unit_id, depth) join unit a using (unit_id)
        where p.depth = 2 and a.kind in ('district', 'zone')), u.path[1]) as district_id from unit u
    ), step as (
      select span_id, posted_by as posting_id, 1 as sign from whereabouts_span
      union all select span_id, superseded_by, -1 from whereabouts_span where superseded_by is not null
    ), edge as (
      select t.posting_id, t.sign * e.way as n, e.day, s.* from step t join whereabouts_span s using (span_id)
        cross join lateral (values (lower(s.valid), 1), (upper(s.valid), -1)) e (day, way) where e.day is not null
    ), seen as (
      select 'R' as base, l.level, l.unit_id, hs.district_id as other_id, e.account_id, e.evidence_id, e.day, e.posting_id, e.n
        from edge e join home hr on hr.unit_id = e.r_unit_id left join home hs on hs.unit_id = e.s_school_id
        cross join lateral (values ('leaf', e.r_unit_id), ('district', hr.district_id)) l (level, unit_id)
      union all
      select 'P', l.level, l.unit_id, null, e.account_id, e.evidence_id, e.day, e.posting_id, e.n
        from edge e join home hp on hp.unit_id = e.p_unit_id
        cross join lateral (values ('leaf', e.p_unit_id), ('district', hp.district_id)) l (level, unit_id)
      union all
      select 'S', l.level, l.unit_id, hr.district_id, e.account_id, e.evidence_id, e.day, e.posting_id, e.n
        from edge e join home hs on hs.unit_id = e.s_school_id left join home hr on hr.unit_id = e.r_unit_id
        cross join lateral (values ('leaf', e.s_school_id), ('district', hs.district_id)) l (level, unit_id)
      union all
      select base, level, unit_id, other_id, account_id, evidence_id, day, posting_id, -n from balance_movement
    )
    select base, level, unit_id, other_id, account_id, evidence_id, day::text, posting_id, sum(n) as missing from seen
    group by base, level, unit_id, other_id, account_id, evidence_id, day, posting_id having sum(n) <> 0`,
}

/** Who sees a child: the paths of the ties that live on the day, of the newest where none lives. */
const SIGHT: Check = {
  id: 'sight-follows-the-ties',
  rules: ['PERS-7', 'CASE-8'],
  sql: `with tied as (
      select t.child_id, t.unit_id, t.valid @> $1::date as lives, dense_rank() over (partition by t.child_id order by lower(t.valid) desc) as age
      from tie t
    ), held as (
      select child_id, bool_or(lives) as has from tied group by child_id
    ), seen as materialized (
      select t.child_id, array_agg(distinct p.unit order by p.unit) as units
      from tied t join held h using (child_id) join unit u using (unit_id) cross join lateral unnest(u.path) p (unit)
      where t.lives or (t.age = 1 and not h.has) group by t.child_id
    ), wanted as materialized (
      select c.child_id, coalesce(s.units, '{}') as units from child c left join seen s using (child_id) where c.merged_into is null
    )
    select w.child_id, c.units, w.units as wanted from wanted w join child c using (child_id) where c.units <> w.units
    union all
    select w.child_id, i.units, w.units from wanted w join source_record r using (child_id) join person_identity i using (record_id) where i.units <> w.units
    union all
    select w.child_id, e.units, w.units from wanted w join roll_entry e using (child_id) where e.units <> w.units
    union all
    select w.child_id, f.units, w.units from wanted w join case_file f using (child_id) join unit o on o.unit_id = f.owner_unit_id
      where f.units <> (select array_agg(distinct p order by p) from unnest(w.units || o.path) p)`,
}

export interface Asked {
  /** The business day on which sight was made last. Left out: sight is not looked at. */
  readonly today?: string
  /** False where batches were made without a sheet. */
  readonly withSheets?: boolean
}

/** Rows told of each broken check. */
const TOLD = 3

/** Every check against the tables. Give it one snapshot (repeatable read) where somebody is still writing. */
export async function findViolations(
  ask: Ask,
  { today, withSheets = true }: Asked = {},
): Promise<readonly Violation[]> {
  const found: Violation[] = []
  const look = async ({ id, sql }: Check, values: readonly unknown[] = []) => {
    const rows = await ask<object>(`select * from (${sql}) broken limit ${TOLD}`, values)
    found.push(...rows.map((row) => ({ check: id, row: JSON.stringify(row) })))
  }
  for (const check of [...WRITTEN, ...(withSheets ? SHEETS : []), ...BOOKS, SUMS]) await look(check)
  if (today !== undefined) await look(SIGHT, [today])
  return found
}

/** Of the checks, with the rules of the product that each proves. */
export const CHECKS: readonly Pick<Check, 'id' | 'rules'>[] = [...WRITTEN, ...SHEETS, ...BOOKS, SUMS, SIGHT]
