-- A comparison of the roll with the classes, and of the lists of other offices with the books (四查三比对): what stood against
-- what, when, by whom, and whom it found. Its postings are those of a run with its id.

create table roster_run (
  run_id    uuid primary key,
  unit_id   int not null references unit (unit_id),
  units     int[] not null,
  made_by   bigint not null references account (account_id),
  made_at   timestamptz not null,
  -- The business day; what fell due by it counts.
  day       date not null,
  batch_ids bigint[] not null,
  counts    jsonb not null,
  posted    int not null,
  opened    int not null
);
create index roster_run_units on roster_run using gin (units);
create index roster_run_newest on roster_run (unit_id, made_at desc);

create table roster_finding (
  run_id       uuid not null references roster_run (run_id),
  child_id     bigint not null references child (child_id),
  -- Roll against classes; books against a list of an office.
  compared     text not null check (compared in ('class', 'poverty', 'relief', 'disability')),
  class        text not null,
  -- Why: 'said', 'days', 'short', 'unnamed', 'unclear', 'gone'.
  ground       text,
  school_id    int references school (unit_id),
  -- Where the child sits instead, or as well.
  other_id     int references school (unit_id),
  absent_days  smallint,
  -- Where the list places the household; the blind index of its number.
  unit_id      int references unit (unit_id),
  household    bigint,
  -- As the child stood when it was compared, and what was posted; null nothing.
  stood        smallint references book_account (account_id),
  posted       smallint references book_account (account_id),
  primary key (run_id, compared, child_id)
);
create index roster_finding_child on roster_finding (child_id);

do $$
declare
  listed text;
  scope text := $s$(select nullif(current_setting('app.unit', true), '')::int)$s$;
begin
  foreach listed in array array['roster_run', 'roster_finding'] loop
    execute format('alter table %I enable row level security', listed);
    execute format('alter table %I force row level security', listed);
    execute format('grant select on %I to baoxue_unit, baoxue_city', listed);
    execute format('grant select, insert on %I to baoxue_system', listed);
    execute format('create policy seen_by_city on %I for select to baoxue_city using (%s is not null)', listed, scope);
    execute format('create policy all_to_system on %I to baoxue_system using (true) with check (true)', listed);
  end loop;
  execute format('create policy seen_by_unit on roster_run for select to baoxue_unit using (units @> array[%s])', scope);
  -- The run's own branch, and in it the children in sight.
  execute $p$create policy seen_by_unit on roster_finding for select to baoxue_unit using (
    exists (select 1 from roster_run r where r.run_id = roster_finding.run_id)
    and exists (select 1 from child c where c.child_id = roster_finding.child_id))$p$;
end $$;

-- The household a child is counted in: as the register tells it, else a roll, else a list of an office. A blind index, no more.
create function household_of(child bigint) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.household_key from public.source_record r
    join public.source_batch b on b.batch_id = r.batch_id and b.undone_at is null
    join public.person_contact p on p.record_id = coalesce(r.same_as, r.record_id) and p.household_key is not null
  where r.child_id = child
  order by case b.kind when 'population' then 0 when 'floating' then 1 when 'roll' then 2 else 3 end, b.as_of_day desc, r.record_id desc
  limit 1
$$;
call own_by_system('household_of(bigint)');
grant execute on function household_of(bigint) to baoxue_unit, baoxue_city, baoxue_system;

-- Who only names the child on a list reads what officers wrote of it only where nothing else places the child.
alter policy seen_by_unit on case_note using (
  exists (select 1 from unit o where o.unit_id = (select nullif(current_setting('app.unit', true), '')::int) and o.kind <> 'village')
  and exists (select 1 from tie t join unit u on u.unit_id = t.unit_id
    where t.child_id = case_note.child_id and upper_inf(t.valid)
      and u.path @> array[(select nullif(current_setting('app.unit', true), '')::int)]
      and (t.kind <> 'registered' or not exists (select 1 from tie l
        where l.child_id = case_note.child_id and l.kind = 'living' and upper_inf(l.valid)))
      and (t.kind <> 'listed' or not exists (select 1 from tie p
        where p.child_id = case_note.child_id and p.kind <> 'listed' and upper_inf(p.valid)))));
