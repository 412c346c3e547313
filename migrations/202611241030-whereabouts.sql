-- The books: every child stands in exactly one account on every day. Entries are append-only and speak of days and of when
-- they became known; a balance is asked as of a closed day and as known at a posting.

create table book_account (
  account_id  smallint primary key,
  code        text not null unique,
  -- 1 schooled, 2 lawful pause, 3 closed by evidence, 4 unexplained, 5 on a roll and not registered here.
  book_group  smallint not null check (book_group between 1 and 5),
  unexplained boolean not null,
  position    smallint not null,
  unique (account_id, unexplained),
  constraint book_account_group check (unexplained = (book_group = 4))
);
insert into book_account (account_id, code, book_group, unexplained, position) values
  (101, 'here', 1, false, 1), (102, 'elsewhere-in-city', 1, false, 2), (103, 'other-province', 1, false, 3),
  (104, 'home-teaching', 1, false, 4), (105, 'teaching-point', 1, false, 5), (106, 'special-school', 1, false, 6),
  (107, 'custody-schooled', 1, false, 7), (108, 'art-or-sport', 1, false, 8), (109, 'vocational', 1, false, 9),
  (110, 'without-roll', 1, false, 10),
  (201, 'deferred', 2, false, 11), (202, 'suspended', 2, false, 12), (203, 'sick-leave', 2, false, 13),
  (204, 'awaiting-report', 2, false, 14), (205, 'in-transfer', 2, false, 15),
  (301, 'finished', 3, false, 16), (302, 'moved-out', 3, false, 17), (303, 'settled-abroad', 3, false, 18), (304, 'died', 3, false, 19),
  (401, 'to-verify', 4, true, 20), (402, 'not-located', 4, true, 21), (403, 'missing', 4, true, 22),
  (404, 'disabled-unplaced', 4, true, 23), (405, 'late-or-private', 4, true, 24), (406, 'conflict', 4, true, 25),
  (407, 'suspected', 4, true, 26), (408, 'never-enrolled', 4, true, 27), (409, 'dropped-out', 4, true, 28), (410, 'over-age', 4, true, 29),
  (501, 'roll-other-district', 5, false, 30), (502, 'roll-other-province', 5, false, 31), (503, 'roll-no-registration', 5, false, 32),
  (504, 'roll-foreign', 5, false, 33), (505, 'roll-id-to-repair', 5, false, 34), (506, 'roll-outside-ages', 5, false, 35),
  (507, 'roll-ghost', 5, false, 36);

-- Figures are known at a posting, so the order of the numbers has to be the order of the commits: the number is drawn under a
-- lock that lasts to the end of the transaction, and nothing is written under the number of another transaction.
create sequence posting_id_seq as bigint;
create table posting (
  posting_id bigint primary key,
  posted_at  timestamptz not null default clock_timestamp(),
  made_in    xid8 not null default pg_current_xact_id(),
  source     text not null check (source in ('run', 'close', 'case', 'undo', 'merge', 'correction')),
  -- Run id, closed day, case id ...
  source_key text not null,
  -- Null: the day's close.
  author_id  bigint references account (account_id)
);
alter sequence posting_id_seq owned by posting.posting_id;
create index posting_source on posting (source, source_key);

create function lock_books() returns void language sql as $$ select pg_advisory_xact_lock(51702026) $$;
create function posting_before_insert() returns trigger language plpgsql as $$
begin
  perform lock_books();
  new.posting_id := nextval('posting_id_seq');
  new.made_in := pg_current_xact_id();
  return new;
end $$;
create trigger posting_before_insert before insert on posting for each row execute function posting_before_insert();

-- The batches a run's postings stand on: undoing one of them undoes the postings.
create table posting_ground (
  source_key text not null,
  batch_id   bigint not null references source_batch (batch_id),
  primary key (source_key, batch_id)
);
create index posting_ground_batch on posting_ground (batch_id);

-- What an entry rests on. One for a unit's extract or roll, confirmed anew by each batch; one for a single paper.
create table evidence (
  evidence_id bigint generated always as identity primary key,
  kind        text not null check (kind in ('population', 'floating', 'roll', 'registry-reply', 'certificate', 'visit', 'attendance', 'officer', 'none')),
  -- Whose extract or roll; null for a paper of one child.
  unit_id     int references unit (unit_id)
);
create unique index evidence_of_unit on evidence (kind, unit_id) where unit_id is not null;

create table evidence_confirmation (
  evidence_id   bigint not null references evidence (evidence_id),
  posting_id    bigint not null references posting (posting_id),
  confirmed_day date not null,
  -- First day on which it proves nothing any more.
  expires_day   date not null,
  -- The reversal of the run that confirmed it.
  withdrawn_by  bigint references posting (posting_id) check (withdrawn_by > posting_id),
  primary key (evidence_id, posting_id),
  constraint evidence_lives check (expires_day > confirmed_day)
);

-- Check task or case: whoever is unexplained has exactly one, with one answerable person and a due day.
create table case_file (
  case_id       bigint generated always as identity primary key,
  child_id      bigint not null references child (child_id),
  stage         text not null check (stage in ('task', 'case')),
  -- Null: closed.
  open          boolean default true check (open),
  owner_unit_id int not null references unit (unit_id),
  -- The person; who stands in while the unit has nobody is marked.
  owner_id      bigint references staff (staff_id),
  is_stand_in   boolean not null default false,
  due_day       date,
  opened_day    date not null,
  opened_by     bigint not null references posting (posting_id),
  closed_day    date,
  closed_by     bigint references posting (posting_id),
  -- How it ended: 'explained', 'reversed', 'merged'.
  outcome       text check (outcome in ('explained', 'reversed', 'merged')),
  -- The child's and the owner's.
  units         int[] not null,
  unique (case_id, child_id, open),
  check (open is null or (owner_id is not null and due_day is not null)),
  check ((open is null) = (closed_day is not null) and (open is null) = (outcome is not null) and (open is null) = (closed_by is not null))
);
create unique index one_open_file on case_file (child_id) where open;
create index case_file_units on case_file using gin (units);
create index case_file_due on case_file (due_day) where open;
create index case_file_owner on case_file (owner_unit_id) where open;
-- Files follow their child's units, the closed ones too.
create index case_file_child on case_file (child_id);

-- What an officer wrote when he posted an entry, moved a day, or gave the file to another.
create table case_note (
  note_id    bigint generated always as identity primary key,
  child_id   bigint not null references child (child_id),
  case_id    bigint references case_file (case_id),
  posting_id bigint references posting (posting_id),
  kind       text not null check (kind in ('entry', 'due', 'owner', 'merge', 'unmerge')),
  sealed     bytea not null,
  author_id  bigint not null references account (account_id),
  written_at timestamptz not null
);
create index case_note_child on case_note (child_id);

create table whereabouts_span (
  span_id       bigint generated always as identity primary key,
  child_id      bigint not null,
  valid         daterange not null check (not isempty(valid) and not lower_inf(valid)),
  account_id    smallint not null,
  unexplained   boolean not null,
  -- The three bases: a changed tie is a new entry, so a balance needs no temporal join.
  -- That what it refers to exists is asked once a statement (span_references): nine foreign keys cost more than the row.
  r_unit_id     int,
  p_unit_id     int,
  s_school_id   int,
  evidence_id   bigint not null,
  -- A lawful pause ends on this day; the day's close asks what came of it.
  pause_until   date,
  -- The row of a sheet it stands on.
  record_id     bigint,
  posted_by     bigint not null,
  superseded_by bigint check (superseded_by > posted_by),
  case_id       bigint,
  needs_file    boolean generated always as (case when unexplained and upper_inf(valid) and superseded_by is null then true end) stored,
  check (needs_file is null or case_id is not null),
  check ((account_id between 201 and 299) = (pause_until is not null)),
  foreign key (case_id, child_id, needs_file) references case_file (case_id, child_id, open) deferrable initially deferred,
  constraint one_whereabouts_a_day exclude using gist (child_id with =, valid with &&) where (superseded_by is null)
);
create index span_child on whereabouts_span (child_id);
create index span_posted_by on whereabouts_span (posted_by);
create index span_superseded_by on whereabouts_span (superseded_by) where superseded_by is not null;
create index span_case on whereabouts_span (case_id) where case_id is not null;
-- For the lists behind a figure, of today and of any day before; for what changed between two days.
create index span_r on whereabouts_span (r_unit_id, account_id);
create index span_p on whereabouts_span (p_unit_id, account_id);
create index span_s on whereabouts_span (s_school_id, account_id);
create index span_begins on whereabouts_span (lower(valid));
create index span_ends on whereabouts_span (upper(valid)) where not upper_inf(valid);
-- What falls due.
create index span_unexplained on whereabouts_span (child_id) where needs_file;
create index span_closing on whereabouts_span (lower(valid)) where superseded_by is null and upper_inf(valid) and account_id between 301 and 399;
create index span_pause on whereabouts_span (pause_until) where superseded_by is null and upper_inf(valid) and pause_until is not null;
create index span_evidence on whereabouts_span (evidence_id) where superseded_by is null and upper_inf(valid);

-- What a source says where it is not what was posted, or where several contradict one another.
create table claim (
  claim_id    bigint generated always as identity primary key,
  child_id    bigint not null references child (child_id),
  account_id  smallint not null references book_account (account_id),
  unit_id     int references unit (unit_id),
  record_id   bigint references source_record (record_id),
  evidence_id bigint not null references evidence (evidence_id),
  from_day    date not null,
  posting_id  bigint not null references posting (posting_id),
  withdrawn_by bigint references posting (posting_id)
);
create index claim_child on claim (child_id);

-- Sums of what the postings moved: n children into (or out of) an account of a unit from `day` on.
-- That what a line refers to exists is asked once a statement (movement_references).
create table balance_movement (
  base        text not null check (base in ('R', 'P', 'S')),
  -- 'district': the district, zone or (for what stands under the city itself) the city; 'leaf': village, township or school.
  level       text not null check (level in ('district', 'leaf')),
  unit_id     int not null,
  -- R: the district of the school; S: the district of registration. The matrix is the same from both sides.
  other_id    int,
  account_id  smallint not null,
  evidence_id bigint not null,
  day         date not null,
  posting_id  bigint not null,
  n           int not null check (n <> 0)
);
create index balance_movement_unit on balance_movement (level, unit_id, base, day) include (other_id, account_id, evidence_id, posting_id, n);
create index balance_movement_posting on balance_movement (posting_id);

-- Days closed in order. The first line opens the books.
create table closed_day (
  day        date primary key,
  -- The last posting of the day's close: what the day knew.
  posting_id bigint references posting (posting_id),
  closed_at  timestamptz not null
);
create function closed_day_before_insert() returns trigger language plpgsql as $$
begin
  if new.day <> (select max(day) + 1 from closed_day) then
    raise exception 'days close in order' using errcode = 'check_violation', constraint = 'closed_day_in_order';
  end if;
  return new;
end $$;
create trigger closed_day_before_insert before insert on closed_day for each row execute function closed_day_before_insert();

-- How a run's rows became the persons to account for, by unit: the bridge above the balance.
create table book_bridge (
  source_key text not null,
  unit_id    int not null references unit (unit_id),
  posting_id bigint references posting (posting_id),
  as_of_day  date not null,
  received   int not null,
  errors     int not null,
  duplicates int not null,
  cancelled  int not null,
  not_begun  int not null,
  closed     int not null,
  persons    int not null,
  -- Registered in the books on that day and on no line of the sheets.
  carried    int not null check (carried >= 0),
  -- The reversal of its run.
  withdrawn_by bigint references posting (posting_id),
  units      int[] not null,
  primary key (source_key, unit_id),
  constraint book_bridge_closes check (received - errors - duplicates - cancelled - not_begun - closed = persons)
);
create index book_bridge_units on book_bridge using gin (units);

-- Invariants --------------------------------------------------------------------------------------------------------------

-- Nothing of an entry changes but that a later posting supersedes it, once.
create function span_before_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'entries are never deleted' using errcode = 'check_violation', constraint = 'span_append_only';
  end if;
  if old.superseded_by is not null or new.superseded_by is null
     or (new.span_id, new.child_id, new.valid, new.account_id, new.unexplained, new.r_unit_id, new.p_unit_id, new.s_school_id,
         new.evidence_id, new.pause_until, new.record_id, new.posted_by, new.case_id)
        is distinct from
        (old.span_id, old.child_id, old.valid, old.account_id, old.unexplained, old.r_unit_id, old.p_unit_id, old.s_school_id,
         old.evidence_id, old.pause_until, old.record_id, old.posted_by, old.case_id) then
    raise exception 'an entry may only be superseded' using errcode = 'check_violation', constraint = 'span_append_only';
  end if;
  return new;
end $$;
create trigger span_before_change before update or delete on whereabouts_span for each row execute function span_before_change();

-- No gap inside an open obligation. A new entry cannot open one; a superseded entry and a new obligation can.
-- Deferred: a posting supersedes and inserts in two statements.
create function check_no_gap() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (
    select from public.child c where c.child_id = new.child_id
      and not c.obliged <@ coalesce((select range_agg(s.valid) from public.whereabouts_span s
        where s.child_id = new.child_id and s.superseded_by is null), '{}')) then
    raise exception 'a day without whereabouts' using errcode = 'check_violation', constraint = 'whereabouts_no_gap';
  end if;
  return null;
end $$;
call own_by_system('check_no_gap()');
create constraint trigger span_no_gap after update on whereabouts_span deferrable initially deferred
  for each row execute function check_no_gap();
create constraint trigger child_no_gap after insert or update of obliged on child deferrable initially deferred
  for each row when (new.obliged is not null) execute function check_no_gap();

-- What is written under a posting is written in its transaction, or a figure known at it would change afterwards.
create function check_own_posting() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  used bigint[];
begin
  if tg_table_name <> 'whereabouts_span' then
    used := array(select distinct f.posting_id from fresh f);
  elsif tg_op = 'INSERT' then
    used := array(select distinct f.posted_by from fresh f);
  else
    used := array(select distinct f.superseded_by from fresh f);
  end if;
  if exists (select from unnest(used) as u (posting_id)
    where not exists (select from public.posting p where p.posting_id = u.posting_id and p.made_in = pg_current_xact_id())) then
    raise exception 'written under the posting of another transaction' using errcode = 'check_violation', constraint = 'own_posting';
  end if;
  return null;
end $$;
call own_by_system('check_own_posting()');
create function check_span_account() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from (select distinct f.account_id, f.unexplained from fresh f) w
    where not exists (select from public.book_account a where a.account_id = w.account_id and a.unexplained = w.unexplained)) then
    raise exception 'no such account' using errcode = 'foreign_key_violation', constraint = 'span_account';
  end if;
  return null;
end $$;
call own_by_system('check_span_account()');
create trigger span_account after insert on whereabouts_span referencing new table as fresh
  for each statement execute function check_span_account();
create trigger span_references after insert on whereabouts_span referencing new table as written
  for each statement execute function check_references('child_id', 'child', 'child_id', 'evidence_id', 'evidence', 'evidence_id',
    'record_id', 'source_record', 'record_id', 'r_unit_id', 'unit', 'unit_id', 'p_unit_id', 'unit', 'unit_id', 's_school_id', 'school', 'unit_id');
create trigger span_own_posting after insert on whereabouts_span referencing new table as fresh
  for each statement execute function check_own_posting();
create trigger span_own_supersession after update on whereabouts_span referencing new table as fresh
  for each statement execute function check_own_posting();
create trigger movement_references after insert on balance_movement referencing new table as written
  for each statement execute function check_references('unit_id', 'unit', 'unit_id', 'other_id', 'unit', 'unit_id',
    'account_id', 'book_account', 'account_id', 'evidence_id', 'evidence', 'evidence_id');
create trigger movement_own_posting after insert on balance_movement referencing new table as fresh
  for each statement execute function check_own_posting();
create trigger confirmation_own_posting after insert on evidence_confirmation referencing new table as fresh
  for each statement execute function check_own_posting();

-- Files follow their child's units.
create function file_follows_child() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.case_file f set units = (
    select array_agg(distinct u.unit order by u.unit)
    from (select unnest(new.units) as unit union select unnest(o.path) from public.unit o where o.unit_id = f.owner_unit_id) u)
  where f.child_id = new.child_id;
  return null;
end $$;
call own_by_system('file_follows_child()');
create trigger file_follows_child after update of units on child for each row
  when (old.units is distinct from new.units) execute function file_follows_child();

-- The number alone, for "as known now": a unit sees its own postings only.
create function last_posting() returns bigint language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(max(posting_id), 0) from public.posting
$$;
call own_by_system('last_posting()');
grant execute on function last_posting() to baoxue_unit, baoxue_city, baoxue_system;

-- Row security --------------------------------------------------------------------------------------------------------------

do $$
declare
  listed text;
  scope text := $s$(select nullif(current_setting('app.unit', true), '')::int)$s$;
  seen text;
begin
  foreach listed in array array['book_account', 'posting', 'posting_ground', 'evidence', 'evidence_confirmation', 'case_file',
      'whereabouts_span', 'claim', 'balance_movement', 'closed_day', 'book_bridge'] loop
    execute format('alter table %I enable row level security', listed);
    execute format('alter table %I force row level security', listed);
    execute format('grant select on %I to baoxue_unit, baoxue_city', listed);
    execute format('grant select, insert, update, delete on %I to baoxue_system', listed);
    seen := case
      when listed in ('case_file', 'book_bridge') then format('units @> array[%s]', scope)
      when listed in ('whereabouts_span', 'claim') then format('exists (select 1 from child c where c.child_id = %I.child_id)', listed)
      -- Hashed once a query: sums of the own branch only.
      when listed = 'balance_movement' then format('unit_id in (select u.unit_id from unit u where u.path @> array[%s])', scope)
      -- Postings that moved children of the own branch; numbers and times of others tell what others do.
      when listed = 'posting' then format($p$posting_id in (select m.posting_id from balance_movement m where m.level = 'leaf'
        and m.unit_id in (select u.unit_id from unit u where u.path @> array[%s]))$p$, scope)
      when listed = 'posting_ground' then 'exists (select 1 from source_batch b where b.batch_id = posting_ground.batch_id)'
      else scope || ' is not null'
    end;
    execute format('create policy seen_by_unit on %I for select to baoxue_unit using (%s)', listed, seen);
    execute format('create policy seen_by_city on %I for select to baoxue_city using (%s is not null)', listed, scope);
    execute format('create policy all_to_system on %I to baoxue_system using (true) with check (true)', listed);
  end loop;
  -- Reasons are read by those with a duty, the units of registration only while no residence is known; never by a village.
  alter table case_note enable row level security;
  alter table case_note force row level security;
  grant select on case_note to baoxue_unit, baoxue_city;
  grant select, insert, update (sealed) on case_note to baoxue_system;
  execute format($p$create policy seen_by_unit on case_note for select to baoxue_unit using (
    exists (select 1 from unit o where o.unit_id = %1$s and o.kind <> 'village')
    and exists (select 1 from tie t join unit u on u.unit_id = t.unit_id
      where t.child_id = case_note.child_id and upper_inf(t.valid) and u.path @> array[%1$s]
        and (t.kind <> 'registered' or not exists (select 1 from tie l
          where l.child_id = case_note.child_id and l.kind = 'living' and upper_inf(l.valid)))))$p$, scope);
  execute format('create policy seen_by_city on case_note for select to baoxue_city using (%s is not null)', scope);
  execute 'create policy all_to_system on case_note to baoxue_system using (true) with check (true)';
  revoke insert, update, delete on book_account from baoxue_system;
  revoke update, delete on posting, balance_movement, evidence, evidence_confirmation, closed_day from baoxue_system;
  grant update (withdrawn_by) on evidence_confirmation to baoxue_system;
  revoke update, delete on whereabouts_span, claim from baoxue_system;
  revoke delete on case_file from baoxue_system;
  grant update (superseded_by) on whereabouts_span to baoxue_system;
  grant update (withdrawn_by) on claim to baoxue_system;
end $$;
-- Case ids are drawn before the posting that opens their files.
grant usage on sequence case_file_case_id_seq to baoxue_system;
grant usage on sequence posting_id_seq to baoxue_system;
