-- Children at school outside their district (区外就读), both ways, and last term's ledgers with their evidence (上期台账结转).

alter table posting drop constraint posting_source_check;
alter table posting add constraint posting_source_check
  check (source in ('run', 'close', 'case', 'undo', 'merge', 'correction', 'ledger'));

-- Rows of a ledger that no sheet had spoken of: the batch makes children, is no extract, and no run reads it.
alter table source_batch add column is_ledger boolean not null default false;

-- A ledger of last term as it was given: its rows are sealed, entries and lines rest on it until it is undone.
create table ledger_sheet (
  sheet_id     uuid primary key,
  kind         text not null check (kind in ('outside', 'deferred', 'suspended', 'home-teaching', 'closed', 'open')),
  unit_id      int not null references unit (unit_id),
  units        int[] not null,
  -- The day the ledger speaks of.
  as_of_day    date not null,
  -- Keyed hash of kind, day and rows: the same sheet twice is one.
  content_key  bytea not null,
  created_by   bigint not null references account (account_id),
  created_at   timestamptz not null,
  -- Null once the rows have been deleted.
  rows_file_id uuid references sealed_file (file_id) on delete set null,
  committed_at timestamptz,
  counts       jsonb,
  -- Children that the ledger made; null where it made none.
  batch_id     bigint references source_batch (batch_id),
  undone_at    timestamptz,
  undone_by    bigint references account (account_id),
  constraint ledger_sheet_counted check (committed_at is null or counts is not null),
  constraint ledger_sheet_undone check ((undone_at is null) = (undone_by is null) and (undone_at is null or committed_at is not null))
);
create index ledger_sheet_units on ledger_sheet using gin (units);
create unique index ledger_sheet_once on ledger_sheet (unit_id, content_key) where committed_at is not null and undone_at is null;

-- One child at one school outside. `home`: where the child belongs; `host`: where it is at school. One of them is a unit of ours.
create table outside_line (
  line_id      bigint generated always as identity primary key,
  child_id     bigint not null references child (child_id),
  home_unit_id int references unit (unit_id),
  home_place   text not null check (home_place ~ '^[0-9]{6}$'),
  host_unit_id int references unit (unit_id),
  host_place   text not null check (host_place ~ '^[0-9]{6}$'),
  school_id    int references school (unit_id),
  grade        smallint check (grade between 1 and 12),
  state        text not null check (state in ('open', 'asked', 'silent', 'confirmed', 'denied', 'ended')),
  -- What the other side said where it did not confirm.
  answer       text check (answer in ('not-on-roll', 'never-came', 'left', 'not-found')),
  -- How a line ended: the child is back, left school there, went elsewhere, or the line was a mistake.
  ending       text check (ending in ('returned', 'left', 'moved-on', 'mistaken')),
  proof        text check (proof in ('registry-reply', 'certificate', 'other-side')),
  -- At school there from this day on, as far as known.
  since_day    date,
  ended_day    date,
  asked_day    date,
  due_day      date,
  -- What the proof speaks of.
  checked_day  date,
  -- First day on which the proof says nothing any more.
  valid_until  date,
  -- The posting that rests on the line.
  posting_id   bigint references posting (posting_id),
  sheet_id     uuid references ledger_sheet (sheet_id),
  created_by   bigint not null references account (account_id),
  created_at   timestamptz not null,
  -- Both sides: the child's unit of registration and the district and school outside, with all above them.
  units        int[] not null,
  constraint outside_line_ours check (home_unit_id is not null or host_unit_id is not null),
  constraint outside_line_away check (home_unit_id is distinct from host_unit_id),
  constraint outside_line_asked check (state not in ('asked', 'silent') or due_day is not null),
  constraint outside_line_proven check (state <> 'confirmed' or (proof is not null and checked_day is not null and valid_until > checked_day)),
  constraint outside_line_denied check (state <> 'denied' or answer is not null),
  constraint outside_line_ended check ((state = 'ended') = (ending is not null) and (state = 'ended') = (ended_day is not null))
);
create index outside_line_units on outside_line using gin (units);
create unique index outside_line_once on outside_line (child_id) where state <> 'ended';
create index outside_line_child on outside_line (child_id);
create index outside_line_due on outside_line (due_day) where state = 'asked';
create index outside_line_valid on outside_line (valid_until) where state = 'confirmed';
create index outside_line_sheet on outside_line (sheet_id) where sheet_id is not null;

-- Who the child is, for both sides: the receiving side has no tie to it yet. Sealed as one value.
create table person_outside (
  line_id bigint primary key references outside_line (line_id),
  sealed  bytea not null,
  units   int[] not null
);
create index person_outside_units on person_outside using gin (units);

-- What only the side of the child's home knows: why it went, where it claims aid, how the family is reached.
create table outside_home (
  line_id bigint primary key references outside_line (line_id),
  reason  text check (reason in ('with-parents', 'chosen-school', 'special-education', 'other')),
  aid     text check (aid in ('home', 'host', 'none')),
  sealed  bytea,
  units   int[] not null
);
create index outside_home_units on outside_home using gin (units);

-- What happened to a line, in order.
create table outside_event (
  event_id   bigint generated always as identity primary key,
  line_id    bigint not null references outside_line (line_id),
  kind       text not null check (kind in ('made', 'asked', 'confirmed', 'denied', 'silent', 'ended', 'undone')),
  day        date not null,
  answer     text,
  unit_id    int references unit (unit_id),
  -- Null: the close of the day.
  account_id bigint references account (account_id),
  at         timestamptz not null
);
create index outside_event_line on outside_event (line_id);

do $$
declare
  listed text;
  scope text := $s$(select nullif(current_setting('app.unit', true), '')::int)$s$;
  seen text;
begin
  foreach listed in array array['ledger_sheet', 'outside_line', 'person_outside', 'outside_home', 'outside_event'] loop
    execute format('alter table %I enable row level security', listed);
    execute format('alter table %I force row level security', listed);
    execute format('grant select on %I to baoxue_unit, baoxue_city', listed);
    execute format('grant select, insert, update on %I to baoxue_system', listed);
    seen := case listed when 'outside_event' then 'exists (select 1 from outside_line l where l.line_id = outside_event.line_id)'
      else format('units @> array[%s]', scope) end;
    execute format('create policy seen_by_unit on %I for select to baoxue_unit using (%s)', listed, seen);
    execute format('create policy seen_by_city on %I for select to baoxue_city using (%s is not null)', listed, scope);
    execute format('create policy all_to_system on %I to baoxue_system using (true) with check (true)', listed);
  end loop;
  revoke update on outside_event from baoxue_system;
end $$;
