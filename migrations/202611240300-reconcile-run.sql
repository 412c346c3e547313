-- Sheets given for a comparison, the runs, and the lists a run made. Rows of people stand in sealed files only;
-- these tables hold counts, headings and ids.

create table reconcile_sheet (
  sheet_id    uuid primary key,
  -- Null once the raw sheet has been deleted; what was recognised and the fingerprint stay.
  file_id     uuid references sealed_file (file_id) on delete set null,
  role        text not null check (role in ('population', 'roll')),
  -- A file name may hold a person's name.
  name_sealed bytea not null,
  fingerprint text not null,
  -- What was recognised: format, encoding, heading row, columns. No cell of a data row.
  layout      jsonb not null,
  unit_id     int not null references unit (unit_id),
  units       int[] not null,
  created_by  bigint not null references account (account_id),
  created_at  timestamptz not null
);
create index reconcile_sheet_units on reconcile_sheet using gin (units);

create table reconcile_run (
  run_id              uuid primary key,
  unit_id             int not null references unit (unit_id),
  number              int not null check (number > 0),
  school_year         int not null,
  state               text not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  population_sheet_id uuid not null references reconcile_sheet (sheet_id),
  roll_sheet_id       uuid not null references reconcile_sheet (sheet_id),
  population_columns  jsonb not null,
  roll_columns        jsonb not null,
  progress            jsonb,
  summary             jsonb,
  problem             jsonb,
  units               int[] not null,
  created_by          bigint not null references account (account_id),
  created_at          timestamptz not null,
  started_at          timestamptz,
  ended_at            timestamptz,
  unique (unit_id, number),
  check ((state in ('done', 'failed', 'cancelled')) = (ended_at is not null)),
  check ((state = 'done') = (summary is not null))
);
create index reconcile_run_units on reconcile_run using gin (units);
create index reconcile_run_newest on reconcile_run (created_at desc, run_id);

create table reconcile_list (
  run_id    uuid not null references reconcile_run (run_id),
  list      text not null,
  file_id   uuid not null references sealed_file (file_id),
  row_count int not null,
  units     int[] not null,
  primary key (run_id, list)
);
create index reconcile_list_units on reconcile_list using gin (units);

alter table reconcile_sheet owner to baoxue_owner;
alter table reconcile_run owner to baoxue_owner;
alter table reconcile_list owner to baoxue_owner;

-- [RUN-12] Row security: seen by the unit it belongs to and by the units above; written by the unit itself only, under
-- its own path, and only with references that the writer can see (a foreign key alone ignores row security).
do $$
declare
  listed text;
  scope text := $s$(select nullif(current_setting('app.unit', true), '')::int)$s$;
  own text := format('units = (select path from unit where unit.unit_id = %s)', scope);
  sees text;
begin
  foreach listed in array array['reconcile_sheet', 'reconcile_run', 'reconcile_list'] loop
    sees := case listed
      when 'reconcile_sheet' then 'exists (select 1 from sealed_file f where f.file_id = reconcile_sheet.file_id)'
      when 'reconcile_run' then 'exists (select 1 from reconcile_sheet s where s.sheet_id = population_sheet_id)
        and exists (select 1 from reconcile_sheet s where s.sheet_id = roll_sheet_id)'
      else 'exists (select 1 from reconcile_run r where r.run_id = reconcile_list.run_id)
        and exists (select 1 from sealed_file f where f.file_id = reconcile_list.file_id)'
    end;
    execute format('alter table %I enable row level security', listed);
    execute format('alter table %I force row level security', listed);
    execute format('grant select, insert on %I to baoxue_unit, baoxue_city, baoxue_system', listed);
    execute format('create policy seen_by_unit on %I for select to baoxue_unit using (units @> array[%s])', listed, scope);
    execute format('create policy seen_by_city on %I for select to baoxue_city using (%s is not null)', listed, scope);
    if listed <> 'reconcile_list' then
      sees := format('unit_id = %s and %s', scope, sees);
    end if;
    execute format('create policy made_by_own_unit on %I for insert to baoxue_unit, baoxue_city with check (%s and %s)', listed, own, sees);
    execute format('create policy all_to_system on %I to baoxue_system using (true) with check (true)', listed);
  end loop;
  execute format('create policy moved_by_own_unit on reconcile_run for update to baoxue_unit, baoxue_city using (%s) with check (%s)', own, own);
end $$;
grant update (state, progress, summary, problem, started_at, ended_at) on reconcile_run
  to baoxue_unit, baoxue_city, baoxue_system;
grant delete on reconcile_sheet to baoxue_system;
