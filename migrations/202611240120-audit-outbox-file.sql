-- The audit, the outbox, the jobs and the sealed files.

create table audit_event (
  audit_id   bigint generated always as identity primary key,
  at         timestamptz not null,
  kind       text not null check (kind in ('read', 'write', 'sign-in', 'export', 'reveal', 'refused')),
  action     text not null,
  account_id bigint,
  post_id    int,
  unit_id    int,
  -- The actor's unit and all above it. Empty (no actor): the city's auditors only.
  units      int[] not null,
  target     text,
  reason     text,
  outcome    text not null,
  address    text
);
create index audit_event_units on audit_event using gin (units);
create index audit_event_at on audit_event (at desc, audit_id desc);

-- Privileges already forbid it to the roles of the program; the trigger forbids it to the owner and the superuser too.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'P0001';
end $$;
create trigger append_only before update or delete on audit_event for each row execute function refuse_change();
create trigger append_only_all before truncate on audit_event for each statement execute function refuse_change();

create table outbox (
  outbox_id    bigint generated always as identity primary key,
  topic        text not null,
  key          text not null,
  payload      jsonb not null,
  created_at   timestamptz not null default now(),
  attempts     int not null default 0,
  next_at      timestamptz not null default now(),
  delivered_at timestamptz,
  -- Code of the last failed try.
  problem      text,
  unique (topic, key)
);
create index outbox_due on outbox (next_at, outbox_id) where delivered_at is null;

create table job (
  job_id              uuid primary key,
  name                text not null,
  scope_kind          text not null check (scope_kind in ('unit', 'city')),
  unit_id             int not null,
  account_id          bigint not null,
  units               int[] not null,
  payload             jsonb not null,
  state               text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  -- Times it was started; fences a worker that lost its lease and does not know yet.
  attempt             int not null default 0,
  -- Of these, how many ended by a fault or with their worker.
  faults              int not null default 0,
  progress            jsonb,
  cancel_requested_at timestamptz,
  problem             jsonb,
  created_at          timestamptz not null default now(),
  started_at          timestamptz,
  ended_at            timestamptz,
  check ((state in ('done', 'failed', 'cancelled')) = (ended_at is not null))
);
create index job_units on job using gin (units);
create index job_live on job (job_id) where ended_at is null;

create table sealed_file (
  file_id      uuid primary key,
  -- Keyed hash of the plaintext: the name on disk, and useless for guessing content.
  content_hash bytea not null,
  bytes        bigint not null,
  fingerprint  text not null,
  purpose      text not null,
  -- File names may hold names of people.
  name_sealed  bytea not null,
  media_type   text not null,
  account_id   bigint references account (account_id),
  units        int[] not null,
  created_at   timestamptz not null,
  keep_until   timestamptz
);
create index sealed_file_units on sealed_file using gin (units);
create index sealed_file_content on sealed_file (content_hash);
create index sealed_file_keep on sealed_file (keep_until) where keep_until is not null;


alter table audit_event enable row level security;
alter table audit_event force row level security;
alter table outbox enable row level security;
alter table outbox force row level security;
alter table job enable row level security;
alter table job force row level security;
alter table sealed_file enable row level security;
alter table sealed_file force row level security;

create policy seen on audit_event to baoxue_unit
  using (units @> array[(select nullif(current_setting('app.unit', true), '')::int)])
  with check (units @> array[(select nullif(current_setting('app.unit', true), '')::int)]);
create policy seen_by_city on audit_event to baoxue_city
  using ((select nullif(current_setting('app.unit', true), '')) is not null)
  with check ((select nullif(current_setting('app.unit', true), '')) is not null);
create policy all_rows on audit_event to baoxue_system using (true) with check (true);

-- Everyone may send, in a scope; only the system reads.
create policy sent on outbox for insert to baoxue_unit, baoxue_city
  with check ((select nullif(current_setting('app.unit', true), '')) is not null);
create policy all_rows on outbox to baoxue_system using (true) with check (true);

create policy seen on job for select to baoxue_unit
  using (units @> array[(select nullif(current_setting('app.unit', true), '')::int)]);
create policy seen_by_city on job for select to baoxue_city
  using ((select nullif(current_setting('app.unit', true), '')) is not null);
-- A job runs in the scope of who sent it, so nobody sends one in another's name.
create policy sent on job for insert to baoxue_unit
  with check (scope_kind = 'unit' and units @> array[unit_id]
    and unit_id = (select nullif(current_setting('app.unit', true), '')::int)
    and account_id = (select nullif(current_setting('app.account', true), '')::bigint));
create policy sent_by_city on job for insert to baoxue_city
  with check (units @> array[unit_id]
    and unit_id = (select nullif(current_setting('app.unit', true), '')::int)
    and account_id = (select nullif(current_setting('app.account', true), '')::bigint));
create policy cancelled on job for update to baoxue_unit
  using (units @> array[(select nullif(current_setting('app.unit', true), '')::int)]);
create policy cancelled_by_city on job for update to baoxue_city
  using ((select nullif(current_setting('app.unit', true), '')) is not null);
create policy all_rows on job to baoxue_system using (true) with check (true);

create policy seen on sealed_file to baoxue_unit
  using (units @> array[(select nullif(current_setting('app.unit', true), '')::int)])
  with check (units @> array[(select nullif(current_setting('app.unit', true), '')::int)]);
create policy seen_by_city on sealed_file to baoxue_city
  using ((select nullif(current_setting('app.unit', true), '')) is not null)
  with check ((select nullif(current_setting('app.unit', true), '')) is not null);
create policy all_rows on sealed_file to baoxue_system using (true) with check (true);

grant select, insert on audit_event to baoxue_unit, baoxue_city, baoxue_system;
grant insert (topic, key, payload) on outbox to baoxue_unit, baoxue_city;
grant select, insert, update, delete on outbox to baoxue_system;
grant select, insert, update (cancel_requested_at) on job to baoxue_unit, baoxue_city;
grant select, insert, update, delete on job to baoxue_system;
grant select, insert, delete on sealed_file to baoxue_unit, baoxue_city;
grant select, insert, update, delete on sealed_file to baoxue_system;
