-- Who signs in, and the sessions. The slice that knows posts fills `units` with the paths of the account's live posts.

create table account (
  account_id           bigint generated always as identity primary key,
  login                text not null check (login ~ '^[a-z0-9][a-z0-9._-]{2,31}$'),
  -- PHC string of argon2id; read by the system only, see the grants below.
  password_hash        text not null,
  must_change_password boolean not null default false,
  state                text not null default 'active' check (state in ('active', 'disabled')),
  -- Wrong passwords in a row.
  failures             int not null default 0,
  locked_until         timestamptz,
  last_sign_in_at      timestamptz,
  created_at           timestamptz not null,
  units                int[] not null,
  constraint account_login_unique unique (login)
);
create index account_units on account using gin (units);

-- Logins that do not exist lock after the same number of failures, or the lock would tell which ones do.
create table stray_sign_in (
  login_index  bytea primary key,
  failures     int not null,
  locked_until timestamptz,
  seen_at      timestamptz not null
);
create index stray_sign_in_seen on stray_sign_in (seen_at);

create table session (
  -- SHA-256 of the cookie's token: a copy of this table opens nothing.
  token_hash bytea primary key,
  account_id bigint not null references account (account_id) on delete cascade,
  post_id    int not null,
  created_at timestamptz not null,
  seen_at    timestamptz not null,
  -- Both ends are fixed when written, so that a later change of policy never prolongs a session.
  idle_until timestamptz not null,
  expires_at timestamptz not null
);
create index session_account on session (account_id);
create index session_expires on session (expires_at);

-- Check values of the keys in the key file: they recognise a key and reveal nothing of it.
create table key_check (
  key_id      text primary key,
  check_value bytea not null
);


alter table account enable row level security;
alter table account force row level security;
alter table stray_sign_in enable row level security;
alter table stray_sign_in force row level security;
alter table session enable row level security;
alter table session force row level security;
alter table key_check enable row level security;
alter table key_check force row level security;

create policy seen on account to baoxue_unit
  using (units @> array[(select nullif(current_setting('app.unit', true), '')::int)])
  with check (units @> array[(select nullif(current_setting('app.unit', true), '')::int)]);
create policy seen_by_city on account to baoxue_city
  using ((select nullif(current_setting('app.unit', true), '')) is not null)
  with check ((select nullif(current_setting('app.unit', true), '')) is not null);
create policy all_rows on account to baoxue_system using (true) with check (true);
create policy all_rows on stray_sign_in to baoxue_system using (true) with check (true);
create policy all_rows on session to baoxue_system using (true) with check (true);
-- Who may change an account may end its sessions; `account` decides through its own policy.
create policy of_account on session to baoxue_unit, baoxue_city
  using (exists (select 1 from account a where a.account_id = session.account_id));
create policy all_rows on key_check to baoxue_system using (true) with check (true);

-- No unit reads a password hash, and none moves an account's sign-in state but by the columns named here.
grant select (account_id, login, must_change_password, state, failures, locked_until, last_sign_in_at, created_at, units)
  on account to baoxue_unit, baoxue_city;
grant insert (login, password_hash, must_change_password, created_at, units) on account to baoxue_unit, baoxue_city;
grant update (password_hash, must_change_password, state, failures, locked_until)
  on account to baoxue_unit, baoxue_city;
grant select, insert, update, delete on account to baoxue_system;
grant select, insert, update, delete on stray_sign_in, session to baoxue_system;
grant select, insert on key_check to baoxue_system;
grant select (account_id), delete on session to baoxue_unit, baoxue_city;
