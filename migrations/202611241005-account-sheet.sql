-- Accounts opened by a sheet. Names stand in the sealed files only: the rows as they were read, and for a day the first
-- passwords; the table holds ids and counts.

create table account_sheet (
  sheet_id          uuid primary key,
  unit_id           int not null references unit (unit_id),
  units             int[] not null,
  created_by        bigint not null references account (account_id),
  created_at        timestamptz not null,
  -- Null once the rows have been deleted.
  rows_file_id      uuid references sealed_file (file_id) on delete set null,
  committed_at      timestamptz,
  counts            jsonb,
  -- Accounts that the sheet opened.
  made              bigint[] not null default '{}',
  -- The job that draws first passwords.
  job_id            uuid,
  -- Null before they are drawn, once they have been taken, and when their day is over.
  passwords_file_id uuid references sealed_file (file_id) on delete set null,
  passwords_at      timestamptz,
  taken_at          timestamptz,
  constraint account_sheet_counted check ((committed_at is null) = (counts is null))
);
create index account_sheet_newest on account_sheet (created_by, created_at desc);

alter table account_sheet owner to baoxue_owner;
alter table account_sheet enable row level security;
alter table account_sheet force row level security;

-- [REG-24] A sheet is its maker's alone, in the unit where it was made: those above see the accounts and the audit, not this.
do $$
declare
  own text := $s$unit_id = (select nullif(current_setting('app.unit', true), '')::int)
    and created_by = (select nullif(current_setting('app.account', true), '')::bigint)$s$;
  sees text := $s$units = (select path from unit where unit.unit_id = account_sheet.unit_id)
    and (rows_file_id is null or exists (select 1 from sealed_file f where f.file_id = rows_file_id))
    and (passwords_file_id is null or exists (select 1 from sealed_file f where f.file_id = passwords_file_id))$s$;
begin
  execute format('create policy made_by_oneself on account_sheet for insert to baoxue_unit, baoxue_city with check (%s and %s)', own, sees);
  execute format('create policy seen_by_maker on account_sheet for select to baoxue_unit, baoxue_city using (%s)', own);
  execute format('create policy moved_by_maker on account_sheet for update to baoxue_unit, baoxue_city using (%s) with check (%s and %s)', own, own, sees);
  execute 'create policy all_to_system on account_sheet to baoxue_system using (true) with check (true)';
end $$;
grant select, insert on account_sheet to baoxue_unit, baoxue_city, baoxue_system;
grant update (committed_at, counts, made, job_id, passwords_file_id, passwords_at, taken_at) on account_sheet
  to baoxue_unit, baoxue_city, baoxue_system;

-- [REG-25] What was set up by mistake is abolished on the day it began and never was in force.
alter table unit drop constraint unit_days, add constraint unit_days check (until_day >= from_day);
alter table unit_division drop constraint unit_division_days,
  add constraint unit_division_days check (until_day >= from_day);
