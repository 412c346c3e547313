-- The repair queue (修正清单): what two sources say of one child in one field, who has to mend it, and what later extracts said.
-- No child stands in it: a repair is of the child that its record speaks of, so that merges and un-merges carry it along.

-- A change list (更正清单) that left the house, numbered in the unit that made it.
create table repair_list (
  list_id   bigint generated always as identity primary key,
  unit_id   int not null references unit (unit_id),
  units     int[] not null,
  number    int not null,
  -- Who mends: the school in the student registry, or the police in the population register.
  mends     text not null check (mends in ('roll', 'register')),
  -- Null: every school of the unit.
  school_id int references unit (unit_id),
  count     int not null check (count > 0),
  made_by   bigint not null references account (account_id),
  made_at   timestamptz not null,
  made_day  date not null,
  -- Never left the house; its number stays.
  withdrawn_at timestamptz,
  unique (unit_id, number)
);
create index repair_list_units on repair_list using gin (units);

create table repair (
  repair_id       bigint generated always as identity primary key,
  field           text not null check (field in ('name', 'citizen-id', 'birthday', 'sex', 'former-name')),
  roll_record     bigint references source_record (record_id),
  register_record bigint references source_record (record_id),
  -- Whose child it is.
  anchor_record   bigint generated always as (coalesce(roll_record, register_record)) stored not null,
  -- Null: this side says nothing.
  roll_sealed     bytea,
  register_sealed bytea,
  -- Keyed hash of the field and both values: the same difference twice is one repair.
  difference_key  bigint not null,
  hint            text check (hint in ('former-name', 'id-unsound', 'id-missing', 'id-shared', 'unreadable')),
  suggested       text check (suggested in ('roll', 'register')),
  source          text not null check (source in ('run', 'import', 'check')),
  source_key      text not null,
  found_day       date not null,
  school_id       int references unit (unit_id),
  -- Path of the school and of the district of registration; no village, no township.
  units           int[] not null,
  right_side      text check (right_side in ('roll', 'register', 'other')),
  -- What neither side says.
  right_sealed    bytea,
  decided_by      bigint references account (account_id),
  decided_at      timestamptz,
  -- Page of the household book, and the day it was seen.
  evidence_sealed bytea,
  evidence_day    date,
  list_id         bigint references repair_list (list_id),
  first_sent_at   timestamptz,
  first_sent_day  date,
  sent_at         timestamptz,
  sent_day        date,
  dismiss_cause   text check (dismiss_cause in ('former-name', 'both-lawful', 'other-person', 'left', 'too-small', 'is-right')),
  dismissed_by    bigint references account (account_id),
  dismissed_at    timestamptz,
  -- Worked out from repair_round by refresh_repairs(): the extract that carries the right value, and how many did not.
  agreed_batch    bigint references source_batch (batch_id),
  agreed_day      date,
  rounds          int not null default 0,
  is_unchanged    boolean not null default false,
  -- False: the sheet that said so was undone.
  is_live         boolean not null default true,
  mends           text generated always as (case
      when roll_record is null then 'register' when register_record is null then 'roll'
      when right_side = 'roll' or (right_side is null and suggested = 'roll') then 'register' else 'roll' end) stored not null,
  state           text generated always as (case
      when dismissed_at is not null then 'dismissed' when agreed_batch is not null then 'agreed'
      when not is_live then 'lapsed' when is_unchanged then 'unchanged' when list_id is not null then 'sent'
      when right_side is not null then 'confirmed' else 'found' end) stored not null,
  constraint repair_values check (roll_sealed is not null or register_sealed is not null or hint = 'id-missing'),
  constraint repair_decided check ((right_side is null) = (decided_at is null) and (right_sealed is not null) = (right_side is not distinct from 'other')),
  constraint repair_sent check (list_id is null or (right_side is not null and sent_at is not null and first_sent_at is not null and first_sent_day is not null and sent_day is not null)),
  constraint repair_dismissed check ((dismissed_at is null) = (dismiss_cause is null))
);
create index repair_difference on repair (difference_key);
create index repair_units on repair using gin (units);
create index repair_roll_record on repair (roll_record) where roll_record is not null;
create index repair_register_record on repair (register_record) where register_record is not null;
create index repair_state on repair (state, mends);
create index repair_list_of on repair (list_id) where list_id is not null;

-- Every list a repair ever stood in: what was asked for twice stands in two.
create table repair_list_line (
  list_id   bigint not null references repair_list (list_id),
  repair_id bigint not null references repair (repair_id),
  primary key (list_id, repair_id)
);
create index repair_list_line_repair on repair_list_line (repair_id);

-- What a later extract says of an open repair.
create table repair_round (
  repair_id bigint not null references repair (repair_id),
  batch_id  bigint not null references source_batch (batch_id),
  agrees    boolean not null,
  primary key (repair_id, batch_id)
);
create index repair_round_batch on repair_round (batch_id);

-- [REP-7] Of the extracts that count the newest speaks. An export is a round of a change list when it speaks of the day of
-- the list or later and came after it.
create function refresh_repairs(those bigint[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with told as (
    select k.repair_id, k.agrees, k.batch_id, b.as_of_day,
      not k.agrees and b.as_of_day >= p.first_sent_day and b.committed_at > p.first_sent_at as is_round,
      not k.agrees and b.as_of_day >= p.sent_day and b.committed_at > p.sent_at as is_last_round
    from public.repair_round k join public.repair p on p.repair_id = k.repair_id
      join public.source_batch b on b.batch_id = k.batch_id and b.undone_at is null
    where k.repair_id = any (those)
  ), newest as (
    select distinct on (repair_id) repair_id, agrees, batch_id, as_of_day from told order by repair_id, as_of_day desc, batch_id desc
  ), counted as (
    select repair_id, count(*) filter (where is_round) as n, coalesce(bool_or(is_last_round), false) as is_unchanged from told group by repair_id
  )
  update public.repair p set
    agreed_batch = case when newest.agrees then newest.batch_id end, agreed_day = case when newest.agrees then newest.as_of_day end,
    rounds = coalesce(counted.n, 0), is_unchanged = coalesce(counted.is_unchanged, false)
  from unnest(those) as t (repair_id) left join newest on newest.repair_id = t.repair_id left join counted on counted.repair_id = t.repair_id
  where p.repair_id = t.repair_id
$$;
call own_by_system('refresh_repairs(bigint[])');
grant execute on function refresh_repairs(bigint[]) to baoxue_system;

-- [REP-8] A batch that is undone closes nothing, and what only it said is nobody's work.
create function reopen_repairs() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.repair p set is_live = false from public.source_record r
    where r.batch_id = new.batch_id and p.is_live and p.roll_record = r.record_id;
  update public.repair p set is_live = false from public.source_record r
    where r.batch_id = new.batch_id and p.is_live and p.register_record = r.record_id;
  perform public.refresh_repairs(array(select k.repair_id from public.repair_round k where k.batch_id = new.batch_id));
  return null;
end $$;
call own_by_system('reopen_repairs()');
grant execute on function reopen_repairs() to baoxue_system;
create trigger reopen_repairs after update of undone_at on source_batch for each row
  when (old.undone_at is null and new.undone_at is not null) execute function reopen_repairs();

do $$
declare
  listed text;
  scope text := $s$(select nullif(current_setting('app.unit', true), '')::int)$s$;
  seen text;
begin
  foreach listed in array array['repair_list', 'repair', 'repair_list_line', 'repair_round'] loop
    execute format('alter table %I enable row level security', listed);
    execute format('alter table %I force row level security', listed);
    execute format('grant select on %I to baoxue_unit, baoxue_city', listed);
    execute format('grant select, insert, update on %I to baoxue_system', listed);
    seen := case listed
      when 'repair_list_line' then 'exists (select 1 from repair p where p.repair_id = repair_list_line.repair_id)'
      when 'repair_round' then 'exists (select 1 from repair p where p.repair_id = repair_round.repair_id)'
      else format('units @> array[%s]', scope)
    end;
    execute format('create policy seen_by_unit on %I for select to baoxue_unit using (%s)', listed, seen);
    execute format('create policy seen_by_city on %I for select to baoxue_city using (%s is not null)', listed, scope);
    execute format('create policy all_to_system on %I to baoxue_system using (true) with check (true)', listed);
  end loop;
end $$;
-- A decision changes what a later extract means: it is asked again.
grant delete on repair_round to baoxue_system;
