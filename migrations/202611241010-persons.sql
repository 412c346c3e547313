-- Children, and every row of every sheet that speaks of them. A child has no facts of its own but birthday and sex: name,
-- numbers and contacts stand in the records, each with its batch, row and day; what is shown is the newest.

-- 1. Batches ----------------------------------------------------------------------------------------------------------

-- A committed sheet. `units`: the giver's path and every unit the sheet speaks of.
create table source_batch (
  batch_id      bigint generated always as identity primary key,
  kind          text not null check (kind in ('population', 'floating', 'roll')),
  unit_id       int not null references unit (unit_id),
  units         int[] not null,
  -- The day the extract speaks of, not the day it was given.
  as_of_day     date not null,
  -- Keyed hash of the rows as mapped: the same content is the same batch, whatever the file is called.
  content_key   bytea not null,
  -- Lines of the sheet above its first row: row 1 stands in line `rows_above + 1`.
  rows_above    int not null default 0,
  row_count     int not null,
  stored_count  int not null,
  refused_count int not null,
  repair_count  int not null,
  -- All rows with derived keys, sealed. Null only after its retention.
  rows_file_id  uuid references sealed_file (file_id) on delete set null,
  account_id    bigint not null references account (account_id),
  committed_at  timestamptz not null,
  undone_at     timestamptz,
  undone_by     bigint references account (account_id),
  constraint source_batch_undone check ((undone_at is null) = (undone_by is null)),
  constraint source_batch_counts check (stored_count + refused_count = row_count and repair_count <= stored_count)
);
create unique index source_batch_once on source_batch (unit_id, kind, content_key, as_of_day) where undone_at is null;
create index source_batch_units on source_batch using gin (units);

-- What a batch speaks of whole: the schools of a roll, the districts of an extract. The newest batch that covers a unit
-- speaks for it; what an older one said of it no longer holds.
create table batch_cover (
  batch_id  bigint not null references source_batch (batch_id),
  unit_id   int not null references unit (unit_id),
  row_count int not null,
  primary key (batch_id, unit_id)
);
create index batch_cover_unit on batch_cover (unit_id);

-- 2. Children and records -----------------------------------------------------------------------------------------------

create table child (
  child_id    bigint generated always as identity primary key,
  birth_day   date,
  -- 1 male, 2 female (GB/T 2261.1).
  sex         smallint check (sex in (1, 2)),
  -- Days for which the child has to be accounted for. Null: not in the books.
  obliged     daterange constraint child_obliged check (not isempty(obliged) and not lower_inf(obliged)),
  -- The other child that this one turned out to be.
  merged_into bigint references child (child_id),
  -- Records that are shown: chosen by refresh_shown().
  identity_id bigint,
  contact_id  bigint,
  units       int[] not null,
  -- The batch whose row was the first to speak of the child.
  made_by     bigint not null,
  constraint child_merged check (merged_into is null or (obliged is null and merged_into <> child_id))
);
create index child_units on child using gin (units);
create index child_merged_into on child (merged_into) where merged_into is not null;

create table source_record (
  record_id    bigint generated always as identity primary key,
  batch_id     bigint not null,
  -- Data row below the heading, from 1.
  row          int not null,
  child_id     bigint not null,
  -- An earlier record with the same content; sealed parts and roll entry stand there.
  same_as      bigint,
  -- Keyed hash of the content, so that an unchanged row is known without opening the old one.
  content_key  bigint not null,
  -- Where the row places the child: of registration, of residence, or the school. Null: the sheet does not tell, or none of ours.
  unit_id      int,
  needs_repair boolean not null default false,
  -- Another child has the same ID number.
  shares_id    boolean not null default false,
  unique (batch_id, row)
);
create index source_record_child on source_record (child_id, batch_id);
create index source_record_same on source_record (same_as) where same_as is not null;

-- Who the child is: name, former name, ID number, other document, student number, ethnicity.
create table person_identity (
  record_id   bigint primary key,
  sealed      bytea not null,
  -- First eight bytes of the keyed hash of a sound ID number, of the folded name, of the student number.
  id_key      bigint,
  name_key    bigint,
  student_key bigint,
  -- Every live tie.
  units       int[] not null
);
create index person_identity_id on person_identity (id_key) where id_key is not null;
create index person_identity_name on person_identity (name_key) where name_key is not null;
create index person_identity_student on person_identity (student_key) where student_key is not null;

-- Guardians, telephones, addresses, household number.
create table person_contact (
  record_id     bigint primary key,
  sealed        bytea not null,
  household_key bigint,
  guardian_keys bigint[],
  -- Those with a duty: of residence, roll, school and answering; of registration while no residence is known.
  units         int[] not null
);
create index person_contact_household on person_contact (household_key) where household_key is not null;
create index person_contact_guardians on person_contact using gin (guardian_keys) where guardian_keys is not null;

create table school_class (
  class_id    int generated always as identity primary key,
  school_id   int not null references school (unit_id),
  school_year int not null,
  grade       smallint not null check (grade between 0 and 12),
  name        text not null,
  units       int[] not null,
  unique (school_id, school_year, grade, name)
);
create index school_class_units on school_class using gin (units);

create table roll_entry (
  record_id    bigint primary key,
  child_id     bigint not null,
  -- Null: the sheet's school is not one of ours.
  school_id    int,
  class_id     int,
  -- 0 kindergarten, 1 to 12; null not told.
  grade        smallint check (grade between 0 and 12),
  status_group text not null check (status_group in ('in-school', 'paused', 'finished', 'left')),
  -- As the sheet says it, folded; null where empty.
  status       text,
  is_boarding  boolean,
  enrolled_on  date,
  units        int[] not null
);
create index roll_entry_child on roll_entry (child_id);
create index roll_entry_class on roll_entry (class_id) where class_id is not null;
create index roll_entry_units on roll_entry using gin (units);

-- One child that two records were taken for two, and the other way round. Undone: the records go back.
create table child_merge (
  merge_id   bigint generated always as identity primary key,
  from_child bigint not null references child (child_id),
  into_child bigint not null references child (child_id),
  -- Run or officer.
  source     text not null check (source in ('run', 'officer')),
  source_key text not null,
  -- What the pair agreed on, in the words of the linkage.
  grounds    text,
  merged_at  timestamptz not null,
  undone_at  timestamptz,
  undone_by  bigint references account (account_id),
  constraint child_merge_other check (from_child <> into_child)
);
create index child_merge_from on child_merge (from_child);
create index child_merge_into on child_merge (into_child);
create index child_merge_source on child_merge (source, source_key);

create table record_move (
  merge_id  bigint not null references child_merge (merge_id),
  record_id bigint not null references source_record (record_id),
  primary key (merge_id, record_id)
);

create table tag_move (
  merge_id bigint not null references child_merge (merge_id),
  tag_id   bigint not null,
  primary key (merge_id, tag_id)
);

-- 3. Ties and tags --------------------------------------------------------------------------------------------------------

-- Why a unit sees a child. `registered` and `living`: the nearest unit known, village, township or district;
-- `roll` and `school`: a school; `answers`: who has the open file. Those with source `batch` are worked out from the
-- records of live batches and may be worked out again at any time.
create table tie (
  child_id  bigint not null,
  tie_id    bigint generated always as identity,
  kind      text not null check (kind in ('registered', 'living', 'roll', 'school', 'answers')),
  unit_id   int not null,
  valid     daterange not null constraint tie_valid check (not isempty(valid) and not lower_inf(valid)),
  record_id bigint,
  source    text not null check (source in ('batch', 'run', 'case', 'officer', 'division')),
  primary key (child_id, tie_id)
);
create unique index tie_one_place on tie (child_id, kind) where upper_inf(valid) and kind <> 'roll';
create unique index tie_one_roll on tie (child_id, unit_id) where upper_inf(valid) and kind = 'roll';
create index tie_unit on tie (unit_id, kind) where upper_inf(valid);
create index tie_ends on tie (upper(valid)) where not upper_inf(valid);

-- Groups a child or its household belongs to (留守, 困境, 残疾, 脱贫 ...). Sealed whole: the kind says it all.
create table person_tag (
  tag_id     bigint generated always as identity primary key,
  child_id   bigint not null,
  sealed     bytea not null,
  valid      daterange not null check (not isempty(valid)),
  record_id  bigint,
  account_id bigint references account (account_id),
  units      int[] not null
);
create index person_tag_child on person_tag (child_id);

-- Areas (农村, 边远, 民族, 库区 ...) of units.
create table unit_tag (
  unit_id int not null references unit (unit_id),
  tag     text not null,
  valid   daterange not null check (not isempty(valid)),
  source  text not null,
  exclude using gist (unit_id with =, tag with =, valid with &&)
);

-- 4. What a row refers to is there ----------------------------------------------------------------------------------------

-- A foreign key asks once a row, 5 to 8 µs each: half of the time of an import. Here a statement asks once for all its rows.
-- Nothing that is referred to is ever deleted or renumbered (no role has the right), so asking at the write is enough. The
-- sealed parts are written beside their record by one function and never again, so nobody asks for them.
-- Look-ups by key, whatever the statistics say in the middle of a load: a hash over the whole table once a chunk would grow
-- with the table.
create function check_references() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp
  set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  missing boolean;
begin
  for i in 0 .. tg_nargs - 1 by 3 loop
    execute format('select exists (select from (select distinct %1$I from written) w where w.%1$I is not null and not exists (select from public.%2$I t where t.%3$I = w.%1$I))',
      tg_argv[i], tg_argv[i + 1], tg_argv[i + 2]) into missing;
    if missing then
      raise exception 'a reference to nothing' using errcode = 'foreign_key_violation', constraint = tg_table_name || '_' || tg_argv[i], table = tg_table_name;
    end if;
  end loop;
  return null;
end $$;
call own_by_system('check_references()');

do $$
declare
  listed text[];
begin
  foreach listed slice 1 in array array[
    ['source_record', $s$'batch_id', 'source_batch', 'batch_id', 'child_id', 'child', 'child_id', 'same_as', 'source_record', 'record_id', 'unit_id', 'unit', 'unit_id'$s$],
    ['roll_entry', $s$'record_id', 'source_record', 'record_id', 'child_id', 'child', 'child_id', 'school_id', 'school', 'unit_id', 'class_id', 'school_class', 'class_id'$s$],
    ['person_tag', $s$'child_id', 'child', 'child_id', 'record_id', 'source_record', 'record_id'$s$],
    ['tie', $s$'child_id', 'child', 'child_id', 'unit_id', 'unit', 'unit_id'$s$]
  ] loop
    execute format('create trigger refers_insert after insert on %I referencing new table as written for each statement execute function check_references(%s)', listed[1], listed[2]);
    if listed[1] in ('source_record', 'roll_entry', 'person_tag') then
      execute format('create trigger refers_update after update on %I referencing new table as written for each statement execute function check_references(%s)', listed[1], listed[2]);
    end if;
  end loop;
end $$;

-- 5. Who sees what, kept by the database ------------------------------------------------------------------------------------

-- `units` of everything that hangs on a child, from the ties that live on `on_day`. Who has none left stays in sight of those
-- of the newest tie: the books still account for the child there.
-- Row by row through the indexes (`lateral … offset 0`): a page of children must cost the same in a city as in a village.
create function retie_children(those bigint[], on_day date) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  with held as (
    select t.child_id, u.path, t.kind, t.valid @> on_day as is_live,
      bool_or(t.valid @> on_day) over (partition by t.child_id) as has_live,
      bool_or(t.valid @> on_day and t.kind = 'living') over (partition by t.child_id) as has_home,
      rank() over (partition by t.child_id order by lower(t.valid) desc) as age
    from public.tie t join public.unit u on u.unit_id = t.unit_id where t.child_id = any (those)
  ), live as (
    select h.child_id, a.unit, not (h.kind = 'registered' and h.has_home) as has_duty
    from held h cross join lateral unnest(h.path) as a (unit)
    where h.is_live or (not h.has_live and h.age = 1)
  ), seen as materialized (
    select c.child_id, coalesce(array_agg(distinct l.unit order by l.unit) filter (where l.unit is not null), '{}') as units,
      coalesce(array_agg(distinct l.unit order by l.unit) filter (where l.has_duty), '{}') as duty
    from unnest(those) as c (child_id) left join live l on l.child_id = c.child_id group by c.child_id
  ), told as materialized (
    select r.record_id, seen.units, seen.duty
    from seen cross join lateral (
      select o.record_id from public.source_record o where o.child_id = seen.child_id and o.same_as is null offset 0) r
  ), entered as materialized (
    select e.record_id, seen.units
    from seen cross join lateral (
      select o.record_id, o.units from public.roll_entry o where o.child_id = seen.child_id offset 0) e
    where e.units is distinct from seen.units
  ), tagged as materialized (
    select g.tag_id, seen.duty
    from seen cross join lateral (
      select o.tag_id, o.units from public.person_tag o where o.child_id = seen.child_id offset 0) g
    where g.units is distinct from seen.duty
  ), children as (
    update public.child c set units = seen.units from seen
    where c.child_id = seen.child_id and c.units is distinct from seen.units
  ), identities as (
    update public.person_identity i set units = told.units from told
    where i.record_id = told.record_id and i.units is distinct from told.units
  ), rolls as (
    update public.roll_entry e set units = entered.units from entered where e.record_id = entered.record_id
  ), contacts as (
    update public.person_contact p set units = told.duty from told
    where p.record_id = told.record_id and p.units is distinct from told.duty
  )
  update public.person_tag g set units = tagged.duty from tagged where g.tag_id = tagged.tag_id;
end $$;
call own_by_system('retie_children(bigint[], date)');
grant execute on function retie_children(bigint[], date) to baoxue_system;

-- The records that are shown: of batches not undone, the register before the roll, then the newest.
create function refresh_shown(those bigint[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with best as (
    select distinct on (r.child_id) r.child_id, coalesce(r.same_as, r.record_id) as record_id
    from public.source_record r join public.source_batch b on b.batch_id = r.batch_id and b.undone_at is null
    where r.child_id = any (those)
    order by r.child_id, case b.kind when 'population' then 0 when 'floating' then 1 else 2 end, b.as_of_day desc, r.record_id desc
  ), reach as (
    select distinct on (r.child_id) r.child_id, coalesce(r.same_as, r.record_id) as record_id
    from public.source_record r join public.source_batch b on b.batch_id = r.batch_id and b.undone_at is null
      join public.person_contact p on p.record_id = coalesce(r.same_as, r.record_id)
    where r.child_id = any (those)
    order by r.child_id, b.as_of_day desc, r.record_id desc
  )
  update public.child c set identity_id = best.record_id, contact_id = reach.record_id
  from unnest(those) as t (child_id) left join best on best.child_id = t.child_id left join reach on reach.child_id = t.child_id
  where c.child_id = t.child_id
    and (c.identity_id, c.contact_id) is distinct from (best.record_id, reach.record_id)
$$;
call own_by_system('refresh_shown(bigint[])');
grant execute on function refresh_shown(bigint[]) to baoxue_system;

-- A unit below the giver does not see the batch, and yet has to know what it may still go by. Both tell ids and no more.
create function batch_counts(batch bigint) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select b.undone_at is null from public.source_batch b where b.batch_id = batch
$$;
call own_by_system('batch_counts(bigint)');
grant execute on function batch_counts(bigint) to baoxue_unit, baoxue_city, baoxue_system;

-- Where the sealed parts of the child's newest live record of each kind stand.
create function current_records(child bigint) returns setof bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select distinct on (b.kind) coalesce(r.same_as, r.record_id)
  from public.source_record r join public.source_batch b on b.batch_id = r.batch_id and b.undone_at is null
  where r.child_id = child order by b.kind, b.as_of_day desc, r.record_id desc
$$;
call own_by_system('current_records(bigint)');
grant execute on function current_records(bigint) to baoxue_unit, baoxue_city, baoxue_system;

-- 6. Row security: read in scope, written by the program's own commands as the system ---------------------------------------

do $$
declare
  listed text;
  scope text := $s$(select nullif(current_setting('app.unit', true), '')::int)$s$;
  seen text;
begin
  foreach listed in array array['source_batch', 'child', 'person_identity', 'person_contact', 'school_class', 'roll_entry',
      'person_tag', 'batch_cover', 'source_record', 'tie', 'child_merge', 'record_move', 'tag_move', 'unit_tag'] loop
    execute format('alter table %I enable row level security', listed);
    execute format('alter table %I force row level security', listed);
    execute format('grant select on %I to baoxue_unit, baoxue_city', listed);
    execute format('grant select, insert, update on %I to baoxue_system', listed);
    seen := case listed
      when 'batch_cover' then 'exists (select 1 from source_batch b where b.batch_id = batch_cover.batch_id)'
      when 'source_record' then 'exists (select 1 from child c where c.child_id = source_record.child_id)'
      when 'tie' then 'exists (select 1 from child c where c.child_id = tie.child_id)'
      when 'child_merge' then 'exists (select 1 from child c where c.child_id = child_merge.into_child)'
      when 'record_move' then 'exists (select 1 from child_merge m where m.merge_id = record_move.merge_id)'
      when 'tag_move' then 'exists (select 1 from child_merge m where m.merge_id = tag_move.merge_id)'
      when 'unit_tag' then scope || ' is not null'
      else format('units @> array[%s]', scope)
    end;
    execute format('create policy seen_by_unit on %I for select to baoxue_unit using (%s)', listed, seen);
    execute format('create policy seen_by_city on %I for select to baoxue_city using (%s is not null)', listed, scope);
    execute format('create policy all_to_system on %I to baoxue_system using (true) with check (true)', listed);
  end loop;
end $$;
grant delete on tie to baoxue_system;
grant usage on sequence child_child_id_seq, source_record_record_id_seq to baoxue_system;

create view published.child with (security_invoker = true) as
  select child_id, birth_day, sex, obliged, units from child where merged_into is null;
grant select on published.child to baoxue_unit, baoxue_city, baoxue_system;
