-- The conversation about a sheet before it becomes a batch: what was recognised, which columns were chosen, what is wrong.

create table import_sheet (
  sheet_id      uuid primary key,
  kind          text not null check (kind in ('population', 'floating', 'roll')),
  -- Null once the raw sheet has been deleted.
  file_id       uuid references sealed_file (file_id) on delete set null,
  -- A file name may hold a person's name; a heading too, where a sheet has none.
  name_sealed   bytea not null,
  layout_sealed bytea not null,
  fingerprint   text not null,
  bytes         bigint not null,
  as_of_day     date not null,
  -- Field id to 0-based column.
  columns       jsonb not null,
  -- How the columns came: 'recognised', 'remembered' or 'chosen'.
  columns_by    text not null check (columns_by in ('recognised', 'remembered', 'chosen')),
  state         text not null check (state in ('uploaded', 'checking', 'checked', 'committing', 'committed', 'failed', 'dropped')),
  -- Counts by severity and reason, and what a commit would do; no value of a row.
  report        jsonb,
  progress      jsonb,
  problem       jsonb,
  -- Checked rows with derived keys, and the found errors; sealed.
  rows_file_id     uuid references sealed_file (file_id) on delete set null,
  findings_file_id uuid references sealed_file (file_id) on delete set null,
  content_key   bytea,
  -- One class or one village of a unit: whom it does not name is not gone.
  is_partial    boolean not null default false,
  -- Of the check or commit under way.
  job_id        uuid,
  batch_id      bigint references source_batch (batch_id),
  unit_id       int not null references unit (unit_id),
  units         int[] not null,
  created_by    bigint not null references account (account_id),
  created_at    timestamptz not null,
  changed_at    timestamptz not null,
  constraint import_sheet_committed check ((state = 'committed') = (batch_id is not null))
);
create index import_sheet_units on import_sheet using gin (units);
create index import_sheet_newest on import_sheet (created_at desc, sheet_id);

-- Columns as a unit mapped them last time, by the headings of the sheet.
create table column_memory (
  unit_id      int not null references unit (unit_id),
  kind         text not null check (kind in ('population', 'floating', 'roll')),
  -- Keyed hash of the folded headings in their order.
  headings_key bytea not null,
  -- Folded headings, sealed: what changed since last time is told from them.
  headings_sealed bytea not null,
  columns      jsonb not null,
  units        int[] not null,
  used_at      timestamptz not null,
  primary key (unit_id, kind, headings_key)
);
create index column_memory_units on column_memory using gin (units);

-- A batch whose undoing was asked for; the reason stands in the audit.
create table batch_undo (
  batch_id  bigint primary key references source_batch (batch_id),
  job_id    uuid not null,
  state     text not null check (state in ('waiting', 'running', 'failed', 'done')),
  percent   smallint not null default 0 check (percent between 0 and 100),
  problem   jsonb,
  unit_id   int not null references unit (unit_id),
  units     int[] not null,
  asked_by  bigint not null references account (account_id),
  asked_at  timestamptz not null
);
create index batch_undo_units on batch_undo using gin (units);

do $$
declare
  listed text;
  scope text := $s$(select nullif(current_setting('app.unit', true), '')::int)$s$;
  own text := format('unit_id = %s and units = (select path from unit where unit.unit_id = %s)', scope, scope);
begin
  foreach listed in array array['import_sheet', 'column_memory', 'batch_undo'] loop
    execute format('alter table %I enable row level security', listed);
    execute format('alter table %I force row level security', listed);
    execute format('grant select, insert, update on %I to baoxue_unit, baoxue_city', listed);
    execute format('grant select, insert, update, delete on %I to baoxue_system', listed);
    execute format('create policy seen_by_unit on %I for select to baoxue_unit using (units @> array[%s])', listed, scope);
    execute format('create policy seen_by_city on %I for select to baoxue_city using (%s is not null)', listed, scope);
    execute format('create policy moved_by_own_unit on %I for update to baoxue_unit, baoxue_city using (%s) with check (%s)', listed, own, own);
    execute format('create policy made_by_own_unit on %I for insert to baoxue_unit, baoxue_city with check (%s%s)', listed, own,
      case listed when 'import_sheet' then ' and exists (select 1 from sealed_file f where f.file_id = import_sheet.file_id)' else '' end);
    execute format('create policy all_to_system on %I to baoxue_system using (true) with check (true)', listed);
  end loop;
end $$;
