-- What came of a check task: visits, calls and results, and what the district made of them. The task itself is the open file of
-- the child (case_file); nothing here says a second time who is unexplained.

create table check_report (
  report_id    bigint generated always as identity primary key,
  case_id      bigint not null references case_file (case_id),
  child_id     bigint not null references child (child_id),
  -- A code of the result classes; null: somebody went or called, and there is no result yet.
  result       text check (result ~ '^[A-E][1-9](-[1-9])?$'),
  method       text not null check (method in ('phone', 'visit', 'police', 'registry', 'letter')),
  checked_day  date not null,
  -- The school attended, where it is one of the city's.
  school_id    int references school (unit_id),
  -- GB/T 2260 of the province attended, two digits.
  province     text check (province ~ '^\d{2}$'),
  pause_until  date,
  has_papers   boolean not null,
  has_place    boolean not null,
  -- Keyed hash of what was said: the same sheet again says nothing new.
  content_key  bytea not null,
  via          text not null check (via in ('page', 'sheet')),
  -- Whose result it is; `given_by` typed it in.
  unit_id      int not null references unit (unit_id),
  given_by     bigint not null references account (account_id),
  given_at     timestamptz not null,
  -- tried: gone or called; given: waits for the district; replaced: said anew before anybody decided.
  state        text not null check (state in ('tried', 'given', 'replaced', 'accepted', 'returned')),
  -- Null with 'accepted': closed by itself, as the policy has it.
  decided_by   bigint references account (account_id),
  decided_at   timestamptz,
  posting_id   bigint references posting (posting_id),
  constraint check_report_decided check ((state in ('accepted', 'returned')) = (decided_at is not null)),
  constraint check_report_returned check (state <> 'returned' or decided_by is not null),
  constraint check_report_tried check ((state = 'tried') = (result is null))
);
create unique index check_report_one_waiting on check_report (case_id) where state = 'given';
create index check_report_case on check_report (case_id, report_id);
create index check_report_child on check_report (child_id);
create index check_report_unit on check_report (unit_id, given_at desc);

-- What was written in words: who checked, which papers, where the child is said to be, remarks, why it was sent back.
create table check_text (
  report_id       bigint primary key references check_report (report_id),
  child_id        bigint not null references child (child_id),
  sealed          bytea not null,
  returned_sealed bytea
);
create index check_text_child on check_text (child_id);

-- A form that came back: its rows stand in a sealed file for a day, what came of it is counts.
create table check_sheet (
  sheet_id     uuid primary key,
  unit_id      int not null references unit (unit_id),
  units        int[] not null,
  created_by   bigint not null references account (account_id),
  created_at   timestamptz not null,
  rows_file_id uuid references sealed_file (file_id) on delete set null,
  committed_at timestamptz,
  counts       jsonb,
  constraint check_sheet_counted check ((committed_at is null) = (counts is null))
);
create index check_sheet_newest on check_sheet (created_by, created_at desc);
alter table check_sheet owner to baoxue_owner;

do $$
declare
  listed text;
  scope text := $s$(select nullif(current_setting('app.unit', true), '')::int)$s$;
  own text := $s$unit_id = (select nullif(current_setting('app.unit', true), '')::int)
    and created_by = (select nullif(current_setting('app.account', true), '')::bigint)$s$;
  sees text := $s$units = (select path from unit where unit.unit_id = check_sheet.unit_id)
    and (rows_file_id is null or exists (select 1 from sealed_file f where f.file_id = rows_file_id))$s$;
begin
  foreach listed in array array['check_report', 'check_text', 'check_sheet'] loop
    execute format('alter table %I enable row level security', listed);
    execute format('alter table %I force row level security', listed);
    execute format('create policy all_to_system on %I to baoxue_system using (true) with check (true)', listed);
  end loop;
  grant select on check_report, check_text to baoxue_unit, baoxue_city;
  grant select, insert, update on check_report, check_text to baoxue_system;
  -- [CHECK-14] Who has the file, and who gave the result: it is told what became of it though the child has left its sight.
  execute format($p$create policy seen_by_unit on check_report for select to baoxue_unit using (
    exists (select 1 from case_file f where f.case_id = check_report.case_id)
    or unit_id in (select u.unit_id from unit u where u.path @> array[%s]))$p$, scope);
  execute format('create policy seen_by_city on check_report for select to baoxue_city using (%s is not null)', scope);
  -- [CHECK-13] Words are read by those with a duty; never by a village, nor by a unit of registration while the child lives elsewhere.
  execute format($p$create policy seen_by_unit on check_text for select to baoxue_unit using (
    exists (select 1 from unit o where o.unit_id = %1$s and o.kind <> 'village')
    and exists (select 1 from tie t join unit u on u.unit_id = t.unit_id
      where t.child_id = check_text.child_id and upper_inf(t.valid) and u.path @> array[%1$s]
        and (t.kind <> 'registered' or not exists (select 1 from tie l
          where l.child_id = check_text.child_id and l.kind = 'living' and upper_inf(l.valid)))))$p$, scope);
  execute format('create policy seen_by_city on check_text for select to baoxue_city using (%s is not null)', scope);
  -- [CHECK-10] A sheet is its maker's alone, in the unit where it was given.
  execute format('create policy made_by_oneself on check_sheet for insert to baoxue_unit, baoxue_city with check (%s and %s)', own, sees);
  execute format('create policy seen_by_maker on check_sheet for select to baoxue_unit, baoxue_city using (%s)', own);
  execute format('create policy moved_by_maker on check_sheet for update to baoxue_unit, baoxue_city using (%s) with check (%s and %s)', own, own, sees);
  grant select, insert on check_sheet to baoxue_unit, baoxue_city, baoxue_system;
  grant update (committed_at, counts) on check_sheet to baoxue_unit, baoxue_city, baoxue_system;
end $$;

-- For neighbours: what the district accepted. Names and numbers found wrong (B1) go on to the repair queue from here.
create view published.check_result with (security_invoker = true) as
  select report_id, case_id, child_id, result, checked_day, decided_at, posting_id
  from check_report where state = 'accepted';
grant select on published.check_result to baoxue_unit, baoxue_city, baoxue_system;
